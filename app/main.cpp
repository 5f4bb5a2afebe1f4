#include <QtGlobal>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/commands/command.h"
#include "app/commands/completion.h"
#include "app/commands/help.h"
#include "app/commands/manual.h"
#include "app/commands/room_for_qt.h"
#include "app/run_window.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/memory_error.h"
#include "core/base/platform.h"
#include "core/base/version.h"
#include "core/data/text_cache.h"
#include "core/learn/lesson.h"
#include "core/ops/kernels.h"

namespace {

void print(const std::string& text) {
    std::fputs(text.c_str(), stdout);
}

int failure(const std::string& message) {
    std::fprintf(stderr, "error: %s\n", message.c_str());
    return lab::exitFailed;
}

int failure(const std::exception& error) {
    return failure(lab::isMemoryError(error) ? "not enough memory" : error.what());
}

const std::terminate_handler usualEnd = std::get_terminate();

/// The last resort of a thread that nobody guards, and of a library that allocates where nothing may be thrown: a sentence instead of a
/// crash. It must not allocate.
[[noreturn]] void endForWantOfMemory() {
    try {
        if (const std::exception_ptr error = std::current_exception()) std::rethrow_exception(error);
    } catch (const std::exception& error) {
        if (lab::isMemoryError(error)) {
            std::fputs("error: not enough memory\n", stderr);
            std::_Exit(lab::exitFailed);
        }
    } catch (...) {
    }
    usualEnd();
    std::abort();
}

int wrongUsage(const std::string& message, const std::string& command) {
    std::fprintf(stderr, "error: %s\nsee: attention-lab %s--help\n", message.c_str(), command.empty() ? "" : (command + " ").c_str());
    return lab::exitUsage;
}

std::string versionText() {
    return std::string("Attention Lab ") + lab::programVersion() + "\nprocessor: " + lab::processorName().english() +
           "\ninstruction set: " + lab::kernels<float>().isa + "\nthreads: " + std::to_string(lab::processorCount()) +
           "\nQt: " + qVersion() + "\n";
}

/// Qt would end the program with a crash.
bool displayIsMissing(const std::vector<std::string>& words) {
#ifdef Q_OS_LINUX
    if (std::find(words.begin(), words.end(), "-platform") != words.end()) return false;
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        if (const char* value = std::getenv(name); value && *value) return false;
    return true;
#else
    static_cast<void>(words);
    return false;
#endif
}

int runCommand(const lab::Command& command, const std::vector<std::string>& words) {
    if (std::find(words.begin(), words.end(), "--help") != words.end()) {
        print(lab::commandHelp(command));
        return lab::exitDone;
    }
    try {
        const lab::Arguments arguments(command.options, words);
        arguments.protectInputs(command.options);
        const bool reads = std::ranges::find(command.options, lab::noCacheOption().name, &lab::Option::name) != command.options.end();
        if (reads && !arguments.has(lab::noCacheOption().name)) lab::useTextCache(lab::usersTextCache());
        return command.run(arguments);
    } catch (const lab::UsageError& error) {
        return wrongUsage(error.what(), command.name);
    } catch (const std::filesystem::filesystem_error& error) {
        return failure(lab::utf8Text(error.path1()) + ": " + error.code().message());
    } catch (const std::exception& error) {
        return failure(error);
    }
}

/// What is wrong with the lesson that the window shall open; nothing when nothing is.
std::string problemOfLesson(const std::string& lesson) {
    try {
        if (!lesson.empty()) lab::lessonNamed(lesson);
        return {};
    } catch (const lab::InputError& error) {
        return error.what();
    }
}

/// Options and files that are no command: help, version, or the window.
int runProgram(int& argc, char** argv, const std::vector<std::string>& words) {
    std::optional<std::filesystem::path> file;
    bool startPage = true;
    std::string lesson;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word == "--help" || word == "-h") {
            print(lab::programHelp());
            return lab::exitDone;
        }
        if (word == "--version") {
            print(versionText());
            return lab::exitDone;
        }
        if (word == "--man") {
            print(lab::manualPage());
            return lab::exitDone;
        }
        if (word == "--completion") {
            print(lab::bashCompletion());
            return lab::exitDone;
        }
        if (word == "--no-start") {
            startPage = false;
        } else if (word == "-platform" || word == "-style") {
            ++i;  // Qt's own, with a value
        } else if (word == "--lesson") {
            if (++i == words.size()) return wrongUsage("--lesson needs FILE|ID", "");
            lesson = words[i];
        } else if (word.starts_with("-")) {
            return wrongUsage("unknown option " + word, "");
        } else if (file) {
            return wrongUsage(word + " is a second file; only one can be opened", "");
        } else {
            file = word;
        }
    }
    if (file && !std::filesystem::exists(*file)) {
        const bool named = file->has_extension() || file->has_parent_path();
        return named ? failure(file->string() + ": no such file") : wrongUsage(file->string() + " is neither a command nor a file", "");
    }
    if (const std::string problem = problemOfLesson(lesson); !problem.empty()) return failure(problem);
    if (displayIsMissing(words))
        return failure("there is no display for the window; commands such as 'attention-lab train reverse' need none");
    try {
        lab::requireRoomForQt(true);
        return lab::runWindow(argc, argv, {file, lesson, startPage});
    } catch (const std::exception& error) {
        return failure(error);
    }
}

}  // namespace

int main(int argc, char** argv) {
    lab::reexecuteWithPassiveWaiting(argv);
    lab::returnFreedMemory();
    std::set_terminate(endForWantOfMemory);
    try {
        lab::selectIsa();
    } catch (const lab::InputError& error) {
        failure(error.what());
        return lab::exitUsage;
    }
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (!words.empty()) {
        for (const lab::Command& command : lab::allCommands())
            if (command.name == words[0]) return runCommand(command, {words.begin() + 1, words.end()});
    }
    return runProgram(argc, argv, words);
}
