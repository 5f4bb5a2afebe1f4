#pragma once

namespace lab {

/// How pictures are cut into patches; sizes in pixels.
struct PictureFrame {
    int width = 28;
    int height = 28;
    int patch = 7;   ///< side of a patch
    int stride = 7;  ///< from one patch to the next; less than `patch`: they overlap, more: pixels between them are not seen
    int channels = 1;

    int columns() const { return (width - patch) / stride + 1; }
    int rows() const { return (height - patch) / stride + 1; }
    int patches() const { return columns() * rows(); }
    /// Of a vector.
    int numbers() const { return patch * patch * channels; }
    /// Of a picture.
    int pixels() const { return width * height; }

    bool operator==(const PictureFrame&) const = default;
};

}  // namespace lab
