#pragma once

#include <QObject>

#include "core/training/visitors.h"

namespace lab {

/// Those who want a processor of the training that the window shows.
Visitors& windowVisitors();

/// A short piece of work off the GUI thread.
class Visit {
public:
    Visit() { windowVisitors().enter(); }
    ~Visit() { windowVisitors().leave(); }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;
};

/// Makes the thread's event loop a visitor while it works instead of waiting.
class EventLoopVisits : public QObject {
    Q_OBJECT

public:
    explicit EventLoopVisits(QObject* parent = nullptr);
    ~EventLoopVisits() override;

private:
    void leave();

    bool m_inside = false;
};

}  // namespace lab
