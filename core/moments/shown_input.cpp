#include "core/moments/shown_input.h"

#include <array>
#include <charconv>
#include <span>

#include "core/model/block_keys.h"
#include "core/tensor/batch.h"

namespace lab {
namespace {

/// Two digits behind the point are enough beside a map.
std::string shortNumber(float number) {
    std::array<char, 64> text{};
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed, 2).ptr};
}

std::string shortVector(std::span<const float> numbers) {
    constexpr std::size_t most = 3;
    if (numbers.size() > most) return shortNumber(numbers.front()) + " .. " + shortNumber(numbers.back());
    std::string text;
    for (const float number : numbers) text += (text.empty() ? "" : " | ") + shortNumber(number);
    return text;
}

}  // namespace

std::vector<std::string> shownPositions(const RunMoment& moment, const Input& input, bool targetSide) {
    const ModelConfig& model = moment.model->config();
    if (targetSide || !model.readsVectors()) return moment.tokenizer->shown(targetSide ? input.targetTokens : input.tokens);
    std::vector<std::string> texts;
    const auto width = static_cast<std::size_t>(*model.input_dim);
    for (std::size_t i = 0; i < input.tokens.size(); ++i)
        texts.push_back(input.tokens[i] == classToken ? "class" : shortVector(std::span(input.vectors).subspan(i * width, width)));
    return texts;
}

std::vector<std::string> shownKeys(const RunMoment& moment, const Input& input, const AttentionBlock& block, const Trace& trace) {
    const KeysOf keys = keysOf(block, specOf(moment.experiment.model.architecture).twoSides());
    if (keys != KeysOf::bottleneck) return shownPositions(moment, input, keys == KeysOf::target);
    std::vector<std::string> names;
    for (const Message& slot : slotNames(block, &trace)) names.push_back(slot.english());
    return names;
}

std::string shownInput(const RunMoment& moment, const Input& input, bool targetSide) {
    const char* between = moment.model->config().readsVectors() && !targetSide ? "; " : " ";
    std::string text;
    for (const std::string& position : shownPositions(moment, input, targetSide)) text += (text.empty() ? "" : between) + position;
    return text;
}

}  // namespace lab
