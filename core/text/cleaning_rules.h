#pragma once

#include <string_view>

#include "core/text/text_edits.h"

// What each rule of cleaning does within a document, which is UTF-8.

namespace lab::cleaning {

void lineEnds(std::string_view text, TextRewriter& out);
void htmlEntities(std::string_view text, TextRewriter& out);
void toNfc(std::string_view text, TextRewriter& out);
void controls(std::string_view text, TextRewriter& out);
void spaces(std::string_view text, TextRewriter& out);
void spaceRuns(std::string_view text, TextRewriter& out);
void blankLines(std::string_view text, TextRewriter& out);
void quotes(std::string_view text, TextRewriter& out);
void lowerCase(std::string_view text, TextRewriter& out);

/// A control or invisible character, whatever stands beside it; tab and line ends are none.
bool isInvisible(char32_t code);
/// A space other than the ordinary one.
bool isSpecialSpace(char32_t code);

}  // namespace lab::cleaning
