#include "core/explain/code.h"

#include <algorithm>
#include <sstream>

#include "core/explain/code_lines.h"
#include "core/explain/code_program.h"

namespace lab::explain {
namespace {

constexpr CodeLanguage languages[] = {
    {"numpy", "NumPy", "#", true},
    {"torch", "PyTorch", "#", true, true},
    {"cpp", "C++", "//", false},
};

/// What a program says when it compares itself.
std::string linesOf(const CodeLanguage& language, std::string_view key) {
    std::string lines;
    for (const CodeSection& section : codeSections(language))
        if (section.isOf(key))
            for (const std::string& line : section.lines) lines += line + "\n";
    return lines;
}

/// check("mix", "o[h, i]", o[h, i], [0.593, -0.19]); of a large matrix its first numbers.
std::string comparison(const std::string& stage, const CodeResult& result) {
    constexpr std::size_t most = 4096;
    const std::size_t count = std::min(most, result.values.size());
    std::string numbers;
    for (std::size_t i = 0; i < count; ++i) numbers += (i ? ", " : "") + codeNumber(result.values[i]);
    if (numbers.empty()) return {};
    const std::string part = count < result.values.size() ? ".reshape(-1)[:" + std::to_string(count) + "]" : "";
    return "check(\"" + stage + "\", \"" + result.expression + part + "\", " + result.expression + part + ", [" + numbers + "])\n";
}

std::string headOf(const WalkCode& code, const std::string& stage) {
    return "\n" + std::string(code.language->comment) + " --- " + stage + "\n";
}

}  // namespace

std::span<const CodeLanguage> codeLanguages() {
    return languages;
}

const CodeLanguage* findCodeLanguage(std::string_view id) {
    const auto found = std::ranges::find(languages, id, &CodeLanguage::id);
    return found == std::end(languages) ? nullptr : &*found;
}

std::string programLanguages(const std::string& between) {
    std::string all;
    for (const CodeLanguage& language : languages)
        if (language.runs) all += (all.empty() ? "" : between) + std::string(language.id);
    return all;
}

std::string codeKey(std::string_view stage) {
    std::string key(stage);
    std::erase_if(key, [](char c) { return c >= '0' && c <= '9'; });
    return key;
}

int resultLine(const StageCode& code, const Stage& stage) {
    const auto ofFormula = [&](const CodeResult& result) {
        return result.grid.substr(0, result.grid.find_first_of("[.")) == stage.result.grid;
    };
    const auto result = std::ranges::find_if(code.results, ofFormula);
    if (result == code.results.end()) return -1;
    const std::string made = result->expression.substr(0, result->expression.find('[')) + " = ";
    std::istringstream lines(code.text);
    int found = -1, number = 0;
    for (std::string line; std::getline(lines, line); ++number)
        if (line.starts_with(made)) found = number;
    return found;
}

const StageCode* WalkCode::find(std::string_view stage) const {
    const auto found = std::ranges::find(stages, stage, &StageCode::stage);
    return found == stages.end() ? nullptr : &*found;
}

std::string WalkCode::upTo(std::string_view stage) const {
    std::string all = before;
    for (const StageCode& one : stages) {
        all += headOf(*this, one.stage) + one.text;
        if (one.stage == stage) break;
    }
    return all;
}

std::string WalkCode::script() const {
    std::string all = before + "\n\n" + linesOf(*language, "checks") + "\n";
    for (const StageCode& one : stages) {
        all += headOf(*this, one.stage) + one.text;
        for (const CodeResult& result : one.results) all += comparison(one.stage, result);
    }
    return all + "\n\n" + linesOf(*language, "checks_end");
}

WalkCode walkCode(const CodeLanguage& language, const Walk& walk, const CodeSource& source) {
    return CodeProgram(language, walk, source).write();
}

}  // namespace lab::explain
