#pragma once

#include <QObject>
#include <functional>
#include <mutex>
#include <vector>

namespace lab {

/// Runs functions on the thread it was made on, in the order they were posted; any thread may post. What the functions carry passes through
/// this class's own mutex, not through Qt's event queue alone, so that a thread sanitizer sees how it got from thread to thread.
class GuiPost : public QObject {
    Q_OBJECT

public:
    explicit GuiPost(QObject* parent = nullptr);

    /// The poster must be joined before this is destroyed; what has not run by then never does.
    void post(std::function<void()> function);
    /// The same for a worker of the owner's.
    std::function<void(std::function<void()>)> poster() {
        return [this](std::function<void()> function) { post(std::move(function)); };
    }

signals:
    void posted();

private:
    void run();

    std::mutex m_mutex;
    std::vector<std::function<void()>> m_waiting;
};

}  // namespace lab
