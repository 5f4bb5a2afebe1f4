#pragma once

#include <functional>
#include <vector>

#include "core/memory/modern.h"
#include "core/model/model.h"

namespace lab {

/// One row of one head as a memory: its keys are the stored patterns, its query the state, beta = 1/sqrt(d_h), and one update of the
/// continuous Hopfield network gives the weights of the row (Ramsauer 2020, arXiv:2008.02217, equation 10; SPEC.md 6).
struct AttentionMemory {
    bool isNet = true;  ///< false: no such network gives this row's weights, `why` says it; then there is only `attention`
    Message why;

    double scale = 1;             ///< 1/sqrt(d_h)
    double factor = 1;            ///< KV+Pos: s; else 1
    double beta = 1;              ///< factor scale
    StoredVectors patterns;       ///< [S, d_h] the keys as the scores are made of them: behind norm and rotation
    std::vector<double> state;    ///< [d_h] the query, likewise
    std::vector<double> bias;     ///< [S] added to the scores: g(j), -slope |i - j|; -inf where the query may not look. Empty: nothing is
    std::vector<bool> hidden;     ///< [S] the query may not look there
    int storedCount = 0;          ///< keys that it may look at
    StoredVectors values;         ///< [S, d_h]
    std::vector<double> weights;  ///< [S] of one update
    std::vector<double> found;    ///< [d_h] what these weights make of the values

    std::vector<double> attention;     ///< [S] the row as the trace holds it
    double difference = 0;             ///< the largest between `weights` and `attention`
    double outputDifference = 0;       ///< the largest between `found` and the trace's head_output
    bool headOff = false;              ///< the head's output was made 0, which the weights do not show
    bool agrees = false;               ///< the weights are equal within float rounding
    std::vector<Message> differences;  ///< what here is not the plain network; with any of them no falling energy is promised
    std::vector<Message> remarks;      ///< what else stands behind the words: keys that serve as queries, shared keys, norms

    bool isPlain() const { return isNet && differences.empty(); }
    ModernNet net() const { return {patterns, beta, bias}; }
};

/// Which row is asked for; counts from 0.
struct AttentionQuestion {
    int block = 0;  ///< index into Model::attentionBlocks()
    int head = 0;
    int query = 0;
};

/// The largest difference that float rounding is granted.
constexpr double bridgeTolerance = 1e-5;
/// The same of a head's output, whose numbers are not bound by 1.
constexpr double outputTolerance = 1e-4;

/// Asserts that the trace is of this model, has intermediates and has the row; `input` is what it was asked with.
AttentionMemory attentionMemory(const Model& model, const Weights& weights, const Input& input, const Trace& trace,
                                const AttentionQuestion& question);

/// What further updates would find, which attention does not make.
struct BridgeLook {
    AttentionMemory memory;
    Settling way;                              ///< from the query; given up after mostBridgeUpdates
    std::vector<std::vector<double>> weights;  ///< of update 1, 2, ..; the first is the attention row. At least one, the last the end's
    std::vector<std::vector<double>> found;    ///< what each of them makes of the values, [d_h]
    std::vector<double> effective;             ///< keys really used by each, exp(H)
    std::vector<int> heaviest;                 ///< key of each
    std::vector<double> energies;              ///< before any update, and after each; NaN where beta is 0
    FixedPointName end;
    bool energyRose = false;  ///< by more than rounding; says something where the network is plain
    double separation = 0;    ///< Delta of the key that the row weighs most; infinite where it is the only one
    double biasScale = 0;     ///< the largest magnitude of the finite biases
    BetaCurve curve;          ///< bridgeCurve
};
constexpr int mostBridgeUpdates = 200;

/// Asserts memory.isNet. `stopped` is asked before each update and each point of the curve; when it says so, what there is by then comes
/// back, with one row of weights at least.
BridgeLook bridgeLook(AttentionMemory memory, const std::function<bool()>& stopped = {});

/// The row's weights and exp(H) over beta, between the powers of ten below a tenth and above ten times the row's own |beta|, with its sign;
/// `betas` are magnitudes. The bias stays as it is. Of 1/sqrt(d_h) where beta is 0. Stopped, it has the first of them.
BetaCurve bridgeCurve(const AttentionMemory& memory, int points, const std::function<bool()>& stopped = {});

}  // namespace lab
