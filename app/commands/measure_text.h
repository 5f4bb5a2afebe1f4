#pragma once

#include <string>

#include "core/config/model_config.h"
#include "core/training/trainer.h"

namespace lab {

/// "accuracy 93.40 %", or where numbers are answered "explained 93.40 %".
std::string measureText(LossKind loss, double share);
std::string measureText(const ModelConfig& model, double share);
/// With whole sequences where they are judged: "accuracy 93.40 %, whole sequences 41.20 %".
std::string evaluationText(const ModelConfig& model, const Evaluation& found, const char* whole = "whole sequences");

}  // namespace lab
