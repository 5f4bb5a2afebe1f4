#include "core/sweep/row_filter.h"

#include <algorithm>
#include <cctype>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/config/visitor.h"

namespace lab {
namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

/// Words between blanks; what stands in quotes is one.
std::vector<std::string> wordsOf(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    bool quoted = false;
    for (const char c : text) {
        if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && std::isspace(static_cast<unsigned char>(c))) {
            if (!word.empty()) words.push_back(std::move(word));
            word.clear();
        } else {
            word += c;
        }
    }
    if (quoted) throw InputError(LAB_TEXT("sweep", "a quote is not closed"));
    if (!word.empty()) words.push_back(std::move(word));
    return words;
}

std::vector<std::string> wordsBetweenCommas(const std::string& text) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        if (end > begin) parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

/// "task.kind" and "task" for the same key, "form", "attention.form".
bool isCalled(const std::string& key, const std::string& shortName, const std::string& name) {
    return lower(key) == name || lower(shortName) == name || lower(key).ends_with("." + name);
}

ResultColumn columnCalled(const std::string& typed, const ResultsTable& table) {
    const std::string name = lower(typed);
    const std::vector<std::string> names = shortNames(table.keys);
    std::vector<std::size_t> found;
    for (std::size_t k = 0; k < table.keys.size(); ++k) {
        if (lower(table.keys[k]) == name || lower(names[k]) == name) return {k};
        if (isCalled(table.keys[k], names[k], name)) found.push_back(k);
    }
    for (std::size_t i = 0; i < resultColumns().size(); ++i)
        if (resultColumns()[i] == name) return {table.keys.size() + i};
    if (found.size() == 1) return {found.front()};
    if (found.size() > 1)
        throw InputError(
            typed, Message(LAB_TEXT("sweep", "may be %1 or %2; write it in full")).arg(table.keys[found[0]]).arg(table.keys[found[1]]));
    throw InputError(
        typed, Message(LAB_TEXT("sweep", "is no column; there are %1, and the results' numbers, as test_accuracy")).arg(listed(names)));
}

double boundOf(const std::string& term, std::string text) {
    const bool percent = text.ends_with('%');
    if (percent) text.pop_back();
    const std::optional<double> value = parseReal(text);
    if (!value) throw InputError(term, Message(LAB_TEXT("sweep", "'%1' is not a number")).arg(text));
    return percent ? *value / 100 : *value;
}

RowCondition conditionOf(const std::string& term, const ResultsTable& table) {
    using Test = RowCondition::Test;
    const std::size_t at = term.find_first_of("=!<>");
    if (at == std::string::npos || (term[at] == '!' && (at + 1 >= term.size() || term[at + 1] != '='))) {
        if (lower(term) == "diverged") return {Test::diverged, {}, {}, 0};
        return {Test::contains, {}, {lower(term)}, 0};
    }
    const bool orEqual = at + 1 < term.size() && term[at + 1] == '=';
    const std::size_t rest = at + (orEqual ? 2 : 1);
    if (at == 0 || rest >= term.size()) throw InputError(term, LAB_TEXT("sweep", "write it as name=value, without blanks"));
    RowCondition condition;
    condition.column = columnCalled(term.substr(0, at), table);
    const std::string value = term.substr(rest);
    if (term[at] == '<' || term[at] == '>') {
        condition.test = term[at] == '<' ? (orEqual ? Test::atMost : Test::below) : (orEqual ? Test::atLeast : Test::above);
        condition.bound = boundOf(term, value);
    } else {
        condition.test = term[at] == '!' ? Test::noneOf : Test::oneOf;
        condition.values = wordsBetweenCommas(value);
        if (condition.values.empty()) throw InputError(term, LAB_TEXT("sweep", "there is no value"));
    }
    return condition;
}

bool isSame(const std::string& cell, const std::string& wanted) {
    if (lower(cell) == lower(wanted)) return true;
    const std::optional<double> a = parseReal(cell), b = parseReal(wanted);
    return a && b && *a == *b;
}

