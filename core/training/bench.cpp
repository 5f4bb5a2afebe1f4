#include "core/training/bench.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/base/enum_names.h"
#include "core/base/median.h"
#include "core/base/platform.h"
#include "core/base/platform_memory.h"
#include "core/data/loaded_task.h"
#include "core/model/model.h"
#include "core/ops/kernels.h"
#include "core/training/bench_plan.h"
#include "core/training/memory_need.h"
#include "core/training/trainer.h"

namespace lab {
namespace {

constexpr int peakSlices = 5;
constexpr double peakSliceSeconds = 0.005;
constexpr std::int64_t firstPeakRounds = 20000;  // some 100 us
constexpr double warmUpShare = 0.25;             // of the measuring time; one step at least
constexpr int fewestSteps = 3;

double secondsSince(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

struct PeakSlice {
    double flops = 0;
    double seconds = 0;
};

PeakSlice peakSlice(int threads, std::int64_t rounds) {
    const Kernels<float>& k = kernels<float>();
    PeakSlice slice;
    double flops = 0;
    const auto begin = std::chrono::steady_clock::now();
#pragma omp parallel num_threads(threads) reduction(+ : flops)
    {
        float sink = 1;
        flops += k.peak(rounds, &sink);
    }
    slice.seconds = secondsSince(begin);
    slice.flops = flops;
    return slice;
}

LoadedTask taskThatFits(const Experiment& experiment) {
    LoadedTask task = loadTask(experiment, {});
    requireTrainable(task);
    return task;
}

/// The step of one row, ready to be repeated. Rows come and go: a grid's buffers together would not fit into memory.
class Stepper {
public:
    explicit Stepper(const BenchRow& row)
        : m_task(taskThatFits(row.experiment)),
          m_model(std::make_shared<const Model>(m_task.experiment.model)),
          m_trainer(m_task.experiment, m_model, m_task.dataset, initialState(*m_model, m_task.experiment), row.threads) {}

    /// Steps until both limits are met; the time of each.
    std::vector<double> run(double seconds, int steps) {
        std::vector<double> times;
        for (double spent = 0; (spent < seconds || static_cast<int>(times.size()) < steps) && !m_trainer.finished();) {
            const auto begin = std::chrono::steady_clock::now();
            m_trainer.advance();
            times.push_back(secondsSince(begin));
            spent += times.back();
        }
        return times;
    }

private:
    LoadedTask m_task;
    std::shared_ptr<const Model> m_model;
    Trainer m_trainer;
};

/// Of one row, a value a round.
struct Rounds {
    std::vector<double> seconds;
    std::vector<double> bytes;
};

void visit(const BenchRow& row, double seconds, Rounds& rounds) {
    const auto before = allocatedMemory();
    Stepper stepper(row);
    stepper.run(warmUpShare * seconds, 1);
    rounds.seconds.push_back(medianOf(stepper.run(seconds, fewestSteps)));
    if (const auto now = allocatedMemory(); now && before) rounds.bytes.push_back(static_cast<double>(*now) - static_cast<double>(*before));
}

BenchResult resultOf(const BenchRow& row, const Rounds& measured, double peakGflops) {
    const std::vector<double>& rounds = measured.seconds;
    BenchResult result{row};
    result.roundSeconds = rounds;
    result.memoryBytes = medianOf(measured.bytes);
    result.stepSeconds = medianOf(rounds);
    result.fastestSeconds = *std::min_element(rounds.begin(), rounds.end());
    result.slowestSeconds = *std::max_element(rounds.begin(), rounds.end());
    result.tokensPerSecond = double{1} * row.experiment.training.batch_size * benchTokens(row.experiment) / result.stepSeconds;
    result.gflops = stepFlops(row.experiment) / result.stepSeconds * 1e-9;
    result.peakShare = result.gflops / peakGflops;
    return result;
}

nlohmann::ordered_json jsonOf(const BenchResult& result) {
    const Experiment& experiment = result.row.experiment;
    const ModelConfig& model = experiment.model;
    nlohmann::ordered_json json;
    json["architecture"] = nameOf(model.architecture);
    json["form"] = nameOf(model.attention.form);
    json["d_model"] = model.d_model;
    json["num_layers"] = model.num_layers;
    json["num_heads"] = model.num_heads;
    json["seq_len"] = benchLength(experiment);
    json["batch_size"] = experiment.training.batch_size;
    json["parameters"] = Model(model).layout().parameterCount();
    json["threads"] = result.row.threads;
    json["step_ms"] = fourDigits(result.stepSeconds * 1e3);
    json["tokens_per_second"] = fourDigits(result.tokensPerSecond);
    json["gflops"] = fourDigits(result.gflops);
    json["peak_share"] = fourDigits(result.peakShare);
    if (result.memoryBytes > 0) json["memory_mb"] = fourDigits(result.memoryBytes * 1e-6);
    return json;
}

}  // namespace

double fourDigits(double value) {
    if (value == 0.0 || !std::isfinite(value)) return 0.0;
    const double unit = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 3);
    return unit < 1.0 ? std::round(value / unit) / std::round(1.0 / unit) : std::round(value / unit) * unit;
}

double measureStepsPerSecond(const BenchRow& row, double seconds) {
    Stepper stepper(row);
    stepper.run(warmUpShare * seconds, 1);
    const auto begin = std::chrono::steady_clock::now();
    const auto steps = static_cast<double>(stepper.run(seconds, fewestSteps).size());
    return steps / secondsSince(begin);
}

double measurePeakGflops(int threads) {
    PeakSlice slice = peakSlice(threads, firstPeakRounds);  // starts the workers
    slice = peakSlice(threads, firstPeakRounds);
    const double scale = std::clamp(peakSliceSeconds / slice.seconds, 1.0, 1e4);
    const auto rounds = static_cast<std::int64_t>(firstPeakRounds * scale);
    double best = 0;
    for (int i = 0; i < peakSlices; ++i) {
        slice = peakSlice(threads, rounds);
        best = std::max(best, slice.flops / slice.seconds * 1e-9);
    }
    return best;
}

double speedUpOver(const BenchResult& other, const BenchResult& result) {
    std::vector<double> ratios;
    for (std::size_t round = 0; round < std::min(other.roundSeconds.size(), result.roundSeconds.size()); ++round)
        ratios.push_back(other.roundSeconds[round] / result.roundSeconds[round]);
    return medianOf(ratios);
}

BenchReport runBench(const std::vector<BenchRow>& rows, const BenchSettings& settings, const BenchProgress& progress) {
    std::vector<Rounds> measured(rows.size());
    std::map<int, std::vector<double>> peaks;
    for (int round = 0; round < settings.rounds; ++round)
        for (std::size_t i = 0; i < rows.size(); ++i) {
            progress(round, i);
            peaks[rows[i].threads].push_back(measurePeakGflops(rows[i].threads));
            visit(rows[i], settings.seconds, measured[i]);
        }
    BenchReport report{processorName().english(), kernels<float>().isa, {}, {}};
    for (const auto& [threads, values] : peaks) report.peakGflops[threads] = medianOf(values);
    for (std::size_t i = 0; i < rows.size(); ++i)
        report.results.push_back(resultOf(rows[i], measured[i], report.peakGflops[rows[i].threads]));
    return report;
}

std::string benchJson(const BenchReport& report) {
    nlohmann::ordered_json json;
    json["processor"] = report.processor;
    json["isa"] = report.isa;
    json["peak_gflops"] = nlohmann::ordered_json::object();
    for (const auto& [threads, gflops] : report.peakGflops) json["peak_gflops"][std::to_string(threads)] = fourDigits(gflops);
    json["results"] = nlohmann::ordered_json::array();
    for (const BenchResult& result : report.results) json["results"].push_back(jsonOf(result));
    return json.dump(1) + "\n";
}

}  // namespace lab
