#include "ui/pages/memory/memory_state.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QtTest>

#include "ui/pages/memory/pattern_edits.h"

using namespace lab;

class MemoryStateTest : public QObject {
    Q_OBJECT

private slots:
    void itBeginsWithFourIconsAndANoisySkull() {
        const MemoryState state;
        QCOMPARE(state.value().patterns.size(), std::size_t{4});
        QCOMPARE(state.value().chosenPattern()->name, std::string("skull"));
        QCOMPARE(differing(state.value().query.states, state.value().chosenPattern()->states), 77);  // 30 % of 256
        QVERIFY(state.value().asksByNoise());
        QVERIFY(!state.canUndo());
        QVERIFY(state.notes().isEmpty());
    }

    void aDeletedPatternComesBack() {
        MemoryState state;
        const MemoryValue before = state.value();
        state.edit(withoutChosen(before), QStringLiteral("Delete skull"));
        QCOMPARE(state.value().patterns.size(), std::size_t{3});
        QCOMPARE(state.value().chosenPattern()->name, std::string("apple"));
        QCOMPARE(state.undoName(), QStringLiteral("Delete skull"));
        state.undo();
        QVERIFY(state.value() == before);
        QCOMPARE(state.redoName(), QStringLiteral("Delete skull"));
        state.redo();
        QCOMPARE(state.value().patterns.size(), std::size_t{3});
    }

    void aStrokeIsUndoneAsOne() {
        MemoryState state;
        const MemoryValue before = state.value();
        const auto draw = [&state](std::size_t pixel, int stroke) {
            Pattern drawn = *state.value().chosenPattern();
            drawn.states[pixel] = static_cast<std::int8_t>(-drawn.states[pixel]);
            state.edit(withChosen(state.value(), drawn), QStringLiteral("Draw"), stroke);
        };
        const int first = state.newStroke();
        for (std::size_t pixel = 0; pixel < 5; ++pixel) draw(pixel, first);
        const MemoryValue between = state.value();
        const int second = state.newStroke();
        draw(7, second);
        state.undo();
        QVERIFY(state.value() == between);
        state.undo();
        QVERIFY(state.value() == before);
        QVERIFY(!state.canUndo());
    }

    void undoLeavesTheRuleAlone() {
        MemoryState state;
        state.edit(withoutChosen(state.value()), QStringLiteral("Delete"));
        MemoryValue other = state.value();
        other.rule = "storkey";
        other.synchronous = true;
        other.beta = 2;
        state.set(other);
        state.undo();
        QCOMPARE(state.value().rule, std::string("storkey"));
        QVERIFY(state.value().synchronous);
        QCOMPARE(state.value().beta, 2.0);
        QCOMPARE(state.value().patterns.size(), std::size_t{4});
    }

    void aQueryByHandIsNotLostByAClick() {
        MemoryState state;
        MemoryValue drawn = state.value();
        drawn.query = blankPattern(16, 16);
        state.edit(drawn, QStringLiteral("Clear the query"));
        state.ask(withAsked(state.value(), 2), QStringLiteral("Another pattern"));
        QVERIFY(state.value().asksByNoise());
        state.undo();
        QCOMPARE(onCount(state.value().query.states), 0);
        QCOMPARE(state.value().chosen, 0);
    }

    void aQueryByNoiseFollowsItsPattern() {
        MemoryState state;
        state.edit(withChosen(state.value(), inverted(*state.value().chosenPattern())), QStringLiteral("Invert"));
        QVERIFY(state.value().asksByNoise());
        QCOMPARE(differing(state.value().query.states, state.value().chosenPattern()->states), 77);
    }

    void notesOfTheSameValueTellThatNothingIsLeftToUndo() {
        MemoryState state;
        state.edit(withoutChosen(state.value()), QStringLiteral("Delete"));
        state.undo();
        QVERIFY(state.canRedo());
        QSignalSpy changed(&state, &MemoryState::changed);
        state.takeNotes({});
        QCOMPARE(changed.count(), 1);
        QVERIFY(!state.canRedo() && !state.canUndo());
        state.takeNotes({});
        QCOMPARE(changed.count(), 1);
    }

