#include <algorithm>
#include <cstdio>

#include "app/commands/canvas.h"
#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/lessons/lesson_play.h"
#include "ui/lessons/lesson_paper.h"
#include "ui/text/language.h"

namespace lab {
namespace {

/// How many findings are faults.
int check(const Lesson& lesson, const LessonPlayOptions& options) {
    int faults = 0;
    for (const LessonFinding& finding : playLesson(lesson, options)) {
        faults += !finding.good;
        std::printf("%s %s: %s\n", finding.good ? "ok   " : "FAULT", finding.step.c_str(), finding.what.english().c_str());
        std::fflush(stdout);
    }
    return faults;
}

const LessonTexts& english(const LessonRow& row) {
    return row.texts.contains("en") ? row.texts.at("en") : row.texts.begin()->second;
}

std::string lineOf(const LessonRow& row) {
    std::string id = row.lesson.id;
    id.resize(std::max<std::size_t>(id.size(), 16), ' ');
    const std::string minutes = std::to_string(row.lesson.minutes);
    return id + " " + std::string(minutes.size() < 2 ? 1 : 0, ' ') + minutes + " min  " + english(row).title;
}

void list() {
    for (const LessonRow& row : lessons()) std::printf("%s\n", lineOf(row).c_str());
}

/// What the window would list of the folder; a file that is no lesson is a fault.
int listFolder(const std::filesystem::path& folder) {
    if (!std::filesystem::is_directory(folder)) throw InputError(utf8Text(folder), LAB_TEXT("learn", "no such folder"));
    int faults = 0;
    for (const FoundLesson& found : lessonsIn({folder})) {
        faults += !found.problem.empty();
        if (found.problem.empty())
            std::printf("%s\n", lineOf(found.row).c_str());
        else
            std::printf("FAULT %s\n", found.problem.english().c_str());
    }
    return faults == 0 ? exitDone : exitFailed;
}

/// A paper would say what the run does not show.
void requireGood(const std::vector<LessonFinding>& findings) {
    for (const LessonFinding& finding : findings)
        if (!finding.good) throw InputError(finding.step, finding.what);
}

struct PaperOption {
    const char* name;
    LessonPaper::Kind kind;
};
constexpr PaperOption paperOptions[] = {{"--handout", LessonPaper::Kind::handout}, {"--solution", LessonPaper::Kind::solution}};

bool wantsPaper(const Arguments& arguments) {
    return std::ranges::any_of(paperOptions, [&](const PaperOption& each) { return arguments.has(each.name); });
}

/// What was played as far as the papers need it.
int print(const Arguments& arguments, const LessonRow& row) {
    LessonPaper paper;
    paper.row = row;
    paper.language = arguments.value("--language").value_or(row.texts.contains("en") ? "en" : row.texts.begin()->first);
    if (!row.texts.contains(paper.language))
        throw InputError("--language", Message(LAB_TEXT("learn", "the lesson has no texts in %1")).arg(paper.language));
    const InterruptGuard interrupt;
    LessonPlayOptions options;
    options.stops = [&interrupt] { return interrupt.requested(); };
    options.seen = [&paper](const LessonView& view) { paper.views.push_back(view); };
    const auto needsRun = [&](const PaperOption& each) { return arguments.has(each.name) && needsItsRun(row.lesson, each.kind); };
    if (std::ranges::any_of(paperOptions, needsRun)) requireGood(playLesson(row.lesson, options));
    if (interrupt.requested()) return exitInterrupted;
    const Canvas canvas;
    useLanguage(QString::fromStdString(paper.language));
    for (const auto& [name, kind] : paperOptions) {
        paper.kind = kind;
        if (const auto file = arguments.path(name)) writeLessonPaper(QString::fromStdString(utf8Text(*file)), paper);
    }
    return exitDone;
}

int lesson(const Arguments& arguments) {
    arguments.limitPositionals(1);
    if (const auto folder = arguments.path("--folder")) {
        arguments.limitPositionals(0);
        return listFolder(*folder);
    }
    if (arguments.positionals().empty()) {
        list();
        return exitDone;
    }
    const LessonRow read = lessonNamed(arguments.positionals().front());
    if (wantsPaper(arguments)) return print(arguments, read);
    if (!arguments.has("--check")) {
        const LessonTexts& texts = english(read);
        std::printf("%s\n%s\n", texts.title.c_str(), texts.about.c_str());
        return exitDone;
    }
    const InterruptGuard interrupt;
    LessonPlayOptions options;
    options.stops = [&interrupt] { return interrupt.requested(); };
    const int seeds = arguments.integer("--seeds", 1, 1);
    int faults = 0;
    for (int seed = 1; seed <= seeds && !interrupt.requested(); ++seed) {
        if (arguments.has("--seeds")) {
            options.seed = seed;
            std::printf("seed %d\n", seed);
        }
        faults += check(read.lesson, options);
    }
    if (interrupt.requested()) return exitInterrupted;
    return faults == 0 ? exitDone : exitFailed;
}

}  // namespace

Command lessonCommand() {
    Command command;
    command.name = "lesson";
    command.summary = "List the lessons, or play one and check what it says.";
    command.synopses = {"", "--folder DIR", "FILE|ID [--check [--seeds N]]",
                        "FILE|ID [--handout F.pdf] [--solution F.pdf] [--language CODE]"};
    command.options = {
        {"--check", "", "plays it without the window: trains what it lets a person train, calculates what is right, evaluates its checks",
         false},
        {"--seeds", "N", "with training.seed and task.seed 1 to N, one after the other, instead of the lesson\u2019s own", false},
        {"--folder", "DIR", "lists the lessons of a folder; a file that is none is said, and makes the exit status 1", false,
         FileUse::read},
        {"--handout", "F", "writes it for paper (PDF, A4): what is said, the questions, and room for answers", false, FileUse::written},
        {"--solution", "F", "writes the same with what its run shows to be right, and why; the run is trained for it", false,
         FileUse::written},
        {"--language", "CODE", "of the papers\u2019 texts, as de; English when not given", false},
        {"--help", "", "this text", false},
    };
    command.notes = "FILE is a lesson (JSON); its texts stand beside it, FILE.en.md, FILE.de.md. The exit status is 1 when a check fails.";
    command.run = lesson;
    return command;
}

}  // namespace lab
