#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/patience.h"
#include "ui/documents/session.h"
#include "ui/pages/compare/compare_maps.h"
#include "ui/pages/compare/compare_page.h"
#include "ui/pages/compare/run_table.h"
#include "ui/runs/comparison.h"
#include "ui/runs/translated_input.h"

using namespace lab;

namespace {

const QString openedCases = QStringLiteral(LAB_SOURCE_DIR "/tests/reference/pretrained/");

/// Models that were opened, on the page Compare.
struct OpenedBeside {
    OpenedBeside() : page(focus, workspace) {
        page.resize(1164, 620);
        page.show();
    }
    ~OpenedBeside() { workspace.stop(); }

    void open(const QString& name) {
        QSignalSpy opened(&session, &Session::opened);
        session.openFile(openedCases + name);
        QTRY_COMPARE(opened.size(), 1);
    }
    void add(const QString& name) {
        QSignalSpy added(&session, &Session::added);
        session.addFile(openedCases + name);
        QTRY_COMPARE(added.size(), 1);
    }
    Run* run(std::size_t index) const { return workspace.runs()[index]; }
    const MapData& map(int index) const { return page.maps().map(index).data(); }
    bool mapsShown() const { return page.maps().runs().size() == 2 && page.maps().ready() && !map(0).empty() && !map(1).empty(); }

    Workspace workspace;
    Focus focus;
    Session session{workspace, focus};
    ComparePage page;
};

}  // namespace

class CompareOpenedTest : public QObject {
    Q_OBJECT

private slots:
    /// Each reads the text with its own tokenizer; heads that the other does not have stand aside.
    void twoModelsReadTheSameText() {
        OpenedBeside shown;
        shown.open("bert-mlm");
        shown.add("gpt2");
        QTRY_VERIFY(shown.mapsShown());
        QCOMPARE(shown.page.table().rows().size(), std::size_t{2});
        QVERIFY(readOtherwise(*shown.run(0), *shown.run(1)));
        const auto translated = translatedInput(shown.focus.input(), *shown.run(0), *shown.run(1));
        QVERIFY(translated);
        QCOMPARE(shown.map(0).rows, static_cast<int>(shown.focus.input().tokens.size()));
        QCOMPARE(shown.map(1).rows, static_cast<int>(translated->tokens.size()));
        QVERIFY(!shown.page.maps().overlapWithFirst(1));  // other tokens
        const auto& blocks = shown.run(0)->model()->attentionBlocks();
        const HeadPlace last{static_cast<int>(blocks.size()) - 1, blocks.back().heads - 1};
        shown.focus.select({last.block, last.head, 0, 0});
        QTRY_COMPARE(shown.page.maps().headShown(0), std::optional(last));
        QVERIFY(shown.page.maps().headShown(1));
        shown.focus.setRun(shown.run(1));
        QTRY_VERIFY(shown.mapsShown());
    }

    void aModelTrainedFurtherStandsBesideItsOrigin() {
        OpenedBeside shown;
        shown.open("llama-gqa");
        Run* origin = shown.session.run();
        const QTemporaryDir folder;
        QFile text(folder.filePath("words.txt"));
        QVERIFY(text.open(QIODevice::WriteOnly));
        for (int i = 0; i < 200; ++i) text.write("Mira lost the key and the old owl found it again. ");
        text.close();
        Experiment draft = shown.session.draft();
        draft.task.kind = "text";
        draft.task.path = text.fileName().toStdString();
        draft.task.seq_len = 8;
        draft.training.steps = 3;
        draft.training.optimizer.learning_rate = 0.01;
        shown.session.setDraft(draft);
        shown.session.trainDraft();
        QTRY_VERIFY(shown.session.run() != origin && shown.session.run()->state() == Run::State::finished);
        QTRY_VERIFY(shown.mapsShown());
        QVERIFY(!readOtherwise(*shown.run(0), *shown.run(1)));
        QCOMPARE(shown.map(0).rows, shown.map(1).rows);
        QTRY_VERIFY(shown.page.maps().overlapWithFirst(1));
        QVERIFY(*shown.page.maps().overlapWithFirst(1) < 1.0);
        QTRY_VERIFY(!shown.page.maps().changesMap().data().empty());
        QVERIFY(!shown.page.maps().differenceMap().data().empty());
    }

    /// One model, and beside the sentence in hand one that was kept.
    void oneModelReadsTwoSentences() {
        OpenedBeside shown;
        shown.open("bert-bare");
        Comparison comparison(shown.focus);
        QTRY_VERIFY(shown.focus.trace());
        comparison.keep(shown.focus.input(), QStringLiteral("first"));
        shown.focus.showSample(1);
        QTRY_VERIFY(comparison.trace() && shown.focus.trace() && comparison.counterpart() == shown.focus.trace());
        QCOMPARE(comparison.trace()->tokens, comparison.input().tokens);
        QVERIFY(comparison.trace()->tokens != shown.focus.trace()->tokens);
    }
};

QTEST_MAIN(CompareOpenedTest)
#include "compare_opened_test.moc"
