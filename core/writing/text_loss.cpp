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

}  // namespace

double TextLoss::perplexity() const {
    return std::exp(perToken());
}

double TextLoss::bitsPerByte() const {
    return nats / (std::numbers::ln2 * static_cast<double>(bytes));
}

LossUnit TextLoss::unit() const {
    return {static_cast<double>(tokens) / (std::numbers::ln2 * static_cast<double>(bytes)), true};
}

std::optional<TextLoss> textLoss(const Model& model, const Weights& weights, const TokenIds& tokens, std::int64_t bytes, int window,
                                 TextWindows windows, const std::function<bool(std::int64_t)>& goOn) {
    const ModelConfig& config = model.config();
    checkGuessesNext(config);
    if (tokens.size() < 2) throw InputError(LAB_TEXT("writing", "The text is shorter than two tokens: there is nothing to guess."));
    const int most = config.max_seq_len.value_or(rowsPerPass);
    const int length = window <= 0 || (config.isBounded() && window > most) ? most : window;
    const std::vector<ScoredBlock> blocks = scoredBlocks(tokens.size(), length, windows);
    const Weights transposed = model.transposedCopy(weights);
    const auto perPass = static_cast<std::size_t>(std::max(1, rowsPerPass / length));
    Scratch scratch;
    TextLoss loss;
    loss.bytes = bytes;
    for (std::size_t first = 0; first < blocks.size(); first += perPass) {
        if (goOn && !goOn(loss.tokens)) return std::nullopt;
        std::vector<Sample> samples;
        for (std::size_t i = first; i < std::min(blocks.size(), first + perPass); ++i)
            samples.push_back(blockSample(tokens, blocks[i], length));
        const Batch batch = makeBatch(samples);
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
