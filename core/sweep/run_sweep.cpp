#include "core/sweep/run_sweep.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <thread>

#include "core/base/errors.h"
#include "core/base/memory_error.h"
#include "core/base/platform.h"
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
            {"attention_lab.computed_with", std::string("Attention Lab ") + ATTENTION_LAB_VERSION + ", " + kernels<float>().isa}};
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

/// The threads of a sweep take runs from here; what they tell goes through one door.
class Queue {
public:
    Queue(SweepResults& results, std::vector<int> runs, const SweepObserver& observer)
        : m_results(results), m_runs(std::move(runs)), m_observer(observer) {}

    /// Trains runs until none is left, what they come to cannot be kept, or it is stopped. One that cannot be trained costs no other.
    void work(int threads, const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            const std::optional<int> run = next();
            if (!run) return;
            try {
                const auto result = trainRun(m_results.sweep(), *run, m_results.folder(), threads, stop, [&](const StepRecord& record) {
                    const std::lock_guard lock(m_mutex);
                    if (m_failure) throw Stopped();
                    if (m_observer.stepped) m_observer.stepped(*run, record);
                });
                if (!result) return;
                m_results.add(*run, *result);
                const std::lock_guard lock(m_mutex);
                if (m_observer.ended) m_observer.ended(*run, *result);
            } catch (const Stopped&) {
                return;
            } catch (const RunRefused&) {
                const std::lock_guard lock(m_mutex);
                if (!m_refused) m_refused = std::current_exception();
            } catch (...) {
                const std::lock_guard lock(m_mutex);
                if (!m_failure) m_failure = std::current_exception();
                return;
            }
        }
    }

    void rethrow() const {
        for (const std::exception_ptr& what : {m_failure, m_refused})
            if (what) std::rethrow_exception(what);
    }

private:
    struct Stopped {};

    std::optional<int> next() {
        const std::lock_guard lock(m_mutex);
        if (m_failure || m_next == m_runs.size()) return std::nullopt;
        const int run = m_runs[m_next++];
        if (m_observer.begun) m_observer.begun(run);
        return run;
    }

    SweepResults& m_results;
    std::vector<int> m_runs;
    const SweepObserver& m_observer;
    std::mutex m_mutex;
    std::size_t m_next = 0;
    std::exception_ptr m_failure;
    std::exception_ptr m_refused;  ///< the first
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

void runSweep(SweepResults& results, const std::vector<int>& runs, int jobs, int threads, const std::stop_token& stop,
              const SweepObserver& observer) {
    std::vector<int> open;
    std::ranges::copy_if(runs, std::back_inserter(open), [&](int run) { return !results.isFinished(run); });
    const int workers = std::clamp(jobs, 1, std::max(1, static_cast<int>(open.size())));
    const int processors = threads > 0 ? threads : processorCount();
    Queue queue(results, std::move(open), observer);
    {
        std::vector<std::jthread> team;
        for (int i = 0; i < workers; ++i)  // the first ones share what does not divide evenly
            team.emplace_back([&, mine = std::max(1, (processors + workers - 1 - i) / workers)] { queue.work(mine, stop); });
    }
    queue.rethrow();
}

}  // namespace lab
