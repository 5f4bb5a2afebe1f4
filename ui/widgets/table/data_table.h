#pragma once

#include <QTableView>

#include "ui/widgets/table/table_column.h"

namespace lab {

class SortHeader;

/// A table that scrolls and sorts. A click on a title, or S in its column, sorts by it and then the other way; Enter or a double click
/// opens the row that the cursor is on. New values of the same rows are painted in place.
class DataTable : public QTableView {
    Q_OBJECT

public:
    /// `rowHeight` in logical px at 100 %.
    DataTable(const QString& name, int rowHeight, QWidget* parent = nullptr);

    void setColumns(std::vector<TableColumn> columns);
    const std::vector<TableColumn>& columns() const;
    /// Which rows stand in the table, in the order they have while nothing sorts, and the one the cursor is on.
    void showRows(std::vector<std::size_t> rows, std::optional<std::size_t> cursor);
    /// Every row of so many.
    void showAll(std::size_t count, std::optional<std::size_t> cursor);
    /// As shown, sorted.
    const std::vector<std::size_t>& places() const;

    void sortByColumn(int column, bool ascending);
    int sortColumn() const;  ///< negative: the rows stand as they came
    bool ascending() const;

    /// The row that the cursor is on.
    std::optional<std::size_t> chosen() const;
    /// Without a signal.
    void setChosen(std::optional<std::size_t> row);

    /// All rows without scrolling.
    int fullHeight() const;
    /// The rows as shown, in full.
    FigureTable table() const { return tableNumbers(columns(), places()); }

signals:
    void rowChosen(std::size_t row);
    void rowOpened(std::size_t row);

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

    /// What a click on a title does.
    virtual void titlePressed(int column);
    virtual std::vector<std::size_t> inOrder(std::vector<std::size_t> rows) const;
    /// Sets the widths. By itself: what titles and widest texts need, and what remains shared evenly.
    virtual void arrangeColumns();
    void setBarWidth(int column, int width);  ///< px
    /// Of the widest text in a column with room beside it.
    int roomFor(int column, int least) const;
    SortHeader& header() const { return *m_header; }

private:
    class Model;
    class Painter;
    void applyMeasures();
    void putCursor(std::optional<std::size_t> row, int column);

    Model* m_model;
    SortHeader* m_header;
    int m_rowHeight;
    bool m_selecting = false;
};

}  // namespace lab
