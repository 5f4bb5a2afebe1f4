#include "core/memory/concepts.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/as_size.h"
#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/base/utf8.h"

namespace lab {
namespace {

constexpr std::size_t longestWord = 24;

bool isSeparator(char c) {
    return c == ' ' || c == '\t' || c == ',' || c == '\r';
}

std::vector<std::string> wordsOf(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : text) {
        if (!isSeparator(c)) {
            word += c;
        } else if (!word.empty()) {
            words.push_back(std::move(word));
            word.clear();
        }
    }
    if (!word.empty()) words.push_back(std::move(word));
    return words;
}

Message placeOf(int line) {
    return Message(LAB_TEXT("memory", "line %1")).arg(line);
}

/// The leading "3 x" of an event, taken off.
int takeTimes(std::vector<std::string>& words, int line) {
    if (words.size() < 2 || (words[1] != "x" && words[1] != "×")) return 1;
    const auto times = parseInteger(words[0]);
    if (!times || *times < 1 || *times > mostEvents)
        throw InputError(placeOf(line),
                         Message(LAB_TEXT("memory", "“%1” before x is no number from 1 to %2")).arg(words[0]).arg(mostEvents));
    words.erase(words.begin(), words.begin() + 2);
    return static_cast<int>(*times);
}

int indexOf(std::vector<std::string>& names, const std::string& word, int line) {
    const auto known = std::ranges::find(names, word);
    if (known != names.end()) return static_cast<int>(known - names.begin());
    if (word.size() > longestWord)
        throw InputError(placeOf(line), Message(LAB_TEXT("memory", "a name has more than %1 bytes")).arg(static_cast<int>(longestWord)));
    if (names.size() == asSize(mostConcepts))
        throw InputError(placeOf(line), Message(LAB_TEXT("memory", "“%1” would be one concept more than %2")).arg(word).arg(mostConcepts));
    names.push_back(word);
    return static_cast<int>(names.size()) - 1;
}

void addEvents(ConceptStream& stream, std::string_view text, int line) {
    std::vector<std::string> words = wordsOf(text);
    if (words.empty()) return;
    const int times = takeTimes(words, line);
    if (words.empty()) throw InputError(placeOf(line), LAB_TEXT("memory", "nothing stands behind x"));
    std::set<int> active;
    for (const std::string& word : words)
        if (word != "-") active.insert(indexOf(stream.names, word, line));
    if (stream.events.size() + asSize(times) > asSize(mostEvents))
        throw InputError(placeOf(line), Message(LAB_TEXT("memory", "more than %1 events")).arg(mostEvents));
    stream.events.insert(stream.events.end(), asSize(times), {active.begin(), active.end()});
}

/// 1 for the largest; equal ones share the better rank.
template <class Value>
std::vector<int> ranksOf(const std::vector<PairRow>& rows, Value value) {
    std::vector<int> ranks;
    for (const PairRow& row : rows)
        ranks.push_back(1 + static_cast<int>(std::ranges::count_if(rows, [&](const PairRow& other) { return value(other) > value(row); })));
    return ranks;
}

std::string pairName(const ConceptStream& stream, const PairRow& row) {
    return stream.names[asSize(row.first)] + " → " + stream.names[asSize(row.second)];
}

}  // namespace

ConceptStream parseConcepts(std::string_view text) {
    if (!isUtf8(text)) throw InputError(LAB_TEXT("memory", "the text is not UTF-8"));
    ConceptStream stream;
    int line = 1;
    std::size_t from = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && text[i] != '\n' && text[i] != ';') continue;
        addEvents(stream, text.substr(from, i - from), line);
        from = i + 1;
        if (i < text.size() && text[i] == '\n') ++line;
    }
    return stream;
}

std::string conceptText(const ConceptStream& stream) {
    std::string text;
    for (std::size_t i = 0; i < stream.events.size();) {
        std::size_t end = i;
        while (end < stream.events.size() && stream.events[end] == stream.events[i]) ++end;
        const std::vector<int>& event = stream.events[i];
        // "a x" alone would read as a number of times.
        if (end - i > 1 || (event.size() > 1 && (stream.names[asSize(event[1])] == "x" || stream.names[asSize(event[1])] == "×")))
            text += std::to_string(end - i) + " x ";
        if (event.empty()) text += "-";
        for (std::size_t k = 0; k < event.size(); ++k) text += (k ? " " : "") + stream.names[asSize(event[k])];
        text += "\n";
        i = end;
    }
    return text;
}

ConceptStream firstEvents(ConceptStream stream, int count) {
    if (asSize(count) < stream.events.size()) stream.events.resize(asSize(count));
    return stream;
}

PairCounts countPair(const ConceptStream& stream, int first, int second) {
    PairCounts counts;
    for (const std::vector<int>& event : stream.events) {
        const bool a = std::ranges::find(event, first) != event.end(), b = std::ranges::find(event, second) != event.end();
        ++(a && b ? counts.both : a ? counts.firstOnly : b ? counts.secondOnly : counts.neither);
    }
    return counts;
}

double hebbWeight(const PairCounts& counts, NodeStates states) {
    if (states == NodeStates::zeroOne) return counts.both;
    return counts.both + counts.neither - counts.firstOnly - counts.secondOnly;
}

