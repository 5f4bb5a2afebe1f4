#include "core/memory/recall_end.h"

#include <QtTest>

#include "core/memory/icons.h"
#include "core/memory/recall.h"
#include "tests/core/memory/memory_testing.h"

using namespace lab;
using namespace lab::memory_testing;

namespace {

States mixed(const std::vector<Pattern>& patterns, std::array<int, 3> three, std::array<int, 3> signs) {
    States state;
    for (std::size_t i = 0; i < patterns.front().states.size(); ++i) {
        int sum = 0;
        for (std::size_t k = 0; k < 3; ++k) sum += signs[k] * patterns[static_cast<std::size_t>(three[k])].states[i];
        state.push_back(sum > 0 ? 1 : -1);
    }
    return state;
}

QString textOf(const std::vector<Pattern>& patterns, const States& state) {
    return QString::fromStdString(stateText(namedState(patterns, state), patterns).english());
}

}  // namespace

class RecallEndTest : public QObject {
    Q_OBJECT

private slots:
    void patternsAndInversesAreNamed() {
        const std::vector<Pattern>& icons = iconPatterns();
        for (std::size_t k = 0; k < icons.size(); ++k) {
            const NamedState same = namedState(icons, icons[k].states), inverse = namedState(icons, inverted(icons[k]).states);
            QCOMPARE(same.kind, StateKind::pattern);
            QCOMPARE(inverse.kind, StateKind::inverse);
            QCOMPARE(same.patterns[0], static_cast<int>(k));
            QCOMPARE(inverse.patterns[0], static_cast<int>(k));
            QCOMPARE(same.overlap, 1.0);
            QCOMPARE(inverse.overlap, -1.0);
            QCOMPARE(same.differing + inverse.differing, 0);
        }
        QCOMPARE(textOf(icons, icons[0].states), QStringLiteral("skull"));
        QCOMPARE(textOf(icons, inverted(icons[0]).states), QStringLiteral("the inverse of skull"));
    }

    void aPatternThatIsAnothersInverseKeepsItsName() {
        std::vector<Pattern> patterns = randomPatterns(2, 1, 30, 0, 1);
        patterns.push_back(inverted(patterns[0]));
        patterns[2].name = "other";
        QCOMPARE(textOf(patterns, patterns[2].states), QStringLiteral("other"));
        QCOMPARE(textOf(patterns, patterns[0].states), QStringLiteral("1"));
    }

    void everyMixtureOfThreeIsFound() {
        for (const int units : {31, 64, 100, 130}) {
            const std::vector<Pattern> patterns = randomPatterns(7, 1, units, 0, static_cast<std::uint64_t>(units));
            for (int a = 0; a < 7; ++a)
                for (int b = a + 1; b < 7; ++b)
                    for (int c = b + 1; c < 7; ++c)
                        for (int bits = 0; bits < 8; ++bits) {
                            const std::array<int, 3> signs{bits & 1 ? -1 : 1, bits & 2 ? -1 : 1, bits & 4 ? -1 : 1};
                            const NamedState named = namedState(patterns, mixed(patterns, {a, b, c}, signs));
                            QCOMPARE(named.kind, StateKind::mixture);
                            QCOMPARE(mixed(patterns, named.patterns, named.signs), mixed(patterns, {a, b, c}, signs));
                        }
        }
        const std::vector<Pattern>& icons = iconPatterns();
        QCOMPARE(textOf(icons, mixed(icons, {0, 1, 2}, {1, 1, -1})),
                 QStringLiteral("a mixture of three: skull, apple and the inverse of key"));
    }

    /// Against every sum of three, for random states: none is called a mixture that is none, and the other way round.
    void nothingElseIsCalledAMixture() {
        const std::vector<Pattern> patterns = randomPatterns(4, 1, 7, 0, 5);
        int mixtures = 0;
        for (int bits = 0; bits < 128; ++bits) {
            States state;
            for (int i = 0; i < 7; ++i) state.push_back(bits >> i & 1 ? 1 : -1);
            bool isOne = false, isPattern = false;
            for (const Pattern& pattern : patterns) isPattern |= std::abs(overlap(pattern.states, state)) == 1;
            for (int a = 0; a < 4; ++a)
                for (int b = a + 1; b < 4; ++b)
                    for (int c = b + 1; c < 4; ++c)
                        for (int s = 0; s < 8; ++s)
                            isOne |= state == mixed(patterns, {a, b, c}, {s & 1 ? -1 : 1, s & 2 ? -1 : 1, s & 4 ? -1 : 1});
            const StateKind kind = namedState(patterns, state).kind;
            QCOMPARE(kind == StateKind::mixture, isOne && !isPattern);
            mixtures += kind == StateKind::mixture;
        }
        QVERIFY(mixtures > 3 && mixtures < 100);
    }

    void errorsAreCountedFromTheNearest() {
        const std::vector<Pattern>& icons = iconPatterns();
        QCOMPARE(textOf(icons, withFlips(icons[1], 9, 3).states),
                 QStringLiteral("none of the stored ones; the nearest is apple, but for 9 pixels"));
        QCOMPARE(textOf(icons, withFlips(inverted(icons[1]), 1, 3).states),
                 QStringLiteral("none of the stored ones; the nearest is the inverse of apple, but for 1 pixel"));
        const NamedState named = namedState(icons, withFlips(icons[1], 9, 3).states);
        QCOMPARE(named.nearest, 1);
        QCOMPARE(named.overlap, 1 - 18.0 / 256);
    }

    /// Of three random patterns by Hebb's rule the symmetric mixtures are fixed points (Amit, Gutfreund, Sompolinsky 1985).
    void aNetStopsAtMixtures() {
        const HopfieldNet net = randomNet(storageRule("hebb"), 3, 1000, 4);
        const States mixture = mixed(net.patterns(), {0, 1, 2}, {1, 1, 1});
        const States end = recalled(net, withFlips({"", 1, 1000, mixture}, 5, 1).states, RecallMode::asynchronous, 2);
        QCOMPARE(namedState(net.patterns(), end).kind, StateKind::mixture);
        QVERIFY(std::abs(overlap(end, net.patterns()[0].states) - 0.5) < 0.1);
    }

    void manyPatternsAreLookedThrough() {
        const std::vector<Pattern> patterns = randomPatterns(mostPatterns, 16, 16, 0, 8);
        QCOMPARE(namedState(patterns, mixed(patterns, {17, 101, 199}, {1, -1, 1})).patterns, (std::array<int, 3>{17, 101, 199}));
        QCOMPARE(namedState(patterns, stateAtRandom(256, 77)).kind, StateKind::other);
    }
};

QTEST_APPLESS_MAIN(RecallEndTest)
#include "recall_end_test.moc"
