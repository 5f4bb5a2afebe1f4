#include "ui/widgets/timeline_figure.h"

#include <QCoreApplication>
#include <QPainter>

#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/timeline_strip.h"

namespace lab {
namespace {

// Logical px.
constexpr double axisWidth = 52, widestStrip = 780, stripHeight = 56, timelineFigureTitleHeight = 18;

struct TimelineFigureWords {
    Q_DECLARE_TR_FUNCTIONS(TimelineFigure)
};

}  // namespace

TimelineFigure::TimelineFigure(const TimelineStrip& strip) : m_strip(std::make_unique<TimelineStrip>()) {
    m_strip->copy(strip);
}

TimelineFigure::~TimelineFigure() = default;

QSizeF TimelineFigure::bodySize(double width) const {
    return {width > 0 ? width : axisWidth + widestStrip, timelineFigureTitleHeight + stripHeight + timelineFigureTitleHeight};
}

void TimelineFigure::paintBody(QPainter& painter, double width) const {
    const Theme& theme = Theme::instance();
    const double stripWidth = bodySize(width).width() - axisWidth;
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(0, 0, axisWidth + stripWidth, timelineFigureTitleHeight), Qt::AlignLeft | Qt::AlignVCenter,
                     TimelineFigureWords::tr("loss, logarithmic"));
    painter.drawText(QRectF(axisWidth, timelineFigureTitleHeight + stripHeight, stripWidth, timelineFigureTitleHeight),
                     Qt::AlignRight | Qt::AlignVCenter, TimelineFigureWords::tr("step"));
    m_strip->resize(static_cast<int>(stripWidth), static_cast<int>(stripHeight));
    for (const auto& [loss, y] : m_strip->lossMarks())
        painter.drawText(QRectF(0, timelineFigureTitleHeight + y - 8, axisWidth - 2, 16), Qt::AlignRight | Qt::AlignVCenter,
                         significant(loss, 2));
    m_strip->render(&painter, QPoint(static_cast<int>(axisWidth), static_cast<int>(timelineFigureTitleHeight)), QRegion(), {});
}

}  // namespace lab
