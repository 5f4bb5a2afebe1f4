#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/config/answer_cost.h"
#include "core/tensor/named_tensors.h"
#include "core/tensor/weights.h"

namespace lab {

/// A change made to a forward pass where the Trace is recorded.
struct Intervention {
    enum class Kind {
        replace,      ///< the tensor of this name takes the given values ("encoder.0.attention.query")
        headOff,      ///< head_output of head `head` of the attention block `name` becomes 0; of pairs what their norm makes of it
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
    AnswerCost cost = {};       ///< what the gradients are of beside the loss (training.label_smoothing, training.z_loss)
};

/// Every intermediate of one forward (and backward) pass of one sequence, dropout off, under the names of FORMATS.md 3.
/// Extra: "NAME.masked_scores" [H, T, S] with -inf where a query may not look. "NAME.query" and ".key" are what the scores are made of;
/// with qk_norm "NAME.unnormalised_query" and ".unnormalised_key" are what was projected, under RoPE "NAME.unrotated_query" and
/// ".unrotated_key" what is rotated (behind the norm). "NAME.value" of form q+kv is the keys as projected. A layer that
/// reads another's keys and values (model.attention.share_kv) has "NAME.key" and ".value" as those are there, and no other tensor of keys;
/// their gradients are its own part, those of the layer that makes them the whole. Form latent has what is kept of
/// each token as "NAME.latent" [S, latent_dim + rope.dims].
/// "NAME.before_STAGE" [H, T, S] are the scores that a stage got (relative_bias, relative, soft_cap, span), "NAME.scores" what the last one
/// made; "NAME.sunk" [H, T] what of a row of weights went to a sink, "NAME.gate" [T, H head_dim] what "NAME.head_output" is multiplied by.
/// A feed-forward layer of experts has "NAME.router", the probabilities [T, E], "NAME.experts", the chosen ones [T, k], the most probable
/// first, as numbers, and their "NAME.gates" [T, k]. What an expert computes is under the name of its own: "NAME.experts.3.up", ".hidden"
/// and ".output" have a row for each position that chose expert 3, in the order of the positions, and are not there where none did.
/// With drawn features "NAME.scores" are products of features without their largest exponents, "NAME.exact_weights" [H, T, S] the softmax
/// that the weights stand for and "NAME.weights_distance" [H, T] half the sum of a row's differences from it. Where weights fade
/// "NAME.decay" [H, T, T] is what is left of a product, "NAME.kept" [T, H] what a token keeps where that is learned, and
/// "NAME.unnormalised_head_output" what a head's output was before its norm. Where maps are subtracted "NAME.weights" are the differences,
/// "NAME.softmax_weights" [H, T, S] the heads' own maps, "NAME.lambda" [1] what the second of a pair is multiplied by and
/// "NAME.normalised_pair" [T, H head_dim] what the norm of pairs makes of "NAME.head_output".
struct Trace : NamedTensors {
    std::vector<int> tokens;        ///< as read
    std::vector<int> targetTokens;  ///< what the decoder of an encoder-decoder read; empty otherwise

    /// Of the side whose queries or keys are asked for.
    const std::vector<int>& tokensOf(bool ofTargetSide) const { return ofTargetSide ? targetTokens : tokens; }
};

/// The trace as a file has it (FORMATS.md 3): its tokens are tensors of integers as well, "tokens" and "target_tokens".
NamedTensors fileTensors(Trace trace);

struct Scratch;
class Model;

/// Working memory that a trace leaves to the next one: fresh memory takes the system as long as a small model its pass. For one trace at a
/// time; what a long sequence took is not kept.
class TraceMemory {
public:
    TraceMemory();
    ~TraceMemory();

private:
    friend class Model;
    friend Trace traceOnDemand(const std::shared_ptr<const Model>&, const std::shared_ptr<const Weights>&, const Input&,
                               const TraceRequest&, TraceMemory&, std::size_t);
    Scratch& scratch();
    void letGoOfMuch();

    std::unique_ptr<Scratch> m_scratch;
};

/// Bytes that a trace may take whole before it is kept in part.
constexpr std::size_t mostBytesOfWholeTrace = std::size_t{192} << 20;

/// Model::trace of what is large: where all would take more than `mostBytes`, the trace keeps maps of weights, the residual stream, the
/// logits and what is no wider than the stream; the rest (scores, the feed-forward layer's insides) is computed anew, bit for bit, when it
/// is asked for by its name, and then kept. It holds model and weights for that. With gradients everything is kept.
Trace traceOnDemand(const std::shared_ptr<const Model>& model, const std::shared_ptr<const Weights>& weights, const Input& input,
                    const TraceRequest& request, TraceMemory& memory, std::size_t mostBytes = mostBytesOfWholeTrace);

/// A sequence longer than this is refused by Model::trace with an InputError.
constexpr int maxTraceLength = 2048;

}  // namespace lab
