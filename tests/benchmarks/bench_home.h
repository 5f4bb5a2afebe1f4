#pragma once

#include <QApplication>
#include <QTemporaryDir>

#include "core/base/platform.h"
#include "ui/widgets/theme.h"

namespace lab::testing {

/// What a benchmark of the window is before it has one: a process with settings of its own, which waits as the program does.
struct BenchHome {
    BenchHome(int& argc, char** argv, const char* name) : application((prepare(argv, home), argc), argv) {
        QApplication::setApplicationName(QLatin1String(name));
    }

    QTemporaryDir home;
    QApplication application;

private:
    static void prepare(char** argv, const QTemporaryDir& home) {
        reexecuteWithPassiveWaiting(argv);
        returnFreedMemory();
        qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
        qputenv("XDG_DATA_HOME", home.path().toUtf8());
    }
};

}  // namespace lab::testing
