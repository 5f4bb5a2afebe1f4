#include "app/commands/inputs_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/commands/typed_input.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/config/json_check.h"

namespace lab {
namespace {

TypedSequence sequenceOf(const std::string& line) {
    requireJson(line);
    const nlohmann::json json = nlohmann::json::parse(line);
    TypedSequence typed;
    const auto take = [&](const char* key, std::optional<std::string>& into) {
        if (json.contains(key) && json[key].is_string()) into = json[key].get<std::string>();
        return into.has_value();
    };
    std::size_t taken = 0;
    if (json.is_object())
        taken = std::size_t{take("input", typed.input)} + std::size_t{take("target_input", typed.targetInput)} +
                std::size_t{take("target", typed.target)};
    if (!typed.input || taken != json.size())
        throw InputError(LAB_TEXT("commands", "expected an object with the texts input and, if wanted, target_input and target"));
    return typed;
}

Input inputOfLine(const std::string& line, bool json, const SavedRun& run) {
    TypedSequence typed;
    if (json)
        typed = sequenceOf(line);
    else
        typed.input = line;
    try {
        return typedInput(typed, run);
    } catch (const UsageError& error) {
        throw InputError(Message::verbatim(error.what()));
    }
}

}  // namespace

Option inputsOption() {
    return {"--inputs", "F",
            "many inputs: a text file with one a line, or a file .jsonl with {\"input\": \"...\", \"target_input\": \"...\", \"target\": "
            "\"...\"} a line",
            false, FileUse::read};
}

std::vector<Input> readInputs(const std::filesystem::path& file, const SavedRun& run) {
    const std::string text = readFile(file);
    const bool json = utf8Text(file.extension()) == ".jsonl";
    std::vector<Input> inputs;
    int number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string line = text.substr(begin, end - begin);
        begin = end + 1;
        ++number;
        if (line.ends_with('\r')) line.pop_back();
        if (trimmed(line).empty()) continue;
        try {
            inputs.push_back(inputOfLine(line, json, run));
        } catch (const InputError& error) {
            throw InputError(Message(LAB_TEXT("commands", "%1: line %2")).arg(utf8Text(file)).arg(number), error.message());
        }
    }
    if (inputs.empty()) throw InputError(utf8Text(file), LAB_TEXT("commands", "has no inputs"));
    return inputs;
}

}  // namespace lab
