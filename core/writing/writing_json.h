#pragma once

#include <string>

#include "core/data/counting.h"
#include "core/writing/text_loss.h"
#include "core/writing/text_writer.h"

namespace lab {

/// One line of JSON, without its end: place, token, text, surprise, entropies, candidates and what each rule cut.
std::string jsonOf(const WrittenToken& token, const Tokenizer& tokenizer);

/// One line of JSON, without its end; `counting` may be null.
std::string jsonOf(const TextLoss& loss, const CountingBaselines* counting = nullptr);

}  // namespace lab
