#include "core/lessons/revealed.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/errors.h"
#include "core/base/number_text.h"

namespace lab {
namespace {

std::vector<std::string> theOneThatHolds(const Prediction& prediction, const Facts& facts) {
    std::vector<std::string> holding;
    for (const Prediction::Answer& answer : prediction.answers)
        if (calculated(answer.expression, facts) != 0) holding.push_back(answer.id);
    if (holding.size() == 1) return holding;
    if (holding.empty()) throw InputError(LAB_TEXT("learn", "none of the answers holds"));
    throw InputError(Message(LAB_TEXT("learn", "%1 hold at the same time")).arg(together(holding)));
}

std::vector<std::string> byValue(const Prediction& prediction, const Facts& facts) {
    std::vector<std::pair<double, std::string>> values;
    for (const Prediction::Answer& answer : prediction.answers) values.emplace_back(-calculated(answer.expression, facts), answer.id);
    std::ranges::stable_sort(values, {}, [](const auto& each) { return each.first; });
    std::vector<std::string> ids;
    for (const auto& [value, id] : values) ids.push_back(id);
    return ids;
}

Revealed calculatedFrom(const Prediction& prediction, const Facts& facts) {
    switch (prediction.kind) {
        case Prediction::Kind::choice:
            return {theOneThatHolds(prediction, facts), {}};
        case Prediction::Kind::order:
            return {byValue(prediction, facts), {}};
        case Prediction::Kind::number:
            return {{}, {calculated(prediction.value, facts)}};
        case Prediction::Kind::cell:
            return {{}, {calculated(prediction.row, facts), calculated(prediction.column, facts)}};
        case Prediction::Kind::bars:
        case Prediction::Kind::curve:
            break;
    }
    return {{}, calculatedList(prediction.value, facts)};
}

}  // namespace

std::string Revealed::text() const {
    std::string all;
    for (const std::string& answer : answers) all += (all.empty() ? "" : ", ") + answer;
    for (const double number : numbers) all += (all.empty() ? "" : ", ") + numberText(static_cast<float>(number));
    return all;
}

std::optional<Revealed> revealedFrom(const Prediction& prediction, const std::string& text) {
    Revealed read;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(", ", begin), text.size());
        const std::string part = text.substr(begin, end - begin);
        begin = end + 2;
        if (prediction.answers.empty()) {
            const auto number = parseReal(part);
            if (!number) return std::nullopt;
            read.numbers.push_back(*number);
        } else {
            if (std::ranges::find(prediction.answers, part, &Prediction::Answer::id) == prediction.answers.end()) return std::nullopt;
            read.answers.push_back(part);
        }
    }
    return read.answers.empty() && read.numbers.empty() ? std::nullopt : std::optional(read);
}

Revealed revealed(const Prediction& prediction, const Facts& facts) {
    Revealed right = calculatedFrom(prediction, facts);
    if (!std::ranges::all_of(right.numbers, [](double number) { return std::isfinite(number); }))
        throw InputError(prediction.value, LAB_TEXT("learn", "gives no number"));
    return right;
}

double gapOf(const Prediction& prediction, const Revealed& said, const Revealed& right) {
    using Kind = Prediction::Kind;
    if (prediction.kind == Kind::choice || prediction.kind == Kind::order || prediction.kind == Kind::cell) return said == right ? 0 : 1;
    if (said.numbers.size() != right.numbers.size() || right.numbers.empty()) return std::numeric_limits<double>::infinity();
    double sum = 0;
    for (std::size_t i = 0; i < right.numbers.size(); ++i) sum += std::abs(said.numbers[i] - right.numbers[i]);
    return sum / static_cast<double>(right.numbers.size());
}

bool isRight(const Prediction& prediction, const Revealed& said, const Revealed& right) {
    if (prediction.kind != Prediction::Kind::bars) return gapOf(prediction, said, right) <= prediction.tolerance;
    if (said.numbers.size() != right.numbers.size()) return false;
    for (std::size_t i = 0; i < right.numbers.size(); ++i)
        if (std::abs(said.numbers[i] - right.numbers[i]) > prediction.tolerance) return false;
    return true;
}

}  // namespace lab
