#include "ui/pages/maps/head_table.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>
#include <cmath>

#include "core/base/number_text.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/series_pen.h"
#include "ui/widgets/sort_header.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int tableRow = 20;
constexpr int padding = 6;
constexpr int barWidth = 34;
constexpr int barHeight = 10;
constexpr int leastMetric = 48, mostMetric = 92;
constexpr int leastTraining = 84, mostTraining = 480;

bool isMetricColumn(int column) {
    return column >= HeadTable::firstMetric && column < HeadTable::trainingColumn;
}

HeadMetric metricOfColumn(int column) {
    return headMetricList[static_cast<std::size_t>(column - HeadTable::firstMetric)];
}

int columnOf(HeadMetric metric) {
    return HeadTable::firstMetric + static_cast<int>(metric);
}

}  // namespace

class HeadTable::Model : public QAbstractTableModel {
public:
    using QAbstractTableModel::QAbstractTableModel;

    std::vector<HeadRow> rows;
    std::optional<SourcePattern> pattern;
    std::vector<std::int64_t> steps;
    std::int64_t shownStep = 0;
    HeadMetric chosen = HeadMetric::agreement;
    int sortColumn = columnOf(HeadMetric::agreement);
    bool ascending = false;
    QString hint;

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(rows.size()); }
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : HeadTable::columnCount; }

    const HeadRow& row(int index) const { return rows[static_cast<std::size_t>(index)]; }

    QVariant data(const QModelIndex& index, int role) const override {
        if (!index.isValid()) return {};
        switch (role) {
            case Qt::DisplayRole:
                return text(row(index.row()), index.column());
            case Qt::AccessibleTextRole:
                return spoken(row(index.row()), index.column());
            case Qt::ToolTipRole:
                return help(row(index.row()), index.column());
            default:
                return {};
        }
    }

    QVariant headerData(int section, Qt::Orientation orientation, int role) const override {
        if (orientation != Qt::Horizontal) return {};
        if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole) return title(section);
        if (role == Qt::ToolTipRole) return titleHelp(section);
        return {};
    }

    void replace(std::vector<HeadRow> newRows) {
        const bool same = newRows.size() == rows.size();
        if (!same) beginResetModel();
        rows = std::move(newRows);
        sortRows();
        if (same)
            changedAll();
        else
            endResetModel();
    }

    void changedAll() {
        if (!rows.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    }

    void sortRows() {
        std::stable_sort(rows.begin(), rows.end(),
                         [](const HeadRow& a, const HeadRow& b) { return std::pair(a.block, a.head) < std::pair(b.block, b.head); });
        if (sortColumn == HeadTable::nameColumn) {
            if (!ascending) std::reverse(rows.begin(), rows.end());
            return;
        }
        std::stable_sort(rows.begin(), rows.end(), [this](const HeadRow& a, const HeadRow& b) { return before(a, b); });
    }

private:
    bool before(const HeadRow& a, const HeadRow& b) const {
        if (sortColumn == HeadTable::kindColumn) return ascending ? a.badge.text < b.badge.text : b.badge.text < a.badge.text;
        const double x = number(a), y = number(b);
        if (std::isnan(x) || std::isnan(y)) return !std::isnan(x) && std::isnan(y);  // dashes at the end
        return ascending ? x < y : y < x;
    }

    double number(const HeadRow& row) const {
        if (isMetricColumn(sortColumn)) return row.metrics[metricOfColumn(sortColumn)];
        if (sortColumn == HeadTable::formedColumn && row.formation) return static_cast<double>(row.formation->step);
        if (sortColumn == HeadTable::trainingColumn && row.series.size() > 1) return row.series.back() - row.series.front();
        return std::nan("");
    }

    QString title(int section) const {
        if (isMetricColumn(section)) return metricTitle(metricOfColumn(section), pattern);
        if (section == HeadTable::nameColumn) return HeadTable::tr("head");
        if (section == HeadTable::kindColumn) return HeadTable::tr("kind");
        if (section == HeadTable::trainingColumn) return HeadTable::tr("%1 over training").arg(metricTitle(chosen, pattern));
        return HeadTable::tr("formed");
    }

    QString titleHelp(int section) const {
        const QString how = QLatin1Char('\n') + HeadTable::tr("Click, or press S in this column, to sort by it.");
        if (isMetricColumn(section)) return metricHelp(metricOfColumn(section), pattern) + how;
        if (section == HeadTable::kindColumn)
            return HeadTable::tr(
                       "What a head does: the pattern that holds enough of its weight, half-way from what evenly spread weight "
                       "would put there to all of it; uniform when it uses %1 of the keys it may see or more; else mixed.")
                       .arg(percent(almostEven, 0)) +
                   how;
        if (section == HeadTable::trainingColumn) return HeadTable::tr("The chosen metric at every kept step, on this input.") + how;
        if (section == HeadTable::formedColumn)
            return HeadTable::tr(
                       "The first kept step from which on the chosen share stays at or above half of its final value; "
                       "muted where that ends below %1. A dash: not a share, or there from the start.")
                       .arg(percent(mostOfTheWeight, 0)) +
                   how;
        return HeadTable::tr("L = layer, H = head, from 0.") + how;
    }

    QString text(const HeadRow& row, int column) const {
        if (isMetricColumn(column)) return metricText(metricOfColumn(column), row.metrics[metricOfColumn(column)]);
        if (column == HeadTable::nameColumn) return row.name;
        if (column == HeadTable::kindColumn) return row.badge.text;
        if (column == HeadTable::trainingColumn) return {};
        if (row.formation) return grouped(row.formation->step);
        return hint.isEmpty() ? QStringLiteral("\u2013") : hint;
    }

    QString spoken(const HeadRow& row, int column) const {
        if (column == HeadTable::trainingColumn) {
            if (row.series.size() < 2) return HeadTable::tr("not measured yet");
            return HeadTable::tr("from %1 at step %2 to %3 at step %4")
                .arg(metricText(chosen, row.series.front()), grouped(steps.front()), metricText(chosen, row.series.back()),
                     grouped(steps.back()));
        }
        if (column == HeadTable::formedColumn && row.formation) return HeadTable::tr("step %1").arg(grouped(row.formation->step));
        return text(row, column);
    }

    QString help(const HeadRow& row, int column) const {
        if (column == HeadTable::kindColumn) return row.badge.help;
        if (column == HeadTable::formedColumn && row.formation)
            return HeadTable::tr(
                       "From step %1 on it stays at or above half of its final %2; at step %3, the kept one before, it was below.")
                .arg(grouped(row.formation->step), metricText(chosen, row.formation->finalValue), grouped(row.formation->stepBefore));
        if (isMetricColumn(column))
            return HeadTable::tr("%1, %2: %3").arg(row.name, title(column), text(row, column)) + QLatin1Char('\n') +
                   metricHelp(metricOfColumn(column), pattern);
        return HeadTable::tr("%1: %2").arg(row.name, spoken(row, column)) + QLatin1Char('\n') + HeadTable::tr("Enter opens its map.");
    }
};

