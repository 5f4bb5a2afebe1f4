#pragma once

#include "core/base/message.h"

namespace lab {
struct ModelConfig;
}

namespace lab::explain {

/// Why no walk is made of a model: it has numbers that no stage explains, and those behind them would be wrong. Empty: it has a walk.
Message whyNoWalk(const ModelConfig& model);

/// Why a model's walk is not told as code. Empty: it is.
Message whyNoCode(const ModelConfig& model);

}  // namespace lab::explain
