// How soon a cancelled job is over while a training runs at full speed: for every kind of job, on a preset and on the largest models a
// person would try. "said" is until everybody who holds the job hears it, "free" until the worker has let go of the work and the next job
// has begun, "work" the worker's own processor time in between, which no other program lengthens (beside a training at full speed it gets
// about a tenth of a processor); leaving the page while heads are matched counts too. cancel_bench [CANCELS] [MODEL ...]; models: reverse
// rope d256 charlm n1024. No assertions; not a ctest.

#include <pthread.h>
#include <time.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>

#include "core/base/platform.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/data/loaded_task.h"
#include "core/training/bench_plan.h"
#include "ui/runs/ablation_study.h"
#include "ui/runs/head_history.h"
#include "ui/runs/head_match_job.h"
#include "ui/runs/length_sweep.h"
#include "ui/runs/longrope_job.h"
#include "ui/runs/workspace.h"

using namespace lab;

namespace {

constexpr int shortestWork = 30, longestWork = 800;  ///< milliseconds until the hand cancels

void wait(int milliseconds) {
    QEventLoop loop;
    QTimer::singleShot(milliseconds, Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
}

Experiment rotated(Experiment experiment) {
    experiment.model.position.kind = PositionKind::rope;
    experiment.model.max_seq_len.reset();
    return experiment;
}

Experiment large(int d, int layers, int length, int batch) {
    Experiment experiment;
    experiment.task.seq_len = length;
    experiment.model.d_model = d;
    experiment.model.num_layers = layers;
    experiment.model.num_heads = 4;
    experiment.training.batch_size = batch;
    return rotated(experiment);
}

struct Subject {
    std::string name;
    Experiment experiment;
};

std::vector<Subject> subjects() {
    Experiment charLm = benchExperiments(BenchGrid::quick).back();
    charLm.task.validation_size = 64;
    const Experiment reverse = parseExperiment(findPreset("reverse")->json);
    Experiment small = rotated(reverse);
    return {{"reverse", reverse},
            {"rope", small},
            {"d256", large(256, 4, 128, 128)},
            {"charlm", rotated(charLm)},
            {"n1024", large(128, 2, 1024, 8)}};
}

/// A job begun by the page that offers it, and how it is cancelled.
struct Kind {
    const char* name;
    std::function<void()> begin, cancel;
};

class Bench {
public:
    Bench(Workspace& workspace, Run& run, int cancels) : m_workspace(workspace), m_run(run), m_cancels(cancels) {
        QElapsedTimer clock;
        clock.start();
        untilNext(clock);  // begins the worker
    }

    void measure(const Kind& kind) {
        std::vector<double> said, freed, worked;
        for (int i = 0; i < m_cancels; ++i) {
            kind.begin();
            wait(std::uniform_int_distribution(shortestWork, longestWork)(m_dice));
            const JobPtr job = m_workspace.jobs().list().empty() ? nullptr : m_workspace.jobs().list().back();
            if (!job || job->state() != Job::State::running) {
                kind.cancel();
                m_workspace.jobs().forget(&m_run);
                continue;  // over before the hand came
            }
            QElapsedTimer clock;
            clock.start();
            double heard = -1;
            QObject::connect(job.get(), &Job::cancelled, job.get(), [&] { heard = static_cast<double>(clock.nsecsElapsed()) / 1e6; });
            const double before = workMilliseconds(m_worker);
            kind.cancel();
            said.push_back(heard);
            const auto [wall, work] = untilNext(clock);
            freed.push_back(wall);
            worked.push_back(work - before);
        }
        print(kind.name, said, freed, worked);
    }

private:
    /// When the worker's next job began, and what the worker had worked by then.
    std::pair<double, double> untilNext(const QElapsedTimer& clock) {
        QEventLoop loop;
        std::pair<double, double> begun;
        const JobPtr next = m_workspace.jobs().submit(QStringLiteral("next"), {}, [&begun, clock, this](JobContext&) {
            pthread_getcpuclockid(pthread_self(), &m_worker);
            begun = {static_cast<double>(clock.nsecsElapsed()) / 1e6, workMilliseconds(m_worker)};
            return 0;
        });
        QObject::connect(next.get(), &Job::finished, &loop, &QEventLoop::quit);
        loop.exec();
        return begun;
    }

    static double workMilliseconds(clockid_t clock) {
        timespec time{};
        clock_gettime(clock, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    }

    static void print(const char* name, std::vector<double> said, std::vector<double> freed, std::vector<double> worked) {
        if (freed.empty()) {
            std::printf("  %-24s over before it could be cancelled\n", name);
            return;
        }
        std::sort(said.begin(), said.end());
        std::sort(freed.begin(), freed.end());
        std::sort(worked.begin(), worked.end());
        std::printf("  %-20s %3zu cancels: said, worst %4.1f ms; free, median %6.1f ms, worst %6.1f ms; work until then, worst %5.1f ms\n",
                    name, freed.size(), said.back(), freed[freed.size() / 2], freed.back(), worked.back());
        std::fflush(stdout);
    }

    Workspace& m_workspace;
    Run& m_run;
    int m_cancels;
    std::mt19937 m_dice{1};
    clockid_t m_worker = CLOCK_MONOTONIC;  ///< of its processor time
};

LengthQuestion lengthQuestion(const Run& run) {
    LengthQuestion question;
    question.run = &run;
    question.experiment = run.experiment();
    question.checkpoint = run.latest();
    question.rotations.emplace_back();
    for (const int times : {1, 2, 3, 4, 6, 8}) question.seqLens.push_back(times * run.experiment().task.seq_len);
    return question;
}

LongRopeQuestion longRopeQuestion(const Run& run) {
    LongRopeQuestion question;
    question.run = &run;
    question.experiment = run.experiment();
    question.checkpoint = run.latest();
    question.originalLength = run.experiment().task.seq_len;
    question.factor = 8;
    return question;
}

Input sampleOf(const Run& run, int index = 0) {
    const Sample sample = run.dataset()->validationSample(index);
    Input input;
    input.tokens = sample.tokens;
    input.targetTokens = sample.targetTokens;
    return input;
}

/// Head matching is no job: it follows the maps. Its page may be left at any moment, and that must not hold up the window.
void measureLeaving(const Run& run, int times) {
    std::vector<Input> inputs;
    for (int i = 0; i < 16; ++i) inputs.push_back(sampleOf(run, i));
    std::vector<double> left;
    for (int i = 0; i < times; ++i) {
        auto matching = std::make_unique<HeadMatchJob>();
        matching->ask({{run.model(), run.model(), run.latest(), run.latest()}}, inputs);
        wait(shortestWork + 20 * i);
        QElapsedTimer clock;
        clock.start();
        matching.reset();
        left.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
    }
    std::sort(left.begin(), left.end());
    std::printf("  %-24s %3zu times left: median %6.1f ms, worst %6.1f ms\n", "head match", left.size(), left[left.size() / 2],
                left.back());
}

void measure(const Subject& subject, int cancels) {
    Workspace workspace;
    Experiment experiment = subject.experiment;
    experiment.training.steps = 10'000'000;
    Run* run = workspace.add(loadTask(experiment, {}));
    run->setPace(0);
    run->train();
    QElapsedTimer patience;
    patience.start();
    while (run->step() < 3 && !patience.hasExpired(60'000)) wait(20);
    const std::int64_t before = run->step();
    std::printf("%s: d %d, L %d, n %d\n", subject.name.c_str(), experiment.model.d_model, experiment.model.num_layers,
                experiment.task.seq_len);
    Bench bench(workspace, *run, cancels);
    AblationStudy ablation;
    LengthSweep lengths;
    LongRopeJob search;
    bench.measure({"rank heads", [&] { ablation.rank(run, run->latest()); }, [&] { ablation.cancelRanking(); }});
    bench.measure({"length sweep", [&] { lengths.start(lengthQuestion(*run)); }, [&] { lengths.cancel(); }});
    if (experiment.model.position.kind == PositionKind::rope)
        bench.measure({"LongRoPE search", [&] { search.start(longRopeQuestion(*run)); }, [&] { search.cancel(); }});
    std::unique_ptr<HeadHistory> history;
    const Input input = sampleOf(*run);
    bench.measure({"heads over training",
                   [&] {
                       history = std::make_unique<HeadHistory>();
                       history->setWatched(true);
                       history->look(run, input);
                   },
                   [&] { workspace.jobs().cancelAll(); }});
    history.reset();
    measureLeaving(*run, cancels);
    std::printf("  %lld steps trained meanwhile\n", static_cast<long long>(run->step() - before));
}

}  // namespace

int main(int argc, char** argv) {
    lab::reexecuteWithPassiveWaiting(argv);
    QCoreApplication application(argc, argv);
    const int cancels = argc > 1 ? std::max(1, std::atoi(argv[1])) : 20;
    for (const Subject& subject : subjects()) {
        const bool wanted = argc < 3 || std::any_of(argv + 2, argv + argc, [&](const char* name) { return subject.name == name; });
        if (wanted) measure(subject, cancels);
    }
    return 0;
}
