#include "core/layers/position/rotary_table.h"

#include <algorithm>
#include <type_traits>

namespace lab {
namespace {

constexpr int mostRowsKept = 4096;

}  // namespace

RotaryTable::RotaryTable(const RopeConfig& rope, int headDim, int maxLength)
    : m_rope(rope), m_headDim(headDim), m_rows(std::clamp(maxLength, 1, mostRowsKept)) {
    const std::size_t size = static_cast<std::size_t>(m_rows) * static_cast<std::size_t>(headDim / 2);
    for (int variant = 0; variant < 2; ++variant) {
        const int anyLength = variant == 0 ? 1 : rope.scaling.original_max_seq_len.value_or(0) + 1;
        const RopeFrequencies frequencies = ropeFrequencies(rope, headDim, anyLength);
        const auto fill = [&](auto& target) {
            target.cos.resize(size);
            target.sin.resize(size);
            ropeTables(frequencies, 0, m_rows, target.cos.data(), target.sin.data());
        };
        fill(m_float[variant]);
        fill(m_double[variant]);
        if (!rope.scaling.kind->byLength) break;
    }
}

bool RotaryTable::usesLongFactors(int length) const {
    return m_rope.scaling.kind->byLength && length > *m_rope.scaling.original_max_seq_len;
}

template <class T>
RotaryTable::View<T> RotaryTable::view(Pass<T>& pass, int first, int count, int length) const {
    const int variant = usesLongFactors(length) ? 1 : 0;
    if (first + count <= m_rows) {
        const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(first) * pairs();
        if constexpr (std::is_same_v<T, float>)
            return {m_float[variant].cos.data() + at, m_float[variant].sin.data() + at};
        else
            return {m_double[variant].cos.data() + at, m_double[variant].sin.data() + at};
    }
    T* cos = pass.takeRows(count, pairs());
    T* sin = pass.takeRows(count, pairs());
    ropeTables(ropeFrequencies(m_rope, m_headDim, length), first, count, cos, sin);
    return {cos, sin};
}

template RotaryTable::View<float> RotaryTable::view(Pass<float>&, int, int, int) const;
template RotaryTable::View<double> RotaryTable::view(Pass<double>&, int, int, int) const;

}  // namespace lab
