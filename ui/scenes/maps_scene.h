#pragma once

#include <QImage>
#include <QString>
#include <memory>
#include <vector>

#include "core/analysis/head_metrics.h"
#include "core/analysis/run_comparison.h"
#include "core/analysis/softmax_steps.h"
#include "core/config/kernel_kind.h"
#include "core/data/tokenizers/token_roles.h"
#include "ui/runs/focus.h"
#include "ui/scenes/head_names.h"
#include "ui/widgets/map/map_data.h"

// What the Maps page shows of a trace: shared numbers and words, no computing of its own.

namespace lab {

struct MapsHead {
    QString name{};  ///< "L0 H1"
    MapData weights{};
    std::optional<double> span{};  ///< tokens that it reaches with full weight, where it learns that
    QString brief{};               ///< below a small map: "93 % mirrored"; empty when the task has no such keys
};

struct MapsBlock {
    AttentionBlock info;
    QString label;  ///< beside a row of the grid: "layer 0"
    QString title;  ///< "Layer 0", "Decoder layer 1, cross-attention"
    std::optional<Sources> sources;
    std::vector<QString> rowTokens;
    std::vector<QString> columnTokens;         ///< tokens, or slots of a bottleneck
    std::vector<int> mutedRows, mutedColumns;  ///< of tokens that stand for no text
    std::vector<MapsHead> heads;
    std::vector<int> segmentStarts{};  ///< of a stream that is read segment after segment, but the first

    /// Of the tokens, where queries and keys are the same tokens of a text; else null.
    std::shared_ptr<const TokenRoles> roles{};

    std::optional<double> lambda{};  ///< where heads are subtracted in pairs: what the second of a pair is multiplied by

    /// Whether a key is memory for a query: no gradient flows back to its row.
    bool isMemory(int query, int key) const;
};

/// What makes the weights of some blocks: elu + 1 or drawn features, alone or beside a softmax in cross-attention; products as they are or
/// fading with the distance; the difference of two softmax maps.
enum class ShownKernels { softmax, linear, both, product, drawn, drawnAndSoftmax, fading, difference };

struct MapsScene {
    std::vector<MapsBlock> blocks;
    AttentionConfig attention{};   ///< of all blocks but cross-attention, whose kernel is the softmax
    std::vector<QImage> pictures;  ///< of patches of a picture: beside rows and columns; null for a class token
    std::vector<HeadPlace> heads;  ///< through all blocks, as all metrics of a model are

    bool empty() const { return blocks.empty(); }
    /// Tokens are pieces of a text: special ones step back, words can be joined.
    bool isText() const { return !blocks.empty() && blocks.front().roles; }
    /// Some word of it has several pieces.
    bool hasPieces() const;
    int headCount() const { return static_cast<int>(heads.size()); }
    /// Its weights are no shares of a row: of any size, above and below 0.
    bool hasSignedWeights(const MapsBlock& block) const { return !block.info.cross && hasSignedWeights(); }
    bool hasSignedWeights() const { return !weightsAreShares(attention); }
    ShownKernels ownKernels() const;  ///< of self-attention
    ShownKernels kernels() const;
    ShownKernels kernels(const MapsBlock& block) const;
    /// Among the heads; the one before it where the scene has none such.
    std::size_t indexOf(const Selection& selection) const;
    const MapsHead& head(std::size_t index) const;
};

/// Empty without a trace of this run's model.
MapsScene mapsScene(const Run* run, const std::shared_ptr<const Trace>& trace);

/// Tells the scene the spans that its heads have under the weights it was made of.
void addSpans(MapsScene& scene, const Model& model, const Weights& weights);

/// "Its span is 5.0: ..."; empty where a head learns none.
QString spanCaption(const MapsHead& head, double ramp);
/// Of a head that is subtracted from another, or another from it; else empty.
QString pairCaption(const MapsBlock& block, int head);

/// "layer 0"; in an encoder-decoder "encoder 0", "decoder 0", "cross 0".
QString blockLabel(const AttentionBlock& block, Architecture architecture);

/// "Layer 0 · head 1"; with grouped keys also which key-value head it reads.
QString headTitle(const MapsBlock& block, int head);

/// The pattern of the task, if any of the blocks answers.
std::optional<SourcePattern> patternOf(const MapsScene& scene);
/// Of the head at `index`.
HeadBadge headBadge(const MapsScene& scene, std::size_t index, const HeadMetrics& metrics);

/// One sentence about a head that only says what its numbers support; `cross`: of a cross-attention.
QString liveCaption(const HeadMetrics& metrics, const std::optional<Sources>& sources, bool cross = false);

}  // namespace lab
