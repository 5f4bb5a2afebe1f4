#pragma once

#include <cstdint>

// The arithmetic on large arrays, as raw-pointer functions compiled once per instruction set (DESIGN.md 7). All matrices are row-major;
// ld* is the distance between rows. Outputs are overwritten unless a parameter is named accumulate or the comment says "adds".
// Every function is deterministic: the order of its additions depends on the sizes alone. Any size >= 0 is allowed, odd ones too;
// pointers need no alignment beyond that of T. In-place use is allowed only where said.

namespace lab {

/// Names a dropout mask: element e of it is kept when number e of the Philox stream (key, sample) is >= rate.
struct DropoutKey {
    std::uint64_t key = 0;     ///< hash of (training.seed, step, site)
    std::uint64_t sample = 0;  ///< index of the training sample in its batch
};

/// Sums over the rows of a cross-entropy.
struct CrossEntropySums {
    double loss = 0;  ///< sum of -log p(target)
    int counted = 0;  ///< rows with target >= 0
    int correct = 0;  ///< of these, rows whose largest logit (lowest index wins) is the target
};

/// What gemmFused does to a product besides, in this order; null and false for nothing.
template <class T>
struct GemmExtra {
    const T* bias;    ///< [N] is added to every row
    const T* addend;  ///< [M, N] is added; may be C
    int ldaddend;
    bool relu;      ///< negative elements become 0, NaN stays
    const T* gate;  ///< [M, N]: 0 wherever it is not positive (the backward of relu); not C
    int ldgate;

    /// Of the columns from this one on.
    GemmExtra from(int column) const {
        const auto moved = [column](const T* array) { return array ? array + column : nullptr; };
        return {moved(bias), moved(addend), ldaddend, relu, moved(gate), ldgate};
    }
};

/// One head of one sequence as the fused attention kernels see it.
template <class T>
struct AttentionHead {
    int queries, keys, headDim;
    bool causal;  ///< query i sees keys j <= i only; queries and keys are then equal
    T factor;
    T slope;              ///< 0 = no distance term
    const T* columnBias;  ///< [keys] or null
    const T* q;           ///< [queries, head_dim]
    const T* k;           ///< [keys, head_dim]
    const T* v;           ///< [keys, head_dim]
    int ldq, ldk, ldv;
};

/// Where a head's gradients go.
template <class T>
struct AttentionHeadGradient {
    const T* dout;  ///< [queries, head_dim]
    T* dq;          ///< overwritten; may be dk with the same ld: both are then added up there
    T* dk;
    T* dv;
    int lddout, lddq, lddk, lddv;
    bool addToKeys;    ///< dk and dv are added to instead of overwritten; not when dq is dk
    T* columnSums;     ///< [keys] or null; adds the columnBias's gradient
    double* products;  ///< or null, as columnSums is; adds the factor's gradient
};

/// Numbers that attentionForward keeps for the backward, and that either wants as scratch.
std::int64_t attentionStored(int queries, int keys, bool causal);
std::int64_t attentionScratch(int keys, int headDim);

template <class T>
struct Kernels {
    const char* isa;  ///< "generic", "v3", "v4"

    // ---- matrix products
    /// C [M, N] = A [M, K] B [K, N]; adds to C when accumulate.
    void (*gemm)(int M, int N, int K, const T* A, int lda, const T* B, int ldb, T* C, int ldc, bool accumulate);
    /// C = A B with everything that `extra` names done on the way out of the registers.
    void (*gemmFused)(int M, int N, int K, const T* A, int lda, const T* B, int ldb, T* C, int ldc, const GemmExtra<T>& extra);
    /// gemmFused with B = W^T, W [N, K], bit for bit: no transposed copy is needed of what is read once.
    void (*gemmByRows)(int M, int N, int K, const T* A, int lda, const T* W, int ldw, T* C, int ldc, const GemmExtra<T>& extra);
    int panelRows;  ///< rows of A in a panel
    /// A [M, K] turned round: panels of panelRows of its rows, each [K, panelRows], 0 behind the last row.
    void (*turnRows)(int M, int K, const T* A, int lda, T* panels);
    /// gemmByRows, bit for bit, with A as turnRows leaves it: of two matrices the shorter one is turned.
    void (*gemmOfPanels)(int M, int N, int K, const T* panels, const T* W, int ldw, T* C, int ldc, const GemmExtra<T>& extra);

