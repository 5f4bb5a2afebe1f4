#include "core/pictures/shapes.h"

#include <QtTest>
#include <cmath>
#include <numbers>
#include <numeric>
#include <set>
#include <thread>

#include "core/pictures/strokes.h"
#include "core/tasks/pictures_config.h"

using namespace lab;

namespace {

constexpr std::uint64_t seed = 42;

/// Light on a canvas of 40 x 40 of one stroke.
Canvas drawnOn40(const Stroke& stroke, float thickness) {
    Canvas canvas{40, 40, std::vector<float>(1600, 0.F)};
    drawStroke(canvas, stroke, thickness, 1);
    return canvas;
}

float sumOf(const Canvas& canvas) {
    return std::accumulate(canvas.light.begin(), canvas.light.end(), 0.F);
}

/// Of a stroke 20 pixels long that begins at 16 places within a pixel.
float meanLightOf20(float thickness, float degrees) {
    const float angle = degrees * std::numbers::pi_v<float> / 180, dx = 10 * std::cos(angle), dy = 10 * std::sin(angle);
    float sum = 0;
    for (int i = 0; i < 16; ++i) {
        const float x = 20 + static_cast<float>(i % 4) / 4, y = 20 + static_cast<float>(i / 4) / 4;
        sum += sumOf(drawnOn40({{x - dx, y - dy}, {x + dx, y + dy}}, thickness));
    }
    return sum / 16;
}

}  // namespace

class ShapesTest : public QObject {
    Q_OBJECT

private slots:
    void aPictureIsAFunctionOfSeedPartAndNumber() {
        const ShapesSource one(seed, "train", 40), again(seed, "train", 1000), test(seed, "test", 40), other(seed + 1, "train", 40);
        for (int i = 39; i >= 0; --i) {  // whatever was asked before
            QCOMPARE(one.picture(i), again.picture(i));
            QCOMPARE(one.labelOf(i), again.labelOf(i));
            QVERIFY(one.picture(i) != test.picture(i));
            QVERIFY(one.picture(i) != other.picture(i));
        }
    }

    /// A part too large to be kept is drawn anew each time.
    void aLargePartHasTheSamePictures() {
        const ShapesSource small(seed, "train", 5), large(seed, "train", 1'000'000'000);
        for (int i = 0; i < 5; ++i) QCOMPARE(large.picture(i), small.picture(i));
        QCOMPARE(large.picture(999'999'999), large.picture(999'999'999));
    }

    void threadsGetTheSamePictures() {
        const ShapesSource alone(seed, "train", 200), shared(seed, "train", 200);
        std::vector<std::vector<std::uint8_t>> pictures(400);
        std::vector<std::thread> threads;
        for (std::size_t t = 0; t < 2; ++t)
            threads.emplace_back([&, t] {
                for (std::size_t i = 0; i < 200; ++i) pictures[2 * i + t] = shared.picture(static_cast<int>(i));
            });
        for (std::thread& thread : threads) thread.join();
        for (std::size_t i = 0; i < 400; ++i) QCOMPARE(pictures[i], alone.picture(static_cast<int>(i / 2)));
    }

    void everyClassIsAsFrequent() {
        const ShapesSource train(seed, "train", 16000);
        std::vector<int> counts(shapeNames.size(), 0);
        for (int i = 0; i < train.count(); ++i) ++counts[static_cast<std::size_t>(train.labelOf(i))];
        for (const int count : counts) QVERIFY2(count > 850 && count < 1150, qPrintable(QString::number(count)));  // 1000, sd 31
    }

    void noTwoPicturesAreAlike() {
        const ShapesSource train(seed, "train", 500);
        std::set<std::vector<std::uint8_t>> pictures;
        for (int i = 0; i < train.count(); ++i) pictures.insert(train.picture(i));
        QCOMPARE(static_cast<int>(pictures.size()), train.count());
    }

    void everyShapeHasStrokesOfItsOwnWithinItsSquare() {
        std::set<std::vector<std::pair<float, float>>> all;
        for (int shape = 0; shape < static_cast<int>(shapeNames.size()); ++shape) {
            std::vector<std::pair<float, float>> points;
            for (const Stroke& stroke : strokesOf(shape)) {
                QVERIFY(stroke.size() >= 2);
                for (const StrokePoint& p : stroke) points.emplace_back(p.x, p.y);
            }
            for (const auto& [x, y] : points)
                QVERIFY2(std::abs(x) <= 1 && std::abs(y) <= 1, shapeNames[static_cast<std::size_t>(shape)].data());
            all.insert(points);
        }
        QCOMPARE(all.size(), shapeNames.size());
    }

    /// Length times thickness, and the pen's round ends: on the mean of places within a pixel, as light goes by the pixels' centres and
    /// a thin slanting line that meets them is up to an eighth brighter.
    void aStrokeIsAsDarkAsItIsLongAndThick() {
        for (const float thickness : {1.F, 2.F, 3.5F})
            for (const float degrees : {0.F, 17.F, 45.F, 90.F, 130.F}) {
                const float expected = thickness * 20 + std::numbers::pi_v<float> * (thickness * thickness / 4 + 1 / 12.F);
                const float share = meanLightOf20(thickness, degrees) / expected;
                QVERIFY2(std::abs(share - 1) < 0.01F, qPrintable(QString("%1 %2: %3").arg(thickness).arg(degrees).arg(share)));
            }
    }

    void whatIsDrawnBesideThePictureIsCutOff() {
        QCOMPARE(sumOf(drawnOn40({{-30, -30}, {-10, 80}}, 3)), 0.F);
        const float whole = sumOf(drawnOn40({{20, 20}, {20, 38}}, 2)), half = sumOf(drawnOn40({{20, 31}, {20, 49}}, 2));
        QVERIFY(half > 0.4F * whole && half < 0.6F * whole);
    }
};

QTEST_APPLESS_MAIN(ShapesTest)
#include "shapes_test.moc"
