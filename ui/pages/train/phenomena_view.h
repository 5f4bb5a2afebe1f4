#pragma once

#include <QPointer>
#include <QWidget>

#include "core/text/stories/story_baselines.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/run.h"

namespace lab {

class Plot;
class TextTable;

/// What a run knows of each phenomenon of its stories: accuracies over its validations as curves, and in a table beside them the newest,
/// what counting reaches, and when it was learned.
class PhenomenaView : public QWidget {
    Q_OBJECT

public:
    /// A phenomenon is called learned from the first validation on that finds so much of it right.
    static constexpr double learned = .9;

    explicit PhenomenaView(QWidget* parent = nullptr);
    ~PhenomenaView() override;

    /// Whether there is anything to show of this run.
    static bool isFor(const Run* run);
    /// Shows another run from its first record; null: none.
    void setRun(Run* run);
    /// Takes in what the run has recorded since the last time; the table speaks of the last validation up to `step`.
    void follow(std::int64_t step);
    /// What counting reaches is known.
    bool ready() const { return !m_task.busy(); }

    Plot& curves() const { return *m_curves; }
    TextTable& table() const { return *m_table; }
    const std::vector<StoryBaseline>& baselines() const { return m_baselines; }

private:
    void restart();
    void askForBaselines();
    void fillCurves();
    void fillTable();

    QPointer<Run> m_run;
    QMetaObject::Connection m_resetConnection;
    Plot* m_curves;
    TextTable* m_table;
    std::size_t m_taken = 0;  ///< records
    std::int64_t m_step = 0;
    std::vector<StoryBaseline> m_baselines;
    LatestTask m_task;
};

}  // namespace lab
