#pragma once

#include <string>

#include "core/writing/text_loss.h"
#include "core/writing/text_writer.h"

namespace lab {

/// One line of JSON, without its end: place, token, text, surprise, entropies, candidates and what each rule cut.
std::string jsonOf(const WrittenToken& token, const Tokenizer& tokenizer);

/// One line of JSON, without its end.
std::string jsonOf(const TextLoss& loss);

}  // namespace lab
