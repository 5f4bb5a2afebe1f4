#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/tasks/picture_frame.h"

// A picture as a sequence of vectors: square patches, row by row from the top left, each its rows one after the other (of each pixel its
// channels). Numbers of a vector are bytes 0 .. 255 brought to -1 .. 1.

namespace lab {

/// A square of pixels; x to the right, y down.
struct PatchCell {
    int x = 0;
    int y = 0;
    int side = 0;

    bool operator==(const PatchCell&) const = default;
};

/// Where patch i lies, 0 <= i < frame.patches().
PatchCell cellOf(const PictureFrame& frame, int i);
/// The patches that a pixel lies in, in their order; none where the stride leaps over it or the last patch ends before it.
std::vector<int> patchesAt(const PictureFrame& frame, int x, int y);

/// 0 .. 255 to -1 .. 1, and back to 0 .. 1; between, what no byte says is cut off.
constexpr float numberOfByte(std::uint8_t byte) {
    return static_cast<float>(byte) / 127.5F - 1;
}
float lightOfNumber(float number);

/// [height, width, channels] -> [patches, numbers].
std::vector<float> cutPatches(std::span<const std::uint8_t> picture, const PictureFrame& frame);
/// [patches, numbers] -> [height, width, channels], 0 .. 1 (0 is the byte 0). Where patches overlap their mean, where none is 0.
std::vector<float> joinPatches(std::span<const float> vectors, const PictureFrame& frame);
/// One value a patch (a weight of attention) -> [height, width]; where patches overlap their mean, where none is 0.
std::vector<float> spreadOverPixels(std::span<const float> values, const PictureFrame& frame);

}  // namespace lab