class HeadTable::Painter : public QStyledItemDelegate {
public:
    Painter(const Model& model, HeadTable* table) : QStyledItemDelegate(table), m_model(model), m_table(table) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& theme = Theme::instance();
        const HeadRow& row = m_model.row(index.row());
        const bool chosenRow = row.block == m_table->m_block && row.head == m_table->m_head;
        painter->save();
        painter->fillRect(option.rect, theme.color(chosenRow ? Role::selection : Role::screen));
        const QRect room = option.rect.adjusted(theme.px(padding), 0, -theme.px(padding), 0);
        if (index.column() == kindColumn)
            paintBadge(*painter, room, row.badge);
        else if (index.column() == trainingColumn)
            paintSeries(*painter, room, row);
        else
            paintText(*painter, room, row, index);
        if (m_table->hasFocus() && FocusRing::byKeyboard() && index == m_table->currentIndex())
            lab::drawFrame(*painter, QRectF(option.rect).adjusted(1, 1, -1, -1), 0, theme.color(Role::accent), Qt::transparent,
                           theme.px(2));
        painter->restore();
    }

private:
    void paintBadge(QPainter& painter, const QRect& room, const HeadBadge& badge) const {
        const QSize size = Badge::sizeOf(badge.text);
        const bool plain = badge.kind == Badge::Kind::plain;
        Badge::paint(painter,
                     QRect(QPoint(room.left() - (plain ? Theme::instance().px(4) : 0), room.center().y() - size.height() / 2 + 1), size),
                     badge.text, badge.kind);
    }

    void paintText(QPainter& painter, QRect room, const HeadRow& row, const QModelIndex& index) const {
        const Theme& theme = Theme::instance();
        const int column = index.column();
        const bool bar = isMetricColumn(column) && metricOfColumn(column) == m_model.chosen && isMass(m_model.chosen);
        if (bar) {
            const QRectF track(room.right() + 1 - theme.px(barWidth), room.center().y() - theme.px(barHeight) / 2.0 + 1, theme.px(barWidth),
                               theme.px(barHeight));
            painter.fillRect(track, theme.color(Role::track));
            const double share = std::clamp(row.metrics[m_model.chosen], 0.0, 1.0);
            if (!std::isnan(share))
                painter.fillRect(QRectF(track.topLeft(), QSizeF(track.width() * share, track.height())), theme.color(Role::series1));
            room.setRight(room.right() - theme.px(barWidth + padding));
        }
        painter.setFont(theme.font(TextSize::axis, column == m_model.sortColumn || column == nameColumn));
        const QString text = index.data().toString();
        // Half of a share that is none of the head's patterns: a number, but no formation.
        const bool formed = row.formation && row.formation->finalValue >= mostOfTheWeight;
        const bool dash = text == QStringLiteral("\u2013") || (column == formedColumn && !formed);
        painter.setPen(theme.color(dash ? Role::muted : Role::text));
        painter.drawText(room, (column == nameColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, text);
    }

    void paintSeries(QPainter& painter, const QRect& cell, const HeadRow& row) const {
        const Theme& theme = Theme::instance();
        const QRectF room = QRectF(cell).adjusted(0, theme.px(3), 0, -theme.px(3));
        drawHairline(painter, room.bottomLeft(), room.bottomRight(), theme.color(Role::hairline));
        if (row.series.size() < 2 || row.series.size() != m_model.steps.size()) return;
        const double first = static_cast<double>(m_model.steps.front()), last = static_cast<double>(m_model.steps.back());
        double top = isMass(m_model.chosen) || m_model.chosen == HeadMetric::entropy ? 1.0 : 1e-9;
        for (const double value : row.series)
            if (std::isfinite(value)) top = std::max(top, value);
        const auto x = [&](double step) { return room.left() + room.width() * (step - first) / std::max(last - first, 1.0); };
        QPolygonF line;
        for (std::size_t i = 0; i < row.series.size(); ++i)
            if (std::isfinite(row.series[i]))
                line << QPointF(x(static_cast<double>(m_model.steps[i])), room.bottom() - room.height() * row.series[i] / top);
        painter.setRenderHint(QPainter::Antialiasing);
        if (m_model.shownStep >= m_model.steps.front() && m_model.shownStep <= m_model.steps.back()) {
            painter.setPen(QPen(theme.color(Role::accent), theme.px(2)));
            const double at = x(static_cast<double>(m_model.shownStep));
            painter.drawLine(QPointF(at, room.top()), QPointF(at, room.bottom()));
        }
        painter.setPen(seriesPen(Role::series1, 1.5));
        painter.drawPolyline(line);
        if (!row.formation) return;
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.color(Role::text));
        const double value = row.series[static_cast<std::size_t>(
            std::lower_bound(m_model.steps.begin(), m_model.steps.end(), row.formation->step) - m_model.steps.begin())];
        painter.drawEllipse(QPointF(x(static_cast<double>(row.formation->step)), room.bottom() - room.height() * value / top),
                            theme.px(2.5), theme.px(2.5));
    }

    const Model& m_model;
    const HeadTable* m_table;
};

