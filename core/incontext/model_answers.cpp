#include "core/incontext/model_answers.h"

#include <algorithm>
#include <cmath>

#include "core/layers/pass.h"
#include "core/model/network.h"
#include "core/model/sample_input.h"

namespace lab {
namespace {

constexpr std::size_t promptsAtOnce = 128;

BasicWeights<double> inDouble(const Weights& weights) {
    return {weights.begin(), weights.end()};
}

/// A query moved along one coordinate, as far as floats, which vectors are made of, tell.
FunctionPrompt nudged(const FunctionPrompt& prompt, std::size_t coordinate, double by) {
    std::vector<double> query(prompt.query().begin(), prompt.query().end());
    query[coordinate] = static_cast<float>(query[coordinate] + by);
    return askedAt(prompt, query);
}

}  // namespace

PromptAnswers::PromptAnswers(const Model& model, const Weights& weights, const FunctionConfig& task)
    : PromptAnswers(model, inDouble(weights), task) {}

PromptAnswers::PromptAnswers(const Model& model, BasicWeights<double> weights, const FunctionConfig& task)
    : m_model(model), m_task(task), m_weights(std::move(weights)), m_transposed(model.transposedCopy(m_weights)) {}

std::vector<std::vector<double>> PromptAnswers::run(std::span<const FunctionPrompt> prompts) const {
    Scratch scratch;
    std::vector<std::vector<double>> answers;
    for (std::size_t begin = 0; begin < prompts.size(); begin += promptsAtOnce) {
        std::vector<Sample> samples;
        for (const FunctionPrompt& prompt : prompts.subspan(begin, std::min(promptsAtOnce, prompts.size() - begin))) {
            samples.push_back(promptSample(m_model.config(), m_task, prompt));
            samples.back().values.clear();  // what is asked changes no answer
        }
        const Batch batch = makeBatch(samples);
        scratch.arena.reset();
        Pass<double> pass{kernels<double>(), m_weights.data(), m_transposed.data(), nullptr, scratch};
        BatchView view = viewOf(batch, 0, batch.sequences);
        view.targets = nullptr;
        const double* logits = m_model.network().logits(pass, view);
        const int stride = m_model.network().logitStride();
        for (const Sample& sample : samples) {
            auto& own = answers.emplace_back();
            for (std::size_t t = 0; t < sample.tokens.size(); ++t) own.push_back(logits[static_cast<std::ptrdiff_t>(t) * stride]);
            logits += static_cast<std::ptrdiff_t>(batch.length) * stride;
        }
    }
    return answers;
}

std::vector<double> PromptAnswers::at(std::span<const FunctionPrompt> prompts) const {
    const auto all = run(prompts);
    std::vector<double> answers;
    for (std::size_t i = 0; i < all.size(); ++i)
        answers.push_back(all[i][static_cast<std::size_t>(answerPosition(m_model.config(), m_task, prompts[i].points()))]);
    return answers;
}

double PromptAnswers::at(const FunctionPrompt& prompt) const {
    return at(std::span(&prompt, 1)).front();
}

std::vector<double> PromptAnswers::along(const FunctionPrompt& prompt, std::span<const double> queries) const {
    const auto width = static_cast<std::size_t>(prompt.dimensions);
    std::vector<FunctionPrompt> prompts;
    for (std::size_t at = 0; at + width <= queries.size(); at += width) prompts.push_back(askedAt(prompt, queries.subspan(at, width)));
    return at(prompts);
}

std::vector<double> PromptAnswers::course(const FunctionPrompt& prompt) const {
    const auto all = run(std::span(&prompt, 1)).front();
    const auto positionOf = [&](int points) { return static_cast<std::size_t>(answerPosition(m_model.config(), m_task, points)); };
    if (m_task.layout == PromptLayout::joined) return {all[positionOf(prompt.points())]};
    std::vector<double> answers;
    for (int points = 0; points <= prompt.points(); ++points) answers.push_back(all[positionOf(points)]);
    return answers;
}

std::vector<double> PromptAnswers::sensitivity(const FunctionPrompt& prompt) const {
    constexpr double step = 1.0 / 64;
    std::vector<FunctionPrompt> prompts;
    for (std::size_t i = 0; i < static_cast<std::size_t>(prompt.dimensions); ++i) {
        prompts.push_back(nudged(prompt, i, step));
        prompts.push_back(nudged(prompt, i, -step));
    }
    const std::vector<double> answers = at(prompts);
    std::vector<double> slopes;
    for (std::size_t i = 0; i < prompts.size(); i += 2)
        slopes.push_back((answers[i] - answers[i + 1]) / (prompts[i].query()[i / 2] - prompts[i + 1].query()[i / 2]));
    return slopes;
}

double PromptAnswers::loss(std::span<const FunctionPrompt> prompts) const {
    const std::vector<double> answers = at(prompts);
    double sum = 0;
    int known = 0;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (prompts[i].truth.empty()) continue;
        const double rest = answers[i] - prompts[i].truth.back();
        sum += 0.5 * rest * rest;
        ++known;
    }
    return known > 0 ? sum / known : 0;
}

Input promptInput(const ModelConfig& model, const FunctionConfig& task, const FunctionPrompt& prompt) {
    Input input = inputOf(promptSample(model, task, prompt));
    if (input.values.empty()) input.targets.clear();
    return input;
}

bool answersPrompts(const ModelConfig& model, const FunctionConfig& task) {
    const int width = task.layout == PromptLayout::joined ? task.dimensions + 1 : task.dimensions;
    return model.readsVectors() && model.answersNumbers() && model.input_dim == width && model.num_classes == 1;
}

std::vector<FunctionPrompt> studyPrompts(const FunctionConfig& task, std::uint64_t seed, int count) {
    std::vector<FunctionPrompt> prompts;
    for (int i = 0; i < count; ++i) prompts.push_back(drawPrompt(task, seed, FunctionPart::study, i));
    return prompts;
}

}  // namespace lab
