#pragma once

#include <limits>

#include "ui/pages/codes/share_table.h"
#include "ui/runs/code_study.h"

// What the tables of the tab Over training say; a row each.

namespace lab {

struct TrainingColumn {
    const char* id;  ///< in a file
    QString title, help;
    double share;  ///< of the width that the titles leave
};

struct TrainingCell {
    QString text;
    double number = std::numeric_limits<double>::quiet_NaN();  ///< to sort by, and in a file; without: the text
};
struct TrainingRow {
    std::vector<TrainingCell> cells;
    bool bold = false;
};

/// Rows of cells that are made anew for every step. A tick or a cross colours its cell.
class TrainingTable : public ShareTable {
    Q_OBJECT

public:
    TrainingTable(const QString& name, const std::vector<TrainingColumn>& form, QWidget* parent = nullptr);

    void setRows(std::vector<TrainingRow> rows);
    const std::vector<TrainingRow>& rows() const { return m_rows; }

protected:
    int neededWidth(int column) const override;

private:
    TableColumn makeColumn(const TrainingColumn& form, std::size_t index) const;

    std::vector<TrainingRow> m_rows;
};

std::vector<TrainingColumn> symbolForm();
std::vector<TrainingRow> symbolRows(const codes::SymbolRobustness& symbols);

std::vector<TrainingColumn> flipForm();
std::vector<TrainingRow> flipRows(const codes::SlotRobustness& flips);

std::vector<TrainingColumn> lengthForm();
std::vector<TrainingRow> lengthRows(const std::vector<codes::LengthRow>& lengths);

/// The learned number beside Gödel's.
std::vector<TrainingColumn> orderForm();
std::vector<TrainingRow> orderRows(const codes::NumberOrder& order);

}  // namespace lab
