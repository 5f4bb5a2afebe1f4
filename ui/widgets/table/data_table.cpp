#include "ui/widgets/table/data_table.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ui/widgets/focus_ring.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/table/sort_header.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int dataTablePadding = 6;
constexpr int dataTableLeastColumn = 44;
constexpr int arrowRoom = 14;
constexpr int mostSpare = 24;  // that a column takes of what is left

}  // namespace

class DataTable::Model : public QAbstractTableModel {
public:
    using QAbstractTableModel::QAbstractTableModel;

    std::vector<TableColumn> columns;
    std::vector<std::size_t> rows;    ///< as shown
    std::vector<std::size_t> asCame;  ///< unsorted

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(rows.size()); }
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(columns.size()); }
    const TableColumn& column(int index) const { return columns[static_cast<std::size_t>(index)]; }
    std::size_t row(int index) const { return rows[static_cast<std::size_t>(index)]; }

    QVariant data(const QModelIndex& index, int role) const override {
        if (!index.isValid()) return {};
        const TableColumn& of = column(index.column());
        if (role == Qt::ToolTipRole && of.toolTip) return of.toolTip(row(index.row()));
        if (role == Qt::AccessibleTextRole && of.spoken) return of.spoken(row(index.row()));
        if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole) return of.cell(row(index.row())).text;
        return {};
    }

    QVariant headerData(int section, Qt::Orientation orientation, int role) const override {
        if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
        if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole) return column(section).title;
        if (role == Qt::TextAlignmentRole) return QVariant::fromValue(column(section).side);
        if (role != Qt::ToolTipRole) return {};
        return QString(column(section).help + QLatin1Char('\n') + DataTable::tr("Click, or press S in this column, to sort by it."));
    }

    void setColumns(std::vector<TableColumn> wanted) {
        if (wanted.size() == columns.size()) {
            columns = std::move(wanted);
            if (!columns.empty()) emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
            return;
        }
        beginResetModel();
        columns = std::move(wanted);
        rows.clear();
        endResetModel();
    }

    void show(std::vector<std::size_t> wanted) {
        const bool same = wanted.size() == rows.size();
        if (!same) beginResetModel();
        rows = std::move(wanted);
        if (!same)
            endResetModel();
        else if (!rows.empty())
            emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    }
};

class DataTable::Painter : public QStyledItemDelegate {
public:
    Painter(const Model& model, DataTable* table) : QStyledItemDelegate(table), m_model(model), m_table(table) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& theme = Theme::instance();
        painter->save();
        const bool current = index.row() == m_table->currentIndex().row();
        painter->fillRect(option.rect, theme.color(current ? Role::selection : Role::screen));
        const QRectF room = option.rect.adjusted(theme.px(dataTablePadding), 0, -theme.px(dataTablePadding), 0);
        const TableColumn& column = m_model.column(index.column());
        const std::size_t row = m_model.row(index.row());
        if (column.paint) {
            column.paint(*painter, room, row);
        } else {
            TableCell cell = column.cell(row);
            cell.bold = cell.bold || index.column() == m_table->sortColumn();
            paintTableCell(*painter, room, cell, {column.side, TextSize::axis, theme.px(column.bar)});
        }
        if (m_table->hasFocus() && FocusRing::byKeyboard() && index == m_table->currentIndex())
            lab::drawFrame(*painter, QRectF(option.rect).adjusted(1, 1, -1, -1), 0, theme.color(Role::accent), Qt::transparent,
                           theme.px(2));
        painter->restore();
    }

private:
    const Model& m_model;
    const DataTable* m_table;
};

DataTable::DataTable(const QString& name, int rowHeight, QWidget* parent)
    : QTableView(parent), m_model(new Model(this)), m_header(new SortHeader(this)), m_rowHeight(rowHeight) {
    setAccessibleName(name);
    setModel(m_model);
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
    connect(m_header, &QHeaderView::sectionClicked, this, &DataTable::titlePressed);
    connect(this, &QTableView::activated, this, [this](const QModelIndex& index) { emit rowOpened(m_model->row(index.row())); });
    whenThemed(this, &DataTable::applyMeasures);
    verticalHeader()->setMinimumSectionSize(Theme::instance().px(rowHeight));
    verticalHeader()->setDefaultSectionSize(Theme::instance().px(rowHeight));
}

void DataTable::applyMeasures() {
    const int height = Theme::instance().px(m_rowHeight);
    verticalHeader()->setMinimumSectionSize(height);
    verticalHeader()->setDefaultSectionSize(height);
    arrangeColumns();
}

void DataTable::setColumns(std::vector<TableColumn> columns) {
    const bool others = columns.size() != m_model->columns.size();
    m_model->setColumns(std::move(columns));
    if (others) arrangeColumns();
}

const std::vector<TableColumn>& DataTable::columns() const {
    return m_model->columns;
}

void DataTable::setBarWidth(int column, int width) {
    m_model->columns[static_cast<std::size_t>(column)].bar = width / Theme::instance().scale();
}

