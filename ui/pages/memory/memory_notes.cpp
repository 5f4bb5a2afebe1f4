#include "ui/pages/memory/memory_notes.h"

#include <QJsonArray>
#include <algorithm>

#include "ui/pages/memory/memory_state.h"

namespace lab {
namespace {

const QString nameKey = QStringLiteral("name"), rowsKey = QStringLiteral("rows"), columnsKey = QStringLiteral("columns"),
              pixelsKey = QStringLiteral("pixels");

QJsonObject notesOfPattern(const Pattern& pattern) {
    QString pixels;
    pixels.reserve(static_cast<qsizetype>(pattern.states.size()));
    for (const auto state : pattern.states) pixels += state > 0 ? QLatin1Char('1') : QLatin1Char('0');
    return {{nameKey, QString::fromStdString(pattern.name)}, {rowsKey, pattern.rows}, {columnsKey, pattern.columns}, {pixelsKey, pixels}};
}

/// Empty where the notes make no picture.
Pattern patternOf(const QJsonObject& notes) {
    Pattern pattern;
    const int rows = notes[rowsKey].toInt(), columns = notes[columnsKey].toInt();
    const QString pixels = notes[pixelsKey].toString();
    const bool sized = rows > 0 && columns > 0 && rows <= mostPatternSide && columns <= mostPatternSide &&
                       rows * columns <= mostPatternPixels && pixels.size() == rows * columns;
    if (!sized || !std::ranges::all_of(pixels, [](QChar each) { return each == u'0' || each == u'1'; })) return pattern;
    pattern = blankPattern(rows, columns, notes[nameKey].toString().toStdString());
    for (int i = 0; i < rows * columns; ++i)
        if (pixels[i] == u'1') pattern.states[static_cast<std::size_t>(i)] = 1;
    return pattern;
}

}  // namespace

QJsonObject notesOf(const MemoryValue& value) {
    QJsonArray patterns;
    for (const Pattern& pattern : value.patterns) patterns.append(notesOfPattern(pattern));
    return {{QStringLiteral("patterns"), patterns},
            {QStringLiteral("chosen"), value.chosen},
            {QStringLiteral("query"), notesOfPattern(value.query)},
            {QStringLiteral("noise"), value.noise},
            {QStringLiteral("seed"), QString::number(value.seed)},
            {QStringLiteral("rule"), QString::fromStdString(value.rule)},
            {QStringLiteral("synchronous"), value.synchronous},
            {QStringLiteral("beta"), value.beta}};
}

MemoryValue memoryOf(const QJsonObject& notes, const MemoryValue& otherwise) {
    MemoryValue value = otherwise;
    if (const QJsonValue patterns = notes[QStringLiteral("patterns")]; patterns.isArray()) {
        value.patterns.clear();
        for (const QJsonValue& each : patterns.toArray())
            if (Pattern pattern = patternOf(each.toObject()); pattern.pixels() > 0) value.patterns.push_back(std::move(pattern));
    }
    value.chosen = notes[QStringLiteral("chosen")].toInt(value.chosen);
    value.noise = notes[QStringLiteral("noise")].toInt(value.noise);
    bool read = false;
    if (const qulonglong seed = notes[QStringLiteral("seed")].toString().toULongLong(&read); read) value.seed = seed;
    value.rule = notes[QStringLiteral("rule")].toString(QString::fromStdString(value.rule)).toStdString();
    value.synchronous = notes[QStringLiteral("synchronous")].toBool(value.synchronous);
    value.beta = notes[QStringLiteral("beta")].toDouble(value.beta);
    if (Pattern query = patternOf(notes[QStringLiteral("query")].toObject()); query.pixels() > 0) value.query = std::move(query);
    return value;
}

}  // namespace lab
