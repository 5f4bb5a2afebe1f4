#pragma once

#include <vector>

#include "core/analysis/head_formation.h"
#include "ui/scenes/head_names.h"
#include "ui/widgets/panel.h"

namespace lab {

class Button;
class Plot;

/// One head's metric over training.
struct HeadCurve {
    QString name;
    std::vector<double> values;
    std::optional<Formation> formation;
    std::optional<std::int64_t> named{};  ///< HeadHistory::namedFrom
};

/// "When did it form?": a metric over the kept steps, up to four heads, the one in hand first; its formation is marked, and the shown step
/// can be dragged.
class HeadCurves : public PanelFrame {
    Q_OBJECT

public:
    explicit HeadCurves(QWidget* parent = nullptr);

    static constexpr std::size_t mostCurves = 4;

    /// `level`: of a head that spreads evenly; NaN without one.
    void setCurves(HeadMetric metric, const std::optional<SourcePattern>& pattern, const std::vector<std::int64_t>& steps,
                   const std::vector<HeadCurve>& curves, double level);
    void setShownStep(std::int64_t step, std::int64_t lastStep);
    /// Instead of curves.
    void setHint(const QString& text);
    /// With a smaller plot: for a corner of a page. The legend stands where the title bar has room for it.
    void setCompact(bool compact);
    /// How many curves can be told apart here: without the legend one.
    std::size_t roomForCurves() const;

    /// Measuring was cancelled: offers to go on.
    void setStopped(bool stopped);

    Plot& plot() { return *m_plot; }
    /// Shows the step at which the head in hand formed; hidden where none is known.
    Button& formedButton() { return *m_formed; }
    Button& measureButton() { return *m_measure; }

signals:
    void stepWanted(std::int64_t step);
    void measuringWanted();
    /// roomForCurves() is another.
    void roomChanged();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void tellFormed(HeadMetric metric, const std::optional<SourcePattern>& pattern, const HeadCurve& curve);

    bool m_compact = false;
    std::int64_t m_formedStep = 0;
    Button *m_formed, *m_measure;
    Plot* m_plot;
};

/// "half of it at step 262", "not yet: 12 %", "from the start"; says so while the kept steps are still being measured. Empty for what is no
/// share.
QString formationText(HeadMetric metric, const HeadCurve& curve, bool complete);

}  // namespace lab
