#include "core/stream/patch_pair.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "core/base/errors.h"

namespace lab {
namespace {

int topOf(const float* row, int classes) {
    return static_cast<int>(std::max_element(row, row + classes) - row);
}

std::vector<float> answersOf(const StreamRuns& runs, const Input& input) {
    KeepingTap tap(input, [](const std::string&) { return false; });
    return runs.logits(input, tap);
}

}  // namespace

int answeringPositions(const Input& input) {
    return static_cast<int>(input.targetTokens.empty() ? input.tokens.size() : input.targetTokens.size());
}

PatchOutcome outcomeOf(const Patching& patching, const PatchQuestion& question, const std::vector<float>& logits) {
    const int classes = patching.classes();
    PatchOutcome outcome;
    outcome.measure = question.measure(logits, classes);
    outcome.top = topOf(logits.data() + std::ptrdiff_t{question.position} * classes, classes);
    outcome.probability = PatchQuestion{question.position, outcome.top}.measure(logits, classes);
    outcome.recovered = patching.recoveredOf(logits);
    return outcome;
}

int lastAsked(const Input& input) {
    for (std::size_t p = input.targets.size(); p-- > 0;)
        if (input.targets[p] >= 0) return static_cast<int>(p);
    return answeringPositions(input) - 1;
}

PatchQuestion pairQuestion(const std::vector<float>& clean, const std::vector<float>& corrupted, int classes, int position,
                           bool byProbability, const ChosenAnswers& chosen) {
    const float* before = clean.data() + std::ptrdiff_t{position} * classes;
    const float* after = corrupted.data() + std::ptrdiff_t{position} * classes;
    PatchQuestion question{position, chosen.answer >= 0 ? chosen.answer : topOf(before, classes), -1};
    if (byProbability) return question;
    question.other = chosen.other >= 0 ? chosen.other : topOf(after, classes);
    if (question.other != question.answer) return question;
    if (chosen.other >= 0)
        throw InputError(LAB_TEXT("stream", "An answer cannot be measured against itself: choose another answer or another rival."));
    for (int c = 0; c < classes; ++c) {
        if (c == question.answer) continue;
        const bool first = question.other == question.answer;
        if (first || after[c] - before[c] > after[question.other] - before[question.other]) question.other = c;
    }
    return question;
}

std::vector<int> likelyAnswers(const std::vector<float>& clean, const std::vector<float>& corrupted, int classes, int position, int most) {
    std::vector<int> likely;
    std::vector<int> order(static_cast<std::size_t>(classes));
    for (const std::vector<float>* logits : {&clean, &corrupted}) {
        const float* row = logits->data() + std::ptrdiff_t{position} * classes;
        std::iota(order.begin(), order.end(), 0);
        const auto end = order.begin() + std::min(most, classes);
        std::partial_sort(order.begin(), end, order.end(), [row](int a, int b) { return row[a] != row[b] ? row[a] > row[b] : a < b; });
        for (auto each = order.begin(); each != end; ++each)
            if (std::ranges::find(likely, *each) == likely.end()) likely.push_back(*each);
    }
    return likely;
}

Input suggestedCorruption(const StreamRuns& runs, const Input& clean, int position, const std::vector<int>& alternatives) {
    const std::vector<float> logits = answersOf(runs, clean);
    const int classes = static_cast<int>(logits.size()) / answeringPositions(clean);
    const PatchQuestion question{position, topOf(logits.data() + std::ptrdiff_t{position} * classes, classes)};
    struct Try {
        bool elsewhere;  ///< changes the answer from another position
        double left;
        Input input;
    };
    std::optional<Try> best;
    for (std::size_t p = 0; p < clean.tokens.size(); ++p) {
        if (p >= alternatives.size() || alternatives[p] < 0 || alternatives[p] == clean.tokens[p]) continue;
        Input changed = clean;
        changed.tokens[p] = alternatives[p];
        const std::vector<float> now = answersOf(runs, changed);
        const bool flips = topOf(now.data() + std::ptrdiff_t{position} * classes, classes) != question.answer;
        const bool own = clean.targetTokens.empty() && static_cast<int>(p) == position;
        Try tried{flips && !own, question.measure(now, classes), std::move(changed)};
        if (!best || tried.elsewhere > best->elsewhere || (tried.elsewhere == best->elsewhere && tried.left < best->left))
            best = std::move(tried);
    }
    if (!best)
        throw InputError(LAB_TEXT("stream", "No token of this input can be exchanged for another: type the corrupted input by hand."));
    return best->input;
}

}  // namespace lab
