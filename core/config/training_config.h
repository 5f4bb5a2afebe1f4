#pragma once

#include <cstdint>

#include "core/base/enum_names.h"

// How it is trained, as plain data. Members bear the names of the JSON keys, which are the field's own. An empty optional is a derived
// value that resolved() fills in.

namespace lab {

enum class OptimizerKind { adam, adamw, sgd };
template <>
struct EnumNames<OptimizerKind> {
    static constexpr std::array<std::string_view, 3> names{"adam", "adamw", "sgd"};
};

enum class ScheduleKind { constant, linear_warmup, cosine_warmup, noam };
template <>
struct EnumNames<ScheduleKind> {
    static constexpr std::array<std::string_view, 4> names{"constant", "linear-warmup", "cosine-warmup", "noam"};
};

struct OptimizerConfig {
    OptimizerKind kind = OptimizerKind::adam;
    double learning_rate = 0.001;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0.0;  ///< adamw
    double momentum = 0.9;      ///< sgd
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
