#pragma once

#include <QObject>
#include <QPointer>
#include <map>
#include <memory>
#include <vector>

#include "core/codes/lengths.h"
#include "core/codes/number_order.h"
#include "core/codes/robustness.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/run.h"

namespace lab {

/// What was found out about the weights of a step.
template <class T>
struct FoundAtStep {
    std::int64_t step = -1;          ///< negative: nothing was asked yet
    std::shared_ptr<const T> value;  ///< null: nothing yet, or refused
    Message refused{};               ///< why there is none

    bool isOf(std::int64_t other) const { return step == other; }
    const T* operator->() const { return value.get(); }
    explicit operator bool() const { return value != nullptr; }
};

/// What is known of the code that a run has learned. Parts may be of different steps while a new one is measured.
struct CodeFindings {
    std::shared_ptr<const codes::SequenceSet> set;  ///< that all are measured on; the same at every step
    FoundAtStep<codes::CodeReport> report{};
    FoundAtStep<codes::SymbolRobustness> symbols{};
    FoundAtStep<codes::SlotRobustness> flips{};
    FoundAtStep<std::vector<codes::LengthRow>> lengths{};
    FoundAtStep<codes::NumberOrder> order{};
};

/// The sizes of what is measured; for tests smaller ones.
struct CodeStudySizes {
    codes::CodeQuestion report{};
    codes::RobustnessQuestion robustness{};
    codes::OrderQuestion order{};
    int sequencesByLength = 500;
};

/// Measures the code of a run's weights over the test set, beside the window and part by part: what is known stays until something newer
/// has come, and what was whole of some last steps is kept. Beside a training nothing is measured but what was not known at all, unless it
/// is asked for by hand.
class CodeStudy : public QObject {
    Q_OBJECT

public:
    enum class Parts { report, all };

    explicit CodeStudy(Parts parts, QObject* parent = nullptr);
    ~CodeStudy() override;

    /// The weights that are shown, of a run with a bottleneck; a null run: nothing is wanted, and what was known is forgotten.
    void look(Run* run, const CheckpointPtr& checkpoint);
    /// Measures these weights, also after a stop and beside a training.
    void again();
    /// Ends what is under way and measures nothing more until again(); false: nothing was under way.
    bool stop();

    const CodeFindings& findings() const { return m_findings; }
    bool measuring() const { return m_measured != nullptr; }
    /// Of what is under way, 0 .. 1.
    double share() const { return m_share; }
    /// What is known is not of the weights that are shown, and nothing comes by itself.
    bool stale() const;
    /// By hand: nothing is measured until again().
    bool stopped() const { return m_stopped; }
    /// Why nothing can be measured; empty: it can.
    const QString& error() const { return m_error; }
    /// Nothing more comes by itself.
    bool settled() const;
    void setSizes(const CodeStudySizes& sizes) { m_sizes = sizes; }

signals:
    /// findings(), measuring(), share() or error().
    void changed();

private:
    struct Question;
    using Tell = std::function<void(const CodeFindings&)>;
    static void measure(const Question& question, const Watch& watch, const Tell& tell);
    static void measureMore(const Question& question, const codes::Coder& coder, CodeFindings found, const Watch& watch, const Tell& tell);
    void meet(Run* run);
    bool isWhole() const;
    void start();
    void take(const CodeFindings& found);
    void end();

    Parts m_parts;
    CodeStudySizes m_sizes;
    QPointer<Run> m_run;
    CheckpointPtr m_wanted, m_measured;  ///< shown; under way
    CodeFindings m_findings;
    std::map<std::int64_t, CodeFindings> m_kept;  ///< whole, by step
    bool m_stopped = false;
    double m_share = 0;
    QString m_error;
    LatestTask m_task{Worker::Priority::givesWay};  ///< ends first
};

}  // namespace lab
