#include "core/tasks/places.h"

namespace lab {
namespace {

constexpr int keepMark = 0, sayMark = 1, firstSymbol = 2;
constexpr int shortest = 4;  ///< keep, symbol, say, symbol

constexpr ParameterSpec parametersOfCarry[] = {
    {.key = "farthest",
     .help = LAB_TEXT("tasks",
                      "carry: how many tokens the question may stand behind what it asks for, at the most; the distance is drawn "
                      "from 1 on. 0: as many as the sequence has room for."),
     .limits = {0, mostRows},
     .standard = 0},
};

int farthestOf(const TaskConfig& task) {
    const int room = task.seq_len - shortest + 1, asked = static_cast<int>(task.parameters[parametersOfCarry[0]]);
    return asked == 0 ? room : std::min(asked, room);
}

/// Symbols that are no marks; somewhere 0 and the symbol to keep, and as far behind that as drawn 1 and the same symbol.
std::vector<int> carryDraw(const DrawSymbols& symbols, const TaskConfig& task) {
    constexpr int digitsOfASymbol = 4;
    const int n = task.seq_len, vocabulary = task.vocab_size, digits = digitsOfADraw(vocabulary);
    const std::vector<int> drawn = symbols(n * digitsOfASymbol + 2 * digits);
    const auto number = [&](int first, int count, int low, int high) {
        return numberDrawn(std::span(drawn).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)), vocabulary, low,
                           high);
    };
    std::vector<int> x;
    for (int i = 0; i < n; ++i)
        x.push_back(number(i * digitsOfASymbol, digitsOfASymbol, std::min(firstSymbol, vocabulary - 1), vocabulary - 1));
    if (n < shortest) return x;
    const int distance = number(n * digitsOfASymbol, digits, 1, farthestOf(task));
    const int question = number(n * digitsOfASymbol + digits, digits, distance + 1, n - 2);
    const auto at = [&x](int place) -> int& { return x[static_cast<std::size_t>(place)]; };
    at(question - distance - 1) = keepMark;
    at(question) = sayMark;
    at(question + 1) = at(question - distance);
    return x;
}

/// Where the symbol stands that each question asks for: behind the last 0 before it.
AnswerKeys carryKeys(const std::vector<int>& x, const TaskConfig&) {
    AnswerKeys keys(x.size());
    int kept = -1;
    for (int i = 0; i < std::ssize(x); ++i) {
        const int token = x[static_cast<std::size_t>(i)];
        if (token == keepMark && i + 1 < std::ssize(x)) kept = i + 1;
        if (token == sayMark && kept >= 0 && kept < i) keys[static_cast<std::size_t>(i)] = {kept};
    }
    return keys;
}

std::vector<int> carryAnswer(std::vector<int> x, const TaskConfig& task) {
    std::vector<int> y(x.size(), -1);
    const AnswerKeys keys = carryKeys(x, task);
    for (std::size_t i = 0; i < x.size(); ++i)
        if (!keys[i].empty()) y[i] = x[static_cast<std::size_t>(keys[i].front())];
    return y;
}

void carryCheck(const TaskConfig& task, const Refuse& refuse) {
    const auto least = [&](std::string_view key, int value, int needed) {
        if (value < needed)
            refuse(key, Message(LAB_TEXT("tasks", "%1 is too small; carry needs two marks and something to keep, so use at least %2"))
                            .arg(value)
                            .arg(needed));
    };
    least("seq_len", task.seq_len, shortest);
    least("vocab_size", task.vocab_size, firstSymbol + 2);
}

}  // namespace

/// What reach is measured with: the one question of a sequence can be answered from one place alone, whose distance is known.
extern constinit const TaskSpec carryTask{
    .name = "carry",
    .title = LAB_TEXT("tasks", "Carry"),
    .help = LAB_TEXT("tasks", "behind 1, the token that stood behind 0, a drawn distance before; nothing else is asked"),
    .parameters = parametersOfCarry,
    .framing = Framing::nextToken,
    .answer = carryAnswer,
    .draw = carryDraw,
    .check = carryCheck,
    .basis = AnswerBasis::places,
    .keys = carryKeys,
    .inPlace = {.title = LAB_TEXT("tasks", "kept token"),
                .brief = LAB_TEXT("tasks", "on the kept token"),
                .place = LAB_TEXT("tasks", "the token to keep"),
                .keys = LAB_TEXT("tasks", "the key behind the last 0 before it")},
};

}  // namespace lab