bool holds(const RowCondition& condition, const ResultsTable& table, const ResultsRow& row) {
    using Test = RowCondition::Test;
    if (condition.test == Test::diverged) return row.result.diverged();
    if (condition.test == Test::contains)
        return std::ranges::any_of(
            row.cells, [&](const std::string& cell) { return lower(cell).find(condition.values.front()) != std::string::npos; });
    if (condition.test == Test::oneOf || condition.test == Test::noneOf) {
        const std::string cell = cellText(table, row, condition.column);
        const bool among = std::ranges::any_of(condition.values, [&](const std::string& value) { return isSame(cell, value); });
        return among == (condition.test == Test::oneOf);
    }
    const std::optional<double> number = cellNumber(table, row, condition.column);
    if (!number) return false;
    switch (condition.test) {
        case Test::below:
            return *number < condition.bound;
        case Test::atMost:
            return *number <= condition.bound;
        case Test::above:
            return *number > condition.bound;
        default:
            return *number >= condition.bound;
    }
}

}  // namespace

std::vector<std::string> shortNames(const std::vector<std::string>& keys) {
    std::vector<std::string> names;
    for (const std::string& key : keys) {
        const FieldInfo* field = fieldTable().find(key);
        const std::size_t dot = key.rfind('.');
        names.push_back(field ? field->label : dot == std::string::npos ? key : key.substr(dot + 1));
    }
    const std::vector<std::string> labels = names;
    for (std::size_t k = 0; k < keys.size(); ++k)
        if (std::ranges::count(labels, labels[k]) > 1 || labels[k].find(' ') != std::string::npos ||
            std::ranges::find(resultColumns(), labels[k]) != resultColumns().end())
            names[k] = keys[k];
    return names;
}

std::string shortDescription(const std::vector<std::string>& keys, const std::vector<std::string>& cells) {
    const std::vector<std::string> names = shortNames(keys);
    std::string text;
    for (std::size_t k = 0; k < cells.size(); ++k) {
        const bool speaks = !parseReal(cells[k]) && cells[k] != "true" && cells[k] != "false" && cells[k] != "null";
        text += (text.empty() ? "" : " ") + (speaks ? cells[k] : names[k] + " " + cells[k]);
    }
    return text;
}

std::size_t columnCount(const ResultsTable& table) {
    return table.keys.size() + resultColumns().size();
}

std::string columnName(const ResultsTable& table, ResultColumn column) {
    return column.index < table.keys.size() ? table.keys[column.index] : resultColumns()[column.index - table.keys.size()];
}

std::string cellText(const ResultsTable& table, const ResultsRow& row, ResultColumn column) {
    if (column.index < table.keys.size()) return row.cells[column.index];
    const std::optional<double> number = cellNumber(table, row, column);
    return number ? numberText(*number) : std::string();
}

std::optional<double> cellNumber(const ResultsTable& table, const ResultsRow& row, ResultColumn column) {
    if (column.index < table.keys.size()) return parseReal(row.cells[column.index]);
    return resultValue(row.result, columnName(table, column));
}

bool RowFilter::passes(const ResultsTable& table, const ResultsRow& row) const {
    return std::ranges::all_of(conditions, [&](const RowCondition& condition) { return holds(condition, table, row); });
}

RowFilter parseRowFilter(std::string_view text, const ResultsTable& table) {
    RowFilter filter;
    for (const std::string& word : wordsOf(text)) filter.conditions.push_back(conditionOf(word, table));
    return filter;
}

std::string tellingColumn(const ResultsTable& table) {
    for (const char* wanted : {"test_accuracy", "validation_accuracy", "train_loss"})
        if (std::ranges::any_of(table.rows, [&](const ResultsRow& row) { return resultValue(row.result, wanted).has_value(); }))
            return wanted;
    return "test_accuracy";
}

}  // namespace lab
