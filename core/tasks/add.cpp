#include <algorithm>

#include "core/tasks/places.h"

namespace lab {
namespace {

constexpr ParameterSpec parametersOfAdd[] = {
    {.key = "reversed",
     .help = LAB_TEXT("tasks",
                      "add: 0 answers with the most significant digit first; 1 with the least significant, so that in a decoder every "
                      "carry is known before it is needed."),
     .limits = {0, 1},
     .standard = 0},
};

bool leastFirst(const TaskConfig& task) {
    return task.parameters[parametersOfAdd[0]] != 0;
}

/// The sum of two numbers of k digits has k + 1.
int addAnswerLength(int n) {
    return n / 2 + 1;
}

std::vector<int> addAnswer(std::vector<int> x, const TaskConfig& task) {
    const std::size_t k = x.size() / 2;
    std::vector<int> sum;
    int carry = 0;
    for (std::size_t column = 0; column < k; ++column) {
        const int digits = x[k - 1 - column] + x[2 * k - 1 - column] + carry;
        sum.push_back(digits % task.vocab_size);
        carry = digits / task.vocab_size;
    }
    sum.push_back(carry);
    if (!leastFirst(task)) std::ranges::reverse(sum);
    return sum;
}

/// Both digits of the answer's column; the leading digit is the carry of the first column. What is carried into a column comes from those
/// to its right.
AnswerKeys addKeys(const std::vector<int>& x, const TaskConfig& task) {
    const auto k = static_cast<int>(x.size() / 2);
    AnswerKeys keys;
    for (int i = 0; i <= k && k > 0; ++i) {
        const int column = std::min(leastFirst(task) ? i : k - i, k - 1);  // from the right
        keys.push_back({k - 1 - column, 2 * k - 1 - column});
    }
    return keys;
}

}  // namespace

extern constinit const TaskSpec addTask{
    .name = "add",
    .title = LAB_TEXT("tasks", "Add"),
    .help = LAB_TEXT("tasks", "x is two numbers of n / 2 digits in base vocab_size, y the n / 2 + 1 digits of their sum"),
    .parameters = parametersOfAdd,
    .answer = addAnswer,
    .answerLength = addAnswerLength,
    .check = requireHalves,
    .basis = AnswerBasis::places,
    .keys = addKeys,
    .inPlace = {.title = LAB_TEXT("tasks", "column"),
                .brief = LAB_TEXT("tasks", "in its column"),
                .place = LAB_TEXT("tasks", "the two digits of its column"),
                .keys = LAB_TEXT("tasks", "the two digits of its column; the sum's first digit stands on the first column")},
};

}  // namespace lab
