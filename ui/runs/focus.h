#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <memory>
#include <vector>

#include "core/model/trace.h"
#include "ui/runs/inspector.h"
#include "ui/runs/run.h"

namespace lab {

class Comparison;

/// The cell the person has in hand; all indices count from 0.
struct Selection {
    int block = 0;  ///< index into Model::attentionBlocks()
    int head = 0;
    int query = 0;
    int key = 0;

    bool operator==(const Selection&) const = default;
};

/// What the window looks at: (run, step, input), the trace they make, and the selection. Every page is a pure function of it.
class Focus : public QObject {
    Q_OBJECT

public:
    explicit Focus(QObject* parent = nullptr);

    Run* run() const;
    void setRun(Run* run);

    /// True while the shown step follows the training.
    bool live() const;
    void followLive();
    /// Shows the newest kept step not after `step` at once, and `step` itself when it has been recomputed.
    void showStep(std::int64_t step);
    /// Only the newest kept step not after `step`: for running through.
    void showKeptStep(std::int64_t step);
    std::int64_t shownStep() const;
    /// The step that the person asked for: shownStep, or the one that is being recomputed.
    std::int64_t wantedStep() const;
    CheckpointPtr checkpoint() const;  ///< null without a run

    const Input& input() const;
    /// Own input; replaces the sample. It stays when a run is met that reads it alike, as a branch does.
    void setInput(const Input& input);
    /// Validation sample i (training samples when there are none); wraps around.
    void showSample(int index);
    int sampleIndex() const;  ///< -1 for own input
    int sampleCount() const;
    bool sampleIsValidation() const;

    /// Heads switched off or made uniform (interventions headOff and headUniform): part of every input, whichever sample comes, until
    /// changed or until another run is met.
    void setHeadChanges(std::vector<Intervention> changes);
    const std::vector<Intervention>& headChanges() const;

    /// The newest trace of (run, shown step, input); null before the first one. May lag behind shownStep by a moment: traceStep says.
    std::shared_ptr<const Trace> trace() const;
    std::int64_t traceStep() const;
    QString traceError() const;  ///< why there is no trace of the present input; else empty

    /// What the model answers to the input, one class for each position that gives logits: a decoder by itself, greedily, and -1 before
    /// its answer begins. Empty before the first one. While a training goes on a decoder's may be older than the trace: answersTrace says.
    const std::vector<int>& answer() const;
    /// Whether the answer under the trace's weights is known or on its way: a model in training at full speed is not asked for each trace.
    bool answersTrace() const;
    /// True while a decoder writes the answer: answer() holds what it has said so far, -1 behind it.
    bool answering() const;

    /// The input kept beside the one in focus, if any.
    Comparison& comparison() const;

    const Selection& selection() const;
    void select(const Selection& selection);
    /// Selects it until somebody selects another, or a trace shows that there is nothing to see (core/analysis/telling_cell.h).
    void suggest(const Selection& selection);

    /// Also gradients in the traces, while a page that shows them is visible; each page by its own name.
    void setWantsGradients(bool wanted, const void* who = nullptr);

signals:
    void runChanged();
    void stepChanged();
    void inputChanged();
    void traceChanged();
    void answerChanged();
    void selectionChanged();

private:
    void update();
    void inputReplaced();
    void show(std::int64_t wanted, CheckpointPtr checkpoint);
    void takeRecomputed(const CheckpointPtr& checkpoint);
    class Private;
    std::shared_ptr<Private> d;
};

}  // namespace lab
