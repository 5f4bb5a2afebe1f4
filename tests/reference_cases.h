#pragma once

#include <QDir>
#include <QFile>
#include <QStringList>

// The golden cases (tests/reference/README.md): every folder there that holds an experiment.

inline QString referenceFolder() {
    return QStringLiteral(LAB_SOURCE_DIR "/tests/reference");
}

/// Their names, in order; never fewer than the twenty that version 0.1.0 was held to.
inline QStringList referenceCases() {
    QStringList names;
    for (const QString& name : QDir(referenceFolder()).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name))
        if (QFile::exists(QStringLiteral("%1/%2/experiment.json").arg(referenceFolder(), name))) names << name;
    if (names.size() < 20) qFatal("golden cases are missing in %s", qPrintable(referenceFolder()));
    return names;
}
