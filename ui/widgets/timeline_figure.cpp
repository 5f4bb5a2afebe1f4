#include "ui/widgets/timeline_figure.h"

#include <QCoreApplication>
#include <QPainter>

#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/timeline_strip.h"

namespace lab {
namespace {

// Logical px.
constexpr double axisWidth = 52, widestStrip = 780, stripHeight = 56, titleHeight = 18;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(TimelineFigure)
};

}  // namespace

TimelineFigure::TimelineFigure(const TimelineStrip& strip) : m_strip(std::make_unique<TimelineStrip>()) {
    m_strip->copy(strip);
}

TimelineFigure::~TimelineFigure() = default;

QSizeF TimelineFigure::bodySize(double width) const {
    return {width > 0 ? width : axisWidth + widestStrip, titleHeight + stripHeight + titleHeight};
}

void TimelineFigure::paintBody(QPainter& painter, double width) const {
    const Theme& theme = Theme::instance();
    const double stripWidth = bodySize(width).width() - axisWidth;
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(0, 0, axisWidth + stripWidth, titleHeight), Qt::AlignLeft | Qt::AlignVCenter, Words::tr("loss, logarithmic"));
    painter.drawText(QRectF(axisWidth, titleHeight + stripHeight, stripWidth, titleHeight), Qt::AlignRight | Qt::AlignVCenter,
                     Words::tr("step"));
    m_strip->resize(static_cast<int>(stripWidth), static_cast<int>(stripHeight));
    for (const auto& [loss, y] : m_strip->lossMarks())
        painter.drawText(QRectF(0, titleHeight + y - 8, axisWidth - 2, 16), Qt::AlignRight | Qt::AlignVCenter, significant(loss, 2));
    m_strip->render(&painter, QPoint(static_cast<int>(axisWidth), static_cast<int>(titleHeight)), QRegion(), {});
}

}  // namespace lab
