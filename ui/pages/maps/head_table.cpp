#include "ui/pages/maps/head_table.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/series_pen.h"
#include "ui/widgets/table/sort_header.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int headTableTableRow = 20;
constexpr int headTablePadding = 6;
constexpr int headTableBarWidth = 34;
constexpr int leastMetric = 48, mostMetric = 92;
constexpr int leastTraining = 84, mostTraining = 480, leastBriefTraining = 48;

bool isMetricColumn(int column) {
    return column >= HeadTable::firstMetric && column < HeadTable::trainingColumn;
}

HeadMetric metricOfColumn(int column) {
    return headMetricList[static_cast<std::size_t>(column - HeadTable::firstMetric)];
}

int columnOf(HeadMetric metric) {
    return HeadTable::firstMetric + static_cast<int>(metric);
}

void paintBadge(QPainter& painter, const QRectF& room, const HeadBadge& badge) {
    const QSize size = Badge::sizeOf(badge.text);
    const double left = room.left() - (badge.kind == Badge::Kind::plain ? Theme::instance().px(4) : 0);
    Badge::paint(painter, QRect(QPoint(static_cast<int>(left), room.toRect().center().y() - size.height() / 2 + 1), size), badge.text,
                 badge.kind);
}

}  // namespace

HeadTable::HeadTable(QWidget* parent) : DataTable(tr("Head metrics"), headTableTableRow, parent) {
    nameColumns();
    sortByColumn(columnOf(m_chosen), false);
    connect(this, &DataTable::rowOpened, this, [this](std::size_t row) { emit headOpened(m_rows[row].block, m_rows[row].head); });
    connect(this, &DataTable::rowChosen, this, [this](std::size_t row) {
        if (row == selected()) return;
        m_block = m_rows[row].block;
        m_head = m_rows[row].head;
        emit headSelected(m_block, m_head);
    });
}

void HeadTable::nameColumns() {
    std::vector<TableColumn> columns(1);
    columns[0] = {"head", tr("head"), tr("L = layer, H = head, from 0."), Qt::AlignLeft, true};
    columns[0].cell = [this](std::size_t row) { return TableCell{m_rows[row].name, Role::text, true}; };
    columns[0].number = [](std::size_t row) { return static_cast<double>(row); };
    columns[0].toolTip = [this](std::size_t row) {
        return tr("%1: %2").arg(m_rows[row].name, m_rows[row].name) + QLatin1Char('\n') + tr("Enter opens its map.");
    };
    columns.push_back(kindsColumn());
    for (const HeadMetric metric : headMetricList) columns.push_back(metricColumn(metric));
    columns.push_back(seriesColumn());
    columns.push_back(formationColumn());
    if (hasSpans()) columns.push_back(spansColumn());
    setColumns(std::move(columns));
    hideColumns();
}

void HeadTable::hideColumns() {
    for (const HeadMetric metric : headMetricList)
        setColumnHidden(columnOf(metric), (m_brief && metric != m_chosen) || (metric == HeadMetric::agreement && !m_pattern));
    if (hasSpans()) setColumnHidden(spanColumn, m_brief);
}

void HeadTable::setBrief(bool brief) {
    if (m_brief == brief) return;
    m_brief = brief;
    hideColumns();
    arrangeColumns();
}

TableColumn HeadTable::kindsColumn() const {
    TableColumn column{"kind", tr("kind")};
    column.help = tr("What a head does: the pattern that holds enough of its weight, half-way from what evenly spread weight "
                     "would put there to all of it; uniform when it uses %1 of the keys it may see or more; else mixed.")
                      .arg(percent(almostEven, 0));
    column.side = Qt::AlignLeft;
    column.upwards = true;
    column.cell = [this](std::size_t row) { return TableCell{m_rows[row].badge.text}; };
    column.toolTip = [this](std::size_t row) { return m_rows[row].badge.help; };
    column.paint = [this](QPainter& painter, const QRectF& room, std::size_t row) { paintBadge(painter, room, m_rows[row].badge); };
    return column;
}

TableColumn HeadTable::metricColumn(HeadMetric metric) const {
    const QString title = metricTitle(metric, m_pattern), help = metricHelp(metric, m_pattern);
    TableColumn column{headMetricName(metric), title, help};
    const bool bar = metric == m_chosen && isMass(metric);
    column.bar = bar ? headTableBarWidth : 0;
    column.cell = [this, metric, bar](std::size_t row) {
        const double value = m_rows[row].metrics[metric];
        TableCell cell = std::isnan(value) ? noNumber() : TableCell{metricText(metric, value)};
        if (bar) cell.bar = value;
        return cell;
    };
    column.number = [this, metric](std::size_t row) { return m_rows[row].metrics[metric]; };
    column.toolTip = [this, metric, title, help](std::size_t row) {
        return tr("%1, %2: %3").arg(m_rows[row].name, title, metricText(metric, m_rows[row].metrics[metric])) + QLatin1Char('\n') + help;
    };
    return column;
}

