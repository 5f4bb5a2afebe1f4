#include "core/memory/icons.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "core/base/errors.h"
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

std::optional<std::vector<Pattern>> builtInPatterns(const std::string& source) {
    constexpr std::string_view builtIn = "built-in:";
    if (!source.starts_with(builtIn)) return std::nullopt;
    const std::string name = source.substr(builtIn.size());
    if (name == "icons") return iconPatterns();
    if (name == "letters") return letterPatterns();
    if (const Pattern* pattern = findBuiltInPattern(name)) return std::vector{*pattern};
    std::vector<std::string> names{"icons", "letters"};
    for (const Pattern& icon : iconPatterns()) names.push_back(icon.name);
    throw InputError(
        source,
        Message(LAB_TEXT("memory", "no such pictures come with the program; it has %1, and each letter from A to Z")).arg(listed(names)));
}

}  // namespace lab
