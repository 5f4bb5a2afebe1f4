#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

#include "core/memory/storage_rule.h"

namespace lab::rules {
namespace {

constexpr double smallestCondition = 1e-10;  ///< below it patterns count as dependent, such as one and its inverse
constexpr double smallestEigenvalue = 1e-9;  ///< of the overlaps, whose diagonal is 1

/// G^+ B of the overlaps G, symmetric and never negative: [P, P] of patterns or [N, N] of units, which have the same eigenvalues above 0.
MemoryMatrix solved(const Eigen::MatrixXd& overlaps, const MemoryMatrix& right) {
    const Eigen::LLT<Eigen::MatrixXd> factors(overlaps);
    if (factors.info() == Eigen::Success && factors.rcond() > smallestCondition) return factors.solve(right);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> parts(overlaps);
    const Eigen::VectorXd inverse =
        parts.eigenvalues().unaryExpr([](double value) { return value > smallestEigenvalue ? 1 / value : 0.0; });
    return parts.eigenvectors() * (inverse.asDiagonal() * (parts.eigenvectors().transpose() * right));
}

/// G^+ X of the patterns X [P, N], by the smaller of their two matrices of overlaps: (X X^T)^+ X = X (X^T X)^+.
MemoryMatrix dualVectors(const MemoryMatrix& patterns) {
    const double units = static_cast<double>(patterns.cols());
    if (patterns.rows() <= patterns.cols()) return solved(patterns * patterns.transpose() / units, patterns);
    return solved(patterns.transpose() * patterns / units, patterns.transpose()).transpose();
}

/// The memo has the dual vectors: dual^mu . xi^nu = 1 for mu = nu, else 0 (of independent patterns), and W = sum_mu xi^mu (dual^mu)^T.
void store(StoredPatterns& stored) {
    const double units = static_cast<double>(stored.patterns.cols());
    stored.memo = dualVectors(stored.patterns) / units;
    const MemoryMatrix weights = stored.patterns.transpose() * stored.memo;
    stored.weights = (weights + weights.transpose()) / 2;  // equal but for rounding
}

void storeWithoutDiagonal(StoredPatterns& stored) {
    store(stored);
    stored.weights.diagonal().setZero();
}

MemoryMatrix sharesOfRow(const StoredPatterns& stored, int i) {
    return stored.patterns.col(i).asDiagonal() * stored.memo;
}

MemoryMatrix sharesWithoutDiagonal(const StoredPatterns& stored, int i) {
    MemoryMatrix shares = sharesOfRow(stored, i);
    shares.col(i).setZero();
    return shares;
}

constexpr std::string_view source = "Personnaz 1985; Kanter 1987 (PRA 35, 380)";
constexpr SourceText shareHelp = LAB_TEXT("memory",
                                          "ξ_i of the pattern times d_j of its dual vector d, whose product with this pattern is 1 and "
                                          "with every other stored one 0 (if none depends on the others)");

}  // namespace

extern const StorageRule pseudoInverse, pseudoInverseZeroDiagonal;
constinit const StorageRule pseudoInverse{
    "pseudo-inverse",
    LAB_TEXT("memory", "pseudo-inverse"),
    LAB_TEXT("memory", "pseudo-inv."),
    LAB_TEXT("memory",
             "Projects onto the space of the patterns, the rows of X, so that all of them are fixed points, however alike they are, while "
             "they are fewer than the units. The kept diagonal holds each unit where it is: with many patterns little noise is taken "
             "away."),
    "W = X⁺ X, X_μi = ξ_i^μ",
    source,
    shareHelp,
    true,
    true,
    store,
    sharesOfRow};

constinit const StorageRule pseudoInverseZeroDiagonal{
    "pseudo-inverse-zero-diagonal",
    LAB_TEXT("memory", "pseudo-inverse, diagonal 0"),
    LAB_TEXT("memory", "same, diag. 0"),
    LAB_TEXT("memory",
             "The pseudo-inverse, of patterns as rows of X, without the weights of units to themselves: recall takes away more noise, up "
             "to about half as many patterns as units (measured: N 200, 10 % flipped). With more, patterns are still fixed points, but "
             "noisy copies no longer find them."),
    "W = X⁺ X, X_μi = ξ_i^μ, W_ii = 0",
    source,
    shareHelp,
    false,
    false,
    storeWithoutDiagonal,
    sharesWithoutDiagonal};

}  // namespace lab::rules
