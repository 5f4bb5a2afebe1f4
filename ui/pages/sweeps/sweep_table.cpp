#include "ui/pages/sweeps/sweep_table.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>

#include "ui/pages/sweeps/result_text.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/sort_header.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int tableRow = 20;
constexpr int padding = 6;
constexpr int barWidth = 34, barHeight = 10;
constexpr int leastColumn = 44;

}  // namespace

class SweepTable::Model : public QAbstractTableModel {
public:
    using QAbstractTableModel::QAbstractTableModel;

    std::shared_ptr<const SweepRows> rows;
    std::vector<QString> titles;
    std::vector<ResultNumber> numbers;  ///< of the columns behind the keys
    RowPlaces places;                   ///< as shown
    RowPlaces unsorted;
    int sortColumn = -1;  ///< as they are in the file
    bool ascending = true;

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(places.size()); }
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(titles.size()); }

    std::size_t place(int row) const { return places[static_cast<std::size_t>(row)]; }
    const ResultsRow& row(int index) const { return rows->table.rows[place(index)]; }
    bool isKey(int column) const { return rows && column < static_cast<int>(rows->table.keys.size()); }
    const ResultNumber& number(int column) const { return numbers[static_cast<std::size_t>(column) - rows->table.keys.size()]; }
    /// Where a diverged run says so: it has no numbers.
    bool saysDiverged(int at, int column) const {
        return row(at).result.diverged() && !isKey(column) && number(column).name == "test_accuracy";
    }
    /// Keys whose values are all numbers stand right, as numbers do.
    bool isWords(int column) const {
        if (!isKey(column)) return false;
        const auto& values = rows->values[static_cast<std::size_t>(column)];
        return !std::ranges::all_of(values, [](const std::string& value) {
            bool ok = false;
            QString::fromStdString(value).toDouble(&ok);
            return ok;
        });
    }

    QVariant data(const QModelIndex& index, int role) const override {
        if (!index.isValid()) return {};
        if (role == Qt::DisplayRole) return text(index.row(), index.column());
        if (role == Qt::AccessibleTextRole && saysDiverged(index.row(), index.column())) return SweepTable::tr("diverged");
        if (role == Qt::AccessibleTextRole)
            return SweepTable::tr("%1 %2").arg(titles[static_cast<std::size_t>(index.column())], text(index.row(), index.column()));
        if (role == Qt::ToolTipRole) return help(index.row(), index.column());
        return {};
    }

    QVariant headerData(int section, Qt::Orientation orientation, int role) const override {
        if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
        if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole) return titles[static_cast<std::size_t>(section)];
        if (role != Qt::ToolTipRole) return {};
        const std::string name = columnName(rows->table, {static_cast<std::size_t>(section)});
        return SweepTable::tr("%1\nClick, or press S in this column, to sort by it.").arg(QString::fromStdString(name));
    }

    /// What was there may have moved; columns may be others.
    void replace(std::shared_ptr<const SweepRows> newRows, const RowPlaces& newPlaces) {
        beginResetModel();
        const bool sameKeys = rows && newRows && rows->table.keys == newRows->table.keys;
        rows = std::move(newRows);
        unsorted = newPlaces;
        if (!sameKeys) {
            sortColumn = -1;
            ascending = true;
            readColumns();
        }
        sortRows();
        endResetModel();
    }

    void sortRows() {
        places = sortColumn < 0 || !rows ? unsorted : sortedBy(*rows, unsorted, {static_cast<std::size_t>(sortColumn)}, ascending);
    }

    void sortAgain() {
        emit layoutAboutToBeChanged();
        sortRows();
        emit layoutChanged();
    }

    QString text(int at, int column) const {
        if (isKey(column)) return QString::fromStdString(row(at).cells[static_cast<std::size_t>(column)]);
        return number(column).text(resultValue(row(at).result, number(column).name));
    }

    QString help(int at, int column) const {
        const ResultsRow& shown = row(at);
        QString text =
            SweepTable::tr("%1: %2 %3").arg(rowTitle(*rows, place(at)), titles[static_cast<std::size_t>(column)], this->text(at, column));
        if (shown.result.diverged())
            text += QLatin1Char('\n') + SweepTable::tr("Its training diverged after step %1.").arg(shown.result.steps);
        return text + QLatin1Char('\n') + SweepTable::tr("Enter opens it as a run on every page.");
    }