    std::size_t sizeOfPanels(int M, int K) const {
        return static_cast<std::size_t>((M + panelRows - 1) / panelRows * panelRows) * static_cast<std::size_t>(K);
    }
    /// y [N] = scales [N] times W a, a [K], W [N, K] of bytes.
    void (*rowByBytes)(int N, int K, const T* a, const signed char* W, const float* scales, T* y);
    /// C [M, N] = A^T B with A [K, M], B [K, N]; adds to C when accumulate.
    void (*gemmTransposedA)(int M, int N, int K, const T* A, int lda, const T* B, int ldb, T* C, int ldc, bool accumulate);
    /// out [columns, rows] = in [rows, columns]^T
    void (*transpose)(int rows, int columns, const T* in, int ldin, T* out, int ldout);

    // ---- elementwise and by rows
    /// y += x
    void (*add)(std::int64_t n, const T* x, T* y);
    /// each row of x [rows, n] += bias [n]
    void (*addBias)(int rows, int n, const T* bias, T* x, int ldx);
    /// sums [n] += column sums of x [rows, n] (adds)
    void (*addColumnSums)(int rows, int n, const T* x, int ldx, T* sums);
    /// x *= factor, in place
    void (*scale)(std::int64_t n, T factor, T* x);
    double (*sumOfSquares)(std::int64_t n, const T* x);
    /// In place: x_e *= kept(e) / (1 - rate). The same call on a gradient is its backward.
    void (*dropout)(std::int64_t n, double rate, DropoutKey key, T* x);

    // ---- activations; backward: dx = dy * f'(x), dx may be dy
    void (*reluForward)(std::int64_t n, const T* x, T* y);
    void (*reluBackward)(std::int64_t n, const T* x, const T* dy, T* dx);
    /// Exact GELU x Phi(x) (Hendrycks & Gimpel 2016).
    void (*geluForward)(std::int64_t n, const T* x, T* y);
    void (*geluBackward)(std::int64_t n, const T* x, const T* dy, T* dx);
    /// GELU's tanh approximation: 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).
    void (*geluTanhForward)(std::int64_t n, const T* x, T* y);
    void (*geluTanhBackward)(std::int64_t n, const T* x, const T* dy, T* dx);
    /// x sigmoid(1.702 x) (Hendrycks & Gimpel 2016).
    void (*quickGeluForward)(std::int64_t n, const T* x, T* y);
    void (*quickGeluBackward)(std::int64_t n, const T* x, const T* dy, T* dx);
    /// max(0, x)^2 (So et al. 2021).
    void (*reluSquaredForward)(std::int64_t n, const T* x, T* y);
    void (*reluSquaredBackward)(std::int64_t n, const T* x, const T* dy, T* dx);
    /// y = silu(gate) * up (Shazeer 2020); backward gives dgate and dup, neither may be dy.
    void (*swigluForward)(std::int64_t n, const T* gate, const T* up, T* y);
    void (*swigluBackward)(std::int64_t n, const T* gate, const T* up, const T* dy, T* dgate, T* dup);
    /// phi(x) = elu(x) + 1 (Katharopoulos et al. 2020).
    void (*eluPlusOneForward)(std::int64_t n, const T* x, T* y);
    void (*eluPlusOneBackward)(std::int64_t n, const T* x, const T* dy, T* dx);

