#include "core/explain/code_lines.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <mutex>
#include <sstream>
#include <utility>

#include "core/explain/code_texts.h"
#include "core/explain/tables.h"

namespace lab::explain {
namespace {

constexpr std::size_t farthestComment = 60;  // column
constexpr std::size_t shownValues = 6;
const std::string bodyMark = "$body";  // lines that are written already

std::vector<std::string> linesOf(std::string_view text) {
    std::vector<std::string> lines;
    std::istringstream stream{std::string(text)};
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

bool isOfName(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// A region of our own sources stands as far in as its function does.
void moveOut(std::vector<std::string>& lines) {
    std::size_t least = std::string::npos;
    for (const std::string& line : lines) least = std::min(least, line.find_first_not_of(' '));
    for (std::string& line : lines) line = line.size() > least ? line.substr(least) : "";
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
}

CodeSection sectionOf(std::string_view file, const std::string& heads) {
    CodeSection section;
    section.file = file;
    std::istringstream each(heads);
    for (std::string head; std::getline(each, head, ';');) {
        std::istringstream words(head);
        std::string keys;
        words >> keys;
        CodeSection::Head& made = section.heads.emplace_back();
        std::istringstream names(keys);
        for (std::string key; std::getline(names, key, ',');) made.keys.push_back(key);
        for (std::string trait; words >> trait;) made.when += (made.when.empty() ? "" : " ") + trait;
    }
    return section;
}

bool has(const CodeSection::Head& head, std::string_view key) {
    return std::ranges::find(head.keys, key) != head.keys.end();
}

std::vector<CodeSection> sectionsOf(const CodeLanguage& language) {
    const std::string_view mark = language.runs ? "#:" : "// code:";
    std::vector<CodeSection> sections;
    for (const CodeText& text : codeTexts()) {
        if (text.language != language.id) continue;
        for (const std::string& line : linesOf(text.text))
            if (line.starts_with(mark))
                sections.push_back(sectionOf(text.file, line.substr(mark.size())));
            else if (!sections.empty())
                sections.back().lines.push_back(line);
    }
    for (CodeSection& section : sections) moveOut(section.lines);
    return sections;
}

}  // namespace

bool CodeSection::isOf(std::string_view key) const {
    return std::ranges::any_of(heads, [&](const Head& head) { return has(head, key); });
}

const std::vector<CodeSection>& codeSections(const CodeLanguage& language) {
    static std::mutex mutex;
    static std::map<std::string_view, std::vector<CodeSection>> all;
    const std::lock_guard lock(mutex);
    const auto [found, isNew] = all.try_emplace(language.id);
    if (isNew) found->second = sectionsOf(language);
    return found->second;
}

CodeWriter::CodeWriter(const CodeLanguage& language, ContextPtr context) : m_language(language), m_context(std::move(context)) {}

void CodeWriter::stage(StageCode& to, std::string_view key, const Variables& more) {
    write(to, more, [&](const CodeSection&, const CodeSection::Head& head) { return has(head, key); });
}

void CodeWriter::file(StageCode& to, std::string_view name, const Variables& more) {
    write(to, more, [&](const CodeSection& section, const CodeSection::Head&) { return section.file == name; });
}

void CodeWriter::write(StageCode& to, const Variables& more, const Chosen& chosen) {
    Variables variables = m_context->variables;
    for (const auto& [name, words] : more) variables[name] = words;
    std::string_view file;
    for (const CodeSection& section : codeSections(m_language)) {
        const bool holds = std::ranges::any_of(
            section.heads, [&](const CodeSection::Head& head) { return chosen(section, head) && m_context->is(head.when); });
        if (!holds) continue;
        if (!m_language.runs && std::exchange(file, section.file) != section.file)
            to.text += std::string(m_language.comment) + " " + std::string(section.file) + "\n";
        write(to, section, variables);
    }
}

void CodeWriter::write(StageCode& to, const CodeSection& section, const Variables& variables) {
    static const std::string result = "#= ";
    for (const std::string& raw : section.lines) {
        if (!m_language.runs) {
            to.text += raw + "\n";
            continue;
        }
        if (raw == bodyMark) {
            to.text += variables.at("body").english();
            continue;
        }
        const std::string line = filled(raw, variables).english();
        if (line.starts_with(result)) {
            const std::size_t space = line.find(' ', result.size());
            to.results.push_back({prefixed(line.substr(space + 1)), line.substr(result.size(), space - result.size()), {}});
            continue;
        }
        const std::string kept = prefixed(withoutMissing(line));
        if (!kept.empty() || line.empty()) to.text += shaped(kept) + "\n";
    }
}

void CodeWriter::readFrom(const std::string& prefix, const std::set<std::string>& names) {
    for (const std::string& name : names) m_prefixes[name] = prefix;
}

std::string CodeWriter::prefixed(const std::string& line) const {
    if (m_prefixes.empty()) return line;
    std::string made;
    const std::size_t comment = std::min(line.find('#'), line.size());
    for (std::size_t at = 0; at < comment;) {
        std::size_t end = at;
        while (end < comment && isOfName(line[end])) ++end;
        const std::string name = line.substr(at, end - at);
        const auto found = m_prefixes.find(name);
        const bool member = at > 0 && line[at - 1] == '.';
        if (!name.empty() && !member && found != m_prefixes.end()) made += found->second;
        made += end > at ? name : line.substr(at, 1);
        at = std::max(end, at + 1);
    }
    return made + line.substr(comment);
}

std::set<std::string> namesIn(const std::string& lines) {
    static const std::string function = "def ";
    std::set<std::string> names;
    for (const std::string& line : linesOf(lines)) {
        const std::size_t equals = line.find(" = ");
        if (line.starts_with(function)) names.insert(line.substr(function.size(), line.find('(') - function.size()));
        if (line.empty() || line.front() == ' ' || equals == std::string::npos) continue;
        std::istringstream each(line.substr(0, equals));
        for (std::string name; std::getline(each >> std::ws, name, ',');)
            if (std::ranges::all_of(name, isOfName)) names.insert(name);
    }
    return names;
}

std::string CodeWriter::withoutMissing(std::string line) {
    static const std::string parameter = " = P[\"", ofOptimizer = "optimizer.";
    if (const std::size_t at = line.find(parameter); at != std::string::npos) {
        const std::size_t first = at + parameter.size();
        const std::string name = line.substr(first, line.find('"', first) - first);
        if (!name.starts_with(ofOptimizer) && !m_context->parameter(name)) {
            m_missing.insert(line.substr(0, at));
            return {};
        }
    }
    for (const std::string& name : m_missing)
        for (const char* before : {" + ", ", "}) {
            const std::string added = before + name;
            for (std::size_t at = 0; (at = line.find(added, at)) != std::string::npos;) {
                const std::size_t end = at + added.size();
                const bool passed = *before == ',', whole = end == line.size() || !isOfName(line[end]);
                if (!whole || (passed && line.substr(end, 1) != ")"))
                    at = end;
                else
                    line.erase(at, added.size());
            }
        }
    return line;
}

int CodeWriter::extent(std::string_view letters) const {
    const Context& c = *m_context;
    const ModelConfig& config = c.config();
    const int latent = config.attention.latent_dim.value_or(0),
              turning = c.is("latent rope") ? config.position.rope.dims.value_or(c.headDim) : 0;
    const std::map<std::string_view, int> sizes = {
        {"1", 1},
        {"T", c.queries},
        {"S", c.keys},
        {"H", c.block.heads},
        {"G", c.block.kvHeads},
        {"D", c.headDim},
        {"D/2", c.headDim / 2},
        {"H*D", c.block.heads * c.headDim},
        {"G*D", c.block.kvHeads * c.headDim},
        {"C", c.d},
        {"F", *config.d_ff},
        {"M", config.attention.features},
        {"V", *config.vocab_size},
        {"X", config.position.buckets},
        {"U", config.input_dim.value_or(0)},
        {"Y", *config.num_classes},
        {"W", config.attention.pos_dim},
        {"A", c.numbers.at("logits").extent(0)},
        {"L", latent},
        {"R", turning},
        {"L+R", latent + turning},
        {"G*M", c.block.kvHeads * (c.headDim - turning)},
        {"M", c.headDim - turning},
    };
    return sizes.at(letters);
}

std::string CodeWriter::shaped(const std::string& line) const {
    const std::size_t at = line.find("#[");
    if (at == std::string::npos) return line;
    const std::size_t end = line.find(']', at);
    std::istringstream axes(line.substr(at + 2, end - at - 2));
    std::string letters, numbers;
    for (std::string axis; axes >> axis;) {
        letters += (letters.empty() ? "" : ", ") + axis;
        numbers += (numbers.empty() ? "" : ", ") + text(extent(axis));
    }
    const std::string shape = letters == numbers ? "[" + letters + "]" : "[" + letters + "] = [" + numbers + "]";
    return line.substr(0, at) + "# " + shape + line.substr(end + 1);
}

std::vector<double> resultValues(const Stage& stage, const std::string& what) {
    const std::size_t bracket = what.find('['), point = what.find(".master");
    const Grid* grid = stage.find(what.substr(0, std::min(bracket, point)));
    if (!grid) return {};
    int first = 0, last = grid->rows - 1;
    if (bracket != std::string::npos) {
        const int row = std::stoi(what.substr(bracket + 1));
        first = last = row < 0 ? grid->rows + row : row;
    }
    std::vector<double> values;
    for (int r = first; r <= last; ++r) {
        if (point != std::string::npos) values.push_back(grid->at(r, masterColumn));
        for (int c = 0; point == std::string::npos && c < grid->columns; ++c) values.push_back(grid->at(r, c));
    }
    return values;
}

std::string shownResult(const CodeResult& result) {
    std::string numbers;
    for (std::size_t i = 0; i < std::min(shownValues, result.values.size()); ++i) {
        std::array<char, 32> buffer{};
        std::snprintf(buffer.data(), buffer.size(), "%.3g", result.values[i]);
        numbers += (i ? ", " : "") + std::string(buffer.data());
    }
    if (result.values.size() > shownValues) numbers += ", ...";
    return result.expression + " = " + (result.values.size() == 1 ? numbers : "[" + numbers + "]");
}

std::string codeNumber(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    std::array<char, 64> buffer{};
    const auto single = static_cast<float>(value);
    const bool isSingle = static_cast<double>(single) == value;
    char* const end = buffer.data() + buffer.size();
    const auto written = isSingle ? std::to_chars(buffer.data(), end, single) : std::to_chars(buffer.data(), end, value);
    return {buffer.data(), written.ptr};
}

std::string codeList(const std::vector<int>& numbers) {
    std::string list;
    for (const int n : numbers) list += (list.empty() ? "" : ", ") + text(n);
    return "[" + list + "]";
}

std::string codeList(const std::vector<float>& numbers) {
    std::string list;
    for (const float n : numbers) list += (list.empty() ? "" : ", ") + codeNumber(static_cast<double>(n));
    return "[" + list + "]";
}

std::string aligned(const std::string& lines) {
    const auto split = [](const std::string& line) {
        const std::size_t comment = line.find("  # ");
        const std::size_t end = comment == std::string::npos ? line.size() : line.find_last_not_of(' ', comment) + 1;
        return std::pair(line.substr(0, end), comment == std::string::npos ? "" : line.substr(comment + 2));
    };
    std::size_t column = 0;
    for (const std::string& line : linesOf(lines))
        if (const auto [code, comment] = split(line); !comment.empty()) column = std::max(column, code.size() + 2);
    std::string all;
    for (const std::string& line : linesOf(lines)) {
        auto [code, comment] = split(line);
        if (!comment.empty()) code.resize(std::max(code.size() + 2, std::min(column, farthestComment)), ' ');
        all += code + comment + "\n";
    }
    return all;
}

std::string indented(const std::string& lines) {
    std::string all;
    for (const std::string& line : linesOf(lines)) all += (line.empty() ? "" : "    " + line) + "\n";
    return all;
}

}  // namespace lab::explain
