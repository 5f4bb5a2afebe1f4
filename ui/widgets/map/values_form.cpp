#include <QPainter>

#include "ui/widgets/map/map.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int leftRoom = 34, mostLeftRoom = 84;  // of indices alone, and of the names behind them
constexpr int valuesFormTopRoom = 34;            // axis name and indices
constexpr int valuesFormRightRoom = 10;
constexpr int scaleRoom = 46;  // bar, ticks and read-out
constexpr int valuesFormBarHeight = 8;
constexpr int labelRoom = 22;

int labelStep(double cell, double room) {
    int step = 1;
    for (const int next : {2, 4, 8, 16, 32, 64, 128, 256, 512})
        if (cell * step < room) step = next;
    return step;
}

/// "5 “9”", or the index alone.
QString indexText(const std::vector<QString>& names, int index) {
    const QString number = QString::number(index);
    const auto i = static_cast<std::size_t>(index);
    return i < names.size() ? Map::tr("%1 \u201C%2\u201D").arg(number, names[i]) : number;
}

QString longName(const std::vector<QString>& names, int index) {
    const auto i = static_cast<std::size_t>(index);
    return i < names.size() ? QString::number(index) + QStringLiteral("\u2002") + names[i] : QString::number(index);
}

/// "5 9" where it fits, the index alone where not.
QString shortName(const std::vector<QString>& names, int index, double room) {
    const QString both = longName(names, index);
    return textWidth(Theme::instance().font(TextSize::caption), both) <= room ? both : QString::number(index);
}

/// Left of the cells: the indices, with their names as far as these take a share of the width that is small.
double roomOfNames(const MapContent& content, double width) {
    const Theme& theme = Theme::instance();
    constexpr double mostOfTheWidth = 0.2;
    constexpr std::size_t mostMeasured = 128;
    double widest = theme.px(leftRoom);
    if (content.rowNames.size() > mostMeasured) return widest;
    const double most = std::max(widest, std::min<double>(theme.px(mostLeftRoom), mostOfTheWidth * width));
    for (std::size_t i = 0; i < content.rowNames.size(); ++i) {
        const double needed = textWidth(theme.font(TextSize::caption), longName(content.rowNames, static_cast<int>(i))) + theme.px(7);
        if (needed <= most) widest = std::max(widest, needed);
    }
    return widest;
}

class ValuesForm : public MapForm {
public:
    MapLayout layout(const MapContent& content, const MapRoom& given) const override {
        const Theme& theme = Theme::instance();
        const MapData& data = content.data();
        MapLayout layout;
        layout.room = given.size;
        layout.shapes = layout.paper = given.paper;
        const double left = roomOfNames(content, given.size.width());
        const QRectF room(left, theme.px(valuesFormTopRoom), given.size.width() - left - theme.px(valuesFormRightRoom),
                          given.size.height() - theme.px(valuesFormTopRoom + scaleRoom));
        layout.map = QRectF(room.topLeft(), QSizeF(4, 4));
        if (data.empty() || room.width() < 4 || room.height() < 4) return layout;
        double w = room.width() / data.columns, h = room.height() / data.rows;
        if (content.square) w = h = std::min(w, h);
        // Whole pixels while they give away little.
        if (w >= 4) w = std::floor(w);
        if (h >= 4) h = std::floor(h);
        const double spare = content.square ? std::floor(std::max(0.0, room.width() - w * data.columns) / 2) : 0;
        layout.cell = {w, h};
        layout.map = QRectF(room.left() + spare, room.top(), w * data.columns, h * data.rows);
        layout.columnStep = labelStep(w, theme.px(labelRoom));
        layout.rowStep = labelStep(h, theme.px(14));
        return layout;
    }

    void paintAround(QPainter& painter, const MapContent& content, const MapLayout& layout, const MapMarks& marks) const override {
        const Theme& theme = Theme::instance();
        painter.fillRect(QRectF(QPointF(), layout.room), theme.color(Role::screen));
        drawFrame(painter, layout.map.adjusted(-1, -1, 1, 1), 0, theme.color(Role::hairline));
        paintIndices(painter, content, layout);
        paintScale(painter, content, layout, marks.shown);
    }

    void paintMarks(QPainter& painter, const MapContent& content, const MapLayout& layout, const MapMarks& marks) const override {
        const Theme& theme = Theme::instance();
        if (marks.selection.row >= 0 && marks.selection.row < content.data().rows) {
            const QRectF box = layout.cellRect(marks.selection).adjusted(-1, -1, 1, 1);
            const double s = theme.scale();
            drawFrame(painter, box.adjusted(-3 * s, -3 * s, 3 * s, 3 * s), 0, theme.color(Role::screen), Qt::transparent, 1.5 * s);
            drawFrame(painter, box.adjusted(-2 * s, -2 * s, 2 * s, 2 * s), 0, theme.color(Role::fill), Qt::transparent, 2.5 * s);
            drawFrame(painter, box, 0, Qt::black, Qt::transparent, s);
        }
        if (marks.hover.valid() && marks.hover != marks.selection) {
            QPen pen(theme.color(Role::text), std::max(1.0, theme.scale()));
            pen.setDashPattern({3, 2});
            painter.setPen(pen);
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(layout.cellRect(marks.hover).adjusted(-0.5, -0.5, 0.5, 0.5));
        }
        if (marks.focused) drawFocusRing(painter, layout.map.adjusted(-1, -1, 1, 1), 0);
    }

