#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/kind.h"
#include "core/base/parameters.h"
#include "core/tasks/function_config.h"
#include "core/tasks/pictures_config.h"
#include "core/tasks/repeat_config.h"
#include "core/tasks/task_spec.h"
#include "core/tasks/text_config.h"

// What is to be learned, as plain data. Members bear the names of the JSON keys, which are the field's own. An empty optional is a derived
// value that resolved() fills in.

namespace lab {

struct TaskConfig {
    Kind<TaskSpec> kind;
    Parameters parameters;  ///< the numbers that the kind declares
    int seq_len = 16;
    int vocab_size = 10;
    int train_size = 50000;
    std::optional<int> validation_size;  ///< 1000 for built-in tasks; pairs: 0 when shuffle is false, a tenth of the lines otherwise
    int test_size = 10000;
    std::uint64_t seed = 42;
    std::string path;             ///< pairs, text, images: relative to the experiment file
    std::string validation_path;  ///< pairs: optional
    RepeatConfig repeat;
    TextConfig text;
    PicturesConfig pictures;
    FunctionConfig functions;
};

}  // namespace lab
