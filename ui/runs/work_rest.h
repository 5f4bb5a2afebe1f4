#pragma once

#include <QElapsedTimer>

#include "core/runs/budget.h"
#include "ui/runs/run.h"

namespace lab {

/// What measures beside a training rests between two pieces of work (core/runs/budget.h).
struct WorkRest {
    QElapsedTimer since;  ///< the work began, or ended
    qint64 took = 0;      ///< milliseconds, the last one
    void begin() { since.start(); }
    void end() { took = since.restart(); }
    bool restsBeside(const Run& run) const {
        if (run.state() != Run::State::training || !since.isValid()) return false;
        const double perWork = run.pace() > 0 ? budget::restPerWork : budget::restPerWorkAtFullSpeed;
        return static_cast<double>(since.elapsed()) < perWork * static_cast<double>(took);
    }
};

}  // namespace lab