HeadTable::HeadTable(QWidget* parent) : QTableView(parent), m_model(new Model(this)) {
    setAccessibleName(tr("Head metrics"));
    setModel(m_model);
    m_header = new SortHeader(this);
    m_header->setWords([](int column) { return column == nameColumn || column == kindColumn || column == trainingColumn; });
    setHorizontalHeader(m_header);
    verticalHeader()->hide();
    setItemDelegate(new Painter(*m_model, this));
    setShowGrid(false);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setTabKeyNavigation(false);
    setFrameShape(QFrame::NoFrame);
    FocusRing::exempt(this);
    connect(m_header, &QHeaderView::sectionClicked, this, &HeadTable::sortByColumn);
    connect(this, &QTableView::activated, this, [this](const QModelIndex& index) {
        const HeadRow& row = m_model->row(index.row());
        emit headOpened(row.block, row.head);
    });
    connect(&Theme::instance(), &Theme::changed, this, &HeadTable::applyMeasures);
    m_header->setSorted(m_model->sortColumn, m_model->ascending);
    applyMeasures();
}

void HeadTable::setRows(std::vector<HeadRow> rows, const std::optional<SourcePattern>& pattern, std::vector<std::int64_t> seriesSteps) {
    m_model->pattern = pattern;
    m_model->steps = std::move(seriesSteps);
    const bool otherColumns = isColumnHidden(columnOf(HeadMetric::agreement)) == pattern.has_value() || m_model->rows.size() != rows.size();
    setColumnHidden(columnOf(HeadMetric::agreement), !pattern);
    m_model->replace(std::move(rows));
    if (otherColumns) arrangeColumns();
    select();
}

const std::vector<HeadRow>& HeadTable::rows() const {
    return m_model->rows;
}

void HeadTable::setFormationHint(const QString& text) {
    m_model->hint = text;
}

void HeadTable::setShownStep(std::int64_t step) {
    m_model->shownStep = step;
}

HeadMetric HeadTable::chosen() const {
    return m_model->chosen;
}

void HeadTable::setChosen(HeadMetric metric) {
    if (m_model->chosen == metric && m_model->sortColumn == columnOf(metric)) return;
    m_model->chosen = metric;
    m_model->sortColumn = columnOf(metric);
    m_model->ascending = false;
    applySorting();
}

