#pragma once

#include "ui/widgets/table/data_table.h"

namespace lab {

/// A table that fills its width: its columns take what their titles and widest texts need, and shares of what is left.
class ShareTable : public DataTable {
    Q_OBJECT

public:
    /// `shares` of what is left, one a column, 1 in all.
    ShareTable(const QString& name, int rowHeight, std::vector<double> shares, QWidget* parent = nullptr);

protected:
    void arrangeColumns() override;
    /// px that a column takes in any case.
    virtual int neededWidth(int column) const;

private:
    std::vector<double> m_shares;
};

}  // namespace lab
