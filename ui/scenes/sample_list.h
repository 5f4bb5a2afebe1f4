#pragma once

#include "ui/runs/writing_desk.h"
#include "ui/widgets/table/data_table.h"

namespace lab {

class Run;

/// Moments of a run that show how its text came about: kept ones, the first and the newest among them, `most` at most.
std::vector<CheckpointPtr> momentsOf(const Run& run, std::size_t most);

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

private:
    std::vector<SampleOfStep> m_samples;
    std::vector<double> m_losses;
    QString m_prompt;
};

}  // namespace lab
