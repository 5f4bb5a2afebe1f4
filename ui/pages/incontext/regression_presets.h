#pragma once

#include <QString>

namespace lab {

/// The preset of one layer that learns functions in the context, its attention with or without softmax; empty: none comes with the
/// program.
QString regressionPreset(bool product);

}  // namespace lab
