#include "core/layers/halting.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lab {
namespace {

/// Calls act(row, sequence) for the rows that are no padding.
template <class F>
void eachOwnRow(const Sequences& sequences, F act) {
    for (int s = 0; s < sequences.count; ++s)
        for (int i = 0; i < sequences.lengths[s]; ++i) act(s * sequences.length + i, s);
}

template <class T>
void addScaled(int n, T factor, const T* x, T* y) {
    for (int c = 0; c < n; ++c) y[c] += factor * x[c];
}

}  // namespace

Halting::Halting(LayerBuilder builder, const std::string& side, const DepthConfig& config, int d, int limit)
    : m_side(side),
      m_d(d),
      m_limit(limit),
      m_epsilon(config.epsilon),
      m_tau(config.ponder),
      m_weight(builder.layout[builder.layout.add(side + ".halting.weight", {1, d}, ParameterRole::haltingWeight, 1, d)].offset),
      m_bias(builder.layout[builder.layout.add(side + ".halting.bias", {1}, ParameterRole::haltingBias, 1, d)].offset) {}

std::string Halting::stepName(int step, const char* what) const {
    return m_side + "." + std::to_string(step) + what;
}

template <class T>
void Halting::start(Pass<T>& pass, const Sequences& sequences, Cache<T>& cache) const {
    const int rows = sequences.rows();
    const auto all = static_cast<std::size_t>(rows) * static_cast<std::size_t>(m_limit);
    Arena& arena = pass.scratch.arena;
    cache.states = arena.take<const T*>(static_cast<std::size_t>(m_limit));
    cache.unit = pass.take(all);
    cache.share = pass.take(all);
    cache.sum = pass.takeRows(rows, 1);
    cache.steps = arena.take<int>(static_cast<std::size_t>(rows));
    cache.halted = arena.take<signed char>(all);
    cache.done = 0;
    std::fill_n(cache.sum, rows, T{0});
    std::fill_n(cache.steps, rows, 0);
    std::fill_n(cache.halted, rows, static_cast<signed char>(1));
    eachOwnRow(sequences, [&](int r, int) { cache.halted[r] = 0; });
}

template <class T>
bool Halting::goesOn(Pass<T>& pass, const Sequences& sequences, int step, const T* state, Cache<T>& cache) const {
    const int rows = sequences.rows();
    const bool last = step + 1 == m_limit;
    const std::ptrdiff_t at = std::ptrdiff_t{step} * rows;
    const signed char* halted = cache.halted + at;
    T* unit = cache.unit + at;
    T* share = cache.share + at;
    const T* w = pass.weights + m_weight;
    for (int r = 0; r < rows; ++r) {
        const T* s = state + std::ptrdiff_t{r} * m_d;
        unit[r] = halted[r] ? T{0} : T{1} / (T{1} + std::exp(-std::inner_product(s, s + m_d, w, pass.weights[m_bias])));
    }
    if (pass.tap) pass.tap->tensor(stepName(step, ".halting"), {rows}, unit);
    bool goes = false;
    for (int r = 0; r < rows; ++r) {
        bool ends = halted[r];
        share[r] = T{0};
        if (!ends) {
            const T before = cache.sum[r];
            cache.sum[r] += unit[r];
            ends = last || cache.sum[r] >= static_cast<T>(1.0 - m_epsilon);
            share[r] = ends ? T{1} - before : unit[r];
            if (ends) cache.steps[r] = step + 1;
        }
        if (!last) cache.halted[at + rows + r] = ends;
        goes |= !ends;
    }
    cache.states[step] = state;
    cache.done = step + 1;
    return goes;
}

/// What the looking path sees of shares and steps, and may change; adds what the steps cost.
template <class T>
void Halting::look(Pass<T>& pass, const Sequences& sequences, Cache<T>& cache) const {
    const int rows = sequences.rows();
    T* ponder = pass.takeRows(rows, 1);
    T* steps = pass.takeRows(rows, 1);
    for (int r = 0; r < rows; ++r) {
        const int n = cache.steps[r];
        steps[r] = static_cast<T>(n);
        ponder[r] = n == 0 ? T{0} : steps[r] + cache.share[std::ptrdiff_t{n - 1} * rows + r];
    }
    if (pass.tap) {
        for (int n = 0; n < cache.done; ++n) pass.tap->tensor(stepName(n, ".share"), {rows}, cache.share + std::ptrdiff_t{n} * rows);
        pass.tap->tensor(m_side + ".steps", {rows}, steps);
        pass.tap->tensor(m_side + ".ponder", {rows}, ponder);
    }
    eachOwnRow(sequences, [&](int r, int s) { pass.beside += m_tau * static_cast<double>(ponder[r]) / sequences.lengths[s]; });
}

