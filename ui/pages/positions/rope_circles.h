#pragma once

#include <QTimer>
#include <QWidget>

#include "ui/pages/positions/rope_study.h"

class QHBoxLayout;
class QVBoxLayout;

namespace lab {

class Button;
class PairGrid;
class PairLegend;
class PairTable;
class PanelFrame;
class PhaseCircle;
class PositionSlider;
class ScoreBars;
class ScoreProof;
class SegmentedControl;
class Plot;

/// Score, envelope and the false shortcut over m - n, with the study's own distance in the hand.
void plotScoreAgainstDistance(Plot& plot, const RopeStudy& study);

/// RoPE on one query and one key: a pair large, all pairs small, their numbers, the bars that add up to the score, and the score against
/// distance. Wide pages put the circles in one row above their bars.
class RopeCircles : public QWidget {
    Q_OBJECT

public:
    RopeCircles(RopeStudy& study, QWidget* parent = nullptr);

    bool playing() const { return m_play.isActive(); }
    void setPlaying(bool playing);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeLargePair();
    QWidget* makeAllPairs();
    QWidget* makeControls();
    QWidget* makeNumbers();
    QWidget* makeCurve();
    void applyMeasures();
    void arrange();
    void showVectors();
    void showPositions();
    void showCurves();

    RopeStudy& m_study;
    QTimer m_play;
    bool m_wide = false;
    QVBoxLayout* m_rows;
    QHBoxLayout* m_upper;
    QHBoxLayout* m_lower;
    PanelFrame* m_largePanel;
    PhaseCircle* m_circle;
    PairLegend* m_legend;
    PanelFrame* m_allPanel;
    QVBoxLayout* m_allBody;
    PairGrid* m_grid;
    SegmentedControl* m_source;
    Button* m_otherVectors;
    PositionSlider* m_querySlider;
    PositionSlider* m_keySlider;
    Button* m_shift;
    Button* m_playButton;
    PanelFrame* m_numbersPanel;
    SegmentedControl* m_pairing;
    PanelFrame* m_barsPanel;
    QVBoxLayout* m_barsBody;
    ScoreBars* m_bars;
    PanelFrame* m_curvePanel;
    Plot* m_curve;
};

}  // namespace lab
