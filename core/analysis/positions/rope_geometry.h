#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/layers/position/rope.h"
#include "core/model/model.h"

namespace lab {

/// An angle brought into (-pi, pi].
double wrappedAngle(double angle);

/// Tokens in which a pair turns once: 2 pi / theta.
double wavelength(double theta);

/// One pair of channels of a query and a key, before the rotation, in polar form.
struct RopePair {
    int firstChannel = 0;
    int secondChannel = 0;
    double theta = 0;  ///< radians a position
    double queryLength = 0;
    double queryPhase = 0;
    double keyLength = 0;
    double keyPhase = 0;
};

/// What rotary positions make of one query and one key (SPEC.md 3): q at position m and k at n score
/// sum_p |q_p| |k_p| cos(phi^q_p - phi^k_p + (m - n) theta_p), times the attention factor's square, divided by sqrt(head_dim). Every
/// function of `distance` means m - n; all results are in units of the score.
class RopeGeometry {
public:
    RopeGeometry() = default;
    /// `length` of the sequence (LongRoPE chooses its factors by it); query and key [head_dim].
    RopeGeometry(const RopeConfig& rope, int length, const std::vector<float>& query, const std::vector<float>& key);

    int headDim() const { return 2 * static_cast<int>(m_pairs.size()); }
    const std::vector<RopePair>& pairs() const { return m_pairs; }
    /// κ on cos and sin (YaRN, LongRoPE); the score carries its square.
    double attentionFactor() const { return m_attentionFactor; }
    /// From |q_p| |k_p| cos(...) to a share of the score.
    double factor() const;

    /// phi^q_p - phi^k_p + distance theta_p in (-pi, pi].
    double angle(int pair, double distance) const;
    /// The share of one pair.
    double term(int pair, double distance) const;
    double score(double distance) const;
    /// |sum_p of the complex terms|: between + and - this the score swings as the phases turn.
    double envelope(double distance) const;
    /// The false shortcut |q| |k| cos(distance theta_p), as if q and k were one pair of equal phase.
    double shortcut(int pair, double distance) const;

private:
    std::vector<RopePair> m_pairs;
    double m_attentionFactor = 1.0;
    double m_queryNorm = 0;
    double m_keyNorm = 0;
};

/// The same score the way the model computes it: both vectors rotated in float by the model's own kernels, then their product.
double rotatedScore(const RopeConfig& rope, int length, std::vector<float> query, std::vector<float> key, int queryPosition,
                    int keyPosition);

/// The sum over the pairs held against a number that was computed in float by another way.
struct ScoreCheck {
    double sum = 0;
    double other = 0;
    double difference = 0;
    bool equal = false;  ///< within what float rounding of the largest possible score allows
};
ScoreCheck checkScore(const RopeGeometry& geometry, double distance, double other);

/// The score over a range of distances, `perToken` values from token to token.
struct DistanceCurves {
    std::vector<double> distance, score, envelope, shortcut;
};
DistanceCurves distanceCurves(const RopeGeometry& geometry, int pair, int from, int to, int perToken);

/// Angle m theta_p in (-pi, pi], [positions, pairs].
std::vector<float> phaseTable(const std::vector<double>& theta, int positions);

/// How many pairs do not complete a turn within `length` positions.
int unfinishedPairs(const std::vector<double>& theta, int length);

/// A query and a key, before any rotation, and what the model makes of them.
struct HeadVectors {
    std::vector<float> query, key;     ///< [head_dim]
    std::optional<double> modelScore;  ///< under RoPE: what the trace holds; nothing in blocks that do not rotate
    bool isScore = false;              ///< modelScore is the trace's score; else (linear kernel, KV+Pos) its q . k / sqrt(head_dim)
};
/// Asserts that the trace has intermediates of `block` and that the indices lie inside.
HeadVectors headVectors(const ModelConfig& config, const Trace& trace, const AttentionBlock& block, int head, int query, int key);

/// Gives one pair of channels of `vector` this length and phase.
void setPairOf(std::vector<float>& vector, const RopePair& pair, double length, double phase);

/// Vectors to play with when there is no model: standard normal, a pure function of (seed, head_dim).
HeadVectors freeVectors(std::uint64_t seed, int headDim);

}  // namespace lab
