#pragma once

#include <Eigen/Core>
#include <memory>
#include <optional>
#include <vector>

#include "core/stream/patching.h"

namespace lab {

/// The matrices of one head, in double, as they multiply columns: q = Q x, o += O (V x). Of forms that share projections these are the same
/// ones (kv: Q is K; q+kv and k: V is K).
struct HeadMatrices {
    Eigen::MatrixXd q, k;  ///< [head_dim, d_model]
    Eigen::MatrixXd v;     ///< [head_dim, d_model]
    Eigen::MatrixXd o;     ///< [d_model, head_dim]
};
/// Throws InputError for form latent, whose keys and values are made of another vector than the stream, and for layers that read another's
/// keys (share_kv), unless that one is asked.
HeadMatrices headMatrices(const Model& model, const Weights& weights, const StreamHead& head);

/// How much of what head 1 writes head 2 reads, by their weights alone (Elhage et al. 2021): ||O1 V1 R|| / (||O1 V1|| ||R||), Frobenius
/// norms, R what head 2 reads with: its QK matrix from the query's side (q) or the key's (k), or its OV matrix (v). Norms' gains are left
/// out, as TransformerLens does without folding them.
struct Composition {
    double q = 0, k = 0, v = 0;
};
Composition compositionOf(const HeadMatrices& first, const HeadMatrices& second);
/// The mean over `draws` pairs of heads of normally distributed matrices of the same shapes: what is above it is no accident of shape.
Composition randomComposition(int d_model, int head_dim, int draws, std::uint64_t seed);

/// Throws InputError for models whose answers are not their tokens.
void requireTokensAsAnswers(const ModelConfig& config);

/// What heads' weights do to tokens, over the vocabulary: what is large and common to all heads is made once.
class VocabularyCircuits {
public:
    /// `runs` outlives it. Throws InputError for models that read vectors.
    explicit VocabularyCircuits(const StreamRuns& runs);

    /// Vectors of tokens as a head of this block would read them if nothing had been added to them: through the embedding's norm and map
    /// and, with pre-norm, the block's norm, each alone, without a position [d_model, tokens].
    Eigen::MatrixXd tokenVectors(int block, const std::vector<int>& tokens) const;

    /// QK over tokens: entry (i, j) is q(tokens i) . k(tokens j) / sqrt(head_dim), biases and the norm of queries and keys included; no
    /// position, cap or span. `through`: the keys are of what that earlier head writes when it looks at token j alone.
    Eigen::MatrixXd scores(const StreamHead& head, const std::vector<int>& tokens, const std::optional<StreamHead>& through = {}) const;
    /// OV over tokens: entry (i, j) is what looking at token i alone adds to the logit of token j less the mean over all classes, by the
    /// straight way to the output head, the last norm's gains included and its scale left out. Throws InputError where the output head is
    /// no straight map (output.kind mlp and masked-word) or classes are no tokens.
    Eigen::MatrixXd writes(const StreamHead& head, const std::vector<int>& tokens) const;

    /// Sum of the eigenvalues of W_U O V W_E over the sum of their absolute values, over the whole vocabulary, from -1 to 1 (Elhage et al.
    /// 2021): 1 where a head raises the logits of the very tokens it looks at. Throws as writes and PassAbandoned.
    double copying(const StreamHead& head);
    /// The same of W_E^T Q^T K W_E: 1 where tokens look for tokens like themselves. `through` as in scores.
    double matching(const StreamHead& head, const std::optional<StreamHead>& through = {});

    /// What a score owes to where query and key stand alone [positions, positions]: of a learned or sinusoidal table P Q^T K P^T /
    /// sqrt(head_dim), as if nothing else were in the stream. Empty for models without such a table.
    Eigen::MatrixXd positionScores(const StreamHead& head, int positions) const;
    /// With RoPE: the mean over all pairs of these tokens of the score at each distance 0 .. distances - 1 of a key before its query. Empty
    /// for others.
    std::vector<double> distanceScores(const StreamHead& head, const std::vector<int>& tokens, int distances) const;

private:
    struct Products;
    const Products& products();
    Eigen::MatrixXd readBy(int block, Eigen::MatrixXd states) const;
    Eigen::MatrixXd written(const StreamHead& head, const Eigen::MatrixXd& read) const;
    Eigen::MatrixXd project(const StreamHead& head, const std::string& what, const Eigen::MatrixXd& read) const;
    const LayerConfig& layerOf(int block) const;

    const StreamRuns& m_runs;
    std::vector<LayerConfig> m_encoder, m_decoder;
    std::shared_ptr<Products> m_products;
};

}  // namespace lab
