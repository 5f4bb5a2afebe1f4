#include <QPainter>

#include "ui/widgets/map/map_layout.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr double leastCellWidth = 34, mostCellWidth = 150, leastCellHeight = 22, mostCellHeight = 52;
constexpr double tableFormCaptionHeight = 16, tableFormLabelHeight = 18, tableFormGap = 6, leastCaption = 120;
constexpr double emptyWidth = 120, emptyHeight = 60;

/// The keys' names stand at the corner: rows' below columns'.
double widthOfLabels(const MapContent& content) {
    const Theme& theme = Theme::instance();
    int width = textWidth(theme.font(TextSize::caption), content.rows);
    for (const QString& row : content.rowNames) width = std::max(width, textWidth(theme.font(TextSize::axis), row));
    return width + theme.px(tableFormGap + 2);
}

class TableForm : public MapForm {
public:
    MapLayout layout(const MapContent& content, const MapRoom& room) const override {
        MapLayout layout;
        const MapData& data = content.data();
        if (data.empty()) return layout;
        const Theme& theme = Theme::instance();
        const double side = room.paper ? 0 : theme.px(tableFormGap);
        const double left = widthOfLabels(content), top = theme.px(tableFormCaptionHeight + tableFormLabelHeight);
        const auto share = [&theme](double length, int count, double least, double most) {
            return std::floor(std::clamp(length / count, double(theme.px(least)), double(theme.px(most))));
        };
        layout.room = room.size;
        layout.shapes = true;
        layout.paper = room.paper;
        layout.gap = 1;
        layout.cell = {share(room.size.width() - 2 * side - left, data.columns, leastCellWidth, mostCellWidth),
                       share(room.size.height() - side / 2 - top, data.rows, leastCellHeight, mostCellHeight)};
        layout.map = QRectF(side + left, top, layout.cell.width() * data.columns, layout.cell.height() * data.rows);
        return layout;
    }

    void paintAround(QPainter& painter, const MapContent& content, const MapLayout& layout, const MapMarks&) const override {
        const Theme& theme = Theme::instance();
        const QRectF& cells = layout.map;
        const double labelsTop = cells.top() - theme.px(tableFormLabelHeight), namesRight = cells.left() - theme.px(tableFormGap);
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(QRectF(0, labelsTop, namesRight, theme.px(tableFormLabelHeight)), Qt::AlignRight | Qt::AlignVCenter, content.rows);
        painter.drawText(QRectF(cells.left(), labelsTop - theme.px(tableFormCaptionHeight),
                                std::max(cells.width(), double(theme.px(leastCaption))), theme.px(tableFormCaptionHeight)),
                         Qt::AlignLeft | Qt::AlignVCenter, content.columns);
        painter.setFont(theme.font(TextSize::axis));
        painter.setPen(theme.color(Role::text));
        for (std::size_t c = 0; c < content.columnNames.size(); ++c) {
            const QRectF room(layout.x(static_cast<double>(c)), labelsTop, layout.cell.width() - 2, theme.px(tableFormLabelHeight));
            drawElided(painter, room, Qt::AlignHCenter, content.columnNames[c]);
        }
        for (std::size_t r = 0; r < content.rowNames.size(); ++r)
            painter.drawText(QRectF(0, layout.y(static_cast<double>(r)), namesRight, layout.cell.height()),
                             Qt::AlignRight | Qt::AlignVCenter, content.rowNames[r]);
    }

    void paintMarks(QPainter& painter, const MapContent& content, const MapLayout& layout, const MapMarks& marks) const override {
        const Theme& theme = Theme::instance();
        if (content.framed.valid()) {
            const QRectF cell = layout.cellRect(content.framed).adjusted(1, 1, -2, -2);
            drawFrame(painter, cell, 0, theme.color(Role::fill), Qt::transparent, theme.px(3));
            drawFrame(painter, cell.adjusted(theme.px(2), theme.px(2), -theme.px(2), -theme.px(2)), 0, Qt::black);
        }
        if (marks.hover.valid()) {
            painter.setPen(QPen(theme.color(Role::text), 1, Qt::DashLine));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(layout.cellRect(marks.hover).adjusted(0.5, 0.5, -1.5, -1.5));
        }
        if (marks.focused)
            drawFrame(painter, layout.cellRect(marks.selection).adjusted(-1, -1, 0, 0), 0, theme.color(Role::accent), Qt::transparent,
                      theme.px(2));
    }

    QString place(const MapContent& content, MapCell cell) const override {
        const QString row = content.rows + quotedName(content.rowNames, cell.row);
        return content.columns.isEmpty() ? row
                                         : row + QStringLiteral(", ") + content.columns + quotedName(content.columnNames, cell.column);
    }

    QSize sizeHint(const MapContent& content) const override { return minimumSizeHint(content); }
    QSize minimumSizeHint(const MapContent& content) const override {
        const Theme& theme = Theme::instance();
        const MapData& data = content.data();
        if (data.empty()) return {theme.px(emptyWidth), theme.px(emptyHeight)};
        return {static_cast<int>(widthOfLabels(content)) + theme.px(leastCellWidth) * data.columns + theme.px(2 * tableFormGap),
                theme.px(tableFormCaptionHeight + tableFormLabelHeight + 4) + theme.px(leastCellHeight) * data.rows};
    }
};

}  // namespace

const MapForm& MapForm::table() {
    static const TableForm form;
    return form;
}

}  // namespace lab
