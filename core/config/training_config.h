#pragma once

#include <cstdint>

#include "core/base/enum_names.h"
#include "core/optimizers/optimizer_config.h"

// How it is trained, as plain data. Members bear the names of the JSON keys, which are the field's own. An empty optional is a derived
// value that resolved() fills in.

namespace lab {

enum class ScheduleKind { constant, linear_warmup, cosine_warmup, noam };
template <>
struct EnumNames<ScheduleKind> {
    static constexpr std::array<std::string_view, 4> names{"constant", "linear-warmup", "cosine-warmup", "noam"};
};

struct ScheduleConfig {
    ScheduleKind kind = ScheduleKind::cosine_warmup;
    int warmup_steps = 5;
};

struct TrainingConfig {
    std::uint64_t seed = 42;
    int steps = 1000;
    int batch_size = 128;
    bool shuffle = true;
    OptimizerConfig optimizer;
    ScheduleConfig schedule;
    double clip_norm = 5.0;
    int validate_every = 100;
    double pace = 0.0;  ///< steps a second at which the window starts it; 0 = full speed
};

}  // namespace lab
