#pragma once

#include <QWidget>

#include "ui/runs/sweep_book.h"

namespace lab {

class Button;
class ThemedLabel;

/// What a sweep is doing: how many runs are done and how long the rest takes, each run in hand with its step and loss, and what can be
/// done: stop it, go on with it.
class WatchView : public QWidget {
    Q_OBJECT

public:
    explicit WatchView(SweepBook& book, QWidget* parent = nullptr);

    /// Reads the book again.
    void refresh();
    /// "45 of 90 runs, 12:30 left"
    QString sentence() const;
    Button& stopButton() const { return *m_stop; }
    Button& resumeButton() const { return *m_resume; }

signals:
    void stopWanted();
    void resumeWanted();

private:
    class Bars;
    void applyMeasures();

    SweepBook& m_book;
    ThemedLabel* m_sentence;
    ThemedLabel* m_detail;
    Button* m_stop;
    Button* m_resume;
    Bars* m_bars;
};

}  // namespace lab
