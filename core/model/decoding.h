#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "core/model/model.h"
#include "core/model/sampling.h"
#include "core/tensor/batch.h"
#include "core/tensor/quantise.h"

namespace lab {

/// How tokens are computed; their logits are those of one thread, and of bytes the same up to rounding.
struct DecodingManner {
    int threads = 1;
    /// Of the weights: where it keeps rows of bytes a token reads these; null: floats.
    const QuantisationScheme* quantisation = nullptr;
    /// Up to so many weights one thread reads floats, from a transposed copy that stays in its cache: nothing is faster.
    std::size_t fewWeights = std::size_t{8} << 20;

    bool operator==(const DecodingManner&) const = default;
};

/// Reads and writes a sequence token by token with a key-value cache of num_kv_heads heads (decoder, or the decoder of an encoder-decoder).
/// Gives the logits of the uncached forward: where rotations depend on the length (LongRoPE at original_max_seq_len, dynamic NTK with every
/// token behind it), the past is computed anew with the new ones.
class Decoding {
public:
    /// `source` is the encoder's input, empty for a decoder. The weights must outlive it. Throws InputError for an encoder and for bad
    /// tokens.
    Decoding(std::shared_ptr<const Model> model, const Weights& weights, std::vector<int> source = {}, const DecodingManner& manner = {});
    ~Decoding();

    /// Appends tokens and returns the logits [num_classes] behind the last one. Throws InputError for tokens outside the vocabulary and for
    /// a sequence longer than learned positions.
    std::vector<float> append(const std::vector<int>& tokens);
    const std::vector<int>& tokens() const;
    /// Forgets the tokens; what the encoder read stays.
    void clear();
    /// 2 T L G d_h 4 bytes (SPEC.md 4), L the layers that make keys of their own, where weights fade L H d_h^2 4 whatever T is, and in an
    /// encoder-decoder those of cross-attention; T no more than patterns and spans look back.
    std::size_t cacheBytes() const;

private:
    class Implementation;
    std::unique_ptr<Implementation> m_implementation;
};

struct GenerateOptions {
    int count = 16;
    Sampling sampling{};  ///< token i of those written, from 0, is drawn with number i of the seed's stream
    bool cache = true;    ///< false: the whole sequence anew for each token
    DecodingManner manner = {};
};

struct Generated {
    std::vector<int> tokens;     ///< the new ones
    std::size_t cacheBytes = 0;  ///< 0 without cache
};

/// Continues input.tokens of a decoder, or input.targetTokens (at least the BOS) of an encoder-decoder that reads input.tokens.
/// Each token is told to `onToken` at once; it returns false to stop.
Generated generate(const std::shared_ptr<const Model>& model, const Weights& weights, const Input& input, const GenerateOptions& options,
                   const std::function<bool(int)>& onToken = {});

/// True when `answer` lets the model write: its tokens come one after the other, each read before the next.
bool writesAnswer(const ModelConfig& model, const Input& input);

/// What the model answers to a sample by itself, one token for each position that gives logits. Encoder: the most probable class
/// everywhere. Encoder-decoder: greedily from the first target token (BOS). Decoder whose first counting target comes later than position 0
/// (x SEP y): greedily behind that prompt, -1 before it. Otherwise (repeat, pairs from the first token) given the true tokens.
/// Each token that is chosen greedily is told to `onToken` with its position at once; it returns false to stop, and the rest stays -1.
std::vector<int> answer(const std::shared_ptr<const Model>& model, const Weights& weights, const Input& input,
                        const std::function<bool(int position, int token)>& onToken = {});

}  // namespace lab
