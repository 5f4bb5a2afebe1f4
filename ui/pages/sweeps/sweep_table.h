#pragma once

#include <memory>

#include "core/sweep/row_statistics.h"
#include "ui/widgets/table/data_table.h"

namespace lab {

struct ResultNumber;

/// The rows of a sweep that pass the filter: a column for each key, then the results' numbers. Enter or a double click opens the row as a
/// run.
class SweepTable : public DataTable {
    Q_OBJECT

public:
    explicit SweepTable(QWidget* parent = nullptr) : DataTable(tr("Runs of the sweep"), rowHeight, parent) {}

    /// `places`: the rows to show, in the file's order.
    void setRows(std::shared_ptr<const SweepRows> rows, const RowPlaces& places);

protected:
    std::vector<std::size_t> inOrder(std::vector<std::size_t> rows) const override;

private:
    static constexpr int rowHeight = 20;  // logical px at 100 %
    std::vector<TableColumn> columnsOf() const;
    TableColumn keyColumn(std::size_t key, const std::string& title) const;
    TableColumn numberColumn(const ResultNumber& number) const;
    QString toolTip(std::size_t row, const QString& title, const QString& text) const;
    void orderColumns();

    std::shared_ptr<const SweepRows> m_rows;
};

}  // namespace lab
