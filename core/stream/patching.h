#pragma once

#include <string>
#include <vector>

#include "core/stream/states.h"

namespace lab {

/// What of one run may be put into another.
enum class PatchPart { stream, attention, feed_forward, head, weights, values };
struct PatchPartSpec {
    std::string_view name;
    SourceText help;
    bool byHead = false;  ///< a map has a column for each head, else for each position
};
template <>
struct EnumRows<PatchPart> {
    static constexpr std::array<PatchPartSpec, 6> rows{
        {{"stream", LAB_TEXT("stream", "the residual stream, at one position behind one layer")},
         {"attention", LAB_TEXT("stream", "what the attention of one layer adds, at one position")},
         {"feed-forward", LAB_TEXT("stream", "what the feed-forward part of one layer adds, at one position")},
         {"head", LAB_TEXT("stream", "the output of one head, at all positions"), true},
         {"weights", LAB_TEXT("stream", "the attention weights of one head, with the values of the other run"), true},
         {"values", LAB_TEXT("stream", "the values of one head, with the weights of the other run"), true}}};
};

/// Numbers of a pass that are put from one run into another.
struct PatchSite {
    std::string tensor;  ///< of the trace: "decoder.0.residual", "encoder.1.attention.head_output"
    int head = -1;       ///< of tensors by head; -1: all
    int position = -1;   ///< -1: all

    bool operator==(const PatchSite&) const = default;
};

/// The sites of one part as a map: a row for each place, a column for each head or position.
struct PatchGrid {
    struct Row {
        Message label;
        int layer = -1;  ///< -1: embedding
        std::string side;
        int block = -1;  ///< index into Model::attentionBlocks() of parts by head
    };
    std::vector<Row> rows;
    int columns = 0;
    std::vector<PatchSite> sites;  ///< [rows, columns]; a site without a tensor is none (a layer with fewer heads, a shorter side)

    const PatchSite& at(int row, int column) const {
        return sites[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column)];
    }
};
/// For inputs of the length of `input`.
PatchGrid patchGrid(const Model& model, PatchPart part, const Input& input);

/// Which number says how the model answers.
struct PatchQuestion {
    int position = 0;
    int answer = 0;
    int other = -1;  ///< the measure is the logit of `answer` less that of `other`; -1: the probability of `answer`

    double measure(const std::vector<float>& logits, int classes) const;
    bool operator==(const PatchQuestion&) const = default;
};

/// Where a path from one head into another ends.
enum class PathEnd { query, key, value };
template <>
struct EnumNames<PathEnd> {
    static constexpr std::array<std::string_view, 3> names{"query", "key", "value"};
};
struct StreamHead {
    int block = 0;  ///< index into Model::attentionBlocks()
    int head = 0;

    bool operator==(const StreamHead&) const = default;
};

/// Activation patching (Vig et al. 2020; Meng et al. 2022, arXiv 2202.05262; Wang et al. 2022, arXiv 2211.00593): how much of a clean run's
/// answer comes back when parts of it are put into the run of a corrupted input. Nothing restored is exactly 0, the stream of all positions
/// behind any one layer exactly 1 (unless later layers read the keys of an earlier one, model.attention.share_kv); single heads and layers
/// may be below 0 or above 1.
class Patching {
public:
    /// Both inputs equally long; `runs` outlives it. Throws InputError for inputs that do not fit and where both answers differ by less
    /// than 1e-6, so that nothing could be measured; PassAbandoned.
    Patching(const StreamRuns& runs, const Input& clean, const Input& corrupted, const PatchQuestion& question);

    double clean() const { return m_clean; }          ///< the measure of the clean run
    double corrupted() const { return m_corrupted; }  ///< and of the corrupted one
    const std::vector<float>& cleanLogits() const { return m_cleanLogits; }
    const std::vector<float>& corruptedLogits() const { return m_corruptedLogits; }
    int classes() const { return m_classes; }

    /// Logits of the corrupted run with these sites as they were in the clean one.
    std::vector<float> patchedLogits(const std::vector<PatchSite>& sites) const;
    /// (patched - corrupted) / (clean - corrupted)
    double recovered(const std::vector<PatchSite>& sites) const;
    double recoveredOf(const std::vector<float>& logits) const;
    /// The largest change of a logit of the corrupted run when its own numbers are put back at these sites: 0 unless patching is wrong.
    double changeByItself(const std::vector<PatchSite>& sites) const;

    /// Path patching: the clean output of head `from` reaches query, key or value of head `to` alone, through the residual connections; all
    /// other heads and the feed-forward parts between them are as in the corrupted run. Throws InputError where `to` does not come after
    /// `from`.
    double recoveredByPath(const StreamHead& from, const StreamHead& to, PathEnd end) const;

private:
    /// Logits of the corrupted run under a tap that changes nothing before the first of these tensors: what comes before is not computed
    /// again.
    std::vector<float> logitsUnder(InputTap& tap, const std::vector<std::string>& changed) const;

    const StreamRuns& m_runs;
    Input m_input;  ///< the corrupted one
    PatchQuestion m_question;
    NamedTensors m_cleanTensors, m_corruptedTensors;
    std::vector<float> m_cleanLogits, m_corruptedLogits;
    int m_classes = 0;
    double m_clean = 0, m_corrupted = 0;
};

}  // namespace lab
