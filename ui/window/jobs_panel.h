#pragma once

#include <QDialog>
#include <vector>

#include "ui/runs/jobs.h"
#include "ui/widgets/buttons.h"

class QScrollArea;
class QVBoxLayout;

namespace lab {

class EmptyState;
class JobMeter;
class ThemedLabel;

/// One analysis in the panel: what it is, of which run and step, how far it is, and what can be done with it.
class JobRow : public QWidget {
    Q_OBJECT

public:
    explicit JobRow(JobPtr job, QWidget* parent = nullptr);

    const JobPtr& job() const { return m_job; }
    /// What stands beside the bar: "3 of 12", "waiting", "✓ finished".
    QString stateText() const;
    /// Cancel while it is not over, Open where its result can be seen; else hidden.
    Button& button() const { return *m_button; }

signals:
    void opened();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void follow();
    void press();

    JobPtr m_job;
    ThemedLabel *m_title, *m_detail;
    JobMeter* m_meter;
    Button* m_button;
};

/// A small window beside the work that lists the slow analyses: first those under way, in the order they come, then those that ended, the
/// latest first.
class JobsPanel : public QDialog {
    Q_OBJECT

public:
    explicit JobsPanel(Jobs& jobs, QWidget* parent = nullptr);

    /// From top to bottom.
    const std::vector<JobRow*>& rows() const { return m_rows; }
    Button& cancelAllButton() const { return *m_cancelAll; }
    Button& clearButton() const { return *m_clear; }

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void applyMeasures();
    void list();
    JobRow* rowOf(const JobPtr& job);
    void moveFocus(int by);

    Jobs& m_jobs;
    std::vector<JobRow*> m_rows;
    EmptyState* m_empty;
    QScrollArea* m_scroll;
    QVBoxLayout* m_column;
    Button *m_cancelAll, *m_clear;
};

/// In the window's bar while analyses are under way: how many, and how far the present one is. Opens the panel.
class JobsButton : public Button {
    Q_OBJECT

public:
    explicit JobsButton(const Jobs& jobs, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void follow();
    const Job* running() const;

    const Jobs& m_jobs;
    QMetaObject::Connection m_progress;
};

}  // namespace lab
