#pragma once

#include <QWidget>

#include "ui/pages/memory/recall_study.h"

namespace lab {

class Button;
class RecallClock;
class ThemedLabel;

/// A recall in one line: the energy, flips as ticks, and the update that is shown. A click or a drag shows another; so do Left and Right,
/// with Shift by sixteen, Home and End.
class EnergyStrip : public QWidget {
    Q_OBJECT

public:
    explicit EnergyStrip(QWidget* parent = nullptr);

    void setStudy(RecallStudyPtr study, int shown);
    double xOf(int update) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void updateChosen(int update);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QRectF screen() const;
    void choose(double x);
    void paintCurve(QPainter& painter) const;
    void paintFlips(QPainter& painter) const;
    void paintPlayhead(QPainter& painter) const;

    RecallStudyPtr m_study;
    int m_shown = 0;
};

/// The bar around it, in the place of the training's timeline.
class RecallTimeline : public QWidget {
    Q_OBJECT

public:
    explicit RecallTimeline(RecallClock& clock, QWidget* parent = nullptr);

    void setStudy(RecallStudyPtr study);
    EnergyStrip& strip() const { return *m_strip; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showState();
    void applyMeasures();

    RecallClock& m_clock;
    RecallStudyPtr m_study;
    EnergyStrip* m_strip;
    ThemedLabel *m_update, *m_flips;
};

}  // namespace lab
