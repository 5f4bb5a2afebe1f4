#include "core/training/visitors.h"

#include <QtTest>

#include <atomic>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#endif

#include "core/base/platform.h"
#include "core/training/trainer.h"

using namespace lab;
using namespace std::chrono_literals;

namespace {

Experiment smallExperiment() {
    Experiment e;
    e.task.seq_len = 8;
    e.task.train_size = 400;
    e.task.validation_size = 20;
    e.task.test_size = 20;
    e.model.d_model = 32;
    e.model.dropout = 0.1;
    e.training.batch_size = 128;
    e.training.steps = 60;
    e.training.validate_every = 20;
    return e;
}

TrainingState trained(const Experiment& experiment, int threads, Visitors* visitors) {
    const LoadedTask task = loadTask(experiment, {});
    const auto model = std::make_shared<const Model>(task.experiment.model);
    Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment), threads, visitors);
    while (!trainer.finished()) trainer.advance();
    return trainer.state();
}

}  // namespace

class VisitorsTest : public QObject {
    Q_OBJECT

private slots:
    void eachTakesOneThreadButNotTheLast() {
        Visitors visitors;
        QCOMPARE(visitors.teamOf(4), 4);
        visitors.announce();
        QCOMPARE(visitors.teamOf(4), 3);
        visitors.announce();
        QCOMPARE(visitors.teamOf(4), 2);
        QCOMPARE(visitors.teamOf(2), 1);
        QCOMPARE(visitors.teamOf(1), 1);
        visitors.leave();
        visitors.leave();
        QCOMPARE(visitors.teamOf(4), 4);
    }

    void comesInAtOnceWhereNobodyTrains() {
        Visitors visitors;
        visitors.enter();
        QCOMPARE(visitors.teamOf(2), 1);
        visitors.leave();
    }

    void onlyShortPiecesAreWaitedFor() {
        Visitors visitors;
        QVERIFY(!visitors.isFull());  // nobody trains
        visitors.occupy(0s);
        QVERIFY(visitors.isFull());
        visitors.makeRoom();
        QVERIFY(!visitors.isFull());
        visitors.occupy(1h);
        QVERIFY(!visitors.isFull());
    }

    void waitsUntilAThreadMakesRoom() {
        constexpr int visits = 200;
        int waited = 0;
        Visitors visitors;
        for (int i = 0; i < visits; ++i) {
            visitors.occupy(0s);
            std::atomic<bool> roomMade = false, waitedForIt = false;
            std::thread visitor([&] {
                visitors.enter();
                waitedForIt = roomMade.load();
            });
            while (visitors.teamOf(2) == 2) std::this_thread::yield();
            roomMade = true;
            visitors.makeRoom();
            visitor.join();
            if (waitedForIt) ++waited;
            visitors.leave();
        }
        // Not all: a visitor is patient for a moment only, and this thread may have had to wait for longer.
        QVERIFY2(waited > visits / 2, qPrintable(QString::number(waited)));
    }

    /// Visitors that come and go all the time change who computes what, and no bit of it.
    void theTrainingIsTheSameBitForBit() {
        const Experiment experiment = smallExperiment();
        const TrainingState alone = trained(experiment, 1, nullptr);
        for (const int threads : {1, 2, 3, processorCount()}) {
            Visitors visitors;
            std::atomic<bool> over = false;
            std::atomic<int> visits = 0;
            const auto visit = [&] {
                while (!over) {
                    visitors.enter();
                    ++visits;
                    std::this_thread::yield();
                    visitors.leave();
                    std::this_thread::yield();
                }
            };
            std::thread one(visit), other(visit);
            const TrainingState visited = trained(experiment, threads, &visitors);
            over = true;
            one.join();
            other.join();
            QVERIFY(visits > 0);
            QCOMPARE(visited.step, alone.step);
            QVERIFY(visited.weights == alone.weights);
            QVERIFY(visited.firstMoment == alone.firstMoment);
            QVERIFY(visited.secondMoment == alone.secondMoment);
        }
    }

    /// A visitor that stays: the training goes on beside it.
    void oneThatStaysDoesNotStopTheTraining() {
        const Experiment experiment = smallExperiment();
        Visitors visitors;
        visitors.announce();
        QVERIFY(trained(experiment, 2, &visitors).weights == trained(experiment, 2, nullptr).weights);
    }

#if defined(__linux__)
    /// Behind a training on all processors, whose threads have one each.
    void theCallersThreadMayRunAnywhereAfterwards() {
        const auto mayUse = [] {
            cpu_set_t set;
            CPU_ZERO(&set);
            sched_getaffinity(0, sizeof set, &set);
            return CPU_COUNT(&set);
        };
        const int before = mayUse();
        trained(smallExperiment(), 0, nullptr);
        QCOMPARE(mayUse(), before);
        {
            const OnProcessor here(processorCount() - 1);
            QCOMPARE(mayUse(), 1);
            QCOMPARE(processorCount(), before);
        }
        QCOMPARE(mayUse(), before);
    }
#endif
};

QTEST_GUILESS_MAIN(VisitorsTest)
#include "visitors_test.moc"
