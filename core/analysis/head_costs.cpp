#include "core/analysis/head_costs.h"

#include "core/analysis/run_comparison.h"

namespace lab {

std::optional<HeadCosts> headCosts(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                   const std::function<bool()>& cancelled, const std::function<void(int, int)>& told) {
    AblationJudge judge(model, weights, samples);
    const auto whole = judge.score({}, cancelled);
    if (!whole) return std::nullopt;
    HeadCosts costs;
    if (!AblationJudge::judgesVectors(samples)) costs.loss = whole->loss;
    const std::vector<HeadPlace> places = headPlaces(model);
    for (const HeadPlace& place : places) {
        const auto without = judge.score(ablationOf(model, {place.block, place.head}, Intervention::Kind::headOff), cancelled);
        if (!without) return std::nullopt;
        costs.heads.push_back(without->loss - whole->loss);
        if (told) told(static_cast<int>(costs.heads.size()), static_cast<int>(places.size()));
    }
    return costs;
}

}  // namespace lab
