#pragma once

#include <QObject>
#include <memory>

#include "core/training/trainer.h"

namespace lab {

class Run;

/// The optimizer's moments at a step of a run: at hand in the history, or recomputed from the nearest full state by one low-priority
/// thread. The latest question wins.
class MomentFinder : public QObject {
    Q_OBJECT

public:
    explicit MomentFinder(QObject* parent = nullptr);
    ~MomentFinder() override;

    /// Null when they must be recomputed first, which begins if `recompute`; found() follows.
    std::shared_ptr<const TrainingState> stateAt(const Run& run, std::int64_t step, bool recompute);

signals:
    void found();

private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace lab
