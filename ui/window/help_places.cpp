#include "ui/window/help_places.h"

#include <QCoreApplication>
#include <QFile>
#include <QRegularExpression>
#include <algorithm>

#include "core/config/comparisons.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/learn/lesson.h"
#include "core/pretrained/family.h"
#include "core/sweep/sweep.h"
#include "ui/lessons/lesson_list.h"
#include "ui/lessons/lesson_words.h"
#include "ui/text/data_text.h"
#include "ui/text/message_text.h"
#include "ui/window/key_groups.h"
#include "ui/window/page_table.h"

namespace lab {
namespace {

/// Its texts.
class HelpPlaces {
    Q_DECLARE_TR_FUNCTIONS(HelpPlaces)

public:
    static QString keys();
    static QString pages();
    static QString lessonRows();
    static QString presetRows();
    static QString comparisonRows();
    static QString sweepRows();
    static QString families();
    static QString commands();
};

struct HelpPlace {
    const char* name;
    QString (*markdown)();
};

constexpr HelpPlace placeRows[] = {
    {"keys", HelpPlaces::keys},
    {"pages", HelpPlaces::pages},
    {"lessons", HelpPlaces::lessonRows},
    {"presets", HelpPlaces::presetRows},
    {"comparisons", HelpPlaces::comparisonRows},
    {"sweeps", HelpPlaces::sweepRows},
    {"families", HelpPlaces::families},
    {"commands", HelpPlaces::commands},
};

/// A cell's bar would end it, and what Markdown takes for its own would go.
QString cellOf(QString text) {
    for (const QChar mark : {QLatin1Char('\\'), QLatin1Char('|'), QLatin1Char('*'), QLatin1Char('_'), QLatin1Char('['), QLatin1Char('<')})
        text.replace(mark, QString(QLatin1Char('\\')) + mark);
    return text.simplified();
}

QString codeOf(std::string_view name) {
    return QLatin1Char('`') + qt(name) + QLatin1Char('`');
}

QString tableRow(const QStringList& cells) {
    return QStringLiteral("| ") + cells.join(QStringLiteral(" | ")) + QStringLiteral(" |\n");
}

QString tableHead(const QStringList& titles) {
    return tableRow(titles) + QLatin1Char('|') + QStringLiteral("---|").repeated(titles.size()) + QLatin1Char('\n');
}

/// A table a group.
QString HelpPlaces::keys() {
    QStringList tables;
    for (const KeyGroup& group : keyGroups()) {
        QString table = tableHead({tr("Key"), cellOf(group.title)});
        for (const auto& [keys, what] : group.entries) table += tableRow({cellOf(keys), cellOf(what)});
        tables << table;
    }
    return tables.join(QLatin1Char('\n'));
}

QString HelpPlaces::pages() {
    QString table = tableHead({tr("Key"), tr("Page")});
    for (int i = 0; i < static_cast<int>(pageTable().size()); ++i)
        table += tableRow({cellOf(keyOfPage(i)), cellOf(pageTable()[static_cast<std::size_t>(i)].title())});
    return table;
}

QString HelpPlaces::lessonRows() {
    QString table = tableHead({tr("No."), tr("Lesson"), tr("Minutes"), tr("What it is about")});
    int number = 0;
    for (const LessonRow& row : lessons()) {
        const LessonTexts& texts = LessonList::textsOf(row);
        table += tableRow({QString::number(++number), cellOf(lessonPlain(texts.title)), QString::number(row.lesson.minutes),
                           cellOf(lessonPlain(texts.about))});
    }
    return table;
}

QString HelpPlaces::presetRows() {
    QString table = tableHead({tr("Preset"), tr("For commands"), tr("What to look at")});
    for (const Preset& preset : presets()) {
        const Experiment experiment = parseExperiment(preset.json);
        table += tableRow({cellOf(dataText(DataFiles::presets, experiment.name)), codeOf(preset.name),
                           cellOf(dataText(DataFiles::presets, experiment.about))});
    }
    return table;
}

QString HelpPlaces::comparisonRows() {
    QString table = tableHead({tr("Comparison"), tr("What to look at")});
    for (const ClassicComparison& each : comparisons())
        table += tableRow({cellOf(dataText(DataFiles::comparisons, each.name)), cellOf(dataText(DataFiles::comparisons, each.about))});
    return table;
}

QString HelpPlaces::sweepRows() {
    QString table = tableHead({tr("Sweep"), tr("Runs"), tr("What it asks")});
    for (const BuiltInSweep& each : builtInSweeps()) {
        const Sweep sweep = sweepNamed(std::string(each.name));
        table += tableRow({codeOf(each.name), QString::number(sweep.runCount()), cellOf(dataText(DataFiles::sweeps, sweep.about))});
    }
    return table;
}

QString HelpPlaces::families() {
    QStringList titles;
    for (const Family* family : Family::table()) titles << qt(family->title);
    return titles.join(QStringLiteral(", ")) + QStringLiteral(".\n");
}

/// What a command says of itself stands in the page on formats, which a test holds to the commands.
QString HelpPlaces::commands() {
    QFile formats(QStringLiteral(":/help/formats.md"));
    if (!formats.open(QIODevice::ReadOnly)) return {};
    static const QRegularExpression command(QStringLiteral("<!-- generated: command (\\S+) -->\\n([^\\n]+)\\n"));
    QString table = tableHead({tr("Command"), tr("What it does")});
    for (auto found = command.globalMatch(QString::fromUtf8(formats.readAll())); found.hasNext();) {
        const QRegularExpressionMatch match = found.next();
        table += tableRow({QLatin1Char('`') + match.captured(1) + QLatin1Char('`'), cellOf(match.captured(2))});
    }
    return table;
}

}  // namespace

QStringList helpPlaces() {
    QStringList names;
    for (const HelpPlace& place : placeRows) names << QLatin1String(place.name);
    return names;
}

QString withPlacesFilled(const QString& markdown) {
    QString text = markdown;
    for (const HelpPlace& place : placeRows) {
        const QString line = QStringLiteral("\n{%1}\n").arg(QLatin1String(place.name));
        if (text.contains(line)) text.replace(line, QLatin1Char('\n') + place.markdown());
    }
    return text;
}

}  // namespace lab
