#pragma once

#include <QWidget>
#include <vector>

#include "ui/runs/focus.h"

class QLabel;

namespace lab {

class Button;
class ThemedLabel;
class TimelineStrip;

/// The bottom of the window: the run's time, and which of its steps is shown.
class TimelineBar : public QWidget {
    Q_OBJECT

public:
    TimelineBar(Focus& focus, QWidget* parent = nullptr);

    TimelineStrip& strip() const { return *m_strip; }
    Button& followButton() const { return *m_follow; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void applyMeasures();
    void watchRun();
    void restart();
    void addRecords(int from, int to);
    void showKept();
    void showStep();

    Focus& m_focus;
    TimelineStrip* m_strip;
    ThemedLabel* m_step;
    ThemedLabel* m_kept;
    Button* m_follow;
    std::vector<QMetaObject::Connection> m_connections;
};

}  // namespace lab
