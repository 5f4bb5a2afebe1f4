#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/analysis/head_metrics.h"
#include "core/base/message.h"
#include "core/stream/circuits.h"

namespace lab {

/// Over so many pairs of random heads a baseline is a mean.
constexpr int baselineDraws = 20;
/// Tokens of which QK and OV are shown at the most.
constexpr std::size_t mostCircuitTokens = 24;
/// And positions and distances.
constexpr std::size_t mostCircuitPositions = 48;

/// Two attention blocks of one side in layers that follow one another (indices into Model::attentionBlocks()): heads of the second may read
/// what heads of the first wrote.
struct BlockPair {
    int first = 0, second = 0;

    bool operator==(const BlockPair&) const = default;
};
/// Throws InputError where no attention comes behind another.
std::vector<BlockPair> blockPairs(const Model& model);

double compositionThrough(const Composition& composition, PathEnd end);

/// Who of two neighbouring blocks reads whom, by the weights alone.
struct CircuitGraph {
    BlockPair blocks;
    int firstHeads = 0, secondHeads = 0;
    Composition baseline;               ///< of random matrices of these shapes
    std::vector<Composition> measured;  ///< [secondHeads, firstHeads], the baseline included

    double value(int second, int first, PathEnd end, bool aboveRandom) const;
    /// The largest over the heads of the first block.
    double largest(int second, PathEnd end, bool aboveRandom) const;
};
/// Throws as headMatrices, and PassAbandoned.
CircuitGraph circuitGraph(const StreamRuns& runs, const BlockPair& blocks);

/// All tokens of a vocabulary, or where these are more than `most` the commonest of `read`, in the order of their ids.
std::vector<int> commonestTokens(int vocabulary, const std::vector<int>& read, std::size_t most);

/// What two heads do together at one query of an input: the second looks at `key`, and what the first wrote where the second reads it (at
/// `key`, or through Q at the query itself) came from `source`.
struct JointLook {
    int query = 0, key = 0;
    double weight = 0;  ///< of the second head
    int place = 0, source = 0;
    double sourceWeight = 0;  ///< of the first
};
/// One for each query, the most heavily weighted keys.
std::vector<JointLook> jointLooks(const Trace& trace, const Model& model, const StreamHead& first, const StreamHead& second, PathEnd end);
/// The query where both weights are largest together and three different positions take part; -1 without any.
int tellingLook(const std::vector<JointLook>& looks);

/// What is asked of two neighbouring blocks; what is not said is chosen: the strongest line above random.
struct CircuitQuestion {
    BlockPair blocks;
    std::optional<int> first, second;  ///< heads
    std::optional<PathEnd> end;

    bool operator==(const CircuitQuestion&) const = default;
};

/// QK over tokens and how far tokens look for their like (VocabularyCircuits).
struct CircuitMatch {
    Eigen::MatrixXd scores;  ///< [queries, keys]
    double matching = 0;
};

struct CircuitLook {
    CircuitGraph graph;
    StreamHead first, second;
    PathEnd end = PathEnd::key;  ///< through which the second reads the first
    std::vector<int> tokens;     ///< of rows and columns
    CircuitMatch direct, through;
    Eigen::MatrixXd byPosition;      ///< VocabularyCircuits::positionScores of the second; empty where there is no table of positions
    std::vector<double> byDistance;  ///< VocabularyCircuits::distanceScores of the second over `tokens`; empty without rotation
    Eigen::MatrixXd writes;          ///< OV [looked at, raised]; empty where there is none
    Message noWrites;                ///< why
    std::vector<double> copying;     ///< of each head of the second block; empty where there is none
    std::vector<HeadMetrics> firstMetrics, secondMetrics;  ///< of each head, on the input; empty without its trace
    std::vector<JointLook> together;                       ///< by query; empty without a trace
};

/// Answers questions about one state of a model, and keeps what many of them share. For one thread at a time.
class CircuitBook {
public:
    CircuitBook(std::shared_ptr<const Model> model, std::shared_ptr<const Weights> weights);

    /// `read`: the tokens of the blocks' side, as long as positions and distances go. `trace`, of the same input, may be null. Throws
    /// InputError for what has no such circuits, and PassAbandoned once `cancelled`.
    CircuitLook look(const CircuitQuestion& question, const TaskConfig& task, const std::vector<int>& read, const Trace* trace,
                     const std::function<bool()>& cancelled = {});

private:
    const CircuitGraph& graphOf(const BlockPair& blocks);
    void readVocabulary(CircuitLook& look);
    void readPositions(CircuitLook& look, std::size_t length);

    std::shared_ptr<const Model> m_model;
    std::shared_ptr<const Weights> m_weights;
    std::function<bool()> m_cancelled;
    StreamRuns m_runs;
    VocabularyCircuits m_vocabulary;
    std::optional<CircuitGraph> m_graph;
    std::vector<double> m_copying;  ///< of the second block of m_graph
};

}  // namespace lab
