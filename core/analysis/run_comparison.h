#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/model/model.h"

namespace lab {

struct Experiment;
struct ModelConfig;

/// A key of the experiment in which runs differ, with each run's value as one types it; empty where the run does not use the key.
struct Difference {
    std::string path;   ///< "model.attention.form"
    std::string label;  ///< "form"
    std::vector<std::string> values;

    bool operator==(const Difference&) const = default;
};

/// Everything in which the experiments differ and nothing else, in the table's order: names, keys that no run uses, and values that
/// merely follow from others are left out. `seeds` = false: training.seed too.
std::vector<Difference> differencesOf(std::span<const Experiment> experiments, bool seeds = true);

/// One row's share of them: "kv+pos, pos_dim 10"; the first key's value stands alone, the others behind their labels.
std::string differenceText(const std::vector<Difference>& differences, std::size_t run);

/// Equal but for name, about and training.seed: seeds of one variant.
bool sameVariant(const Experiment& a, const Experiment& b);

/// Step t trains on the same sequences in both.
bool sameBatches(const Experiment& a, const Experiment& b);

/// Bytes that decoding keeps for each token that was read: keys and values of all decoder layers, 2 L G d_h 4 (SPEC.md 4), half of it where
/// keys are the values, 0 where weights fade and one matrix a head stands for all of them. Nothing for an encoder, which reads everything
/// at once. Of an encoder-decoder for a token of the answer and one of the source, whose keys and values every decoder layer's
/// cross-attention keeps.
std::optional<std::size_t> cacheBytesPerToken(const ModelConfig& model);

/// Of a map [T, S].
struct MapShape {
    int queries = 0;
    int keys = 0;
    bool operator==(const MapShape&) const = default;
};

/// How much of their weight two maps [T, S] put on the same keys: the mean over queries of sum_j min(A_ij, B_ij), which is 1 minus half
/// the L1 distance of the rows; 1 = the same map, 0 = no key in common.
double mapOverlap(std::span<const float> a, std::span<const float> b, const MapShape& shape);

/// b - a, cell by cell.
std::vector<float> mapDifference(std::span<const float> a, std::span<const float> b);

/// A head by its place: index into Model::attentionBlocks(), head.
struct HeadPlace {
    int block = 0;
    int head = 0;
    bool operator==(const HeadPlace&) const = default;
};
std::vector<HeadPlace> headPlaces(const Model& model);

/// Overlap of every head of `a` with every head of `b`, averaged over inputs: which head of b does the work of a head of a.
class HeadMatching {
public:
    HeadMatching(const Model& a, const Model& b);

    /// One more input; both traces with intermediates.
    void add(const Trace& a, const Trace& b);

    int inputs() const { return m_inputs; }
    const std::vector<HeadPlace>& rows() const { return m_rows; }        ///< heads of a
    const std::vector<HeadPlace>& columns() const { return m_columns; }  ///< heads of b
    /// Nothing when the heads look at other things: one at itself, the other across, or maps of different shapes.
    std::optional<double> overlap(int row, int column) const;
    /// The column that overlaps most with a row (of equal ones the first).
    std::optional<int> best(int row) const;

private:
    std::vector<AttentionBlock> m_blocksA, m_blocksB;
    std::vector<HeadPlace> m_rows, m_columns;
    std::vector<double> m_sums;  ///< [rows, columns]; NaN: not comparable
    int m_inputs = 0;
};

}  // namespace lab