void DataTable::showRows(std::vector<std::size_t> rows, std::optional<std::size_t> cursor) {
    const bool others = rows.size() != m_model->rows.size();
    const int column = currentIndex().column();
    m_model->asCame = std::move(rows);
    m_selecting = true;
    m_model->show(inOrder(m_model->asCame));
    m_selecting = false;
    putCursor(cursor, column);
    if (others) arrangeColumns();
}

void DataTable::showAll(std::size_t count, std::optional<std::size_t> cursor) {
    std::vector<std::size_t> all(count);
    std::iota(all.begin(), all.end(), std::size_t{0});
    showRows(std::move(all), cursor);
}

const std::vector<std::size_t>& DataTable::places() const {
    return m_model->rows;
}

std::vector<std::size_t> DataTable::inOrder(std::vector<std::size_t> rows) const {
    if (sortColumn() < 0 || sortColumn() >= m_model->columnCount()) return rows;
    const TableColumn& column = m_model->column(sortColumn());
    struct Key {
        std::size_t row;
        double number;
        QString text;
    };
    std::vector<Key> keys;
    for (const std::size_t row : rows)
        keys.push_back({row, column.number ? column.number(row) : 0.0, column.number ? QString() : column.cell(row).text});
    std::stable_sort(keys.begin(), keys.end(), [rises = ascending()](const Key& a, const Key& b) {
        if (std::isnan(a.number) || std::isnan(b.number)) return !std::isnan(a.number) && std::isnan(b.number);
        const Key &first = rises ? a : b, &second = rises ? b : a;
        return first.number != second.number ? first.number < second.number : first.text < second.text;
    });
    std::transform(keys.begin(), keys.end(), rows.begin(), [](const Key& key) { return key.row; });
    return rows;
}

void DataTable::titlePressed(int column) {
    if (column < 0 || column >= m_model->columnCount()) return;
    sortByColumn(column, column == sortColumn() ? !ascending() : m_model->column(column).upwards);
}

void DataTable::sortByColumn(int column, bool ascending) {
    m_header->setSorted(column, ascending);
    showRows(m_model->asCame, chosen());
    arrangeColumns();
}

int DataTable::sortColumn() const {
    return m_header->column();
}

bool DataTable::ascending() const {
    return m_header->ascending();
}

std::optional<std::size_t> DataTable::chosen() const {
    const int at = currentIndex().row();
    if (at < 0 || at >= m_model->rowCount()) return std::nullopt;
    return m_model->row(at);
}

void DataTable::setChosen(std::optional<std::size_t> row) {
    putCursor(row, currentIndex().column());
}

void DataTable::putCursor(std::optional<std::size_t> row, int column) {
    m_selecting = true;
    const auto found = row ? std::ranges::find(m_model->rows, *row) : m_model->rows.end();
    const int at = static_cast<int>(found - m_model->rows.begin());
    const QModelIndex wanted = at == m_model->rowCount() ? QModelIndex() : m_model->index(at, std::max(column, 0));
    if (wanted.isValid() || currentIndex().isValid()) setCurrentIndex(wanted);
    m_selecting = false;
    viewport()->update();
}

void DataTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QTableView::currentChanged(current, previous);
    viewport()->update();
    if (!m_selecting && current.isValid() && current.row() != previous.row()) emit rowChosen(m_model->row(current.row()));
}

void DataTable::keyPressEvent(QKeyEvent* event) {
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_S && event->modifiers() == Qt::NoModifier && currentIndex().isValid())
        titlePressed(currentIndex().column());
    else if (enter && chosen())
        emit rowOpened(*chosen());
    else if (event->key() == Qt::Key_Space || event->key() == Qt::Key_Escape)
        event->ignore();  // the window's: train, and the page's: back
    else
        QTableView::keyPressEvent(event);
}

void DataTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    arrangeColumns();
}

int DataTable::fullHeight() const {
    return m_header->height() + Theme::instance().px(m_rowHeight) * m_model->rowCount() + Theme::instance().px(2);
}

int DataTable::roomFor(int column, int least) const {
    const Theme& theme = Theme::instance();
    int width = least;
    for (const std::size_t row : m_model->rows)
        width = std::max(
            width, textWidth(theme.font(TextSize::axis, true), m_model->column(column).cell(row).text) + 2 * theme.px(dataTablePadding));
    return width;
}

void DataTable::arrangeColumns() {
    const Theme& theme = Theme::instance();
    if (m_model->columns.empty()) return;
    std::vector<int> widths;
    int sum = 0;
    for (const TableColumn& column : m_model->columns) {
        const int title = textWidth(theme.font(TextSize::caption, true), column.title) + theme.px(arrowRoom);
        const int text = textWidth(theme.font(TextSize::axis, true), column.widest) + (column.bar > 0 ? barRoom(theme.px(column.bar)) : 0);
        widths.push_back(std::max({title, text, theme.px(dataTableLeastColumn)}) + 2 * theme.px(dataTablePadding));
        sum += widths.back();
    }
    const int spare = std::max(viewport()->width() - sum, 0) / m_model->columnCount();
    for (int column = 0; column < m_model->columnCount(); ++column)
        setColumnWidth(column, widths[static_cast<std::size_t>(column)] + std::min(spare, theme.px(mostSpare)));
}

}  // namespace lab
