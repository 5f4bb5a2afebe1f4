#include <QTest>

#include "core/patterns/tile_plan.h"
#include "tests/core/patterns/pattern_testing.h"

using namespace lab;

namespace {

/// A pattern that says nothing about tiles: keys at a distance of 3, 6, ..., never the query itself.
bool sameThird(const PatternFrame&, int i, int j) {
    return i != j && i % 3 == j % 3;
}
constinit const PatternSpec ownPattern{"third", LAB_TEXT("test", "i = j (mod 3)"), {}, sameThird};

/// How often the plan holds each pair, [n, n].
std::vector<int> heldBy(const TilePlan& plan) {
    const int n = plan.keys;
    std::vector<int> held(static_cast<std::size_t>(n * n));
    for (const Tile& tile : plan.tiles) {
        std::vector<char> shown(static_cast<std::size_t>(tile.queries * tile.columns), 1);
        for (const Blank& b : tile.blanks)
            std::fill(shown.begin() + b.row * tile.columns + b.begin, shown.begin() + b.row * tile.columns + b.end, 0);
        for (int row = 0; row < tile.queries; ++row)
            for (const KeySegment& s : tile.segments)
                for (int k = 0; k < s.count; ++k)
                    held[static_cast<std::size_t>((tile.firstQuery + row) * n + s.begin + k * s.step)] +=
                        shown[static_cast<std::size_t>(row * tile.columns + s.column + k)];
    }
    return held;
}

void verifyExact(const Visibility& visibility, int n) {
    const std::vector<int> held = heldBy(TilePlan(visibility, n, n));
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) QCOMPARE(held[static_cast<std::size_t>(i * n + j)], visibility.mayAttend(i, j, n) ? 1 : 0);
}

}  // namespace

class TilePlanTest : public QObject {
    Q_OBJECT

private slots:
    void tilesHoldExactlyWhatIsSeen() {
        for (const PatternSpec* row : PatternSpec::table())
            for (const bool causal : {false, true})
                for (const bool masked : {false, true})
                    for (const int n : {1, 2, 7, 33, 100, 300})
                        for (const int window : {0, 1, 5, 400}) {
                            PatternConfig pattern = testing::smallPattern(row->name);
                            pattern.parameters.set("window", window);
                            verifyExact(Visibility(pattern, causal, masked), n);
                        }
    }

    /// Training computes no pair that a window with gaps leaves out.
    void aDilatedWindowComputesItsOwnPairsAlone() {
        for (const int dilation : {2, 3, 5})
            for (const bool causal : {false, true}) {
                const Visibility visibility({"dilated", {{"window", 3}, {"dilation", dilation}}}, causal, false);
                const int n = 64;
                std::size_t pairs = 0;
                for (int i = 0; i < n; ++i)
                    for (int j = 0; j < n; ++j) pairs += visibility.mayAttend(i, j, n);
                QCOMPARE(TilePlan(visibility, n, n).storedWeights, pairs);
            }
    }

    void aPatternNeedsToSayNothingAboutTiles() {
        for (const bool causal : {false, true})
            for (const int n : {1, 2, 31, 100}) verifyExact(Visibility({Kind<PatternSpec>(ownPattern), {}}, causal, false), n);
    }

    void aWindowStoresNothingQuadratic() {
        for (const char* kind : {"sliding-window", "longformer", "bigbird"}) {
            PatternConfig pattern = testing::smallPattern(kind);
            pattern.parameters.set("window", 32);
            const Visibility visibility(pattern, false, false);
            const auto perToken = [&](int n) { return static_cast<double>(TilePlan(visibility, n, n).storedWeights) / n; };
            QVERIFY2(perToken(4096) <= 1.15 * perToken(1024), kind);
        }
    }

    /// Layers of one model may see differently and share the plans of a thread.
    void keptPlansAreToldApartByEverythingThatIsSeen() {
        const PatternConfig narrow{"sliding-window", {{"window", 1}}}, wide{"sliding-window", {{"window", 3}}};
        const PatternConfig longformer{"longformer", {{"window", 1}, {"globals", 1}}}, more{"longformer", {{"window", 1}, {"globals", 2}}};
        const std::vector<Visibility> all{Visibility(),
                                          Visibility({}, true, false),
                                          Visibility({}, false, true),
                                          Visibility({}, true, true),
                                          Visibility(narrow, false, false),
                                          Visibility(wide, false, false),
                                          Visibility(wide, true, false),
                                          Visibility(wide, false, true),
                                          Visibility(longformer, false, false),
                                          Visibility(more, false, false)};
        TilePlans plans;
        std::vector<const TilePlan*> kept;
        for (const Visibility& visibility : all) kept.push_back(&plans.get(visibility, 6, 6));
        for (std::size_t k = 0; k < all.size(); ++k) {
            QCOMPARE(&plans.get(all[k], 6, 6), kept[k]);
            for (int i = 0; i < 6; ++i)
                for (int j = 0; j < 6; ++j)
                    QCOMPARE(heldBy(*kept[k])[static_cast<std::size_t>(i * 6 + j)], all[k].mayAttend(i, j, 6) ? 1 : 0);
        }
        QVERIFY(&plans.get(all[0], 6, 7) != kept[0]);
        QVERIFY(&plans.get(all[0], 7, 6) != kept[0]);
        QCOMPARE(plans.get(all[0], 7, 6).queries, 7);
    }
};

QTEST_APPLESS_MAIN(TilePlanTest)
#include "tile_plan_test.moc"
