#pragma once

#include <QWidget>
#include <map>

#include "core/analysis/positions/rope_extension.h"
#include "ui/pages/positions/position_view.h"
#include "ui/pages/positions/rope_study.h"
#include "ui/runs/length_sweep.h"
#include "ui/runs/longrope_job.h"

class QGridLayout;
class QVBoxLayout;

namespace lab {

class Button;
class PanelFrame;
class PositionSlider;
class SegmentedControl;
class TextTable;
class Plot;

/// Reading longer sequences than the model was trained on: base, linear, NTK, YaRN, LongRoPE and Llama 3's side by side, and what each
/// makes of the model's answers up to eight times its training length. LongRoPE's factors can be searched on the model's own loss.
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
    LongRopeJob& search() { return m_search; }
    /// Starts the search for LongRoPE's factors at the present factor, or stops the one under way; the best so far stays.
    void toggleSearch();

signals:
    /// From the list of analyses: the measurement shall be seen.
    void resultWanted();

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeRatios();
    QWidget* makeMethods();
    QWidget* makeMeasurement();
    void applyMeasures();
    void showExtensions();
    void showMeasurement();
    bool isStale(std::size_t rotation) const;
    void showSearch();
    bool rotates() const;
    /// Where LongRoPE's factors come from.
    QString rowName(const RopeScalingSpec& scaling) const;
    /// Why no factors can be searched now; empty when they can.
    QString searchHindrance() const;

    RopeStudy& m_study;
    PositionScene m_scene;
    int m_factor = 4;
    std::vector<RopeExtension> m_extensions;
    LengthSweep m_sweep;
    std::vector<std::map<int, Evaluation>> m_results;  ///< per rotation, by task.seq_len
    QString m_measured;                                ///< what the results belong to
    LongRopeJob m_search;
    std::map<int, std::vector<double>> m_searched;  ///< by the factor they were searched for
    int m_searchFactor = 0;                         ///< of the search under way
    QPointer<const Run> m_searchOf;                 ///< likewise
    QString m_searchNote;
    QString m_problem;
    QStringList m_measuredNames;                         ///< per rotation
    std::vector<std::vector<double>> m_measuredFactors;  ///< per rotation: LongRoPE's, else empty
    int m_measuredFor = 0;                               ///< how many times longer

    QGridLayout* m_grid;
    PanelFrame* m_ratioPanel;
    Plot* m_ratios;
    QVBoxLayout* m_factorRow;
    PositionSlider* m_factorSlider;
    PanelFrame* m_methodPanel;
    TextTable* m_methods;
    Button* m_searchButton;
    PanelFrame* m_lengthPanel;
    Plot* m_lengths;
    SegmentedControl* m_measure;
    Button* m_start;
};

}  // namespace lab
