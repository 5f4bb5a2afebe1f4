#include <cstdio>

#include "app/commands/canvas.h"
#include "app/commands/command.h"
#include "app/commands/picture_options.h"
#include "app/commands/result_table.h"
#include "app/commands/status_line.h"
#include "app/commands/stream_options.h"
#include "app/commands/stream_pictures.h"
#include "app/commands/typed_input.h"
#include "core/base/errors.h"
#include "core/stream/patch_cells.h"

namespace lab {
namespace {

std::string partNames() {
    std::string names;
    for (const auto& row : EnumRows<PatchPart>::rows) names += (names.empty() ? "" : ", ") + std::string(row.name);
    return names;
}

PatchPart chosenPart(const Arguments& arguments) {
    const std::string name = arguments.value("--part").value_or("stream");
    const auto part = fromName<PatchPart>(name);
    if (!part) throw UsageError("--part is " + partNames() + ", not '" + name + "'");
    return *part;
}

/// The same input with other tokens.
Input corruptedInput(const Arguments& arguments, const StreamSubject& subject) {
    if (subject.run.model->config().readsVectors()) throw UsageError("patch compares inputs of tokens, and this model reads vectors");
    Input input = subject.input;
    arguments.required("--corrupted");
    input.tokens = typedTokens(arguments, "--corrupted", subject.run);
    if (arguments.has("--corrupted-target-input")) input.targetTokens = typedTokens(arguments, "--corrupted-target-input", subject.run);
    return input;
}

/// Restores one site after the other.
std::shared_ptr<const PatchCells> restored(const StreamSubject& subject, const Patching& patching, PatchPart part,
                                           const PatchQuestion& question, bool quiet) {
    auto cells = std::make_shared<PatchCells>(emptyCells(*subject.run.model, part, subject.input));
    StatusLine line(quiet);
    fillCells(*cells, patching, question, [&] {
        if (line.isDue()) line.show(formatted("%d of %d restored", cells->known, cells->asked));
    });
    line.finish();
    return cells;
}

ResultTable patchedTable(const StreamSubject& subject, const PatchCells& cells, PatchPart part) {
    const PatchGrid& grid = cells.grid;
    ResultTable table{{"side", "layer", "part", specOf(part).byHead ? "head" : "position", "token", "recovered"}, {}};
    for (int row = 0; row < static_cast<int>(grid.rows.size()); ++row)
        for (int column = 0; column < grid.columns; ++column) {
            if (grid.at(row, column).tensor.empty()) continue;
            const PatchGrid::Row& at = grid.rows[static_cast<std::size_t>(row)];
            const bool named = !specOf(part).byHead && (subject.input.targetTokens.empty() || at.side == "decoder");
            table.rows.push_back({at.side, std::int64_t{at.layer}, at.label.english(), std::int64_t{column},
                                  named ? subject.tokenText(subject.input, column) : std::string(), cells.at(row, column)->recovered});
        }
    return table;
}

int patch(const Arguments& arguments) {
    checkTableOptions(arguments);
    const auto picture = pictureInstead(arguments);
    const PatchPart part = chosenPart(arguments);
    const StreamSubject subject(arguments);
    return untilInterrupted([&] {
        PatchFound found;
        found.step = subject.run.step;
        found.clean = subject.input;
        found.corrupted = corruptedInput(arguments, subject);
        KeepingTap tap(subject.input, [](const std::string&) { return false; });
        const std::vector<float> logits = subject.runs.logits(subject.input, tap);
        const LogitQuestion asked = askedQuestion(arguments, subject, logits);
        found.question = {asked.position, asked.answer, asked.other};
        const bool intoClean = arguments.has("--into-clean");
        const Patching patching(subject.runs, intoClean ? found.corrupted : found.clean, intoClean ? found.clean : found.corrupted,
                                found.question);
        const auto cells = restored(subject, patching, part, found.question, arguments.has("--quiet"));
        if (picture) {
            found.maps[part] = cells;
            const Canvas canvas;
            picture->write(*patchPicture(subject, std::make_shared<const PatchFound>(found), part));
        } else {
            writeTable(arguments, patchedTable(subject, *cells, part));
        }
        std::fprintf(stderr, "%s of '%s' at position %d: %.6g in the run that gives, %.6g in the run that is patched\n",
                     asked.other < 0 ? "probability" : "logit difference", subject.answerText(asked.answer).c_str(), asked.position,
                     patching.clean(), patching.corrupted());
    });
}

}  // namespace

Command patchCommand() {
    Command command;
    command.name = "patch";
    command.summary = "Put parts of the run of one input into the run of another, and measure how much of the answer comes back.";
    command.synopses = {
        "CHECKPOINT --input \"3 1 4\" --corrupted \"3 7 4\" [--part PART] [--position N] [--answer TOKEN] [--against TOKEN] "
        "[--into-clean] [--csv FILE|--json|--out FILE]"};
    command.options = inputOptions();
    command.options.push_back({"--corrupted", "TOKENS", "an input of the same length with another answer", false});
    command.options.push_back(
        {"--corrupted-target-input", "TOKENS", "what its decoder reads; the same as --target-input when not given", false});
    command.options.push_back({"--part", "PART", "what is restored: " + partNames() + "; stream when not given", false});
    for (const Option& option : answerOptions()) command.options.push_back(option);
    command.options.push_back({"--into-clean", "", "the other way: parts of the corrupted run are put into the clean one", false});
    for (const Option& option : tableOptions()) command.options.push_back(option);
    for (const Option& option : pictureInsteadOptions()) command.options.push_back(option);
    command.options.push_back({"--quiet", "", "no progress, only the result", false});
    command.options.push_back({"--help", "", "this text", false});
    command.notes =
        "recovered = (patched - corrupted) / (clean - corrupted) of the logit of --answer less that of --against, without --against of "
        "the\n"
        "probability of --answer: 0 is as the run that is patched, 1 as the run that gives. Single parts may lie below 0 and above 1.";
    command.run = patch;
    return command;
}

}  // namespace lab
