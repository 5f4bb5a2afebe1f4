#include "tests/room.h"

#include <QProcess>
#include <QStringList>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

namespace {

using Run = int (*)(int, char**);

std::map<std::string, Run>& testFiles() {
    static std::map<std::string, Run> files;
    return files;
}

int explain(const char* unknown) {
    std::fprintf(stderr, "This room has no test '%s'. Its tests:\n", unknown);
    for (const auto& [name, run] : testFiles()) std::fprintf(stderr, "    %s\n", name.c_str());
    return EXIT_FAILURE;
}

/// Each in a process of its own, as ctest runs them: with an application, an environment and static state of its own.
int runEach(const QString& program, const QStringList& names, const QStringList& arguments) {
    QStringList failed;
    for (const QString& name : names)
        if (QProcess::execute(program, QStringList{name} + arguments) != EXIT_SUCCESS) failed.append(name);
    if (failed.isEmpty()) return EXIT_SUCCESS;
    std::fprintf(stderr, "%d of %d test files failed: %s\n", int(failed.size()), int(names.size()), qPrintable(failed.join(", ")));
    return EXIT_FAILURE;
}

}  // namespace

lab::tests::TestFile::TestFile(const char* path, int (*run)(int, char**)) {
    const std::string name = std::filesystem::path(path).stem().string();
    if (!testFiles().emplace(name, run).second) qFatal("Two test files of this room are called %s.", name.c_str());
}

/// ROOM_tests [FILE ...] [TEST ...] [options of Qt Test]: the test files named, or all. FILE is a name as maps_page_test.
int main(int argc, char** argv) {
    int rest = 1;
    while (rest < argc && testFiles().contains(argv[rest])) ++rest;
    if (rest == 2) {
        const Run run = testFiles().at(argv[1]);
        argv[1] = argv[0];
        return run(argc - 1, argv + 1);
    }
    if (rest < argc && argv[rest][0] != '-') return explain(argv[rest]);
    QStringList names(argv + 1, argv + rest);
    if (names.isEmpty())
        for (const auto& [name, run] : testFiles()) names.append(QString::fromStdString(name));
    return runEach(argv[0], names, QStringList(argv + rest, argv + argc));
}
