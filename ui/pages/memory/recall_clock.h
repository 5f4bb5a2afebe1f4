#pragma once

#include <QObject>
#include <QTimer>

namespace lab {

/// Which update of a recall is shown, and its run through time at a pace.
class RecallClock : public QObject {
    Q_OBJECT

public:
    explicit RecallClock(QObject* parent = nullptr);

    int shown() const { return m_shown; }
    int last() const { return m_last; }
    bool playing() const { return m_timer.isActive(); }
    bool atEnd() const { return m_shown >= m_last; }
    double pace() const { return m_pace; }  ///< updates a second; 0: at once

    /// Another recall of so many updates, shown from its beginning.
    void restart(int last);
    void show(int update);
    void setPace(double pace) { m_pace = pace; }
    /// Runs to the end, from the beginning when it is there; pauses when it runs.
    void toggle();
    void pause();
    void step();
    void reset();

signals:
    void changed();

private:
    void tick();
    void stop();

    QTimer m_timer;
    int m_shown = 0, m_last = 0;
    double m_pace = 200;
    double m_due = 0;  ///< updates that the pace asks for and that are not shown yet
};

}  // namespace lab
