#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/data/loss_unit.h"
#include "core/data/text_dataset.h"
#include "core/model/model.h"

namespace lab {

/// How well a model guesses a text: sums over the tokens that count, each once.
struct TextLoss {
    double nats = 0;  ///< sum of -log p
    std::int64_t tokens = 0;
    std::int64_t bytes = 0;  ///< of the text that these tokens are
    std::int64_t correct = 0;

    double perToken() const { return nats / static_cast<double>(tokens); }
    double accuracy() const { return static_cast<double>(correct) / static_cast<double>(tokens); }
    double perplexity() const;
    /// Comparable between tokenizers.
    double bitsPerByte() const;
    /// Bits a byte of this text.
    LossUnit unit() const;
};

/// Of every token of `tokens` but the first, which has no past. `window`: tokens read at once; 0: as many as the model was made for.
/// `bytes`: of the text behind the first token. `goOn` is asked every few milliseconds with the tokens judged so far; nothing is returned
/// once it says no. One thread. Throws InputError for a model that does not guess the next token of a text, and for fewer than two tokens.
std::optional<TextLoss> textLoss(const Model& model, const Weights& weights, const TokenIds& tokens, std::int64_t bytes, int window,
                                 TextWindows windows, const std::function<bool(std::int64_t)>& goOn = {});

}  // namespace lab
