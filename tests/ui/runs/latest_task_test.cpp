#include "ui/runs/latest_task.h"

#include <QtTest>
#include <atomic>
#include <memory>
#include <thread>

#include "tests/patience.h"

using namespace lab;

class LatestTaskTest : public QObject {
    Q_OBJECT

private slots:
    void theLatestOfSeveralRequestsIsDelivered() {
        LatestTask task;
        int delivered = 0;
        for (int i = 1; i <= 5; ++i)
            task.request([i, &delivered]() -> std::function<void()> { return [i, &delivered] { delivered = i; }; });
        QTRY_COMPARE(delivered, 5);
        QTRY_VERIFY(!task.busy());
    }

    void lastingWorkHearsThatSomethingElseIsWanted() {
        LatestTask task;
        std::atomic<bool> begun{false};
        bool old = false, next = false;
        task.request([&](const LatestTask::Wanted& wanted) -> std::function<void()> {
            begun = true;
            while (wanted()) std::this_thread::yield();
            return [&old] { old = true; };
        });
        QTRY_VERIFY(begun);
        task.request([&next]() -> std::function<void()> { return [&next] { next = true; }; });
        QTRY_VERIFY(next);
        QVERIFY(!old);
    }

    void lastingWorkHearsThatNobodyWaitsAnyMore() {
        auto task = std::make_unique<LatestTask>();
        std::atomic<bool> begun{false};
        task->request([&](const LatestTask::Wanted& wanted) -> std::function<void()> {
            begun = true;
            while (wanted()) std::this_thread::yield();
            return {};
        });
        QTRY_VERIFY(begun);
        task.reset();  // comes back
    }
};

QTEST_GUILESS_MAIN(LatestTaskTest)
#include "latest_task_test.moc"
