#pragma once

#include <functional>

#include "app/commands/arguments.h"
#include "app/commands/interrupt.h"
#include "app/commands/saved_run.h"
#include "core/stream/attribution.h"
#include "core/stream/patching.h"

namespace lab {

/// What the commands about the residual stream share: a model, an input, and which answer they ask about.
struct StreamSubject {
    SavedRun run;
    Input input;
    InterruptGuard interrupt;
    StreamRuns runs;

    /// Reads the checkpoint and --input or --sample.
    explicit StreamSubject(const Arguments& arguments);

    /// A class as a person reads it.
    std::string answerText(int answer) const;
    /// The token that stands at a position of the side that answers.
    std::string tokenText(const Input& of, int position) const;
    int positions() const;
};

/// --position, --answer and --against.
std::vector<Option> answerOptions();
/// The last position, the model's own answer there and what --against says, unless given; `logits`: [positions, classes]. Throws InputError
/// naming the option.
LogitQuestion askedQuestion(const Arguments& arguments, const StreamSubject& subject, const std::vector<float>& logits);

/// Does the work of a command until it is done or interrupted.
int untilInterrupted(const std::function<void()>& work);

}  // namespace lab
