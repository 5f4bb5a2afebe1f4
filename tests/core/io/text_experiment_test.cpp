#include "core/io/text_experiment.h"

#include <QtTest>

#include "core/config/validation.h"

using namespace lab;

class TextExperimentTest : public QObject {
    Q_OBJECT

private slots:
    void anotherTaskGivesWayToASmallModelOfCharacters() {
        Experiment reverse;
        reverse.training.seed = 7;
        CorpusSettings settings;
        settings.splitTail = true;
        settings.validationShare = .2;
        const Experiment made = experimentOnText(reverse, "/texts/my tales.txt;/texts/b.txt", settings);
        QCOMPARE(made.name, std::string("my tales"));
        QCOMPARE(made.task.path, std::string("/texts/my tales.txt;/texts/b.txt"));
        QCOMPARE(made.task.kind.name(), std::string_view("text"));
        QCOMPARE(made.task.text.split, TextSplit::tail);
        QCOMPARE(made.task.text.validation_share, .2);
        QVERIFY(!made.task.text.cleaning);  // the usual rules
        QCOMPARE(made.model.architecture, Architecture::decoder);
        QCOMPARE(made.training.seed, std::uint64_t(7));
    }

    void aTextsModelAndTrainingStay() {
        Experiment text = experimentOnText({}, "a.txt", {});
        text.model.d_model = 48;
        text.model.vocab_size = 61;
        text.training.steps = 77;
        text.task.text.tokenizer = "bpe";
        CorpusSettings settings;
        settings.cleaning = {"spaces", "bom"};
        settings.documentsAreFiles = true;
        const Experiment made = experimentOnText(text, "b.txt", settings);
        QCOMPARE(made.model.d_model, 48);
        QCOMPARE(made.training.steps, 77);
        QCOMPARE(made.task.text.tokenizer, std::string("bpe"));
        QVERIFY(!made.model.vocab_size);
        QCOMPARE(made.task.text.cleaning, (std::optional<std::vector<std::string>>({"bom", "spaces"})));
        QCOMPARE(made.task.text.documents, DocumentCut::files);
        QCOMPARE(made.name, std::string("b"));
    }
};

QTEST_APPLESS_MAIN(TextExperimentTest)
#include "text_experiment_test.moc"
