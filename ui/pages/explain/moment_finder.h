#pragma once

#include <QObject>
#include <memory>

#include "core/training/trainer.h"

namespace lab {

class Run;

/// The optimizer's moments at a step of a run: at hand in the history, or recomputed from the nearest full state by one low-priority
/// thread; the latest question wins. While the run trains nothing is recomputed: its own thread is asked for its present state, now and
/// then, so that the moments of a step not long ago are at hand.
class MomentFinder : public QObject {
    Q_OBJECT

public:
    explicit MomentFinder(QObject* parent = nullptr);
    ~MomentFinder() override;

    /// The state of this step, or of the newest step before it that is at hand; then found() follows when there is a better one.
    std::shared_ptr<const TrainingState> stateAt(Run& run, std::int64_t step);

signals:
    void found();

private:
    void ask(Run& run);
    void recompute(const Run& run, const std::shared_ptr<const TrainingState>& from, std::int64_t step);
    void keep(const std::shared_ptr<const TrainingState>& state);
    void take(const std::shared_ptr<const TrainingState>& state);
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace lab
