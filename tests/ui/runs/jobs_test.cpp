#include "ui/runs/jobs.h"

#include <QtTest>
#include <algorithm>
#include <atomic>
#include <semaphore>
#include <stdexcept>
#include <thread>

#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"

using namespace lab;

namespace {

/// Work that is held up until the test lets it go on, or until it is cancelled.
class Gate {
public:
    void open() { m_open = true; }
    void wait(const JobContext& context) const {
        while (!m_open && !context.cancelled()) std::this_thread::yield();
    }

private:
    std::atomic<bool> m_open = false;
};

JobKey keyOf(const QString& analysis, std::int64_t step = 0, const Run* run = nullptr) {
    return {run, step, step, analysis};
}

}  // namespace

class JobsTest : public QObject {
    Q_OBJECT

private slots:
    void aResultArrivesOnTheGuiThread() {
        Jobs jobs;
        std::thread::id workedOn;
        const JobPtr job = jobs.submit("sum", keyOf("sum"), [&workedOn](JobContext&) {
            workedOn = std::this_thread::get_id();
            return 2 + 3;
        });
        QCOMPARE(static_cast<int>(job->state()), static_cast<int>(Job::State::waiting));
        std::thread::id toldOn;
        connect(
            job.get(), &Job::finished, this, [&toldOn] { toldOn = std::this_thread::get_id(); }, Qt::DirectConnection);
        QTRY_VERIFY(job->ended());
        QCOMPARE(static_cast<int>(job->state()), static_cast<int>(Job::State::finished));
        QCOMPARE(*job->result<int>(), 5);
        QVERIFY(!job->result<double>());  // not what the work gave
        QCOMPARE(toldOn, std::this_thread::get_id());
        QVERIFY(workedOn != toldOn);
        QCOMPARE(job->title(), QString("sum"));
    }

    void progressIsToldAndEndsComplete() {
        Jobs jobs;
        auto gate = std::make_shared<Gate>();
        const JobPtr job = jobs.submit("count", keyOf("count"), [gate](JobContext& context) {
            context.progress(1, 4);
            gate->wait(context);
            for (int i = 2; i <= 4; ++i) context.progress(i, 4);
            return 0;
        });
        std::vector<int> seen;
        connect(job.get(), &Job::progressed, this, [&](int done, int total) {
            QCOMPARE(total, 4);
            seen.push_back(done);
        });
        QTRY_COMPARE(job->done(), 1);
        QCOMPARE(static_cast<int>(job->state()), static_cast<int>(Job::State::running));
        gate->open();
        QTRY_VERIFY(job->ended());
        QCOMPARE(job->done(), 4);
        QCOMPARE(job->total(), 4);
        QVERIFY(std::is_sorted(seen.begin(), seen.end()));
        QCOMPARE(seen.back(), 4);
    }

    void partsComeInOrderBeforeTheEnd() {
        Jobs jobs;
        const JobPtr job = jobs.submit("parts", keyOf("parts"), [](JobContext& context) {
            for (int i = 0; i < 50; ++i) context.tell(i);
            return QString("whole");
        });
        std::vector<int> parts;
        connect(job.get(), &Job::partReady, this, [&](const std::any& part) {
            QVERIFY(!job->ended());
            parts.push_back(std::any_cast<int>(part));
        });
        QTRY_VERIFY(job->ended());
        QCOMPARE(parts.size(), std::size_t{50});
        QVERIFY(std::is_sorted(parts.begin(), parts.end()));
        QCOMPARE(*job->result<QString>(), QString("whole"));
    }