    QString place(const MapContent& content, MapCell cell) const override {
        return Map::tr("%1 %2, %3 %4")
            .arg(content.rows, indexText(content.rowNames, cell.row), content.columns, indexText(content.columnNames, cell.column));
    }

    QSize sizeHint(const MapContent&) const override { return {Theme::instance().px(320), Theme::instance().px(260)}; }
    QSize minimumSizeHint(const MapContent&) const override { return {Theme::instance().px(170), Theme::instance().px(140)}; }

private:
    void paintIndices(QPainter& painter, const MapContent& content, const MapLayout& layout) const;
    void paintScale(QPainter& painter, const MapContent& content, const MapLayout& layout, MapCell shown) const;
};

void ValuesForm::paintIndices(QPainter& painter, const MapContent& content, const MapLayout& layout) const {
    const Theme& theme = Theme::instance();
    const QRectF& map = layout.map;
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const double w = layout.cell.width(), h = layout.cell.height();
    const double half = std::max<double>(theme.px(20), layout.columnStep * w / 2);
    for (int c = 0; c < content.data().columns; c += layout.columnStep)
        painter.drawText(QRectF(map.left() + (c + 0.5) * w - half, map.top() - theme.px(16), 2 * half, theme.px(14)), Qt::AlignCenter,
                         shortName(content.columnNames, c, layout.columnStep * w - theme.px(4)));
    for (int r = 0; r < content.data().rows; r += layout.rowStep)
        painter.drawText(QRectF(0, map.top() + (r + 0.5) * h - theme.px(8), map.left() - theme.px(5), theme.px(16)),
                         Qt::AlignRight | Qt::AlignVCenter, shortName(content.rowNames, r, map.left() - theme.px(6)));
    painter.drawText(QRectF(theme.px(4), 0, layout.room.width() - theme.px(8), theme.px(16)), Qt::AlignLeft | Qt::AlignVCenter,
                     QStringLiteral("\u2193 ") + content.rows + QStringLiteral("   \u2192 ") + content.columns);
}

/// The colours, what they measure, and the cell in hand.
void ValuesForm::paintScale(QPainter& painter, const MapContent& content, const MapLayout& layout, MapCell shown) const {
    const Theme& theme = Theme::instance();
    const ColorScaling& scaling = content.picture.scaling();
    const QRectF& map = layout.map;
    const QString low = content.format(scaling.low), high = content.format(scaling.high);
    const double size = std::clamp<double>(map.width(), theme.px(120), theme.px(260));
    const QRectF bar(map.left(), map.bottom() + theme.px(6), std::min(size, layout.room.width() - map.left() - theme.px(8)),
                     theme.px(valuesFormBarHeight));
    const int steps = static_cast<int>(bar.width());
    for (int i = 0; i < steps; ++i)
        painter.fillRect(QRectF(bar.left() + i, bar.top(), 1.0, bar.height()),
                         QColor(scaling.color(scaling.low + (scaling.high - scaling.low) * (i + 0.5) / steps)));
    drawFrame(painter, bar, 0, theme.color(Role::hairline));
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const double row = bar.bottom() + theme.px(1);
    const QRectF ticks(bar.left(), row, bar.width(), theme.px(13));
    painter.drawText(ticks, Qt::AlignLeft | Qt::AlignVCenter, low);
    painter.drawText(ticks, Qt::AlignRight | Qt::AlignVCenter, high);
    const int ends = 2 * std::max(textWidth(painter.font(), low), textWidth(painter.font(), high));
    if (textWidth(painter.font(), content.quantity) + ends + theme.px(12) <= bar.width())
        painter.drawText(ticks, Qt::AlignCenter, content.quantity);
    if (!content.data().contains(shown.row, shown.column)) return;
    if (!content.data().masked(shown.row, shown.column)) {
        const double place = scaling.position(static_cast<double>(content.data().value(shown.row, shown.column)));
        const double x = bar.left() + bar.width() * std::clamp(place, 0.0, 1.0);
        painter.fillRect(QRectF(x - theme.px(1.5), bar.top() - theme.px(2), theme.px(3), bar.height() + theme.px(4)),
                         theme.color(Role::fill));
    }
    painter.setPen(theme.color(Role::text));
    painter.drawText(QRectF(bar.left(), row + theme.px(13), layout.room.width() - bar.left(), theme.px(14)),
                     Qt::AlignLeft | Qt::AlignVCenter, reading(content, shown));
}

}  // namespace

const MapForm& MapForm::values() {
    static const ValuesForm form;
    return form;
}

}  // namespace lab
