#pragma once

#include <string_view>

#include "core/tasks/task_config.h"

namespace lab {

/// What cuts text into tokens where a model was opened from elsewhere: what it came with.
constexpr std::string_view modelTokens = "model";

constexpr bool isTokenizerPath(std::string_view tokenizer) {
    return tokenizer != characterTokens && tokenizer != byteTokens && tokenizer != bpeTokens && tokenizer != modelTokens;
}

/// The model of such a task was opened from elsewhere, or goes on with such a one's weights: tokens are as it learned them there.
inline bool madeElsewhere(const TaskConfig& task) {
    return task.text.tokenizer == modelTokens;
}

}  // namespace lab
