#include "core/data/own_data.h"

#include <algorithm>
#include <optional>

#include "core/base/errors.h"
#include "core/base/limits.h"
#include "core/base/number_text.h"
#include "core/base/random.h"
#include "core/data/tokenizers/integer_tokenizer.h"

namespace lab {
namespace {

constexpr std::size_t mostGuessed = 10'000;  ///< bytes of a cell that a guess looks at

/// What is shown of a token or a cell in a sentence.
std::string brief(std::string_view text) {
    constexpr std::size_t most = 40;
    if (text.size() <= most) return std::string(text);
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not within a character
    return std::string(text.substr(0, end)) + "\u2026";
}

/// Where nothing separates cells, the lines are one text.
std::vector<CsvRecord> textsOf(const OwnTable& table, const OwnUse& use) {
    if (!use.cutsTexts || table.format.cells.separator != 0 || table.rows.empty()) return table.rows;
    CsvRecord whole{table.rows.front().line, {{}}};
    int line = whole.line;
    for (const CsvRecord& row : table.rows) {
        whole.cells[0].append(static_cast<std::size_t>(row.line - line), '\n');
        whole.cells[0] += row.cells[0];
        line = row.line;
    }
    return {whole};
}

std::vector<std::string> tokensAt(const OwnLine& line, const CsvRecord& row, std::size_t column, OwnTokens rule) {
    if (column >= row.cells.size()) throw line.problem(Message(LAB_TEXT("data", "there is no %1")).arg(line.table.nameOf(column)));
    std::vector<std::string> tokens = ownTokens(row.cells[column], rule);
    if (tokens.empty() || trimmed(row.cells[column]).empty())
        throw line.problem(Message(LAB_TEXT("data", "%1 is empty")).arg(line.table.nameOf(column)));
    return tokens;
}

OwnLine lineOf(const OwnTable& table, const OwnPlan& plan, const CsvRecord& row) {
    OwnLine line{table, plan, row.line, {}, {}};
    line.input = tokensAt(line, row, plan.input, plan.tokens);
    if (plan.use->hasAnswer()) line.answer = tokensAt(line, row, plan.answer, plan.use->answersInTokens ? plan.tokens : OwnTokens::blanks);
    return line;
}

/// Integers are ids, so they may not be larger than any table; beside words they are words.
class IntegerWatch {
public:
    void look(const OwnLine& line, const std::vector<std::string>& tokens) {
        if (m_tooLarge) return;
        const auto found = std::ranges::find_if(tokens, [](const std::string& token) {
            return IntegerTokenizer::isInteger(token) && parseInteger(token).value_or(mostRows) > IntegerTokenizer::largestId;
        });
        if (found == tokens.end()) return;
        const SourceText problem = LAB_TEXT("data", "%1 is too large; where all tokens are integers they go up to %2");
        m_tooLarge.emplace(line.problem(Message(problem).arg(brief(*found)).arg(IntegerTokenizer::largestId)));
    }

    void require(const OwnPairs& pairs) const {
        if (m_tooLarge && std::ranges::all_of(pairs.symbols, IntegerTokenizer::isInteger)) throw InputError(*m_tooLarge);
    }

private:
    std::optional<InputError> m_tooLarge;
};

/// BOS, unless that is a word of the text.
std::string freeName(const OwnPairs& pairs, std::string name) {
    while (pairs.symbols.contains(name)) name += '_';
    return name;
}

void putEnds(OwnPairs& pairs) {
    for (const auto& [mark, usual] : {std::pair(ownBegin, "BOS"), std::pair(ownEnd, "EOS")}) {
        if (pairs.text.find(mark) == std::string::npos) continue;
        const std::string name = freeName(pairs, usual);
        std::string text;
        text.reserve(pairs.text.size() + 4 * static_cast<std::size_t>(pairs.lines));
        for (const char c : pairs.text) c == mark ? text += name : text += c;
        pairs.symbols.insert(name);
        pairs.text = std::move(text);
    }
}

/// The last tenth of the pairs validates: rows drawn from all over the table, which may be sorted by what is to be learned.
std::vector<CsvRecord> withDrawnLast(std::vector<CsvRecord> rows) {
    const RandomStream stream(42, "own_data.validation");
    std::vector<std::pair<double, std::size_t>> drawn;
    for (std::size_t i = 0; i < rows.size(); ++i) drawn.emplace_back(stream.uniform(i), i);
    std::ranges::sort(drawn);
    std::vector<bool> isLast(rows.size());
    for (std::size_t i = 0; i < rows.size() / 10; ++i) isLast[drawn[i].second] = true;
    std::vector<CsvRecord> ordered;
    for (const bool last : {false, true})
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (isLast[i] == last) ordered.push_back(std::move(rows[i]));
    return ordered;
}

}  // namespace

InputError OwnLine::problem(Message what) const {
    return InputError(table.file, located(Message(LAB_TEXT("data", "line %1")).arg(number), std::move(what)));
}

void OwnPairs::add(std::string line) {
    text += line;
    text += '\n';
    ++lines;
}

OwnPlan guessedPlan(const OwnTable& table) {
    OwnPlan plan;
    bool even = true, single = true, numbers = true;
    for (const CsvRecord& row : table.rows) {
        const auto begin = [](std::string_view cell) { return ownTokens(cell.substr(0, mostGuessed), OwnTokens::blanks); };
        const std::vector<std::string> input = begin(row.cells[0]);
        const std::size_t answer = row.cells.size() < 2 ? 0 : begin(row.cells[1]).size();
        even = even && input.size() == answer;
        single = single && answer == 1;
        numbers = numbers && std::ranges::all_of(input, [](const std::string& token) { return parseReal(token).has_value(); });
    }
    plan.use = table.columns < 2 ? "continue" : single ? "classify" : even ? "tag" : "translate";
    if (!numbers && plan.use.name() != "tag") plan.tokens = OwnTokens::words;
    return plan;
}

OwnPairs ownPairs(const OwnTable& table, const OwnPlan& plan) {
    if (!table.problem.empty()) throw InputError(table.problem);
    OwnPairs pairs;
    pairs.architecture = plan.use->architecture;
    std::vector<CsvRecord> rows = textsOf(table, *plan.use);
    if (!plan.use->cutsTexts) rows = withDrawnLast(std::move(rows));
    IntegerWatch integers;
    for (const CsvRecord& row : rows) {
        const OwnLine line = lineOf(table, plan, row);
        for (const auto* tokens : {&line.input, &line.answer}) integers.look(line, *tokens);
        pairs.symbols.insert(line.input.begin(), line.input.end());
        plan.use->make(line, pairs);
    }
    if (pairs.lines == 0) throw InputError(table.file, LAB_TEXT("data", "no text has more than one token, so nothing follows any"));
    putEnds(pairs);
    integers.require(pairs);
    return pairs;
}

}  // namespace lab
