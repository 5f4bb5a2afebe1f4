#pragma once

#include <QObject>
#include <memory>
#include <vector>

#include "core/analysis/run_comparison.h"
#include "core/runs/worker.h"
#include "core/training/history.h"
#include "ui/runs/gui_post.h"

namespace lab {

/// Which head of b looks most like a head of a, at these weights?
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
    bool ready() const { return m_answered == m_number; }
    /// While a training runs: uses at most a tenth of one processor.
    void setThrifty(bool thrifty);

signals:
    void answered();

private:
    std::vector<HeadMatchQuestion> m_asked;
    std::vector<Input> m_askedInputs;
    std::vector<HeadMatchAnswer> m_answers;
    int m_number = 0;    ///< of the newest list
    int m_answered = 0;  ///< the newest that is
    GuiPost m_post;
    Worker m_worker{m_post.poster()};  ///< ends first
};

}  // namespace lab
