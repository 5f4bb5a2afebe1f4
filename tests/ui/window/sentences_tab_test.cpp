#include "ui/pages/text/sentences_tab.h"

#include <QComboBox>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "core/analysis/sentence_similarity.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/documents/session.h"
#include "ui/runs/translated_input.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/plot/plot.h"

using namespace lab;

namespace {

const QString sentenceCases = QStringLiteral(LAB_SOURCE_DIR "/tests/reference/pretrained/");

struct SentenceDesk {
    Workspace workspace;
    Focus focus;
    Session session{workspace, focus};
    SentencesTab tab{focus};

    void open(const QString& name) {
        QSignalSpy opened(&session, &Session::opened);
        session.openFile(sentenceCases + name);
        QTRY_COMPARE(opened.size(), 1);
        tab.resize(1100, 560);
        tab.show();
        tab.refresh();
        QTRY_VERIFY(tab.ready());
    }
    void read(const QString& a, const QString& b) {
        tab.sentence(0).setText(a);
        tab.sentence(1).setText(b);
        QTRY_VERIFY(tab.ready());
    }
};

}  // namespace

class SentencesTabTest : public QObject {
    Q_OBJECT

private slots:
    void itShowsWhatTheModelMakesOfBoth() {
        SentenceDesk desk;
        desk.open("bert-bare");
        desk.read("A dog sleeps.", "An animal is resting outside.");
        const int layers = desk.focus.run()->model()->config().num_layers;
        QCOMPARE(desk.tab.curve().series().front().y.size(), static_cast<std::size_t>(layers + 1));
        QCOMPARE(desk.tab.states().count(), layers + 1);
        QVERIFY(desk.tab.tokens().data().rows > 3 && desk.tab.tokens().data().columns > desk.tab.tokens().data().rows);
        QCOMPARE(desk.tab.attention(0).data().rows, desk.tab.tokens().data().rows);
        QCOMPARE(desk.tab.attention(1).data().rows, desk.tab.tokens().data().columns);
        QVERIFY(desk.tab.attention(2).data().empty());  // other numbers of tokens
        QVERIFY(!desk.tab.figures().empty());
        desk.workspace.stop();
    }

    void aSentenceBesideItselfDiffersNowhere() {
        SentenceDesk desk;
        desk.open("bert-bare");
        desk.read("A dog sleeps.", "A dog sleeps.");
        for (const double cosine : desk.tab.curve().series().front().y) QVERIFY(std::abs(cosine - 1) < 1e-9);
        const MapData& difference = desk.tab.attention(2).data();
        QVERIFY(!difference.empty());
        for (int i = 0; i < difference.rows * difference.columns; ++i) QCOMPARE(difference.values.get()[i], 0.0F);
        desk.workspace.stop();
    }

    void anEmptySentenceSaysWhy() {
        SentenceDesk desk;
        desk.open("llama-gqa");
        desk.read("A dog sleeps.", "");
        desk.read("A dog sleeps.", "An owl.");  // and goes on with the next one
        QCOMPARE(desk.tab.attention(0).data().rows, desk.tab.tokens().data().rows);
        desk.workspace.stop();
    }

    void aRunWithoutTextHasNoSentences() {
        Workspace workspace;
        Focus focus;
        SentencesTab tab(focus);
        focus.setRun(workspace.add(smallTask(5)));
        tab.show();
        tab.refresh();
        QVERIFY(tab.ready());
        QVERIFY(tab.figures().empty());
    }

    void theSameTextIsReadByAnotherTokenizer() {
        SentenceDesk bert, llama;
        bert.open("bert-bare");
        llama.open("llama-gqa");
        const Run &from = *bert.focus.run(), &to = *llama.focus.run();
        QVERIFY(readOtherwise(from, to));
        QVERIFY(!readOtherwise(from, from));
        const auto translated = translatedInput(bert.focus.input(), from, to);
        QVERIFY(translated);
        const std::string text = plainText(from.dataset()->tokenizer(), bert.focus.input().tokens);
        QVERIFY(!text.empty() && text.find("[CLS]") == std::string::npos);
        QCOMPARE(plainText(to.dataset()->tokenizer(), translated->tokens), text);
        bert.workspace.stop();
        llama.workspace.stop();
    }
};

QTEST_MAIN(SentencesTabTest)
#include "sentences_tab_test.moc"
