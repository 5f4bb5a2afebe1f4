#include "ui/runs/session_view.h"

#include <QJsonArray>
#include <algorithm>
#include <cmath>
#include <optional>

#include "core/config/experiment.h"

namespace lab {
namespace {

const QString sampleKey = QStringLiteral("sample");
const QString tokensKey = QStringLiteral("tokens");
const QString targetTokensKey = QStringLiteral("target_tokens");
const QString targetsKey = QStringLiteral("targets");
const QString vectorsKey = QStringLiteral("vectors");
const QString valuesKey = QStringLiteral("values");
const QString maskedKey = QStringLiteral("masked");
const QString headChangesKey = QStringLiteral("head_changes");
const QString blockNameKey = QStringLiteral("name");
const QString uniformKey = QStringLiteral("uniform");
const QString sessionViewStepKey = QStringLiteral("step");  // absent while live
const QString sessionViewBlockKey = QStringLiteral("block");
const QString sessionViewHeadKey = QStringLiteral("head");
const QString sessionViewQueryKey = QStringLiteral("query");
const QString sessionViewKeyKey = QStringLiteral("key");

QJsonArray listOf(const std::vector<int>& numbers) {
    QJsonArray list;
    for (const int number : numbers) list.append(number);
    return list;
}

/// Numbers from `least` up to below `limit`; nothing when one is not.
std::optional<std::vector<int>> numbersOf(const QJsonValue& list, int least, int limit) {
    std::vector<int> numbers;
    for (const QJsonValue& value : list.toArray()) {
        const int number = value.toInt(least - 1);
        if (number < least || number >= limit) return std::nullopt;
        numbers.push_back(number);
    }
    return numbers;
}

QJsonArray listOf(const std::vector<float>& numbers) {
    QJsonArray list;
    for (const float number : numbers) list.append(static_cast<double>(number));
    return list;
}

std::vector<float> floatsOf(const QJsonValue& list) {
    std::vector<float> numbers;
    for (const QJsonValue& value : list.toArray()) numbers.push_back(static_cast<float>(value.toDouble()));
    return numbers;
}

/// As many as its positions and answers need.
bool hasItsNumbers(const Input& input, const ModelConfig& model) {
    const std::size_t vectors = model.readsVectors() ? input.tokens.size() * static_cast<std::size_t>(model.input_dim.value_or(0)) : 0;
    const std::size_t values = model.answersNumbers() ? input.targets.size() * static_cast<std::size_t>(model.num_classes.value_or(0)) : 0;
    const auto finite = [](float number) { return std::isfinite(number); };
    return input.vectors.size() == vectors && input.values.size() == values && std::ranges::all_of(input.vectors, finite) &&
           std::ranges::all_of(input.values, finite);
}

/// The person's own input, if the run can read it.
std::optional<Input> ownInput(const QJsonObject& view, const Run& run) {
    const ModelConfig& model = run.experiment().model;
    const int vocabulary = model.vocab_size.value_or(0);
    const auto tokens = numbersOf(view[tokensKey], 0, vocabulary);
    const auto targetTokens = numbersOf(view[targetTokensKey], 0, vocabulary);
    const auto targets = numbersOf(view[targetsKey], -1, model.num_classes.value_or(0));
    const auto masked = numbersOf(view[maskedKey], 0, 2);
    if (!tokens || tokens->empty() || !targetTokens || !targets || !masked) return std::nullopt;
    const bool twoSides = model.architecture == Architecture::encoder_decoder;
    const std::size_t answers = twoSides ? targetTokens->size() : tokens->size();
    const std::size_t longest = std::max(tokens->size(), targetTokens->size());
    const bool fits = longest <= static_cast<std::size_t>(maxTraceLength) && twoSides == !targetTokens->empty() &&
                      (targets->empty() || targets->size() == answers) && (masked->empty() || masked->size() == tokens->size());
    if (!fits) return std::nullopt;
    Input input;
    input.tokens = *tokens;
    input.targetTokens = *targetTokens;
    input.targets = *targets;
    input.masked.assign(masked->begin(), masked->end());
    input.vectors = floatsOf(view[vectorsKey]);
    input.values = floatsOf(view[valuesKey]);
    return hasItsNumbers(input, model) ? std::optional(input) : std::nullopt;
}

QJsonArray listOf(const std::vector<Intervention>& headChanges) {
    QJsonArray list;
    for (const Intervention& change : headChanges)
        list.append(QJsonObject{{blockNameKey, QString::fromStdString(change.name)},
                                {sessionViewHeadKey, change.head},
                                {uniformKey, change.kind == Intervention::Kind::headUniform}});
    return list;
}

/// Of heads that the model has.
std::vector<Intervention> headChangesOf(const QJsonValue& list, const Model& model) {
    std::vector<Intervention> changes;
    for (const QJsonValue& value : list.toArray()) {
        const QJsonObject change = value.toObject();
        const std::string name = change[blockNameKey].toString().toStdString();
        const int head = change[sessionViewHeadKey].toInt(-1);
        const auto& blocks = model.attentionBlocks();
        const bool known = std::any_of(blocks.begin(), blocks.end(),
                                       [&](const AttentionBlock& b) { return b.name == name && head >= 0 && head < b.heads; });
        const auto kind = change[uniformKey].toBool() ? Intervention::Kind::headUniform : Intervention::Kind::headOff;
        if (known) changes.push_back({kind, name, head, {}});
    }
    return changes;
}

}  // namespace

QJsonObject viewOf(const Focus& focus) {
    const Selection& selection = focus.selection();
    QJsonObject view{{sessionViewBlockKey, selection.block},
                     {sessionViewHeadKey, selection.head},
                     {sessionViewQueryKey, selection.query},
                     {sessionViewKeyKey, selection.key}};
    if (!focus.headChanges().empty()) view[headChangesKey] = listOf(focus.headChanges());
    if (!focus.live()) view[sessionViewStepKey] = static_cast<qint64>(focus.wantedStep());
    if (focus.sampleIndex() >= 0) {
        view[sampleKey] = focus.sampleIndex();
        return view;
    }
    view[tokensKey] = listOf(focus.input().tokens);
    view[targetTokensKey] = listOf(focus.input().targetTokens);
    view[targetsKey] = listOf(focus.input().targets);
    if (!focus.input().vectors.empty()) view[vectorsKey] = listOf(focus.input().vectors);
    if (!focus.input().values.empty()) view[valuesKey] = listOf(focus.input().values);
    const std::vector<bool>& masked = focus.input().masked;
    if (!masked.empty()) view[maskedKey] = listOf(std::vector<int>(masked.begin(), masked.end()));
    return view;
}

void showView(Focus& focus, const QJsonObject& view) {
    if (!focus.run()) return;
    if (view.contains(sampleKey))
        focus.showSample(std::clamp(view[sampleKey].toInt(), 0, std::max(focus.sampleCount() - 1, 0)));
    else if (const auto input = ownInput(view, *focus.run()))
        focus.setInput(*input);
    focus.setHeadChanges(headChangesOf(view[headChangesKey], *focus.run()->model()));
    focus.select({view[sessionViewBlockKey].toInt(), view[sessionViewHeadKey].toInt(), view[sessionViewQueryKey].toInt(),
                  view[sessionViewKeyKey].toInt()});
    if (view.contains(sessionViewStepKey)) focus.showStep(view[sessionViewStepKey].toInteger());
}

}  // namespace lab
