#include <algorithm>

#include "core/tasks/places.h"

namespace lab {
namespace {

bool drawsPeriod(const TaskConfig& task) {
    return task.repeat.period == RepeatPeriod::random;
}

std::vector<int> halvesDraw(const DrawSymbols& symbols, const TaskConfig& task) {
    std::vector<int> x = symbols(task.seq_len / 2);
    const std::vector<int> block = x;
    x.insert(x.end(), block.begin(), block.end());
    return x;
}

/// Fresh tokens, then a block twice; the symbols behind the n tokens say how long the block is.
std::vector<int> randomDraw(const DrawSymbols& symbols, const TaskConfig& task) {
    const int n = task.seq_len, digits = digitsOfADraw(task.vocab_size);
    std::vector<int> x = symbols(n + digits);
    const int period =
        numberDrawn(std::span<const int>(x).subspan(static_cast<std::size_t>(n)), task.vocab_size, shortestBlock(n), longestBlock(n));
    x.resize(static_cast<std::size_t>(n));
    std::copy(x.end() - 2 * period, x.end() - period, x.end() - period);
    return x;
}

std::vector<int> repeatDraw(const DrawSymbols& symbols, const TaskConfig& task) {
    return drawsPeriod(task) ? randomDraw(symbols, task) : halvesDraw(symbols, task);
}

/// The last position has no next token.
std::vector<int> repeatAnswer(std::vector<int> x, const TaskConfig&) {
    if (x.empty()) return x;
    x.erase(x.begin());
    x.push_back(-1);
    return x;
}

/// How many tokens x says twice at its end: a property of x, whoever wrote it. Where several lengths fit, the longest, which may by chance
/// be longer than the block that was drawn; then the tokens at both places are the same. 0: none fits.
int periodOf(const std::vector<int>& x) {
    const auto n = static_cast<int>(x.size());
    for (int period = longestBlock(n); period >= std::max(1, shortestBlock(n)); --period)
        if (std::equal(x.end() - period, x.end(), x.end() - 2 * period)) return period;
    return 0;
}

/// Query i predicts token i + 1, which stood at key i + 1 - p: with halves from the last query of the first block on, which is known by its
/// place; with a drawn period from the first query of the second block on, since nothing tells before that it begins.
AnswerKeys repeatKeys(const std::vector<int>& x, const TaskConfig& task) {
    const auto n = static_cast<int>(x.size());
    AnswerKeys keys(x.size());
    const int period = drawsPeriod(task) ? periodOf(x) : n / 2;
    if (period == 0) return keys;
    for (int i = drawsPeriod(task) ? n - period : period - 1; i + 1 < n; ++i) keys[static_cast<std::size_t>(i)] = {i + 1 - period};
    return keys;
}

void repeatCheck(const TaskConfig& task, const Refuse& refuse) {
    if (!drawsPeriod(task)) return requireHalves(task, refuse);
    constexpr int least = 4;  // two lengths to draw from
    if (task.seq_len < least)
        refuse("seq_len", Message(LAB_TEXT("tasks", "%1 is too short; with a random period %2 has at least %3 tokens"))
                              .arg(task.seq_len)
                              .arg(task.kind.name())
                              .arg(least));
}

}  // namespace

extern constinit const TaskSpec repeatTask{
    .name = "repeat",
    .title = LAB_TEXT("tasks", "Repeat"),
    .help = LAB_TEXT("tasks", "the next token of a block of n / 2 tokens shown twice, or of a length drawn anew for each sequence"),
    .framing = Framing::nextToken,
    .answer = repeatAnswer,
    .draw = repeatDraw,
    .check = repeatCheck,
    .basis = AnswerBasis::places,
    .keys = repeatKeys,
    .inPlace = {.title = LAB_TEXT("tasks", "induction"),
                .brief = LAB_TEXT("tasks", "induction"),
                .place = LAB_TEXT("tasks", "the next token's place in the first block"),
                .keys = LAB_TEXT("tasks", "key i + 1 \u2212 p in the second block of p tokens")},
};

}  // namespace lab
