#include "ui/pages/stream/patching_tab.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLineEdit>
#include <QTest>
#include <cmath>

#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/stream/patch_map.h"
#include "ui/widgets/table/text_table.h"

using namespace lab;

namespace {

/// A small run of two layers, looked at before its training.
struct PatchDesk {
    Workspace workspace;
    Focus focus;
    PatchingTab tab{focus};

    PatchDesk() {
        Experiment experiment = smallExperiment({.vocabulary = 5, .steps = 5});
        experiment.model.num_layers = 2;
        focus.setRun(workspace.add(loadTask(experiment, {})));
        tab.resize(1100, 600);
        tab.show();
        settle();
    }
    void settle() {
        tab.refresh();
        const auto settled = [&] {
            tab.refresh();
            return tab.ready();
        };
        QTRY_VERIFY(settled());
    }
    const PatchFound& found() const { return *tab.study().found(); }
    int differing() const {
        int count = 0;
        for (std::size_t p = 0; p < found().clean.tokens.size(); ++p)
            count += found().clean.tokens[p] != found().corrupted.tokens[p] ? 1 : 0;
        return count;
    }
};

}  // namespace

class PatchingTabTest : public QObject {
    Q_OBJECT

private slots:
    void itSuggestsOneTokenAndFillsTheMap() {
        PatchDesk desk;
        QVERIFY2(desk.found().error.isEmpty(), qPrintable(desk.found().error));
        QCOMPARE(desk.differing(), 1);
        const PatchCells* cells = desk.found().map(PatchPart::stream);
        QVERIFY(cells && cells->complete());
        QCOMPARE(static_cast<int>(cells->grid.rows.size()), 3);  // embedding and two layers
        QVERIFY(desk.found().map(PatchPart::head)->complete());
        QVERIFY(desk.tab.sentence().contains(QStringLiteral("brings back")));
        QCOMPARE(desk.found().changeByItself, 0.0);
        QVERIFY(desk.tab.verdict().contains(QStringLiteral("change 0")));
        QCOMPARE(desk.tab.runsTable().rows().size(), 3U);
        QCOMPARE(desk.tab.bars().scene().bars.size(), 3U);
        QCOMPARE(desk.tab.figures().size(), 3U);
        desk.workspace.stop();
    }

    /// The embedding of the one differing token is all that differs: restored, everything is as clean.
    void theDifferingTokenIsAllOfTheAnswer() {
        PatchDesk desk;
        const PatchScene& scene = desk.tab.map().scene();
        for (int column = 0; column < scene.columns(); ++column) {
            const PatchOutcome* outcome = scene.at({0, column});
            if (outcome) QCOMPARE(outcome->recovered, scene.differs[static_cast<std::size_t>(column)] ? 1.0 : 0.0);
        }
        desk.workspace.stop();
    }

    void everyPartAndDirectionIsMeasured() {
        PatchDesk desk;
        const std::vector<int> corrupted = desk.found().corrupted.tokens;
        for (const PatchPart part :
             {PatchPart::attention, PatchPart::feed_forward, PatchPart::head, PatchPart::weights, PatchPart::values}) {
            desk.tab.choosePart(part);
            desk.settle();
            QVERIFY(desk.found().map(part) && desk.found().map(part)->complete());
        }
        desk.tab.choosePart(PatchPart::stream);
        desk.tab.intoClean(true);
        desk.settle();
        QCOMPARE(desk.found().corrupted.tokens, corrupted);
        const PatchScene& scene = desk.tab.map().scene();
        double most = 0;
        for (int column = 0; column < scene.columns(); ++column)
            if (const PatchOutcome* outcome = scene.at({0, column})) most = std::max(most, outcome->recovered);
        QCOMPARE(most, 1.0);
        desk.tab.byProbability(true);
        desk.settle();
        QCOMPARE(desk.found().question.other, -1);
        desk.workspace.stop();
    }

