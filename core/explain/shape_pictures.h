#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/explain/walk.h"

// What changes the shape of a tensor and none of its numbers, as small pictures of the model's own numbers: the cut into heads, the
// transposition, the broadcast of a row's sum, the heads side by side.

namespace lab::explain {

/// A matrix of a picture.
struct ShapeMatrix {
    Words name;
    std::string shape;       ///< "[T 16, d_{h} 8]", in full even where fewer cells are drawn
    const char* joint = "";  ///< before it: "÷"
    int rows = 0, columns = 0;
    std::vector<double> values = {};  ///< [rows, columns]; -inf: hidden
    double largest = 0.0;             ///< end of its colour scale; matrices of the same numbers share it
    bool signedScale = true;          ///< around 0, or from 0 up
    bool repeated = false;            ///< one number in each row, written there again and again
    int litRow = -1, litColumn = -1;  ///< of the position in hand; -1: it is not drawn

    double at(int row, int column) const {
        return values[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column)];
    }
};

/// Bands of matrices, what comes first above.
struct ShapePicture {
    Words title, sentence;
    Words cut;  ///< what is not drawn; empty: all is
    std::vector<std::vector<ShapeMatrix>> bands;
};

/// Most that a picture draws of each.
constexpr int mostPositionsDrawn = 6, mostChannelsDrawn = 12, mostHeadsDrawn = 4;

/// Of a stage (by its id) where a shape changes; empty of the others, and without the numbers of a model.
std::optional<ShapePicture> shapePictureOf(std::shared_ptr<const Model> model, std::shared_ptr<const Weights> weights,
                                           const NumberSource& numbers, const Question& question, const std::string& stage);

}  // namespace lab::explain
