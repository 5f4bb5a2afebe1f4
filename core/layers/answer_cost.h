#pragma once

#include "core/config/answer_cost.h"

namespace lab {

/// Label smoothing (Szegedy et al. 2015, arXiv 1512.00567, section 7, as PyTorch's CrossEntropyLoss has it) and z-loss (Chowdhery et al.
/// 2022, arXiv 2204.02311, section 5) of the rows with targets >= 0, beside their cross-entropy. The target's distribution is
/// (1 - epsilon) onehot + epsilon / K, which adds epsilon (z_target - mean z) to a row; the other adds c (ln sum exp z)^2. Returns the sum
/// over the rows. dlogits [rows, ld], or null, holds weight (softmax - onehot), and gets weight times the gradient of the sum added.
template <class T>
double addAnswerCost(const AnswerCost& cost, int rows, int classes, const T* logits, int ld, const int* targets, T weight, T* dlogits);

}  // namespace lab
