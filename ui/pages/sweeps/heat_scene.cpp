#include "ui/pages/sweeps/heat_scene.h"

#include <QCoreApplication>
#include <algorithm>
#include <limits>

#include "ui/text/message_text.h"

namespace lab {
namespace {

struct HeatSceneWords {
    Q_DECLARE_TR_FUNCTIONS(HeatScene)
};

std::vector<QString> namesOf(const std::vector<std::string>& values) {
    std::vector<QString> names;
    for (const std::string& value : values) names.push_back(QString::fromStdString(value));
    return names;
}

/// A mean with how many runs it is of; a cross where all diverged.
MapCellText textOf(const HeatScene& scene, const RowGroup& group) {
    const bool diverged = group.diverged > 0;
    if (!group.mean) {
        const bool cross = group.rows > 0 && diverged;
        return {cross ? QStringLiteral("\u00D7") : QStringLiteral("\u2013"), {}, diverged ? Role::wrong : Role::muted};
    }
    const QString count = HeatSceneWords::tr("n %1").arg(group.numbers.size());
    return {scene.number.written(*group.mean * scene.number.factor),
            diverged ? HeatSceneWords::tr("%1, %2 div.").arg(count).arg(group.diverged) : count};
}

}  // namespace

const RowGroup& HeatScene::group(MapCell cell) const {
    return table.cell(static_cast<std::size_t>(cell.row), static_cast<std::size_t>(cell.column));
}

std::optional<double> HeatScene::meanShown(MapCell cell) const {
    if (!cell.valid() || !group(cell).mean) return std::nullopt;
    return *group(cell).mean * number.factor;
}

MapContent HeatScene::content() const {
    MapContent content;
    content.rows = rowName;
    content.columns = columnName;
    content.rowNames = namesOf(table.rows);
    content.columnNames = namesOf(table.columns);
    content.quantity = number.title;
    std::vector<float> means;
    for (const RowGroup& cell : table.cells)
        means.push_back(cell.mean ? static_cast<float>(*cell.mean * number.factor) : std::numeric_limits<float>::quiet_NaN());
    if (!empty())
        content.picture.set(mapOf(std::move(means), static_cast<int>(table.rows.size()), static_cast<int>(table.columns.size())), scaling);
    content.texts = [scene = *this](MapCell cell) { return textOf(scene, scene.group(cell)); };
    return content;
}

QString HeatScene::name() const {
    return empty() ? HeatSceneWords::tr("Heat table")
                   : HeatSceneWords::tr("Heat table of %1 by %2 and %3").arg(number.title, rowName, columnName);
}

QString HeatScene::describe(std::size_t row, std::size_t column) const {
    const RowGroup& group = table.cell(row, column);
    QString where = QStringLiteral("%1 %2").arg(rowName, QString::fromStdString(table.rows[row]));
    if (!columnName.isEmpty()) where += QStringLiteral(", %1 %2").arg(columnName, QString::fromStdString(table.columns[column]));
    const QString diverged = group.diverged > 0 ? HeatSceneWords::tr("%n diverged.", nullptr, group.diverged) : QString();
    if (group.rows == 0) return HeatSceneWords::tr("%1: no runs").arg(where);
    if (!group.mean) return sentences({HeatSceneWords::tr("%1: no number.").arg(where), diverged});
    const bool several = group.numbers.size() > 1;
    Message text = Message(several ? LAB_PLURAL("sweeps", "%1: %2 %3, mean of %n run(s), \u00B1 %4 (standard deviation), from %5 to %6.")
                                   : LAB_PLURAL("sweeps", "%1: %2 %3, mean of %n run(s)."))
                       .count(std::ssize(group.numbers))
                       .arg(where.toStdString())
                       .arg(number.title.toStdString())
                       .arg(number.text(group.mean).toStdString());
    if (several)
        for (const double value : {group.deviation, group.low, group.high}) text.arg(number.text(value).toStdString());
    return sentences({shown(text), diverged});
}

QString HeatScene::countSentence() const {
    std::size_t least = 0, most = 0;
    for (const RowGroup& group : table.cells) {
        if (!group.mean) continue;
        least = least == 0 ? group.numbers.size() : std::min(least, group.numbers.size());
        most = std::max(most, group.numbers.size());
    }
    if (most == 0) return {};
    if (least == most)
        return most == 1 ? HeatSceneWords::tr("one run each")
                         : counted(LAB_PLURAL("sweeps", "means of %n run(s)"), static_cast<std::int64_t>(most));
    return counted(LAB_PLURAL("sweeps", "means of %1 to %n run(s)"), static_cast<std::int64_t>(most), {QString::number(least)});
}

}  // namespace lab
