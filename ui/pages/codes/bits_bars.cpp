#include "ui/pages/codes/bits_bars.h"

#include <QPainter>
#include <algorithm>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int rowHeight = 24, barHeight = 14, topRoom = 6, widestLabel = 150, valueRoom = 50, barsGap = 8;
constexpr double labelShare = 0.46;

struct Measures {
    QRectF room;
    double label = 0, most = 0;
    double needed = -1;  ///< bits; negative: it is not among the bars

    Measures(const QRectF& whole, const std::vector<BitsBar>& bars) : room(whole) {
        label = std::min<double>(Theme::instance().px(widestLabel), labelShare * room.width());
        for (const BitsBar& bar : bars) {
            most = std::max(most, bar.bits);
            if (bar.needed) needed = bar.bits;
        }
    }
    double left() const { return room.left() + label + Theme::instance().px(barsGap); }
    double xOf(double bits) const {
        const double wide = std::max(0.0, room.right() - left() - Theme::instance().px(valueRoom));
        return left() + (most > 0 ? wide * bits / most : 0);
    }
    QRectF row(std::size_t at) const {
        const Theme& theme = Theme::instance();
        return {room.left(), room.top() + theme.px(topRoom) + static_cast<double>(at) * theme.px(rowHeight), room.width(),
                static_cast<double>(theme.px(rowHeight))};
    }
    QRectF bar(std::size_t at, double bits) const {
        const double high = Theme::instance().px(barHeight);
        return {left(), row(at).center().y() - high / 2, xOf(bits) - left(), high};
    }
};

/// Where a bar's value begins: right of the line of what is needed where that would go through it.
double valueLeft(const Measures& at, double bits, double wide) {
    const double away = Theme::instance().px(4), left = at.xOf(bits) + away, line = at.xOf(std::max(0.0, at.needed));
    const bool struck = at.needed >= 0 && left - away / 2 < line && line < left + wide + away / 2;
    return struck ? line + away : left;
}

void paintRow(QPainter& painter, const Measures& at, std::size_t index, const BitsBar& bar) {
    const Theme& theme = Theme::instance();
    const QRectF row = at.row(index), drawn = at.bar(index, bar.bits);
    painter.setFont(theme.font(TextSize::axis, bar.needed));
    painter.setPen(theme.color(bar.needed ? Role::text : Role::muted));
    drawElidedFormula(painter, QRectF(row.left() + theme.px(barsGap) / 2.0, row.top(), at.label - theme.px(barsGap) / 2.0, row.height()),
                      Qt::AlignRight, bar.name);
    if (bar.needed) {
        painter.setPen(QPen(theme.color(Role::text), 1, Qt::DashLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(drawn.adjusted(0.5, 0.5, -0.5, -0.5));
    } else {
        painter.fillRect(drawn, theme.color(Role::series1));
    }
    painter.setFont(theme.font(TextSize::axis, true));
    painter.setPen(theme.color(Role::text));
    const double left = valueLeft(at, bar.bits, textAdvance(painter.font(), bar.text));
    painter.drawText(QRectF(left, row.top(), row.right() - left, row.height()), Qt::AlignLeft | Qt::AlignVCenter, bar.text);
}

}  // namespace

BitsBars::BitsBars(QWidget* parent) : QWidget(parent) {
    describePicture(this, tr("Bits"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    followTheme(this, [this] { setFixedHeight(Theme::instance().px(heightOf(std::max<std::size_t>(m_bars.size(), 1)))); });
}

void BitsBars::setBars(std::vector<BitsBar> bars) {
    m_bars = std::move(bars);
    QStringList spoken;
    for (const BitsBar& bar : m_bars) spoken << tr("%1: %2 bits").arg(plainFormula(bar.name), bar.text);
    describePicture(this, tr("Bits"), spoken.join(QStringLiteral("; ")));
    setFixedHeight(Theme::instance().px(heightOf(std::max<std::size_t>(m_bars.size(), 1))));
    update();
}

int BitsBars::heightOf(std::size_t bars) {
    return 2 * topRoom + rowHeight * static_cast<int>(bars);
}

QRectF BitsBars::barRect(std::size_t bar) const {
    return Measures(rect(), m_bars).bar(bar, m_bars[bar].bits);
}

QSize BitsBars::sizeHint() const {
    return {Theme::instance().px(330), height()};
}

QSize BitsBars::minimumSizeHint() const {
    return {Theme::instance().px(180), height()};
}

void BitsBars::paint(QPainter& painter, const QRectF& room, const std::vector<BitsBar>& bars) {
    const Measures at(room, bars);
    for (std::size_t i = 0; i < bars.size(); ++i) paintRow(painter, at, i, bars[i]);
    if (at.needed < 0) return;
    painter.setPen(QPen(Theme::instance().color(Role::text), 1, Qt::DashLine));
    const double x = at.xOf(at.needed);
    painter.drawLine(QPointF(x, room.top() + 4), QPointF(x, at.row(bars.size() - 1).bottom() + 2));
}

void BitsBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::instance().color(Role::screen));
    if (!m_bars.empty()) paint(painter, rect(), m_bars);
}

}  // namespace lab