    void undoOfLargeMemoriesIsBounded() {
        MemoryState state;
        MemoryValue value = state.value();
        value.patterns = randomPatterns(mostPatterns, 32, 32, 0, 1);
        state.set(value);
        for (int edit = 0; edit < 120; ++edit) {
            value = state.value();
            auto& pixel = value.query.states[0];
            pixel = static_cast<std::int8_t>(-pixel);
            state.edit(value, QStringLiteral("Draw"));
        }
        int undone = 0;
        for (; state.canUndo(); ++undone) state.undo();
        QVERIFY2(undone > 40 && undone < 100, qPrintable(QString::number(undone)));
    }

    void namesAreUnique() {
        MemoryState state;
        state.edit(withAdded(state.value(), {*state.value().chosenPattern(), *state.value().chosenPattern()}), QStringLiteral("Add"));
        QCOMPARE(state.value().patterns[4].name, std::string("skull 2"));
        QCOMPARE(state.value().patterns[5].name, std::string("skull 3"));
        QCOMPARE(state.value().chosen, 4);
    }

    void thereIsRoomForTwoHundred() {
        MemoryState state;
        state.edit(withAdded(state.value(), randomPatterns(250, 16, 16, 0, 1)), QStringLiteral("Add"));
        QCOMPARE(state.value().patterns.size(), std::size_t{200});
    }

    void valuesOutOfRangeArePutRight() {
        MemoryState state;
        MemoryValue wrong = state.value();
        wrong.chosen = 99;
        wrong.noise = 400;
        wrong.beta = std::nan("");
        wrong.rule = "nothing of the kind";
        wrong.patterns.push_back(blankPattern(3, 5, "small"));
        state.set(wrong);
        QCOMPARE(state.value().chosen, 3);
        QCOMPARE(state.value().noise, 100);
        QCOMPARE(state.value().beta, 1.0 / 16);
        QCOMPARE(state.value().rule, std::string("hebb"));
        QCOMPARE(state.value().patterns.size(), std::size_t{4});
    }

    void everythingMayBeDeleted() {
        MemoryState state;
        for (int i = 0; i < 5; ++i) state.edit(withoutChosen(state.value()), QStringLiteral("Delete"));
        QCOMPARE(state.value().chosen, -1);
        QVERIFY(!state.value().chosenPattern());
        QCOMPARE(state.value().query.pixels(), 256);
        for (int i = 0; i < 4; ++i) state.undo();
        QCOMPARE(state.value().patterns.size(), std::size_t{4});
    }

    void notesBringItBack() {
        MemoryState state;
        MemoryValue value = state.value();
        value.rule = "pseudo-inverse";
        value.synchronous = true;
        value.seed = 0xfedcba9876543210U;
        value.beta = 3.5;
        value.noise = 12;
        value = withAdded(value, randomPatterns(3, 16, 16, 0.2, 5));
        value.query = lowerHalfErased(value.query);
        state.edit(value, QStringLiteral("Much"));
        const QByteArray written = QJsonDocument(state.notes()).toJson();
        MemoryState other;
        other.takeNotes(QJsonDocument::fromJson(written).object());
        QVERIFY(other.value() == state.value());
        QVERIFY(!other.canUndo());
        other.takeNotes({});
        QVERIFY(other.value() == firstMemory());
    }

    void spoiltNotesAreLeftOut() {
        MemoryState state;
        QJsonObject notes = withBoats(state);
        QJsonArray patterns = notes[QStringLiteral("patterns")].toArray();
        QJsonObject spoilt = patterns[1].toObject();
        spoilt[QStringLiteral("pixels")] = QStringLiteral("01x");
        patterns[1] = spoilt;
        patterns.append(QJsonObject{{QStringLiteral("rows"), 1000000}, {QStringLiteral("columns"), 1000000}});
        notes[QStringLiteral("patterns")] = patterns;
        notes[QStringLiteral("noise")] = QStringLiteral("much");
        notes[QStringLiteral("query")] = 7;
        state.takeNotes(notes);
        QCOMPARE(state.value().patterns.size(), std::size_t{4});
        QCOMPARE(state.value().noise, 30);
        QCOMPARE(state.value().query.pixels(), 256);
    }

private:
    static QJsonObject withBoats(MemoryState& state) {
        state.edit(withAdded(state.value(), {state.value().patterns[3]}), QStringLiteral("Add"));
        return state.notes();
    }
};

QTEST_MAIN(MemoryStateTest)
#include "memory_state_test.moc"