TableColumn HeadTable::seriesColumn() const {
    TableColumn column{"formed_by", tr("%1 over training").arg(metricTitle(m_chosen, m_pattern)),
                       tr("The chosen metric at every kept step, on this input."), Qt::AlignLeft};
    column.cell = [](std::size_t) { return TableCell{}; };
    column.number = [this](std::size_t row) {
        const std::vector<double>& series = m_rows[row].series;
        return series.size() > 1 ? series.back() - series.front() : std::nan("");
    };
    column.written = [this](std::size_t) { return headMetricName(m_chosen); };
    column.spoken = [this](std::size_t row) { return seriesText(m_rows[row]); };
    column.toolTip = [this](std::size_t row) {
        return tr("%1: %2").arg(m_rows[row].name, seriesText(m_rows[row])) + QLatin1Char('\n') + tr("Enter opens its map.");
    };
    column.paint = [this](QPainter& painter, const QRectF& room, std::size_t row) { paintSeries(painter, room, m_rows[row]); };
    return column;
}

TableColumn HeadTable::formationColumn() const {
    TableColumn column{"formed_step", tr("formed")};
    column.help = tr("The first kept step from which on the chosen share stays at or above half of its final value; "
                     "muted where that ends below %1. A dash: not a share, there from the start, or no step between is kept.")
                      .arg(percent(mostOfTheWeight, 0));
    column.upwards = true;
    const auto said = [this](std::size_t row) {
        const auto& formation = m_rows[row].formation;
        return formation ? grouped(formation->step) : m_hint.isEmpty() ? noNumber().text : m_hint;
    };
    column.cell = [this, said](std::size_t row) {
        // Half of a share that is none of the head's patterns: a number, but no formation.
        const auto& formation = m_rows[row].formation;
        const bool formed = formation && formation->finalValue >= mostOfTheWeight;
        return TableCell{said(row), formed ? Role::text : Role::muted};
    };
    column.number = [this](std::size_t row) {
        return m_rows[row].formation ? static_cast<double>(m_rows[row].formation->step) : std::nan("");
    };
    column.spoken = [this, said](std::size_t row) { return m_rows[row].formation ? tr("step %1").arg(said(row)) : said(row); };
    column.toolTip = [this, said](std::size_t row) {
        const auto& formation = m_rows[row].formation;
        if (!formation) return tr("%1: %2").arg(m_rows[row].name, said(row)) + QLatin1Char('\n') + tr("Enter opens its map.");
        return tr("From step %1 on it stays at or above half of its final %2; at step %3, the kept one before, it was below.")
            .arg(grouped(formation->step), metricText(m_chosen, formation->finalValue), grouped(formation->stepBefore));
    };
    return column;
}

TableColumn HeadTable::spansColumn() const {
    TableColumn column{"span", tr("span")};
    column.help =
        tr("Keys up to so many tokens away count in full: what the head has learned by this step. A dash: it learns none, or this "
           "step\u2019s weights are not kept.");
    column.cell = [this](std::size_t row) { return m_rows[row].span ? TableCell{fixed(*m_rows[row].span, 1)} : noNumber(); };
    column.number = [this](std::size_t row) { return m_rows[row].span.value_or(std::nan("")); };
    column.toolTip = [this, help = column.help](std::size_t row) {
        const QString said = m_rows[row].span ? fixed(*m_rows[row].span, 1) : noNumber().text;
        return tr("%1, span: %2").arg(m_rows[row].name, said) + QLatin1Char('\n') + help;
    };
    return column;
}

bool HeadTable::hasSpans() const {
    return std::ranges::any_of(m_rows, [](const HeadRow& row) { return row.span.has_value(); });
}

QString HeadTable::seriesText(const HeadRow& row) const {
    if (row.series.size() < 2) return tr("not measured yet");
    return tr("from %1 at step %2 to %3 at step %4")
        .arg(metricText(m_chosen, row.series.front()), grouped(m_steps.front()), metricText(m_chosen, row.series.back()),
             grouped(m_steps.back()));
}

