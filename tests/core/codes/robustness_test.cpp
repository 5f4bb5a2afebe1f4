#include "core/codes/robustness.h"

#include <QtTest>
#include <set>

#include "core/codes/code_sentences.h"
#include "core/codes/drawn_changes.h"
#include "tests/core/codes/codes_testing.h"

using namespace lab;
using namespace lab::testing;
using codes::Code;
using codes::Symbols;

namespace {

bool alike(double a, double b) {
    return std::abs(a - b) < 1e-9;
}

}  // namespace

class RobustnessTest : public QObject {
    Q_OBJECT

private slots:
    /// All changes of a few sequences, one by one.
    void changedSymbolsAreCountedOneByOne() {
        const CodedModel coded;
        const codes::RobustnessQuestion question{.sequences = 6};
        const auto table = codes::symbolRobustness(coded.coder, coded.task.experiment, coded.set, question);
        const double largest = codes::largestNumber(coded.coder.shape()).toDouble();
        int changes = 0, unnoticed = 0, exact = 0, ofSecond = 0;
        double slotsChanged = 0, move = 0;
        for (std::size_t i = 0; i < 6; ++i)
            for (std::size_t p = 0; p < 4; ++p)
                for (int symbol = 0; symbol < 5; ++symbol) {
                    Symbols changed = coded.set.sequences[i];
                    if (changed[p] == symbol) continue;
                    changed[p] = symbol;
                    const Code before = coded.coder.codeOf(coded.set.sequences[i]), after = coded.coder.codeOf(changed);
                    const auto apart = codes::differingPositions(before, after).size();
                    ++changes;
                    ofSecond += p == 1;
                    unnoticed += apart == 0;
                    slotsChanged += static_cast<double>(apart);
                    const double from = codes::numberOf(coded.coder.shape(), before).toDouble();
                    move += std::abs(codes::numberOf(coded.coder.shape(), after).toDouble() - from) / largest;
                    exact += coded.coder.decoded(after, {5, 4}) == changed;
                }
        QCOMPARE(table->possible, std::int64_t{6 * 4 * 4});
        QCOMPARE(table->all.changes, changes);
        QCOMPARE(table->all.unnoticed, unnoticed);
        QVERIFY(alike(table->all.slotsChanged, slotsChanged / changes));
        QVERIFY(std::abs(table->all.move - move / changes) < 1e-6);
        QCOMPARE(table->all.exact, std::optional(Tally{exact, changes}));
        QCOMPARE(table->byPosition.size(), std::size_t{4});
        QCOMPARE(table->byPosition[1].changes, ofSecond);
        QCOMPARE(table->bySlots.size(), std::size_t{4});
        QCOMPARE(table->bySlots[0], unnoticed);
        QCOMPARE(table->bySlots[0] + table->bySlots[1] + table->bySlots[2] + table->bySlots[3], changes);
    }

    void flippedSlotsAreCountedOneByOne() {
        const CodedModel coded;
        const auto table = codes::slotRobustness(coded.coder, coded.set, {.sequences = 5});
        int flips = 0, unnoticed = 0;
        double changed = 0, ofSlot = 0, lastPosition = 0;
        for (std::size_t i = 0; i < 5; ++i) {
            const Code code = coded.coder.codeOf(coded.set.sequences[i]);
            const Symbols before = slowlyDecoded(coded, code, {5, 4});
            for (std::size_t m = 0; m < 3; ++m)
                for (int c = 0; c < 3; ++c) {
                    Code other = code;
                    other[m] = c;
                    if (other == code) continue;
                    const auto positions = codes::differingPositions(before, slowlyDecoded(coded, other, {5, 4}));
                    ++flips;
                    unnoticed += positions.empty();
                    changed += static_cast<double>(positions.size());
                    if (m != 2) continue;
                    ofSlot += static_cast<double>(positions.size());
                    lastPosition += static_cast<double>(std::ranges::count(positions, 3));
                }
        }
        QCOMPARE(table->possible, std::int64_t{5 * 3 * 2});
        QCOMPARE(table->all.flips, flips);
        QCOMPARE(table->all.unnoticed, unnoticed);
        QVERIFY(alike(table->all.positions, changed / flips));
        QCOMPARE(table->bySlot[2].slot, 2);
        QVERIFY(alike(table->bySlot[2].positions, ofSlot / 10));
        QVERIFY(alike(table->positions[2 * 4 + 3], lastPosition / 10));
        QCOMPARE(table->byPositions.size(), std::size_t{5});
        QCOMPARE(table->byPositions[0], unnoticed);
    }

    void manyChangesAreDrawn() {
        const CodedModel coded;
        const codes::RobustnessQuestion question{.sequences = 50, .mostChanges = 30};
        const auto symbols = codes::symbolRobustness(coded.coder, coded.task.experiment, coded.set, question);
        QCOMPARE(symbols->all.changes, 30);
        QVERIFY(symbols->possible > 30);
        QCOMPARE(codes::slotRobustness(coded.coder, coded.set, question)->all.flips, 30);
        const std::vector<std::int64_t> drawn = codes::drawnOf(1000, 100, 7);
        QCOMPARE((std::set<std::int64_t>(drawn.begin(), drawn.end())).size(), std::size_t{100});
        QVERIFY(drawn.front() >= 0 && drawn.back() < 1000);
        QCOMPARE(codes::drawnOf(1000, 100, 7), drawn);
        QVERIFY(codes::drawnOf(1000, 100, 8) != drawn);
        QCOMPARE(codes::drawnOf(3, 100, 7), (std::vector<std::int64_t>{0, 1, 2}));
        QVERIFY(codes::drawnOf(0, 100, 7).empty());
    }

    void aSingleSymbolCannotChange() {
        codes::SymbolRobustness none;
        QVERIFY(codes::symbolSentence(none).english().find("no symbol") != std::string::npos);
        QVERIFY(codes::slotSentence({}).english().find("no slot") != std::string::npos);
        const CodedModel coded;
        QVERIFY(!codes::symbolRobustness(coded.coder, coded.task.experiment, coded.set, {}, [](double) { return false; }));
        QVERIFY(!codes::slotRobustness(coded.coder, coded.set, {}, [](double) { return false; }));
    }
};

QTEST_GUILESS_MAIN(RobustnessTest)
#include "robustness_test.moc"
