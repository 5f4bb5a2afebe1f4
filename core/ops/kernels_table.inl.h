#pragma once

// Everything one per-ISA object holds. All of it lives in an anonymous namespace and takes nothing inline from the standard library:
// a shared inline symbol would let the linker use one object's instructions in another (FACTS: measured).

#include "core/ops/kernels_activations.inl.h"
#include "core/ops/kernels_attention.inl.h"
#include "core/ops/kernels_bytes.inl.h"
#include "core/ops/kernels_dropout.inl.h"
#include "core/ops/kernels_elementwise.inl.h"
#include "core/ops/kernels_gemm.inl.h"
#include "core/ops/kernels_loss.inl.h"
#include "core/ops/kernels_norms.inl.h"
#include "core/ops/kernels_peak.inl.h"
#include "core/ops/kernels_rotary.inl.h"
#include "core/ops/kernels_softmax.inl.h"
#include "core/ops/kernels_transpose.inl.h"
#include "core/ops/kernels_turned.inl.h"

namespace lab {
namespace {

template <class T>
constexpr Kernels<T> table = {
    .isa = isaName,
    .gemm = gemm<T, false>,
    .gemmFused = gemmFused<T>,
    .gemmByRows = gemmByRows<T>,
    .panelRows = panelRows<T>,
    .turnRows = turnRows<T>,
    .gemmOfPanels = gemmOfPanels<T>,
    .rowByBytes = rowByBytes<T>,
    .gemmTransposedA = gemm<T, true>,
    .transpose = transpose<T>,
    .add = add<T>,
    .addBias = addBias<T>,
    .addColumnSums = addColumnSums<T>,
    .scale = scale<T>,
    .sumOfSquares = sumOfSquares<T>,
    .dropout = dropout<T>,
    .reluForward = reluForward<T>,
    .reluBackward = reluBackward<T>,
    .geluForward = geluForward<T>,
    .geluBackward = geluBackward<T>,
    .geluTanhForward = geluTanhForward<T>,
    .geluTanhBackward = geluTanhBackward<T>,
    .quickGeluForward = quickGeluForward<T>,
    .quickGeluBackward = quickGeluBackward<T>,
    .reluSquaredForward = reluSquaredForward<T>,
    .reluSquaredBackward = reluSquaredBackward<T>,
    .swigluForward = swigluForward<T>,
    .swigluBackward = swigluBackward<T>,
    .eluPlusOneForward = eluPlusOneForward<T>,
    .eluPlusOneBackward = eluPlusOneBackward<T>,
    .layerNormForward = layerNormForward<T>,
    .layerNormBackward = layerNormBackward<T>,
    .rmsNormForward = rmsNormForward<T>,
    .rmsNormBackward = rmsNormBackward<T>,
    .softmaxForward = softmaxForward<T>,
    .softmaxBackward = softmaxBackward<T>,
    .rotate = rotate<T>,
    .attentionForward = attentionForward<T>,
    .attentionBackward = attentionBackward<T>,
    .crossEntropy = crossEntropy<T>,
    .peak = peak<T>,
};

}  // namespace
}  // namespace lab
