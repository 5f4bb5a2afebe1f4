#pragma once

#include <optional>

#include "core/config/architecture.h"

namespace lab {

struct TaskConfig;

/// How a model reads a task's x and gives its answers y_0 .. y_{m-1} (FORMATS.md 1 'Tasks').
enum class Reading {
    inPlace,    ///< encoder: x; its last m positions answer, each beneath its place when y is as long as x
    joined,     ///< decoder: x SEP y; position n, which reads SEP, answers y_0, and n + i, which reads y_{i-1}, answers y_i
    twoSided,   ///< encoder-decoder: the encoder reads x, the decoder BOS and y without its last token
    nextToken,  ///< decoder: x; each position answers with the next token
    given,      ///< as the data have it
};

struct TaskFrame {
    Reading reading = Reading::given;
    std::optional<int> separator;  ///< the id of SEP (joined) or BOS (twoSided), one beyond the task's symbols
};

TaskFrame frameOf(const TaskConfig& task, Architecture architecture);

}  // namespace lab