    void jobsRunOneAtATimeInOrder() {
        Jobs jobs;
        auto atOnce = std::make_shared<std::atomic<int>>(0);
        auto most = std::make_shared<std::atomic<int>>(0);
        std::vector<JobPtr> asked;
        std::vector<int> ended;
        for (int i = 0; i < 8; ++i) {
            asked.push_back(jobs.submit(QString::number(i), keyOf("order", i), [atOnce, most, i](JobContext&) {
                const int now = ++*atOnce;
                if (now > *most) *most = now;
                std::this_thread::yield();
                --*atOnce;
                return i;
            }));
            connect(asked.back().get(), &Job::finished, this, [&ended, i] { ended.push_back(i); });
        }
        QCOMPARE(jobs.active(), 8);
        QTRY_COMPARE(jobs.active(), 0);
        QCOMPARE(ended, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
        QCOMPARE(most->load(), 1);
    }

    void cancelEndsTheWorkAndTheNextOneRuns() {
        Jobs jobs;
        auto gate = std::make_shared<Gate>();
        auto noticed = std::make_shared<std::atomic<bool>>(false);
        const JobPtr first = jobs.submit("first", keyOf("first"), [gate, noticed](JobContext& context) {
            gate->wait(context);
            *noticed = context.cancelled();
            return 1;
        });
        const JobPtr waiting = jobs.submit("waiting", keyOf("waiting"), [](JobContext&) { return 2; });
        const JobPtr last = jobs.submit("last", keyOf("last"), [](JobContext&) { return 3; });
        QSignalSpy cancelled(first.get(), &Job::cancelled), finished(first.get(), &Job::finished);
        QTRY_COMPARE(static_cast<int>(first->state()), static_cast<int>(Job::State::running));
        waiting->cancel();
        first->cancel();
        QCOMPARE(cancelled.size(), 1);
        QVERIFY(first->ended());
        QTRY_VERIFY(last->ended());
        QVERIFY(*noticed);
        QCOMPARE(finished.size(), 0);
        QVERIFY(!first->result<int>());
        QVERIFY(!waiting->result<int>());
        QCOMPARE(*last->result<int>(), 3);
        QVERIFY(!jobs.kept<int>(keyOf("first")));  // what a cancelled job gave is dropped
        first->cancel();
        QCOMPARE(cancelled.size(), 1);
    }

    void whatIsKnownIsNotComputedAgain() {
        Jobs jobs;
        auto count = std::make_shared<std::atomic<int>>(0);
        const auto work = [count](JobContext&) { return ++*count; };
        const JobPtr first = jobs.submit("work", keyOf("work", 7), work);
        QCOMPARE(jobs.submit("work", keyOf("work", 7), work), first);  // under way
        QTRY_VERIFY(first->ended());
        const JobPtr again = jobs.submit("work", keyOf("work", 7), work);
        QVERIFY(again != first);
        QVERIFY(!again->ended());  // its signal follows
        QSignalSpy finished(again.get(), &Job::finished);
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(*again->result<int>(), 1);
        QCOMPARE(*jobs.kept<int>(keyOf("work", 7)), 1);
        QCOMPARE(jobs.list().size(), std::size_t{1});  // nothing ran
        const JobPtr otherStep = jobs.submit("work", keyOf("work", 8), work);
        QTRY_VERIFY(otherStep->ended());
        QCOMPARE(*otherStep->result<int>(), 2);
        const JobPtr range = jobs.submit("work", JobKey{nullptr, 7, 8, "work"}, work);
        QTRY_VERIFY(range->ended());
        QCOMPARE(count->load(), 3);
    }

    void withoutANameNothingIsKept() {
        Jobs jobs;
        const JobPtr first = jobs.submit("once", {}, [](JobContext&) { return 1; });
        const JobPtr second = jobs.submit("twice", {}, [](JobContext&) { return 2; });
        QVERIFY(first != second);
        QTRY_VERIFY(second->ended());
        QCOMPARE(*second->result<int>(), 2);
        QVERIFY(!jobs.kept<int>({}));
    }

    void anErrorIsASentenceAndNotKept() {
        Jobs jobs;
        const JobPtr job =
            jobs.submit("bad", keyOf("bad"), [](JobContext&) -> int { throw std::runtime_error("weights: they belong to another model"); });
        QSignalSpy failed(job.get(), &Job::failed), finished(job.get(), &Job::finished);
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed.front().front().toString(), QString("weights: they belong to another model"));
        QCOMPARE(job->message(), QString("weights: they belong to another model"));
        QCOMPARE(static_cast<int>(job->state()), static_cast<int>(Job::State::failed));
        QCOMPARE(finished.size(), 0);
        const JobPtr again = jobs.submit("bad", keyOf("bad"), [](JobContext&) { return 4; });
        QTRY_VERIFY(again->ended());
        QCOMPARE(*again->result<int>(), 4);
        const JobPtr odd = jobs.submit("odd", keyOf("odd"), [](JobContext&) -> int { throw 5; });
        QTRY_COMPARE(static_cast<int>(odd->state()), static_cast<int>(Job::State::failed));
        QVERIFY(!odd->message().isEmpty());
    }

    void destructionUnderWayCancels() {
        auto gate = std::make_shared<Gate>();
        JobPtr job;
        std::weak_ptr<Gate> held = gate;
        {
            Jobs jobs;
            job = jobs.submit("endless", keyOf("endless"), [gate](JobContext& context) {
                gate->wait(context);
                return 0;
            });
            jobs.submit("behind it", keyOf("behind"), [gate](JobContext&) { return 0; });
            QTRY_COMPARE(static_cast<int>(job->state()), static_cast<int>(Job::State::running));
            gate.reset();
        }
        QVERIFY(held.expired());  // joined, and nothing of the work is left
        QVERIFY(job->ended());
        job->cancel();  // whoever still holds it may
    }

    void itsOwnSignalMayDestroyTheQueue() {
        auto jobs = std::make_unique<Jobs>();
        const JobPtr job = jobs->submit("last", keyOf("last"), [](JobContext&) { return 1; });
        connect(job.get(), &Job::finished, this, [&jobs] { jobs.reset(); });
        QTRY_VERIFY(!jobs);
        QCOMPARE(*job->result<int>(), 1);
    }

