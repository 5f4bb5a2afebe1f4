#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/message.h"

// The continuous Hopfield network of Ramsauer et al. 2020 (arXiv:2008.02217), all in double precision. Its patterns are rows here, x_0 ..
// x_{P-1}, which the paper has as columns of X.

namespace lab {

/// P vectors of d numbers, one after the other.
struct StoredVectors {
    int count = 0;
    int dimension = 0;
    std::vector<double> values;  ///< [count, dimension]

    const double* row(int i) const { return values.data() + static_cast<std::ptrdiff_t>(i) * dimension; }
    bool operator==(const StoredVectors&) const = default;
};

/// `count` vectors of `dimension` standard normal numbers, so that |x|^2 is about `dimension`: a pure function of its arguments.
StoredVectors randomVectors(std::uint64_t seed, int count, int dimension);

/// softmax over all; entries of minus infinity get 0, and all are 0 when nothing takes part.
std::vector<double> softmaxOf(const std::vector<double>& scores);
/// exp(H) of these shares: how many take part if all did so alike; 0 without any.
double effectiveCount(const std::vector<double>& weights);
/// |a - b|.
double distanceOf(const std::vector<double>& a, const std::vector<double>& b);

/// A state that an update moves by at most this share of the longest pattern's length stands still.
constexpr double settledWithin = 1e-6;

/// One state after the other until nothing moves.
struct Settling {
    std::vector<std::vector<double>> states;  ///< from the query on
    std::vector<double> energies;             ///< of each state
    int updates = 0;                          ///< until the state moved by no more than the tolerance; that last, still one is not counted
    bool settled = false;                     ///< false: given up

    const std::vector<double>& end() const { return states.back(); }
};

/// What a fixed point is a mean of.
enum class Regime { mean, metastable, one };

/// Named from the fixed point itself, never from beta.
struct FixedPointName {
    Regime regime = Regime::mean;
    std::vector<int>
        patterns;          ///< the fewest that hold 9/10 of the weight, and those that weigh at least half of the least of them; ascending
    double effective = 0;  ///< exp(H) of the weights: patterns really mixed
};

/// Error after one update held against the theorem.
struct RetrievalError {
    double error = 0;       ///< |xi' - x_i|
    double bound = 0;       ///< 2 (P - 1) exp(-beta (Delta_i - 2 |xi - x_i| M)) M; may say nothing (2 M is never exceeded)
    double separation = 0;  ///< Delta_i
    double distance = 0;    ///< |xi - x_i| of the query
    double radius = 0;      ///< M
};

class ModernNet {
public:
    /// `beta` may be negative where a head's is (KV+Pos): then nothing is promised of the energy. `bias`, of each pattern, is added to
    /// beta x_i . xi before the softmax (minus infinity: not stored at all); empty in the plain network, of which the paper speaks.
    ModernNet(StoredVectors patterns, double beta, std::vector<double> bias = {});

    const StoredVectors& patterns() const { return m_patterns; }
    int count() const { return m_patterns.count; }
    int dimension() const { return m_patterns.dimension; }
    double beta() const { return m_beta; }
    /// The same memory under another beta.
    ModernNet withBeta(double beta) const { return {m_patterns, beta, m_bias}; }
    /// M, the length of the longest pattern.
    double radius() const { return m_radius; }
    bool isPlain() const { return m_bias.empty() && m_beta > 0; }

    /// x_i . xi, [P].
    std::vector<double> dots(const std::vector<double>& state) const;
    /// softmax(beta X^T xi), [P].
    std::vector<double> weights(const std::vector<double>& state) const;
    /// The same of dots(state) under any beta, without the work of the products.
    std::vector<double> weightsOfDots(const std::vector<double>& dots, double beta) const;
    /// sum_i w_i x_i, [d].
    std::vector<double> mixture(const std::vector<double>& weights) const;
    /// xi' = X softmax(beta X^T xi).
    std::vector<double> update(const std::vector<double>& state) const;

    /// E = -lse(beta, X^T xi) + xi . xi / 2 + ln P / beta + M^2 / 2 with lse(beta, z) = ln(sum_i exp(beta z_i)) / beta; >= 0 and never
    /// rises by an update of the plain network (theorem 1). A bias stands inside of the sum. NaN for beta 0 and for a memory of nothing.
    double energy(const std::vector<double>& state) const;

    /// Until an update moves the state by at most `tolerance` M; given up after `most` updates, or when `stopped`, asked before each, says
    /// so.
    Settling settle(const std::vector<double>& query, double tolerance = settledWithin, int most = 1000,
                    const std::function<bool()>& stopped = {}) const;
    FixedPointName nameOf(const std::vector<double>& fixedPoint) const;

    /// Delta_i = x_i . x_i - max over j != i of x_i . x_j; infinite for a single pattern.
    double separation(int pattern) const;
    /// One update from `query`, held against pattern i (the paper's section 2: the bound of the retrieval error. With the distance of the
    /// query alone it holds for every query and beta > 0: 1 - w_i <= (P - 1) exp(-beta (Delta_i - 2 |xi - x_i| M))).
    RetrievalError errorAfterOne(const std::vector<double>& query, int pattern) const;
    /// The stored pattern nearest to a state; -1 without any.
    int nearest(const std::vector<double>& state) const;

private:
    std::vector<double> scores(const std::vector<double>& state) const;
    std::vector<double> scoresOfDots(std::vector<double> dots, double beta) const;

    StoredVectors m_patterns;
    double m_beta;
    std::vector<double> m_bias;
    double m_radius = 0;
};

/// What one query finds as beta changes.
struct BetaCurve {
    std::vector<double> betas;
    std::vector<std::vector<double>> weights;  ///< [P] curves of the weights of one update
    std::vector<double> effective;             ///< exp(H) of them
};
/// `points` values of beta from `from` to `to`, equally far apart on a log scale, both included.
std::vector<double> logScale(double from, double to, int points);
/// The same and `own` at its place among them.
std::vector<double> withOwn(std::vector<double> betas, double own);
/// `stopped` is asked before each beta; when it says so, the curve of those before comes back.
BetaCurve betaCurve(const ModernNet& net, const std::vector<double>& query, const std::vector<double>& betas,
                    const std::function<bool()>& stopped = {});

/// "settled after 3 updates", "not settled after 300 updates".
Message endingText(const Settling& settling);
/// "one pattern: skull", "a metastable mean of 2 of 4 patterns: skull, apple", "the mean of all 4 patterns". Names of the patterns, or
/// none: then they are told by number.
Message regimeText(const FixedPointName& name, const std::vector<std::string>& patterns, int count);
/// "one pattern", "metastable", "mean of all".
Message regimeWord(Regime regime);

}  // namespace lab
