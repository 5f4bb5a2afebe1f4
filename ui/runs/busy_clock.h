#pragma once

#include <QElapsedTimer>
#include <QObject>

namespace lab {

/// How long the thread's event loop worked instead of waiting: drawing, above all.
class BusyClock : public QObject {
    Q_OBJECT

public:
    explicit BusyClock(QObject* parent = nullptr);

    /// Milliseconds of work since the last call.
    double take();

private:
    QElapsedTimer m_sinceAwake;
    qint64 m_nanoseconds = 0;
};

}  // namespace lab
