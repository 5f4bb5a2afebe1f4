#include "core/layers/attention/latent.h"

#include <algorithm>

namespace lab {
namespace {

std::vector<Linear::Part> outputs(const std::string& name, const LayerConfig& layer) {
    std::vector<Linear::Part> parts;
    const int own = layer.head_dim - sharedKeyChannels(layer);
    if (own > 0) parts.push_back({name + ".key", layer.num_heads * own});
    parts.push_back({name + ".value", layer.num_heads * layer.head_dim});
    return parts;
}

template <class Pointer>
Pointer rowAt(Pointer x, int ld, int r) {
    return x + static_cast<std::ptrdiff_t>(r) * ld;
}

}  // namespace

LatentKeys::LatentKeys(LayerBuilder builder, const std::string& name, const LayerConfig& layer)
    : m_heads(layer.num_heads),
      m_headDim(layer.head_dim),
      m_latent(layer.latent_dim),
      m_shared(sharedKeyChannels(layer)),
      m_halves(layer.position.rope.pairing == RopePairing::half),
      m_up(builder, outputs(name, layer), layer.latent_dim, layer.bias, ParameterRole::attentionInput) {}

std::vector<Linear::Part> LatentKeys::inputs(const std::string& name, const LayerConfig& layer) {
    std::vector<Linear::Part> parts{{name + ".latent", layer.latent_dim}};
    if (const int shared = sharedKeyChannels(layer); shared > 0) parts.push_back({name + ".shared_key", shared});
    return parts;
}

/// The first pairs turn: channels 2 p and 2 p + 1, or p and p + head_dim / 2.
int LatentKeys::turning(int n) const {
    if (!m_halves) return n;
    return n < m_shared / 2 ? n : m_headDim / 2 + n - m_shared / 2;
}

int LatentKeys::resting(int n) const {
    if (!m_halves || m_shared == 0) return m_shared + n;
    const int ofHalf = (m_headDim - m_shared) / 2;
    return n < ofHalf ? m_shared / 2 + n : m_headDim / 2 + m_shared / 2 + n - ofHalf;
}

template <class T>
void LatentKeys::expand(Pass<T>& pass, int rows, const T* kept, int ldKept, T* keys, int ld) const {
    const int own = m_headDim - m_shared, width = m_heads * m_headDim;
    T* c = pass.takeRows(rows, m_latent);
    T* up = pass.takeRows(rows, m_up.out());
    for (int r = 0; r < rows; ++r) std::copy_n(rowAt(kept, ldKept, r), m_latent, rowAt(c, m_latent, r));
    // code: project latent
    m_up.forward(pass, rows, static_cast<const T*>(c), up, m_up.out());
    for (int r = 0; r < rows; ++r) {
        const T* shared = rowAt(kept, ldKept, r) + m_latent;
        const T* made = rowAt(up, m_up.out(), r);
        T* key = rowAt(keys, ld, r);
        for (int h = 0; h < m_heads; ++h) {
            for (int n = 0; n < m_shared; ++n) key[h * m_headDim + turning(n)] = shared[n];
            for (int n = 0; n < own; ++n) key[h * m_headDim + resting(n)] = made[h * own + n];
        }
        std::copy_n(made + m_heads * own, width, key + width);
    }
    // end code
}

template <class T>
void LatentKeys::expandBackward(Pass<T>& pass, int rows, const T* kept, int ldKept, const T* dkeys, int ld, T* dkept) const {
    const int own = m_headDim - m_shared, width = m_heads * m_headDim;
    T* c = pass.takeRows(rows, m_latent);
    T* dc = pass.takeRows(rows, m_latent);
    T* dup = pass.takeRows(rows, m_up.out());
    // code: d_l_keys,d_l_values latent
    for (int r = 0; r < rows; ++r) {
        std::copy_n(rowAt(kept, ldKept, r), m_latent, rowAt(c, m_latent, r));
        const T* dkey = rowAt(dkeys, ld, r);
        T* dshared = rowAt(dkept, ldKept, r) + m_latent;
        T* dmade = rowAt(dup, m_up.out(), r);
        std::fill_n(dshared, m_shared, T{0});
        for (int h = 0; h < m_heads; ++h) {
            for (int n = 0; n < m_shared; ++n) dshared[n] += dkey[h * m_headDim + turning(n)];
            for (int n = 0; n < own; ++n) dmade[h * own + n] = dkey[h * m_headDim + resting(n)];
        }
        std::copy_n(dkey + width, width, dmade + m_heads * own);
    }
    m_up.backward(pass, rows, static_cast<const T*>(c), static_cast<const T*>(dup), m_up.out(), dc);
    for (int r = 0; r < rows; ++r) std::copy_n(rowAt(dc, m_latent, r), m_latent, rowAt(dkept, ldKept, r));
    // end code
}

#define INSTANTIATE(T)                                                             \
    template void LatentKeys::expand(Pass<T>&, int, const T*, int, T*, int) const; \
    template void LatentKeys::expandBackward(Pass<T>&, int, const T*, int, const T*, int, T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
