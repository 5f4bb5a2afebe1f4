#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/config/layer_config.h"
#include "core/layers/linear.h"

namespace lab {

/// Differential attention (Ye et al. 2024, arXiv 2410.05258, equations 1 to 3): heads 2p and 2p + 1 both mix their values by
/// A_2p - lambda A_(2p+1), the difference of their softmax maps; the pair's output of 2 head_dim numbers is divided by its root mean
/// square, times a gain, times 1 - lambda_init. lambda = exp(q_1 . k_1) - exp(q_2 . k_2) + lambda_init is one learned number a layer.
struct HeadPairs {
    enum Vector { query1, key1, query2, key2, vectors };
    std::size_t vector[vectors] = {};  ///< offsets of [head_dim] each
    std::size_t gain = 0;              ///< offset of [2 head_dim]
    double start = 0;                  ///< lambda_init of the layer

    static std::optional<HeadPairs> of(LayerBuilder builder, const std::string& name, const LayerConfig& layer);

    template <class T>
    T lambda(const T* weights, int headDim) const;
    /// Adds what dlambda asks of the four vectors.
    template <class T>
    void lambdaBackward(const Pass<T>& pass, int headDim, T dlambda) const;
};

}  // namespace lab
