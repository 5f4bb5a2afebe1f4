#include "core/layers/experts.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

namespace lab {
namespace {

/// The k largest of p [n], the first of equal ones before the others.
template <class T>
void mostProbable(const T* p, int n, int k, int* chosen) {
    for (int j = 0; j < k; ++j) {
        int best = -1;
        for (int e = 0; e < n; ++e) {
            if (std::find(chosen, chosen + j, e) != chosen + j) continue;
            if (best < 0 || p[e] > p[best]) best = e;
        }
        chosen[j] = best;
    }
}

std::vector<FeedForward> expertsOf(LayerBuilder builder, const std::string& name, const LayerConfig& config) {
    std::vector<FeedForward> experts;
    for (int e = 0; e < config.experts; ++e) experts.emplace_back(builder, name + ".experts." + std::to_string(e), config);
    return experts;
}

}  // namespace

Experts::Experts(LayerBuilder builder, const std::string& name, const LayerConfig& config)
    : m_name(name),
      m_d(config.d_model),
      m_chosen(config.chosen),
      m_balance(config.balance),
      m_router(builder, {{name + ".router", config.experts}}, config.d_model, false),
      m_experts(expertsOf(builder, name, config)) {}

template <class F>
void Experts::eachRow(const Sequences& sequences, F f) const {
    for (int s = 0; s < sequences.count; ++s)
        for (int t = 0; t < sequences.lengths[s]; ++t) {
            const std::ptrdiff_t row = std::ptrdiff_t{s} * sequences.length + t;
            f(row, row * m_chosen);
        }
}

template <class T>
Ragged Experts::rowsOf(const Sequences& sequences, const Cache<T>& cache, int expert) const {
    return {sequences.count, cache.counts + std::ptrdiff_t{expert} * sequences.count};
}

/// Choices are shown as numbers; what is put in their place counts as the nearest expert.
template <class T>
void Experts::showChoices(Pass<T>& pass, int rows, int* chosen) const {
    T* shown = pass.takeRows(rows, m_chosen);
    std::copy_n(chosen, std::ptrdiff_t{rows} * m_chosen, shown);
    pass.tap->tensor(m_name + ".experts", {rows, m_chosen}, shown);
    for (std::ptrdiff_t i = 0; i < std::ptrdiff_t{rows} * m_chosen; ++i)
        chosen[i] = static_cast<int>(std::fmin(std::fmax(std::round(shown[i]), T{0}), static_cast<T>(count() - 1)));
}

template <class T>
void Experts::choose(Pass<T>& pass, const Sequences& sequences, Cache<T>& cache) const {
    const int rows = sequences.rows();
    const auto entries = static_cast<std::size_t>(rows) * static_cast<std::size_t>(m_chosen);
    cache.chosen = pass.scratch.arena.template take<int>(entries);
    std::fill_n(cache.chosen, entries, 0);
    eachRow(sequences, [&](std::ptrdiff_t row, std::ptrdiff_t first) {
        mostProbable(cache.probabilities + row * count(), count(), m_chosen, cache.chosen + first);
    });
    if (pass.tap) showChoices(pass, rows, cache.chosen);
    cache.gates = pass.takeRows(rows, m_chosen);
    std::fill_n(cache.gates, entries, T{0});
    eachRow(sequences, [&](std::ptrdiff_t row, std::ptrdiff_t first) {
        const T* p = cache.probabilities + row * count();
        T* gates = cache.gates + first;
        for (int j = 0; j < m_chosen; ++j) gates[j] = p[cache.chosen[first + j]];
        if (m_chosen == 1) return;
        const T sum = std::accumulate(gates, gates + m_chosen, T{0});
        for (int j = 0; j < m_chosen; ++j) gates[j] /= sum;
    });
    if (pass.tap) pass.tap->tensor(m_name + ".gates", {rows, m_chosen}, cache.gates);
}

template <class T>
void Experts::route(Pass<T>& pass, const Sequences& sequences, const T* x, Cache<T>& cache) const {
    const int rows = sequences.rows();
    cache.x = x;
    cache.probabilities = pass.takeRows(rows, count());
    m_router.forward(pass, rows, x, cache.probabilities, count());
    pass.kernels.softmaxForward(rows, count(), T{1}, nullptr, cache.probabilities, count());
    if (pass.tap) pass.tap->tensor(m_name + ".router", {rows, count()}, cache.probabilities);
    choose(pass, sequences, cache);
    cache.counts = pass.scratch.arena.template take<int>(m_experts.size() * static_cast<std::size_t>(sequences.count));
    std::fill_n(cache.counts, std::ptrdiff_t{count()} * sequences.count, 0);
    eachRow(sequences, [&](std::ptrdiff_t row, std::ptrdiff_t first) {
        for (int j = 0; j < m_chosen; ++j)
            ++cache.counts[cache.chosen[first + j] * std::ptrdiff_t{sequences.count} + row / sequences.length];
    });
    if (m_balance > 0) pass.beside += balanceOf(sequences, cache, T{0}, static_cast<T*>(nullptr));
}

template <class T>
void Experts::gather(Pass<T>& pass, const Sequences& sequences, Cache<T>& cache) const {
    int* next = pass.scratch.arena.template take<int>(m_experts.size());  // the place of each expert's next row
    int all = 0;
    for (int e = 0; e < count(); ++e) {
        next[e] = all;
        all += rowsOf(sequences, cache, e).rows();
    }
    cache.places = pass.scratch.arena.template take<int>(static_cast<std::size_t>(sequences.rows()) * static_cast<std::size_t>(m_chosen));
    cache.gathered = pass.takeRows(all, m_d);
    cache.made = pass.takeRows(all, m_d);
    eachRow(sequences, [&](std::ptrdiff_t row, std::ptrdiff_t first) {
        for (int j = 0; j < m_chosen; ++j) {
            const int place = next[cache.chosen[first + j]]++;
            cache.places[first + j] = place;
            std::copy_n(cache.x + row * m_d, m_d, cache.gathered + std::ptrdiff_t{place} * m_d);
        }
    });
}

/// Adds weight times its gradient to dp [rows, E] unless that is null; f_e has no slope.
template <class T>
double Experts::balanceOf(const Sequences& sequences, const Cache<T>& cache, T weight, T* dp) const {
    double sum = 0;
    for (int s = 0; s < sequences.count; ++s) {
        const double length = sequences.lengths[s];
        const std::ptrdiff_t begin = std::ptrdiff_t{s} * sequences.length, end = begin + sequences.lengths[s];
        for (int e = 0; e < count(); ++e) {
            const double share = cache.counts[std::ptrdiff_t{e} * sequences.count + s] / (length * m_chosen);
            const double slope = m_balance * count() * share / length;  // of each row's p_e
            double probability = 0;
            for (std::ptrdiff_t row = begin; row < end; ++row) {
                probability += static_cast<double>(cache.probabilities[row * count() + e]);
                if (dp) dp[row * count() + e] += weight * static_cast<T>(slope);
            }
            sum += slope * probability;
        }
    }
    return sum;
}

template <class T>
void Experts::forward(Pass<T>& pass, const Sequences& sequences, const T* x, T* y, Cache<T>& cache, const T* addend) const {
    const std::ptrdiff_t size = std::ptrdiff_t{sequences.rows()} * m_d;
    route(pass, sequences, x, cache);
    gather(pass, sequences, cache);
    cache.experts = pass.scratch.arena.template take<FeedForward::Cache<T>>(m_experts.size());
    std::uninitialized_value_construct_n(cache.experts, m_experts.size());
    std::ptrdiff_t at = 0;
    for (int e = 0; e < count(); ++e) {
        const Ragged rows = rowsOf(sequences, cache, e);
        if (rows.rows() > 0)
            m_experts[static_cast<std::size_t>(e)].forward(pass, rows, static_cast<const T*>(cache.gathered + at), cache.made + at,
                                                           cache.experts[e]);
        at += std::ptrdiff_t{rows.rows()} * m_d;
    }
    if (addend)
        std::copy_n(addend, size, y);
    else
        std::fill_n(y, size, T{0});
    eachRow(sequences, [&](std::ptrdiff_t row, std::ptrdiff_t first) {
        T* sum = y + row * m_d;
        for (int j = 0; j < m_chosen; ++j) {
            const T gate = cache.gates[first + j];
            const T* made = cache.made + std::ptrdiff_t{cache.places[first + j]} * m_d;
            for (int c = 0; c < m_d; ++c) sum[c] += gate * made[c];
        }
    });
    if (pass.tap) pass.tap->tensor(m_name + ".output", {sequences.rows(), m_d}, y);
}

/// From the gates' gradient to that of the router's logits [rows, E].
template <class T>
T* Experts::gatesBackward(Pass<T>& pass, const Sequences& sequences, const Cache<T>& cache, T* dgates) const {
    const int rows = sequences.rows();
    if (pass.tap) pass.tap->gradient(m_name + ".gates", {rows, m_chosen}, dgates);
    T* dp = pass.takeRows(rows, count());
    std::fill_n(dp, std::ptrdiff_t{rows} * count(), T{0});
    eachRow(sequences, [&](std::ptrdiff_t row, std::ptrdiff_t first) {
        const int* chosen = cache.chosen + first;
        const T* p = cache.probabilities + row * count();
        T sum{0}, shared{0};  // of the chosen p; of g dg
        for (int j = 0; j < m_chosen; ++j) {
            sum += p[chosen[j]];
            shared += p[chosen[j]] * dgates[first + j];
        }
        for (int j = 0; j < m_chosen; ++j)
            dp[row * count() + chosen[j]] += m_chosen == 1 ? dgates[first] : (dgates[first + j] - shared / sum) / sum;
    });
    if (m_balance > 0) balanceOf(sequences, cache, static_cast<T>(pass.besideWeight), dp);
    if (pass.tap) pass.tap->gradient(m_name + ".router", {rows, count()}, dp);
    pass.kernels.softmaxBackward(rows, count(), T{1}, cache.probabilities, count(), dp, count());
    return dp;
}

template <class T>
void Experts::backward(Pass<T>& pass, const Sequences& sequences, const T* dy, const Cache<T>& cache, T* dx, const T* addend) const {
    const int rows = sequences.rows();
    if (pass.tap) pass.tap->gradient(m_name + ".output", {rows, m_d}, const_cast<T*>(dy));
    int all = 0;
    for (int e = 0; e < count(); ++e) all += rowsOf(sequences, cache, e).rows();
    T* dmade = pass.takeRows(all, m_d);
    T* dgathered = pass.takeRows(all, m_d);
    T* dgates = pass.takeRows(rows, m_chosen);
    std::fill_n(dgates, std::ptrdiff_t{rows} * m_chosen, T{0});
    eachRow(sequences, [&](std::ptrdiff_t row, std::ptrdiff_t first) {
        for (int j = 0; j < m_chosen; ++j) {
            const std::ptrdiff_t place = std::ptrdiff_t{cache.places[first + j]} * m_d;
            for (int c = 0; c < m_d; ++c) {
                dmade[place + c] = cache.gates[first + j] * dy[row * m_d + c];
                dgates[first + j] += cache.made[place + c] * dy[row * m_d + c];
            }
        }
    });
    std::ptrdiff_t at = 0;
    for (int e = 0; e < count(); ++e) {
        const FeedForward& expert = m_experts[static_cast<std::size_t>(e)];
        const Ragged own = rowsOf(sequences, cache, e);
        if (own.rows() > 0)
            expert.backward(pass, own, static_cast<const T*>(dmade + at), cache.experts[e], dgathered + at);
        else
            expert.backwardOfNothing(pass);
        at += std::ptrdiff_t{own.rows()} * m_d;
    }
    const T* dlogits = gatesBackward(pass, sequences, cache, dgates);
    m_router.backward(pass, rows, cache.x, dlogits, count(), dx, {addend, false, nullptr});
    eachRow(sequences, [&](std::ptrdiff_t row, std::ptrdiff_t first) {
        for (int j = 0; j < m_chosen; ++j) pass.kernels.add(m_d, dgathered + std::ptrdiff_t{cache.places[first + j]} * m_d, dx + row * m_d);
    });
}

#define INSTANTIATE(T)                                                                                   \
    template void Experts::forward(Pass<T>&, const Sequences&, const T*, T*, Cache<T>&, const T*) const; \
    template void Experts::backward(Pass<T>&, const Sequences&, const T*, const Cache<T>&, T*, const T*) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
