#include "core/pictures/patches.h"

#include <algorithm>
#include <cassert>

namespace lab {
namespace {

/// How many patches each pixel lies in.
std::vector<int> patchesOverPixels(const PictureFrame& frame) {
    std::vector<int> counts(static_cast<std::size_t>(frame.pixels()), 0);
    for (int i = 0; i < frame.patches(); ++i) {
        const PatchCell cell = cellOf(frame, i);
        for (int y = cell.y; y < cell.y + cell.side; ++y)
            for (int x = cell.x; x < cell.x + cell.side; ++x) ++counts[static_cast<std::size_t>(y * frame.width + x)];
    }
    return counts;
}

/// Of row `row` of a patch the place of its first number in a picture.
std::size_t startInPicture(const PictureFrame& frame, const PatchCell& cell, int row) {
    return static_cast<std::size_t>((cell.y + row) * frame.width + cell.x) * static_cast<std::size_t>(frame.channels);
}

void divideByCounts(std::vector<float>& sums, const PictureFrame& frame, std::size_t channels) {
    const std::vector<int> counts = patchesOverPixels(frame);
    for (std::size_t i = 0; i < sums.size(); ++i)
        if (const int count = counts[i / channels]; count > 1) sums[i] /= static_cast<float>(count);
}

}  // namespace

PatchCell cellOf(const PictureFrame& frame, int i) {
    return {i % frame.columns() * frame.stride, i / frame.columns() * frame.stride, frame.patch};
}

std::vector<int> patchesAt(const PictureFrame& frame, int x, int y) {
    std::vector<int> found;
    for (int i = 0; i < frame.patches(); ++i) {
        const PatchCell cell = cellOf(frame, i);
        if (x >= cell.x && x < cell.x + cell.side && y >= cell.y && y < cell.y + cell.side) found.push_back(i);
    }
    return found;
}

float lightOfNumber(float number) {
    return std::clamp((number + 1) / 2, 0.F, 1.F);
}

std::vector<float> cutPatches(std::span<const std::uint8_t> picture, const PictureFrame& frame) {
    assert(std::ssize(picture) == std::ptrdiff_t{frame.pixels()} * frame.channels);
    const auto line = static_cast<std::size_t>(frame.patch * frame.channels);
    std::vector<float> vectors;
    vectors.reserve(static_cast<std::size_t>(frame.patches() * frame.numbers()));
    for (int i = 0; i < frame.patches(); ++i)
        for (int row = 0; row < frame.patch; ++row)
            for (const std::uint8_t byte : picture.subspan(startInPicture(frame, cellOf(frame, i), row), line))
                vectors.push_back(numberOfByte(byte));
    return vectors;
}

std::vector<float> joinPatches(std::span<const float> vectors, const PictureFrame& frame) {
    assert(std::ssize(vectors) == std::ptrdiff_t{frame.patches()} * frame.numbers());
    const auto line = static_cast<std::size_t>(frame.patch * frame.channels), channels = static_cast<std::size_t>(frame.channels);
    std::vector<float> picture(static_cast<std::size_t>(frame.pixels()) * channels, 0.F);
    for (int i = 0; i < frame.patches(); ++i)
        for (int row = 0; row < frame.patch; ++row) {
            const std::size_t start = startInPicture(frame, cellOf(frame, i), row);
            for (std::size_t j = 0; j < line; ++j) picture[start + j] += lightOfNumber(vectors[j]);
            vectors = vectors.subspan(line);
        }
    divideByCounts(picture, frame, channels);
    return picture;
}

std::vector<float> spreadOverPixels(std::span<const float> values, const PictureFrame& frame) {
    assert(std::ssize(values) == frame.patches());
    std::vector<float> picture(static_cast<std::size_t>(frame.pixels()), 0.F);
    for (int i = 0; i < frame.patches(); ++i) {
        const PatchCell cell = cellOf(frame, i);
        for (int y = cell.y; y < cell.y + cell.side; ++y)
            for (int x = cell.x; x < cell.x + cell.side; ++x)
                picture[static_cast<std::size_t>(y * frame.width + x)] += values[static_cast<std::size_t>(i)];
    }
    divideByCounts(picture, frame, 1);
    return picture;
}

}  // namespace lab
