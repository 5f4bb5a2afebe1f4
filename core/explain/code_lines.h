#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/explain/code.h"
#include "core/explain/context.h"

// Lines of code as data: texts of sections, each for stages and for forms with its traits. Not for others than the explainer's own files.

namespace lab::explain {

/// "#: KEY,KEY TRAITS; KEY TRAITS" and what stands below it until the next. In a section's lines
///   $name              is what the context calls so, "$body" alone in its line other lines
///   #[H T S] words     is a comment with the shape, in letters and in numbers
///   #= GRID EXPRESSION is a result of the stage: the numbers of a grid, "GRID[ROW]" of a row (-1: the last), "GRID.master" of the rows'
///                      results, "GRID[ROW].master" of one
/// A line "b_Q = P[...]" of a parameter that the model has not is left out, and with it what adds or passes it (" + b_Q", ", b_Q").
struct CodeSection {
    /// For which stages, and for which forms.
    struct Head {
        std::vector<std::string> keys;
        std::string when;
    };
    std::string_view file;
    std::vector<Head> heads;
    std::vector<std::string> lines;

    bool isOf(std::string_view key) const;
};
/// Those of a language, in the order of their files and lines.
const std::vector<CodeSection>& codeSections(const CodeLanguage& language);

/// Writes the lines of one block of the model.
class CodeWriter {
public:
    CodeWriter(const CodeLanguage& language, ContextPtr context);

    /// All sections of a stage.
    void stage(StageCode& to, std::string_view key, const Variables& more = {});
    /// All sections of a file, whatever their stages.
    void file(StageCode& to, std::string_view name, const Variables& more = {});
    /// What the lines read of these names stands in `prefix`: "f_1." of a layer that a function computed.
    void readFrom(const std::string& prefix, const std::set<std::string>& names);
    const Context& context() const { return *m_context; }

private:
    using Chosen = std::function<bool(const CodeSection& section, const CodeSection::Head& head)>;
    void write(StageCode& to, const Variables& more, const Chosen& chosen);
    void write(StageCode& to, const CodeSection& section, const Variables& variables);
    std::string withoutMissing(std::string line);
    std::string shaped(const std::string& line) const;
    std::string prefixed(const std::string& line) const;
    int extent(std::string_view letters) const;

    const CodeLanguage& m_language;
    ContextPtr m_context;
    std::set<std::string> m_missing;                ///< names of parameters that the model has not
    std::map<std::string, std::string> m_prefixes;  ///< by the names that have one
};

/// What lines of code give names to, functions included; inner lines of these are not looked at.
std::set<std::string> namesIn(const std::string& lines);

/// The numbers that a result names in a walk's stage: "q.master", "shifted[0]".
std::vector<double> resultValues(const Stage& stage, const std::string& what);

/// "q[h, i] = [0.593, -0.19, ...]"
std::string shownResult(const CodeResult& result);

/// The shortest that reads back as the same single; Python's words for what is no number.
std::string codeNumber(double value);
std::string codeList(const std::vector<int>& numbers);
std::string codeList(const std::vector<float>& numbers);
/// With the comments behind the lines below one another.
std::string aligned(const std::string& lines);
/// Each line further in.
std::string indented(const std::string& lines);

}  // namespace lab::explain
