#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/trace.h"

namespace lab {

class Run;
class Tokenizer;

/// What tokens of running text say, without those that frame it.
std::string plainText(const Tokenizer& tokenizer, const std::vector<int>& tokens);

/// Whether both runs cut running text into tokens, each in its own way: the same numbers then stand for other words.
bool readOtherwise(const Run& a, const Run& b);

/// The text that an input of `from` stands for, as `to` reads it, framed as its tokenizer frames it. Nothing where `to` cannot.
std::optional<Input> translatedInput(const Input& input, const Run& from, const Run& to);

}  // namespace lab
