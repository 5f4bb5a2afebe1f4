#include "app/commands/command.h"
#include "app/commands/inputs_file.h"
#include "app/commands/interrupt.h"
#include "app/commands/numbered_files.h"
#include "app/commands/saved_run.h"
#include "app/commands/status_line.h"
#include "app/commands/typed_input.h"
#include "core/io/safetensors.h"

namespace lab {
namespace {

void checkTraceUsage(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
    arguments.limitPositionals(1);
    arguments.required("--out");
    if (arguments.has("--inputs")) {
        for (const char* other : {"--input", "--target-input", "--target", "--sample"})
            if (arguments.has(other)) throw UsageError(std::string("--inputs has all that is read: ") + other + " goes without it");
        return;
    }
    if (!arguments.has("--sample")) arguments.required("--input");
    if (arguments.has("--gradients") && !arguments.has("--target") && !arguments.has("--sample"))
        throw UsageError("--gradients needs --target, or a --sample, of which it is known");
}

/// One file an input, called by its number: FOLDER/input-0000012.safetensors.
int traceAll(const Arguments& arguments, const SavedRun& run, const TraceRequest& request) {
    const std::vector<Input> inputs = readInputs(*arguments.path("--inputs"), run);
    const NumberedFiles files(*arguments.path("--out"), "input-");
    const InterruptGuard interrupt;
    StatusLine line(arguments.has("--quiet"));
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (interrupt.requested()) return exitInterrupted;
        if (line.isDue()) line.show(formatted("%zu of %zu inputs", i, inputs.size()));
        writeSafetensors(files.of(static_cast<std::int64_t>(i)), fileTensors(run.model->trace(*run.weights, inputs[i], request)));
    }
    line.finish();
    return exitDone;
}

int trace(const Arguments& arguments) {
    checkTraceUsage(arguments);
    const SavedRun run = readRun(arguments.positionals().front());
    TraceRequest request;
    request.gradients = arguments.has("--gradients");
    request.cost = run.experiment.training.answer_cost;
    if (arguments.has("--inputs")) return traceAll(arguments, run, request);
    writeSafetensors(arguments.required("--out"), fileTensors(run.model->trace(*run.weights, typedInput(arguments, run), request)));
    return exitDone;
}

}  // namespace

Command traceCommand() {
    Command command;
    command.name = "trace";
    command.summary = "Write every number that a model makes of one sequence.";
    command.synopses = {"CHECKPOINT --input \"3 1 4\" [--target-input \"...\"] [--target \"...\" [--gradients]] --out FILE",
                        "CHECKPOINT --sample N [--gradients] --out FILE", "CHECKPOINT --inputs F [--gradients] --out FOLDER"};
    command.options = inputOptions();
    command.options.push_back(inputsOption());
    command.options.push_back({"--target", "TOKENS", "what is right, one token (or -1: no loss) a position; gives the loss", false});
    command.options.push_back({"--gradients", "",
                               "also the gradients of the loss (and of what training adds to it), of parameters and of what lies between",
                               false});
    command.options.push_back({"--out", "FILE",
                               "the trace (safetensors); with --inputs a folder with a file an input, input-0000000.safetensors the first",
                               false, FileUse::written});
    command.options.push_back({"--quiet", "", "no progress", false});
    command.options.push_back({"--help", "", "this text", false});
    command.run = trace;
    return command;
}

}  // namespace lab
