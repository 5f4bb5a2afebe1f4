#include "ui/pages/sweeps/report.h"
#include "app/commands/canvas.h"
#include "app/commands/command.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "ui/widgets/figure_file.h"

namespace lab {
namespace {

int report(const Arguments& arguments) {
    arguments.limitPositionals(1);
    if (arguments.positionals().empty()) throw UsageError("the results of a sweep are missing");
    const std::filesystem::path out = pathFromUtf8(arguments.required("--out"));
    const bool pdf = out.extension() == ".pdf";
    if (!pdf && out.extension() != ".html") throw UsageError("--out must end in .html or .pdf");
    checkFolderOf(out);
    const ReportParts parts = reportParts(pathFromUtf8(arguments.positionals().front()));
    const Canvas canvas;
    writeBytes(out, reportBytes(parts, pdf));
    return exitDone;
}

}  // namespace

Command reportCommand() {
    Command command;
    command.name = "report";
    command.summary = "Write a sweep's results as a page: tables, findings, curves and maps.";
    command.synopses = {"R.csv --out REPORT.html|pdf"};
    command.options = {
        {"--out", "FILE", "the page, HTML or PDF by the name's end; complete in one file", false, FileUse::written},
        {"--help", "", "this text", false},
    };
    command.notes =
        "Means and standard deviations of each task and form stand beside those published by A. Borji (arXiv 2305.19129) where the grid "
        "has\n"
        "the paper's tasks and forms. Curves and maps come from the folder R.runs; without it the report has tables only, and says so.\n"
        "A sweep need not be finished.";
    command.run = report;
    return command;
}

}  // namespace lab
