#include <cstdio>

#include "app/commands/checkpoint_task.h"
#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "app/commands/status_line.h"
#include "core/base/csv.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/base/platform_files.h"
#include "core/incontext/report.h"

namespace lab {
namespace {

constexpr int fewestTasks = 10, mostTasks = 1'000'000;

std::string cellOf(const std::optional<double>& value) {
    return value ? numberText(*value) : std::string();
}

/// eta and gamma are cells of their own: what a line of losses was reached with.
std::vector<std::string> cellsOf(const InContextFigure& figure) {
    const bool steps = figure.method && specOf(figure.method->solver).takesSteps;
    const bool turns = figure.method && figure.method->solver == Solver::gradient_plus;
    const bool ridge = figure.method && figure.method->solver == Solver::ridge;
    return {figure.measure,
            figure.of,
            cellOf(figure.at),
            cellOf(figure.value),
            steps ? numberText(figure.method->eta) : "",
            turns ? numberText(figure.method->gamma) : "",
            ridge ? numberText(figure.method->lambda) : ""};
}

void printFigures(const std::vector<InContextFigure>& figures) {
    std::string measure;
    for (const InContextFigure& figure : figures) {
        if (figure.measure != measure) std::printf("%s\n", figure.measure.c_str());
        measure = figure.measure;
        const std::string at = figure.at ? formatted("%g", *figure.at) : "";
        const std::string value = figure.value ? formatted("%.6g", *figure.value) : "undefined";
        std::printf("    %-14s %6s  %s\n", figure.of.c_str(), at.c_str(), value.c_str());
    }
}

int inContext(const Arguments& arguments) {
    arguments.limitPositionals(1);
    if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
    const std::optional<std::filesystem::path> csv = arguments.path("--csv");
    if (csv) checkFolderOf(*csv);
    const CheckpointTask run(pathFromUtf8(arguments.positionals().front()));
    InContextQuestion question;
    question.tasks = arguments.integer("--tasks", question.tasks, fewestTasks);
    if (question.tasks > mostTasks) throw UsageError("--tasks is at most " + std::to_string(mostTasks));
    question.seed = static_cast<std::uint64_t>(arguments.integer("--seed", static_cast<int>(question.seed), 0));
    question.mostSteps = arguments.integer("--steps", question.mostSteps, 1);
    const InterruptGuard interrupt;
    StatusLine line(arguments.has("--quiet"));
    question.cancelled = [&] { return interrupt.requested(); };
    question.progress = [&](double share) {
        if (line.isDue()) line.show(formatted("%.0f %%", 100 * share));
    };
    const auto figures = inContextFigures(*run.model(), run.weights(), run.task().experiment, question);
    line.finish();
    if (interrupt.requested()) return exitInterrupted;
    printFigures(figures);
    if (!csv) return exitDone;
    std::string text = "measure,of,at,value,eta,gamma,lambda\n";
    for (const InContextFigure& figure : figures) text += csvLine(cellsOf(figure)) + "\n";
    replaceFile(*csv, {text});
    return exitDone;
}

}  // namespace

Command inContextCommand() {
    Command command;
    command.name = "in-context";
    command.summary = "Measure a model of task regression beside gradient descent on the points of its context.";
    command.synopses = {"CHECKPOINT [--csv F] [--tasks N] [--steps K] [--seed S]"};
    command.options = {
        {"--csv", "F", "the figures as CSV: measure,of,at,value,eta,gamma,lambda", false, FileUse::written},
        {"--tasks", "N", "functions to measure on, 10000 when not given; drawn apart from those trained on", false},
        {"--steps", "K", "the most gradient steps, 10 when not given", false},
        {"--seed", "S", "of the functions, 1 when not given", false},
        {"--quiet", "", "no progress", false},
        {"--help", "", "this text", false},
    };
    command.notes =
        "Losses are halves of mean squares. loss-by-steps has gradient steps and GD++ with the constant numbers that are best on these\n"
        "functions, ridge and least squares, undefined below as many points as dimensions. loss-in-common judges a model of one layer\n"
        "by its products: the closed form of the best step and the mean difference from it on the same functions.";
    command.run = inContext;
    return command;
}

}  // namespace lab
