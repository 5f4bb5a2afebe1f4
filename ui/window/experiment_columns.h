#pragma once

#include <vector>

#include "ui/widgets/table/table_column.h"
#include "ui/window/experiment_tables.h"

namespace lab {

/// Columns that show `table`, which outlives them and whose numbers may change; one with other rows or columns wants new ones.
std::vector<TableColumn> columnsOf(const ExperimentTable& table);

}  // namespace lab
