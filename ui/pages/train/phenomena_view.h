#pragma once

#include <QPointer>
#include <QWidget>

#include "core/text/stories/story_baselines.h"
#include "core/training/history.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/run.h"

namespace lab {

class PhenomenaHeads;
class Plot;
class SegmentedControl;
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
    /// Whose heads the other view asks about; the weights of the shown step.
    void look(const CheckpointPtr& checkpoint);
    /// Nothing is being measured or counted.
    bool ready() const;
    /// Chooses between curves and heads; for the panel's title bar.
    SegmentedControl& choice() const { return *m_choice; }

    PhenomenaHeads& heads() const { return *m_heads; }
    Plot& curves() const { return *m_curves; }
    TextTable& table() const { return *m_table; }
    const std::vector<StoryBaseline>& baselines() const { return m_baselines; }

signals:
    void headChosen(int block, int head);

private:
    void restart();
    void askForBaselines();
    void fillCurves();
    void fillTable();

    QPointer<Run> m_run;
    QMetaObject::Connection m_resetConnection;
    Plot* m_curves;
    TextTable* m_table;
    PhenomenaHeads* m_heads;
    SegmentedControl* m_choice;
    std::size_t m_taken = 0;  ///< records
    std::int64_t m_step = 0;
    std::vector<StoryBaseline> m_baselines;
    LatestTask m_task;
};

}  // namespace lab
