#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/analysis/head_formation.h"
#include "core/analysis/induction.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/run.h"

namespace lab {

/// What induction is in a run: the measures of core/analysis/induction.h at its kept steps, on its first validation sequences. Measured
/// beside the window, the step that is looked at first, then coarse steps before fine ones, in portions; beside a training it rests as
/// HeadHistory does.
class InductionHistory : public QObject {
    Q_OBJECT

public:
    static constexpr int sampleCount = 24;  ///< sequences, as far as the run has them

    explicit InductionHistory(Run& run, QObject* parent = nullptr);
    ~InductionHistory() override;

    /// Nothing is measured while nobody looks.
    void setWatched(bool watched);
    /// This moment first, whether or not it is a kept step.
    void want(const CheckpointPtr& checkpoint);

    Run* run() const { return m_run; }
    /// Null until it is measured.
    const InductionMeasures* at(std::int64_t step) const;
    /// Every kept step is measured.
    bool complete() const { return m_complete; }
    /// Nothing more comes by itself; of a run in training the curves never end.
    bool settled() const;
    QString error() const { return m_error; }

    /// Ascending, with what was measured at each.
    const std::map<std::int64_t, InductionMeasures>& measured() const { return m_measured; }
    /// The head with the largest share at the last step measured; nothing without any.
    std::optional<InductionHead> strongest(double InductionHead::*share) const;
    /// The share of one head at each step measured.
    std::vector<double> course(const InductionHead& head, double InductionHead::*share) const;
    /// When that share came to stay; nothing while incomplete.
    std::optional<Formation> formation(const InductionHead& head, double InductionHead::*share) const;

signals:
    void changed();

private:
    struct Portion {
        std::vector<std::pair<std::int64_t, InductionMeasures>> measured;
        double seconds = 0;
    };
    void forget();
    void plan();
    void measure();
    void take(const Portion& portion);
    static Portion measuredPortion(const Model& model, const TaskConfig& task, const std::vector<Sample>& samples,
                                   const std::vector<CheckpointPtr>& waiting, double seconds, const LatestTask::Wanted& wanted);

    QPointer<Run> m_run;
    std::shared_ptr<const std::vector<Sample>> m_samples;
    std::map<std::int64_t, InductionMeasures> m_measured;
    CheckpointPtr m_wanted;
    std::vector<CheckpointPtr> m_waiting;  ///< the next one last
    bool m_complete = false;
    bool m_watched = false;
    bool m_busy = false;
    QString m_error;
    QTimer m_rest;
    LatestTask m_task;  ///< ends first
};

}  // namespace lab
