#pragma once

#include <QWidget>

#include "ui/pages/positions/rope_study.h"
#include "ui/widgets/phase_circle.h"

namespace lab {

/// The arrows of one pair of a study.
PhaseArrows arrowsOf(const RopeStudy& study, int pair);

/// All pairs of a head as small circles: theta above each, what it adds to the score below. Click or arrow keys choose the pair in hand.
class PairGrid : public QWidget {
    Q_OBJECT

public:
    PairGrid(RopeStudy& study, QWidget* parent = nullptr);

    /// One row whose circles stand over the bars of PairColumns, with the height that this needs.
    void setAligned(bool aligned);
    bool aligned() const { return m_aligned; }
    QRectF cellRect(int pair) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    int columns() const;
    void fitHeight();
    void paintCell(QPainter& painter, int pair) const;
    void describe();

    RopeStudy& m_study;
    bool m_aligned = false;
};

}  // namespace lab
