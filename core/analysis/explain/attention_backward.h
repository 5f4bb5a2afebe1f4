#pragma once

#include "core/analysis/explain/layer_backward.h"
#include "core/layers/position/rope.h"

// Numbers of an attention block on the way back, all heads and queries; not for others.

namespace lab::explain {

struct AttentionViews {
    NumberView q, k, v, a, masked, dy, dout, da, ds, dq;
    int heads = 0, groups = 0, headDim = 0, queries = 0, keys = 0;
    double factor = 1.0;  ///< d score / d (q . k)
    bool linear = false;

    explicit AttentionViews(const Context& block);
    int group(int h) const { return h / (heads / groups); }
    /// What stands beside ds in the gradients of q and k: phi of them with the linear kernel.
    double readK(int h, int j, int p) const;
    double readQ(int h, int i, int p) const;
    double weightedSum(int h, int i) const;  ///< sum over keys of a da
    double rowSum(int h, int i) const;       ///< linear kernel: what the row's products are divided by
};

/// d score / d (q . k): 1/sqrt(d_h), times s in KV+Pos; 1 for the linear kernel.
double scoreFactor(const Context& c);
std::string scoreFactorText(const Context& c);
double phiSlope(double x);
/// "∂s", or "∂s′" where positions were added to the scores.
std::string scoreGradient(const Context& c, const std::string& index = {});
/// The linear kernel's products are of phi of q and k.
std::string phiOf(const Context& c, const std::string& name);
/// "∂(qk)_{i,j}": what reaches the product of query i and key j.
std::string productGradient(int i, int j);
std::string productNote(const Context& c);
/// Nothing comes back to the weights of a head that is off or whose output is set by hand.
bool headIsCut(const Context& block, int h);
/// Why no gradient reaches a head's scores: set by hand, or set evenly; empty: it does.
std::string whyNoScoreGradient(const Context& block, int h);

/// RoPE's rotation turned back: what reaches the unrotated vector at a position is cosine times the same number and sine times its partner.
class TurnBack {
public:
    TurnBack(const Context& block, int rows);

    struct Factors {
        double cosine = 1.0, sine = 0.0;
        int partner = 0;
    };
    Factors at(int position, int p) const;
    double of(int position, int p, const std::function<double(int p)>& rotated) const;

private:
    RopeFrequencies m_frequencies;
    int m_headDim;
    bool m_interleaved;
};

}  // namespace lab::explain
