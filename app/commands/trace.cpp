#include "app/commands/command.h"
#include "app/commands/saved_run.h"
#include "app/commands/typed_input.h"
#include "core/io/safetensors.h"

namespace lab {
namespace {

int trace(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
    arguments.limitPositionals(1);
    const std::string out = arguments.required("--out");
    if (!arguments.has("--sample")) arguments.required("--input");
    if (arguments.has("--gradients") && !arguments.has("--target") && !arguments.has("--sample"))
        throw UsageError("--gradients needs --target, or a --sample, of which it is known");

    const SavedRun run = readRun(arguments.positionals().front());
    TraceRequest request;
    request.gradients = arguments.has("--gradients");
    request.cost = run.experiment.training.answer_cost;
    writeSafetensors(out, fileTensors(run.model->trace(run.weights, typedInput(arguments, run), request)));
    return exitDone;
}

}  // namespace

Command traceCommand() {
    Command command;
    command.name = "trace";
    command.summary = "Write every number that a model makes of one sequence.";
    command.synopses = {"CHECKPOINT --input \"3 1 4\" [--target-input \"...\"] [--target \"...\" [--gradients]] --out FILE",
                        "CHECKPOINT --sample N [--gradients] --out FILE"};
    command.options = inputOptions();
    command.options.push_back({"--target", "TOKENS", "what is right, one token (or -1: no loss) a position; gives the loss", false});
    command.options.push_back({"--gradients", "",
                               "also the gradients of the loss (and of what training adds to it), of parameters and of what lies between",
                               false});
    command.options.push_back({"--out", "FILE", "the trace (safetensors)", false, FileUse::written});
    command.options.push_back({"--help", "", "this text", false});
    command.run = trace;
    return command;
}

}  // namespace lab
