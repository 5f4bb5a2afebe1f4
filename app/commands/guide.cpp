#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "app/commands/canvas.h"
#include "app/commands/command.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "ui/text/language.h"
#include "ui/widgets/figure_file.h"
#include "ui/window/help_pages.h"
#include "ui/window/help_paper.h"

namespace lab {
namespace {

void listGuides() {
    for (const HelpPage& page : helpPages())
        if (*page.guide) std::printf("%-12s %s\n", page.guide, qPrintable(titleOf(page)));
}

const HelpPage& guideNamed(const std::string& name) {
    if (const HelpPage* page = findGuide(QString::fromStdString(name))) return *page;
    std::string names;
    for (const HelpPage& page : helpPages())
        if (*page.guide) names.append(names.empty() ? "" : ", ").append(page.guide);
    throw UsageError("there is no guide '" + name + "'; there are " + names);
}

/// English when not given.
void speakAsAsked(const Arguments& arguments) {
    const auto code = arguments.value("--language");
    if (!code) return;
    const QString wanted = QString::fromStdString(*code);
    const std::vector<Language> all = languages();
    if (std::ranges::find(all, wanted, &Language::code) == all.end()) throw UsageError("there is no language '" + *code + "'");
    useLanguage(wanted);
}

int guide(const Arguments& arguments) {
    arguments.limitPositionals(1);
    const auto out = arguments.path("--out");
    const bool pdf = out && out->extension() == ".pdf";
    if (out && !pdf && out->extension() != ".md") throw UsageError("--out must end in .pdf or .md");
    if (arguments.positionals().empty()) {
        if (out) throw UsageError("which guide shall be written is missing");
        listGuides();
        return exitDone;
    }
    const HelpPage& page = guideNamed(arguments.positionals().front());
    if (out) checkFolderOf(*out);
    const Canvas canvas;
    speakAsAsked(arguments);
    if (pdf)
        writeHelpPaper(QString::fromStdString(utf8Text(*out)), page);
    else if (const QByteArray text = helpText(page).toUtf8(); out)
        writeBytes(*out, text);
    else
        std::fwrite(text.data(), 1, static_cast<std::size_t>(text.size()), stdout);
    return exitDone;
}

}  // namespace

Command guideCommand() {
    Command command;
    command.name = "guide";
    command.summary = "Print a guide to the program, or write it as PDF.";
    command.synopses = {"", "user|teacher|researcher [--language CODE] [--out F.pdf|F.md]"};
    command.options = {
        {"--language", "CODE", "en or de; English when not given", false},
        {"--out", "FILE", "the guide as PDF (A4) or Markdown, by the name's end; when not given, Markdown is printed", false,
         FileUse::written},
        {"--help", "", "this text", false},
    };
    command.notes = "Without a name it lists the guides. The window has the same pages in its menu.";
    command.run = guide;
    return command;
}

}  // namespace lab