template <class T>
T* Halting::mixed(Pass<T>& pass, const Sequences& sequences, Cache<T>& cache) const {
    look(pass, sequences, cache);
    const int rows = sequences.rows();
    T* y = pass.takeRows(rows, m_d);
    std::fill_n(y, std::ptrdiff_t{rows} * m_d, T{0});
    for (int n = 0; n < cache.done; ++n)
        for (int r = 0; r < rows; ++r) {
            const std::ptrdiff_t row = std::ptrdiff_t{r} * m_d;
            const T share = cache.share[std::ptrdiff_t{n} * rows + r];
            if (share != T{0}) addScaled(m_d, share, cache.states[n] + row, y + row);
        }
    return y;
}

template <class T>
T Halting::ponderWeight(const Pass<T>& pass, int length) const {
    return static_cast<T>(m_tau * pass.besideWeight / length);
}

template <class T>
void Halting::lookBack(Pass<T>& pass, const Sequences& sequences, Cache<T>& cache, T* dshare, T* dponder) const {
    const int rows = sequences.rows();
    eachOwnRow(sequences, [&](int r, int s) { dponder[r] = ponderWeight(pass, sequences.lengths[s]); });
    if (!pass.tap) return;
    pass.tap->gradient(m_side + ".ponder", {rows}, dponder);
    for (int n = 0; n < cache.done; ++n) pass.tap->gradient(stepName(n, ".share"), {rows}, dshare + std::ptrdiff_t{n} * rows);
}

template <class T>
void Halting::backward(Pass<T>& pass, const Sequences& sequences, const T* dy, Cache<T>& cache) const {
    const int rows = sequences.rows();
    T* dshare = pass.takeRows(cache.done, rows);
    T* dponder = pass.takeRows(rows, 1);
    cache.dunit = pass.takeRows(cache.done, rows);
    for (int n = 0; n < cache.done; ++n)
        for (int r = 0; r < rows; ++r) {
            const T* dout = dy + std::ptrdiff_t{r} * m_d;
            dshare[std::ptrdiff_t{n} * rows + r] = std::inner_product(dout, dout + m_d, cache.states[n] + std::ptrdiff_t{r} * m_d, T{0});
        }
    lookBack(pass, sequences, cache, dshare, dponder);
    std::fill_n(cache.dunit, std::ptrdiff_t{cache.done} * rows, T{0});
    // What is left for the last step, and so the cost, falls by what a step before it takes.
    eachOwnRow(sequences, [&](int r, int) {
        const std::ptrdiff_t last = std::ptrdiff_t{cache.steps[r] - 1} * rows + r;
        for (std::ptrdiff_t at = r; at < last; at += rows) cache.dunit[at] = dshare[at] - dshare[last] - dponder[r];
    });
    for (int n = 0; n < cache.done; ++n) {
        const std::ptrdiff_t at = std::ptrdiff_t{n} * rows;
        if (pass.tap) pass.tap->gradient(stepName(n, ".halting"), {rows}, cache.dunit + at);
        for (int r = 0; r < rows; ++r) {
            const T h = cache.unit[at + r], dz = cache.dunit[at + r] * h * (T{1} - h);
            cache.dunit[at + r] = dz;
            if (dz == T{0}) continue;
            addScaled(m_d, dz, cache.states[n] + std::ptrdiff_t{r} * m_d, pass.gradientOf(m_weight));
            *pass.gradientOf(m_bias) += dz;
        }
    }
}

template <class T>
void Halting::addStateGradient(Pass<T>& pass, const Sequences& sequences, int step, const T* dy, const Cache<T>& cache, T* dstate) const {
    const int rows = sequences.rows();
    for (int r = 0; r < rows; ++r) {
        const std::ptrdiff_t at = std::ptrdiff_t{step} * rows + r, row = std::ptrdiff_t{r} * m_d;
        if (cache.share[at] != T{0}) addScaled(m_d, cache.share[at], dy + row, dstate + row);
        if (cache.dunit[at] != T{0}) addScaled(m_d, cache.dunit[at], pass.weights + m_weight, dstate + row);
    }
}

template <class T>
void copyMarkedRows(int rows, int n, const signed char* marked, const T* x, T* y) {
    for (int r = 0; r < rows; ++r)
        if (marked[r]) std::copy_n(x + std::ptrdiff_t{r} * n, n, y + std::ptrdiff_t{r} * n);
}

#define INSTANTIATE(T)                                                                                             \
    template void Halting::start(Pass<T>&, const Sequences&, Cache<T>&) const;                                     \
    template bool Halting::goesOn(Pass<T>&, const Sequences&, int, const T*, Cache<T>&) const;                     \
    template T* Halting::mixed(Pass<T>&, const Sequences&, Cache<T>&) const;                                       \
    template void Halting::backward(Pass<T>&, const Sequences&, const T*, Cache<T>&) const;                        \
    template void Halting::addStateGradient(Pass<T>&, const Sequences&, int, const T*, const Cache<T>&, T*) const; \
    template void copyMarkedRows(int, int, const signed char*, const T*, T*);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
