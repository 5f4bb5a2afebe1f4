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
#include "core/learn/stream_functions.h"
#include "core/learn/window_parts.h"
#include "core/sweep/results_table.h"
#include "core/sweep/sweep.h"
#include "core/training/metrics_csv.h"
#include "ui/text/data_text.h"
#include "ui/text/language.h"
#include "ui/text/message_text.h"

// What resources/help/formats.md says of keys, names and options is made of the program's own tables, between two comments:
//     <!-- generated: keys task -->  ...  <!-- end -->
// tests/write_formats.sh writes it anew, a test says when it is stale. The rest of the page is prose. A page in another language,
// formats.CODE.md, has the same parts in the words of that language; what commands say of themselves is English in all.

namespace lab::formats {

/// What the tables say around what the program's own tables have.
struct PageWords {
    const char* language;
    const char *key, *value, *standard, *meaning, *preset, *look, *option, *function;
    const char *derived, *required, *empty;
};

inline const PageWords& wordsOf(const QString& language) {
    static constexpr PageWords all[] = {
        {"en", "Key", "Value", "Default", "Meaning", "Preset", "What to look at", "Option", "Function", "derived", "must be given",
         "empty"},
        {"de", "Schl\u00FCssel", "Wert", "Standardwert", "Bedeutung", "Voreinstellung", "Was zu sehen ist", "Option", "Funktion",
         "abgeleitet", "muss angegeben werden", "leer"},
    };
    const auto found = std::ranges::find(all, language, [](const PageWords& words) { return QString::fromLatin1(words.language); });
    return found == std::end(all) ? all[0] : *found;
}

/// Of the language in use.
inline QString said(const char* PageWords::*word) {
    return QString::fromUtf8(wordsOf(language()).*word);
}

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
    QString values = field.choices.empty() ? shown(Message(kindText(field.kind))) : quoted(field.choices);
    if (const QString limits = shown(field.limits.text()); field.choices.empty() && !limits.isEmpty())
        values += QStringLiteral(", ") + limits;
    return values;
}

inline QString defaultOf(const FieldInfo& field) {
    if (const std::string value = field.defaultText(); !value.empty()) return code(text(value));
    if (field.presence == Presence::derived) return said(&PageWords::derived);
    return said(field.presence == Presence::required ? &PageWords::required : &PageWords::empty);
}

/// Whether a key stands beneath a section: "task.kind" beneath "task"; "experiment" has those that lie in none.
inline bool isBeneath(const std::string& path, const QString& section) {
    if (section == QLatin1String("experiment")) return path.find('.') == std::string::npos;
    return text(path).startsWith(section + QLatin1Char('.'));
}

/// All keys beneath `section`, but for those beneath one of the page's longer sections.
inline QString keys(const QString& section, const QStringList& sections) {
    QString table = header({said(&PageWords::key), said(&PageWords::value), said(&PageWords::standard), said(&PageWords::meaning)});
    for (const FieldInfo& field : fieldTable()) {
        const bool elsewhere = std::any_of(sections.begin(), sections.end(), [&](const QString& other) {
            return other.size() > section.size() && isBeneath(field.path, other);
        });
        if (!isBeneath(field.path, section) || elsewhere) continue;
        table += row({code(text(field.path)), cell(valuesOf(field)), defaultOf(field), cell(shown(field.help))});
    }
    return table;
}

inline QString presetTable() {
    QString table = header({said(&PageWords::preset), said(&PageWords::look)});
    for (const Preset& preset : presets())
        table += row({code(text(preset.name)), cell(dataText(DataFiles::presets, parseExperiment(preset.json).about))});
    return table;
}

/// A command's summary, its calls and its options.
inline QString command(const QString& name) {
    for (const Command& each : allCommands()) {
        if (text(each.name) != name) continue;
        QString part = text(each.summary) + QStringLiteral("\n\n```text\n");
        for (const std::string& synopsis : each.synopses) part += QStringLiteral("attention-lab %1 %2\n").arg(name, text(synopsis));
        part += QStringLiteral("```\n\n") + header({said(&PageWords::option), said(&PageWords::meaning)});
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

/// "lens(place, position, class)"
inline QString callOf(const StreamFunctionSpec& function) {
    QStringList arguments = text(function.arguments).split(QLatin1Char(' '));
    const bool lastMayGo = arguments.last().startsWith(QLatin1Char('['));
    QString call = text(function.name) + QLatin1Char('(');
    if (lastMayGo) arguments.last() = arguments.last().mid(1);
    const QString last = arguments.takeLast();
    call += arguments.join(QStringLiteral(", "));
    if (lastMayGo) return call + QStringLiteral(" [, %1])").arg(last);
    return call + (arguments.isEmpty() ? QString() : QStringLiteral(", ")) + last + QLatin1Char(')');
}

inline QString streamFunctions() {
    QString table = header({said(&PageWords::function), said(&PageWords::meaning)});
    for (const StreamFunctionSpec& each : EnumRows<StreamFunction>::rows) table += row({code(callOf(each)), cell(shown(each.help))});
    return table;
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
    if (name == QLatin1String("stream-functions")) return streamFunctions();
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

/// Of a help page in a language: the English one has no code in its name.
inline QString pagePath(const QString& name = QStringLiteral("formats"), const QString& language = QStringLiteral("en")) {
    const QString code = language == QLatin1String("en") ? QString() : QLatin1Char('.') + language;
    return QStringLiteral(LAB_SOURCE_DIR "/resources/help/%1%2.md").arg(name, code);
}

inline QString page(const QString& name = QStringLiteral("formats"), const QString& language = QStringLiteral("en")) {
    QFile file(pagePath(name, language));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

}  // namespace lab::formats