void HeadTable::paintSeries(QPainter& painter, const QRectF& cell, const HeadRow& row) const {
    const Theme& theme = Theme::instance();
    const QRectF room = cell.adjusted(0, theme.px(3), 0, -theme.px(3));
    drawHairline(painter, room.bottomLeft(), room.bottomRight(), theme.color(Role::hairline));
    if (row.series.size() < 2 || row.series.size() != m_steps.size()) return;
    const double first = static_cast<double>(m_steps.front()), last = static_cast<double>(m_steps.back());
    double top = isMass(m_chosen) || m_chosen == HeadMetric::entropy ? 1.0 : 1e-9;
    for (const double value : row.series)
        if (std::isfinite(value)) top = std::max(top, value);
    const auto x = [&](std::int64_t step) {
        return room.left() + room.width() * (static_cast<double>(step) - first) / std::max(last - first, 1.0);
    };
    QPolygonF line;
    for (std::size_t i = 0; i < row.series.size(); ++i)
        if (std::isfinite(row.series[i])) line << QPointF(x(m_steps[i]), room.bottom() - room.height() * row.series[i] / top);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_shownStep >= m_steps.front() && m_shownStep <= m_steps.back()) {
        painter.setPen(QPen(theme.color(Role::accent), theme.px(2)));
        painter.drawLine(QPointF(x(m_shownStep), room.top()), QPointF(x(m_shownStep), room.bottom()));
    }
    painter.setPen(seriesPen(Role::series1, 1.5));
    painter.drawPolyline(line);
    if (!row.formation) return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(Role::text));
    const auto formed = std::lower_bound(m_steps.begin(), m_steps.end(), row.formation->step) - m_steps.begin();
    const double value = row.series[static_cast<std::size_t>(formed)];
    painter.drawEllipse(QPointF(x(row.formation->step), room.bottom() - room.height() * value / top), theme.px(2.5), theme.px(2.5));
}

void HeadTable::setRows(std::vector<HeadRow> rows, const std::optional<SourcePattern>& pattern, std::vector<std::int64_t> seriesSteps) {
    const bool hadSpans = hasSpans();
    m_rows = std::move(rows);
    m_steps = std::move(seriesSteps);
    const bool otherSpans = hadSpans != hasSpans(), otherColumns = otherSpans || m_pattern.has_value() != pattern.has_value();
    if (otherSpans) {
        showAll(0, std::nullopt);  // the rows that stand there may be of more heads
        if (sortColumn() == spanColumn) header().setSorted(columnOf(m_chosen), false);
    }
    if (m_pattern != pattern || otherSpans) {
        m_pattern = pattern;
        nameColumns();
    }
    showAll(m_rows.size(), selected());
    if (otherColumns) arrangeColumns();
}

std::optional<std::size_t> HeadTable::selected() const {
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        if (m_rows[i].block == m_block && m_rows[i].head == m_head) return i;
    return std::nullopt;
}

void HeadTable::setChosen(HeadMetric metric) {
    if (m_chosen == metric && sortColumn() == columnOf(metric)) return;
    m_chosen = metric;
    nameColumns();
    sortByColumn(columnOf(metric), false);
}

void HeadTable::titlePressed(int column) {
    const bool other = isMetricColumn(column) && metricOfColumn(column) != m_chosen;
    if (other) m_chosen = metricOfColumn(column);
    if (other) nameColumns();
    DataTable::titlePressed(column);
    if (other) emit chosenChanged(m_chosen);
}

void HeadTable::setSelected(int block, int head) {
    m_block = block;
    m_head = head;
    DataTable::setChosen(selected());
}

/// Numbers get what they need and a little more where there is room; the sparkline the rest.
void HeadTable::arrangeColumns() {
    const Theme& theme = Theme::instance();
    const int name = roomFor(nameColumn, theme.px(64)), formed = theme.px(68);
    int kind = theme.px(72);
    for (const HeadRow& row : m_rows) kind = std::max(kind, Badge::sizeOf(row.badge.text).width() + 2 * theme.px(headTablePadding));
    const int bar = isMass(m_chosen) ? barRoom(theme.px(headTableBarWidth)) : 0;
    const int metrics = m_brief ? 1 : static_cast<int>(headMetricCount) - (m_pattern ? 0 : 1);
    const int span = columns().size() > spanColumn && !m_brief ? theme.px(56) : 0;
    const int room = viewport()->width() - name - kind - formed - bar - span;
    const int each = std::clamp((room - theme.px(120)) / metrics, theme.px(leastMetric), theme.px(mostMetric));
    setColumnWidth(nameColumn, name);
    setColumnWidth(kindColumn, kind);
    for (const HeadMetric metric : headMetricList) setColumnWidth(columnOf(metric), each + (metric == m_chosen ? bar : 0));
    const int training = std::clamp(room - each * metrics, theme.px(m_brief ? leastBriefTraining : leastTraining), theme.px(mostTraining));
    setColumnWidth(trainingColumn, training);
    if (span > 0) setColumnWidth(spanColumn, span);
    setColumnWidth(formedColumn, std::max(formed, room - each * metrics - training + formed));
}

}  // namespace lab
