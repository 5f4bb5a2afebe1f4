#include "ui/pages/text/cleaning_table.h"

#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ui/pages/text/column_room.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

constexpr int ruleRow = 18, boxSide = 12, barWidth = 34;  // logical px at 100 %

const CleaningRule& ruleOf(std::size_t row) {
    return CleaningRule::table()[row];
}

void paintBox(QPainter& painter, const QRectF& room, bool on) {
    const Theme& theme = Theme::instance();
    const double side = theme.px(boxSide);
    const QRectF box(room.left(), room.center().y() - side / 2, side, side);
    drawFrame(painter, box, theme.px(2), theme.color(on ? Role::accent : Role::controlBorder),
              theme.color(on ? Role::selection : Role::control));
    if (!on) return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.color(Role::accent), 2 * theme.scale(), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const auto at = [&](double x, double y) { return box.topLeft() + QPointF(x * side, y * side); };
    painter.drawPolyline(QPolygonF({at(.22, .52), at(.43, .74), at(.78, .28)}));
    painter.restore();
}

}  // namespace

CleaningTable::CleaningTable(QWidget* parent) : DataTable(tr("Rules of cleaning"), ruleRow, parent) {
    std::vector<TableColumn> columns;
    columns.push_back(boxes());
    columns.push_back({"rule", tr("rule, in this order"), tr("What is done to the text"), Qt::AlignLeft, true});
    columns.back().cell = [this](std::size_t row) { return TableCell{shown(ruleOf(row).title), isOn(row) ? Role::text : Role::muted}; };
    columns.back().number = [](std::size_t row) { return static_cast<double>(row); };
    columns.back().written = [](std::size_t row) { return std::string(ruleOf(row).name); };
    columns.back().toolTip = [](std::size_t row) {
        return shown(ruleOf(row).help) + QLatin1Char('\n') +
               tr("A click or F3 goes to the next place that it changed. Space switches it on or off.");
    };
    columns.push_back({"example", tr("example"), tr("What it finds, and what becomes of it"), Qt::AlignLeft, true});
    columns.back().cell = [](std::size_t row) { return TableCell{shown(ruleOf(row).example), Role::muted}; };
    columns.push_back(changes());
    setColumns(std::move(columns));
    connect(this, &DataTable::rowOpened, this, [this](std::size_t row) { emit ruleSwitched(row, !isOn(row)); });
}

TableColumn CleaningTable::boxes() const {
    TableColumn column{"on", tr("on"), tr("Whether it is applied"), Qt::AlignLeft};
    column.cell = [](std::size_t) { return TableCell{}; };
    column.number = [this](std::size_t row) { return isOn(row) ? 1.0 : 0.0; };
    column.spoken = [this](std::size_t row) { return isOn(row) ? tr("on") : tr("off"); };
    column.paint = [this](QPainter& painter, const QRectF& room, std::size_t row) { paintBox(painter, room, isOn(row)); };
    return column;
}

TableColumn CleaningTable::changes() const {
    TableColumn column{"places", tr("changed"), tr("Places that it changed")};
    column.cell = [this](std::size_t row) {
        TableCell cell{changedText(row), isOn(row) ? Role::text : Role::muted};
        const CleaningCount* own = count(row);
        cell.bar = own && own->on ? static_cast<double>(own->places) / static_cast<double>(std::max<std::int64_t>(1, mostPlaces())) : 0;
        return cell;
    };
    column.number = [this](std::size_t row) { return count(row) ? static_cast<double>(count(row)->places) : std::nan(""); };
    column.bar = barWidth;
    return column;
}

QString CleaningTable::changedText(std::size_t rule) const {
    if (!isOn(rule)) return tr("off");
    const CleaningCount* own = count(rule);
    if (m_view && !m_view->texts) return QStringLiteral("\u2013");  // the run does not keep what was changed
    return own && own->on ? grouped(own->places) : QStringLiteral("\u2026");
}

std::int64_t CleaningTable::mostPlaces() const {
    if (!m_view) return 0;
    const auto& rows = m_view->corpus.report.rows;
    return std::ranges::max_element(rows, {}, &CleaningCount::places)->places;
}

const CleaningCount* CleaningTable::count(std::size_t rule) const {
    return m_view ? &m_view->corpus.report.rows[rule] : nullptr;
}

void CleaningTable::setDraft(const CorpusSettings& settings, std::shared_ptr<const CorpusView> view) {
    m_rules = CleaningRules(settings.cleaning);
    m_view = std::move(view);
    const auto cursor = chosen();
    if (places().size() == CleaningRule::table().size())
        viewport()->update();
    else
        showAll(CleaningRule::table().size(), cursor);
}

void CleaningTable::arrangeColumns() {
    constexpr int exampleColumn = 2, enough = 340;  // px at 100 % from which on there is room for examples, too
    setColumnHidden(exampleColumn, viewport()->width() < Theme::instance().px(enough));
    giveRoom(*this, columns(), {{}, {{}, .64}, {{}, .36}, {grouped(99999)}});
}

void CleaningTable::keyPressEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Space || !chosen()) return DataTable::keyPressEvent(event);
    emit ruleSwitched(*chosen(), !isOn(*chosen()));
}

void CleaningTable::mousePressEvent(QMouseEvent* event) {
    const auto before = chosen();
    DataTable::mousePressEvent(event);
    const QModelIndex at = indexAt(event->pos());
    if (event->button() != Qt::LeftButton || !at.isValid()) return;
    const std::size_t rule = places()[static_cast<std::size_t>(at.row())];
    if (at.column() == boxColumn)
        emit ruleSwitched(rule, !isOn(rule));
    else if (before == rule)
        emit rowChosen(rule);  // once more: its next place
}

}  // namespace lab
