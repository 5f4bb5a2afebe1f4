#include "ui/pages/codes/share_table.h"

#include <algorithm>
#include <numeric>

#include "ui/widgets/paint.h"

namespace lab {
namespace {

constexpr int shareTitleRoom = 14;  // beside a title, logical px at 100 %

}  // namespace

ShareTable::ShareTable(const QString& name, int rowHeight, std::vector<double> shares, QWidget* parent)
    : DataTable(name, rowHeight, parent), m_shares(std::move(shares)) {}

int ShareTable::neededWidth(int column) const {
    const Theme& theme = Theme::instance();
    const TableColumn& of = columns()[static_cast<std::size_t>(column)];
    return std::max(textWidth(theme.font(TextSize::caption), of.title), textWidth(theme.font(TextSize::axis, true), of.widest)) +
           theme.px(shareTitleRoom);
}

void ShareTable::arrangeColumns() {
    std::vector<int> widths;
    for (int column = 0; column < static_cast<int>(columns().size()); ++column) widths.push_back(neededWidth(column));
    const int left = std::max(0, viewport()->width() - std::accumulate(widths.begin(), widths.end(), 0));
    for (std::size_t column = 0; column < std::min(widths.size(), m_shares.size()); ++column)
        setColumnWidth(static_cast<int>(column), widths[column] + static_cast<int>(left * m_shares[column]));
}

}  // namespace lab
