#include "core/memory/icons.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "core/memory/pattern_files.h"

namespace lab {
namespace {

std::vector<Pattern> patternsOf(std::string_view name) {
    const auto& texts = patternTexts();
    const auto found = std::ranges::find(texts, name, &PatternText::name);
    assert(found != texts.end());
    return parsePatterns(found->text, std::string(name) + ".txt");
}

}  // namespace

const std::vector<Pattern>& iconPatterns() {
    static const std::vector<Pattern> patterns = patternsOf("icons");
    return patterns;
}

const std::vector<Pattern>& letterPatterns() {
    static const std::vector<Pattern> patterns = patternsOf("letters");
    return patterns;
}

const Pattern* findBuiltInPattern(std::string_view name) {
    for (const std::vector<Pattern>* list : {&iconPatterns(), &letterPatterns()})
        if (const auto found = std::ranges::find(*list, name, &Pattern::name); found != list->end()) return &*found;
    return nullptr;
}

}  // namespace lab
