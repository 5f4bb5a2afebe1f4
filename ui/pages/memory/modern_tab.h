#pragma once

#include "ui/pages/memory/memory_tab.h"
#include "ui/pages/memory/modern_flow.h"
#include "ui/runs/latest_task.h"
#include "ui/scenes/parts_figure.h"

class QGridLayout;
class QHBoxLayout;
class QSpinBox;

namespace lab {

class BetaRow;
class DataTable;
class PanelFrame;
class Plot;
class SegmentedControl;
class TextTable;
class ThemedLabel;
class WrappedText;

/// The continuous Hopfield network: compare, sharpen, mix. Its patterns are the page's own, or random real-valued vectors.
class ModernTab : public MemoryTab {
    Q_OBJECT

public:
    ModernTab(Focus& focus, MemoryState& state, QWidget* parent = nullptr);

    TabHeading heading() const override;
    QWidget* controls() override { return m_controls; }
    void refresh() override;
    bool ready() const override { return !m_due && !m_asked; }
    std::vector<FigureOffer> figures() override;
    bool asksQuery() const override { return !isRandom(); }
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

    ModernLookPtr look() const { return m_look; }
    bool isRandom() const { return m_random; }
    void setRandom(bool random);

private:
    QWidget* makeFlow();
    QWidget* makeCurve();
    QWidget* makeEnd();
    QWidget* makeErrors();
    void makeControls();
    void makeTable();
    void connectParts();
    void applyMeasures();
    void takeNumbers();
    void choose(int pattern);
    void setBeta(double beta);
    void take(ModernLookPtr look, const VectorForm& form);
    void fail(const QString& message);
    void showCurve();
    void showEnd();
    void showErrors();
    QString nameOf(int pattern) const;
    int chosen() const;
    FigureSubject subject() const;

    bool m_random = false;
    RandomMemory m_vectors;
    int m_target = 0;      ///< of the random vectors
    int m_noise = 30;      ///< percent of their length
    bool m_due = true;     ///< the state is newer than what was asked for
    bool m_asked = false;  ///< what was asked for has not come yet
    QString m_failure;     ///< why there is no look; empty: nothing is stored
    ModernLookPtr m_look;
    VectorForm m_form;

    QWidget* m_controls;
    SegmentedControl* m_source;
    QGridLayout* m_grid;
    PanelFrame* m_flowPanel;
    ModernFlow* m_flow;
    DataTable* m_table;
    QWidget* m_numbers;  ///< of the random vectors
    QSpinBox *m_countBox, *m_dimensionBox, *m_seedBox, *m_noiseBox;
    PanelFrame* m_curvePanel;
    BetaRow* m_beta;
    Plot* m_curve;
    ModernSamples* m_samples;
    PanelFrame* m_endPanel;
    WrappedText* m_regime;
    ThemedLabel* m_energy;
    TextTable* m_end;
    PanelFrame* m_errorPanel;
    Plot* m_errors;
    LatestTask m_task;  ///< ends first
};

}  // namespace lab
