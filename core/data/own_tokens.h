#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/message.h"

namespace lab {

/// What a token of a person's text is.
enum class OwnTokens {
    blanks,      ///< what stands between blanks
    words,       ///< words, and every other sign by itself
    characters,  ///< every character; a blank is ␣, the end of a line ⏎
};

/// Tokens as a pairs file has them: never empty, without blanks; a whole number below 0 is written with a minus sign, since -1 means there
/// that nothing is asked.
std::vector<std::string> ownTokens(std::string_view text, OwnTokens rule);

}  // namespace lab
