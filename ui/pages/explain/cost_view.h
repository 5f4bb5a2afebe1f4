#pragma once

#include <QPointer>
#include <QWidget>
#include <memory>
#include <vector>

#include "core/training/cost_bench.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/run.h"

class QBoxLayout;
class QSlider;
class QStackedWidget;

namespace lab {

class Button;
class CostTimer;
class CostTable;
class PanelFrame;
class Plot;
class SegmentedControl;
class ThemedLabel;

/// What the model takes to read n tokens, with its own pattern and with every other, against n: memory, multiply-adds, and the numbers at
/// one length. Computed when it is first shown, off the GUI thread; what is measured is measured when the button says so.
class CostView : public QWidget {
    Q_OBJECT

public:
    explicit CostView(QWidget* parent = nullptr);

    void setRun(Run* run);
    /// The nearest of costedLengths().
    void setLength(int n);
    int length() const;
    const std::vector<CostLine>& lines() const { return m_lines; }
    Plot* bytes() const { return m_bytes; }
    Plot* products() const { return m_products; }
    Plot* times() const { return m_times; }
    CostTable* table() const { return m_table; }
    /// Measures, or ends that.
    void measure(const CostTiming& timing = {});
    bool measuring() const;
    const std::vector<TimedCost>& timed() const { return m_timed; }
    /// What stands beside the slider, and below the table.
    QString facts() const;
    QString sentences() const;

signals:
    /// Lines or length are others.
    void changed();

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    QWidget* makeTop();
    QWidget* makePlots();
    void makeText();
    void compute();
    void takeLines(std::vector<CostLine> lines);
    void showLines();
    void showLength();
    void showText();
    void showTimes();
    void showMeasuring();
    void applyMeasures();
    QString factsOf(const ModelCost& cost) const;

    QPointer<Run> m_run;
    std::shared_ptr<const Model> m_model, m_known;  ///< of the lines
    std::vector<CostLine> m_lines;
    std::vector<TimedCost> m_timed;
    QString m_failure;  ///< why a measurement ended
    QSlider* m_slider;
    ThemedLabel *m_lengthText, *m_facts, *m_text;
    QBoxLayout* m_plots;
    PanelFrame *m_bytesPanel, *m_productsPanel;
    Plot *m_bytes, *m_products, *m_times;
    SegmentedControl* m_quantity;
    Button* m_measure;
    QStackedWidget* m_right;
    CostTimer* m_timer;
    CostTable* m_table;
    LatestTask m_task;  ///< ends first
};

}  // namespace lab
