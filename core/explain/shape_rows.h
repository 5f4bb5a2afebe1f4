#pragma once

#include <span>

#include "core/explain/graph.h"
#include "core/explain/shapes.h"

// The tensors of the stages as data; not for others than the explainer's own files.

namespace lab::explain {

/// A tensor of a stage (by its row in the table of stages), for forms with these traits.
struct ShapeRow {
    const char* stage;
    const char* when;
    const char* joint;  ///< as TensorShape's; " " begins the line
    Say symbol;
    SourceText meaning;
    const char* axes;
    TensorKind kind;
    const char* tensor = "";
    bool transposed = false;
    const char* type = "float32";
};

std::span<const ShapeRow> shapeRows();

/// The row that a walk's stage is of: "norm" of "norm1", "d_later_keys" of "d_l2_keys".
std::string stageRowOf(const std::string& stage);

}  // namespace lab::explain
