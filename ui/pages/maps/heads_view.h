#pragma once

#include <QWidget>
#include <vector>

#include "ui/pages/maps/head_table.h"
#include "ui/runs/focus.h"
#include "ui/runs/head_history.h"
#include "ui/scenes/maps_scene.h"

class QComboBox;
class QVBoxLayout;

namespace lab {

class HeadCurves;
struct HeadCurve;
class PanelFrame;

/// The metrics of all heads as a table, and the chosen one over training as curves.
class HeadsView : public QWidget {
    Q_OBJECT

public:
    HeadsView(Focus& focus, HeadHistory& history, QWidget* parent = nullptr);

    /// `metrics` of every head of the scene, measured at `step`.
    void look(const MapsScene& scene, const std::vector<HeadMetrics>& metrics, std::int64_t step);
    HeadTable& table() const { return *m_table; }
    HeadCurves& curves() const { return *m_curves; }
    /// The table stands on top in another layout, in brief, until it is called back with null.
    void lendTable(QVBoxLayout* to);
    bool hasLentTable() const { return m_lentTo; }

signals:
    void headOpened(int block, int head);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void chooseMetric(HeadMetric metric);
    void fillMetrics(const std::optional<SourcePattern>& pattern);
    void refreshCurves();
    QString storyOf(HeadMetric metric, const HeadCurve& curve) const;
    void share();

    Focus& m_focus;
    HeadHistory& m_history;
    std::vector<HeadRow> m_rows;  ///< in the order of the blocks
    std::optional<SourcePattern> m_pattern;
    QPointer<Run> m_run;  ///< the metric was chosen for
    bool m_filled = false;
    PanelFrame* m_tablePanel;
    HeadTable* m_table;
    QVBoxLayout* m_lentTo = nullptr;
    HeadCurves* m_curves;
    QComboBox* m_metrics;
};

}  // namespace lab
