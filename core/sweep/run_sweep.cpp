#include "core/sweep/run_sweep.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <thread>
#include <type_traits>

#include "core/base/errors.h"
#include "core/base/memory_error.h"
#include "core/base/platform.h"
#include "core/base/threads.h"
#include "core/base/version.h"
#include "core/config/validation.h"
#include "core/data/data_print.h"
#include "core/data/loaded_task.h"
#include "core/io/checkpoint.h"
#include "core/io/experiment_file.h"
#include "core/ops/kernels.h"
#include "core/training/memory_need.h"
#include "core/training/metrics_csv.h"

namespace lab {
namespace {

/// What a step costs besides its products, as so many multiply-adds: by steps of models with a thousand to a million parameters.
constexpr double besidesProducts = 1e6;

LoadedTask taskThatFits(const Experiment& experiment, const std::filesystem::path& folder, const std::stop_token& stop) {
    LoadedTask task = loadTask(experiment, folder, [&stop](double) { return !stop.stop_requested(); });
    requireTrainable(task);
    return task;
}

/// This run cannot be made, or not here; others can.
class RunRefused : public InputError {
public:
    using InputError::InputError;
};

/// One run from its beginning to its end.
class SweepRun {
public:
    SweepRun(const Sweep& sweep, int run, const RunsFolder& folder, int threads, const std::stop_token& stop)
        : m_task(taskThatFits(experimentOf(sweep, run), sweep.folder, stop)),
          m_model(std::make_shared<const Model>(m_task.experiment.model)),
          m_trainer(m_task.experiment, m_model, m_task.dataset, initialState(*m_model, m_task.experiment), threads),
          m_metrics(metricsHeader() + '\n'),
          m_dataFolder(sweep.folder),
          m_folder(folder),
          m_run(run) {}

    std::optional<RunResult> train(const std::stop_token& stop, const std::function<void(const StepRecord&)>& stepped) {
        RunResult result;
        result.parameters = static_cast<std::int64_t>(m_model->layout().parameterCount());
        std::optional<StepRecord> last;
        try {
            while (!m_trainer.finished()) {
                if (stop.stop_requested()) return std::nullopt;
                last = m_trainer.advance();
                result.seconds += last->seconds;
                m_metrics += metricsLine(metricsRow(*last)) + '\n';
                if (stepped) stepped(*last);
            }
            finish(result, *last);
        } catch (const DivergenceError&) {
        }
        result.steps = m_trainer.state().step;
        save();
        return result;
    }

private:
    void finish(RunResult& result, const StepRecord& last) {
        if (m_task.dataset->testSize() > 0) {  // first of all: this, too, may be where it diverges
            const Evaluation test = m_trainer.evaluateTest();
            result.testLoss = test.loss;
            result.testAccuracy = test.accuracy;
        }
        result.trainLoss = last.train.loss;
        if (!last.validation) return;
        result.validationLoss = last.validation->loss;
        result.validationAccuracy = last.validation->accuracy;
    }

    void save() const {
        Metadata extra{
            {"attention_lab.computed_with", std::string("Attention Lab ") + programVersion() + ", " + kernels<float>().isa}};
        notePrint(extra, m_task);
        replaceFile(m_folder.metrics(m_run), {m_metrics});
        writeCheckpoint(m_folder.checkpoint(m_run), relocated(m_task.experiment, m_dataFolder, m_folder.path()),
                        m_task.dataset->tokenizer().kept(), m_model->layout(), m_trainer.state(), extra);
    }

    LoadedTask m_task;
    std::shared_ptr<const Model> m_model;
    Trainer m_trainer;
    std::string m_metrics;  ///< the file's text so far
    std::filesystem::path m_dataFolder;
    const RunsFolder& m_folder;
    int m_run;
};

/// What the threads of a sweep share; what they tell goes through one door.
class Team {
public:
    Team(const Sweep& sweep, const RunsFolder& folder, const RunSource& source, const SweepObserver& observer, const std::stop_token& stop)
        : m_sweep(sweep), m_folder(folder), m_source(source), m_observer(observer), m_outer(stop, [this] { m_stop.request_stop(); }) {}

    /// Trains runs until none is left, what they come to cannot be kept, or it is stopped. One that cannot be trained costs no other.
    void work(int threads) {
        try {
            while (!m_stop.stop_requested()) {
                const std::optional<int> run = m_source.next(m_stop.get_token());
                if (!run || !train(*run, threads)) return;
            }
        } catch (...) {
            const std::lock_guard lock(m_mutex);
            if (!m_failure) m_failure = std::current_exception();
            m_stop.request_stop();
        }
    }