private:
    void readColumns() {
        titles.clear();
        numbers.clear();
        if (!rows) return;
        for (const std::string& name : shortNames(rows->table.keys)) titles.push_back(QString::fromStdString(name));
        for (std::size_t c = rows->table.keys.size(); c < lab::columnCount(rows->table); ++c) {
            numbers.push_back(resultNumber(rows->table, {c}));
            titles.push_back(numbers.back().shortTitle);
        }
    }
};

class SweepTable::Painter : public QStyledItemDelegate {
public:
    Painter(const Model& model, SweepTable* table) : QStyledItemDelegate(table), m_model(model), m_table(table) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& theme = Theme::instance();
        painter->save();
        const bool current = index.row() == m_table->currentIndex().row();
        painter->fillRect(option.rect, theme.color(current ? Role::selection : Role::screen));
        QRect room = option.rect.adjusted(theme.px(padding), 0, -theme.px(padding), 0);
        const RunResult& result = m_model.row(index.row()).result;
        const bool words = m_model.isWords(index.column());
        // A diverged run is marked by word and stroke, not by colour alone.
        const bool number = !m_model.isKey(index.column());
        const bool marks = m_model.saysDiverged(index.row(), index.column());
        if (number && !result.diverged()) paintBar(*painter, room, m_model.number(index.column()), result);
        painter->setFont(theme.font(TextSize::axis, index.column() == m_model.sortColumn));
        const QString text = marks ? SweepTable::tr("\u00D7 diverged") : index.data().toString();
        painter->setPen(theme.color(marks ? Role::wrong : text == QStringLiteral("\u2013") ? Role::muted : Role::text));
        painter->drawText(room, (words ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(text, Qt::ElideRight, room.width()));
        if (m_table->hasFocus() && FocusRing::byKeyboard() && index == m_table->currentIndex())
            lab::drawFrame(*painter, QRectF(option.rect).adjusted(1, 1, -1, -1), 0, theme.color(Role::accent), Qt::transparent,
                           theme.px(2));
        painter->restore();
    }

private:
    void paintBar(QPainter& painter, QRect& room, const ResultNumber& number, const RunResult& result) const {
        if (number.factor != 100) return;
        const Theme& theme = Theme::instance();
        const QRectF track(room.right() + 1 - theme.px(barWidth), room.center().y() - theme.px(barHeight) / 2.0 + 1, theme.px(barWidth),
                           theme.px(barHeight));
        painter.fillRect(track, theme.color(Role::track));
        const double share = std::clamp(resultValue(result, number.name).value_or(0), 0.0, 1.0);
        painter.fillRect(QRectF(track.topLeft(), QSizeF(track.width() * share, track.height())), theme.color(Role::series1));
        room.setRight(room.right() - theme.px(barWidth + padding));
    }

    const Model& m_model;
    const SweepTable* m_table;
};

SweepTable::SweepTable(QWidget* parent) : QTableView(parent), m_model(new Model(this)), m_header(new SortHeader(this)) {
    setAccessibleName(tr("Runs of the sweep"));
    setModel(m_model);
    m_header->setWords([this](int column) { return m_model->isWords(column); });
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
    connect(m_header, &QHeaderView::sectionClicked, this, qOverload<int>(&SweepTable::sortByColumn));
    connect(this, &QTableView::activated, this, [this](const QModelIndex& index) { emit rowOpened(m_model->place(index.row())); });
    connect(&Theme::instance(), &Theme::changed, this, &SweepTable::applyMeasures);
    applyMeasures();
}

/// What came of a run stands first; the file's order is losses first.
void SweepTable::orderColumns() {
    const auto keys = static_cast<int>(m_model->rows->table.keys.size());
    int at = keys;
    for (const char* name : {"test_accuracy", "validation_accuracy", "test_loss", "validation_loss", "train_loss"})
        for (int column = keys; column < m_model->columnCount(); ++column)
            if (m_model->number(column).name == name) m_header->moveSection(m_header->visualIndex(column), at++);
}

void SweepTable::setRows(std::shared_ptr<const SweepRows> rows, const RowPlaces& places) {
    const std::optional<std::size_t> kept = chosen();
    const int column = std::max(currentIndex().column(), 0);
    // A row keeps its cursor while others come in before it.
    const std::vector<std::string> cells = kept && m_model->rows ? m_model->rows->table.rows[*kept].cells : std::vector<std::string>();
    const bool sameColumns = m_model->rows && rows && m_model->rows->table.keys == rows->table.keys;
    m_selecting = true;
    m_model->replace(std::move(rows), places);
    m_header->setSorted(m_model->sortColumn, m_model->ascending);
    if (!sameColumns && m_model->rows) orderColumns();
    for (int i = 0; sameColumns && i < m_model->rowCount() && !cells.empty(); ++i)
        if (m_model->row(i).cells == cells) setCurrentIndex(m_model->index(i, column));
    m_selecting = false;
    arrangeColumns();
}

