#pragma once

#include <QObject>
#include <memory>

#include "core/explain/walk.h"
#include "core/model/model.h"
#include "core/runs/worker.h"
#include "core/training/history.h"
#include "ui/runs/gui_post.h"

namespace lab {

/// Computes the slow twin of a trace, and the walk through both, off the GUI thread; the latest question wins.
class Checker : public QObject {
    Q_OBJECT

public:
    explicit Checker(QObject* parent = nullptr);

    struct Answer {
        std::shared_ptr<const Model> model;
        CheckpointPtr checkpoint;
        explain::Question question;
        std::shared_ptr<const Trace> trace;
        std::shared_ptr<const explain::DoubleTrace> twin;
        std::shared_ptr<const explain::Walk> walk, twinWalk;

        /// Both walks for another question about the same trace.
        void ask(const explain::Question& other);
    };

    /// `trace` stands for the question: the same one again does nothing. One being answered is finished first, so that there is always
    /// an answer to show, however fast the questions come.
    void request(std::shared_ptr<const Model> model, CheckpointPtr checkpoint, const explain::Question& question,
                 std::shared_ptr<const Trace> trace);
    /// The newest; without a twin before the first one.
    const Answer& answer() const { return m_answer; }

signals:
    void answered();

private:
    GuiPost m_post;
    std::shared_ptr<const Trace> m_asked;
    Answer m_answer;
    Worker m_worker{m_post.poster(), Worker::Priority::givesWay};  ///< ends first
};

}  // namespace lab
