#pragma once

#include "core/base/message.h"

namespace lab {
struct ModelConfig;
}

namespace lab::explain {

/// Why no walk is made of a model: it has numbers that no stage explains, and those behind them would be wrong. Empty: it has a walk.
Message whyNoWalk(const ModelConfig& model);

/// Why a model's walk has no way back, whatever was traced. Empty: it has one where there is a loss.
Message whyNoWayBack(const ModelConfig& model);

/// Why a model's walk is not told as code. Empty: it is.
Message whyNoCode(const ModelConfig& model);

}  // namespace lab::explain
