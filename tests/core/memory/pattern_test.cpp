#include "core/memory/pattern.h"

#include <QtTest>
#include <cmath>

#include "core/memory/icons.h"

using namespace lab;

namespace {

Pattern ell() {
    return {"L", 3, 2, {1, -1, 1, -1, 1, 1}};
}

}  // namespace

class PatternTest : public QObject {
    Q_OBJECT

private slots:
    void comparing() {
        const States x{1, 1, -1, -1}, y{1, -1, -1, 1};
        QCOMPARE(overlap(x, y), 0.0);
        QCOMPARE(overlap(x, x), 1.0);
        QCOMPARE(overlap(x, States{-1, -1, 1, 1}), -1.0);
        QCOMPARE(differing(x, y), 2);
        QCOMPARE(onCount(x), 2);
        QCOMPARE(blankPattern(3, 2).states, States(6, -1));
        QVERIFY(ell().isOn(2, 1) && !ell().isOn(0, 1));
    }

    void inverting() {
        QCOMPARE(inverted(ell()).states, States({-1, 1, -1, 1, -1, -1}));
        QCOMPARE(inverted(inverted(ell())), ell());
    }

    void shiftingWraps() {
        QCOMPARE(shifted(ell(), 1, 0).states, States({1, 1, 1, -1, 1, -1}));
        QCOMPARE(shifted(ell(), 0, 1).states, States({-1, 1, -1, 1, 1, 1}));
        QCOMPARE(shifted(ell(), -3, 4), ell());
        QCOMPARE(shifted(shifted(ell(), 2, 1), -2, -1), ell());
    }

    void noiseFlipsExactlySoMany() {
        const Pattern& icon = iconPatterns().front();
        for (int count = 0; count <= 256; count += 16) QCOMPARE(differing(withFlips(icon, count, 7).states, icon.states), count);
        QCOMPARE(withFlips(icon, 300, 7).states, inverted(icon).states);
        QCOMPARE(withFlips(icon, -1, 7), icon);
        QCOMPARE(differing(withNoise(icon, 0.3, 1).states, icon.states), 77);
        QCOMPARE(withNoise(icon, 0.3, 1), withNoise(icon, 0.3, 1));
        QVERIFY(withNoise(icon, 0.3, 1) != withNoise(icon, 0.3, 2));
        // More noise of the same seed keeps what less has flipped.
        const States less = withFlips(icon, 20, 3).states, more = withFlips(icon, 60, 3).states;
        for (std::size_t i = 0; i < less.size(); ++i)
            if (less[i] != icon.states[i]) QCOMPARE(more[i], less[i]);
    }

    void noiseTouchesEveryPixelAlike() {
        std::vector<int> flips(25, 0);
        const Pattern blank = blankPattern(5, 5);
        for (std::uint64_t seed = 0; seed < 4000; ++seed) {
            const States noisy = withFlips(blank, 5, seed).states;
            for (std::size_t i = 0; i < 25; ++i) flips[i] += noisy[i] > 0;
        }
        for (const int count : flips) QVERIFY2(std::abs(count - 800) < 110, qPrintable(QString::number(count)));  // 800 +- 4 deviations
    }

    void theLowerHalfGoes() {
        QCOMPARE(lowerHalfErased({"a", 4, 1, {1, 1, 1, 1}}).states, States({1, 1, -1, -1}));
        QCOMPARE(lowerHalfErased({"a", 3, 1, {1, 1, 1}}).states, States({1, 1, -1}));
    }

    void randomSetsHaveTheirCorrelation() {
        for (const double correlation : {0.0, 0.25, 0.6, 1.0}) {
            const auto patterns = randomPatterns(30, 32, 32, correlation, 5);
            double sum = 0;
            int pairs = 0;
            for (std::size_t a = 0; a < patterns.size(); ++a)
                for (std::size_t b = a + 1; b < patterns.size(); ++b, ++pairs) sum += overlap(patterns[a].states, patterns[b].states);
            QVERIFY2(std::abs(sum / pairs - correlation) < 0.03, qPrintable(QString::number(sum / pairs)));
            QVERIFY(std::abs(overlap(patterns[0].states, blankPattern(32, 32).states)) < 0.15);
        }
        const auto few = randomPatterns(3, 4, 4, 0.2, 1), more = randomPatterns(5, 4, 4, 0.2, 1);
        QVERIFY(std::equal(few.begin(), few.end(), more.begin()));
        QCOMPARE(few[2].name, std::string("3"));
    }

    void greyPicturesBecomeBlackAndWhite() {
        // A dark square in the middle of a light picture, larger and smaller than the pattern.
        for (const int size : {4, 16, 40, 64}) {
            std::vector<std::uint8_t> grey(static_cast<std::size_t>(size * size), 230);
            for (int row = size / 4; row < size * 3 / 4; ++row)
                for (int column = size / 4; column < size * 3 / 4; ++column) grey[static_cast<std::size_t>(row * size + column)] = 20;
            const Pattern pattern = thresholded(grey, size, size);
            QCOMPARE(onCount(pattern.states), 64);
            QVERIFY(pattern.isOn(4, 4) && pattern.isOn(11, 11) && !pattern.isOn(3, 4) && !pattern.isOn(12, 11));
        }
        // Twice as wide as high: above and below it is off.
        const std::vector<std::uint8_t> wide{0, 255, 255, 0};
        const Pattern pattern = thresholded(wide, 1, 4, 8, 8);
        for (int row = 0; row < 8; ++row)
            for (int column = 0; column < 8; ++column)
                QCOMPARE(pattern.isOn(row, column), (row == 3 || row == 4) && (column < 2 || column > 5));
        QCOMPARE(onCount(thresholded(std::vector<std::uint8_t>(9, 100), 3, 3).states), 0);
    }
};

QTEST_APPLESS_MAIN(PatternTest)
#include "pattern_test.moc"
