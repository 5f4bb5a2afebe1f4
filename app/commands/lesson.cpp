#include <cstdio>

#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/lessons/lesson_play.h"

namespace lab {
namespace {

/// A file, or the id of one that comes with the program.
LessonRow lessonNamed(const std::string& name) {
    const std::filesystem::path file = pathFromUtf8(name);
    const LessonRow* row = std::filesystem::exists(file) ? nullptr : findLesson(name);
    return row ? *row : readLesson(file);
}

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

void list() {
    for (const LessonRow& row : lessons())
        std::printf("%-16s %2d min  %s\n", row.lesson.id.c_str(), row.lesson.minutes, row.texts.at("en").title.c_str());
}

int lesson(const Arguments& arguments) {
    arguments.limitPositionals(1);
    if (arguments.positionals().empty()) {
        list();
        return exitDone;
    }
    const LessonRow read = lessonNamed(arguments.positionals().front());
    if (!arguments.has("--check")) {
        const LessonTexts& texts = read.texts.contains("en") ? read.texts.at("en") : read.texts.begin()->second;
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
    command.synopses = {"", "FILE|ID [--check [--seeds N]]"};
    command.options = {
        {"--check", "", "plays it without the window: trains what it lets a person train, calculates what is right, evaluates its checks",
         false},
        {"--seeds", "N", "with training.seed and task.seed 1 to N, one after the other, instead of the lesson\u2019s own", false},
        {"--help", "", "this text", false},
    };
    command.notes = "FILE is a lesson (JSON); its texts stand beside it, FILE.en.md, FILE.de.md. The exit status is 1 when a check fails.";
    command.run = lesson;
    return command;
}

}  // namespace lab
