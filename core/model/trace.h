#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/tensor/named_tensors.h"

namespace lab {

/// A change made to a forward pass where the Trace is recorded.
struct Intervention {
    enum class Kind {
        replace,      ///< the tensor of this name takes the given values ("encoder.0.attention.query")
        headOff,      ///< head_output of head `head` of the attention block `name` becomes 0
        headUniform,  ///< weights of that head become uniform over what each query may see
    };
    Kind kind = Kind::replace;
    std::string name;  ///< a tensor for replace, an attention block ("encoder.0.attention") for the others
    int head = 0;
    std::vector<float> values;  ///< replace: as many as the tensor has

    bool operator==(const Intervention&) const = default;
};

/// What one sequence is asked of a model.
struct Input {
    std::vector<int> tokens;
    std::vector<int> targetTokens;  ///< encoder-decoder
    std::vector<int> targets;       ///< optional; -1 = no loss. Needed for `loss` and for gradients.
    std::vector<bool> masked;       ///< optional, per token: true = hidden from every query as padding is
    std::vector<Intervention> interventions;
    std::vector<float> vectors = {};  ///< [tokens, input_dim] for models of vectors
    std::vector<float> values = {};   ///< [targets, num_classes] for models that answer numbers

    bool isMasked(std::size_t token) const { return token < masked.size() && masked[token]; }
    bool operator==(const Input&) const = default;
};

/// What is wanted of a pass beyond the logits.
struct TraceRequest {
    bool intermediates = true;  ///< everything FORMATS.md 3 names
    bool gradients = false;     ///< also gradient.NAME of parameters and intermediates; needs targets
};

/// Every intermediate of one forward (and backward) pass of one sequence, dropout off, under the names of FORMATS.md 3.
/// Extra: "NAME.masked_scores" [H, T, S] with -inf where a query may not look. "NAME.query" and ".key" are what the scores are made of;
/// with qk_norm "NAME.unnormalised_query" and ".unnormalised_key" are what was projected, under RoPE "NAME.unrotated_query" and
/// ".unrotated_key" what is rotated (behind the norm). "NAME.value" of form q+kv is the keys as projected.
struct Trace : NamedTensors {
    std::vector<int> tokens;        ///< as read
    std::vector<int> targetTokens;  ///< what the decoder of an encoder-decoder read; empty otherwise

    /// Of the side whose queries or keys are asked for.
    const std::vector<int>& tokensOf(bool ofTargetSide) const { return ofTargetSide ? targetTokens : tokens; }
};

/// The trace as a file has it (FORMATS.md 3): its tokens are tensors of integers as well, "tokens" and "target_tokens".
NamedTensors fileTensors(Trace trace);

struct Scratch;

/// Working memory that a trace leaves to the next one: fresh memory takes the system as long as a small model its pass. For one trace at a
/// time; what a long sequence took is not kept.
class TraceMemory {
public:
    TraceMemory();
    ~TraceMemory();

private:
    friend class Model;
    std::unique_ptr<Scratch> m_scratch;
};

/// A sequence longer than this is refused by Model::trace with an InputError.
constexpr int maxTraceLength = 2048;

}  // namespace lab
