#include "ui/widgets/timeline_figure.h"

#include <QCoreApplication>
#include <QPainter>

#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/timeline_strip.h"

namespace lab {
namespace {

// Logical px.
constexpr double axisWidth = 52, stripWidth = 780, stripHeight = 56, titleHeight = 18;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(TimelineFigure)
};

}  // namespace

TimelineFigure::TimelineFigure(const TimelineStrip& strip) : m_strip(std::make_unique<TimelineStrip>()) {
    m_strip->copy(strip);
}

TimelineFigure::~TimelineFigure() = default;

QSizeF TimelineFigure::size() const {
    return figureSize(*this, {axisWidth + stripWidth, titleHeight + stripHeight + titleHeight});
}

void TimelineFigure::paint(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    paintFigureFrame(painter, *this, size());
    painter.save();
    painter.translate(figureMargin, figureMargin + figureTitleHeight);
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(0, 0, axisWidth + stripWidth, titleHeight), Qt::AlignLeft | Qt::AlignVCenter, Words::tr("loss, logarithmic"));
    painter.drawText(QRectF(axisWidth, titleHeight + stripHeight, stripWidth, titleHeight), Qt::AlignRight | Qt::AlignVCenter,
                     Words::tr("step"));
    m_strip->resize(static_cast<int>(stripWidth), static_cast<int>(stripHeight));
    for (const auto& [loss, y] : m_strip->lossMarks())
        painter.drawText(QRectF(0, titleHeight + y - 8, axisWidth - 2, 16), Qt::AlignRight | Qt::AlignVCenter, significant(loss, 2));
    m_strip->render(&painter, QPoint(static_cast<int>(axisWidth), static_cast<int>(titleHeight)), QRegion(), {});
    painter.restore();
}

}  // namespace lab
