#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "core/tasks/picture_frame.h"

// How pictures become what a model is trained on. Members bear the names of the JSON keys (task.*).

namespace lab {

struct PicturesConfig {
    int patch = 7;
    std::optional<int> stride;  ///< patch
};

/// Of pictures of this size. Sizes that are refused elsewhere give a frame of one patch at least, or of none.
PictureFrame pictureFrameOf(const PicturesConfig& pictures, int width, int height);

/// What task.path says instead of a folder: the pictures of Debian's package, wherever the experiment's file lies.
inline constexpr std::string_view fashionMnist = "fashion-mnist";

/// Side of the pictures that `shapes` draws.
inline constexpr int shapesSide = 28;
/// What it draws, in the order of the classes.
inline constexpr std::array<std::string_view, 16> shapeNames{"0", "1", "2",        "3",      "4",     "5",     "6",    "7",
                                                             "8", "9", "triangle", "square", "cross", "arrow", "star", "heart"};

}  // namespace lab
