#pragma once

#include "core/training/cost.h"
#include "ui/widgets/table/data_table.h"

namespace lab {

/// What a model takes at one length, a row for each pattern.
class CostTable : public DataTable {
    Q_OBJECT

public:
    explicit CostTable(QWidget* parent = nullptr);

    void setRows(std::vector<CostLine> lines, std::size_t point);

private:
    TableColumn column(const char* id, const QString& title, const QString& help, std::function<double(const ModelCost&)> number,
                       std::function<QString(const ModelCost&)> text) const;
    TableColumn patternColumn() const;
    std::vector<TableColumn> makeColumns() const;
    const ModelCost& cost(std::size_t row) const { return m_lines[row].points[m_point]; }

    std::vector<CostLine> m_lines;
    std::size_t m_point = 0;
};

/// The colour of the line of that number, the model's own first.
Role costRole(std::size_t line);
/// "1.50 G": of multiply-adds.
QString productsText(double count);
/// Whether the count was taken of some of the queries: "about 129".
QString pairsText(const ModelCost& cost);

}  // namespace lab
