#pragma once

#include "core/analysis/map_stage.h"
#include "ui/scenes/maps_scene.h"

// The chosen stage of every head: numbers, colours and words.

namespace lab {

/// Which numbers the maps show, and how far their colours reach.
struct MapsLook {
    MapStage stage = MapStage::weights;
    bool perHead = false;    ///< each head's colours reach to its own largest value
    bool dimSinks = false;   ///< weights of texts: without what goes to the first and to special tokens, each row divided by the rest
    bool joinWords = false;  ///< weights of texts: a row and a column a word

    bool operator==(const MapsLook&) const = default;
};

/// One head at one stage.
struct StageMap {
    MapData data;
    ColorScaling scaling;
};

/// [block][head]; empty when the trace lacks the stage.
class StageMaps {
public:
    StageMaps() = default;
    StageMaps(const MapsScene& scene, const std::shared_ptr<const Trace>& trace, const MapsLook& look);

    bool empty() const { return m_maps.empty(); }
    /// Of one block alone, which is block 0 then.
    StageMaps only(int block) const;
    const MapsLook& look() const { return m_look; }
    const StageMap& at(int block, int head) const { return m_maps[static_cast<std::size_t>(block)][static_cast<std::size_t>(head)]; }

private:
    MapsLook m_look;
    std::vector<std::vector<StageMap>> m_maps;
};

/// Whether the look shows the weights of this block in that way.
bool dimsSinks(const MapsBlock& block, const MapsLook& look);
bool joinsWords(const MapsBlock& block, const MapsLook& look);
/// What the look does to the weights, for a title: "without sinks, rows divided by the rest"; empty where it shows them as they are.
QString lookNote(const MapsBlock& block, const MapsLook& look);
/// Rows and columns as the look shows them: tokens, or words.
std::vector<QString> shownRows(const MapsBlock& block, const MapsLook& look);
std::vector<QString> shownColumns(const MapsBlock& block, const MapsLook& look);
/// Those of tokens that stand for no text; no columns that are dimmed already.
std::vector<int> shownMutedRows(const MapsBlock& block, const MapsLook& look);
std::vector<int> shownMutedColumns(const MapsBlock& block, const MapsLook& look);
/// Where a token stands among them, and the first token of what stands there.
int shownAt(const MapsBlock& block, const MapsLook& look, int token);
int tokenAt(const MapsBlock& block, const MapsLook& look, int shown);

/// Of attention weights: from 0 to 1, and where they are no shares of a row (`anySign`) symmetric about zero as far as they reach.
ColorScaling weightScaling(const MapData& weights, bool anySign);
/// Whether the self-attention of this run has weights of any size and sign.
bool hasSignedWeights(const Run& run);

/// Sequential from zero for weights, symmetric about zero for what has a sign; ends at a round number that holds `magnitude`, and for
/// weights on the common scale at 1.
ColorScaling stageScaling(MapStage stage, double magnitude, bool anySign = false);

/// On a choice: "masked".
QString stageChoice(MapStage stage);
/// Beside a scale and as the head of a column: "score".
QString stageQuantity(MapStage stage);
/// Before a value: "a".
QString stageSymbol(MapStage stage);
/// Formula and meaning.
QString stageHelp(MapStage stage, ShownKernels kernels = ShownKernels::softmax);
/// "Attention weights of %1".
QString stageSubject(MapStage stage);
/// A value as this stage writes it: four decimals for weights, else four digits.
QString stageNumber(MapStage stage, double value);

/// One head on two inputs: what it did with the kept one, what it does now, and the difference, now minus before.
struct HeadDifference {
    StageMap before;
    StageMap after;
    StageMap change;  ///< empty when the inputs are not of the same length
};

/// `stage` of one head; both maps share a scale.
HeadDifference headDifference(MapStage stage, const StageMap& before, const StageMap& after);

}  // namespace lab
