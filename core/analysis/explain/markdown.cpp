#include "core/analysis/explain/markdown.h"

#include <array>
#include <charconv>
#include <cmath>

namespace lab::explain {
namespace {

constexpr int significantDigits = 5;
/// Cells of matrices wider or higher than this are not all written: a handout is to be read.
constexpr int mostColumns = 256;
constexpr int mostRows = 256;

std::string cellText(double value) {
    if (std::isnan(value)) return "";
    if (std::isinf(value)) return value < 0.0 ? "\u2212\u221E" : "\u221E";
    std::array<char, 64> buffer{};
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(value), std::chars_format::general, significantDigits).ptr;
    return (value < 0.0 ? "\u2212" : "") + std::string(buffer.data(), end);
}

/// Bars would end a table's cell.
std::string escaped(std::string text) {
    for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.replace(at, 1, "\\|");
    return text;
}

std::string headOf(const Grid& grid, const std::vector<std::string>& labels, const std::vector<std::string>& tokens,
                   const std::string& what, int columns) {
    std::string line = "| " + escaped(plainText(what)) + " |", rule = "|---|";
    if (!grid.lead.empty()) {
        line += " " + escaped(plainText(grid.leadLabel)) + " |";
        rule += "---:|";
    }
    for (int c = 0; c < columns; ++c) {
        const auto at = static_cast<std::size_t>(c);
        line += " " + (at < labels.size() ? labels[at] : "") +
                (at < tokens.size() && !tokens[at].empty() ? " \u201C" + escaped(tokens[at]) + "\u201D" : "") + " |";
        rule += "---:|";
    }
    if (!grid.master.empty()) {
        line += " " + escaped(plainText(grid.masterLabel)) + " |";
        rule += "---:|";
    }
    return line + "\n" + rule + "\n";
}

struct Heads {
    std::vector<std::string> labels, tokens;
    std::string what;
};

void append(std::string& out, const Grid& grid, const Heads& heads) {
    const int columns = std::min(grid.columns, mostColumns), rows = std::min(grid.rows, mostRows);
    if (!grid.title.empty()) out += "**" + plainText(grid.title) + "**\n\n";
    out += headOf(grid, heads.labels, heads.tokens, heads.what, columns);
    for (int r = 0; r < rows; ++r) {
        out += "| " +
               escaped(plainText(static_cast<std::size_t>(r) < grid.rowLabels.size() ? grid.rowLabels[static_cast<std::size_t>(r)] : "")) +
               " |";
        if (!grid.lead.empty()) out += " " + cellText(grid.at(r, leadColumn)) + " |";
        for (int c = 0; c < columns; ++c) out += " " + cellText(grid.at(r, c)) + " |";
        if (!grid.master.empty()) out += " " + cellText(grid.at(r, masterColumn)) + " |";
        out += "\n";
    }
    if (columns < grid.columns || rows < grid.rows)
        out += "\nShown: " + std::to_string(rows) + " of " + std::to_string(grid.rows) + " rows, " + std::to_string(columns) + " of " +
               std::to_string(grid.columns) + " columns.\n";
    out += "\n";
}

void append(std::string& out, const Walk& walk, const Stage& stage, int number) {
    constexpr std::size_t shownTerms = 6;
    out += "## " + std::to_string(number) + ". " + plainText(stage.heading) + "\n\n";
    if (!stage.formula.empty()) out += "`" + plainText(stage.formula) + "`\n\n";
    out += plainText(stage.text) + "\n\n";
    for (const std::string& note : stage.notes) out += "- " + plainText(note) + "\n";
    if (!stage.notes.empty()) out += "\n";
    const ExpressionText live = expressionText(walk.explain(stage.result), shownTerms, significantDigits);
    out += "`" + plainText(live.left + " = " + live.result) + "`\n\n";
    Heads heads;
    for (const Grid& grid : stage.grids) {
        if (!grid.columnLabels.empty()) heads = {grid.columnLabels, grid.columnTokens, grid.columnsAre};
        append(out, grid, heads);
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

std::string markdown(const Walk& walk, const WalkTitle& title) {
    std::string out = "# " + title.model + "\n\n" + title.place + "\n\nInput: " + title.input + "\n\n";
    int number = 0;
    bool backward = false;
    for (const Stage& stage : walk.stages) {
        if (stage.backward && !backward) out += "---\n\nFrom here on backward: how the loss would have every number changed.\n\n";
        backward = stage.backward;
        append(out, walk, stage, ++number);
    }
    if (!walk.hasBackward) out += walk.whyNoBackward + "\n";
    return out;
}

}  // namespace lab::explain
