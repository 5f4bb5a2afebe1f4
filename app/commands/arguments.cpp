#include "app/commands/arguments.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/base/platform.h"

namespace lab {
namespace {

/// Bytes that a file's name may have where it is written beside itself first.
constexpr std::size_t longestName = 220;

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
        const std::string named = word.substr(0, equals);
        const Option& option = optionNamed(options, named);
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

int Arguments::threads(const std::string& option, int fallback) const {
    const int number = integer(option, fallback, 1);
    if (has(option) && number > mostThreads)
        throw UsageError(option + " takes numbers from 1 to " + std::to_string(mostThreads) + ", not " + std::to_string(number) +
                         "; this computer has " + std::to_string(processorCount()) + " processors");
    return number;
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

namespace {

bool sameFile(const std::filesystem::path& a, const std::filesystem::path& b) {
    std::error_code error;
    if (std::filesystem::equivalent(a, b, error) && !error) return std::filesystem::is_regular_file(a, error);
    const auto whole = [](const std::filesystem::path& path) {
        std::error_code ignored;
        return std::filesystem::weakly_canonical(std::filesystem::absolute(path, ignored), ignored);
    };
    return !std::filesystem::exists(a, error) && !whole(a).empty() && whole(a) == whole(b);
}

}  // namespace

void Arguments::protectInputs(const std::vector<Option>& options, const std::vector<std::filesystem::path>& alsoRead) const {
    std::vector<std::pair<std::string, std::filesystem::path>> read, written;
    for (const Option& option : options) {
        for (const std::string& name : values(option.name)) {
            if (option.use == FileUse::read) read.emplace_back(option.name, name);
            if (option.use == FileUse::written) written.emplace_back(option.name, name);
        }
    }
    for (const std::string& positional : m_positionals)
        if (std::filesystem::exists(positional)) read.emplace_back("an input", positional);
    for (const std::filesystem::path& path : alsoRead) read.emplace_back("an input", path);
    for (std::size_t i = 0; i < written.size(); ++i) {
        const auto& [option, path] = written[i];
        for (const auto& [other, input] : read)
            if (sameFile(path, input))
                throw UsageError(option + " would write over " + utf8Text(input) + ", which is read; name another file");
        for (std::size_t j = 0; j < i; ++j)
            if (sameFile(path, written[j].second))
                throw UsageError(option + " and " + written[j].first + " name the same file, " + utf8Text(path));
    }
}

void checkFolderOf(const std::filesystem::path& file) {
    const std::filesystem::path folder = file.parent_path();
    const auto refuse = [&file](const SourceText& why) { throw InputError(utf8Text(file), why); };
    if (!folder.empty() && !std::filesystem::is_directory(folder)) refuse(LAB_TEXT("files", "there is no such folder"));
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(file, error);
    if (error == std::errc::filename_too_long || file.filename().native().size() > longestName)
        refuse(LAB_TEXT("files", "the name is too long"));
    if (error == std::errc::too_many_symbolic_link_levels) refuse(LAB_TEXT("files", "it is a link that leads back to itself"));
    if (std::filesystem::is_directory(status)) refuse(LAB_TEXT("files", "cannot be written: it is a folder"));
    if (!std::filesystem::exists(status) && std::filesystem::is_symlink(std::filesystem::symlink_status(file, error)))
        refuse(LAB_TEXT("files", "it is a link to a file that does not exist"));
}

}  // namespace lab
