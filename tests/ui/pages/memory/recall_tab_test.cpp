#include "ui/pages/memory/recall_tab.h"

#include <QDropEvent>
#include <QImage>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>
#include <set>

#include "core/memory/icons.h"
#include "tests/patience.h"
#include "ui/pages/memory/capacity_panel.h"
#include "ui/pages/memory/field_panel.h"
#include "ui/pages/memory/memory_page.h"
#include "ui/pages/memory/pattern_edits.h"
#include "ui/pages/memory/pattern_pad.h"
#include "ui/pages/memory/patterns_panel.h"
#include "ui/pages/memory/recall_table.h"
#include "ui/pages/memory/weights_panel.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

struct RecallDesk {
    Focus focus;
    MemoryPage page{focus};

    RecallDesk() {
        page.resize(1180, 620);
        page.show();
        settle();
    }
    RecallTab& tab() { return static_cast<RecallTab&>(page.tab()); }
    RecallClock& clock() { return tab().clock(); }
    MemoryState& state() { return page.state(); }
    template <class T>
    T* find(const char* name) const {
        return page.findChild<T*>(QString::fromLatin1(name));
    }
    void settle() { QTRY_VERIFY_WITH_TIMEOUT(page.catchUp() && tab().study(), lab::patience); }
    void set(const std::function<void(MemoryValue&)>& change) {
        MemoryValue value = state().value();
        change(value);
        state().set(std::move(value));
        settle();
    }
    void click(const char* name) { find<QAbstractButton>(name)->click(); }
};

/// Small pictures, so that measuring takes no time.
MemoryValue smallMemory() {
    MemoryValue value;
    value.patterns = randomPatterns(3, 5, 5, 0, 3);
    value.noise = 10;
    value.askAgain();
    return value;
}

}  // namespace

class RecallTabTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void aNoisySkullIsRestoredAtFirst() {
        RecallDesk desk;
        QCOMPARE(desk.clock().shown(), 0);
        QCOMPARE(desk.tab().study()->wrongAfter(0), 77);
        QVERIFY2(desk.tab().outcome().contains(QLatin1String("Press Recall")), qPrintable(desk.tab().outcome()));
        desk.clock().setPace(0);
        desk.clock().toggle();
        QVERIFY(desk.clock().atEnd());
        QCOMPARE(desk.tab().study()->wrongAfter(desk.clock().shown()), 0);
        QVERIFY2(desk.tab().outcome().startsWith(QLatin1String("Remembered")), qPrintable(desk.tab().outcome()));
    }

    void recallRunsAtItsPaceAndPauses() {
        RecallDesk desk;
        desk.clock().setPace(1000);
        desk.clock().toggle();
        QVERIFY(desk.clock().playing());
        QTRY_VERIFY_WITH_TIMEOUT(desk.clock().shown() > 0, lab::patience);
        desk.clock().toggle();
        QVERIFY(!desk.clock().playing());
        const int held = desk.clock().shown();
        desk.clock().step();
        QCOMPARE(desk.clock().shown(), held + 1);
        desk.clock().toggle();
        QTRY_VERIFY_WITH_TIMEOUT(desk.clock().atEnd(), lab::patience);
        QVERIFY(!desk.clock().playing());
        desk.clock().toggle();  // from the beginning
        QVERIFY(desk.clock().playing());
        QCOMPARE(desk.clock().shown(), 0);
        desk.clock().reset();
        QVERIFY(!desk.clock().playing());
    }

    void energyIsDrawnUpToTheShownUpdate() {
        RecallDesk desk;
        const auto* plot = desk.find<Plot>("memory.recall.energy");
        desk.clock().show(100);
        QCOMPARE(plot->series().front().x.size(), std::size_t{101});
        QCOMPARE(plot->series().front().y.back(), desk.tab().study()->recall.energies[100]);
        QCOMPARE(plot->scene().hand->x, 100.0);
        QVERIFY(energyVerdict(*desk.tab().study()).contains(QLatin1String("never rose")));
    }

    void twoStatesTakeTurnsAllAtOnce() {
        RecallDesk desk;
        // Two pixels that push each other apart, both the same: all at once they swap for ever.
        desk.set([](MemoryValue& value) {
            value.patterns = {blankPattern(1, 2, "left")};
            value.patterns[0].states = {1, -1};
            value.chosen = 0;
            value.query = blankPattern(1, 2);
            value.synchronous = true;
        });
        QTRY_VERIFY_WITH_TIMEOUT(desk.tab().study()->net->units() == 2, lab::patience);
        desk.clock().show(desk.clock().last());
        QCOMPARE(desk.tab().study()->recall.ending, RecallEnding::twoCycle);
        QVERIFY2(desk.tab().outcome().contains(QLatin1String("swings")), qPrintable(desk.tab().outcome()));
        QVERIFY(energyVerdict(*desk.tab().study()).contains(QLatin1String("may rise")));
    }

    void theInverseIsNamed() {
        RecallDesk desk;
        desk.set([](MemoryValue& value) { value.query = inverted(*value.chosenPattern()); });
        QTRY_COMPARE_WITH_TIMEOUT(desk.tab().study()->end.kind, StateKind::inverse, lab::patience);
        desk.clock().show(desk.clock().last());
        QVERIFY2(desk.tab().outcome().contains(QLatin1String("inverse of skull")), qPrintable(desk.tab().outcome()));
    }

    void aStrokeOnThePadIsStoredAndUndone() {
        RecallDesk desk;
        auto* pad = desk.find<PatternPad>("memory.patterns.pad");
        const Pattern before = *desk.state().value().chosenPattern();
        QTest::mouseClick(pad, Qt::LeftButton, {}, pad->rectOf(0).center().toPoint());
        QCOMPARE(int(desk.state().value().chosenPattern()->states[0]), 1);
        QVERIFY(before.states[0] < 0);
        QTRY_VERIFY_WITH_TIMEOUT(desk.tab().study()->net->patterns()[0].states[0] == 1, lab::patience);
        desk.click("memory.patterns.undo");
        QVERIFY(*desk.state().value().chosenPattern() == before);
        QVERIFY(!desk.find<QAbstractButton>("memory.patterns.undo")->isEnabled());
    }

    void patternsAreInvertedShiftedAndSpoilt() {
        RecallDesk desk;
        const Pattern before = *desk.state().value().chosenPattern();
        desk.click("memory.patterns.invert");
        QCOMPARE(differing(before.states, desk.state().value().chosenPattern()->states), 256);
        desk.state().undo();
        desk.click("memory.patterns.noise");
        QCOMPARE(differing(before.states, desk.state().value().chosenPattern()->states), 13);
        desk.state().undo();
        auto* pad = desk.find<PatternPad>("memory.patterns.pad");
        QTest::keyClick(pad, Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(desk.state().value().chosenPattern()->states == shifted(before, 0, 1).states);
        desk.state().undo();
        desk.click("memory.patterns.delete");
        QCOMPARE(desk.state().value().patterns.size(), std::size_t{3});
        desk.state().undo();
        QVERIFY(*desk.state().value().chosenPattern() == before);
    }

    void aTypedNameStaysWithItsPattern() {
        RecallDesk desk;
        auto* field = desk.find<QLineEdit>("memory.patterns.name");
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("bones"));
        desk.state().ask(withAsked(desk.state().value(), 1), QStringLiteral("Another pattern"));
        QCOMPARE(desk.state().value().patterns[0].name, std::string("bones"));
        QCOMPARE(field->text(), QStringLiteral("apple"));
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(desk.state().value().patterns[1].name, std::string("apple"));
        QCOMPARE(desk.state().value().chosen, 1);
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("fruit"));
        desk.state().edit(withoutChosen(desk.state().value()), QStringLiteral("Delete"));
        QCOMPARE(desk.state().value().patterns[1].name, std::string("key"));
        QCOMPARE(field->text(), QStringLiteral("key"));
    }

    void aHiddenTabStandsStill() {
        RecallDesk desk;
        RecallClock& clock = desk.clock();
        clock.setPace(1);
        clock.toggle();
        QVERIFY(clock.playing());
        desk.page.showTab(QStringLiteral("modern"));
        QVERIFY(!clock.playing());
    }

    void weightsAreCountedOnce() {
        RecallDesk desk;
        QVERIFY2(desk.tab().heading().detail.contains(grouped(32640)), qPrintable(desk.tab().heading().detail));
        desk.set([](MemoryValue& value) { value.rule = "pseudo-inverse"; });
        QVERIFY2(desk.tab().heading().detail.contains(grouped(32896)), qPrintable(desk.tab().heading().detail));
    }

    void aSemidefiniteRuleNeverRisesAllAtOnce() {
        MemoryValue value = smallMemory();
        value.synchronous = true;
        for (const StorageRule* rule : storageRules()) {
            value.rule = rule->name;
            const RecallStudyPtr study = studyOf(value, nullptr);
            QCOMPARE(study->neverRises(), rule->semidefinite);
            QCOMPARE(energyVerdict(*study).contains(QLatin1String("semidefinite")), rule->semidefinite);
            QCOMPARE(energyVerdict(*study).contains(QLatin1String("may rise")), !rule->semidefinite);
        }
    }

    void theEndIsToldByItsKind() {
        MemoryValue value = firstMemory();
        value.query = value.patterns[1];
        value.rule = "pseudo-inverse";
        const QString other = outcomeText(*studyOf(value, nullptr));
        QVERIFY2(other.contains(QLatin1String("another stored pattern")), qPrintable(other));
        QVERIFY2(!other.contains(QLatin1String("false minimum")) && !other.contains(QLatin1String("overlap by")), qPrintable(other));
        value.query = inverted(value.patterns[0]);
        const QString inverse = outcomeText(*studyOf(value, nullptr));
        QVERIFY2(inverse.contains(QLatin1String("has the same energy")), qPrintable(inverse));
    }

    void nothingStoredIsSaidEverywhere() {
        RecallDesk desk;
        for (int i = 0; i < 4; ++i) desk.click("memory.patterns.delete");
        QTRY_VERIFY_WITH_TIMEOUT(desk.page.catchUp() && !desk.tab().study(), lab::patience);
        QVERIFY(desk.tab().outcome().startsWith(QLatin1String("Nothing is stored")));
        QVERIFY(!desk.page.grab().isNull());
        QVERIFY(desk.tab().figures().empty());
        desk.state().undo();
        desk.settle();
        QCOMPARE(desk.tab().study()->net->patternCount(), 1);
    }

    void theFieldIsTheSumOverPatterns() {
        RecallDesk desk;
        auto* field = desk.page.findChild<FieldPanel*>();
        const std::optional<Flip> next = desk.tab().study()->recall.nextFlip(0);
        QVERIFY(next);
        QCOMPARE(field->pixel(), next->unit);
        QVERIFY2(field->story().startsWith(QLatin1String("Next to flip")), qPrintable(field->story()));
        auto* picture = desk.find<PatternPad>("memory.recall.state");
        QTest::mouseClick(picture, Qt::LeftButton, {}, picture->rectOf(40).center().toPoint());
        QCOMPARE(field->pixel(), 40);
        QVERIFY(field->story().startsWith(QLatin1String("Held: row 2, column 8")));
        QCOMPARE(desk.find<Map>("memory.recall.weights")->selection().row, 40);
        QVERIFY(desk.page.escape());
        QCOMPARE(field->pixel(), next->unit);
        QVERIFY(!desk.page.escape());
    }

    void aWeightTellsItsPatterns() {
        RecallDesk desk;
        auto* weights = desk.page.findChild<WeightsPanel*>();
        desk.find<Map>("memory.recall.weights")->choose({17, 80});
        const QString story = weights->story();
        QVERIFY2(story.startsWith(QLatin1String("row 1, column 1 and row 5, column 0: W = ")), qPrintable(story));
        for (const char* name : {"skull", "apple", "key", "boat", "made by"})
            QVERIFY2(story.contains(QLatin1String(name)), qPrintable(story));
        desk.find<Map>("memory.recall.weights")->choose({17, 17});
        QVERIFY(weights->story().contains(QLatin1String("no weight to itself")));
    }

    void theTableCountsWrongPixelsByEveryRule() {
        RecallDesk desk;
        const auto* table = desk.find<RecallTable>("memory.recall.table");
        for (const StorageRule* rule : storageRules()) QCOMPARE(table->wrong(0, std::string(rule->name)).value_or(-1), 0);
        for (std::size_t pattern = 0; pattern < 4; ++pattern)
            QCOMPARE(table->wrong(pattern, "pseudo-inverse-zero-diagonal").value_or(-1), 0);
        for (std::size_t pattern = 0; pattern < 4; ++pattern) QCOMPARE(table->wrong(pattern, "modern").value_or(-1), 0);
        // The same recall as the one that is played.
        desk.set([](MemoryValue& value) {
            value.chosen = 1;
            value.askAgain();
        });
        QTRY_COMPARE_WITH_TIMEOUT(desk.tab().study()->value.chosen, 1, lab::patience);
        QCOMPARE(table->wrong(1, "hebb").value_or(-1), desk.tab().study()->wrongAfter(desk.tab().study()->updates()));
    }

    void theRuleIsChosen() {
        RecallDesk desk;
        auto* rules = desk.find<SegmentedControl>("memory.recall.rule");
        emit rules->chosen(2);
        QCOMPARE(desk.state().value().rule, std::string(storageRules()[2]->name));
        desk.settle();
        QTRY_COMPARE_WITH_TIMEOUT(desk.tab().study()->net->rule().name, storageRules()[2]->name, lab::patience);
        QCOMPARE(rules->current(), 2);
    }

    void capacityIsMeasuredOnTheSpot() {
        RecallDesk desk;
        desk.set([](MemoryValue& value) { value = smallMemory(); });
        auto* capacity = desk.page.findChild<CapacityPanel*>();
        capacity->setDraws(2);
        desk.click("memory.capacity.start");
        QVERIFY(capacity->measuring());
        QTRY_VERIFY_WITH_TIMEOUT(!capacity->measuring(), lab::patience);
        QCOMPARE(capacity->plot().series().size(), storageRules().size());
        QVERIFY(capacity->plot().series()[0].x.size() > 3);
        QCOMPARE(capacity->plot().scene().hand->x, 3.0 / 25);
        QCOMPARE(capacity->plot().scene().marks.front().x, hebbCapacity);
        emit desk.find<SegmentedControl>("memory.capacity.shows")->chosen(1);
        QVERIFY(capacity->plot().series()[0].y.back() <= 1);
    }

    void measuringIsCancelledAndKeepsWhatThereIs() {
        RecallDesk desk;
        auto* capacity = desk.page.findChild<CapacityPanel*>();
        capacity->setDraws(1000);
        desk.click("memory.capacity.start");
        QTRY_VERIFY_WITH_TIMEOUT(!capacity->plot().series().empty(), lab::patience);
        QVERIFY(desk.page.escape());
        QVERIFY(!capacity->measuring());
        QVERIFY(!capacity->plot().series().empty());
        QCOMPARE(desk.find<QAbstractButton>("memory.capacity.start")->text(), QStringLiteral("Again"));
    }

    void basinsAreMeasured() {
        RecallDesk desk;
        desk.set([](MemoryValue& value) { value = smallMemory(); });
        auto* shows = desk.find<SegmentedControl>("memory.capacity.shows");
        shows->setCurrent(2);
        emit shows->chosen(2);
        auto* capacity = desk.page.findChild<CapacityPanel*>();
        capacity->setDraws(2);
        capacity->start();
        QTRY_VERIFY_WITH_TIMEOUT(!capacity->measuring(), lab::patience);
        QCOMPARE(capacity->plot().series().size(), storageRules().size());
        const PlotSeries& kept = capacity->plot().series()[2];  // of the pseudo-inverse every pattern is at rest
        QCOMPARE(kept.x.back(), 1.0);
        QCOMPARE(kept.y.back(), 1.0);
    }

    void picturesAreOpenedAndSaved() {
        RecallDesk desk;
        QTemporaryDir folder;
        const auto path = [&folder](const char* name) { return folder.filePath(QString::fromLatin1(name)); };
        auto* panel = desk.page.findChild<PatternsPanel*>();
        panel->save(path("all.pbm"));
        QCOMPARE(panel->problem(), QString());
        panel->open({path("all.pbm")});
        QCOMPARE(desk.state().value().patterns.size(), std::size_t{8});
        QVERIFY(desk.state().value().patterns[4].states == desk.state().value().patterns[0].states);
        QCOMPARE(desk.state().value().patterns[4].name, std::string("skull 2"));

        QImage image(64, 64, QImage::Format_ARGB32);
        image.fill(Qt::transparent);
        for (int y = 0; y < 32; ++y)
            for (int x = 0; x < 64; ++x) image.setPixelColor(x, y, Qt::black);
        QVERIFY(image.save(path("half.png")));
        panel->open({path("half.png")});
        const Pattern& half = desk.state().value().patterns[8];
        QCOMPARE(half.name, std::string("half"));
        QCOMPARE(onCount(half.states), 128);
        QVERIFY(half.isOn(0, 0) && !half.isOn(15, 15));
        QVERIFY(image.scaled(1200, 1200).save(path("large.png")));
        panel->open({path("large.png")});
        QVERIFY(desk.state().value().patterns[9].states == desk.state().value().patterns[8].states);
    }

    void aBadFileGetsASentenceWithItsPlace() {
        RecallDesk desk;
        QTemporaryDir folder;
        const QString bad = folder.filePath(QStringLiteral("bad.txt")), small = folder.filePath(QStringLiteral("small.txt"));
        const auto write = [](const QString& path, const QByteArray& text) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
        };
        write(bad, "0101\n01x1\n");
        write(small, "01\n10\n");
        auto* panel = desk.page.findChild<PatternsPanel*>();
        panel->open({bad});
        QVERIFY2(panel->problem().contains(QLatin1String("bad.txt:2")), qPrintable(panel->problem()));
        panel->open({small});
        QVERIFY2(panel->problem().contains(QLatin1String("2 x 2")), qPrintable(panel->problem()));
        panel->open({folder.filePath(QStringLiteral("nothing.png"))});
        QVERIFY2(panel->problem().contains(QLatin1String("nothing.png")), qPrintable(panel->problem()));
        QCOMPARE(desk.state().value().patterns.size(), std::size_t{4});
    }

    void aDroppedFileIsStored() {
        RecallDesk desk;
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("boats.txt"));
        desk.page.findChild<PatternsPanel*>()->save(path);
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter(QPoint(300, 300), Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&desk.tab(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(300, 300), Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&desk.tab(), &drop);
        QCOMPARE(desk.state().value().patterns.size(), std::size_t{8});
    }

    void everythingIsExported() {
        RecallDesk desk;
        desk.clock().show(200);
        std::set<QString> names;
        for (const FigureOffer& offer : desk.tab().figures()) {
            names.insert(offer.name);
            const std::unique_ptr<Figure> figure = offer.make();
            QVERIFY2(figure && !figure->table().rows.empty(), qPrintable(offer.name));
            QVERIFY(offer.still);
            QVERIFY2(figure->caption.contains(QLatin1String("Hopfield memory, Hebb")), qPrintable(figure->caption));
        }
        for (const char* name : {"Remembering", "Why a pixel flips", "Weights of the net", "Wrong pixels by rule"})
            QVERIFY2(names.contains(QString::fromLatin1(name)), name);
        const FigureOffer first = desk.tab().figures().front();
        const auto film = first.makeFilm();
        QVERIFY(film->count() > 10);
        QCOMPARE(film->stepOf(film->count() - 1), std::int64_t{desk.clock().last()});
        QSignalSpy ready(film.get(), &FilmSource::ready);
        film->request(3);
        QTRY_COMPARE(ready.size(), 1);
    }

    void aSessionBringsTheUpdateBack() {
        QJsonObject notes;
        {
            RecallDesk desk;
            desk.set([](MemoryValue& value) { value.noise = 20, value.askAgain(); });
            QTRY_COMPARE_WITH_TIMEOUT(desk.tab().study()->value.noise, 20, lab::patience);
            desk.clock().show(123);
            notes = desk.page.notes();
        }
        {
            RecallDesk desk;
            desk.page.takeNotes(notes);
            QCOMPARE(desk.page.notes(), notes);  // before its recall is there
        }
        RecallDesk desk;
        desk.page.takeNotes(notes);
        QTRY_COMPARE_WITH_TIMEOUT(desk.clock().shown(), 123, lab::patience);
        QCOMPARE(desk.state().value().noise, 20);
    }

    void partsHaveNamesForScreenReaders() {
        RecallDesk desk;
        for (const QWidget* widget : desk.page.findChildren<QWidget*>()) {
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible()) continue;
            const bool named = !widget->accessibleName().isEmpty() || qobject_cast<const QAbstractButton*>(widget);
            QVERIFY2(named, qPrintable(widget->objectName() + QLatin1Char(' ') + QString::fromLatin1(widget->metaObject()->className())));
        }
    }

    void oneAmberButtonStandsOnItsBars() {
        RecallDesk desk;
        const OwnBars bars = desk.page.ownBars();
        QVERIFY(bars.transport && bars.input && bars.timeline);
        QCOMPARE(bars.transport->findChildren<PrimaryButton*>().size(), 1);
        QVERIFY(desk.page.findChildren<PrimaryButton*>().isEmpty());
        bars.transport->findChild<PrimaryButton*>()->click();
        QVERIFY(desk.clock().playing());
        desk.clock().reset();
        for (QWidget* bar : {bars.transport, bars.input, bars.timeline}) delete bar;
    }

    void theQueryRowAsksAndSpoils() {
        RecallDesk desk;
        const OwnBars bars = desk.page.ownBars();
        const auto click = [&bars](const char* name) { bars.input->findChild<QAbstractButton*>(QString::fromLatin1(name))->click(); };
        click("memory.query.next");
        QCOMPARE(desk.state().value().chosenPattern()->name, std::string("apple"));
        click("memory.query.previous");
        click("memory.query.previous");
        QCOMPARE(desk.state().value().chosenPattern()->name, std::string("boat"));
        const Pattern before = desk.state().value().query;
        click("memory.query.new_noise");
        QVERIFY(desk.state().value().query != before);
        click("memory.query.erase");
        QVERIFY(!desk.state().value().asksByNoise());
        QVERIFY(!desk.state().value().query.isOn(15, 3));
        desk.state().undo();
        QVERIFY(desk.state().value().asksByNoise());
        for (QWidget* bar : {bars.transport, bars.input, bars.timeline}) delete bar;
    }
};

QTEST_MAIN(RecallTabTest)
#include "recall_tab_test.moc"
