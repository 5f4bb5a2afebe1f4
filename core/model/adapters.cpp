#include "core/model/adapters.h"

#include <algorithm>
#include <cmath>

#include "core/base/errors.h"
#include "core/base/random.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/frozen.h"
#include "core/model/model.h"

namespace lab {
namespace {

constexpr const char* targetsPath = "training.adapters.targets";
constexpr const char* rankPath = "training.adapters.rank";

bool canAdapt(const Parameter& p) {
    return p.isHiddenMatrix() && p.shape.size() == 2;
}

AdaptersProblem problemOf(const ParameterLayout& layout, const AdaptersConfig& config) {
    if (config.targets.empty()) return {targetsPath, LAB_TEXT("model", "no matrix is named, so nothing would be trained; name some")};
    for (const std::string& name : config.targets) {
        const auto named = [&](const Parameter& p) { return isNamed(p.name, {name}); };
        if (std::ranges::none_of(layout.parameters(), named)) return {targetsPath, noSuchWeights(layout, name)};
        if (std::ranges::none_of(layout.parameters(), [&](const Parameter& p) { return named(p) && canAdapt(p); }))
            return {targetsPath, Message(LAB_TEXT("model",
                                                  "%1 is no matrix between activations, which alone get adapters; use attention, "
                                                  "feed_forward or a part of them, such as attention.query"))
                                     .arg(name)};
    }
    for (const Parameter& p : layout.parameters())
        if (canAdapt(p) && isNamed(p.name, config.targets) && config.rank > std::min(p.shape[0], p.shape[1]))
            return {rankPath, Message(LAB_TEXT("model", "%1 is more than the %2 that %3, %4 x %5, can have"))
                                  .arg(config.rank)
                                  .arg(std::min(p.shape[0], p.shape[1]))
                                  .arg(p.name)
                                  .arg(p.shape[0])
                                  .arg(p.shape[1])};
    return {};
}

}  // namespace

std::vector<std::size_t> adaptedMatrices(const ParameterLayout& layout, const AdaptersConfig& config) {
    if (AdaptersProblem problem = problemOf(layout, config); !problem.problem.empty())
        throw InputError(problem.path, std::move(problem.problem));
    std::vector<std::size_t> matrices;
    const auto& parameters = layout.parameters();
    for (std::size_t i = 0; i < parameters.size(); ++i)
        if (canAdapt(parameters[i]) && isNamed(parameters[i].name, config.targets)) matrices.push_back(i);
    return matrices;
}

AdaptersProblem adaptersProblem(const Experiment& experiment) {
    if (!experiment.training.adapters.any()) return {};
    const ModelConfig model = resolved(experiment).model;
    const bool known = model.vocab_size && model.num_classes && model.max_seq_len;
    return known ? problemOf(Model(model).layout(), experiment.training.adapters) : AdaptersProblem();
}

TrainingState withAdapters(TrainingState state, const ParameterLayout& layout, const TrainingConfig& training) {
    const auto base = std::make_shared<const AdapterBase>(layout, adaptedMatrices(layout, training.adapters), training.adapters.rank,
                                                          training.adapters.factor(), state.weights);
    state.adapters = Weights(base->layout.flatSize(), 0.0f);
    for (std::size_t m = 0; m < base->matrices.size(); ++m) {
        const Parameter& a = base->a(m);
        const double bound = 1.0 / std::sqrt(static_cast<double>(a.fanIn));
        const RandomStream random(training.seed, a.name);
        float* values = at(state.adapters, a);
        for (std::size_t i = 0; i < a.size; ++i) values[i] = static_cast<float>(bound * (2.0 * random.uniform(i) - 1.0));
    }
    state.base = base;
    resetMoments(state, *training.optimizer.kind);
    return state;
}

TrainingState readyToTrain(TrainingState state, const ParameterLayout& layout, const TrainingConfig& training) {
    const AdaptersConfig& config = training.adapters;
    if (state.hasAdapters()) {
        const bool same = config.any() && state.base->rank == config.rank && state.base->factor == config.factor() &&
                          state.base->matrices == adaptedMatrices(layout, config);
        if (!same)
            throw InputError("training.adapters",
                             LAB_TEXT("model", "these are not the adapters that the state was trained with; merge them first"));
    } else if (config.any()) {
        return withAdapters(std::move(state), layout, training);
    }
    if (state.firstMoment.empty()) resetMoments(state, *training.optimizer.kind);
    return state;
}

}  // namespace lab
