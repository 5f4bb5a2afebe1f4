#include "core/pictures/patches.h"

#include <QtTest>
#include <cmath>
#include <numeric>

using namespace lab;

namespace {

/// Bytes that tell every pixel of a small picture apart.
std::vector<std::uint8_t> countedPicture(const PictureFrame& frame) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(frame.pixels() * frame.channels));
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
    return bytes;
}

std::vector<int> bytesOfLights(std::span<const float> lights) {
    std::vector<int> bytes;
    for (const float light : lights) bytes.push_back(static_cast<int>(std::lround(light * 255)));
    return bytes;
}

std::vector<int> bytesOf(std::span<const float> numbers) {
    std::vector<int> bytes;
    for (const float number : numbers) bytes.push_back(static_cast<int>(std::lround(lightOfNumber(number) * 255)));
    return bytes;
}

}  // namespace

class PatchesTest : public QObject {
    Q_OBJECT

private slots:
    void aByteIsANumberFromMinusOneToOne() {
        QCOMPARE(numberOfByte(0), -1.F);
        QCOMPARE(numberOfByte(255), 1.F);
        for (int byte = 0; byte < 256; ++byte)
            QCOMPARE(std::lround(lightOfNumber(numberOfByte(static_cast<std::uint8_t>(byte))) * 255), static_cast<long>(byte));
        QCOMPARE(lightOfNumber(3), 1.F);
        QCOMPARE(lightOfNumber(-3), 0.F);
    }

    /// 0 1 2 3 / 4 5 6 7 / 8 9 10 11 / 12 13 14 15 in patches of 2 x 2.
    void patchesGoRowByRow() {
        const PictureFrame frame{4, 4, 2, 2, 1};
        QCOMPARE(frame.patches(), 4);
        QCOMPARE(frame.numbers(), 4);
        QCOMPARE(bytesOf(cutPatches(countedPicture(frame), frame)),
                 (std::vector<int>{0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15}));
        QCOMPARE(cellOf(frame, 3), (PatchCell{2, 2, 2}));
    }

    void patchesMayOverlapOrLeaveARest() {
        const PictureFrame overlapping{5, 4, 2, 1, 1};
        QCOMPARE(overlapping.columns(), 4);
        QCOMPARE(overlapping.rows(), 3);
        const auto vectors = bytesOf(cutPatches(countedPicture(overlapping), overlapping));
        QCOMPARE((std::vector<int>(vectors.begin() + 5 * 4, vectors.begin() + 6 * 4)), (std::vector<int>{6, 7, 11, 12}));
        QCOMPARE(cellOf(overlapping, 5), (PatchCell{1, 1, 2}));
        QCOMPARE(patchesAt(overlapping, 1, 1), (std::vector<int>{0, 1, 4, 5}));
        const PictureFrame rest{5, 5, 2, 2, 1};
        QCOMPARE(rest.patches(), 4);
        QVERIFY(patchesAt(rest, 4, 0).empty());
    }

    /// What is seen comes back; what no patch shows is black.
    void patchesBecomeThePictureAgain() {
        for (const PictureFrame& frame : {PictureFrame{6, 4, 2, 2, 1}, PictureFrame{6, 4, 3, 1, 1}, PictureFrame{7, 5, 3, 2, 1},
                                          PictureFrame{6, 6, 2, 3, 1}, PictureFrame{4, 4, 2, 1, 3}}) {
            const auto bytes = countedPicture(frame);
            const auto again = bytesOfLights(joinPatches(cutPatches(bytes, frame), frame));
            for (int y = 0; y < frame.height; ++y)
                for (int x = 0; x < frame.width; ++x)
                    for (int c = 0; c < frame.channels; ++c) {
                        const auto at = static_cast<std::size_t>((y * frame.width + x) * frame.channels + c);
                        QCOMPARE(again[at], patchesAt(frame, x, y).empty() ? 0 : int{bytes[at]});
                    }
        }
    }

    void whereTwoPatchesDifferTheirMeanIsShown() {
        const PictureFrame frame{3, 1, 1, 1, 1}, overlapping{3, 2, 2, 1, 1};
        QCOMPARE(spreadOverPixels(std::vector{1.F, 2.F, 3.F}, frame), (std::vector{1.F, 2.F, 3.F}));
        QCOMPARE(spreadOverPixels(std::vector{1.F, 3.F}, overlapping), (std::vector{1.F, 2.F, 3.F, 1.F, 2.F, 3.F}));
        std::vector<float> vectors(8, -1.F);
        std::fill(vectors.begin() + 4, vectors.end(), 1.F);
        QCOMPARE(joinPatches(vectors, overlapping), (std::vector{0.F, 0.5F, 1.F, 0.F, 0.5F, 1.F}));
    }
};

QTEST_APPLESS_MAIN(PatchesTest)
#include "patches_test.moc"
