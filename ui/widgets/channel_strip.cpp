#include "ui/widgets/channel_strip.h"

#include <QPainter>
#include <algorithm>

#include "ui/widgets/paint.h"
#include "ui/widgets/series_pen.h"

namespace lab {
namespace {

// Logical px at 100 % (LOOK.md 1 and look/source/train.html).
constexpr double leastChannelWidth = 160, channelStripPadding = 8, channelStripTop = 5, channelStripTitleHeight = 18,
                 channelStripRowHeight = 20, sampleWidth = 22, channelStripGap = 6;

void paintSample(QPainter& painter, const ChannelStrip::Row& row, const QRectF& rect) {
    const Theme& theme = Theme::instance();
    const double y = rect.center().y();
    painter.setRenderHint(QPainter::Antialiasing);
    if (row.sample == ChannelStrip::Sample::raw) {
        const double s = theme.scale();
        static constexpr double zigzag[][2] = {{0, 2}, {3, -2}, {6, 3}, {10, -3}, {13, 2}, {17, -2}, {22, 3}};
        QPolygonF line;
        for (const auto& point : zigzag) line << QPointF(rect.left() + point[0] * s, y + point[1] * s);
        QPen pen(theme.color(row.role), s);
        painter.setOpacity(0.55);
        painter.setPen(pen);
        painter.drawPolyline(line);
        painter.setOpacity(1);
    } else if (row.sample == ChannelStrip::Sample::dotted) {
        painter.setPen(QPen(theme.color(row.role), 1.5 * theme.scale(), Qt::DotLine));
        painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y));
    } else {
        painter.setPen(seriesPen(row.role, 2.5));
        painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y));
        if (row.sample == ChannelStrip::Sample::lineWithSquares) {
            const double side = 5 * theme.scale();
            painter.fillRect(QRectF(rect.center().x() - side / 2, y - side / 2, side, side), theme.color(row.role));
        }
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

}  // namespace

ChannelStrip::ChannelStrip(QWidget* parent) : QWidget(parent) {
    whenThemed(this, &ChannelStrip::placeExtra);
}

void ChannelStrip::setTitle(const QString& title) {
    m_title = title;
    update();
}

void ChannelStrip::setCaption(const QString& caption) {
    if (m_caption == caption) return;
    m_caption = caption;
    update();
}

void ChannelStrip::setRows(std::vector<Row> rows) {
    const bool moved = rows.size() != m_rows.size();
    m_rows = std::move(rows);
    if (moved) placeExtra();
    update();
}

void ChannelStrip::setExtra(QWidget* extra) {
    m_extra = extra;
    m_extra->setParent(this);
    placeExtra();
}

QString ChannelStrip::summary() const {
    QStringList parts;
    for (const Row& row : m_rows) parts << (row.name.isEmpty() ? row.value : row.name + ' ' + row.value);
    const QString head = m_caption.isEmpty() ? m_title : m_title + " (" + m_caption + ')';
    return head + ": " + parts.join(QStringLiteral(", "));
}

QSize ChannelStrip::sizeHint() const {
    const Theme& theme = Theme::instance();
    const auto kept = std::ranges::count(m_rows, false, &Row::spare);
    const int title = textWidth(theme.font(TextSize::text, true), m_title) + 2 * theme.px(channelStripPadding);
    return {std::max(theme.px(leastChannelWidth), title),
            theme.px(2 * channelStripTop + channelStripTitleHeight + channelStripRowHeight * double(kept))};
}

void ChannelStrip::resizeEvent(QResizeEvent*) {
    placeExtra();
}

std::vector<ChannelStrip::Row> ChannelStrip::shownRows() const {
    const Theme& theme = Theme::instance();
    const int extra = m_extra ? m_extra->minimumSizeHint().height() + theme.px(channelStripPadding + 4) : 0;
    const int needed = theme.px(channelStripTop + channelStripTitleHeight + channelStripRowHeight * double(m_rows.size())) + extra;
    std::vector<Row> rows = m_rows;
    if (needed > height()) std::erase_if(rows, [](const Row& row) { return row.spare; });
    return rows;
}

void ChannelStrip::placeExtra() {
    if (!m_extra) return;
    const Theme& theme = Theme::instance();
    const int y =
        theme.px(channelStripTop + channelStripTitleHeight + channelStripRowHeight * double(shownRows().size()) + channelStripPadding);
    const QRect rect(theme.px(channelStripPadding), y, width() - 2 * theme.px(channelStripPadding), height() - y - theme.px(4));
    m_extra->setGeometry(rect);
    m_extra->setVisible(rect.height() >= std::max(1, m_extra->minimumSizeHint().height()));
}

void ChannelStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paint(painter);
}

void ChannelStrip::paint(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    painter.fillRect(rect(), theme.color(Role::panel));
    const int left = theme.px(channelStripPadding), width = this->width() - 2 * left;
    const QRect title(left, theme.px(channelStripTop), width, theme.px(channelStripTitleHeight));
    painter.setFont(theme.font(TextSize::text, true));
    painter.setPen(theme.color(Role::text));
    drawElided(painter, title, Qt::AlignLeft, m_title);
    const int used = textWidth(painter.font(), m_title) + theme.px(channelStripGap);
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    drawElided(painter, title.adjusted(used, 0, 0, 0), Qt::AlignRight, m_caption);
    const std::vector<Row> rows = shownRows();
    for (std::size_t i = 0; i < rows.size(); ++i)
        paintRow(painter, rows[i],
                 QRect(left, theme.px(channelStripTop + channelStripTitleHeight + channelStripRowHeight * double(i)), width,
                       theme.px(channelStripRowHeight)));
}

void ChannelStrip::paintRow(QPainter& painter, const Row& row, const QRect& rect) const {
    const Theme& theme = Theme::instance();
    paintSample(painter, row, QRectF(rect.left(), rect.top(), theme.px(sampleWidth), rect.height()));
    const QFont bold = theme.font(TextSize::text, true), plain = theme.font(TextSize::text);
    painter.setFont(bold);
    painter.setPen(theme.color(Role::text));
    painter.drawText(rect, Qt::AlignRight | Qt::AlignVCenter, row.value);
    const int valueWidth = QFontMetrics(bold).horizontalAdvance(row.value);
    const QRect name = rect.adjusted(theme.px(sampleWidth + channelStripGap), 0, -valueWidth - theme.px(channelStripGap), 0);
    painter.setFont(plain);
    painter.setPen(theme.color(Role::muted));
    drawElided(painter, name, Qt::AlignLeft, row.name);
}

}  // namespace lab
