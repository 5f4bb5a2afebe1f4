#include <cstdio>

#include "app/commands/checkpoint_task.h"
#include "app/commands/command.h"
#include "app/commands/status_line.h"
#include "core/base/files.h"
#include "core/io/quantised_checkpoint.h"

namespace lab {
namespace {

void printLine(const std::string& name, std::size_t bytes, const std::string& evaluation) {
    std::printf("%s: %s bytes of weights, %s\n", name.c_str(), groupedDigits(static_cast<std::int64_t>(bytes)).c_str(), evaluation.c_str());
}

int quantize(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
    arguments.limitPositionals(1);
    const QuantisationScheme* scheme = findQuantisation(arguments.integer("--bits", 8, 1));
    if (!scheme) throw UsageError("--bits is 8 or 4");
    const std::filesystem::path out = pathFromUtf8(arguments.required("--out"));
    checkFolderOf(out);
    const int threads = arguments.threads("--threads", 0);

    const CheckpointTask source(pathFromUtf8(arguments.positionals().front()));
    const ParameterLayout& layout = source.model()->layout();
    const Weights rounded = quantised(source.weights(), layout, *scheme);
    const std::optional<Evaluation> before = source.evaluate(source.weights(), threads), after = source.evaluate(rounded, threads);
    const QuantisationNote note{scheme, source.file().step.value_or(0)};
    writeQuantised(out, source.metadataAt(out, quantisedExperiment(source.file().experiment, note)), layout, source.weights(), note);

    printLine("32 bits", storedBytes(layout, nullptr), source.text(before));
    printLine(scheme->title.text, storedBytes(layout, scheme), source.text(after));
    if (before && after) std::printf("the loss rises by %s\n", source.lossText(after->loss - before->loss).c_str());
    if (!source.whyUnmeasured().empty()) std::fprintf(stderr, "the loss was not measured: %s\n", source.whyUnmeasured().c_str());
    std::fprintf(stderr, "saved %s, %s bytes\n", utf8Text(out).c_str(),
                 groupedDigits(static_cast<std::int64_t>(std::filesystem::file_size(out))).c_str());
    return exitDone;
}

}  // namespace

Command quantizeCommand() {
    Command command;
    command.name = "quantize";
    command.summary = "Write a checkpoint's weights in 8 or 4 bits, and measure what that costs.";
    command.synopses = {"CHECKPOINT [--bits 8|4] --out FILE [--threads N]"};
    command.options = {
        {"--bits", "N", "bits of a weight: 8 (when not given) or 4", false},
        {"--out", "FILE", "the quantised checkpoint (safetensors)", false, FileUse::written},
        {"--threads", "N", "processors to measure with; all of them when not given", false},
        noCacheOption(),
        {"--help", "", "this text", false},
    };
    command.notes =
        "8 bits: each row of a matrix as integers from -127 to 127 times one 32-bit scale. 4 bits: groups of 32 weights as integers from 0 "
        "to\n"
        "15 times a 16-bit scale above a 16-bit minimum, embeddings and the map to the logits at 8 bits. Biases and norms stay 32-bit "
        "floats.\n"
        "Sizes and the validation loss before and after go to standard output. The file opens like any checkpoint; models compute with "
        "the\n"
        "floats that its integers stand for. It holds no training state: train --resume refuses it, train --init begins with its weights.";
    command.run = quantize;
    return command;
}

}  // namespace lab
