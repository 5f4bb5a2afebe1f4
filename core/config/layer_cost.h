#pragma once

#include "core/config/layer_config.h"

namespace lab {

// What one layer multiplies and keeps, by the shapes alone: whoever counts asks here. A multiply-add for each weight that a row (a token)
// meets, and for each number of a query, or of a value, that a pair of positions which is seen meets; norms, exponentials and additions are
// left out, and gathering embeddings is no product. For a model that meets each of its N weights once a token, and no table, this is the N
// multiply-adds a token, 2 N operations, of Kaplan et al. 2020 (arXiv 2001.08361, 2.1); the pairs come on top of it.

/// Of a row, in the projections of queries and of what is made of the heads' outputs, in the gate of these, in drawn features and in a
/// learned decay.
double queryProducts(const LayerConfig& layer);
/// Of a row, in the projections of keys and values, as far as the layer has them of its own, and in drawn features; in the map of vectors
/// of distances as if there were one for each row.
double keyProducts(const LayerConfig& layer);
/// Of a row, in the feed-forward layer; of experts in the router and the chosen ones.
double feedForwardProducts(const LayerConfig& layer);
/// Of a pair that is seen, all heads together: head_dim for its score (as many as there are drawn features), head_dim for its share of the
/// value, and where queries are compared with vectors of distances head_dim for that.
double pairProducts(const LayerConfig& layer);
/// Of a sequence, in the net that stands for attention: it reads max_seq_len rows whatever is there.
double mixingProducts(const LayerConfig& layer);

/// Numbers of a token that wait while a decoder writes: keys, and values where they are not the keys; of form latent what both are made of.
/// None where weights fade, which leaves a state alone, and where another layer's keys and values are read.
double cachedNumbers(const LayerConfig& layer);
/// Whether what all keys say can be summed before a query comes, so that no pair is looked at: with a kernel of features, where no pattern
/// hides one.
bool hasRunningState(const LayerConfig& layer);
/// Numbers of that state, whatever the length: for each key-value head S [head_dim, head_dim] and z [head_dim] (Katharopoulos 2020, arXiv
/// 2006.16236, equations 18 and 19), where features are drawn [features, head_dim] and [features]. Where weights fade it is what a decoder
/// keeps, S of each head.
double stateNumbers(const LayerConfig& layer);
/// Of a row and all heads, in adding to these sums and in asking them.
double stateProducts(const LayerConfig& layer);

/// Of a row that gives logits, or numbers.
double answerProducts(const ModelConfig& model);

}  // namespace lab
