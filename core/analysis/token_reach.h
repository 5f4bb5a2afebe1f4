#pragma once

#include <vector>

#include "core/model/model.h"
#include "core/model/trace.h"

namespace lab {

/// One token through all heads of a model's self-attention of one side: a row a head, block after block.
struct TokenReach {
    struct Head {
        int block = 0;  ///< index into Model::attentionBlocks()
        int head = 0;
    };
    std::vector<Head> heads;
    int length = 0;           ///< T, tokens of the side
    std::vector<float> from;  ///< [heads, T]: the weight that the token, as a query, puts on each; -inf where it may not look
    std::vector<float> to;    ///< [heads, T]: the weight that each puts on the token; -inf where it may not look there
};

/// `token` counts the tokens of `side` ("encoder", "decoder"). Asserts that the trace has intermediates.
TokenReach tokenReach(const Model& model, const Trace& trace, const std::string& side, int token);

}  // namespace lab
