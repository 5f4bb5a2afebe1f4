#include "core/explain/statements/scene.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/explain/examples.h"
#include "core/model/initialise.h"

namespace lab::explain {
namespace {

constexpr std::uint64_t freshSeed = 42;

/// Six tokens, two heads, two layers, weights as they are before any training.
StatementScene ownExample() {
    Experiment e;
    e.model.vocab_size = e.model.num_classes = 10;
    e.model.max_seq_len = 6;
    e.model.d_model = 8;
    e.model.num_heads = 2;
    StatementScene scene;
    scene.model = std::make_shared<const Model>(resolved(e).model);
    scene.weights = std::make_shared<const Weights>(initialWeights(*scene.model, freshSeed));
    scene.question.input.tokens = {3, 1, 4, 1, 5, 9};
    scene.question.input.targets = {9, 5, 1, 4, 1, 3};
    TraceRequest request;
    request.gradients = true;
    scene.numbers = NumberSource(std::make_shared<const Trace>(scene.model->trace(*scene.weights, scene.question.input, request)));
    return scene;
}

std::vector<int> backwards(std::vector<int> tokens) {
    const std::vector<int> before = tokens;
    std::ranges::reverse(tokens);
    if (tokens == before && !tokens.empty()) std::rotate(tokens.begin(), tokens.begin() + 1, tokens.end());
    return tokens;
}

/// The vectors in the other order; a class token stays in front.
std::vector<float> vectorsBackwards(const ModelConfig& model, const std::vector<float>& vectors) {
    const auto width = static_cast<std::size_t>(*model.input_dim), first = static_cast<std::size_t>(model.class_token ? 1 : 0);
    const std::size_t count = vectors.size() / width;
    std::vector<float> turned = vectors;
    for (std::size_t i = first; i < count; ++i)
        std::copy_n(vectors.begin() + static_cast<std::ptrdiff_t>((count - 1 - i + first) * width), width,
                    turned.begin() + static_cast<std::ptrdiff_t>(i * width));
    return turned;
}

/// Half the mean square of what is missed of the targets; without any, of what `own` answers.
double squaredLossOf(const Input& input, const NumberView& answers, const NumberView& own) {
    const bool asked = hasTargets(input);
    const int outputs = answers.extent(1);
    double sum = 0.0;
    int count = 0;
    for (int i = 0; i < answers.extent(0); ++i) {
        if (asked && input.targets[static_cast<std::size_t>(i)] < 0) continue;
        for (int r = 0; r < outputs; ++r) {
            const double wanted = asked ? static_cast<double>(input.values[static_cast<std::size_t>(i * outputs + r)]) : own(i, r);
            sum += 0.5 * (answers(i, r) - wanted) * (answers(i, r) - wanted);
        }
        count += outputs;
    }
    return sum / count;
}

}  // namespace

bool isOpen(const StatementScene& scene) {
    return scene.model && scene.weights && !scene.model->attentionBlocks().empty();
}

StatementScene completed(const StatementScene& scene) {
    if (isOpen(scene)) return scene;
    static const StatementScene own = ownExample();
    StatementScene filled = own;
    filled.trained = scene.trained;
    return filled;
}

const AttentionBlock& blockOf(const StatementScene& scene) {
    return scene.model->attentionBlocks()[static_cast<std::size_t>(scene.question.block)];
}

Words whoseNumbers(const StatementScene& given, const StatementScene& completed) {
    if (!isOpen(given)) return LAB_TEXT("statements", "Numbers of a small model that has not been trained, as none is open.");
    return Message(LAB_TEXT("statements", "Numbers of the model that is open: %1, head %2, this input."))
        .arg(blockOf(completed).name)
        .arg(completed.question.head);
}

Rows rowsOf(const NumberView& tensor, int head) {
    Rows rows;
    for (int i = 0; i < tensor.extent(1); ++i) {
        rows.emplace_back();
        for (int j = 0; j < tensor.extent(2); ++j) rows.back().push_back(tensor(head, i, j));
    }
    return rows;
}

HeadRows headRows(const StatementScene& scene, int head) {
    const AttentionBlock& block = blockOf(scene);
    const int shared = head / (block.heads / block.kvHeads);
    const auto of = [&](const char* part, int h) { return rowsOf(scene.numbers.at(block.name + part), h); };
    return {of(".query", head), of(".key", shared), of(".value", shared), of(".scores", head), of(".weights", head)};
}

std::shared_ptr<const Trace> traced(const StatementScene& scene, const Input& input) {
    return std::make_shared<const Trace>(scene.model->trace(*scene.weights, input));
}

Input otherInput(const StatementScene& scene) {
    Input other = scene.question.input;
    other.interventions.clear();
    const bool fits = scene.other.tokens.size() == other.tokens.size() && scene.other.targetTokens.size() == other.targetTokens.size();
    if (scene.model->config().readsVectors()) {  // whose ids say only where a class token stands
        other.vectors = fits ? scene.other.vectors : vectorsBackwards(scene.model->config(), other.vectors);
        return other;
    }
    other.tokens = fits ? scene.other.tokens : backwards(other.tokens);
    other.targetTokens = fits ? scene.other.targetTokens : backwards(other.targetTokens);
    return other;
}

bool hasTargets(const Input& input) {
    return std::ranges::any_of(input.targets, [](int target) { return target >= 0; });
}

std::vector<int> wantedClasses(const Input& input, const NumberView& logits) {
    if (hasTargets(input)) return input.targets;
    std::vector<int> answers;
    for (int i = 0; i < logits.extent(0); ++i) {
        int best = 0;
        for (int c = 1; c < logits.extent(1); ++c)
            if (logits(i, c) > logits(i, best)) best = c;
        answers.push_back(best);
    }
    return answers;
}

double crossEntropy(const std::vector<double>& logits, int wanted) {
    return -std::log(std::max(softmaxOf(logits)[static_cast<std::size_t>(wanted)], 1e-300));
}

bool answersClasses(const ModelConfig& model) {
    return !model.answersNumbers();
}

double lossOf(const StatementScene& scene, const Trace& trace, const Trace& own) {
    const Input& input = scene.question.input;
    const NumberView logits(trace.at("logits"));
    if (scene.model->config().answersNumbers()) return squaredLossOf(input, logits, NumberView(own.at("logits")));
    const std::vector<int> wanted = wantedClasses(input, NumberView(own.at("logits")));
    double sum = 0.0;
    int count = 0;
    for (int i = 0; i < logits.extent(0); ++i) {
        if (wanted[static_cast<std::size_t>(i)] < 0) continue;
        std::vector<double> row;
        for (int c = 0; c < logits.extent(1); ++c) row.push_back(logits(i, c));
        sum += crossEntropy(row, wanted[static_cast<std::size_t>(i)]);
        ++count;
    }
    return sum / count;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0.0;
    for (std::size_t p = 0; p < std::min(a.size(), b.size()); ++p) sum += a[p] * b[p];
    return sum;
}

double cosine(const std::vector<double>& a, const std::vector<double>& b) {
    const double lengths = std::sqrt(dot(a, a) * dot(b, b));
    return lengths > 0.0 ? dot(a, b) / lengths : 0.0;
}

std::vector<double> softmaxOf(const std::vector<double>& scores) {
    return softmaxLab(scores, 1.0).probabilities;
}

double sumOf(const std::vector<double>& values) {
    double sum = 0.0;
    for (const double value : values) sum += value;
    return sum;
}

double largestDifference(const Rows& a, const Rows& b) {
    double largest = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t p = 0; p < a[i].size(); ++p) largest = std::max(largest, std::abs(a[i][p] - b[i][p]));
    return largest;
}

