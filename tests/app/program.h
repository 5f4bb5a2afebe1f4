#pragma once

#include <QProcess>
#include <QProcessEnvironment>
#include <QStringList>
#include <QTest>

/// What a run of attention-lab left behind.
struct ProgramResult {
    int status = -1;  ///< exit status; -1 when it crashed or did not end
    QString output;
    QString errors;
};

/// A process without a display, as a server has it, working in `folder`.
inline void prepareProgram(QProcess& process, const QStringList& arguments, const QString& folder) {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) environment.remove(name);
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(folder);
    process.setProgram(LAB_PROGRAM);
    process.setArguments(arguments);
}

inline ProgramResult finishProgram(QProcess& process) {
    ProgramResult result;
    if (process.waitForFinished(60000) && process.exitStatus() == QProcess::NormalExit) result.status = process.exitCode();
    result.output = QString::fromUtf8(process.readAllStandardOutput());
    result.errors = QString::fromUtf8(process.readAllStandardError());
    return result;
}

inline ProgramResult runProgram(const QStringList& arguments, const QString& folder) {
    QProcess process;
    prepareProgram(process, arguments, folder);
    process.start();
    return finishProgram(process);
}

/// r.safetensors in `folder`: the preset Reverse after two steps.
inline ProgramResult trainReverse(const QString& folder) {
    return runProgram(QStringLiteral("train reverse --set training.steps=2 --set task.test_size=1 --quiet --out r.safetensors").split(' '),
                      folder);
}

/// Fails the test, with everything the program said, unless it ended with this status.
#define EXPECT_STATUS(result, expected) \
    QVERIFY2((result).status == (expected), qPrintable(QString("status %1\n").arg((result).status) + (result).output + (result).errors))
