#include <cmath>
#include <cstdio>

#include "app/commands/canvas.h"
#include "app/commands/command.h"
#include "app/commands/head_options.h"
#include "app/commands/picture_options.h"
#include "app/commands/result_table.h"
#include "app/commands/stream_options.h"
#include "app/commands/stream_pictures.h"
#include "app/commands/typed_input.h"
#include "core/base/errors.h"
#include "core/moments/head_choice.h"

namespace lab {
namespace {

/// --layer, --head and --block, where one of them is given: the head whose term is split.
std::optional<std::pair<int, int>> splitHead(const Arguments& arguments, const SavedRun& run) {
    if (!arguments.has("--layer") && !arguments.has("--head") && !arguments.has("--block")) return std::nullopt;
    const HeadChoice choice = headChoice(arguments);
    const auto [block, head] = withOptionNames([&] { return chosenHead(*run.model, choice); });
    return std::pair(block, head);
}

ResultTable termTable(const StreamSubject& subject, const Attribution& found) {
    ResultTable table{{"part", "layer", "head", "source", "source_token", "value"}, {}};
    for (const AttributionTerm& term : found.terms)
        table.rows.push_back({std::string(nameOf(term.kind)), std::int64_t{term.layer}, std::int64_t{term.head}, std::int64_t{term.source},
                              term.source < 0 || term.cross ? std::string() : subject.tokenText(subject.input, term.source), term.value});
    return table;
}

int attribute(const Arguments& arguments) {
    checkTableOptions(arguments);
    const auto picture = pictureInstead(arguments);
    const StreamSubject subject(arguments);
    return untilInterrupted([&] {
        const StreamStates states = streamStates(subject.runs, subject.input);
        LogitQuestion question = askedQuestion(arguments, subject, states.logits);
        if (arguments.has("--mean")) {
            if (arguments.has("--against")) throw UsageError("--mean and --against are two things to subtract: give one");
            question.against = LogitQuestion::Against::mean;
        }
        question.split = splitHead(arguments, subject.run);
        const Attribution found = attributionOf(subject.runs, subject.input, question);
        if (picture) {
            const Canvas canvas;
            picture->write(*logitPicture(subject, found, question));
        } else {
            writeTable(arguments, termTable(subject, found));
        }
        std::fprintf(stderr, "answer '%s' at position %d: the %zu parts add up to %.6g, the logit is %.6g (difference %.1e)\n",
                     subject.answerText(question.answer).c_str(), question.position, found.terms.size(), found.sum, found.logit,
                     std::abs(found.difference()));
    });
}

}  // namespace

Command attributeCommand() {
    Command command;
    command.name = "attribute";
    command.summary = "Take a logit apart into what each head and each other part of a model adds to it.";
    command.synopses = {
        "CHECKPOINT --input \"3 1 4\" [--position N] [--answer TOKEN] [--against TOKEN|--mean] [--layer L --head H] [--csv "
        "FILE|--json|--out FILE]",
        "CHECKPOINT --sample N [--position N] [--answer TOKEN] [--against TOKEN|--mean] [--layer L --head H] [--csv FILE|--json|--out "
        "FILE]"};
    command.options = inputOptions();
    for (const Option& option : answerOptions()) command.options.push_back(option);
    command.options.push_back({"--mean", "", "the logit less the mean of all logits", false});
    for (const Option& option : headOptions()) command.options.push_back(option);
    for (const Option& option : tableOptions()) command.options.push_back(option);
    for (const Option& option : pictureInsteadOptions()) command.options.push_back(option);
    command.options.push_back({"--help", "", "this text", false});
    command.notes =
        "Every norm on the way stands with the scale that was measured, the output head's relu lets through what it let through, and "
        "another\n"
        "activation there stands as its slope (what that leaves out is the line 'curve'). So the parts add up to the logit; a part says "
        "what "
        "it\n"
        "adds as the others are, not what would happen without it. With --layer, --head or --block that head's part is split by the keys "
        "whose\n"
        "values it moves.";
    command.run = attribute;
    return command;
}

}  // namespace lab
