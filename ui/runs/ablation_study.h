#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <memory>
#include <optional>
#include <vector>

#include "core/analysis/ablation.h"
#include "ui/runs/jobs.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/run.h"

namespace lab {

/// What some heads switched off, or made uniform, do to a model: its loss and accuracy over a fixed set of samples, and its answer to one
/// input, beside those of the model unchanged. Computed beside the window; of several questions the newest is answered.
class AblationStudy : public QObject {
    Q_OBJECT

public:
    explicit AblationStudy(QObject* parent = nullptr);
    ~AblationStudy() override;

    struct Outcome {
        std::int64_t step = 0;
        std::vector<Intervention> interventions;  ///< those of `changed`
        Input input;                              ///< without interventions
        AblationScore unchanged, changed;
        std::vector<int> answer, changedAnswer;      ///< given the true input; empty when the model cannot take it
        std::vector<float> numbers, changedNumbers;  ///< [positions, outputs] of a model that answers numbers
        QString error;
    };
    /// Nothing before the first one of this run.
    const std::optional<Outcome>& outcome() const { return m_outcome; }
    /// The outcome answers what was asked last.
    bool upToDate() const { return !m_busy && m_outcome && m_wanted == m_asked; }
    /// `input` with or without interventions.
    void look(Run* run, const CheckpointPtr& checkpoint, const Input& input, const std::vector<Intervention>& interventions);

    struct Entry {
        AblationSubject subject;
        std::optional<AblationScore> off, uniform;
    };
    /// What every head and block costs the model, alone, off and uniform.
    struct Ranking {
        std::int64_t step = 0;
        std::optional<AblationScore> whole;  ///< the model unchanged
        std::vector<Entry> entries;

        int done() const;
        int total() const { return 2 * static_cast<int>(entries.size()) + 1; }
    };
    /// Measures them with these weights, as a job. Replaces an earlier ranking.
    void rank(Run* run, const CheckpointPtr& checkpoint);
    void cancelRanking();
    bool ranking() const { return m_job && !m_job->ended(); }
    const JobPtr& job() const { return m_job; }  ///< of the ranking; null before the first
    const Run* run() const { return m_run; }     ///< that was asked about last
    /// As far as it is measured.
    const Ranking& ranked() const { return m_ranking; }
    QString rankingError() const;

    /// How many samples loss and accuracy are taken over, and of which set.
    int sampleCount() const { return static_cast<int>(m_samples ? m_samples->size() : 0); }
    bool ofValidation() const { return m_ofValidation; }
    /// They ask for nothing: what counts is how far the model's vectors move (AblationJudge).
    bool judgesVectors() const { return m_samples && AblationJudge::judgesVectors(*m_samples); }

signals:
    void changed();

private:
    using Samples = std::shared_ptr<const std::vector<Sample>>;
    struct Question {
        CheckpointPtr checkpoint;
        Input input;
        std::vector<Intervention> interventions;
        bool operator==(const Question&) const = default;
    };
    void meet(Run* run);
    void forget();
    void ask();
    void take(const Outcome& outcome, double seconds);
    static Ranking measured(const Model& model, const Checkpoint& checkpoint, const std::vector<Sample>& samples, Ranking ranking,
                            JobContext& context);
    QPointer<Run> m_run;
    QMetaObject::Connection m_reset;
    Samples m_samples;
    bool m_ofValidation = false;

    Question m_wanted, m_asked;
    std::optional<Outcome> m_outcome;
    bool m_busy = false;
    QTimer m_rest;
    LatestTask m_task;

    JobPtr m_job;
    Ranking m_ranking;
};

}  // namespace lab
