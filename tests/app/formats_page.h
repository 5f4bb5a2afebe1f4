#pragma once

#include <QFile>
#include <QRegularExpression>
#include <QString>
#include <QStringList>
#include <algorithm>
#include <functional>

#include "app/commands/command.h"
#include "core/config/comparisons.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/config/visitor.h"
#include "core/learn/lesson.h"
#include "core/learn/window_parts.h"
#include "core/sweep/results_table.h"
#include "core/sweep/sweep.h"
#include "core/training/metrics_csv.h"

// What resources/help/formats.md says of keys, names and options is made of the program's own tables, between two comments:
//     <!-- generated: keys task -->  ...  <!-- end -->
// tests/write_formats.sh writes it anew, a test says when it is stale. The rest of the page is prose.

namespace lab::formats {

inline QString text(std::string_view bytes) {
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

inline QString code(const QString& name) {
    return QLatin1Char('`') + name + QLatin1Char('`');
}

/// A cell's bar would end it.
inline QString cell(QString words) {
    return words.replace(QLatin1Char('|'), QStringLiteral("\\|"));
}

inline QString row(const QStringList& cells) {
    return QStringLiteral("| ") + cells.join(QStringLiteral(" | ")) + QStringLiteral(" |\n");
}

inline QString header(const QStringList& titles) {
    return row(titles) + QLatin1Char('|') + QStringLiteral("---|").repeated(titles.size()) + QLatin1Char('\n');
}

inline QString quoted(const std::vector<std::string>& names) {
    QStringList list;
    for (const std::string& name : names) list << code(text(name));
    return list.join(QStringLiteral(", "));
}

/// What a key takes: its choices, or its kind with limits.
inline QString valuesOf(const FieldInfo& field) {
    QString values = field.choices.empty() ? text(Message(kindText(field.kind)).english()) : quoted(field.choices);
    if (const std::string limits = field.limits.text().english(); field.choices.empty() && !limits.empty())
        values += QStringLiteral(", ") + text(limits);
    return values;
}

inline QString defaultOf(const FieldInfo& field) {
    if (const std::string value = field.defaultText(); !value.empty()) return code(text(value));
    if (field.presence == Presence::derived) return QStringLiteral("derived");
    return field.presence == Presence::required ? QStringLiteral("must be given") : QStringLiteral("empty");
}

/// Whether a key stands beneath a section: "task.kind" beneath "task"; "experiment" has those that lie in none.
inline bool isBeneath(const std::string& path, const QString& section) {
    if (section == QLatin1String("experiment")) return path.find('.') == std::string::npos;
    return text(path).startsWith(section + QLatin1Char('.'));
}

/// All keys beneath `section`, but for those beneath one of the page's longer sections.
inline QString keys(const QString& section, const QStringList& sections) {
    QString table = header({QStringLiteral("Key"), QStringLiteral("Value"), QStringLiteral("Default"), QStringLiteral("Meaning")});
    for (const FieldInfo& field : fieldTable()) {
        const bool elsewhere = std::any_of(sections.begin(), sections.end(), [&](const QString& other) {
            return other.size() > section.size() && isBeneath(field.path, other);
        });
        if (!isBeneath(field.path, section) || elsewhere) continue;
        table += row({code(text(field.path)), cell(valuesOf(field)), defaultOf(field), cell(text(field.help.english()))});
    }
    return table;
}

inline QString presetTable() {
    QString table = header({QStringLiteral("Preset"), QStringLiteral("What to look at")});
    for (const Preset& preset : presets()) table += row({code(text(preset.name)), cell(text(parseExperiment(preset.json).about))});
    return table;
}

/// A command's summary, its calls and its options.
inline QString command(const QString& name) {
    for (const Command& each : allCommands()) {
        if (text(each.name) != name) continue;
        QString part = text(each.summary) + QStringLiteral("\n\n```text\n");
        for (const std::string& synopsis : each.synopses) part += QStringLiteral("attention-lab %1 %2\n").arg(name, text(synopsis));
        part += QStringLiteral("```\n\n") + header({QStringLiteral("Option"), QStringLiteral("Meaning")});
        for (const Option& option : each.options) {
            const std::string call = option.name + (option.placeholder.empty() ? "" : " " + option.placeholder);
            part += row({code(text(call)), cell(text(option.help))});
        }
        return part;
    }
    return QStringLiteral("There is no command %1.\n").arg(name);
}

template <class Named>
QString list(const std::vector<Named>& all) {
    std::vector<std::string> names;
    for (const Named& each : all) names.emplace_back(each.name);
    return quoted(names) + QStringLiteral("\n");
}

inline QString lessonIds() {
    std::vector<std::string> ids;
    for (const LessonRow& row : lessons()) ids.push_back(row.lesson.id);
    return quoted(ids) + QStringLiteral("\n");
}

inline QString partNames() {
    return quoted({windowParts().begin(), windowParts().end()}) + QStringLiteral("\n");
}

inline QString columns(const QString& table) {
    if (table == QLatin1String("metrics")) return code(text(metricsHeader())) + QLatin1Char('\n');
    QStringList names;
    for (const std::string& column : resultColumns()) names << text(column);
    return code(names.join(QLatin1Char(','))) + QLatin1Char('\n');
}

/// What belongs between the two comments; `sections` are those of the page's tables of keys.
inline QString part(const QString& kind, const QString& name, const QStringList& sections) {
    if (kind == QLatin1String("keys")) return keys(name, sections);
    if (kind == QLatin1String("command")) return command(name);
    if (kind == QLatin1String("columns")) return columns(name);
    if (name == QLatin1String("presets")) return presetTable();
    if (name == QLatin1String("sweeps")) return list(builtInSweeps());
    if (name == QLatin1String("comparisons")) return list(comparisonTexts());
    if (name == QLatin1String("lessons")) return lessonIds();
    if (name == QLatin1String("parts")) return partNames();
    return QStringLiteral("Nothing is known of %1 %2.\n").arg(kind, name);
}

inline const QRegularExpression& generatedParts() {
    static const QRegularExpression parts(QStringLiteral("(<!-- generated: (\\S+) (\\S+) -->\\n).*?(<!-- end -->\\n)"),
                                          QRegularExpression::DotMatchesEverythingOption);
    return parts;
}

/// The names of the generated parts of one kind, in the page's order.
inline QStringList namesOf(const QString& page, const QString& kind) {
    QStringList names;
    for (auto found = generatedParts().globalMatch(page); found.hasNext();)
        if (const auto part = found.next(); part.captured(2) == kind) names << part.captured(3);
    return names;
}

/// The page with all generated parts as they should be.
inline QString regenerated(const QString& page) {
    const QStringList sections = namesOf(page, QStringLiteral("keys"));
    QString result;
    qsizetype end = 0;
    for (auto found = generatedParts().globalMatch(page); found.hasNext();) {
        const auto match = found.next();
        result += page.mid(end, match.capturedStart() - end) + match.captured(1);
        result += part(match.captured(2), match.captured(3), sections) + match.captured(4);
        end = match.capturedEnd();
    }
    return result + page.mid(end);
}

inline QString pagePath() {
    return QStringLiteral(LAB_SOURCE_DIR "/resources/help/formats.md");
}

inline QString page() {
    QFile file(pagePath());
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

}  // namespace lab::formats
