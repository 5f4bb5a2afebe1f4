#include <algorithm>
#include <optional>

#include "app/commands/canvas.h"
#include "app/commands/command.h"
#include "app/commands/head_options.h"
#include "app/commands/picture_options.h"
#include "app/commands/run_figures.h"
#include "app/commands/saved_run.h"
#include "app/commands/typed_input.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/io/session_file.h"
#include "core/training/metrics_csv.h"
#include "ui/runs/run_session.h"

namespace lab {
namespace {

/// The metrics that a session keeps of its shown run.
std::vector<MetricsRow> sessionMetrics(const CheckpointFile& checkpoint) {
    if (!isSession(checkpoint))
        throw UsageError("--metrics is missing: " + checkpoint.file + " is a checkpoint, and only a session keeps its metrics");
    const SessionFile session = sessionOf(checkpoint, layoutOf);
    std::vector<MetricsRow> rows;
    for (const StepRecord& record : recordsOf(session.runs[session.shown].past)) rows.push_back(metricsRow(record));
    return rows;
}

std::unique_ptr<Figure> curvesOf(const Arguments& arguments) {
    std::optional<CheckpointFile> checkpoint;
    if (!arguments.positionals().empty()) checkpoint = readCheckpoint(arguments.positionals().front());
    const std::filesystem::path path =
        arguments.has("--metrics") ? *arguments.path("--metrics") : std::filesystem::path(arguments.positionals().front());
    const std::vector<MetricsRow> rows = arguments.has("--metrics") ? readMetrics(path) : sessionMetrics(*checkpoint);
    if (rows.empty()) throw InputError(utf8Text(path), LAB_TEXT("commands", "has no steps to draw"));
    const std::string name = checkpoint ? checkpoint->experiment.name : utf8Text(path.stem());
    const auto loss = checkpoint ? std::optional(checkpoint->experiment.task.kind->loss) : std::nullopt;
    return curvesFigure(rows, name, utf8Text(path.filename()), loss);
}

std::unique_ptr<Figure> mapsOf(const Arguments& arguments, const MapsWish& wish) {
    const SavedRun run = readRunWithHeads(arguments.positionals().front());
    const RunMoment moment = momentOf(run);
    const Input input = typedInput(arguments, run);
    return mapsFigure(moment, input, traceFor(wish, moment, input), wish);
}

struct Wish {
    std::optional<MapsWish> maps;  ///< else curves
    PictureWish picture;
};

std::optional<int> placeOf(const Arguments& arguments, const char* option) {
    return arguments.has(option) ? std::optional(arguments.integer(option, 0, 0)) : std::nullopt;
}

/// All views but the curves.
std::optional<MapsWish> mapsWish(const Arguments& arguments) {
    const std::string view = arguments.required("--view");
    if (view == "curves") return std::nullopt;
    const auto id = std::ranges::find(MapsWish::viewIds, view);
    if (id == MapsWish::viewIds.end()) throw UsageError("--view is maps, head, rope or curves, not '" + view + "'");
    MapsWish wish{static_cast<MapsWish::View>(id - MapsWish::viewIds.begin())};
    const auto quantity = findMapStage(arguments.value("--quantity").value_or(mapStageName(wish.quantity)));
    if (!quantity)
        throw UsageError("--quantity is " + alternatives(mapStageNames()).english() + ", not '" + *arguments.value("--quantity") + "'");
    wish.quantity = *quantity;
    wish.head = headChoice(arguments);
    wish.query = placeOf(arguments, "--query");
    wish.key = placeOf(arguments, "--key");
    return wish;
}

/// Which picture and how, after everything about the words themselves has been checked.
Wish checkedWish(const Arguments& arguments) {
    arguments.limitPositionals(1);
    Wish wish;
    wish.maps = mapsWish(arguments);
    if (!wish.maps) {
        if (arguments.positionals().empty()) arguments.required("--metrics");
    } else {
        if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
        if (!arguments.has("--sample")) arguments.required("--input");
    }
    wish.picture = pictureWish(arguments);
    return wish;
}

int render(const Arguments& arguments) {
    const Wish wish = checkedWish(arguments);
    const Canvas canvas;
    const auto figure = withOptionNames([&] { return wish.maps ? mapsOf(arguments, *wish.maps) : curvesOf(arguments); });
    wish.picture.write(*figure);
    return exitDone;
}

}  // namespace

Command renderCommand() {
    Command command;
    command.name = "render";
    command.summary = "Draw maps or curves into an SVG, PDF or PNG file, or write their numbers as CSV, without a display.";
    command.synopses = {"CHECKPOINT --view maps --input \"3 1 4\" --out FILE.svg|pdf|png",
                        "CHECKPOINT --view head --input \"3 1 4\" [--layer 0 --head 0] --out FILE.svg|pdf|png",
                        "CHECKPOINT --view rope --input \"3 1 4\" [--layer 0 --head 0 --query 2 --key 0] --out FILE.svg|pdf|png",
                        "SESSION --view curves --out FILE.svg|pdf|png",
                        "[CHECKPOINT] --view curves --metrics FILE.csv --out FILE.svg|pdf|png"};
    command.options = {
        {"--view", "VIEW", "maps (all heads), head (one of them, with its numbers), rope (its pairs of channels), or curves", false}};
    for (const Option& option : inputOptions()) command.options.push_back(option);
    for (const Option& option : headOptions()) command.options.push_back(option);
    const std::vector<Option> more = {
        {"--quantity", "NAME", "what the maps show: weights when not given, else " + alternatives(mapStageNames()).english(), false},
        {"--target", "TOKENS", "what is right, one token (or -1: no loss) a position: gradients are those of a loss", false},
        {"--query", "N", "rope: position of the query, from 0; the last when not given", false},
        {"--key", "N", "rope: position of the key, from 0; the middle one when not given", false},
        {"--metrics", "FILE",
         "curves: the metrics that 'train --metrics' wrote, with CHECKPOINT to name what is measured; a saved session has its own", false,
         FileUse::read},
    };
    command.options.insert(command.options.end(), more.begin(), more.end());
    for (const Option& option : pictureOptions()) command.options.push_back(option);
    command.options.push_back({"--out", "FILE", "the picture, .svg, .pdf or .png; or its numbers, .csv", false, FileUse::written});
    command.options.push_back({"--help", "", "this text", false});
    command.run = render;
    return command;
}

}  // namespace lab
