#pragma once

#include "core/optimizers/rules/rule.inl.h"

namespace lab {
namespace {
namespace adafactor {

constexpr ParameterSpec decayExponent{.key = "decay_exponent",
                                      .help = LAB_TEXT("optimizers",
                                                       "adafactor: of the old mean squares 1 - t^-decay_exponent stays at step t: nothing "
                                                       "at the first one, and more and more later."),
                                      .limits = {0, 1, true, false},
                                      .standard = 0.8,
                                      .integer = false};
constexpr ParameterSpec epsilon1{.key = "epsilon1",
                                 .help = LAB_TEXT("optimizers", "adafactor: added to each squared gradient."),
                                 .limits = {1e-30, 1},
                                 .standard = 1e-30,
                                 .integer = false};
constexpr ParameterSpec parameters[] = {decayExponent, epsilon1, optimizer::weightDecay};

/// d of the paper: the root mean square that a parameter's u is shortened to.
constexpr double longestUpdate = 1.0;
/// What takes the place of 0 where training brings a weight to it: a weight of 0 is one that has always been 0 (momentOfEachWeight).
constexpr double leastWeight = 1.2e-38;

/// Whether rows' and columns' means stand for the mean squares; of a single row or column they would be more numbers, which tell the same.
constexpr bool isFactored(int rows, int columns) {
    return rows > 1 && columns > 1;
}

template <class T>
struct Factors {
    T kept, newer;  ///< of the mean squares: beta2 = 1 - t^-exponent
    T epsilon, gradientScale;
    T keep;  ///< of each weight before the step
};

/// The new moments of a matrix: the running mean of each row of g^2 + epsilon1 in `byRow` and of each column in `byColumn`.
template <class T>
void remember(const Factors<T>& f, const UpdatedParameter<T>& p, T* byRow, T* byColumn) {
    const T share = f.newer / static_cast<T>(p.rows);
    const Vector<T> least = broadcast(f.newer * f.epsilon);
    // code: update adafactor
    forVectors<T>(p.columns, [&](auto lanes, Index j) { store(lanes, byColumn + j, f.kept * load(lanes, byColumn + j) + least); });
    for (Index i = 0; i < p.rows; ++i) {
        Vector<T> squares = {};
        forVectors<T>(p.columns, [&](auto lanes, Index j) {
            const Vector<T> g = f.gradientScale * load(lanes, p.gradient + i * p.columns + j);
            squares += g * g;
            store(lanes, byColumn + j, load(lanes, byColumn + j) + share * g * g);
        });
        byRow[i] = f.kept * byRow[i] + f.newer * (sumOfLanes(squares) / static_cast<T>(p.columns) + f.epsilon);
    }
    // end code
}

/// sum of g^2 / v
template <class T>
T sumOfQuotients(Index n, T gradientScale, const T* gradient, const T* v) {
    Vector<T> sum = {};
    forVectors<T>(n, [&](auto lanes, Index i) {
        const Vector<T> g = gradientScale * load(lanes, gradient + i);
        sum += only(lanes, g * g / load(lanes, v + i), T(0));
    });
    return sumOfLanes(sum);
}

/// w = keep w - factor g / sqrt(v)
template <class T>
void apply(Index n, T factor, T keep, const T* gradient, const T* v, T* weights) {
    constexpr T least = static_cast<T>(leastWeight);
#pragma omp simd
    for (Index i = 0; i < n; ++i) {
        // code: update adafactor
        const T before = weights[i], after = before * keep - factor * gradient[i] / squareRoot(v[i]);
        weights[i] = after == T(0) && before != T(0) ? least : after;
        // end code
    }
}

/// What the learning rate is multiplied by: 1 / max(1, RMS(u) / d).
inline double shortening(double squares, std::int64_t count) {
    const double length = __builtin_sqrt(squares / static_cast<double>(count)) / longestUpdate;
    return length > 1 ? 1 / length : 1.0;
}

/// v_ij = R_i C_j / mean R, so u_ij = g_ij / sqrt(C_j) sqrt(mean R / R_i).
template <class T>
void updateMatrix(double rate, const Factors<T>& f, const UpdatedParameter<T>& p) {
    T *byRow = p.first, *byColumn = p.first + p.rows;
    remember(f, p, byRow, byColumn);
    // code: update adafactor
    double mean = 0, squares = 0;
    for (Index i = 0; i < p.rows; ++i) mean += static_cast<double>(byRow[i]) / p.rows;
    for (Index i = 0; i < p.rows; ++i)
        squares += mean / static_cast<double>(byRow[i]) *
                   static_cast<double>(sumOfQuotients(p.columns, f.gradientScale, p.gradient + i * p.columns, byColumn));
    const double shortened = rate * shortening(squares, p.count) * static_cast<double>(f.gradientScale);
    for (Index i = 0; i < p.rows; ++i) {
        const T factor = static_cast<T>(shortened * __builtin_sqrt(mean / static_cast<double>(byRow[i])));
        apply(p.columns, factor, f.keep, p.gradient + i * p.columns, byColumn, p.weights + i * p.columns);
    }
    // end code
}

/// Each weight with a mean square of its own.
template <class T>
void updateVector(double rate, const Factors<T>& f, const UpdatedParameter<T>& p) {
    forVectors<T>(p.count, [&](auto lanes, Index i) {
        const Vector<T> g = f.gradientScale * load(lanes, p.gradient + i);
        store(lanes, p.first + i, f.kept * load(lanes, p.first + i) + f.newer * (g * g + f.epsilon));
    });
    const auto squares = static_cast<double>(sumOfQuotients(Index{p.count}, f.gradientScale, p.gradient, p.first));
    const double shortened = rate * shortening(squares, p.count) * static_cast<double>(f.gradientScale);
    apply(Index{p.count}, static_cast<T>(shortened), f.keep, p.gradient, p.first, p.weights);
}

/// Shazeer & Stern 2018 (arXiv 1804.04235), algorithms 4 and 5 without momentum, with means for their sums and a learning rate for the
/// relative step. The one moment of a matrix holds the rows' means in its first numbers and the columns' behind them.
template <class T>
void update(const UpdateStep& s, const double* numbers, const UpdatedParameter<T>& p) {
    const auto& [exponent, epsilon, decay] = firstOf<3>(numbers);
    const double newer = __builtin_pow(static_cast<double>(s.step), -exponent);
    const Factors<T> f{static_cast<T>(1 - newer), static_cast<T>(newer), static_cast<T>(epsilon), static_cast<T>(s.gradientScale),
                       static_cast<T>(keptOf(p, s.learningRate, decay))};
    if (isFactored(p.rows, p.columns))
        updateMatrix(s.learningRate, f, p);
    else
        updateVector(s.learningRate, f, p);
}

// ---- its row

using namespace arithmetic;

/// What a weight's row, or with `ofRow` false its column, has in the moment of a matrix.
inline double meanSquareOf(const UpdateFacts& f, const double* moment, int row, int column, bool ofRow) {
    if (isFactored(f.rows, f.columns)) return ofRow ? moment[row] : moment[f.rows + column];
    const bool each = ofRow ? f.columns == 1 : f.rows == 1;
    if (each) return moment[ofRow ? row : column];
    double mean = 0;
    for (int i = 0; i < f.rows * f.columns; ++i) mean += moment[i] / (f.rows * f.columns);
    return mean;
}

inline void rowMeans(const Kernels<float>&, int rows, int columns, float* x, float*) {
    for (int i = 0; i < rows; ++i) {
        double mean = 0;
        for (int j = 0; j < columns; ++j) mean += static_cast<double>(x[Index{i} * columns + j]) / columns;
        for (int j = 0; j < columns; ++j) x[Index{i} * columns + j] = static_cast<float>(mean);
    }
}

inline void columnMeans(const Kernels<float>&, int rows, int columns, float* x, float*) {
    for (int j = 0; j < columns; ++j) {
        double mean = 0;
        for (int i = 0; i < rows; ++i) mean += static_cast<double>(x[Index{i} * columns + j]) / rows;
        for (int i = 0; i < rows; ++i) x[Index{i} * columns + j] = static_cast<float>(mean);
    }
}

inline void meanOfAll(const Kernels<float>& kernels, int rows, int columns, float* x, float* scratch) {
    rowMeans(kernels, 1, rows * columns, x, scratch);
}

inline void shorten(const Kernels<float>& kernels, int rows, int columns, float* x, float*) {
    const Index size = Index{rows} * columns;
    kernels.scale(size, static_cast<float>(shortening(kernels.sumOfSquares(size, x), size)), x);
}

inline double newShare(const UpdateFacts& f) {
    return __builtin_pow(static_cast<double>(f.step), -f[decayExponent]);
}
constexpr UpdateOperand keptPart = number("\u03B2", [](const UpdateFacts& f) { return 1 - newShare(f); });
constexpr UpdateOperand newPart = number("1 \u2212 \u03B2", newShare);

constexpr UpdateLine lines[] = {
    moment("R", 0, LAB_TEXT("optimizers", "of its row: the running mean of the squared gradients"),
           [](const UpdateFacts& f, const double* moment, int row, int column) { return meanSquareOf(f, moment, row, column, true); }),
    moment("C", 0, LAB_TEXT("optimizers", "of its column: the running mean of the squared gradients"),
           [](const UpdateFacts& f, const double* moment, int row, int column) { return meanSquareOf(f, moment, row, column, false); }),
    sum("g\u00B2 + \u03B5_{1}", term(g, g), term(number<epsilon1>("\u03B5_{1}"))),
    whole("mean of the row", term(line("g\u00B2 + \u03B5_{1}")), LAB_TEXT("optimizers", "of g\u00B2 + \u03B5_{1} over its row"), &rowMeans),
    whole("mean of the column", term(line("g\u00B2 + \u03B5_{1}")),
          LAB_TEXT("optimizers", "of g\u00B2 + \u03B5_{1} over its column, of all heads"), &columnMeans),
    sum("R\u2032", term(keptPart, line("R")), term(newPart, line("mean of the row"))),
    sum("C\u2032", term(keptPart, line("C")), term(newPart, line("mean of the column"))),
    whole("mean of all rows", term(line("R\u2032")), LAB_TEXT("optimizers", "over all rows of the matrix, of all heads"), &meanOfAll),
    quotient("v", term(line("R\u2032"), line("C\u2032")), term(line("mean of all rows"))),
    root("its root", "\u221Av", term(line("v"))),
    quotient("u", term(g), term(line("its root"))),
    whole("u, shortened", term(line("u")),
          LAB_TEXT("optimizers", "of the whole matrix, all heads: where the root mean square of u is above 1, all of u is divided by it"),
          &shorten),
    sum("step", minus(rate, line("u, shortened"))),
};
constexpr UpdateNote notes[] = {
    {LAB_TEXT("optimizers",
              "What stays of the old means grows with the steps: \u03B2 = 1 \u2212 1 / t^{c}, here %1, with c = decay_exponent."),
     [](const UpdateFacts& f) { return 1 - newShare(f); }},
    {LAB_TEXT("optimizers",
              "A matrix of several rows and columns has one mean square for each row and one for each column; of the others every weight "
              "has its own. There is no mean of the gradients themselves, so no momentum.")},
    decayNote,
};

constexpr UpdateRule row = {
    .name = "adafactor",
    .help = LAB_TEXT("optimizers",
                     "w = w - lr u / max(1, RMS(u)), u = g / sqrt(v), where a matrix has v = R C / mean(R) of running means of its rows "
                     "and columns of g^2 + epsilon1 in place of a number for each weight (Shazeer and Stern 2018, without momentum; the "
                     "learning rate is the schedule's, not relative to the size of the weights)"),
    .parameters = parameters,
    .momentOfEachWeight = false,
    .explanation = {"Adafactor", "w \u2190 w \u2212 \u03B7 u / max(1, RMS(u)), u = g / \u221A(R\u2032 C\u2032 / mean R\u2032)",
                    LAB_TEXT("optimizers",
                             "Adafactor divides each gradient by the root of a mean square v, but remembers only one mean for each row "
                             "of the matrix and one for each column: v is their product, divided by the mean of the rows\u2019. The steps "
                             "of a matrix have a root mean square of at most \u03B7 = %1."),
                    lines, decayedAfter, notes},
};

}  // namespace adafactor
}  // namespace
}  // namespace lab
