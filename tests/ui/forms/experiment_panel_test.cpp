#include "ui/forms/experiment_panel.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>

#include "core/config/derive.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/model/model.h"
#include "core/training/memory_need.h"
#include "tests/patience.h"
#include "ui/forms/field_row.h"
#include "ui/forms/field_text.h"
#include "ui/forms/parameter_bar.h"
#include "ui/forms/settings_form.h"
#include "ui/forms/settings_section.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

using namespace lab;

namespace {

Experiment reversePreset() {
    return parseExperiment(findPreset("reverse")->json);
}

/// A shown panel with the preset.
class Shown {
public:
    Shown() {
        panel.setExperiment(reversePreset(), reversePreset());
        panel.resize(panel.width(), 900);
        panel.show();
    }
    FieldRow& row(const char* path) { return panel.form().row(path); }
    void type(const char* path, const QString& text) {
        auto* line = qobject_cast<QLineEdit*>(&row(path).editor());
        QVERIFY(line);
        line->setFocus();
        line->selectAll();
        if (text.isEmpty())
            QTest::keyClick(line, Qt::Key_Delete);
        else
            line->insert(text);  // as pasted: keyClicks cannot type a true minus
    }
    void choose(const char* path, const QString& name) {
        auto* combo = qobject_cast<QComboBox*>(&row(path).editor());
        QVERIFY(combo);
        combo->setCurrentIndex(combo->findText(name));
        emit combo->activated(combo->currentIndex());
    }

    ExperimentPanel panel;
};

}  // namespace

class ExperimentPanelTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void saysOnceThatHeadsDoNotDivideTheWidthAndMovesNothing() {
        Shown s;
        const QRect before = s.row("training.steps").geometry();
        QVERIFY(s.panel.isValid());
        auto* line = qobject_cast<QLineEdit*>(&s.row("model.num_heads").editor());
        line->selectAll();
        QTest::keyClicks(line, QStringLiteral("3"));
        QVERIFY2(s.row("model.num_heads").problem().contains(QStringLiteral("3 does not divide d_model 32")),
                 qPrintable(s.row("model.num_heads").problem()));
        QVERIFY(s.row("model.num_heads").problem().contains(QStringLiteral("use 1, 2, 4")));
        QCOMPARE(s.row("training.steps").geometry(), before);
        QVERIFY(s.panel.problem().isVisible() && s.panel.problem().text().contains(QStringLiteral("3 does not divide d_model 32")));
        const auto labels = s.panel.findChildren<QLabel*>();
        const auto says = [](const QLabel* label) {
            return label->isVisible() && label->text().contains(QStringLiteral("does not divide"));
        };
        QCOMPARE(std::ranges::count_if(labels, says), 1);
        QVERIFY(s.row("model.num_heads").editor().toolTip().contains(QStringLiteral("3 does not divide")));
        QVERIFY(!s.panel.isValid());
        QVERIFY(!s.panel.newRunButton().isEnabled());
        QVERIFY(s.panel.newRunButton().toolTip().contains(QStringLiteral("model.num_heads")));
        s.type("model.num_heads", QStringLiteral("2"));
        QVERIFY(s.row("model.num_heads").problem().isEmpty());
        QVERIFY(!s.panel.problem().isVisible());
        QVERIFY(s.panel.newRunButton().isEnabled());
    }

    void anUnreadableTextIsExplainedAndKeepsTheDraft() {
        Shown s;
        s.type("training.steps", QStringLiteral("many"));
        QVERIFY(!s.row("training.steps").problem().isEmpty());
        QVERIFY(!s.panel.isValid());
        QVERIFY(s.panel.hasChanges());
        QCOMPARE(s.panel.draft().training.steps, 3900);
        s.type("training.steps", QStringLiteral("3 900"));
        QVERIFY(s.panel.isValid());
        QVERIFY(!s.panel.hasChanges());
    }

    void whatDiffersFromThePresetIsBold() {
        Shown s;
        QVERIFY(!s.row("training.optimizer.learning_rate").isChanged());
        s.type("training.optimizer.learning_rate", QStringLiteral("1e-3"));
        QVERIFY(s.row("training.optimizer.learning_rate").isChanged());
        QVERIFY(s.panel.hasChanges());
        QVERIFY(s.panel.newRunButton().isEnabled());
        s.type("training.optimizer.learning_rate", QStringLiteral("5e\u22124"));
        QVERIFY(!s.row("training.optimizer.learning_rate").isChanged());
        QVERIFY(!s.panel.newRunButton().isEnabled());
    }

    void theFoldSaysWhatItHides() {
        Shown s;
        const auto foldTexts = [&s] {
            QStringList texts;
            for (const SettingsSection* section : s.panel.form().findChildren<SettingsSection*>()) texts << section->fold()->text();
            return texts;
        };
        const Experiment plain;
        s.panel.setExperiment(plain, plain);
        QVERIFY2(foldTexts()[1].endsWith(QStringLiteral("more, all at default")), qPrintable(foldTexts()[1]));
        Experiment changed = plain;
        changed.model.bias = false;
        s.panel.setExperiment(changed, changed);
        QVERIFY2(foldTexts()[1].endsWith(QStringLiteral("more, as in the preset")), qPrintable(foldTexts()[1]));
        s.panel.setExperiment(changed, plain);
        QVERIFY2(foldTexts()[1].endsWith(QStringLiteral("more, 1 changed")), qPrintable(foldTexts()[1]));
        QVERIFY(!s.row("model.bias").isVisible());
        s.panel.form().findChildren<SettingsSection*>()[1]->fold()->click();
        QVERIFY(s.row("model.bias").isVisible());
    }

    void aFoldedRowInErrorShowsItself() {
        Shown s;
        Experiment broken = reversePreset();
        broken.training.validate_every = -1;
        s.panel.setExperiment(broken, reversePreset());
        QVERIFY(s.row("training.validate_every").isVisible());
        QVERIFY(!s.row("training.validate_every").problem().isEmpty());
    }

    void onlyFieldsThatTheKindsUseAreShown() {
        Shown s;
        for (const SettingsSection* section : s.panel.form().findChildren<SettingsSection*>()) section->fold()->setChecked(true);
        QVERIFY(!s.row("model.attention.pos_dim").isVisible());
        QVERIFY(!s.row("model.position.rope.base").isVisible());
        s.choose("model.attention.form", QStringLiteral("kv+pos"));
        QVERIFY(s.row("model.attention.pos_dim").isVisible());
        s.choose("model.position.kind", QStringLiteral("rope"));
        QVERIFY(s.row("model.position.rope.base").isVisible());
        s.choose("model.position.kind", QStringLiteral("none"));
        QVERIFY(!s.row("model.position.rope.base").isVisible());
        QCOMPARE(s.panel.draft().model.attention.form, AttentionForm::kv_pos);
    }

    void everyFieldHasAHelpAndAName() {
        Shown s;
        for (const FieldInfo& field : fieldTable()) {
            QWidget& editor = s.panel.form().row(field.path).editor();
            QVERIFY2(editor.toolTip().size() > 40, field.path.c_str());
            QCOMPARE(editor.accessibleName(), QString::fromStdString(field.path));
        }
    }

    void derivedValuesFollowAndCanBeGivenAndTakenBack() {
        Shown s;
        auto* line = qobject_cast<QLineEdit*>(&s.row("model.d_ff").editor());
        QCOMPARE(line->text(), QString());
        QCOMPARE(line->placeholderText(), QStringLiteral("64"));
        s.type("model.d_model", QStringLiteral("64"));
        QCOMPARE(line->placeholderText(), QStringLiteral("128"));
        s.type("model.d_ff", QStringLiteral("96"));
        QCOMPARE(s.panel.draft().model.d_ff, std::optional<int>(96));
        s.type("model.d_ff", {});
        QVERIFY(!s.panel.draft().model.d_ff);
    }

    /// A choice that follows from others says which it is.
    void derivedChoicesAreNamed() {
        Shown s;
        const auto loss = [&s] { return qobject_cast<QComboBox*>(&s.row("model.output.loss").editor()); };
        QVERIFY(loss());
        QCOMPARE(loss()->currentIndex(), -1);
        QCOMPARE(loss()->placeholderText(), QStringLiteral("cross-entropy"));
        s.choose("model.output.loss", QStringLiteral("cross-entropy"));
        QCOMPARE(loss()->currentText(), QStringLiteral("cross-entropy"));
    }

    /// Before anything is trained.
    void tellsTheMemoryThatTrainingTakes() {
        ExperimentPanel panel;
        Experiment experiment;
        panel.setExperiment(experiment, experiment, resolved(experiment));
        const auto expected = [](const Experiment& e) { return shown(memoryLine(trainingMemory(resolved(e)))); };
        QCOMPARE(panel.memory().text(), expected(experiment));
        QVERIFY(panel.memory().text().endsWith(QStringLiteral("within 1 GB")));
        QVERIFY(panel.memory().toolTip().startsWith(QStringLiteral("Memory to train: weights and their copies ")));
        experiment.model.d_model = 4096;
        experiment.model.num_heads = 32;
        panel.setDraft(experiment);
        QCOMPARE(panel.memory().text(), expected(experiment));
        QVERIFY(panel.memory().text().endsWith(QStringLiteral("more than 1 GB")));
    }

    void countsTheParametersOfTheDraft() {
        Shown s;
        Experiment paper;
        paper.model.num_layers = 1;
        paper.model.num_heads = 1;
        paper.model.embedding_bias = true;
        s.panel.setExperiment(paper, paper);
        QCOMPARE(s.panel.parameters().groups()->total(), std::size_t{10346});
        s.choose("model.attention.form", QStringLiteral("kv"));
        QCOMPARE(s.panel.parameters().groups()->total(), std::size_t{9290});
        s.type("model.num_heads", QStringLiteral("3"));
        QVERIFY(s.panel.parameters().isStale());
    }

    void countsWhatTheDataOfTheRunSay() {
        Experiment pairs;
        pairs.task.kind = "pairs";
        pairs.task.path = "mine.tsv";
        Experiment complete = resolved(pairs);
        complete.model.vocab_size = 12;
        complete.model.num_classes = 7;
        complete.model.max_seq_len = 9;
        ExperimentPanel panel;
        panel.setExperiment(pairs, pairs, complete);
        const Model model(complete.model);
        QCOMPARE(panel.parameters().groups()->total(), model.layout().parameterCount());
        QVERIFY(!panel.parameters().isStale());
        const auto* classes = qobject_cast<QLineEdit*>(&panel.form().row("model.num_classes").editor());
        QCOMPARE(classes->placeholderText(), QStringLiteral("7"));
        Experiment other = pairs;
        other.task.path = "another.tsv";
        panel.setDraft(other);
        QVERIFY(panel.parameters().isStale());  // nobody has read it
    }

    void editingNeverTouchesTheExperimentOfTheRun() {
        Shown s;
        QSignalSpy drafts(&s.panel, &ExperimentPanel::draftChanged);
        QSignalSpy requests(&s.panel, &ExperimentPanel::newRunRequested);
        s.type("model.num_layers", QStringLiteral("2"));
        QVERIFY(drafts.count() > 0);
        QCOMPARE(s.panel.draft().model.num_layers, 2);
        s.panel.newRunButton().click();
        QCOMPARE(requests.count(), 1);
        s.panel.setExperiment(reversePreset(), reversePreset());
        QVERIFY(!s.panel.hasChanges());
        QCOMPARE(qobject_cast<QLineEdit*>(&s.row("model.num_layers").editor())->text(), QStringLiteral("1"));
    }

    void noKeyIsCutOff() {
        Shown s;
        for (const FieldInfo& field : fieldTable()) {
            const QLabel* label = s.panel.form().row(field.path).findChild<QLabel*>();
            QVERIFY2(label->sizeHint().width() <= label->width(), field.path.c_str());
        }
    }

    void foldsToAStrip() {
        Shown s;
        const int open = s.panel.width();
        QCOMPARE(open, 280);
        s.panel.setFolded(true);
        QTRY_COMPARE(s.panel.width(), 28);
        QVERIFY(!s.panel.form().isVisible());
        s.panel.setFolded(false);
        QTRY_COMPARE(s.panel.width(), open);
    }

    void whatIsTypedStaysUntilItIsFinished() {
        Shown s;
        auto* line = qobject_cast<QLineEdit*>(&s.row("training.steps").editor());
        line->selectAll();
        QTest::keyClicks(line, QStringLiteral("12000"));
        QCOMPARE(line->text(), QStringLiteral("12000"));
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(line->text(), QStringLiteral("12\u202F000"));
        QCOMPARE(s.panel.draft().training.steps, 12000);
    }

    void numbersAreShownForPeopleAndReadBack_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("shown");
        QTest::newRow("thousands") << QByteArray("training.steps") << QByteArray("3900") << QStringLiteral("3\u202F900");
        QTest::newRow("millions") << QByteArray("task.train_size") << QByteArray("1500000") << QStringLiteral("1\u202F500\u202F000");
        QTest::newRow("seed") << QByteArray("training.seed") << QByteArray("20240") << QStringLiteral("20240");
        QTest::newRow("small") << QByteArray("training.optimizer.learning_rate") << QByteArray("0.0005") << QStringLiteral("5e\u22124");
        QTest::newRow("exact") << QByteArray("training.optimizer.beta2") << QByteArray("0.9995") << QStringLiteral("0.9995");
        QTest::newRow("real") << QByteArray("model.position.rope.base") << QByteArray("10000") << QStringLiteral("10\u202F000");
    }
    void numbersAreShownForPeopleAndReadBack() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, value);
        QFETCH(QString, shown);
        const FieldInfo& field = fieldTable().at(path.constData());
        Experiment experiment;
        field.setText(experiment, value.constData());
        QCOMPARE(shownText(field, field.get(experiment)), shown);
        Experiment again;
        field.setText(again, readText(field, shown));
        QVERIFY(field.get(again) == field.get(experiment));
    }
};

QTEST_MAIN(ExperimentPanelTest)
#include "experiment_panel_test.moc"
