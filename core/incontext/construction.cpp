#include "core/incontext/construction.h"

#include <algorithm>
#include <cmath>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/incontext/layer_maps.h"
#include "core/incontext/solvers.h"
#include "core/model/slot_weights.h"

namespace lab {
namespace {

/// Writes a matrix over a parameter.
void putMatrix(const Model& model, BasicWeights<double>& weights, const std::string& name, const MapMatrix& matrix) {
    std::copy_n(matrix.data(), matrix.size(), at(weights, *model.layout().find(name)));
}

/// Brings a layer's products to the size of the other's meeting, which changes nothing of what they do together.
StreamProducts scaledTo(StreamProducts products, const StreamProducts& other) {
    const double alike = (products.meeting.array() * other.meeting.array()).sum();
    const double own = products.meeting.norm();
    if (own <= 0) return products;
    const double factor = other.meeting.norm() / own * (alike < 0 ? -1 : 1);
    products.meeting *= factor;
    products.adding /= factor;
    return products;
}

/// One head as wide as the stream holds any two products: W_Q and W_V are they, W_K and W_O pass on.
void putProducts(const Model& model, BasicWeights<double>& weights, const std::string& block, const StreamProducts& products) {
    const MapMatrix same = MapMatrix::Identity(products.meeting.rows(), products.meeting.cols());
    putMatrix(model, weights, block + ".query.weight", products.meeting);
    putMatrix(model, weights, block + ".key.weight", same);
    putMatrix(model, weights, block + ".value.weight", products.adding);
    putMatrix(model, weights, block + ".output.weight", same);
}

BasicWeights<double> mixedWeights(const Model& model, const Weights& trained, const Weights& constructed, double share) {
    BasicWeights<double> mixed(trained.size());
    for (std::size_t i = 0; i < mixed.size(); ++i) mixed[i] = (1 - share) * trained[i] + share * constructed[i];
    for (const AttentionBlock& block : model.attentionBlocks()) {
        const StreamProducts goal = streamProducts(model, constructed, block, 0);
        const StreamProducts own = scaledTo(streamProducts(model, trained, block, 0), goal);
        putProducts(model, mixed, block.name,
                    {(1 - share) * own.meeting + share * goal.meeting, (1 - share) * own.adding + share * goal.adding});
    }
    return mixed;
}

/// As the vectors have them: floats.
FunctionPrompt asRead(FunctionPrompt prompt) {
    const auto round = [](std::vector<double>& values) {
        std::ranges::transform(values, values.begin(), [](double value) { return static_cast<double>(static_cast<float>(value)); });
    };
    round(prompt.x);
    round(prompt.y);
    return prompt;
}

}  // namespace

Message whyNotConstructed(const Experiment& experiment) {
    Experiment asked = experiment;
    asked.model.init = Initialisation::gradient_descent;
    for (const ConfigProblem& problem : problemsOf(asked))
        if (problem.path.starts_with("model.") || problem.path.starts_with("task."))
            return Message(LAB_TEXT("incontext", "%1: %2")).arg(problem.path).arg(problem.message);
    if (specOf(asked.model.init).hasSlots && asked.model.attention.full_every != 0)
        return LAB_TEXT("incontext", "model.attention.full_every: where a layer sees all, the query would add to its own answer; use 0");
    if (specOf(asked.model.init).hasSlots && asked.model.attention.pattern.kind.name() != "context")
        return LAB_TEXT("incontext", "model.attention.pattern.kind: the query is a key, too, and would add to its own answer; use context");
    return {};
}

Weights constructedWeights(const Model& model, const Experiment& experiment, std::optional<double> eta, double gamma) {
    Experiment asked = experiment;
    asked.model.init = Initialisation::gradient_descent;
    const double points = experiment.task.functions.points;
    const StepOverPoints step{eta ? *eta / points : resolved(asked).model.init_step.value_or(0), gamma / points};
    Weights weights(model.layout().flatSize());
    for (const Parameter& parameter : model.layout().parameters()) {
        if (isSlotMap(parameter))
            fillSlotMap(parameter, model.config(), at(weights, parameter));
        else
            fillStep(parameter, model.config(), step, at(weights, parameter));
    }
    return weights;
}

ConstructionCheck checkConstruction(const Model& model, const Experiment& experiment, std::span<const FunctionPrompt> prompts) {
    const FunctionConfig& task = experiment.task.functions;
    const Weights weights = constructedWeights(model, experiment);
    const PromptAnswers answers(model, weights, task);
    const Parameter& scales = *model.layout().find(model.attentionBlocks().front().name + ".output.weight");
    const float* values = at(weights, scales);
    ConstructionCheck check;
    check.layers = model.config().num_layers;
    check.eta = task.points * static_cast<double>(*std::max_element(values, values + scales.size));  // as floats have it
    for (const FunctionPrompt& drawn : prompts) {
        const FunctionPrompt prompt = asRead(drawn);
        const auto fitted = fittedWeights({Solver::gradient, check.layers, check.eta * prompt.points() / task.points}, prompt);
        const double answer = answers.at(prompt);
        check.largestDifference = std::max(check.largestDifference, std::abs(answer - answerOf(prompt, *fitted)));
        check.largestAnswer = std::max(check.largestAnswer, std::abs(answer));
    }
    return check;
}

std::vector<InterpolatedLoss> interpolatedLosses(const Model& model, const Weights& trained, const Weights& constructed,
                                                 const FunctionConfig& task, std::span<const FunctionPrompt> prompts, int points,
                                                 const std::function<bool()>& cancelled) {
    const ModelConfig& config = model.config();
    std::vector<InterpolatedLoss> line;
    if (config.num_heads != 1 || !whyNotProducts(config).empty()) return line;
    for (int i = 0; i < points; ++i) {
        if (cancelled && cancelled()) return {};
        const double share = points > 1 ? static_cast<double>(i) / (points - 1) : 0;
        line.push_back({share, PromptAnswers(model, mixedWeights(model, trained, constructed, share), task).loss(prompts)});
    }
    return line;
}

}  // namespace lab
