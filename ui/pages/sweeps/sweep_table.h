#pragma once

#include <QTableView>
#include <memory>
#include <optional>

#include "core/sweep/row_statistics.h"
#include "ui/widgets/figure.h"

namespace lab {

class SortHeader;

/// The rows of a sweep that pass the filter: a column for each key, then the results' numbers. A click on a title, or S, sorts; Enter or a
/// double click opens the row as a run.
class SweepTable : public QTableView {
    Q_OBJECT

public:
    explicit SweepTable(QWidget* parent = nullptr);

    /// `places`: the rows to show, in the file's order.
    void setRows(std::shared_ptr<const SweepRows> rows, const RowPlaces& places);
    /// As shown, sorted: places in the rows.
    const RowPlaces& places() const;
    void sortByColumn(int column);
    void sortByColumn(int column, bool ascending);
    int sortColumn() const;
    bool ascending() const;

    /// The row that the cursor is on.
    std::optional<std::size_t> chosen() const;
    /// Without a signal.
    void setChosen(std::optional<std::size_t> place);
    /// As shown, with the file's names.
    FigureTable table() const;

signals:
    void rowChosen(std::size_t place);
    void rowOpened(std::size_t place);

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    class Model;
    class Painter;
    void applyMeasures();
    void arrangeColumns();
    void orderColumns();

    Model* m_model;
    SortHeader* m_header;
    bool m_selecting = false;
};

}  // namespace lab
