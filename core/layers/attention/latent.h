#pragma once

#include <string>

#include "core/config/layer_config.h"
#include "core/layers/linear.h"

namespace lab {

/// Keys and values of multi-head latent attention (DeepSeek-V2, arXiv 2405.04434, equations 9 to 19): of each token only c = W_c x and,
/// under RoPE, one key k^R = W_kR x for all heads are kept; a head's key is [k^R | W_K c] in the channels that turn and those that do not,
/// its value W_V c.
class LatentKeys {
public:
    LatentKeys(LayerBuilder builder, const std::string& name, const LayerConfig& layer);

    /// What projections of x give it: "name.latent" and, under RoPE, "name.shared_key".
    static std::vector<Linear::Part> inputs(const std::string& name, const LayerConfig& layer);

    /// Numbers that are kept of a token.
    int kept() const { return m_latent + m_shared; }
    /// kept [rows, ldKept] (c, then k^R) -> keys and values [rows, ld], heads * head_dim each, side by side from `keys` on.
    template <class T>
    void expand(Pass<T>& pass, int rows, const T* kept, int ldKept, T* keys, int ld) const;
    /// Gradient of keys and values in, of what was kept out [rows, ldKept], overwritten; `kept` as expand read it.
    template <class T>
    void expandBackward(Pass<T>& pass, int rows, const T* kept, int ldKept, const T* dkeys, int ld, T* dkept) const;

private:
    /// Channel of a head that is number `n` of those that turn, or of those that do not.
    int turning(int n) const;
    int resting(int n) const;

    int m_heads, m_headDim, m_latent, m_shared;
    bool m_halves;  ///< pairs are p and p + head_dim / 2
    Linear m_up;    ///< c -> [heads * (head_dim - shared) | heads * head_dim]
};

}  // namespace lab
