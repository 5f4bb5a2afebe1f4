#include "core/layers/adapter_pass.h"

#include <algorithm>

#include "core/ops/low_rank.h"

namespace lab {
namespace {

/// Tables of the embedding and the map to the logits ask.
bool asks(const Parameter& p) {
    return p.isHiddenMatrix() || p.role == ParameterRole::tokenTable || p.role == ParameterRole::positionTable ||
           p.role == ParameterRole::segmentTable || p.role == ParameterRole::inputMap || p.role == ParameterRole::outputHead;
}

}  // namespace

std::size_t unreadNumbers(const ParameterLayout& layout) {
    std::size_t most = 0;
    for (const Parameter& p : layout.parameters())
        if (!asks(p)) most = std::max(most, p.size);
    return most;
}

template <class T>
void addAdapterGradient(Pass<T>& pass, const MapGradient<T>& map) {
    const AdapterPass<T>& adapters = *pass.adapters;
    const AdapterBase& base = adapters.base;
    const auto found = std::ranges::lower_bound(base.offsets, map.weight);
    if (found == base.offsets.end() || *found != map.weight) return;
    const auto matrix = static_cast<std::size_t>(found - base.offsets.begin());
    const std::size_t a = base.a(matrix).offset, b = base.b(matrix).offset + static_cast<std::size_t>(map.firstOutput * base.rank);
    const auto before = pass.scratch.arena.mark();
    lowRankBackward(pass.kernels, {map.outputs, map.in, base.rank, base.factor}, map.rows, map.x, map.dy, map.lddy, adapters.values + a,
                    adapters.values + b, pass.takeRows(map.rows, base.rank), adapters.gradient + a, adapters.gradient + b);
    pass.scratch.arena.rewind(before);
}

template <class T>
void addMatrixGradient(Pass<T>& pass, const MapGradient<T>& map) {
    if (pass.adapters) return addAdapterGradient(pass, map);
    T* own = pass.gradient + map.weight + static_cast<std::ptrdiff_t>(map.firstOutput) * map.in;
    pass.kernels.gemmTransposedA(map.outputs, map.in, map.rows, map.dy, map.lddy, map.x, map.in, own, map.in, true);
}

#define INSTANTIATE(T)                                                 \
    template void addAdapterGradient(Pass<T>&, const MapGradient<T>&); \
    template void addMatrixGradient(Pass<T>&, const MapGradient<T>&);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
