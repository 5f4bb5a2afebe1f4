#include "core/runs/worker.h"

#include <QTest>
#include <atomic>
#include <memory>
#include <new>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <thread>

#include "core/base/errors.h"
#include "tests/core/runs/owner_thread.h"

using namespace lab;

namespace {

/// Work that says that it has begun and is held up until it is let go on.
class Gate {
public:
    void open() { m_open = true; }
    bool reached() const { return m_reached; }
    void pass() {
        m_reached = true;
        while (!m_open) std::this_thread::yield();
    }
    void passUnlessCancelled(const Worker::Context& context) {
        m_reached = true;
        while (!m_open && !context.cancelled()) std::this_thread::yield();
    }

private:
    std::atomic<bool> m_open{false}, m_reached{false};
};

}  // namespace

class WorkerTest : public QObject {
    Q_OBJECT

    OwnerThread m_owner;
    std::vector<int> m_told;
    std::vector<std::string> m_failures;

    Worker::Work telling(int number) {
        return [this, number](Worker::Context& context) { context.tell([this, number] { m_told.push_back(number); }); };
    }
    Worker::Failed failed() {
        return [this](const Message& why) { m_failures.push_back(why.english()); };
    }
    /// Work that stands at the gate and tells its number behind it.
    Worker::Work gated(const std::shared_ptr<Gate>& gate, int number) {
        return [this, gate, number](Worker::Context& context) {
            gate->pass();
            context.tell([this, number] { m_told.push_back(number); });
        };
    }
    bool told(std::vector<int> numbers) {
        return m_owner.runUntil([&] { return m_told == numbers; });
    }
    void waitFor(const std::shared_ptr<Gate>& gate) {
        QVERIFY(m_owner.runUntil([gate] { return gate->reached(); }));
    }

private slots:
    void init() {
        m_told.clear();
        m_failures.clear();
    }
    void cleanup() { QVERIFY(m_failures.empty()); }

    void worksElsewhereAndTellsTheOwner() {
        Worker worker(m_owner.post());
        std::thread::id worked, heard;
        worker.enqueue(
            [&](Worker::Context& context) {
                worked = std::this_thread::get_id();
                context.tell([&] { heard = std::this_thread::get_id(); });
            },
            failed());
        QVERIFY(m_owner.runUntil([&] { return heard == std::this_thread::get_id(); }));
        QVERIFY(worked != heard);
        QVERIFY(m_owner.runUntil([&] { return !worker.busy(); }));
    }

    void aQueueKeepsItsOrder() {
        Worker worker(m_owner.post(), Worker::Priority::givesWay);
        std::vector<int> all(20);
        std::iota(all.begin(), all.end(), 0);
        for (const int number : all) worker.enqueue(telling(number), failed());
        QVERIFY(worker.busy());
        QVERIFY(told(all));
    }

    void severalThingsAreToldInOrderAndTheOwnersThreadIsNotWaitedFor() {
        Worker worker(m_owner.post());
        worker.enqueue(
            [&](Worker::Context& context) {
                for (int i = 0; i < 50; ++i) context.tell([this, i] { m_told.push_back(i); });
            },
            failed());
        worker.wait();  // the owner has run nothing yet
        QVERIFY(m_told.empty() && !worker.busy());
        m_owner.runPosted();
        QCOMPARE(m_told.size(), std::size_t{50});
        QVERIFY(std::is_sorted(m_told.begin(), m_told.end()));
    }

    void ofRequestsTheLatestWins() {
        Worker worker(m_owner.post());
        const auto gate = std::make_shared<Gate>();
        worker.request(gated(gate, 1), failed());
        waitFor(gate);
        worker.request(telling(2), failed());
        worker.request(telling(3), failed());
        gate->open();
        QVERIFY(told({3}));
        worker.wait();
        m_owner.runPosted();
        QCOMPARE(m_told, std::vector<int>{3});
    }

    void whatIsUnderWayHearsThatItIsNotWantedAnyMore() {
        Worker worker(m_owner.post());
        const auto gate = std::make_shared<Gate>();
        worker.request([gate](Worker::Context& context) { gate->passUnlessCancelled(context); }, failed());
        waitFor(gate);
        worker.request(telling(2), failed());  // comes, though nobody opened the gate
        QVERIFY(told({2}));
    }

