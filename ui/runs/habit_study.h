#pragma once

#include <QObject>
#include <QPointer>
#include <memory>
#include <vector>

#include "core/analysis/head_survey.h"
#include "ui/runs/jobs.h"
#include "ui/runs/run.h"

namespace lab {

/// What every head of a run usually does: its patterns over many sentences, at one moment's weights. Of a model that was opened they are
/// two hundred sentences that come with the program, or the person's own (task.sentences); else inputs that the run is validated on. A job
/// beside the window.
class HabitStudy : public QObject {
    Q_OBJECT

public:
    explicit HabitStudy(QObject* parent = nullptr);
    ~HabitStudy() override;

    /// Measures at once what was never measured of this run; later weights make what is known stale. Null forgets.
    void look(Run* run, const CheckpointPtr& checkpoint);
    /// With the weights looked at last; from the beginning.
    void measure();
    /// Keeps what is measured.
    void stop();

    /// Of every head, block after block, as far as it is measured; empty before.
    const std::vector<SurveyedHead>& heads() const { return m_known.heads; }
    int done() const { return m_known.inputs; }  ///< inputs
    int total() const { return m_total; }
    bool measuring() const { return m_job && !m_job->ended(); }
    bool complete() const { return m_total > 0 && done() == m_total; }
    std::int64_t step() const { return m_step; }
    bool stale() const { return m_checkpoint && m_step != m_checkpoint->step; }
    /// They are sentences, else inputs of the validation.
    bool ofSentences() const { return m_ofSentences; }
    QString error() const { return m_job && m_job->state() == Job::State::failed ? m_job->message() : QString(); }
    const JobPtr& job() const { return m_job; }

signals:
    void changed();

private:
    QPointer<Run> m_run;
    CheckpointPtr m_checkpoint;
    HeadSurvey m_known;
    std::int64_t m_step = -1;
    int m_total = 0;
    bool m_ofSentences = false;
    JobPtr m_job;
};

}  // namespace lab
