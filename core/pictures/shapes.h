#pragma once

#include <memory>
#include <mutex>
#include <string_view>

#include "core/base/random.h"
#include "core/pictures/picture_set.h"

namespace lab {

/// The pictures of the task `shapes`: one of shapeNames, drawn anywhere near the middle, turned, slanted, wobbly, with a pen of any
/// thickness, among a few short strokes that mean nothing, on grainy paper. Picture i of a part is a pure function of (seed, part, i); it
/// is drawn when it is first asked for, and kept where a part is not so large that this would fill the memory.
class ShapesSource : public PictureSource {
public:
    /// `part`: "train", "validation", "test".
    ShapesSource(std::uint64_t seed, std::string_view part, int count);

    int count() const override { return m_count; }
    int labelOf(int i) const override;
    std::vector<std::uint8_t> picture(int i) const override;

private:
    RandomStream m_stream;
    int m_count;
    std::unique_ptr<std::once_flag[]> m_drawn;
    std::unique_ptr<std::uint8_t[]> m_pixels;  ///< [count, shapesSide, shapesSide], of those that were asked for; null: none is kept
};

}  // namespace lab
