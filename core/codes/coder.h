#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/watched_reading.h"
#include "core/bottlenecks/bottleneck.h"
#include "core/layers/bottleneck.h"
#include "core/model/model.h"

// What is measured of a learned code: that of an encoder-decoder with a bottleneck (model.bottleneck), whose decoder learns of a sequence
// by its code alone. Everything here is a pure function of model, weights and sequences, and may run on any thread. What takes long is told
// to a Watch and gives nothing once that says false.

namespace lab {

struct Sample;

namespace codes {

using Symbols = std::vector<int>;  ///< ids of a sequence, as the encoder reads them
using Code = std::vector<int>;     ///< [slots], each 0 .. codes - 1

/// How the decoder is started, and how much it writes.
struct Opening {
    int first = 0;   ///< the token it reads first (BOS of a built-in task)
    int length = 0;  ///< tokens it is to write

    bool operator==(const Opening&) const = default;
};
/// As answer() (core/model/decoding.h) starts it: the sample's first target token, and as many tokens as it has targets.
Opening openingOf(const Sample& sample);

/// Throws InputError that names the key for a model without a bottleneck.
void requireBottleneck(const ModelConfig& config);

/// A model with a bottleneck and its weights: sequences to codes, and codes to sequences.
class Coder {
public:
    /// Keeps a copy of the weights. Throws InputError as requireBottleneck.
    Coder(std::shared_ptr<const Model> model, Weights weights);

    const Model& model() const { return *m_model; }
    const std::shared_ptr<const Model>& sharedModel() const { return m_model; }
    const Weights& weights() const { return m_weights; }
    const BottleneckShape& shape() const;

    /// Throws InputError for an empty sequence, one that is too long for the model's positions, and tokens outside the vocabulary.
    void check(const Symbols& sequence) const;
    /// The codes of sequences of any lengths. Throws InputError as check.
    std::optional<std::vector<Code>> codesOf(std::span<const Symbols> sequences, const Watch& watch = {}) const;
    Code codeOf(const Symbols& sequence) const;

    /// What the decoder writes greedily from the codes alone: it reads the opening's first token and then what it wrote. As many tokens as
    /// the opening says; behind a class that is no token, which cannot be read, they are -1. Openings are one a code.
    std::optional<std::vector<Symbols>> decoded(std::span<const Code> codes, std::span<const Opening> openings,
                                                const Watch& watch = {}) const;
    Symbols decoded(const Code& code, const Opening& opening) const;

    /// The numbers that are sent to the decoder for a code, [slots * width].
    std::vector<float> sentFor(const Code& code) const;
    /// Unweighted, of the batches of `sequences` that are computed together here (as large as those of training), and their mean.
    std::optional<CodeLosses> losses(std::span<const Symbols> sequences, const Watch& watch = {}) const;

private:
    std::shared_ptr<const Model> m_model;
    Weights m_weights, m_transposed;
};

}  // namespace codes
}  // namespace lab
