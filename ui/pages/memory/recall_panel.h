#pragma once

#include "ui/pages/memory/recall_study.h"
#include "ui/widgets/export_panel.h"
#include "ui/widgets/panel.h"

namespace lab {

class Plot;
class SegmentedControl;
class SnapshotStrip;
class ThemedLabel;

/// Remembering, step by step: snapshots above the curve of the energy, the shown update in hand, and whether the energy rose.
class RecallPanel : public PanelFrame {
    Q_OBJECT

public:
    explicit RecallPanel(QWidget* parent = nullptr);

    /// Null: nothing is stored.
    void setStudy(RecallStudyPtr study, int shown);
    Plot& plot() const { return *m_plot; }
    /// Snapshots and curve as one picture, with a film over the updates.
    std::vector<FigureOffer> figures() const;

signals:
    void updateChosen(int update);
    void synchronousChosen(bool synchronous);

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showSnapshots();

    RecallStudyPtr m_study;
    int m_shown = 0;
    SegmentedControl* m_mode;
    SnapshotStrip* m_snapshots;
    Plot* m_plot;
    ThemedLabel* m_verdict;
};

}  // namespace lab
