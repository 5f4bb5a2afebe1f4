#pragma once

#include <string>
#include <vector>

#include "core/explain/walk.h"

namespace lab::explain {

/// Attention on given numbers, without a model; the person may change any of them.
struct Example {
    std::string id;
    Words name;
    Words about;                ///< of the numbers as they come; empty once a hand changed them
    std::string stage = "mix";  ///< where its point is seen
    std::vector<std::string> tokens;
    enum class Kind {
        attention,  ///< softmax(Q K^T / sqrt(d)) V
        gram,       ///< (X X^T) X: no projections, no softmax
        weights,    ///< given weights over V
        bends,      ///< the activation functions of given numbers, v
    } kind = Kind::attention;
    int dim = 0;
    bool cosine = false;          ///< kind attention: the cosines of q and k beside their products
    std::vector<double> q, k, v;  ///< [tokens, dim] each; gram: all the same
    std::vector<double> weights;  ///< kind weights: [tokens]
    std::vector<double> scores;   ///< kind attention: [tokens, tokens], set by hand instead of what q and k give; empty: they do

    int count() const { return static_cast<int>(tokens.size()); }
    bool operator==(const Example&) const = default;
};

/// Those that come with the program.
const std::vector<Example>& examples();

/// Its numbers as a trace holds them, one head, under the block name "example".
std::shared_ptr<const DoubleTrace> exampleTrace(const Example& example);
/// The walk of one query.
Walk exampleWalk(const Example& example, int query, int key);

/// Softmax of scores at a temperature, and what one likes to know of it.
struct SoftmaxLab {
    std::vector<double> probabilities;
    double entropy = 0.0;              ///< natural logarithm
    double effectiveKeys = 0.0;        ///< e^entropy
    double largest = 0.0;              ///< the score that is subtracted
    std::vector<double> exponentials;  ///< exp((score - largest) / temperature); 0 where hidden
    double sum = 0.0;                  ///< of the exponentials
    int hardMaximum = 0;               ///< where all the weight goes as the temperature falls to 0
};
/// Temperature above 0; scores -inf are hidden.
SoftmaxLab softmaxLab(const std::vector<double>& scores, double temperature);

}  // namespace lab::explain
