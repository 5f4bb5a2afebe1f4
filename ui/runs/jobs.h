#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <any>
#include <cstdint>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/base/watched_reading.h"
#include "core/runs/worker.h"

namespace lab {

class Run;
class Job;

/// What a result belongs to. The weights of a run at a step never change, so what is found out about them holds for as long as the run
/// is open.
struct JobKey {
    const Run* run = nullptr;  ///< results of a run that is removed are forgotten
    std::int64_t firstStep = 0;
    std::int64_t lastStep = 0;  ///< = firstStep unless the analysis spans a range
    QString analysis;           ///< its name and everything else it depends on; empty: never kept

    bool operator==(const JobKey& other) const = default;
};

/// What a job's work is given, on the worker's thread.
class JobContext {
public:
    /// Asked often (every few tens of milliseconds of work at most): a cancelled job ends at the next answer. What it returns is dropped.
    bool cancelled() const { return m_context.cancelled(); }
    /// Tells the window, as often as it can show it.
    void progress(int done, int total);
    /// Hands over a part of the result: Job::partReady on the GUI thread.
    template <class Part>
    void tell(Part part) {
        tellAny(std::any(std::move(part)));
    }

private:
    friend class Jobs;
    JobContext(Worker::Context& context, std::weak_ptr<Job> job) : m_context(context), m_job(std::move(job)) {}
    void tellAny(std::any part);

    Worker::Context& m_context;
    std::weak_ptr<Job> m_job;
    int m_done = 0;
    int m_total = 0;
};

/// Reading that tells the job how far it is, and ends with it.
Watch watchOf(JobContext& context);

/// One analysis asked for; lives on the GUI thread, as long as somebody holds it. Its signals come after submit() has returned.
class Job : public QObject {
    Q_OBJECT

public:
    enum class State { waiting, running, finished, failed, cancelled };

    const QString& title() const { return m_title; }
    const QString& runName() const { return m_runName; }
    const JobKey& key() const { return m_key; }
    State state() const { return m_state; }
    bool ended() const { return m_state != State::waiting && m_state != State::running; }
    int done() const { return m_done; }
    int total() const { return m_total; }                 ///< 0 while unknown
    const QString& message() const { return m_message; }  ///< why it failed

    /// Null unless finished, and for a type other than the work's.
    template <class Result>
    std::shared_ptr<const Result> result() const {
        const auto* held = std::any_cast<std::shared_ptr<const Result>>(&m_result);
        return held ? *held : nullptr;
    }

    /// At once for everybody who holds the job; the worker turns to the next one as soon as the work notices.
    void cancel();

    /// Where the result can be seen; offered while `where` lives.
    void setOpener(QObject* where, std::function<void()> open);
    bool canOpen() const { return m_state == State::finished && m_opener && m_open; }
    void open();

signals:
    void started();
    void progressed(int done, int total);
    void partReady(const std::any& part);
    void finished();
    void failed(const QString& message);
    void cancelled();
    /// After each of these but partReady.
    void changed();

private:
    friend class JobContext;
    friend class Jobs;
    Job() = default;
    void moveOn(int done, int total);
    void start();
    void end(std::any result, const QString& error);

    QString m_title, m_runName, m_message;
    JobKey m_key;
    State m_state = State::waiting;
    int m_done = 0;
    int m_total = 0;
    std::any m_result;           ///< shared_ptr<const Result>
    Worker::TicketPtr m_ticket;  ///< null for work beside the queue
    QPointer<QObject> m_opener;
    std::function<void()> m_open;
};
using JobPtr = std::shared_ptr<Job>;

/// The queue of slow analyses: one at a time, in the order they were asked for, on a thread that gives way to the training and opens no
/// OpenMP region. Results are kept by (run, steps, analysis). Everything here is called on the GUI thread.
///
///     m_job = run->jobs().submit(tr("Length sweep"), {run, step, step, "lengths 16"}, [weights](JobContext& context) {
///         Curve curve;
///         for (...) { if (context.cancelled()) break; ...; context.progress(i, n); }
///         return curve;
///     });
///     connect(m_job.get(), &Job::finished, this, [this] { show(*m_job->result<Curve>()); });
///
/// `work` owns what it needs by value or shared pointer to const; it never touches the GUI thread's objects.
class Jobs : public QObject {
    Q_OBJECT

public:
    explicit Jobs(QObject* parent = nullptr);
    ~Jobs() override;  ///< cancels everything and joins

    /// A job with the same key that waits or runs is handed out again; a result that is kept makes a job that is finished already (its
    /// signal `finished` follows).
    template <class Work>
    JobPtr submit(const QString& title, JobKey key, Work work) {
        using Result = std::invoke_result_t<Work, JobContext&>;
        return enqueue(title, std::move(key), [work = std::move(work)](JobContext& context) -> std::any {
            return std::shared_ptr<const Result>(std::make_shared<const Result>(work(context)));
        });
    }
    /// The result if it is kept, without a job; else null.
    template <class Result>
    std::shared_ptr<const Result> kept(const JobKey& key) const {
        const std::any found = keptAny(key);
        const auto* held = std::any_cast<std::shared_ptr<const Result>>(&found);
        return held ? *held : nullptr;
    }

    /// Work that goes on beside the queue at a pace of its own is listed as well: under way from now on. Its owner says how it goes and
    /// hears of a cancel by Job::cancelled. An earlier one of the same run and analysis that ended makes room.
    JobPtr announce(const QString& title, const JobKey& key);
    void report(const JobPtr& announced, int done, int total);
    /// It is over; with an error it failed.
    void conclude(const JobPtr& announced, const QString& error = {});
    /// As if it had never been announced: nobody wants it any more.
    void withdraw(const JobPtr& announced);

    /// In the order they were asked for; those that ended stay for a while.
    const std::vector<JobPtr>& list() const;
    int active() const;  ///< waiting or running
    void clearEnded();
    void cancelAll();
    /// Cancels the run's jobs and forgets its results.
    void forget(const Run* run);

signals:
    void listChanged();    ///< a job came or went
    void activeChanged();  ///< active()

private:
    JobPtr enqueue(const QString& title, JobKey key, std::function<std::any(JobContext&)> work);
    std::any keptAny(const JobKey& key) const;
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace lab
