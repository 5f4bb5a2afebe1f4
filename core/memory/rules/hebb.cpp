#include "core/memory/storage_rule.h"

namespace lab::rules {
namespace {

void store(StoredPatterns& stored) {
    const double units = static_cast<double>(stored.patterns.cols());
    stored.weights.noalias() = stored.patterns.transpose() * stored.patterns;  // whole numbers, so exact
    stored.weights /= units;
    stored.weights.diagonal().setZero();
}

MemoryMatrix sharesOfRow(const StoredPatterns& stored, int i) {
    MemoryMatrix shares = stored.patterns.col(i).asDiagonal() * stored.patterns;
    shares /= static_cast<double>(stored.patterns.cols());
    shares.col(i).setZero();
    return shares;
}

}  // namespace

extern const StorageRule hebb;
constinit const StorageRule hebb{
    "hebb",
    LAB_TEXT("memory", "Hebb"),
    LAB_TEXT("memory", "Hebb"),
    LAB_TEXT(
        "memory",
        "Each pattern adds +1/N to the weight of two units that agree in it and -1/N where they differ. Random patterns fit up to about "
        "0.138 N with a few wrong pixels; patterns that resemble each other far fewer."),
    "W_ij = (1/N) Σ_μ ξ_i^μ ξ_j^μ, W_ii = 0",
    "Hopfield 1982 (PNAS 79, 2554); Hebb 1949",
    LAB_TEXT("memory", "+1/N where the two units agree in the pattern, -1/N where they differ"),
    false,
    false,
    store,
    sharesOfRow,
    true};

}  // namespace lab::rules
