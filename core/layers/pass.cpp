#include "core/layers/pass.h"

namespace lab {
namespace {

/// Finaliser of SplitMix64 (Steele, Lea & Flood 2014).
std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

}  // namespace

template <class T>
void applyDropout(const Pass<T>& pass, std::uint64_t site, const Sequences& sequences, int n, T* x) {
    if (pass.dropout.rate == 0.0) return;
    const std::uint64_t key = mixed(pass.dropout.seed + mixed(static_cast<std::uint64_t>(pass.dropout.step) + mixed(site)));
    const std::int64_t size = std::int64_t{sequences.length} * n;
    for (int s = 0; s < sequences.count; ++s)
        pass.kernels.dropout(size, pass.dropout.rate, {key, static_cast<std::uint64_t>(pass.dropout.firstSample + s)}, x + s * size);
}

template void applyDropout(const Pass<float>&, std::uint64_t, const Sequences&, int, float*);
template void applyDropout(const Pass<double>&, std::uint64_t, const Sequences&, int, double*);

}  // namespace lab
