#include "core/layers/attention/score_stage.h"

namespace lab {
namespace stages {

extern const ScoreStageRow relativeBias, relative, softCap, span;  // a file each

}  // namespace stages

std::span<const ScoreStageRow* const> ScoreStageRow::table() {
    static constexpr const ScoreStageRow* rows[] = {&stages::relativeBias, &stages::relative, &stages::softCap, &stages::span};
    return rows;
}

ScoreStages scoreStagesOf(LayerBuilder builder, const std::string& name, const LayerConfig& layer) {
    ScoreStages stages;
    for (const ScoreStageRow* row : ScoreStageRow::table())
        if (auto stage = row->make(builder, name, layer)) stages.push_back(std::move(stage));
    return stages;
}

}  // namespace lab