const RowPlaces& SweepTable::places() const {
    return m_model->places;
}

int SweepTable::sortColumn() const {
    return m_model->sortColumn;
}

bool SweepTable::ascending() const {
    return m_model->ascending;
}

void SweepTable::sortByColumn(int column) {
    const bool again = column == m_model->sortColumn;
    sortByColumn(column, again ? !m_model->ascending : m_model->isKey(column));
}

void SweepTable::sortByColumn(int column, bool ascending) {
    if (column < 0 || column >= m_model->columnCount()) return;
    const std::optional<std::size_t> kept = chosen();
    m_model->sortColumn = column;
    m_model->ascending = ascending;
    m_model->sortAgain();
    m_header->setSorted(column, ascending);
    setChosen(kept);
    viewport()->update();
}

std::optional<std::size_t> SweepTable::chosen() const {
    if (!currentIndex().isValid() || currentIndex().row() >= m_model->rowCount()) return std::nullopt;
    return m_model->place(currentIndex().row());
}

void SweepTable::setChosen(std::optional<std::size_t> place) {
    m_selecting = true;
    const auto found = place ? std::ranges::find(m_model->places, *place) : m_model->places.end();
    if (found == m_model->places.end())
        setCurrentIndex({});
    else
        setCurrentIndex(m_model->index(static_cast<int>(found - m_model->places.begin()), std::max(currentIndex().column(), 0)));
    m_selecting = false;
    viewport()->update();
}

FigureTable SweepTable::table() const {
    FigureTable result;
    if (!m_model->rows) return result;
    const ResultsTable& table = m_model->rows->table;
    for (std::size_t c = 0; c < columnCount(table); ++c) result.header.push_back(columnName(table, {c}));
    for (const std::size_t place : m_model->places) {
        std::vector<std::string> cells;
        for (std::size_t c = 0; c < columnCount(table); ++c) cells.push_back(cellText(table, table.rows[place], {c}));
        result.rows.push_back(std::move(cells));
    }
    return result;
}

void SweepTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QTableView::currentChanged(current, previous);
    viewport()->update();
    if (!m_selecting && current.isValid()) emit rowChosen(m_model->place(current.row()));
}

void SweepTable::keyPressEvent(QKeyEvent* event) {
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_S && event->modifiers() == Qt::NoModifier && currentIndex().isValid())
        sortByColumn(currentIndex().column());
    else if (enter && chosen())
        emit rowOpened(*chosen());
    else if (event->key() == Qt::Key_Space || event->key() == Qt::Key_Escape)
        event->ignore();  // the window's: train, and the page's: back
    else
        QTableView::keyPressEvent(event);
}

void SweepTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    arrangeColumns();
}

void SweepTable::applyMeasures() {
    const Theme& theme = Theme::instance();
    verticalHeader()->setMinimumSectionSize(theme.px(tableRow));
    verticalHeader()->setDefaultSectionSize(theme.px(tableRow));
    arrangeColumns();
}

/// What the words need, and the room that remains shared evenly.
void SweepTable::arrangeColumns() {
    const Theme& theme = Theme::instance();
    if (!m_model->rows || m_model->columnCount() == 0) return;
    std::vector<int> widths;
    int sum = 0;
    for (int column = 0; column < m_model->columnCount(); ++column) {
        int width = textWidth(theme.font(TextSize::caption, true), m_model->titles[static_cast<std::size_t>(column)]) + theme.px(14);
        const QFont font = theme.font(TextSize::axis, true);
        if (m_model->isKey(column))
            for (const std::string& value : m_model->rows->values[static_cast<std::size_t>(column)])
                width = std::max(width, textWidth(font, QString::fromStdString(value)));
        else if (m_model->number(column).factor == 100)
            width = std::max(
                {width, textWidth(font, QStringLiteral("100.00")) + theme.px(barWidth + padding), textWidth(font, tr("\u00D7 diverged"))});
        widths.push_back(std::max(width, theme.px(leastColumn)) + 2 * theme.px(padding));
        sum += widths.back();
    }
    const int spare = std::max(viewport()->width() - sum, 0) / m_model->columnCount();
    for (int column = 0; column < m_model->columnCount(); ++column)
        setColumnWidth(column, widths[static_cast<std::size_t>(column)] + std::min(spare, theme.px(24)));
}

}  // namespace lab
