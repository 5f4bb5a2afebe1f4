#pragma once

#include <QTableView>
#include <vector>

#include "ui/widgets/table/table_column.h"

namespace lab {

/// What a column wants: room for its title and for `widest`, or, with a share, that part of what is left.
struct ColumnRoom {
    QString widest;
    double share = 0;
};

/// Gives every column of a table that is not hidden what it wants; those with a share are shortened where there is too little.
void giveRoom(QTableView& table, const std::vector<TableColumn>& columns, const std::vector<ColumnRoom>& rooms);

}  // namespace lab
