#pragma once

#include <span>

#include "core/base/message.h"

namespace lab {

struct ModelConfig;

}  // namespace lab

namespace lab::explain {

/// How somebody else reads long inputs, which this program does not.
struct LongInputIdea {
    SourceText name;
    SourceText sentence;
    const char* source;  ///< who and when
};
std::span<const LongInputIdea> longInputIdeas();

/// Why a longer input needs no more weights, and what it does need; of a model that attends.
Message whyWeightsStay(const ModelConfig& model);

}  // namespace lab::explain
