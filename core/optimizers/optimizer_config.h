#pragma once

#include "core/base/kind.h"
#include "core/base/parameters.h"
#include "core/optimizers/update_rule.h"

namespace lab {

struct OptimizerConfig {
    Kind<UpdateRule> kind;
    double learning_rate = 0.001;
    Parameters numbers;  ///< those of the rules: beta1, momentum, ...
};

}  // namespace lab