void HeadTable::applySorting() {
    m_model->sortRows();
    m_model->changedAll();
    m_header->setSorted(m_model->sortColumn, m_model->ascending);
    arrangeColumns();
    select();
}

void HeadTable::sortByColumn(int column) {
    if (column < 0 || column >= columnCount) return;
    const bool again = m_model->sortColumn == column;
    const bool words = column == nameColumn || column == kindColumn || column == formedColumn;
    m_model->ascending = again ? !m_model->ascending : words;
    m_model->sortColumn = column;
    const bool other = isMetricColumn(column) && metricOfColumn(column) != m_model->chosen;
    if (other) m_model->chosen = metricOfColumn(column);
    applySorting();
    if (other) emit chosenChanged(m_model->chosen);
}

void HeadTable::setSelected(int block, int head) {
    if (m_block == block && m_head == head) return;
    m_block = block;
    m_head = head;
    select();
    viewport()->update();
}

/// Puts the cursor on the selected head's row.
void HeadTable::select() {
    m_selecting = true;
    for (int i = 0; i < m_model->rowCount(); ++i)
        if (m_model->row(i).block == m_block && m_model->row(i).head == m_head)
            setCurrentIndex(m_model->index(i, std::max(currentIndex().column(), 0)));
    m_selecting = false;
}

void HeadTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QTableView::currentChanged(current, previous);
    viewport()->update();
    if (m_selecting || !current.isValid()) return;
    const HeadRow& row = m_model->row(current.row());
    if (row.block == m_block && row.head == m_head) return;
    m_block = row.block;
    m_head = row.head;
    emit headSelected(m_block, m_head);
}

void HeadTable::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_S && event->modifiers() == Qt::NoModifier && currentIndex().isValid())
        sortByColumn(currentIndex().column());
    else if (event->key() == Qt::Key_Space || event->key() == Qt::Key_Escape)
        event->ignore();  // the window's: train, and the page's: back
    else
        QTableView::keyPressEvent(event);
}

void HeadTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    arrangeColumns();
}

void HeadTable::applyMeasures() {
    const Theme& theme = Theme::instance();
    verticalHeader()->setDefaultSectionSize(theme.px(tableRow));
    verticalHeader()->setMinimumSectionSize(theme.px(tableRow));
    arrangeColumns();
}

int HeadTable::fullHeight() const {
    const Theme& theme = Theme::instance();
    return m_header->height() + theme.px(tableRow) * m_model->rowCount() + theme.px(2);
}

/// Numbers get what they need and a little more where there is room; the sparkline the rest.
void HeadTable::arrangeColumns() {
    const Theme& theme = Theme::instance();
    int name = theme.px(64), kind = theme.px(72);
    for (const HeadRow& row : m_model->rows) {
        name = std::max(name, textWidth(theme.font(TextSize::axis, true), row.name) + 2 * theme.px(padding));
        kind = std::max(kind, Badge::sizeOf(row.badge.text).width() + 2 * theme.px(padding));
    }
    const int formed = theme.px(68);
    const int bar = isMass(m_model->chosen) ? theme.px(barWidth + padding) : 0;
    const int metrics = static_cast<int>(headMetricCount) - (isColumnHidden(columnOf(HeadMetric::agreement)) ? 1 : 0);
    const int room = viewport()->width() - name - kind - formed - bar;
    const int each = std::clamp((room - theme.px(120)) / metrics, theme.px(leastMetric), theme.px(mostMetric));
    setColumnWidth(nameColumn, name);
    setColumnWidth(kindColumn, kind);
    for (const HeadMetric metric : headMetricList) setColumnWidth(columnOf(metric), each + (metric == m_model->chosen ? bar : 0));
    const int training = std::clamp(room - each * metrics, theme.px(leastTraining), theme.px(mostTraining));
    setColumnWidth(trainingColumn, training);
    setColumnWidth(formedColumn, std::max(formed, room - each * metrics - training + formed));
}

FigureTable HeadTable::table() const {
    FigureTable result;
    result.header = {"head", "kind"};
    for (const HeadMetric metric : headMetricList) result.header.push_back(headMetricName(metric));
    result.header.push_back("formed_by");
    result.header.push_back("formed_step");
    for (const HeadRow& row : m_model->rows) {
        std::vector<std::string> cells{row.name.toStdString(), row.badge.text.toStdString()};
        for (const double value : row.metrics.values) cells.push_back(std::isnan(value) ? std::string() : numberText(value));
        cells.push_back(headMetricName(m_model->chosen));
        cells.push_back(row.formation ? std::to_string(row.formation->step) : std::string());
        result.rows.push_back(std::move(cells));
    }
    return result;
}

}  // namespace lab