    void whatIsStoppedGoesOnWhenAsked() {
        PatchDesk desk;
        desk.tab.choosePart(PatchPart::attention);
        QVERIFY(desk.tab.escape());
        QVERIFY(!desk.tab.escape());  // nothing is under way any more
        desk.settle();
        QVERIFY(desk.tab.study().stopped());
        QVERIFY(!desk.found().map(PatchPart::attention));
        QVERIFY(desk.found().map(PatchPart::stream)->complete());  // what was there stays
        auto* goOn = desk.tab.findChild<QAbstractButton*>(QStringLiteral("stream.patching.stop"));
        QVERIFY(goOn);
        goOn->click();
        desk.settle();
        QVERIFY(desk.found().map(PatchPart::attention)->complete());
        desk.workspace.stop();
    }

    void bothInputsStandAboveHeadsToo() {
        PatchDesk desk;
        desk.tab.choosePart(PatchPart::head);
        desk.settle();
        const PatchScene& scene = desk.tab.map().scene();
        QVERIFY(scene.tokens() && scene.heads);
        QVERIFY(desk.tab.map().chipRect(0, true).bottom() < desk.tab.map().cellRect({0, 0}).top());
        QTest::mouseClick(desk.tab.map().viewport(), Qt::LeftButton, {}, desk.tab.map().chipRect(2, true).center().toPoint());
        QVERIFY(desk.tab.map().isEditing());
        desk.workspace.stop();
    }

    void theAnswersAreChosenOrTyped() {
        PatchDesk desk;
        const PatchQuestion usual = desk.found().question;
        auto* answer = desk.tab.findChild<QComboBox*>(QStringLiteral("stream.patching.answer"));
        auto* rival = desk.tab.findChild<QComboBox*>(QStringLiteral("stream.patching.rival"));
        QCOMPARE(answer->currentData().toInt(), -1);  // as answered
        const auto third = std::ranges::find_if(desk.found().likely, [&](int id) { return id != usual.answer && id != usual.other; });
        QVERIFY(third != desk.found().likely.end());
        const int chosen = *third;
        answer->setCurrentIndex(answer->findData(chosen));
        emit answer->activated(answer->currentIndex());
        desk.settle();
        QCOMPARE(desk.found().question.answer, chosen);
        QCOMPARE(answer->currentData().toInt(), chosen);
        const QString text = answerName(*desk.focus.run(), usual.answer);
        rival->setFocus();
        rival->lineEdit()->selectAll();
        QTest::keyClicks(rival->lineEdit(), text);
        QTest::keyClick(rival->lineEdit(), Qt::Key_Return);
        desk.settle();
        QCOMPARE(desk.found().question.other, usual.answer);
        QVERIFY(desk.found().error.isEmpty() || !desk.tab.map().scene().cells());
        // What is no token stays as it was, and says so.
        rival->lineEdit()->selectAll();
        QTest::keyClicks(rival->lineEdit(), QStringLiteral("no such thing"));
        QTest::keyClick(rival->lineEdit(), Qt::Key_Return);
        desk.settle();
        QCOMPARE(desk.found().question.other, usual.answer);
        // An answer against itself has a sentence in place of a map.
        desk.tab.measureAnswers({chosen, chosen});
        desk.settle();
        QVERIFY(!desk.found().error.isEmpty());
        QVERIFY(rival->isEnabled());
        desk.tab.measureAnswers({});
        desk.settle();
        QCOMPARE(desk.found().question, usual);
        desk.workspace.stop();
    }

    void whatIsChosenIsKept() {
        PatchDesk desk;
        QVERIFY(desk.tab.notes().isEmpty());
        desk.tab.choosePart(PatchPart::head);
        desk.tab.intoClean(true);
        desk.tab.choosePath({{0, 0}, {1, 0}, PathEnd::key});
        desk.tab.measureAnswers({desk.found().likely.back(), -1});
        desk.settle();
        const QJsonObject notes = desk.tab.notes();
        const PatchFound before = desk.found();
        PatchDesk other;
        other.tab.takeNotes(notes);
        QCOMPARE(other.tab.notes(), notes);
        other.settle();
        QCOMPARE(other.tab.notes(), notes);
        QCOMPARE(other.found().corrupted.tokens, before.corrupted.tokens);
        QCOMPARE(other.found().question, before.question);
        QCOMPARE(other.found().paths.size(), 1U);
        desk.workspace.stop();
        other.workspace.stop();
    }

