#pragma once

#include "ui/runs/writing_desk.h"
#include "ui/widgets/table/data_table.h"

namespace lab {

class Run;

/// Moments of a run that show how its text came about: kept ones, the first and the newest among them, `most` at most.
std::vector<CheckpointPtr> momentsOf(const Run& run, std::size_t most);

/// The beginning of a sequence that the run knows, as text.
QString promptOf(const Run& run);
/// The validation loss after a step, or the last one before, in the unit of the curves (core/data/loss_unit.h); not a number when there is
/// none.
double validationLossAt(const Run& run, std::int64_t step);

/// What a model wrote at moments of its training: step, loss, text. A click goes to the moment.
class SampleList : public DataTable {
    Q_OBJECT

public:
    explicit SampleList(QWidget* parent = nullptr);

    /// `loss`: of each, not a number where none is known; `shown`: the step that the window shows.
    void setSamples(std::vector<SampleOfStep> samples, std::vector<double> losses, const QString& prompt, std::int64_t shown);
    const std::vector<SampleOfStep>& samples() const { return m_samples; }

signals:
    void stepChosen(qint64 step);

protected:
    void arrangeColumns() override;

private:
    std::vector<SampleOfStep> m_samples;
    std::vector<double> m_losses;
    QString m_prompt;
};

}  // namespace lab
