#pragma once

#include <QWidget>

#include "ui/pages/positions/rope_study.h"

class QHBoxLayout;

namespace lab {

class PanelFrame;
class Map;
class Plot;

/// What each pair does over the positions: the phase of every pair at every position, and its wavelength on a log axis beside the length
/// that training has seen.
class RopePhases : public QWidget {
    Q_OBJECT

public:
    RopePhases(RopeStudy& study, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void showVectors();
    void showPair();
    void showDistance();

    RopeStudy& m_study;
    QHBoxLayout* m_row;
    PanelFrame* m_phasePanel;
    Map* m_phases;
    PanelFrame* m_wavePanel;
    Plot* m_waves;
    PanelFrame* m_turnPanel;
    Plot* m_turns;
};

}  // namespace lab