    void rethrow() const {
        for (const std::exception_ptr& what : {m_failure, m_refused})
            if (what) std::rethrow_exception(what);
    }

private:
    /// False when it was stopped.
    bool train(int run, int threads) {
        tell(m_observer.begun, run);
        try {
            const auto stepped = [&](const StepRecord& record) { tell(m_observer.stepped, run, record); };
            const auto result = trainRun(m_sweep, run, m_folder, threads, m_stop.get_token(), stepped);
            if (!result) return false;
            m_source.keep(run, *result);
            tell(m_observer.ended, run, *result);
        } catch (const RunRefused&) {
            if (m_source.refuse) m_source.refuse(run);
            const std::lock_guard lock(m_mutex);
            if (!m_refused) m_refused = std::current_exception();
        }
        return true;
    }

    template <class... What>
    void tell(const std::function<void(What...)>& observer, const std::type_identity_t<What>&... what) {
        const std::lock_guard lock(m_mutex);
        if (observer) observer(what...);
    }

    const Sweep& m_sweep;
    const RunsFolder& m_folder;
    const RunSource& m_source;
    const SweepObserver& m_observer;
    std::mutex m_mutex;
    std::exception_ptr m_failure;
    std::exception_ptr m_refused;  ///< the first
    std::stop_source m_stop;       ///< by who asked for it, or by a failure
    std::stop_callback<std::function<void()>> m_outer;
};

std::unique_ptr<SweepRun> madeRun(const Sweep& sweep, int run, const RunsFolder& folder, int threads, const std::stop_token& stop) {
    try {
        return std::make_unique<SweepRun>(sweep, run, folder, threads, stop);
    } catch (const InputError& error) {
        throw RunRefused(placeOfRun(sweep, run), error.message());
    }
}

}  // namespace

std::vector<int> runsOfShard(const Sweep& sweep, int shard, int shards) {
    std::vector<int> runs;
    for (int run = shard - 1; run < sweep.runCount(); run += shards) runs.push_back(run);
    return runs;
}

double workOfStep(const Experiment& experiment) {
    const ModelConfig model = resolved(experiment).model;
    const double n = experiment.task.seq_len, d = model.d_model, ff = model.d_ff.value_or(2 * model.d_model);
    const double nets = model.hasExperts() ? model.feed_forward.top_k : 1;
    const double layers = model.architecture == Architecture::encoder_decoder ? 2.5 * model.num_layers : model.num_layers;
    const double mixing =
        model.attends() ? 4 * d * d + 2 * n * d : 2 * d * model.mixer.width.value_or(0) * model.max_seq_len.value_or(0) / n;
    return besidesProducts + experiment.training.batch_size * n * (layers * (mixing + 2 * d * ff * nets) + d * d);
}

std::optional<RunResult> trainRun(const Sweep& sweep, int run, const RunsFolder& folder, int threads, const std::stop_token& stop,
                                  const std::function<void(const StepRecord&)>& stepped) {
    try {
        return madeRun(sweep, run, folder, threads, stop)->train(stop, stepped);
    } catch (const RunRefused&) {
        if (stop.stop_requested()) return std::nullopt;  // while its text was read
        throw;
    } catch (const InputError& error) {
        throw InputError(placeOfRun(sweep, run), error.message());
    } catch (const std::exception& error) {
        if (!isMemoryError(error)) throw;
        throw RunRefused(placeOfRun(sweep, run), messageOf(error));
    }
}

void runSweep(const Sweep& sweep, const RunsFolder& folder, const RunSource& source, int jobs, int threads, const std::stop_token& stop,
              const SweepObserver& observer) {
    const int workers = std::clamp(jobs, 1, sweep.runCount());
    const int processors = threads > 0 ? threads : processorCount();
    Team team(sweep, folder, source, observer, stop);
    {
        std::vector<std::jthread> members;
        const auto add = [&](int mine) { return addThread(members, [&team, mine] { team.work(mine); }); };
        for (int i = 0; i < workers; ++i)  // the first ones share what does not divide evenly
            add(std::max(1, (processors + workers - 1 - i) / workers));
        if (members.empty()) team.work(1);
    }
    team.rethrow();
}

void runSweep(SweepResults& results, const std::vector<int>& runs, int jobs, int threads, const std::stop_token& stop,
              const SweepObserver& observer) {
    std::vector<int> open;
    std::ranges::copy_if(runs, std::back_inserter(open), [&](int run) { return !results.isFinished(run); });
    std::atomic<std::size_t> taken = 0;
    const RunSource source{[&](const std::stop_token&) -> std::optional<int> {
                               const std::size_t at = taken++;
                               return at < open.size() ? std::optional(open[at]) : std::nullopt;
                           },
                           [&](int run, const RunResult& result) { results.add(run, result); }};
    const int most = std::max(1, static_cast<int>(open.size()));
    runSweep(results.sweep(), results.folder(), source, std::min(jobs, most), threads, stop, observer);
}

}  // namespace lab