    void anOlderAnswerThatIsOnItsWayIsVoid() {
        Worker worker(m_owner.post());
        worker.request(telling(1), failed());
        worker.wait();
        worker.request(telling(2), failed());
        worker.wait();
        m_owner.runPosted();
        QCOMPARE(m_told, std::vector<int>{2});
    }

    void followingFinishesWhatIsUnderWayAndDropsWhatWaits() {
        Worker worker(m_owner.post());
        const auto gate = std::make_shared<Gate>();
        worker.follow(gated(gate, 1), failed());
        waitFor(gate);
        const Worker::TicketPtr replaced = worker.follow(telling(2), failed());
        worker.follow(telling(3), failed());
        gate->open();
        QVERIFY(told({1, 3}));
        QVERIFY(!replaced->begun());
    }

    void aTicketSaysWhetherWorkHasBegunAndCancelsItAlone() {
        Worker worker(m_owner.post());
        const auto gate = std::make_shared<Gate>();
        const auto first = worker.enqueue(gated(gate, 1), failed());
        const auto second = worker.enqueue(telling(2), failed());
        worker.enqueue(telling(3), failed());
        waitFor(gate);
        QVERIFY(first->begun() && !second->begun());
        second->cancel();
        QVERIFY(second->cancelled() && !first->cancelled());
        gate->open();
        QVERIFY(told({1, 3}));
        QVERIFY(!second->begun());
        first->cancel();  // harms nothing
    }

    void cancellingWorkUnderWayDropsWhatItTells() {
        Worker worker(m_owner.post());
        const auto gate = std::make_shared<Gate>();
        const auto ticket = worker.enqueue(
            [this, gate](Worker::Context& context) {
                gate->passUnlessCancelled(context);
                context.tell([this] { m_told.push_back(1); });
                throw std::runtime_error("nobody hears this");
            },
            failed());
        waitFor(gate);
        ticket->cancel();
        worker.enqueue(telling(2), failed());
        QVERIFY(told({2}));
    }

    void cancelDropsEverythingBefore() {
        Worker worker(m_owner.post());
        worker.enqueue(telling(1), failed());
        worker.wait();
        const auto gate = std::make_shared<Gate>();
        worker.enqueue(gated(gate, 2), failed());
        worker.enqueue(telling(3), failed());
        while (!gate->reached()) std::this_thread::yield();
        worker.cancel();
        gate->open();
        worker.wait();
        m_owner.runPosted();
        QVERIFY(m_told.empty());
        worker.enqueue(telling(4), failed());
        QVERIFY(told({4}));
    }

    void anExceptionArrivesAsASentence() {
        Worker worker(m_owner.post());
        worker.enqueue([](Worker::Context&) { throw InputError("file.txt", Message::verbatim("is not there")); }, failed());
        worker.enqueue([](Worker::Context&) { throw std::runtime_error("weights of another model"); }, failed());
        worker.enqueue([](Worker::Context&) { throw std::bad_alloc(); }, failed());
        worker.enqueue([](Worker::Context&) { throw 5; }, failed());
        worker.enqueue(telling(1), failed());  // the thread goes on
        QVERIFY(told({1}));
        QCOMPARE(std::exchange(m_failures, {}),
                 (std::vector<std::string>{"file.txt: is not there", "weights of another model", "There is not enough memory for it.",
                                           "It ended with an error of an unknown kind."}));
    }

    void anExceptionThatNobodyWantsToHearOfEndsNothing() {
        Worker worker(m_owner.post());
        worker.request([](Worker::Context&) { throw std::bad_alloc(); }, {});
        worker.enqueue(telling(1), {});
        QVERIFY(told({1}));
        worker.request([](Worker::Context&) { throw std::bad_alloc(); }, failed());
        worker.request(telling(2), failed());  // the failure is of an older request
        QVERIFY(told({1, 2}));
    }

    void whatWasToldBeforeAnExceptionIsHeardBeforeIt() {
        Worker worker(m_owner.post());
        bool heardFirst = false;
        worker.enqueue(
            [this](Worker::Context& context) {
                context.tell([this] { m_told.push_back(1); });
                throw std::runtime_error("then");
            },
            [&](const Message&) { heardFirst = m_told == std::vector<int>{1}; });
        QVERIFY(m_owner.runUntil([&] { return heardFirst; }));
    }

