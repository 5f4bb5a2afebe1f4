#pragma once

#include <QDir>
#include <QFile>
#include <QStringList>

// The golden cases (tests/reference/README.md): every folder there that holds an experiment, and those of vectors, of bottlenecks and of
// scores in folders of their own.

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

/// The cases of vectors: "vectors/vit". Their samples are no text that the program's own commands could read.
inline QStringList vectorCases() {
    QStringList names;
    for (const QString& name : QDir(referenceFolder() + "/vectors").entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name))
        names << "vectors/" + name;
    if (names.size() < 8) qFatal("golden cases of vectors are missing in %s", qPrintable(referenceFolder()));
    return names;
}

/// What stands between scores and outputs, two seeds of each: "scores/decoder-relative-gqa". Half of them have no training.
inline QStringList scoreCases() {
    QStringList names;
    for (const QString& name : QDir(referenceFolder() + "/scores").entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name))
        names << "scores/" + name;
    if (names.size() < 8) qFatal("golden cases of scores are missing in %s", qPrintable(referenceFolder()));
    return names;
}

/// Two of each bottleneck: "bottlenecks/fsq". Most have no training.
inline QStringList bottleneckCases() {
    QStringList names;
    for (const QString& name : QDir(referenceFolder() + "/bottlenecks").entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name))
        names << "bottlenecks/" + name;
    if (names.size() < 10) qFatal("golden cases of bottlenecks are missing in %s", qPrintable(referenceFolder()));
    return names;
}
