#include "ui/pages/text/column_room.h"

#include <algorithm>

#include "ui/widgets/paint.h"

namespace lab {

void giveRoom(QTableView& table, const std::vector<TableColumn>& columns, const std::vector<ColumnRoom>& rooms) {
    const Theme& theme = Theme::instance();
    constexpr int padding = 6, arrow = 12, least = 40;  // logical px at 100 %
    std::vector<int> widths(rooms.size());
    int left = table.viewport()->width();
    double shares = 0;
    for (std::size_t c = 0; c < rooms.size(); ++c) {
        if (table.isColumnHidden(static_cast<int>(c))) continue;
        shares += rooms[c].share;
        if (rooms[c].share > 0) continue;
        const int title = textWidth(theme.font(TextSize::caption, true), columns[c].title) + theme.px(arrow);
        const int text = textWidth(theme.font(TextSize::axis, true), rooms[c].widest);
        widths[c] = std::max(title, text) + 2 * theme.px(padding) + (columns[c].bar > 0 ? barRoom(theme.px(columns[c].bar)) : 0);
        left -= widths[c];
    }
    for (std::size_t c = 0; c < rooms.size(); ++c) {
        if (table.isColumnHidden(static_cast<int>(c))) continue;
        if (rooms[c].share > 0) widths[c] = std::max(theme.px(least), static_cast<int>(rooms[c].share / shares * left));
        table.setColumnWidth(static_cast<int>(c), widths[c]);
    }
}

}  // namespace lab