    /// However slowly the owner listens, one piece of news is on its way, and it is the newest.
    void ofProgressOnlyTheNewestIsTold() {
        Worker worker(m_owner.post());
        worker.enqueue(
            [this](Worker::Context& context) {
                for (int i = 1; i <= 1000; ++i) context.progress([this, i] { m_told.push_back(i); }, true);
            },
            failed());
        worker.wait();
        m_owner.runPosted();
        QCOMPARE(m_told, std::vector<int>{1000});
    }

    void progressComesAtOnceAndThenNoMoreOftenThanTheWindowDraws() {
        Worker worker(m_owner.post());
        const auto gate = std::make_shared<Gate>();
        worker.enqueue(
            [this, gate](Worker::Context& context) {
                context.progress([this] { m_told.push_back(0); });
                gate->pass();
                const auto begin = std::chrono::steady_clock::now();
                for (int call = 1; std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(100); ++call)
                    context.progress([this, call] { m_told.push_back(call); });
            },
            failed());
        QVERIFY(told({0}));
        gate->open();
        QVERIFY(m_owner.runUntil([&] { return !worker.busy(); }));
        m_owner.runPosted();
        QVERIFY2(m_told.size() >= 2 && m_told.size() <= 5, qPrintable(QString::number(m_told.size())));
    }

    void theEndCancelsAndJoins() {
        const auto gate = std::make_shared<Gate>();
        const std::weak_ptr<Gate> held = gate;
        {
            Worker worker(m_owner.post());
            worker.enqueue(telling(1), failed());
            worker.enqueue([gate](Worker::Context& context) { gate->passUnlessCancelled(context); }, failed());
            worker.enqueue([gate](Worker::Context&) { gate->pass(); }, failed());
            while (!gate->reached()) std::this_thread::yield();
        }
        QCOMPARE(held.use_count(), 1L);  // nothing of the work is left
        m_owner.runPosted();
        QVERIFY(m_told.empty());  // though it was on its way
    }

    void aWorkerWithoutWorkHasNothingToEnd() {
        Worker worker(m_owner.post());
        QVERIFY(!worker.busy());
        worker.wait();
        worker.cancel();
        worker.setRest(3);
    }

    void whatIsToldMayEndTheWorker() {
        auto worker = std::make_unique<Worker>(m_owner.post());
        worker->enqueue([&](Worker::Context& context) { context.tell([&] { worker.reset(); }); }, failed());
        worker->enqueue(telling(2), failed());
        QVERIFY(m_owner.runUntil([&] { return !worker; }));
        m_owner.runPosted();
        QVERIFY(m_told.empty());
    }

    void whatIsToldMayAskForMore() {
        Worker worker(m_owner.post());
        std::function<void(int)> ask = [&](int left) {
            worker.request(
                [&, left](Worker::Context& context) {
                    context.tell([&, left] {
                        m_told.push_back(left);
                        if (left > 0) ask(left - 1);
                    });
                },
                failed());
        };
        ask(3);
        QVERIFY(told({3, 2, 1, 0}));
    }

    void restsAsLongAsItWorkedTimesSoMany() {
        using Clock = std::chrono::steady_clock;
        Worker worker(m_owner.post());
        worker.setRest(9);
        Clock::time_point ended;
        Clock::duration worked{}, rested{};
        worker.enqueue(
            [&](Worker::Context&) {
                const auto begin = Clock::now();
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
                ended = Clock::now();
                worked = ended - begin;
            },
            failed());
        worker.enqueue(
            [&](Worker::Context& context) {
                rested = Clock::now() - ended;
                context.tell([this] { m_told.push_back(1); });
            },
            failed());
        QVERIFY(told({1}));
        QVERIFY(rested >= 9 * worked);
    }

    void aRestIsOverWhenNobodyAsksForItAnyMore() {
        Worker worker(m_owner.post());
        worker.setRest(1e9);
        worker.enqueue(telling(1), failed());
        QVERIFY(told({1}));
        worker.enqueue(telling(2), failed());
        worker.setRest(0);
        QVERIFY(told({1, 2}));
        worker.wait();
        worker.setRest(1e9);  // nor does the end wait for it
        worker.enqueue(telling(3), failed());
        QVERIFY(told({1, 2, 3}));
    }
};

QTEST_APPLESS_MAIN(WorkerTest)
#include "worker_test.moc"
