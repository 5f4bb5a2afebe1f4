#include "core/writing/text_loss.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/errors.h"
#include "core/base/limits.h"
#include "core/config/model_config.h"
#include "core/model/network.h"

namespace lab {
namespace {

constexpr int rowsPerPass = 1024;

void checkGuessesNext(const ModelConfig& config) {
    if (config.architecture != Architecture::decoder || config.num_classes != config.vocab_size)
        throw InputError(LAB_TEXT("writing", "Only a decoder whose answers are tokens guesses a text on; this model is none."));
}

/// The window from `first` on; of its positions those before `counted` have no target.
Sample windowOf(std::span<const int> tokens, std::size_t first, std::size_t length, std::size_t counted) {
    Sample sample;
    for (std::size_t i = first; i < first + length && i + 1 < tokens.size(); ++i) {
        sample.tokens.push_back(tokens[i]);
        sample.targets.push_back(i - first < counted ? -1 : tokens[i + 1]);
    }
    return sample;
}

std::vector<Sample> cut(std::span<const int> tokens, std::size_t length, TextWindows windows) {
    const std::size_t step = windows == TextWindows::disjoint ? length : std::max<std::size_t>(1, length / 2);
    std::vector<Sample> samples;
    // Each window counts from where the one before ended.
    for (std::size_t first = 0, end = 0; end + 1 < tokens.size(); first += step) {
        samples.push_back(windowOf(tokens, first, length, end - first));
        end = first + samples.back().tokens.size();
    }
    return samples;
}

}  // namespace

double TextLoss::perplexity() const {
    return std::exp(perToken());
}

double TextLoss::bitsPerByte() const {
    return nats / (std::numbers::ln2 * static_cast<double>(bytes));
}

std::optional<TextLoss> textLoss(const Model& model, const Weights& weights, std::span<const int> tokens, std::int64_t bytes, int window,
                                 TextWindows windows, const std::function<bool(std::int64_t)>& goOn) {
    const ModelConfig& config = model.config();
    checkGuessesNext(config);
    if (tokens.size() < 2) throw InputError(LAB_TEXT("writing", "The text is shorter than two tokens: there is nothing to guess."));
    const int most = config.max_seq_len.value_or(rowsPerPass);
    const int length = window <= 0 || (config.isBounded() && window > most) ? most : window;
    const std::vector<Sample> samples = cut(tokens, static_cast<std::size_t>(length), windows);
    const Weights transposed = model.transposedCopy(weights);
    const auto perPass = static_cast<std::size_t>(std::max(1, rowsPerPass / length));
    Scratch scratch;
    TextLoss loss;
    loss.bytes = bytes;
    for (std::size_t first = 0; first < samples.size(); first += perPass) {
        if (goOn && !goOn(loss.tokens)) return std::nullopt;
        const auto begin = samples.begin() + static_cast<std::ptrdiff_t>(first);
        const Batch batch = makeBatch({begin, begin + static_cast<std::ptrdiff_t>(std::min(perPass, samples.size() - first))});
        scratch.arena.reset();
        Pass<float> pass{kernels<float>(), weights.data(), transposed.data(), nullptr, scratch};
        const PassSums part = model.network().evaluate(pass, viewOf(batch, 0, batch.sequences));
        loss.nats += part.loss;
        loss.tokens += part.counted;
        loss.correct += part.correct;
    }
    return loss;
}

}  // namespace lab
