#include "core/analysis/answer_sources.h"

#include <algorithm>
#include <cassert>

#include "core/analysis/weight_shares.h"
#include "core/config/task_frame.h"
#include "core/tasks/task_config.h"

namespace lab {
namespace {

/// Fills in the values of the task's parameters, as many as the words name.
Message filled(const SourceText& words, const TaskConfig& task) {
    Message message(words);
    const std::string_view text = words.text;
    for (std::size_t p = 0; p < task.kind->parameters.size(); ++p) {
        if (text.find("%" + std::to_string(p + 1)) == text.npos) break;
        message.arg(task.parameters[task.kind->parameters[p]]);
    }
    return message;
}

/// Which query gives answer i, where that is not query i.
Message withQuery(Message keys, const TaskFrame& frame, const TaskSpec& task) {
    if (frame.reading == Reading::joined) return Message(LAB_TEXT("sources", "%1 (query n + i gives answer i)")).arg(std::move(keys));
    if (frame.reading == Reading::inPlace && task.answerLength)
        return Message(LAB_TEXT("sources", "%1 (the last queries give the answers)")).arg(std::move(keys));
    return keys;
}

/// Whether the task has sequences of this length.
bool suits(TaskConfig task, int n) {
    task.seq_len = n;
    bool refused = n == 0;
    if (!refused && task.kind->check) task.kind->check(task, [&](std::string_view key, const Message&) { refused |= key == "seq_len"; });
    return !refused;
}

}  // namespace

std::optional<SourcePattern> sourcePattern(const TaskConfig& task, Architecture architecture) {
    const TaskSpec& row = *task.kind;
    if (!row.keys) return std::nullopt;
    const TaskFrame frame = frameOf(task, architecture);
    const bool apart = frame.reading == Reading::joined || frame.reading == Reading::twoSided;
    const auto said = [&](SourceText SourceWords::*words) {
        return filled(apart && !(row.inX.*words).empty() ? row.inX.*words : row.inPlace.*words, task);
    };
    return SourcePattern{said(&SourceWords::title), said(&SourceWords::brief), said(&SourceWords::place),
                         withQuery(said(&SourceWords::keys), frame, row)};
}

std::optional<Sources> answerSources(const TaskConfig& task, Architecture architecture, const AttentionBlock& block, const Trace& trace) {
    const auto pattern = sourcePattern(task, architecture);
    if (!pattern || block.slotCount > 0) return std::nullopt;  // no slot is a token that an answer comes from
    const TaskFrame frame = frameOf(task, architecture);
    std::vector<int> x = trace.tokens;
    std::size_t queries = x.size();
    if (frame.reading == Reading::joined) {
        const auto separator = std::ranges::find(x, *frame.separator);
        if (separator == x.end()) return std::nullopt;
        x.erase(separator, x.end());
    }
    if (frame.reading == Reading::twoSided) {
        if (!block.cross) return std::nullopt;
        queries = trace.targetTokens.size();
    }
    if (!suits(task, static_cast<int>(x.size()))) return std::nullopt;
    AnswerKeys answers = task.kind->keys(x, task);
    // The query that gives the first answer.
    const std::size_t first = frame.reading == Reading::joined    ? x.size()
                              : frame.reading == Reading::inPlace ? queries - answers.size()
                                                                  : 0;
    Sources sources{*pattern, AnswerKeys(queries)};
    for (std::size_t i = 0; i < answers.size() && first + i < queries; ++i) sources.keys[first + i] = std::move(answers[i]);
    return sources;
}

std::optional<double> sourceMass(const Trace& trace, const AttentionBlock& block, int head, const Sources& sources) {
    const Tensor& weights = trace.at(block.name + ".weights");
    const std::int64_t queries = weights.extent(1);
    assert(static_cast<std::int64_t>(sources.keys.size()) == queries);
    const std::vector<float> shares = weightShares(block, weights, head);
    double mass = 0.0;
    int answers = 0;
    for (std::int64_t i = 0; i < queries; ++i) {
        const std::vector<int>& keys = sources.keys[static_cast<std::size_t>(i)];
        if (keys.empty()) continue;
        ++answers;
        const float* row = shares.data() + i * weights.extent(2);
        for (int key : keys) mass += row[key];
    }
    return answers > 0 ? std::optional(mass / answers) : std::nullopt;
}

}  // namespace lab
