#pragma once

#include <QWidget>

#include "ui/pages/positions/pair_columns.h"
#include "ui/pages/positions/rope_study.h"

namespace lab {

/// A bar for each pair, one standing on the other, until they reach the score. Aligned, they fill the width in PairColumns.
class ScoreBars : public QWidget {
    Q_OBJECT

public:
    ScoreBars(RopeStudy& study, QWidget* parent = nullptr);

    void setAligned(bool aligned);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    struct Frame {
        double left, right, top, bottom, low, high, bar;
        int decimals;  ///< of the shares: no more than fit above a bar
        PairColumns columns;
        double y(double value) const { return bottom - (bottom - top) * (value - low) / (high - low); }
    };
    Frame frame() const;
    int fittingDecimals(double slot) const;
    void paintBar(QPainter& painter, const Frame& at, int pair, double from, double to) const;
    void describe();

    RopeStudy& m_study;
    bool m_aligned = false;
};

}  // namespace lab
