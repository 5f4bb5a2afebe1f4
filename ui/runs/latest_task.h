#pragma once

#include <QObject>
#include <functional>
#include <memory>

namespace lab {

/// One background thread for looks that are too slow for the GUI thread: the latest request wins, what an older one found is dropped.
class LatestTask : public QObject {
    Q_OBJECT

public:
    explicit LatestTask(QObject* parent = nullptr);
    ~LatestTask() override;  ///< waits for the one under way, which is no longer wanted

    /// Runs `work` on the thread; what it returns is called on the GUI thread, unless something else was requested since.
    void request(std::function<std::function<void()>()> work);
    /// The same for work that lasts: it asks every few milliseconds whether it is still wanted, and returns anything when it is not.
    using Wanted = std::function<bool()>;
    void request(std::function<std::function<void()>(const Wanted&)> work);
    bool busy() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace lab
