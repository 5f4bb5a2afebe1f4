#pragma once

#include <numbers>

#include "core/data/dataset.h"

namespace lab {

/// What a loss is shown in: nats a token, or of running text bits a byte, which do not depend on how it was cut (loss tokens / bytes / ln
/// 2).
struct LossUnit {
    double perNat = 1;
    bool bitsPerByte = false;

    double of(double nats) const { return nats * perNat; }
    bool operator==(const LossUnit&) const = default;
};

inline LossUnit lossUnitOf(const Dataset& dataset) {
    const auto bytes = dataset.bytesPerToken();
    return bytes ? LossUnit{1 / (*bytes * std::numbers::ln2), true} : LossUnit{};
}

}  // namespace lab