    void aRemovedRunTakesItsJobsAlong() {
        Workspace workspace;
        Run* run = workspace.add(smallTask());
        Run* other = workspace.add(smallTask());
        QCOMPARE(&run->jobs(), &workspace.jobs());
        auto gate = std::make_shared<Gate>();
        const auto quick = [](JobContext&) { return 1; };
        const JobPtr known = run->jobs().submit("known", keyOf("known", 0, run), quick);
        const JobPtr others = run->jobs().submit("known", keyOf("known", 0, other), quick);
        QTRY_VERIFY(others->ended());
        QCOMPARE(known->runName(), QString("small"));
        const JobPtr underWay = run->jobs().submit("endless", keyOf("endless", 0, run), [gate](JobContext& context) {
            gate->wait(context);
            return 0;
        });
        QTRY_COMPARE(static_cast<int>(underWay->state()), static_cast<int>(Job::State::running));
        workspace.remove(run);
        QCOMPARE(static_cast<int>(underWay->state()), static_cast<int>(Job::State::cancelled));
        QVERIFY(!workspace.jobs().kept<int>(keyOf("known", 0, run)));
        QVERIFY(workspace.jobs().kept<int>(keyOf("known", 0, other)));
        QCOMPARE(workspace.jobs().list(), std::vector<JobPtr>{others});
        QCOMPARE(workspace.jobs().active(), 0);
    }

    void jobsRunBesideATrainingAndLeaveItAsItIs() {
        const LoadedTask task = smallTask(40);
        Workspace workspace;
        Run* run = workspace.add(task);
        run->train();
        std::vector<JobPtr> jobs;
        for (int i = 0; i < 10; ++i)
            jobs.push_back(run->jobs().submit("trace", keyOf("trace", i, run), [model = run->model(), at = run->latest()](JobContext&) {
                return model->trace(at->weights, tokensOnly({1, 2, 3, 4, 1, 2})).size();
            }));
        QTRY_COMPARE(static_cast<int>(run->state()), static_cast<int>(Run::State::finished));
        QTRY_COMPARE(workspace.jobs().active(), 0);
        for (const JobPtr& job : jobs) QVERIFY(job->result<std::size_t>());
        QVERIFY(sameBits(run->latest()->weights, trainedAlone(task)));
    }

    void endedJobsLeaveTheListInTime() {
        Jobs jobs;
        for (int i = 0; i < 60; ++i) {
            const JobPtr job = jobs.submit(QString::number(i), keyOf("n", i), [i](JobContext&) { return i; });
            QTRY_VERIFY(job->ended());
        }
        QVERIFY(jobs.list().size() <= 21);
        QCOMPARE(jobs.list().back()->title(), QString("59"));
        QCOMPARE(*jobs.kept<int>(keyOf("n", 30)), 30);  // results stay longer
        jobs.clearEnded();
        QVERIFY(jobs.list().empty());
    }

    void workBesideTheQueueIsListedAsWell() {
        Jobs jobs;
        const JobPtr beside = jobs.announce("beside", keyOf("beside", 7));
        QCOMPARE(jobs.list(), std::vector<JobPtr>{beside});
        QCOMPARE(static_cast<int>(beside->state()), static_cast<int>(Job::State::running));
        // The queue goes on meanwhile.
        const JobPtr queued = jobs.submit("queued", keyOf("queued"), [](JobContext&) { return 1; });
        QTRY_VERIFY(queued->ended());
        QCOMPARE(jobs.active(), 1);
        jobs.report(beside, 3, 12);
        QVERIFY(beside->done() == 3 && beside->total() == 12);
        jobs.conclude(beside);
        QCOMPARE(static_cast<int>(beside->state()), static_cast<int>(Job::State::finished));
        QCOMPARE(jobs.active(), 0);
        // Once more of the same: the one that ended makes room.
        const JobPtr again = jobs.announce("beside", keyOf("beside", 8));
        QCOMPARE(jobs.list(), (std::vector<JobPtr>{queued, again}));
        int cancelled = 0;
        connect(again.get(), &Job::cancelled, this, [&cancelled] { ++cancelled; });
        jobs.cancelAll();
        QCOMPARE(cancelled, 1);
        const JobPtr bad = jobs.announce("bad", keyOf("bad"));
        jobs.conclude(bad, "Token 77 is not in the vocabulary");
        QCOMPARE(static_cast<int>(bad->state()), static_cast<int>(Job::State::failed));
        QVERIFY(bad->message().contains("Token 77"));
        const JobPtr unwanted = jobs.announce("unwanted", keyOf("unwanted"));
        jobs.withdraw(unwanted);
        QVERIFY(std::find(jobs.list().begin(), jobs.list().end(), unwanted) == jobs.list().end());
        QCOMPARE(jobs.active(), 0);
    }

    void aResultIsOpenedWhereItIsShown() {
        Jobs jobs;
        const JobPtr job = jobs.submit("seen", keyOf("seen"), [](JobContext&) { return 1; });
        int opened = 0;
        auto page = std::make_unique<QObject>();
        job->setOpener(page.get(), [&opened] { ++opened; });
        QVERIFY(!job->canOpen());
        QTRY_VERIFY(job->canOpen());
        job->open();
        QCOMPARE(opened, 1);
        page.reset();
        QVERIFY(!job->canOpen());
        job->open();
        QCOMPARE(opened, 1);
    }
};

QTEST_GUILESS_MAIN(JobsTest)
#include "jobs_test.moc"
