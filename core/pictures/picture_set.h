#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lab {

/// Pictures of one size, a byte a pixel, and the class of each.
struct PictureSet {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> pixels;  ///< [count, height, width]
    std::vector<std::uint8_t> labels;  ///< [count]

    int count() const { return static_cast<int>(labels.size()); }
    std::span<const std::uint8_t> picture(int i) const {
        const std::size_t size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
        return std::span(pixels).subspan(static_cast<std::size_t>(i) * size, size);
    }
};

/// Pictures of one part of a data set, each with a class. Any thread may ask for any of them in any order.
class PictureSource {
public:
    virtual ~PictureSource() = default;
    virtual int count() const = 0;
    virtual int labelOf(int i) const = 0;
    /// [height, width].
    virtual std::vector<std::uint8_t> picture(int i) const = 0;
};

}  // namespace lab
