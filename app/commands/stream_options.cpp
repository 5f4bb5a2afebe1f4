#include "app/commands/stream_options.h"

#include <algorithm>
#include <cstdio>

#include "app/commands/command.h"
#include "app/commands/typed_input.h"
#include "core/base/errors.h"

namespace lab {
namespace {

SavedRun readSubject(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
    arguments.limitPositionals(1);
    if (!arguments.has("--sample")) arguments.required("--input");
    return readRun(arguments.positionals().front());
}

/// One class that is typed.
int typedAnswer(const Arguments& arguments, const std::string& option, const StreamSubject& subject) {
    const std::vector<int> ids = typedTokens(arguments, option, subject.run, true);
    if (ids.size() != 1 || ids.front() < 0)
        throw InputError(option,
                         Message(LAB_TEXT("commands", "takes one token; '%1' is %2")).arg(*arguments.value(option)).arg(ids.size()));
    return ids.front();
}

}  // namespace

StreamSubject::StreamSubject(const Arguments& arguments)
    : run(readSubject(arguments)),
      input(typedInput(arguments, run)),
      runs(*run.model, *run.weights, [this] { return interrupt.requested(); }) {}

std::string StreamSubject::answerText(int answer) const {
    return answer < run.model->config().vocab_size.value_or(0) ? run.tokenizer->shown(answer) : std::to_string(answer);
}

std::string StreamSubject::tokenText(const Input& of, int position) const {
    const std::vector<int>& tokens = of.targetTokens.empty() ? of.tokens : of.targetTokens;
    if (run.model->config().readsVectors()) return std::to_string(position);
    return run.tokenizer->shown(tokens[static_cast<std::size_t>(position)]);
}

int StreamSubject::positions() const {
    return static_cast<int>((input.targetTokens.empty() ? input.tokens : input.targetTokens).size());
}

std::vector<Option> answerOptions() {
    return {{"--position", "N", "the position whose answer is asked about, from 0; the last when not given", false},
            {"--answer", "TOKEN", "the answer; what the model itself answers there when not given", false},
            {"--against", "TOKEN", "the answer that it is compared with: the logit of --answer less this one's", false}};
}

LogitQuestion askedQuestion(const Arguments& arguments, const StreamSubject& subject, const std::vector<float>& logits) {
    LogitQuestion question;
    question.position = arguments.integer("--position", subject.positions() - 1, 0);
    if (question.position >= subject.positions())
        throw InputError("--position", Message(LAB_TEXT("commands", "there is no position %1; the model answers at 0 .. %2"))
                                           .arg(question.position)
                                           .arg(subject.positions() - 1));
    const auto classes = static_cast<std::ptrdiff_t>(logits.size()) / subject.positions();
    const auto row = logits.begin() + question.position * classes;
    question.answer = arguments.has("--answer") ? typedAnswer(arguments, "--answer", subject)
                                                : static_cast<int>(std::max_element(row, row + classes) - row);
    if (arguments.has("--against")) {
        question.against = LogitQuestion::Against::other;
        question.other = typedAnswer(arguments, "--against", subject);
    }
    return question;
}

int untilInterrupted(const std::function<void()>& work) {
    try {
        work();
    } catch (const PassAbandoned&) {
        std::fprintf(stderr, "interrupted\n");
        return exitInterrupted;
    }
    return exitDone;
}

}  // namespace lab
