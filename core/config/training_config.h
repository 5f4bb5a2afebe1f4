#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/config/answer_cost.h"
#include "core/config/schedule_spec.h"
#include "core/optimizers/optimizer_config.h"

// How it is trained, as plain data. Members bear the names of the JSON keys, which are the field's own. An empty optional is a derived
// value that resolved() fills in.

namespace lab {

struct ScheduleConfig {
    Kind<ScheduleSpec> kind = "cosine-warmup";
    Parameters numbers;  ///< those of the schedules: warmup_steps
};

/// Low-rank adapters (Hu et al. 2021): W + (alpha / rank) B A, of which B and A alone are trained.
struct AdaptersConfig {
    int rank = 0;  ///< rows of A, columns of B; 0 = none: the weights themselves are trained
    double alpha = 8.0;
    std::vector<std::string> targets = {"attention.query", "attention.value"};  ///< names of matrices (core/model/adapters.h)

    bool any() const { return rank > 0; }
    double factor() const { return alpha / rank; }
    bool operator==(const AdaptersConfig&) const = default;
};

struct TrainingConfig {
    std::uint64_t seed = 42;
    int steps = 1000;
    int batch_size = 128;
    bool shuffle = true;
    OptimizerConfig optimizer;
    ScheduleConfig schedule;
    AnswerCost answer_cost;
    double clip_norm = 5.0;
    std::vector<std::string> frozen;  ///< names of weights that are not trained (core/model/frozen.h)
    AdaptersConfig adapters;
    bool keep_zeros = false;
    int validate_every = 100;
    int early_stop = 0;  ///< validations without a new lowest loss behind which it ends; 0 = never
    double pace = 0.0;   ///< steps a second at which the window starts it; 0 = full speed
};

}  // namespace lab
