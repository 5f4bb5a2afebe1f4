#include "core/incontext/evidence.h"

#include <algorithm>
#include <cmath>

#include "core/config/model_config.h"
#include "core/incontext/closed_form.h"
#include "core/incontext/model_answers.h"
#include "core/model/sample_input.h"
#include "core/text/sha256.h"

namespace lab {
namespace {

std::string hashOf(const Weights& weights) {
    Sha256 hash;
    hash.add({reinterpret_cast<const char*>(weights.data()), weights.size() * sizeof(float)});
    return hash.hex();
}

/// Scores are products of what the trace calls query and key, times this.
double factorOfScores(const ModelConfig& config) {
    return specOf(config.attention.kernel.kind).scaled ? 1.0 / std::sqrt(static_cast<double>(config.headDim())) : 1.0;
}

bool hasPlainScores(const ModelConfig& config) {
    return config.attends() && !specOf(config.attention.kernel.kind).features && !specOf(config.attention.form).positionMap &&
           !specOf(config.position.kind).biasesScores && !specOf(config.position.kind).biasTable && !specOf(config.position.kind).vectors &&
           config.attention.soft_cap == 0 && !config.attention.span;
}

void compareScores(const Model& model, const Trace& trace, int query, ExactAndFitted& result) {
    const AttentionBlock& block = model.attentionBlocks().front();
    const Tensor &scores = trace.at(block.name + ".scores"), &queries = trace.at(block.name + ".query"),
                 &keys = trace.at(block.name + ".key");
    const auto width = queries.extent(2), length = scores.extent(2);
    const double factor = factorOfScores(model.config());
    result.heads = block.heads;
    result.keys = query;
    for (int h = 0; h < block.heads; ++h)
        for (int j = 0; j < query; ++j) {
            const int keyHead = h / (block.heads / block.kvHeads);
            const float* q = queries.values.data() + (h * length + query) * width;
            const float* k = keys.values.data() + (keyHead * length + j) * width;
            double sum = 0;
            for (std::int64_t c = 0; c < width; ++c) sum += factor * static_cast<double>(q[c]) * static_cast<double>(k[c]);
            result.scores.push_back(scores.values[static_cast<std::size_t>((h * length + query) * length + j)]);
            result.recomputed.push_back(sum);
            result.largestDifference = std::max(result.largestDifference, std::abs(sum - result.scores.back()));
        }
}

}  // namespace

InferenceEvidence inferenceEvidence(const Model& model, const Weights& weights, const FunctionConfig& task, const FunctionPrompt& prompt) {
    InferenceEvidence evidence;
    for (const Parameter& parameter : model.layout().parameters()) evidence.weights += parameter.size;
    evidence.before = hashOf(weights);
    const Trace trace = model.trace(weights, promptInput(model.config(), task, prompt));
    const auto asked = static_cast<std::size_t>(answerPosition(model.config(), task, prompt.points()));
    evidence.answer = trace.at("logits").values[asked];
    evidence.after = hashOf(weights);
    return evidence;
}

ExactAndFitted exactAndFitted(const Model& model, const Weights& weights, const FunctionConfig& task, const FunctionPrompt& prompt,
                              std::span<const FunctionPrompt> prompts) {
    ExactAndFitted result;
    if (hasPlainScores(model.config()))
        compareScores(model, model.trace(weights, promptInput(model.config(), task, prompt)),
                      answerPosition(model.config(), task, prompt.points()), result);
    result.loss = PromptAnswers(model, weights, task).loss(prompts);
    if (const auto moments = momentsOf(task)) result.reachable = bestOneStepLoss(*moments);
    return result;
}

}  // namespace lab
