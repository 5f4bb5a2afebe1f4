#pragma once

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QString>
#include <QStringList>
#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "app/commands/command.h"

// The commands that README and the guides show: lines within a fence, or indented by four spaces, that begin with the program's name.

namespace lab::tests {

struct HelpLine {
    int number = 0;   ///< in the file, from 1
    QString command;  ///< as one types it, without comment; a line that goes on behind a \ is one
    QString comment;
};

/// What is shown as typed, with the lines' numbers.
inline std::vector<std::pair<int, QString>> typedLines(const QString& markdown) {
    std::vector<std::pair<int, QString>> typed;
    bool fenced = false;
    int number = 0;
    for (const QString& line : markdown.split(QLatin1Char('\n'))) {
        ++number;
        if (line.startsWith(QLatin1String("```")))
            fenced = !fenced;
        else if (fenced || line.startsWith(QLatin1String("    ")))
            typed.emplace_back(number, line.trimmed());
    }
    return typed;
}

/// The place of a # that begins a comment: outside of quotation marks.
inline qsizetype commentOf(const QString& line) {
    QChar within;
    for (qsizetype i = 0; i < line.size(); ++i) {
        const QChar letter = line[i];
        if (!within.isNull())
            within = letter == within ? QChar() : within;
        else if (letter == QLatin1Char('"') || letter == QLatin1Char('\''))
            within = letter;
        else if (letter == QLatin1Char('#') && (i == 0 || line[i - 1].isSpace()))
            return i;
    }
    return line.size();
}

inline std::vector<HelpLine> helpLines(const QString& markdown) {
    std::vector<HelpLine> lines;
    bool goesOn = false;
    for (const auto& [number, typed] : typedLines(markdown)) {
        if (!goesOn && !QRegularExpression(QStringLiteral("^attention-lab( |$)")).match(typed).hasMatch()) continue;
        const qsizetype end = commentOf(typed);
        QString command = typed.left(end).trimmed();
        const QString comment = typed.mid(end + 1).trimmed();
        const bool continued = command.endsWith(QLatin1Char('\\'));
        if (continued) command.chop(1);
        if (goesOn)
            lines.back().command += command, lines.back().comment = comment;
        else
            lines.push_back({number, command, comment});
        goesOn = continued;
    }
    return lines;
}

/// Files that a page shows: fences whose first line names one behind the language, as ```json grid.json.
inline std::map<QString, QString> helpFiles(const QString& markdown) {
    static const QRegularExpression fence(QStringLiteral("^```\\w+ (\\S+)\\n(.*?)^```$"),
                                          QRegularExpression::MultilineOption | QRegularExpression::DotMatchesEverythingOption);
    std::map<QString, QString> files;
    for (auto found = fence.globalMatch(markdown); found.hasNext();) {
        const QRegularExpressionMatch match = found.next();
        files[match.captured(1)] = match.captured(2);
    }
    return files;
}

inline std::optional<Command> commandOf(const HelpLine& line) {
    const QStringList words = QProcess::splitCommand(line.command);
    for (const Command& each : allCommands())
        if (words.size() > 1 && words[1] == QString::fromStdString(each.name)) return each;
    return std::nullopt;
}

/// It says how the command is called, and is no call: FILE|ID, [--check], ...
inline bool isSynopsis(const HelpLine& line) {
    QString bare = line.command;
    bare.remove(QRegularExpression(QStringLiteral("\"[^\"]*\"|'[^']*'")));
    return bare.contains(QRegularExpression(QStringLiteral("[\\[\\]|]|\\.\\.\\.")));
}

/// Why a line is not run but only held to the options that there are; empty: it is run.
inline QString whyOnlyRead(const HelpLine& line) {
    if (isSynopsis(line)) return QStringLiteral("a synopsis");
    const auto command = commandOf(line);
    if (!command) return QStringLiteral("it opens the window");
    if (command->name == "serve") return QStringLiteral("it serves until it is ended");
    if (command->name == "bench") return QStringLiteral("it measures for minutes");
    if (line.command.contains(QLatin1String(" --server "))) return QStringLiteral("it asks another machine");
    if (line.comment.startsWith(QLatin1String("takes ")) || line.comment.startsWith(QLatin1String("dauert ")))
        return QStringLiteral("it says itself how long it takes");
    return {};
}

/// As it is run: what trains without saying for how long does so for a few steps.
inline QString asRun(const HelpLine& line) {
    QString run = line.command;
    const QString train = QStringLiteral("attention-lab train ");
    if (run.startsWith(train) && !run.contains(QLatin1String("training.steps="))) run.insert(train.size(), "--set training.steps=20 ");
    return run;
}

}  // namespace lab::tests
