#include "core/memory/storage_rule.h"

namespace lab::rules {
namespace {

// h_ij = sum_{k != i, j} W_ik x_k = H_i - W_ij x_j with H = W x and W_ii = 0, so that off the diagonal
//     x_i x_j - x_i h_ji - h_ij x_j = x_i x_j - x_i H_j - H_i x_j + 2 W_ij,
// which needs one product W x a pattern instead of one a pair. The memo keeps H of each pattern, from which any row can be gone through
// again.

void store(StoredPatterns& stored) {
    const Eigen::Index units = stored.patterns.cols();
    const double share = 1.0 / static_cast<double>(units);
    stored.weights.setZero(units, units);
    stored.memo.resize(stored.patterns.rows(), units);
    for (Eigen::Index mu = 0; mu < stored.patterns.rows(); ++mu) {
        const Eigen::RowVectorXd x = stored.patterns.row(mu);
        const Eigen::RowVectorXd fields = x * stored.weights;  // symmetric: W x as a row
        stored.memo.row(mu) = fields;
        for (Eigen::Index i = 0; i < units; ++i)
            stored.weights.row(i) += share * (x(i) * (x - fields) - fields(i) * x + 2 * stored.weights.row(i));
        stored.weights.diagonal().setZero();
    }
}

MemoryMatrix sharesOfRow(const StoredPatterns& stored, int i) {
    const Eigen::Index units = stored.patterns.cols();
    const double share = 1.0 / static_cast<double>(units);
    MemoryMatrix shares(stored.patterns.rows(), units);
    Eigen::RowVectorXd weights = Eigen::RowVectorXd::Zero(units);
    for (Eigen::Index mu = 0; mu < stored.patterns.rows(); ++mu) {
        const auto x = stored.patterns.row(mu);
        const auto fields = stored.memo.row(mu);
        shares.row(mu) = share * (x(i) * (x - fields) - fields(i) * x + 2 * weights);
        shares(mu, i) = 0;
        weights += shares.row(mu);
    }
    return shares;
}

}  // namespace

extern const StorageRule storkey;
constinit const StorageRule storkey{
    "storkey",
    LAB_TEXT("memory", "Storkey"),
    LAB_TEXT("memory", "Storkey"),
    LAB_TEXT("memory",
             "Patterns are stored one after the other, each less what the weights already say of it. It holds more than Hebb's rule, and "
             "what is added to a weight still depends only on its two units, their fields and the weight itself."),
    "W_ij += (x_i x_j − x_i h_ji − h_ij x_j)/N, h_ij = Σ_{k≠i,j} W_ik x_k, W_ii = 0",
    "Storkey 1997 (ICANN)",
    LAB_TEXT("memory", "what storing the pattern added to the weight, which depends on the patterns stored before it"),
    false,
    false,
    store,
    sharesOfRow};

}  // namespace lab::rules
