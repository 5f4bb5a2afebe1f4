#pragma once

#include <QObject>
#include <QString>
#include <map>
#include <vector>

#include "core/analysis/run_comparison.h"
#include "core/analysis/run_curve.h"
#include "ui/runs/run.h"

namespace lab {

/// Runs that stand for one thing: a run by itself, or the seeds of one variant.
struct Variant {
    std::vector<Run*> runs;
    QString name;  ///< without the seed when there are several
    int series = 0;
};

/// The curves of all runs, kept up to date as they train, and what they have in common.
class RunBook : public QObject {
    Q_OBJECT

public:
    explicit RunBook(QObject* parent = nullptr);

    /// Takes over the runs' new records, forgets runs that are gone.
    void follow(const std::vector<Run*>& runs);
    const std::vector<Run*>& runs() const { return m_runs; }
    const RunCurve& curve(const Run* run) const { return m_entries.at(run).curve; }

    /// Each run by itself, or seeds of one variant together.
    std::vector<Variant> variants(bool together) const;
    /// Some variant has several seeds.
    bool hasSeeds() const;
    /// Of the variants' first runs; seeds count unless they stand together.
    std::vector<Difference> differences(const std::vector<Variant>& variants, bool together) const;
    /// Runs of the same seed see the same batches.
    bool sameBatches() const;

private:
    struct Entry {
        RunCurve curve;
        std::size_t taken = 0;
        QMetaObject::Connection reset;
    };

    std::vector<Run*> m_runs;
    std::map<const Run*, Entry> m_entries;
};

}  // namespace lab