    // ---- norms
    /// y = gamma * xhat + beta, xhat = (z - mean) / sqrt(var + epsilon), z = x + residual + bias (either may be null; contiguous [rows,
    /// n]). Stores xhat [rows, n] and inverse [rows] = 1 / sqrt(var + epsilon). xhat may be x; y may be residual's or x's memory only if
    /// xhat is not.
    void (*layerNormForward)(int rows, int n, T epsilon, const T* x, const T* residual, const T* bias, const T* gamma, const T* beta,
                             T* xhat, T* inverse, T* y);
    /// dz [rows, n]; dgamma and dbeta [n] are added to. dz may be dy.
    void (*layerNormBackward)(int rows, int n, const T* dy, const T* xhat, const T* inverse, const T* gamma, T* dz, T* dgamma, T* dbeta);
    /// y = gamma * xhat, xhat = z / sqrt(mean(z^2) + epsilon) (Zhang & Sennrich 2019); otherwise as layerNorm.
    void (*rmsNormForward)(int rows, int n, T epsilon, const T* x, const T* residual, const T* bias, const T* gamma, T* xhat, T* inverse,
                           T* y);
    void (*rmsNormBackward)(int rows, int n, const T* dy, const T* xhat, const T* inverse, const T* gamma, T* dz, T* dgamma);

    // ---- attention
    /// In place, each row of x [rows, n]: softmax(factor * x + columnBias), columnBias [n] or null. Entries of -infinity get 0; a row of
    /// nothing but -infinity (or n = 0) gets zeros.
    void (*softmaxForward)(int rows, int n, T factor, const T* columnBias, T* x, int ldx);
    /// In place: ds = factor * p * (dp - sum_j p_j dp_j), dp given in and ds left in dx.
    void (*softmaxBackward)(int rows, int n, T factor, const T* p, int ldp, T* dx, int ldx);
    /// Rotates the pairs of each row of x [rows, 2 * pairs] in place by (cos, sin) [rows, pairs]: (a, b) -> (a cos - b sin, a sin + b cos);
    /// interleaved pairs are channels (2p, 2p + 1), otherwise (p, p + pairs). inverse turns the other way (which is also the backward).
    void (*rotate)(int rows, int pairs, bool interleaved, bool inverse, const T* cos, const T* sin, T* x, int ldx);

    /// One head: out [queries, head_dim] = w v with row i of w the softmax over j of factor q_i k_j + columnBias_j - slope |i - j|, causal:
    /// over j <= i. `weights` keeps w for the backward, in the kernel's own order: attentionStored() numbers. scratch: attentionScratch().
    void (*attentionForward)(const AttentionHead<T>& head, T* weights, T* out, int ldout, T* scratch);
    void (*attentionBackward)(const AttentionHead<T>& head, const T* weights, const AttentionHeadGradient<T>& gradient, T* scratch);

    // ---- loss
    /// Row by row softmax cross-entropy (natural logarithm) of logits [rows, classes] against targets [rows] (-1: no loss).
    /// Unless dlogits is null it gets (softmax - onehot) * weight, rows without loss and columns classes .. lddlogits - 1 zero; dlogits may
    /// be logits when the ld are equal. correct [rows] (or null) gets 1, 0, or -1 for rows without loss.
    CrossEntropySums (*crossEntropy)(int rows, int classes, const T* logits, int ldlogits, const int* targets, T weight, T* dlogits,
                                     int lddlogits, signed char* correct);

    // ---- measuring
    /// Multiply-adds on registers alone, which nothing can outrun: returns the floating point operations done (2 each), and something of
    /// their result in *sink so that they happen.
    double (*peak)(std::int64_t rounds, T* sink);
};

/// The kernels of the best instruction set this processor has, or of the one that ATTENTION_LAB_ISA names; chosen once. Double exists in
/// the generic build only.
template <class T>
const Kernels<T>& kernels();
template <>
const Kernels<float>& kernels<float>();
template <>
const Kernels<double>& kernels<double>();

/// The name of the instruction set kernels<float>() uses; InputError when ATTENTION_LAB_ISA names an unknown or missing one. Programs call
/// it once at their start, so that kernels<float>() never has to complain.
const char* selectIsa();

/// The float kernels of one instruction set ("generic", "v3", "v4"), null when this processor or build has none; for tests and benchmarks.
const Kernels<float>* kernelsFor(const char* isa);

}  // namespace lab
