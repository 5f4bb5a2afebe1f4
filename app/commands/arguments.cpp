#include "app/commands/arguments.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"

namespace lab {
namespace {

const Option& optionNamed(const std::vector<Option>& options, const std::string& name) {
    const auto found = std::find_if(options.begin(), options.end(), [&](const Option& option) { return option.name == name; });
    if (found == options.end()) throw UsageError("unknown option " + name);
    return *found;
}

}  // namespace

Arguments::Arguments(const std::vector<Option>& options, const std::vector<std::string>& words) {
    bool onlyPositionals = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (onlyPositionals || !word.starts_with("-") || word == "-") {
            m_positionals.push_back(word);
            continue;
        }
        if (word == "--") {
            onlyPositionals = true;
            continue;
        }
        const std::size_t equals = word.find('=');
        const Option& option = optionNamed(options, word.substr(0, equals));
        if (has(option.name) && !option.repeatable) throw UsageError(option.name + " is given twice");
        std::string value;
        if (option.placeholder.empty()) {
            if (equals != std::string::npos) throw UsageError(option.name + " takes no value");
        } else if (equals != std::string::npos) {
            value = word.substr(equals + 1);
        } else {
            if (i + 1 == words.size()) throw UsageError(option.name + " needs a value: " + option.name + " " + option.placeholder);
            value = words[++i];
        }
        if (!option.placeholder.empty() && value.empty()) throw UsageError(option.name + " has an empty value");
        m_values[option.name].push_back(std::move(value));
    }
}

std::optional<std::string> Arguments::value(const std::string& option) const {
    const auto found = m_values.find(option);
    if (found == m_values.end()) return std::nullopt;
    return found->second.front();
}

std::optional<std::filesystem::path> Arguments::path(const std::string& option) const {
    if (const auto text = value(option)) return std::filesystem::path(*text);
    return std::nullopt;
}

std::vector<std::string> Arguments::values(const std::string& option) const {
    const auto found = m_values.find(option);
    return found == m_values.end() ? std::vector<std::string>{} : found->second;
}

int Arguments::integer(const std::string& option, int fallback, int least) const {
    const auto text = value(option);
    if (!text) return fallback;
    const std::optional<std::int64_t> number = parseInteger(*text);
    if (!number || *number < least || *number > std::numeric_limits<int>::max())
        throw UsageError(option + " needs a whole number of at least " + std::to_string(least) + ", not '" + *text + "'");
    return static_cast<int>(*number);
}

double Arguments::real(const std::string& option, double fallback, double least) const {
    const auto text = value(option);
    if (!text) return fallback;
    const std::optional<double> number = parseReal(*text);
    if (!number || *number < least) throw UsageError(option + " needs a number of at least " + numberText(least) + ", not '" + *text + "'");
    return *number;
}

std::string Arguments::required(const std::string& option) const {
    if (const auto text = value(option)) return *text;
    throw UsageError(option + " is missing");
}

void Arguments::limitPositionals(std::size_t most) const {
    if (m_positionals.size() > most) throw UsageError("unexpected argument '" + m_positionals[most] + "'");
}

void checkFolderOf(const std::filesystem::path& file) {
    const std::filesystem::path folder = file.parent_path();
    if (!folder.empty() && !std::filesystem::is_directory(folder))
        throw InputError(utf8Text(file), LAB_TEXT("files", "there is no such folder"));
}

}  // namespace lab
