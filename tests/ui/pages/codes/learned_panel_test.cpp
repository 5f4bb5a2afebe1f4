#include <QPainter>
#include <QSignalSpy>

#include "core/codes/code_number.h"
#include "core/model/sample_input.h"
#include "tests/ui/pages/codes/learned_bench.h"
#include "ui/pages/codes/code_flow.h"
#include "ui/pages/codes/learned_words.h"
#include "ui/pages/codes/pair_tables.h"
#include "ui/pages/codes/usage_map.h"
#include "ui/runs/comparison.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/segmented.h"

using namespace lab;

namespace {

struct LearnedPanelDesk : LearnedDesk<LearnedPanel> {
    using LearnedDesk<LearnedPanel>::LearnedDesk;

    CodeFlow& dials() const { return part<CodeFlow>("codes.learned.dials"); }
    const CodeFlowScene& flow() const { return dials().scene(); }
    UsageMap& usage() const { return part<UsageMap>("codes.learned.usage"); }
    CollisionTable& collisions() const { return part<CollisionTable>("codes.learned.collisions"); }
    Button& again() const { return part<Button>("codes.learned.again"); }
    const FoundAtStep<codes::CodeReport>& report() { return tab.study().findings().report; }
    /// The codes of the first slot but its own.
    int otherCode() const { return flow().code[0] == 0 ? 1 : flow().code[0] - 1; }
    void takeFirstSlot() {
        dials().setFocus();
        QTest::keyClick(&dials(), Qt::Key_Home);
        if (dials().slot() != 0) QTest::keyClick(&dials(), Qt::Key_Home);
        QCOMPARE(dials().slot(), 0);
    }
    void turnFirstSlot() {
        takeFirstSlot();
        QTest::keyClick(&dials(), flow().code[0] == 0 ? Qt::Key_Up : Qt::Key_Down);
        QVERIFY(ready());
    }
};

QString written(const CodeFlowScene& scene) {
    QStringList texts;
    for (const ReadBackToken& token : scene.written) texts << token.text;
    return texts.join(QLatin1Char(' '));
}

}  // namespace

class LearnedPanelTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void theInputGoesThroughItsCode() {
        LearnedPanelDesk desk;
        QVERIFY(desk.ready());
        QVERIFY2(desk.tab.absence().isEmpty(), qPrintable(desk.tab.absence()));
        const codes::Coder coder = desk.coder();
        const codes::Code code = coder.codeOf(desk.focus.input().tokens);
        QCOMPARE(desk.flow().code, code);
        QCOMPARE(desk.flow().turned, code);
        const codes::Symbols decoded = coder.decoded(code, desk.tab.look()->opening);
        QCOMPARE(desk.tab.look()->decoded, decoded);
        int right = 0, asked = 0;
        for (std::size_t i = 0; i < decoded.size(); ++i) {
            QCOMPARE(desk.flow().written[i].text, QString::fromStdString(desk.run().dataset()->tokenizer().shown(decoded[i])));
            const int target = desk.focus.input().targets[i];
            asked += target >= 0;
            right += target >= 0 && target == decoded[i];
            QCOMPARE(desk.flow().written[i].wrong, target >= 0 && target != decoded[i]);
            QVERIFY(!desk.flow().written[i].changed);
        }
        QVERIFY(desk.flow().verdict.endsWith(QStringLiteral("%1 of %2").arg(right).arg(asked)));
        QCOMPARE(desk.dials().accessibleDescription().contains(desk.flow().verdict), true);
    }

    void theNumberIsTheCodesInMixedRadix() {
        LearnedPanelDesk desk;
        QVERIFY(desk.ready());
        int number = 0, place = 1;
        for (const int code : desk.flow().code) {
            number += code * place;
            place *= 3;
        }
        bool found = false;
        for (const QWidget* widget : desk.tab.findChildren<QWidget*>())
            if (widget->accessibleName() == QStringLiteral("Number of the code")) {
                found = true;
                QCOMPARE(widget->accessibleDescription(), QStringLiteral("%1 of 26").arg(number));
            }
        QVERIFY(found);
    }

    void aTurnedDialIsDecodedAndTurnsBack() {
        LearnedPanelDesk desk;
        QVERIFY(desk.ready());
        const CodeFlowScene before = desk.flow();
        const int other = desk.otherCode();
        desk.turnFirstSlot();
        codes::Code turned = before.code;
        turned[0] = other;
        QCOMPARE(desk.tab.dials(), turned);
        QCOMPARE(desk.flow().code, before.code);
        const codes::Symbols read = desk.coder().decoded(turned, desk.tab.look()->opening);
        for (std::size_t i = 0; i < read.size(); ++i) {
            QCOMPARE(desk.flow().written[i].text, QString::fromStdString(desk.run().dataset()->tokenizer().shown(read[i])));
            QCOMPARE(desk.flow().written[i].changed, read[i] != desk.tab.look()->decoded[i]);
        }
        QVERIFY(desk.part<Button>("codes.learned.back").isVisibleTo(&desk.tab));
        QTest::keyClick(&desk.dials(), Qt::Key_Escape);
        QCOMPARE(desk.tab.dials(), before.code);
        QCOMPARE(written(desk.flow()), written(before));
        QVERIFY(!desk.part<Button>("codes.learned.back").isVisibleTo(&desk.tab));
    }

    void escapeTurnsBackFromAnywhere() {
        LearnedPanelDesk desk;
        QVERIFY(desk.ready());
        QVERIFY(!desk.tab.escape());
        desk.turnFirstSlot();
        QVERIFY(desk.tab.dials() != desk.flow().code);
        QVERIFY(desk.tab.escape());
        QCOMPARE(desk.tab.dials(), desk.flow().code);
        QVERIFY(!desk.tab.escape());
    }

    void anotherInputHasItsOwnCode() {
        LearnedPanelDesk desk;
        QVERIFY(desk.ready());
        desk.turnFirstSlot();
        desk.focus.showSample(1);
        QVERIFY(desk.ready());
        QCOMPARE(desk.tab.look()->sequence, desk.focus.input().tokens);
        QCOMPARE(desk.tab.dials(), desk.coder().codeOf(desk.focus.input().tokens));
    }

    void theWheelTurnsTheSlotInHandOnly() {
        LearnedPanelDesk desk;
        QVERIFY(desk.ready());
        desk.takeFirstSlot();
        const auto wheel = [&desk](int slot, int by) {
            const QPointF at = desk.dials().dialRect(slot).center();
            QWheelEvent event(at, desk.dials().mapToGlobal(at), QPoint(), QPoint(0, by), Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                              false);
            QCoreApplication::sendEvent(&desk.dials(), &event);
            return event.isAccepted();
        };
        const int up = desk.flow().code[0] == 0 ? 120 : -120;
        QVERIFY(!wheel(1, up));
        QCOMPARE(desk.tab.dials(), desk.flow().code);
        QVERIFY(wheel(0, up));
        QVERIFY(desk.ready());
        QCOMPARE(desk.tab.dials()[0], desk.otherCode());
    }

    void theMouseTakesASlotAndTurnsIt() {
        LearnedPanelDesk desk;
        QVERIFY(desk.ready());
        const QRect dial = desk.dials().dialRect(2);
        QTest::mouseClick(&desk.dials(), Qt::LeftButton, {}, dial.center());
        QCOMPARE(desk.dials().slot(), 2);
        QCOMPARE(desk.tab.dials(), desk.flow().code);
        // Lower left is the first code, lower right the last one.
        const int way = dial.width() / 3;
        QTest::mouseClick(&desk.dials(), Qt::LeftButton, {}, dial.center() + QPoint(-way, way));
        QVERIFY(desk.ready());
        QCOMPARE(desk.tab.dials()[2], 0);
        QTest::mouseClick(&desk.dials(), Qt::LeftButton, {}, dial.center() + QPoint(way, way));
        QVERIFY(desk.ready());
        QCOMPARE(desk.tab.dials()[2], 2);
        QCOMPARE(desk.usage().scene().slot, 2);
    }

    void theReportIsThatOfCore() {
        LearnedPanelDesk desk;
        QVERIFY(desk.ready());
        const LoadedTask task{desk.run().experiment(), desk.run().dataset()};
        const auto expected = codes::codeReport(desk.coder(), task, smallCodeSizes().report);
        QVERIFY(expected && desk.report());
        QCOMPARE(desk.report()->colliding, expected->colliding);
        QCOMPARE(desk.report()->bitsUsed, expected->bitsUsed);
        QCOMPARE(desk.report()->codes, expected->codes);
        QVERIFY(expected->colliding > 0);  // 27 codes for more sequences
        QCOMPARE(desk.collisions().count(), expected->collisions.size());
        QCOMPARE(desk.usage().scene().report->usage.size(), std::size_t(3));
        QVERIFY(!desk.again().isVisibleTo(&desk.tab));
        const QString told = desk.usage().accessibleDescription();
        const int count = expected->usage[0].counts[0];
        QVERIFY2(told.contains(QStringLiteral("%1 of %2").arg(count).arg(expected->sequences)), qPrintable(told));
    }

    void bothSequencesOfACollisionGoToTheInputBar() {
        LearnedPanelDesk desk;
        QVERIFY(desk.ready());
        CollisionTable& table = desk.collisions();
        const codes::Collision collision = table.collision(0);
        const auto set = desk.tab.study().findings().set;
        const QRect row = table.visualRect(table.model()->index(0, 0));
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, row.center());
        QCOMPARE(desk.focus.input().tokens, set->samples[collision.first].tokens);
        QVERIFY(desk.focus.comparison().active());
        QCOMPARE(desk.focus.comparison().input().tokens, set->samples[collision.second].tokens);
        const codes::Coder coder = desk.coder();
        QCOMPARE(coder.codeOf(set->sequences[collision.first]), coder.codeOf(set->sequences[collision.second]));
        QVERIFY(desk.ready());
        QCOMPARE(desk.tab.look()->number, collision.number);
    }

    void theCodesOfCollisionsAreNotCut() {
        LearnedPanelDesk desk(learnedExperiment(8, "fsq", {{"slots", 12}, {"levels", 9}}));
        QVERIFY(desk.ready());
        const CollisionTable& table = desk.collisions();
        const QString widest = codeNumberText(codes::largestNumber(desk.report()->shape));  // of 12 digits
        QVERIFY(table.columnWidth(3) >= textWidth(Theme::instance().font(TextSize::axis), widest) + 12);
        int all = 0;
        for (int column = 0; column < 4; ++column) all += table.columnWidth(column);
        QVERIFY(all <= table.viewport()->width());
    }

    void theNearestCodesAreOfTheDials() {
        LearnedPanelDesk desk;
        QVERIFY(desk.ready());
        QVERIFY(desk.tab.showCell(QStringLiteral("nearest")));
        QVERIFY(desk.ready());
        auto& table = desk.part<NeighbourTable>("codes.learned.nearest");
        const CodeFindings& found = desk.tab.study().findings();
        const auto expected =
            codes::nearestSequences(desk.coder(), desk.tab.look()->sequence, desk.tab.dials(), *found.set, found.report->codes, 20);
        QCOMPARE(table.count(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) QCOMPARE(table.neighbour(i).index, expected[i].index);
        desk.turnFirstSlot();
        const auto turned =
            codes::nearestSequences(desk.coder(), desk.tab.look()->sequence, desk.tab.dials(), *found.set, found.report->codes, 20);
        QCOMPARE(table.neighbour(0).otherSlots, turned[0].otherSlots);
        table.setFocus();
        emit table.rowOpened(0);
        QCOMPARE(desk.focus.comparison().input().tokens, found.set->samples[table.neighbour(0).index].tokens);
        QVERIFY(!desk.tab.showCell(QStringLiteral("nowhere")));
    }

    void anotherStepIsAnotherReport() {
        LearnedPanelDesk desk(learnedExperiment(30));
        QVERIFY(desk.ready());
        const auto before = desk.report().value;
        desk.train();
        QVERIFY(desk.ready());
        QCOMPARE(desk.report().step, desk.focus.shownStep());
        QVERIFY(desk.report().value != before);
        desk.focus.showKeptStep(0);
        QVERIFY(desk.ready());
        // What was whole is kept.
        QCOMPARE(desk.report().step, std::int64_t(0));
        QCOMPARE(desk.report().value, before);
    }

    void whatIsStoppedWaitsForTheButton() {
        LearnedPanelDesk desk;
        desk.tab.refresh();
        QVERIFY(desk.tab.study().measuring());
        QVERIFY(desk.again().isVisibleTo(&desk.tab));
        QCOMPARE(desk.again().text(), QStringLiteral("Stop"));
        QVERIFY(desk.tab.escape());
        QVERIFY(!desk.tab.study().measuring());
        QVERIFY(desk.ready());
        QVERIFY(!desk.report());
        QCOMPARE(desk.again().text(), QStringLiteral("Again"));
        QTest::mouseClick(&desk.again(), Qt::LeftButton);
        QVERIFY(desk.ready());
        QVERIFY(bool(desk.report()));
        QVERIFY(!desk.again().isVisibleTo(&desk.tab));
    }

    void besideATrainingTheOldReportStays() {
        LearnedPanelDesk desk(learnedExperiment(100'000));
        QVERIFY(desk.ready());
        desk.run().setPace(0);
        desk.run().train();
        QTRY_VERIFY(desk.focus.shownStep() > 3);
        desk.tab.refresh();
        QCOMPARE(desk.report().step, std::int64_t(0));
        QVERIFY(!desk.tab.study().measuring());
        QVERIFY(desk.tab.study().stale());
        QVERIFY(desk.again().isVisibleTo(&desk.tab));
        QTest::mouseClick(&desk.again(), Qt::LeftButton);
        QTRY_VERIFY(desk.report().step > 3);
        desk.run().pause();
        QTRY_COMPARE(desk.run().state(), Run::State::paused);
        QVERIFY(desk.ready());
        QCOMPARE(desk.report().step, desk.focus.shownStep());
    }

    void withoutABottleneckItSaysSoAndOpensAPreset() {
        LearnedPanelDesk desk(smallTask(20).experiment);
        QVERIFY(desk.ready());
        QVERIFY(!desk.tab.absence().isEmpty());
        QVERIFY(!desk.tab.showsWeights());
        QVERIFY(desk.tab.figures().empty());
        QSignalSpy places(&desk.tab, &PageTab::placeWanted);
        QTest::mouseClick(&desk.part<QWidget>("codes.learned.none.open"), Qt::LeftButton);
        QCOMPARE(places.count(), 1);
        QCOMPARE(places[0][0].value<Place>().stage, QStringLiteral("preset.codes-fsq"));
        // A run with one comes, and goes.
        Run* other = desk.workspace.add(loadTask(learnedExperiment(), {}));
        desk.focus.setRun(other);
        QVERIFY(desk.ready());
        QVERIFY(desk.tab.absence().isEmpty() && desk.tab.look() && desk.tab.showsWeights());
        desk.focus.setRun(desk.workspace.runs().front());
        QVERIFY(desk.ready());
        QVERIFY(!desk.tab.absence().isEmpty() && !desk.tab.look());
    }

    void theRunMayGoWhileItIsMeasured() {
        LearnedPanelDesk desk;
        Run* second = desk.workspace.add(loadTask(learnedExperiment(8, "bits", {{"count", 5}}), {}));
        desk.tab.refresh();
        QVERIFY(desk.tab.study().measuring());
        Run* gone = desk.focus.run();
        desk.focus.setRun(second);
        desk.workspace.remove(gone);
        QCoreApplication::sendPostedEvents(gone, QEvent::DeferredDelete);
        QVERIFY(desk.ready());
        QCOMPARE(desk.flow().shape.slotCount, 5);
        QCOMPARE(desk.report()->shape.slotCount, 5);
        QVERIFY(desk.flow().switches());
    }

    void aSwitchIsTurnedByAClick() {
        LearnedPanelDesk desk(learnedExperiment(8, "bits", {{"count", 24}}));
        QVERIFY(desk.ready());
        const int before = desk.flow().code[20];
        const QPoint at = desk.dials().dialRect(20).center();
        QTest::mouseClick(&desk.dials(), Qt::LeftButton, {}, at);
        QCOMPARE(desk.tab.dials()[20], before);
        QTest::mouseClick(&desk.dials(), Qt::LeftButton, {}, at);
        QVERIFY(desk.ready());
        QCOMPARE(desk.tab.dials()[20], 1 - before);
    }

    void everythingCanBeExported() {
        LearnedPanelDesk desk;
        QVERIFY(desk.ready());
        desk.turnFirstSlot();
        const std::vector<FigureOffer> offers = desk.tab.figures();
        QVERIFY(offers.size() >= 4);  // dials, usage, bits, collisions
        for (const FigureOffer& offer : offers) {
            const PrintTheme paper;
            const auto figure = offer.make();
            QVERIFY2(!figure->table().rows.empty(), qPrintable(offer.name));
            QVERIFY2(figure->caption.contains(desk.run().name()), qPrintable(figure->caption));
            QImage image(figure->size().toSize(), QImage::Format_ARGB32_Premultiplied);
            QPainter painter(&image);
            figure->paint(painter);
        }
        // By hand, and what its own code is.
        QCOMPARE(offers[0].make()->table().rows[0].back(), std::to_string(desk.flow().code[0]));
    }

    void notesComeBack() {
        QJsonObject notes;
        {
            LearnedPanelDesk desk;
            QVERIFY(desk.ready());
            QVERIFY(desk.tab.notes().isEmpty());
            QVERIFY(desk.tab.showCell(QStringLiteral("nearest")));
            QVERIFY(desk.tab.showCell(QStringLiteral("slot:1")));
            QVERIFY(!desk.tab.showCell(QStringLiteral("slot:3")));
            notes = desk.tab.notes();
        }
        LearnedPanelDesk other;
        other.tab.takeNotes(notes);
        QVERIFY(other.ready());
        QCOMPARE(other.tab.notes(), notes);
        QCOMPARE(other.dials().slot(), 1);
        QCOMPARE(other.part<SegmentedControl>("codes.learned.pairs").current(), 1);
    }

    void everyPartHasAName() {
        LearnedPanelDesk desk;
        QVERIFY(desk.ready());
        QVERIFY(!desk.dials().accessibleName().isEmpty());
        QVERIFY(!desk.usage().accessibleName().isEmpty());
        QVERIFY(!desk.collisions().accessibleName().isEmpty());
        for (const auto* button : desk.tab.findChildren<Button*>()) QVERIFY2(!button->objectName().isEmpty(), qPrintable(button->text()));
    }
};

QTEST_MAIN(LearnedPanelTest)
#include "learned_panel_test.moc"
