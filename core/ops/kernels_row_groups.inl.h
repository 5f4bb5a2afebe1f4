#pragma once

#include "core/ops/kernels_vector.inl.h"

namespace lab {
namespace {

constexpr int rowsTogether = 4;

/// body(Constant<rows>, first row) over [0, rows) in fours and ones: what a row has to wait for (sums over lanes, a root, a quotient) then
/// overlaps with its neighbours. A row's bits are the same in a group of four and alone.
template <class Body>
LAB_INLINE void forRowGroups(Index rows, Body&& body) {
    Index r = 0;
    for (; r + rowsTogether <= rows; r += rowsTogether) body(Constant<rowsTogether>{}, r);
    for (; r < rows; ++r) body(Constant<1>{}, r);
}

}  // namespace
}  // namespace lab
