#pragma once

#include <cstdint>
#include <string>

#include "core/base/message.h"
#include "core/model/model.h"

namespace lab {

/// Which of a model's heads, in the words of whoever asks.
struct HeadChoice {
    std::string block = {};  ///< as traces name it, "decoder.0.cross_attention"; empty: the first of the layer
    int layer = 0;
    int head = 0;
};

struct ChosenHead {
    int block = 0;  ///< among the model's attention blocks
    int head = 0;
};

/// Throws InputError at "block", "layer" or "head".
ChosenHead chosenHead(const Model& model, const HeadChoice& choice);

/// `place` where there are so many of them, else InputError at `key` that says it in the words of `none`.
int placeBelow(const char* key, int place, std::int64_t count,
               SourceText none = LAB_TEXT("moments", "there is no position %1, only 0 to %2"));

/// Why there is no map of it; empty when there is.
Message whyNoHeads(const Model& model);

}  // namespace lab
