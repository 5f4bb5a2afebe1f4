#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

namespace lab {

/// More features than dimensions (Elhage et al. 2022, "Toy models of superposition"): each of n features is 0 with probability `sparsity`,
/// else uniform in 0 .. 1; a small net keeps them in m numbers and gives them back, x' = relu(W^T W x + b).
struct SuperpositionConfig {
    int features = 5;         ///< n, from 1 to 64
    int dimensions = 2;       ///< m, from 1 to n
    double sparsity = 0.9;    ///< from 0 to below 1
    double importance = 0.9;  ///< feature i counts importance^i in the loss; above 0, at most 1
    std::uint64_t seed = 1;

    /// Throws InputError for numbers outside of these.
    void validate() const;
    bool operator==(const SuperpositionConfig&) const = default;
};

/// The net and its training by Adam, a pure function of configuration and step.
class Superposition {
public:
    /// Throws InputError as validate.
    explicit Superposition(const SuperpositionConfig& config);

    static constexpr int batch = 256;
    static constexpr double learningRate = 0.01;

    /// Steps more, each on `batch` new vectors of features.
    void train(int steps);
    int step() const { return m_step; }
    const SuperpositionConfig& config() const { return m_config; }

    const Eigen::MatrixXd& weights() const { return m_w; }  ///< [m, n]: column i is where feature i is kept
    const Eigen::VectorXd& bias() const { return m_b; }     ///< [n]
    /// The weighted squared error of the last step, a mean over its vectors; NaN before the first.
    double loss() const { return m_loss; }
    /// The loss of vectors that training never draws.
    double validationLoss() const;

    /// W^T W [n, n]: what of feature j comes back as feature i, before bias and relu.
    Eigen::MatrixXd returned() const { return m_w.transpose() * m_w; }
    /// ||W_i||: 1 of a feature that is kept, 0 of one that is left out.
    std::vector<double> norms() const;
    /// sum over j != i of (W_i / ||W_i|| . W_j)^2: how much others speak into the direction of feature i; 0 where it is left out.
    std::vector<double> interference() const;
    /// ||W_i||^2 / sum over j of (W_i / ||W_i|| . W_j)^2: the share of a dimension that feature i has, 1 of its own, 1/2 of a pair of
    /// opposites; 0 where it is left out.
    std::vector<double> dimensionality() const;

private:
    Eigen::MatrixXd drawn(std::uint64_t stream, int step) const;
    Eigen::MatrixXd errorOf(const Eigen::MatrixXd& x, Eigen::MatrixXd& before) const;

    SuperpositionConfig m_config;
    Eigen::MatrixXd m_w, m_firstW, m_secondW;  ///< weights and Adam's moments
    Eigen::VectorXd m_b, m_firstB, m_secondB;
    Eigen::VectorXd m_importance;  ///< [n]
    int m_step = 0;
    double m_loss = 0;
};

}  // namespace lab
