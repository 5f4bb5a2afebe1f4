#pragma once

#include <QWidget>
#include <map>

#include "core/analysis/positions/rope_extension.h"
#include "ui/pages/positions/position_view.h"
#include "ui/pages/positions/rope_study.h"
#include "ui/runs/length_sweep.h"

class QGridLayout;
class QVBoxLayout;

namespace lab {

class Button;
class PanelFrame;
class PositionSlider;
class SegmentedControl;
class TextTable;
class XyPlot;

/// Reading longer sequences than the model was trained on: base, linear, NTK, YaRN and LongRoPE side by side, and what each makes of the
/// model's accuracy up to eight times its training length.
class RopeExtensionView : public QWidget {
    Q_OBJECT

public:
    RopeExtensionView(RopeStudy& study, QWidget* parent = nullptr);

    void look(const PositionScene& scene);
    int factor() const { return m_factor; }
    void setFactor(int factor);
    LengthSweep& sweep() { return m_sweep; }
    /// Starts the measurement, or stops the one under way.
    void toggleMeasurement();

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeRatios();
    QWidget* makeMethods();
    QWidget* makeMeasurement();
    void applyMeasures();
    void showExtensions();
    void showMeasurement();
    bool rotates() const;

    RopeStudy& m_study;
    PositionScene m_scene;
    int m_factor = 4;
    std::vector<RopeExtension> m_extensions;
    LengthSweep m_sweep;
    std::vector<std::map<int, Evaluation>> m_results;  ///< per rotation, by task.seq_len
    QString m_measured;                                ///< what the results belong to
    QString m_problem;
    QStringList m_measuredNames;  ///< per rotation

    QGridLayout* m_grid;
    PanelFrame* m_ratioPanel;
    XyPlot* m_ratios;
    QVBoxLayout* m_factorRow;
    PositionSlider* m_factorSlider;
    PanelFrame* m_methodPanel;
    TextTable* m_methods;
    PanelFrame* m_lengthPanel;
    XyPlot* m_lengths;
    SegmentedControl* m_measure;
    Button* m_start;
};

}  // namespace lab
