#include "core/stream/lens.h"

#include "app/commands/canvas.h"
#include "app/commands/command.h"
#include "app/commands/picture_options.h"
#include "app/commands/result_table.h"
#include "app/commands/stream_options.h"
#include "app/commands/stream_pictures.h"
#include "app/commands/typed_input.h"
#include "core/base/errors.h"

namespace lab {
namespace {

ResultTable lensTable(const StreamSubject& subject, const Lens& lens, int only) {
    ResultTable table{{"part", "layer", "position", "token", "top", "probability", "entropy_bits", "is_the_answer"}, {}};
    const bool asked = !subject.input.targets.empty();
    if (asked) table.header.insert(table.header.end(), {"rank_of_true", "probability_of_true"});
    for (int place = 0; place < static_cast<int>(lens.states.places.size()); ++place)
        for (int position = 0; position < lens.states.positions; ++position) {
            if (only >= 0 && position != only) continue;
            const StreamPlace& at = lens.states.places[static_cast<std::size_t>(place)];
            const LensReading& reading = lens.at(place, position);
            std::vector<ResultTable::Cell> row{
                std::string(nameOf(at.part)),    std::int64_t{at.layer}, std::int64_t{position}, subject.tokenText(subject.input, position),
                subject.answerText(reading.top), reading.probability,    reading.entropy,        std::int64_t{reading.final}};
            if (asked) row.insert(row.end(), {std::int64_t{reading.rank}, reading.ofTrue});
            table.rows.push_back(std::move(row));
        }
    return table;
}

int lens(const Arguments& arguments) {
    checkTableOptions(arguments);
    const auto picture = pictureInstead(arguments);
    if (picture && arguments.has("--position")) throw UsageError("--position is about the table: the picture shows all positions");
    const StreamSubject subject(arguments);
    return untilInterrupted([&] {
        const auto found = std::make_shared<const Lens>(lensOf(subject.runs, subject.input));
        const int only = arguments.integer("--position", -1, 0);
        if (only >= found->states.positions)
            throw InputError("--position", Message(LAB_TEXT("commands", "there is no position %1; the model answers at 0 .. %2"))
                                               .arg(only)
                                               .arg(found->states.positions - 1));
        if (!picture) return writeTable(arguments, lensTable(subject, *found, only));
        const Canvas canvas;
        picture->write(*lensPicture(subject, found));
    });
}

}  // namespace

Command lensCommand() {
    Command command;
    command.name = "lens";
    command.summary = "Read the residual stream behind every part of a model with its own output head (logit lens).";
    command.synopses = {
        "CHECKPOINT --input \"3 1 4\" [--target-input \"...\"] [--target \"...\"] [--position N] [--csv FILE|--json|--out FILE]",
        "CHECKPOINT --sample N [--position N] [--csv FILE|--json|--out FILE]"};
    command.options = inputOptions();
    command.options.push_back({"--target", "TOKENS", "what is right, one token (or -1: not asked) a position; gives its rank", false});
    command.options.push_back({"--position", "N", "this position alone, from 0", false});
    for (const Option& option : tableOptions()) command.options.push_back(option);
    for (const Option& option : pictureInsteadOptions()) command.options.push_back(option);
    command.options.push_back({"--help", "", "this text", false});
    command.notes =
        "Each state is read as if no block came behind it, through the norm before the output head where the model has one; layer -1 is "
        "the\n"
        "embedding, and the last place is the model's answer, bit for bit. Later blocks were not made for being left out: a line says what "
        "the\n"
        "head would answer there, not what the model has decided.";
    command.run = lens;
    return command;
}

}  // namespace lab
