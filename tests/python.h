#pragma once

#include <QProcess>
#include <QStandardPaths>
#include <QString>

namespace lab::testing {

/// A python3 that has this module: the person's own, or Debian's, which packages are installed for. Empty: there is none.
inline QString pythonWith(const char* module) {
    for (const QString& python : {QStandardPaths::findExecutable(QStringLiteral("python3")), QStringLiteral("/usr/bin/python3")}) {
        QProcess process;
        process.start(python, {QStringLiteral("-c"), QStringLiteral("import %1").arg(QLatin1String(module))});
        const bool ran = !python.isEmpty() && process.waitForStarted() && process.waitForFinished(-1);
        if (ran && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0) return python;
    }
    return {};
}

}  // namespace lab::testing