    void inputsChangePlaces() {
        PatchDesk desk;
        const Input clean = desk.found().clean, corrupted = desk.found().corrupted;
        desk.tab.swapInputs();
        desk.settle();
        QCOMPARE(desk.found().clean.tokens, corrupted.tokens);
        QCOMPARE(desk.found().corrupted.tokens, clean.tokens);
        desk.workspace.stop();
    }

    void alikeInputsHaveASentenceInPlaceOfAMap() {
        PatchDesk desk;
        int column = 0;
        while (desk.found().clean.tokens[static_cast<std::size_t>(column)] ==
               desk.found().corrupted.tokens[static_cast<std::size_t>(column)])
            ++column;
        const QString token = desk.tab.map().scene().clean[column];
        QTest::mouseClick(desk.tab.map().viewport(), Qt::LeftButton, {}, desk.tab.map().chipRect(column, true).center().toPoint());
        auto* editor = desk.tab.map().findChild<QLineEdit*>();
        QVERIFY(editor);
        editor->setText(token);
        QTest::keyClick(editor, Qt::Key_Return);
        desk.settle();
        QVERIFY(!desk.found().error.isEmpty());
        QVERIFY(!desk.tab.map().scene().cells());
        QVERIFY(desk.tab.figures().empty());
        desk.workspace.stop();
    }

    void aCellIsTakenInHandByTheKeyboard() {
        PatchDesk desk;
        PatchMap& map = desk.tab.map();
        map.setChosen({0, 0});
        QTest::keyClick(&map, Qt::Key_Down);
        QCOMPARE(map.chosen(), (MapCell{1, 0}));
        QTest::keyClick(&map, Qt::Key_End);
        QCOMPARE(map.chosen().column, map.scene().columns() - 1);
        QTest::mouseClick(map.viewport(), Qt::LeftButton, {}, map.cellRect({2, 1}).center().toPoint());
        QCOMPARE(map.chosen(), (MapCell{2, 1}));
        QVERIFY(desk.tab.heading().detail.contains(QStringLiteral("position 1")));
        desk.workspace.stop();
    }

    void aPathIsFollowed() {
        PatchDesk desk;
        desk.tab.choosePath({{0, 0}, {1, 0}, PathEnd::value});
        desk.settle();
        QCOMPARE(desk.found().paths.size(), 1U);
        QVERIFY(desk.found().paths.front().error.isEmpty());
        QVERIFY(std::isfinite(desk.found().paths.front().recovered));
        desk.workspace.stop();
    }

    void anotherPositionIsAskedOfTheSamePair() {
        PatchDesk desk;
        const Input corrupted = desk.found().corrupted;
        desk.tab.readAt(0);
        desk.settle();
        QCOMPARE(desk.found().corrupted.tokens, corrupted.tokens);
        if (desk.found().error.isEmpty()) QCOMPARE(desk.found().question.position, 0);
        desk.workspace.stop();
    }

    /// "3,1,2,head": also before the tab has met its run, and counted from the end.
    void aPlaceLeadsToAPair() {
        PatchDesk desk;
        const std::vector<int> clean = desk.found().clean.tokens;
        const int token = (clean[1] + 1) % 5;
        QVERIFY(desk.tab.showCell(QStringLiteral("3,1,%1,head").arg(token)));
        desk.settle();
        QCOMPARE(desk.found().question.position, 3);
        std::vector<int> corrupted = clean;
        corrupted[1] = token;
        QCOMPARE(desk.found().corrupted.tokens, corrupted);
        QVERIFY(desk.found().map(PatchPart::head)->complete());
        QVERIFY(desk.tab.showCell(QStringLiteral("-1,-%1,%2").arg(clean.size() - 1).arg(token)));
        desk.settle();
        QCOMPARE(desk.found().question.position, static_cast<int>(clean.size()) - 1);
        QCOMPARE(desk.found().corrupted.tokens, corrupted);
        for (const char* none : {"3", "3,1", "a,1,2", "3,1,2,soul", "3,1,2,head,4"}) QVERIFY(!desk.tab.showCell(QString::fromLatin1(none)));
        desk.workspace.stop();
    }

    void withoutARunItSaysSo() {
        Focus focus;
        PatchingTab tab(focus);
        tab.show();
        tab.refresh();
        QVERIFY(tab.ready());
        QVERIFY(tab.figures().empty());
    }
};

QTEST_MAIN(PatchingTabTest)
#include "patching_tab_test.moc"