std::string numberText(double value, int digits) {
    if (digits > 0) return shownNumber(value, digits);
    const std::int64_t whole = std::llround(value);
    return (whole < 0 ? "\u2212" : "") + std::to_string(std::abs(whole));
}

std::string listText(const std::vector<double>& values, int digits) {
    std::string text = "[";
    for (std::size_t i = 0; i < values.size(); ++i) text += (i ? ", " : "") + numberText(values[i], digits);
    return text + "]";
}

std::string smallText(double value) {
    if (value == 0.0) return "0";
    const int power = static_cast<int>(std::floor(std::log10(std::abs(value))));
    if (power >= -4 && power < 5) return numberText(value, 4);
    const std::string mantissa = numberText(value / std::pow(10.0, power), 1);
    return power < 0 ? mantissa + "e\u2212" + std::to_string(-power) : mantissa + " \u00B7 10^{" + std::to_string(power) + "}";
}

std::string wholeText(double value) {
    return std::abs(value) < 1e9 ? numberText(value, 0) : smallText(value);
}

CellsDrawing weightCells(const StatementScene& scene, Words title, const NumberView& weights, Tone tone) {
    const bool shares = blockOf(scene).cross || weightsAreShares(scene.model->config().attention);
    return cells(std::move(title), rowsOf(weights, scene.question.head), shares, tone);
}

CellsDrawing cells(Words title, const Rows& rows, bool shares, Tone tone, int digits) {
    CellsDrawing drawing;
    drawing.title = std::move(title);
    drawing.rows = static_cast<int>(rows.size());
    drawing.columns = static_cast<int>(rows.front().size());
    for (const std::vector<double>& row : rows) drawing.values.insert(drawing.values.end(), row.begin(), row.end());
    drawing.shares = shares;
    drawing.tone = tone;
    drawing.digits = digits;
    return drawing;
}

}  // namespace lab::explain
