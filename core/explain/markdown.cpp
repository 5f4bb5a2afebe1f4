#include "core/explain/markdown.h"

#include <array>
#include <charconv>
#include <cmath>

namespace lab::explain {
namespace {

constexpr int significantDigits = 5;
/// Cells of matrices wider or higher than this are not all written: a handout is to be read.
constexpr int mostColumns = 256;
constexpr int mostRows = 256;

std::string cellText(double value, int digits = significantDigits) {
    if (std::isnan(value)) return "";
    if (std::isinf(value)) return value < 0.0 ? "\u2212\u221E" : "\u221E";
    std::array<char, 64> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(value), std::chars_format::general, digits).ptr;
    return (value < 0.0 ? "\u2212" : "") + std::string(buffer.data(), end);
}

/// As many as tell apart what a column's number was and what it becomes.
int digitsOfChange(const Grid& grid, int column) {
    const double before = grid.at(0, column), after = grid.at(grid.rows - 1, column);
    for (int digits = significantDigits; digits <= mostDigitsApart; ++digits)
        if (cellText(before, digits) != cellText(after, digits)) return digits;
    return significantDigits;
}

/// Bars would end a table's cell.
std::string escaped(std::string text) {
    for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.replace(at, 1, "\\|");
    return text;
}

/// Writes in one language.
class Markdown {
public:
    explicit Markdown(const Message::Translate& translate) : m_translate(translate) {}

    void append(const Walk& walk, const Stage& stage, int number);
    std::string plain(const Words& words) const { return plainText(words.in(m_translate)); }

    std::string out = {};

private:
    struct Heads {
        std::vector<std::string> labels = {}, tokens = {};
        Words what = {};
    };
    std::string cell(const Words& words) const { return escaped(plain(words)); }
    std::string headOf(const Grid& grid, const Heads& heads, int columns) const;
    void append(const Grid& grid, const Heads& heads);

    const Message::Translate& m_translate;
};

std::string Markdown::headOf(const Grid& grid, const Heads& heads, int columns) const {
    std::string line = "| " + cell(heads.what) + " |", rule = "|---|";
    const auto add = [&](const std::string& text) {
        line += " " + text + " |";
        rule += "---:|";
    };
    if (!grid.lead.empty()) add(cell(grid.leadLabel));
    for (int c = 0; c < columns; ++c) {
        const auto at = static_cast<std::size_t>(c);
        const bool token = at < heads.tokens.size() && !heads.tokens[at].empty();
        add((at < heads.labels.size() ? heads.labels[at] : "") + (token ? " \u201C" + escaped(heads.tokens[at]) + "\u201D" : ""));
    }
    if (!grid.master.empty()) add(cell(grid.masterLabel));
    return line + "\n" + rule + "\n";
}

void Markdown::append(const Grid& grid, const Heads& heads) {
    const int columns = std::min(grid.columns, mostColumns), rows = std::min(grid.rows, mostRows);
    if (!grid.title.empty()) out += "**" + plain(grid.title) + "**\n\n";
    out += headOf(grid, heads, columns);
    for (int r = 0; r < rows; ++r) {
        const auto at = static_cast<std::size_t>(r);
        out += "| " + cell(at < grid.rowLabels.size() ? grid.rowLabels[at] : Words()) + " |";
        if (!grid.lead.empty()) out += " " + cellText(grid.at(r, leadColumn)) + " |";
        const bool changes = grid.tellsChange && (r == 0 || r == grid.rows - 1);
        for (int c = 0; c < columns; ++c)
            out += " " + cellText(grid.at(r, c), changes ? digitsOfChange(grid, c) : significantDigits) + " |";
        if (!grid.master.empty()) out += " " + cellText(grid.at(r, masterColumn)) + " |";
        out += "\n";
    }
    if (columns < grid.columns || rows < grid.rows)
        out += "\n" +
               plain(Message(LAB_TEXT("explain", "Shown: %1 of %2 rows, %3 of %4 columns."))
                         .arg(rows)
                         .arg(grid.rows)
                         .arg(columns)
                         .arg(grid.columns)) +
               "\n";
    out += "\n";
}

void Markdown::append(const Walk& walk, const Stage& stage, int number) {
    constexpr std::size_t shownTerms = 6;
    out += "## " + std::to_string(number) + ". " + plain(stage.heading) + "\n\n";
    if (!stage.formula.empty()) out += "`" + plain(stage.formula) + "`\n\n";
    out += plain(stage.text) + "\n\n";
    for (const Words& note : stage.notes) out += "- " + plain(note) + "\n";
    if (!stage.notes.empty()) out += "\n";
    const ExpressionText live = expressionText(walk.explain(stage.result), shownTerms, significantDigits);
    out += "`" + plain(live.left) + " = " + live.result + "`\n\n";
    Heads heads;
    for (const Grid& grid : stage.grids) {
        if (!grid.columnLabels.empty()) heads = {grid.columnLabels, grid.columnTokens, grid.columnsAre};
        append(grid, heads);
    }
}

}  // namespace

std::string plainText(const std::string& formula) {
    std::string text;
    bool inside = false;
    for (std::size_t i = 0; i < formula.size(); ++i) {
        const char c = formula[i];
        if ((c == '_' || c == '^') && i + 1 < formula.size() && formula[i + 1] == '{') {
            text += c;
            inside = true;
            ++i;
        } else if (c == '}' && inside) {
            inside = false;
        } else {
            text += c;
        }
    }
    return text;
}

std::string markdown(const Walk& walk, const WalkTitle& title, const Message::Translate& translate) {
    Markdown page(translate);
    const auto input = Message(LAB_TEXT("explain", "Input: %1")).arg(title.input);
    page.out = "# " + title.model + "\n\n" + title.place + "\n\n" + input.in(translate) + "\n\n";
    int number = 0;
    bool backward = false;
    for (const Stage& stage : walk.stages) {
        if (stage.backward && !backward)
            page.out += "---\n\n" +
                        page.plain(LAB_TEXT("explain", "From here on backward: how the loss would have every number changed.")) + "\n\n";
        backward = stage.backward;
        page.append(walk, stage, ++number);
    }
    if (!walk.hasBackward) page.out += page.plain(walk.whyNoBackward) + "\n";
    return page.out;
}

}  // namespace lab::explain
