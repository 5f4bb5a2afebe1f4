#pragma once

#include <memory>

#include "ui/widgets/figure.h"

namespace lab {

class TimelineStrip;

/// The timeline as a picture for paper, with the ends of its loss axis.
class TimelineFigure : public Figure {
public:
    /// Copies what the strip shows now.
    explicit TimelineFigure(const TimelineStrip& strip);
    ~TimelineFigure() override;

    FigureTable numbers;

    FigureTable table() const override { return numbers; }

protected:
    QSizeF bodySize(double width) const override;
    void paintBody(QPainter& painter, double width) const override;

private:
    std::unique_ptr<TimelineStrip> m_strip;
};

}  // namespace lab
