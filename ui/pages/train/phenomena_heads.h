#pragma once

#include <QPointer>

#include "core/analysis/phenomena.h"
#include "core/training/history.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/run.h"
#include "ui/widgets/table/text_table.h"

namespace lab {

/// Which head does it: for each phenomenon of a run's stories the head that is missed most, what is right without it, and how much of its
/// weight lies on the word that the answer follows from. Measured when it is in sight.
class PhenomenaHeads : public TextTable {
    Q_OBJECT

public:
    explicit PhenomenaHeads(QWidget* parent = nullptr);

    /// Of these weights; null: nothing.
    void look(Run* run, const CheckpointPtr& checkpoint);
    bool ready() const { return !m_task.busy(); }
    /// In the order of the phenomena; empty before the first answer.
    const std::vector<ResponsibleHead>& heads() const { return m_heads; }

signals:
    /// A click on a row: this head is to be seen.
    void headChosen(int block, int head);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void measure();
    void fill();

    QPointer<Run> m_run;
    CheckpointPtr m_checkpoint, m_measured;
    std::vector<ResponsibleHead> m_heads;
    LatestTask m_task{Worker::Priority::givesWay};
};

}  // namespace lab