Evidence evidenceOf(const PairCounts& counts) {
    return {static_cast<double>(counts.both), static_cast<double>(counts.both + counts.firstOnly)};
}

std::vector<PairRow> pairRows(const ConceptStream& stream, NodeStates states, double k) {
    std::vector<PairRow> rows;
    const int n = static_cast<int>(stream.names.size());
    for (int a = 0; a < n; ++a)
        for (int b = 0; b < n; ++b) {
            if (a == b) continue;
            const PairCounts counts = countPair(stream, a, b);
            const Evidence evidence = evidenceOf(counts);
            if (evidence.total > 0) rows.push_back({a, b, counts, hebbWeight(counts, states), evidence, truthOf(evidence, k), 0, 0});
        }
    const std::vector<int> byWeight = ranksOf(rows, [](const PairRow& row) { return row.weight; });
    const std::vector<int> byEvidence = ranksOf(rows, [](const PairRow& row) { return row.truth.expectation(); });
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].weightRank = byWeight[i];
        rows[i].evidenceRank = byEvidence[i];
    }
    std::ranges::stable_sort(rows, {}, &PairRow::weightRank);
    return rows;
}

std::vector<OrderConflict> orderConflicts(const std::vector<PairRow>& rows) {
    std::vector<OrderConflict> conflicts;
    for (int i = 0; i < static_cast<int>(rows.size()); ++i)
        for (int j = 0; j < static_cast<int>(rows.size()); ++j)
            if (rows[asSize(i)].weightRank < rows[asSize(j)].weightRank && rows[asSize(i)].evidenceRank > rows[asSize(j)].evidenceRank)
                conflicts.push_back({i, j});
    const auto gap = [&rows](const OrderConflict& c) {
        return rows[asSize(c.surer)].truth.expectation() - rows[asSize(c.heavier)].truth.expectation();
    };
    std::ranges::stable_sort(conflicts, [&](const OrderConflict& a, const OrderConflict& b) { return gap(a) > gap(b); });
    return conflicts;
}

int orderAgreements(const std::vector<PairRow>& rows) {
    int alike = 0;
    for (const PairRow& one : rows)
        for (const PairRow& other : rows) alike += one.weightRank < other.weightRank && one.evidenceRank < other.evidenceRank;
    return alike;
}

PairHistory pairHistory(const ConceptStream& stream, int first, int second, NodeStates states, double k) {
    PairHistory history;
    ConceptStream one{{}, {{}}};
    PairCounts so;
    const auto note = [&] {
        const Truth truth = truthOf(evidenceOf(so), k);
        history.weight.push_back(hebbWeight(so, states));
        history.frequency.push_back(truth.frequency);
        history.confidence.push_back(truth.confidence);
    };
    note();
    for (const std::vector<int>& event : stream.events) {
        one.events.front() = event;
        const PairCounts now = countPair(one, first, second);
        so = {so.both + now.both, so.firstOnly + now.firstOnly, so.secondOnly + now.secondOnly, so.neither + now.neither};
        note();
    }
    return history;
}

RevisionCheck checkRevision(const ConceptStream& stream, int first, int second, int cut, double k) {
    RevisionCheck check;
    check.before = evidenceOf(countPair(firstEvents(stream, cut), first, second));
    check.together = evidenceOf(countPair(stream, first, second));
    ConceptStream rest = stream;
    rest.events.erase(rest.events.begin(), rest.events.begin() + std::min<std::ptrdiff_t>(cut, std::ssize(rest.events)));
    check.after = evidenceOf(countPair(rest, first, second));
    check.truthBefore = truthOf(check.before, k);
    check.truthAfter = truthOf(check.after, k);
    check.revised = revised(check.truthBefore, check.truthAfter);
    check.truthTogether = truthOf(check.together, k);
    if (check.together.total > 0)
        check.difference = std::max(std::abs(check.revised.frequency - check.truthTogether.frequency),
                                    std::abs(check.revised.confidence - check.truthTogether.confidence));
    return check;
}

Message conflictText(const ConceptStream& stream, const std::vector<PairRow>& rows, const OrderConflict& conflict) {
    const PairRow& heavier = rows[asSize(conflict.heavier)];
    const PairRow& surer = rows[asSize(conflict.surer)];
    const auto two = [](double value) { return numberText(std::round(value * 100) / 100); };
    return Message(LAB_TEXT("memory",
                            "Hebb puts %1 (weight %2) before %3 (weight %4); evidence puts %3 first: "
                            "f %5, c %6 against f %7, c %8."))
        .arg(pairName(stream, heavier))
        .arg(heavier.weight)
        .arg(pairName(stream, surer))
        .arg(surer.weight)
        .arg(two(surer.truth.frequency))
        .arg(two(surer.truth.confidence))
        .arg(two(heavier.truth.frequency))
        .arg(two(heavier.truth.confidence));
}

std::string conceptExample() {
    return "6 x bird flies\n4 x bird\n3 x bird flies sings\n3 x penguin swims\n2 x sings\n4 x flies\n2 x -\n";
}

}  // namespace lab
