#include "core/layers/pass.h"

#include <algorithm>

#include "core/base/random.h"

namespace lab {
namespace {

/// Finaliser of SplitMix64 (Steele, Lea & Flood 2014).
std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/// Of what is drawn in this step at this site.
std::uint64_t keyOf(const DropoutDraw& draw, std::uint64_t site) {
    return mixed(draw.seed + mixed(static_cast<std::uint64_t>(draw.step) + mixed(site)));
}

template <class T>
DropoutKey keyOf(const Pass<T>& pass, std::uint64_t site, int sequence) {
    return {keyOf(pass.dropout, site), static_cast<std::uint64_t>(pass.dropout.firstSample + sequence)};
}

}  // namespace

template <class T>
void applyDropout(const Pass<T>& pass, std::uint64_t site, const Sequences& sequences, int n, T* x) {
    if (pass.dropout.rate == 0.0) return;
    const std::int64_t size = std::int64_t{sequences.length} * n;
    for (int s = 0; s < sequences.count; ++s) pass.kernels.dropout(size, pass.dropout.rate, keyOf(pass, site, s), x + s * size);
}

template <class T>
void applyDropout(const Pass<T>& pass, std::uint64_t site, const Ragged& sequences, int n, T* x) {
    if (pass.dropout.rate == 0.0) return;
    for (int s = 0; s < sequences.count; ++s) {
        const std::int64_t size = std::int64_t{sequences.lengths[s]} * n;
        pass.kernels.dropout(size, pass.dropout.rate, keyOf(pass, site, s), x);
        x += size;
    }
}

template <class T>
void dropSequences(const Pass<T>& pass, std::uint64_t site, const Sequences& sequences, int n, double rate, T* x) {
    if (!pass.training || rate == 0.0) return;
    const std::uint64_t key = keyOf(pass.dropout, site);
    const std::int64_t size = std::int64_t{sequences.length} * n;
    for (int s = 0; s < sequences.count; ++s, x += size) {
        if (RandomStream(key, static_cast<std::uint64_t>(pass.dropout.firstSample + s)).uniform(0) < rate)
            std::fill_n(x, size, T{0});
        else
            pass.kernels.scale(size, static_cast<T>(1.0 / (1.0 - rate)), x);
    }
}

template void dropSequences(const Pass<float>&, std::uint64_t, const Sequences&, int, double, float*);
template void dropSequences(const Pass<double>&, std::uint64_t, const Sequences&, int, double, double*);
template void applyDropout(const Pass<float>&, std::uint64_t, const Sequences&, int, float*);
template void applyDropout(const Pass<double>&, std::uint64_t, const Sequences&, int, double*);
template void applyDropout(const Pass<float>&, std::uint64_t, const Ragged&, int, float*);
template void applyDropout(const Pass<double>&, std::uint64_t, const Ragged&, int, double*);

}  // namespace lab
