#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace lab {

/// The command line is not one this program understands: exit status 2.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// More serve nobody, and each takes memory of its own.
constexpr int mostThreads = 256;

/// What becomes of the file that an option names.
enum class FileUse {
    none,  ///< it names no file
    read,
    written,
    replaced  ///< read, and may be written by the same command: --resume S --out S
};

/// One option of a command.
struct Option {
    std::string name;         ///< "--out"
    std::string placeholder;  ///< "FILE"; empty = a switch without a value
    std::string help;
    bool repeatable = false;
    FileUse use = FileUse::none;
};

/// What a person typed after the command's name, checked against the options it knows.
class Arguments {
public:
    /// Takes "--name value", "--name=value" and positional words in any order; after "--" all words are positional.
    /// Throws UsageError for unknown options, missing or superfluous values and options given twice.
    Arguments(const std::vector<Option>& options, const std::vector<std::string>& words);

    const std::vector<std::string>& positionals() const { return m_positionals; }
    bool has(const std::string& option) const { return m_values.contains(option); }
    std::optional<std::string> value(const std::string& option) const;
    std::optional<std::filesystem::path> path(const std::string& option) const;
    /// Every value of a repeatable option in the order given.
    std::vector<std::string> values(const std::string& option) const;
    /// The option's value as an integer of at least `least`, `fallback` without it.
    int integer(const std::string& option, int fallback, int least) const;
    /// The same for a number of threads or of runs at the same time, which has an upper bound as well.
    int threads(const std::string& option, int fallback) const;
    /// The same for a number with decimals.
    double real(const std::string& option, double fallback, double least) const;
    /// The value of an option the command cannot do without.
    std::string required(const std::string& option) const;

    /// Throws UsageError unless there are at most `most` positional words.
    void limitPositionals(std::size_t most) const;

    /// Throws UsageError when a file to be written is one to be read or is written twice, whatever their names: before anything is done.
    /// `alsoRead` are files that the input names in turn.
    void protectInputs(const std::vector<Option>& options, const std::vector<std::filesystem::path>& alsoRead = {}) const;

private:
    std::vector<std::string> m_positionals;
    std::map<std::string, std::vector<std::string>> m_values;
};

/// Throws InputError unless the folder of a file to be written is there: fails before hours of work rather than after them.
void checkFolderOf(const std::filesystem::path& file);

}  // namespace lab
