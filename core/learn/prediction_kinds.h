#pragma once

#include <array>

#include "core/learn/lesson.h"

namespace lab {

/// What a prediction of a kind is made of.
struct PredictionKindRow {
    const char* name;  ///< in files
    Prediction::Kind kind;
    bool answers, value, cell, drawn;
};
/// In the order of Prediction::Kind.
constexpr std::array<PredictionKindRow, 6> predictionKinds{{{"choice", Prediction::Kind::choice, true, false, false, false},
                                                            {"number", Prediction::Kind::number, false, true, false, false},
                                                            {"cell", Prediction::Kind::cell, false, false, true, false},
                                                            {"bars", Prediction::Kind::bars, false, true, false, true},
                                                            {"order", Prediction::Kind::order, true, false, false, false},
                                                            {"curve", Prediction::Kind::curve, false, true, false, true}}};

constexpr const PredictionKindRow& predictionKind(Prediction::Kind kind) {
    return predictionKinds[static_cast<std::size_t>(kind)];
}

}  // namespace lab
