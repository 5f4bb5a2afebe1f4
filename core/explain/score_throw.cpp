#include "core/explain/score_throw.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace lab::explain {
namespace {

/// Of an attention block, in the order in which they are made of one another.
constexpr std::array<std::array<std::string_view, 2>, 6> madeInOrder{{{"unnormalised_query", "unnormalised_key"},
                                                                      {"unrotated_query", "unrotated_key"},
                                                                      {"undivided_key", "undivided_key"},
                                                                      {"query", "key"},
                                                                      {"scores", "scores"},
                                                                      {"weights", "weights"}}};

int orderOf(std::string_view tensor) {
    for (std::size_t i = 0; i < madeInOrder.size(); ++i)
        if (std::ranges::find(madeInOrder[i], tensor) != madeInOrder[i].end()) return static_cast<int>(i);
    return -1;
}

/// Looks at the answers along a throw.
class Along {
public:
    Along(const Model& model, const Weights& weights, const ScoreThrow& scores) : m_model(model), m_weights(weights), m_throw(scores) {}

    int at(double value) const {
        const std::vector<double> row = numbersAt(value);
        return static_cast<int>(std::max_element(row.begin(), row.end()) - row.begin());
    }
    std::vector<double> numbersAt(double value) const {
        const Input input =
            withNumber(m_throw.input, m_throw.tensor, m_throw.values, m_throw.place, static_cast<float>(m_throw.stored(value)));
        TraceRequest request;
        request.intermediates = false;
        const Trace trace = m_model.trace(m_weights, input, request, m_memory);
        const Tensor& logits = trace.at("logits");
        const auto first = logits.values.begin() + std::int64_t{m_throw.position} * logits.shape[1];
        return {first, first + logits.shape[1]};
    }
    /// Appends where the answer changes between two values whose answers are known.
    void refine(double from, int answer, double to, int other, std::vector<ThrowStretch>& stretches) const {
        if (answer == other) return;
        const double middle = (from + to) / 2.0;
        if (to - from <= m_throw.reach * finest) {
            stretches.back().to = middle;
            stretches.push_back({middle, middle, other});
            return;
        }
        const int between = at(middle);
        refine(from, answer, middle, between, stretches);
        refine(middle, between, to, other, stretches);
    }

private:
    static constexpr double finest = 1.0 / 2048;

    const Model& m_model;
    const Weights& m_weights;
    const ScoreThrow& m_throw;
    mutable TraceMemory m_memory;
};

}  // namespace

bool reaches(const std::string& of, const std::string& other) {
    const auto split = [](const std::string& name) { return name.rfind('.') == std::string::npos ? 0 : name.rfind('.') + 1; };
    const std::size_t at = split(of);
    if (at != split(other) || of.compare(0, at, other, 0, at) != 0) return false;
    const int first = orderOf(std::string_view(of).substr(at)), second = orderOf(std::string_view(other).substr(at));
    return first >= 0 && second > first;
}

Input withNumber(Input input, const std::string& tensor, const std::vector<float>& values, std::size_t place, float value) {
    std::erase_if(input.interventions,
                  [&](const Intervention& i) { return i.kind == Intervention::Kind::replace && reaches(tensor, i.name); });
    const auto same = [&](const Intervention& i) { return i.kind == Intervention::Kind::replace && i.name == tensor; };
    auto found = std::ranges::find_if(input.interventions, same);
    if (found == input.interventions.end()) found = input.interventions.insert(found, {Intervention::Kind::replace, tensor, 0, values});
    found->values[place] = value;
    return input;
}

std::vector<ThrowStretch> answersAlong(const Model& model, const Weights& weights, const ScoreThrow& scores,
                                       const std::function<bool()>& cancelled) {
    constexpr int steps = 64;
    const Along along(model, weights, scores);
    const auto valueAt = [&](int step) { return scores.reach * (2.0 * step / steps - 1.0); };
    int answer = along.at(valueAt(0));
    std::vector<ThrowStretch> stretches{{valueAt(0), valueAt(0), answer}};
    for (int step = 1; step <= steps; ++step) {
        if (cancelled && cancelled()) return {};
        const int next = along.at(valueAt(step));
        along.refine(valueAt(step - 1), answer, valueAt(step), next, stretches);
        answer = next;
    }
    stretches.back().to = scores.reach;
    return stretches;
}

std::vector<ThrowAnswer> numbersAlong(const Model& model, const Weights& weights, const ScoreThrow& scores, int count,
                                      const std::function<bool()>& cancelled) {
    const Along along(model, weights, scores);
    std::vector<ThrowAnswer> answers;
    for (int step = 0; step < count; ++step) {
        if (cancelled && cancelled()) return {};
        const double value = scores.reach * (count > 1 ? 2.0 * step / (count - 1) - 1.0 : 0.0);
        answers.push_back({value, along.numbersAt(value)});
    }
    return answers;
}

}  // namespace lab::explain
