#pragma once

#include "core/optimizers/rules/adam.inl.h"

namespace lab {
namespace {
namespace muon {

constexpr ParameterSpec adamwRate{.key = "adamw_learning_rate",
                                  .help = LAB_TEXT("optimizers",
                                                   "muon: learning rate of the AdamW that updates embeddings, position maps, the matrix "
                                                   "that gives the logits and vectors; the schedule multiplies it too."),
                                  .limits = {0, 1e6},
                                  .standard = 3e-4,
                                  .integer = false,
                                  .label = "adamw_rate"};
constexpr ParameterSpec parameters[] = {optimizer::beta1,       optimizer::beta2,    optimizer::epsilon,
                                        optimizer::weightDecay, optimizer::momentum, adamwRate};

// The polynomial whose repetition lifts small singular values, and how often (Jordan 2024, kellerjordan.github.io/posts/muon;
// torch.optim.Muon).
constexpr double quintic[] = {3.4445, -4.7750, 2.0315};
constexpr int iterations = 5;
constexpr double smallestNorm = 1e-7;

/// The step, and what orthogonalise() wants.
constexpr std::int64_t scratch(int rows, int columns) {
    const std::int64_t size = std::int64_t{rows} * columns, n = rows < columns ? rows : columns;
    return size + 2 * size + 2 * n * n;
}

/// torch's 'original': as much for each output however many inputs there are.
constexpr double adjustment(int rows, int columns) {
    return rows > columns ? __builtin_sqrt(static_cast<double>(rows) / columns) : 1.0;
}

/// y = a x + b y
template <class T>
void blend(Index n, double a, const T* x, double b, T* y) {
    const T ofX = static_cast<T>(a), ofY = static_cast<T>(b);
#pragma omp simd
    for (Index i = 0; i < n; ++i) y[i] = ofX * x[i] + ofY * y[i];
}

/// Brings all singular values of x [rows, columns] near 1, in place: Y = x / |x|, then Y <- a Y + Y (b G + c G G) with G = Y^T Y, five
/// times. Y [longer side, shorter side] is x or its transpose. A zero matrix stays zero.
template <class T>
void orthogonalise(const Kernels<T>& kernels, int rows, int columns, T* x, T* scratch) {
    const auto [a, b, c] = quintic;
    const bool wide = rows < columns;
    const int m = wide ? columns : rows, n = wide ? rows : columns;
    const Index size = Index{m} * n, square = Index{n} * n;
    T *y = scratch, *next = y + size, *gram = next + size, *polynomial = gram + square;
    const double norm = __builtin_sqrt(kernels.sumOfSquares(size, x));
    kernels.scale(size, static_cast<T>(1 / (norm < smallestNorm ? smallestNorm : norm)), x);
    if (wide)
        kernels.transpose(rows, columns, x, columns, y, n);
    else
        __builtin_memcpy(y, x, static_cast<std::size_t>(size) * sizeof(T));
    for (int i = 0; i < iterations; ++i) {
        kernels.gemmTransposedA(n, n, m, y, n, y, n, gram, n, false);
        kernels.gemm(n, n, n, gram, n, gram, n, polynomial, n, false);
        blend(square, b, gram, c, polynomial);
        kernels.gemm(m, n, n, y, n, polynomial, n, next, n, false);
        blend(size, a, y, 1.0, next);
        T* before = y;
        y = next;
        next = before;
    }
    if (wide)
        kernels.transpose(columns, rows, y, n, x, columns);
    else
        __builtin_memcpy(x, y, static_cast<std::size_t>(size) * sizeof(T));
}

/// Hidden matrices: m = momentum m + (1 - momentum) g, Nesterov's look ahead, orthogonalised. The rest as adamw, at a rate of its own.
template <class T>
void update(const UpdateStep& s, const double* numbers, const UpdatedParameter<T>& p) {
    const auto& [beta1, beta2, epsilon, decay, momentum, otherRate] = firstOf<6>(numbers);
    if (!p.hidden) {
        const double rate = otherRate * s.rateFactor;
        return adam::apply(s, rate, firstOf<3>(numbers), keptOf(p, rate, decay), p);
    }
    const Index size = Index{p.rows} * p.columns;
    const T kept = static_cast<T>(momentum), newer = static_cast<T>(1 - momentum), factor = static_cast<T>(s.gradientScale);
    T* step = p.scratch;
#pragma omp simd
    for (Index i = 0; i < size; ++i) {
        // code: update muon
        const T g = factor * p.gradient[i];
        const T m = kept * p.first[i] + newer * g;
        p.first[i] = m;
        step[i] = newer * g + kept * m;
        // end code
    }
    // code: update muon
    orthogonalise(p.kernels, p.rows, p.columns, step, step + size);
    blend(size, -s.learningRate * adjustment(p.rows, p.columns), step, keptOf(p, s.learningRate, decay), p.weights);
    // end code
}

// ---- its row

using namespace arithmetic;

constexpr UpdateOperand keptPart = number<optimizer::momentum>("\u03BC");
constexpr UpdateOperand newPart = rest<optimizer::momentum>("1 \u2212 \u03BC");

constexpr UpdateLine lines[] = {
    moment("m", 0, LAB_TEXT("optimizers", "the running mean of this run\u2019s gradients")),
    sum("m\u2032", term(keptPart, line("m")), term(newPart, g)),
    sum("ahead", term(keptPart, line("m\u2032")), term(newPart, g)),
    whole("orthogonal", term(line("ahead")),
          LAB_TEXT("optimizers", "of the whole matrix, all heads: five Newton\u2013Schulz steps bring its singular values near 1"),
          &orthogonalise<float>),
    sum("step", minus(rate, number("\u221Amax(1, out / in)", [](const UpdateFacts& f) { return adjustment(f.rows, f.columns); }),
                      line("orthogonal"))),
};
constexpr UpdateNote notes[] = {
    {LAB_TEXT("optimizers", "The step looks ahead as Nesterov\u2019s does: it mixes this gradient with the mean that already holds it.")},
    {LAB_TEXT("optimizers",
              "Embeddings, position maps, the matrix that gives the logits and vectors go by AdamW at a learning rate of their own.")},
    decayNote,
};

constexpr UpdateRule row = {
    .name = "muon",
    .help = LAB_TEXT("optimizers",
                     "each matrix between activations moves by its gathered gradient (Nesterov's momentum), orthogonalised by five "
                     "Newton-Schulz steps, w = w - lr (sqrt(max(1, rows / columns)) O + weight_decay w), the learning rate adjusted as by "
                     "torch.optim.Muon's 'original' (Jordan 2024, who uses momentum 0.95 and a learning rate of 0.02); the rest goes by "
                     "adamw at adamw_learning_rate"),
    .parameters = parameters,
    .moments = 2,
    .scratch = scratch,
    .explanation =
        {"Muon", "w \u2190 w \u2212 \u03B7 \u221Amax(1, out / in) orthogonal(ahead)",
         LAB_TEXT("optimizers",
                  "Muon turns the gathered gradient of a matrix into nearly the nearest matrix that neither stretches nor shrinks, so "
                  "that every direction learns at about the same pace, \u03B7 = %1 (for more outputs than inputs times "
                  "\u221A(out / in))."),
         lines, decayedAfter, notes},
};

}  // namespace muon
}  // namespace
}  // namespace lab
