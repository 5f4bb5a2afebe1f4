#pragma once

#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>
#include <vector>

#include "core/analysis/run_comparison.h"
#include "core/training/history.h"
#include "ui/runs/latest_task.h"

namespace lab {

/// Which head of b does the work of a head of a, at these weights?
struct HeadMatchQuestion {
    std::shared_ptr<const Model> a, b;
    CheckpointPtr weightsA, weightsB;

    bool operator==(const HeadMatchQuestion&) const = default;
};

struct HeadMatchAnswer {
    HeadMatchQuestion question;
    std::shared_ptr<const HeadMatching> matching;  ///< null: the models cannot read the same inputs
};

/// Answers such questions over a sample of inputs on a thread of its own; the latest list wins.
class HeadMatchJob : public QObject {
    Q_OBJECT

public:
    explicit HeadMatchJob(QObject* parent = nullptr);

    /// The same list as last time is not worked on again.
    void ask(std::vector<HeadMatchQuestion> questions, std::vector<Input> inputs);
    /// Of the newest list that is answered.
    const std::vector<HeadMatchAnswer>& answers() const { return m_answers; }
    /// The newest list is answered.
    bool ready() const { return !m_busy && m_questions == m_asked && m_inputs == m_askedInputs; }
    /// While a training runs: uses at most a tenth of one processor.
    void setThrifty(bool thrifty) { m_thrifty = thrifty; }

signals:
    void answered();

private:
    void work();

    std::vector<HeadMatchQuestion> m_questions, m_asked;
    std::vector<Input> m_inputs, m_askedInputs;
    std::vector<HeadMatchAnswer> m_answers;
    bool m_thrifty = false;
    bool m_busy = false;
    QTimer m_rest;
    LatestTask m_task;
};

}  // namespace lab
