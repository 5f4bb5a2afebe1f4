#pragma once

#include <string>

#include "core/explain/walk.h"

namespace lab::explain {

/// What stands above a walk: whose numbers these are.
struct WalkTitle {
    std::string model;  ///< "Reverse · QKV, step 262"
    std::string place;  ///< "encoder.0.attention, head 0, query 3 "9""
    std::string input;  ///< "3 1 4 1 5 9"
};

/// The whole walk as Markdown, in the translator's language: every stage under its own heading, its formula, text, live expression, and
/// numbers to 5 significant digits.
std::string markdown(const Walk& walk, const WalkTitle& title, const Message::Translate& translate = englishText);

/// A formula without its marks: "o_5,2".
std::string plainText(const std::string& formula);

}  // namespace lab::explain
