#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "ui/runs/part_history.h"

namespace lab {

class CurrentStack;
class Plot;
class TextTable;

/// Measured parts of a run's model over its training, one at a time: curves over the kept steps, whose hand is the shown step, and beside
/// them what each is there. Of more curves than can be told apart the groups are named and drawn thick.
class PartView : public QWidget {
    Q_OBJECT

public:
    static constexpr std::size_t mostCurves = 6;

    explicit PartView(QWidget* parent = nullptr);

    /// Null: none.
    void setRun(Run* run);
    /// Of the run's model; the first one is shown.
    const std::vector<const PartMeasure*>& parts() const { return m_history.parts(); }
    void setPart(const PartMeasure& part);
    const PartMeasure* part() const { return m_part; }
    /// The shown step, its weights if they are to be measured too, and where the axis ends.
    void showStep(std::int64_t step, std::int64_t lastStep, const CheckpointPtr& checkpoint);
    /// Nothing is being measured.
    bool ready() const;

    /// Of the part in hand; of the first row without one.
    Plot& plot() const;
    TextTable& table() const { return *m_table; }
    const PartHistory& history() const { return m_history; }

    /// As high as the predictions beside it.
    QSize sizeHint() const override;

signals:
    void stepWanted(qint64 step);

private:
    /// What has a name, its values and how it is drawn.
    struct Line {
        QString name;
        std::vector<std::size_t> curves;  ///< one, or those of a group
    };
    std::vector<Line> lines() const;
    double valueOf(const Line& line, const PartHistory::Values& values) const;
    std::size_t partIndex() const;
    void fill();
    void fillPlot(const std::vector<Line>& lines);
    void fillStep();
    void fillTable(const std::vector<Line>& lines);

    PartHistory m_history;
    const PartMeasure* m_part = nullptr;
    std::vector<PartCurve> m_curves;  ///< of the part
    std::int64_t m_step = 0, m_lastStep = 1;
    CheckpointPtr m_wanted;
    CurrentStack* m_plots;
    TextTable* m_table;
};

}  // namespace lab
