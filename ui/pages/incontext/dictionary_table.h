#pragma once

#include "core/sweep/dictionary_findings.h"
#include "ui/widgets/table/data_table.h"

namespace lab {

/// The ways to give a model a dictionary of one size: how many answers are right, and what an answer costs.
class DictionaryWaysTable : public DataTable {
    Q_OBJECT

public:
    explicit DictionaryWaysTable(QWidget* parent = nullptr);

    /// Rows of one size, in the order they shall stand.
    void setPoints(std::vector<DictionaryPoint> points);
    const std::vector<DictionaryPoint>& points() const { return m_points; }

private:
    TableColumn column(const char* id, const QString& title, const QString& help, std::function<double(const DictionaryPoint&)> number,
                       std::function<QString(const DictionaryPoint&)> text) const;
    std::vector<TableColumn> makeColumns() const;

    std::vector<DictionaryPoint> m_points;
};

}  // namespace lab
