#include "core/layers/attention/random_features.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/random.h"

namespace lab {
namespace {

/// `count` normal numbers from `first` on.
std::vector<double> normalNumbers(const RandomStream& stream, std::uint64_t first, int count) {
    std::vector<double> numbers;
    for (int c = 0; c < count; ++c) numbers.push_back(stream.normal(first + static_cast<std::uint64_t>(c)));
    return numbers;
}

double dotOf(const double* a, const double* b, int n) {
    double sum = 0;
    for (int c = 0; c < n; ++c) sum += a[c] * b[c];
    return sum;
}

/// Takes away what x has of the `count` unit vectors at `before`, twice for rounding's sake (Gram-Schmidt).
void makeOrthogonal(const double* before, int count, int n, std::vector<double>& x) {
    for (int round = 0; round < 2; ++round)
        for (int b = 0; b < count; ++b) {
            const double along = dotOf(before + static_cast<std::ptrdiff_t>(b) * n, x.data(), n);
            for (int c = 0; c < n; ++c) x[static_cast<std::size_t>(c)] -= along * before[static_cast<std::ptrdiff_t>(b) * n + c];
        }
}

/// Row r draws numbers 2 r d .. of the stream for its direction, and the d behind them for its length.
std::vector<double> orthogonalBlocks(const RandomStream& stream, int features, int d) {
    std::vector<double> rows;
    std::vector<double> lengths;
    for (int r = 0; r < features; ++r) {
        const std::uint64_t first = 2 * static_cast<std::uint64_t>(r) * static_cast<std::uint64_t>(d);
        std::vector<double> row = normalNumbers(stream, first, d);
        const std::vector<double> other = normalNumbers(stream, first + static_cast<std::uint64_t>(d), d);
        const int before = r % d;
        makeOrthogonal(rows.data() + rows.size() - static_cast<std::size_t>(before * d), before, d, row);
        const double length = std::sqrt(dotOf(row.data(), row.data(), d));
        for (double& x : row) x /= length;
        rows.insert(rows.end(), row.begin(), row.end());
        lengths.push_back(std::sqrt(dotOf(other.data(), other.data(), d)));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] *= lengths[i / static_cast<std::size_t>(d)];
    return rows;
}

}  // namespace

RandomFeatures::RandomFeatures(int headDim, int features, std::uint64_t seed, const std::string& name)
    : m_headDim(headDim), m_features(features), m_matrix(orthogonalBlocks(RandomStream(seed, name + ".features"), features, headDim)) {
    const auto fill = [&](auto& tables) {
        tables.byFeature.assign(m_matrix.size(), 0);
        tables.turned.assign(m_matrix.size(), 0);
        for (int r = 0; r < features; ++r)
            for (int c = 0; c < headDim; ++c) {
                const std::size_t at = static_cast<std::size_t>(r * headDim + c);
                using Number = typename std::decay_t<decltype(tables.turned)>::value_type;
                tables.byFeature[at] = tables.turned[static_cast<std::size_t>(c * features + r)] = static_cast<Number>(m_matrix[at]);
            }
    };
    fill(m_single);
    fill(m_double);
}

template <>
const RandomFeatures::Tables<float>& RandomFeatures::tables() const {
    return m_single;
}
template <>
const RandomFeatures::Tables<double>& RandomFeatures::tables() const {
    return m_double;
}

template <class T>
void RandomFeatures::exponents(Pass<T>& pass, int rows, const T* x, int ldx, T* u, int ldu) const {
    // code: phi drawn
    const T root = static_cast<T>(1.0 / std::pow(static_cast<double>(m_headDim), 0.25));
    T* scaled = pass.takeRows(rows, m_headDim);
    for (int r = 0; r < rows; ++r) std::copy_n(x + static_cast<std::ptrdiff_t>(r) * ldx, m_headDim, scaled + r * m_headDim);
    pass.kernels.scale(std::int64_t{rows} * m_headDim, root, scaled);
    pass.kernels.gemm(rows, m_features, m_headDim, scaled, m_headDim, tables<T>().turned.data(), m_features, u, ldu, false);
    for (int r = 0; r < rows; ++r, scaled += m_headDim, u += ldu) {
        T square = 0;
        for (int c = 0; c < m_headDim; ++c) square += scaled[c] * scaled[c];
        for (int f = 0; f < m_features; ++f) u[f] -= square / 2;
    }
    // end code
}

/// exp(u - top) / sqrt(m) of one row; elu(x) + 1 is the exponential of what is not positive.
template <class T>
void RandomFeatures::exponentials(Pass<T>& pass, T top, T* u) const {
    // code: phi drawn
    for (int f = 0; f < m_features; ++f) u[f] = std::min(u[f] - top, T{0});
    pass.kernels.eluPlusOneForward(m_features, u, u);
    pass.kernels.scale(m_features, static_cast<T>(1.0 / std::sqrt(static_cast<double>(m_features))), u);
    // end code
}

template <class T>
void RandomFeatures::ofQueries(Pass<T>& pass, int rows, T* u, int ldu) const {
    for (int r = 0; r < rows; ++r, u += ldu) exponentials(pass, *std::max_element(u, u + m_features), u);
}

template <class T>
void RandomFeatures::ofKeys(Pass<T>& pass, int rows, bool causal, T* u, int ldu, T* top) const {
    // code: phi drawn
    T largest = -std::numeric_limits<T>::infinity();
    for (int r = 0; r < rows; ++r) {
        const T* row = u + static_cast<std::ptrdiff_t>(r) * ldu;
        top[r] = largest = std::max(largest, *std::max_element(row, row + m_features));
    }
    if (!causal) std::fill_n(top, rows, largest);
    for (int r = 0; r < rows; ++r) exponentials(pass, top[r], u + static_cast<std::ptrdiff_t>(r) * ldu);
    // end code
}

template <class T>
void RandomFeatures::backward(Pass<T>& pass, int rows, const T* x, int ldx, const T* phi, int ldphi, const T* dphi, int lddphi, T* dx,
                              int lddx) const {
    const T root = static_cast<T>(1.0 / std::pow(static_cast<double>(m_headDim), 0.25));
    T* du = pass.takeRows(1, m_features);
    T* along = pass.takeRows(1, m_headDim);
    for (int r = 0; r < rows; ++r, x += ldx, phi += ldphi, dphi += lddphi, dx += lddx) {
        // code: d_query,d_key,d_l_query,d_l_keys drawn
        T sum = 0;
        for (int f = 0; f < m_features; ++f) sum += du[f] = phi[f] * dphi[f];
        pass.kernels.gemm(1, m_headDim, m_features, du, m_features, tables<T>().byFeature.data(), m_headDim, along, m_headDim, false);
        for (int c = 0; c < m_headDim; ++c) dx[c] += root * (along[c] - sum * root * x[c]);
        // end code
    }
}

#define INSTANTIATE(T)                                                                    \
    template void RandomFeatures::exponents(Pass<T>&, int, const T*, int, T*, int) const; \
    template void RandomFeatures::ofQueries(Pass<T>&, int, T*, int) const;                \
    template void RandomFeatures::ofKeys(Pass<T>&, int, bool, T*, int, T*) const;         \
    template void RandomFeatures::backward(Pass<T>&, int, const T*, int, const T*, int, const T*, int, T*, int) const;
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace lab
