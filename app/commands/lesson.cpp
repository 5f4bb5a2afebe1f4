#include <cstdio>

#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/lessons/lesson_play.h"

namespace lab {
namespace {

struct ReadLesson {
    Lesson lesson;
    std::map<std::string, LessonTexts> texts;
};

/// "reverse.de.md" beside "reverse.json" is its texts in German.
std::map<std::string, LessonTexts> textsBeside(const std::filesystem::path& file, const Lesson& lesson) {
    std::map<std::string, LessonTexts> texts;
    const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    const std::string begin = utf8Text(file.stem()) + ".";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = utf8Text(entry.path().filename());
        if (!name.starts_with(begin) || entry.path().extension() != ".md" || name.size() < begin.size() + 4) continue;
        const std::string language = name.substr(begin.size(), name.size() - begin.size() - 3);
        try {
            texts[language] = parseLessonTexts(readFile(entry.path()), lesson);
        } catch (const InputError& error) {
            throw InputError(name, error.message());
        }
    }
    if (texts.empty()) throw InputError(utf8Text(file), Message(LAB_TEXT("commands", "no texts beside it, such as %1en.md")).arg(begin));
    return texts;
}

/// A file, or the id of one that comes with the program.
ReadLesson lessonNamed(const std::string& name) {
    const std::filesystem::path file = pathFromUtf8(name);
    if (!std::filesystem::exists(file)) {
        if (const LessonRow* row = findLesson(name)) return {row->lesson, row->texts};
    }
    ReadLesson read;
    const std::string json = readFile(file);
    try {
        read.lesson = parseLesson(json);
    } catch (const InputError& error) {
        throw InputError(name, error.message());
    }
    read.texts = textsBeside(file, read.lesson);
    return read;
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
    const ReadLesson read = lessonNamed(arguments.positionals().front());
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
