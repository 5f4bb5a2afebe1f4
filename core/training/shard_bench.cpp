#include "core/training/shard_bench.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <numeric>
#include <queue>
#include <utility>

#include "core/base/median.h"
#include "core/data/batch_order.h"
#include "core/data/dataset.h"
#include "core/data/loaded_task.h"
#include "core/layers/pass.h"
#include "core/model/model.h"
#include "core/model/network.h"
#include "core/ops/kernels.h"
#include "core/optimizers/optimizer.h"
#include "core/training/batch_cut.h"
#include "core/training/bench.h"
#include "core/training/memory_need.h"
#include "core/training/shard_queue.h"
#include "core/training/trainer.h"

namespace lab {
namespace {

constexpr std::size_t chunkScalars = 4096;  // as the trainer's
constexpr int fewestMeasured = 5;

double secondsOf(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Until a parallel region of two threads with nothing in it is over.
double waitOfTwo() {
    constexpr int regions = 200;
    std::vector<double> waits;
    for (int i = 0; i < regions; ++i)
        waits.push_back(secondsOf([] {
#pragma omp parallel num_threads(2)
            {}
        }));
    return medianOf(waits);
}

/// Values of one piece, a step each.
using Times = std::vector<std::vector<double>>;

std::vector<double> mediansOf(const Times& times) {
    std::vector<double> medians;
    for (const std::vector<double>& each : times) medians.push_back(medianOf(each));
    return medians;
}

/// A step taken apart, on one thread and without a trainer; the weights move as in any step.
class TakenApart {
public:
    explicit TakenApart(const Experiment& experiment)
        : m_task(loadTask(experiment, {})),
          m_model(std::make_shared<const Model>(m_task.experiment.model)),
          m_state(initialState(*m_model, m_task.experiment)),
          m_transposed(m_model->transposedCopy(m_state.weights)),
          m_optimizer(m_task.experiment.training.optimizer, m_model->layout(), kernels<float>()),
          m_order(m_task.experiment.training, m_task.dataset->trainSize(), m_task.dataset->drawsBlocks()),
          m_gradient(m_state.weights.size()),
          m_updateScratch(updateScratch(*m_task.experiment.training.optimizer.kind, m_model->layout())) {
        requireTrainable(m_task);
        makeBatchOf(0);
        m_groups.assign(static_cast<std::size_t>(groupsOf(m_batch)), Weights(m_state.weights.size()));
        m_pieces.sequences = m_batch.sequences;
        m_pieces.groups = static_cast<int>(m_groups.size());
        m_pieces.sequencesPerShard = shardSequences(m_batch.length + m_batch.targetLength);
        m_shards.resize(static_cast<std::size_t>(m_batch.sequences));
        m_chunks.resize((m_gradient.size() + chunkScalars - 1) / chunkScalars);
        m_parts.resize(m_model->layout().parameters().size());
    }

    void step() {
        m_batches.push_back(secondsOf([&] { makeBatchOf(m_state.step); }));
        ShardQueue queue(m_pieces.sequences, m_pieces.groups, m_pieces.sequencesPerShard);
        std::vector<bool> begun(m_groups.size(), false);
        std::optional<Shard> shard{Shard{}};
        while ((shard = queue.take(shard->group))) {
            const auto group = static_cast<std::size_t>(shard->group);
            const bool first = !begun[group];
            begun[group] = true;
            m_shards[static_cast<std::size_t>(shard->first)].push_back(secondsOf([&] { runShard(*shard, first); }));
            queue.finish(*shard);
        }
        for (std::size_t c = 0; c < m_chunks.size(); ++c) m_chunks[c].push_back(secondsOf([&] { sumChunk(c); }));
        ++m_state.step;
        for (std::size_t p = 0; p < m_parts.size(); ++p) m_parts[p].push_back(secondsOf([&] { update(p); }));
    }

    StepPieces pieces() {
        std::erase_if(m_shards, [](const std::vector<double>& times) { return times.empty(); });
        m_pieces.shards = mediansOf(m_shards);
        m_pieces.chunks = mediansOf(m_chunks);
        m_pieces.parts = mediansOf(m_parts);
        m_pieces.batch = medianOf(m_batches);
        return m_pieces;
    }

private:
    void makeBatchOf(std::int64_t index) {
        std::vector<Sample> samples;
        for (const int i : m_order.indices(index)) samples.push_back(m_task.dataset->trainSample(i));
        m_batch = makeBatch(samples);
        m_counted = std::count_if(m_batch.targets.begin(), m_batch.targets.end(), [](int target) { return target >= 0; });
    }
    void runShard(const Shard& shard, bool first) {
        Weights& gradient = m_groups[static_cast<std::size_t>(shard.group)];
        if (first) m_model->transposed().clearOthers(gradient);
        m_scratch.arena.reset();
        Pass<float> pass{kernels<float>(), m_state.weights.data(), m_transposed.data(), gradient.data(), m_scratch};
        pass.writesLinearGradients = first;
        pass.training = true;
        m_model->network().train(pass, viewOf(m_batch, shard.first, shard.count),
                                 1.0f / static_cast<float>(std::max<std::ptrdiff_t>(1, m_counted)));
    }
    void sumChunk(std::size_t chunk) {
        const std::size_t begin = chunk * chunkScalars;
        const auto n = static_cast<std::int64_t>(std::min(chunkScalars, m_gradient.size() - begin));
        std::copy_n(m_groups[0].data() + begin, n, m_gradient.data() + begin);
        for (std::size_t g = 1; g < m_groups.size(); ++g) kernels<float>().add(n, m_groups[g].data() + begin, m_gradient.data() + begin);
        m_squares += kernels<float>().sumOfSquares(n, m_gradient.data() + begin);
    }
    void update(std::size_t part) {
        const double rate = m_task.experiment.training.optimizer.learning_rate;
        m_optimizer.update(part, {m_state.step, rate, 1, 1}, m_gradient, m_state, m_updateScratch.data());
        const ParameterLayout& layout = m_model->layout();
        m_model->transposed().update(kernels<float>(), m_state.weights.data(), m_transposed.data(), layout.parameters()[part].offset,
                                     layout.endOf(part));
    }

    LoadedTask m_task;
    std::shared_ptr<const Model> m_model;
    TrainingState m_state;
    Weights m_transposed;
    Optimizer m_optimizer;
    BatchOrder m_order;
    Batch m_batch;
    std::ptrdiff_t m_counted = 0;
    std::vector<Weights> m_groups;
    Weights m_gradient, m_updateScratch;
    Scratch m_scratch;
    double m_squares = 0;
    StepPieces m_pieces;
    Times m_shards, m_chunks, m_parts;
    std::vector<double> m_batches;
};

double sumOf(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

/// Cores that take one thing after another as they come to be free; when the last is done.
double inTurn(const std::vector<double>& works, int cores) {
    std::priority_queue<double, std::vector<double>, std::greater<>> free;
    for (int core = 0; core < cores; ++core) free.push(0);
    double last = 0;
    for (const double work : works) {
        const double end = free.top() + work;
        free.pop();
        free.push(end);
        last = std::max(last, end);
    }
    return last;
}

/// Cut into equal runs beforehand.
double inRuns(const std::vector<double>& works, int cores) {
    double longest = 0;
    const std::size_t count = works.size(), runs = static_cast<std::size_t>(cores);
    for (std::size_t r = 0; r < runs; ++r)
        longest = std::max(longest, std::accumulate(works.begin() + static_cast<std::ptrdiff_t>(count * r / runs),
                                                    works.begin() + static_cast<std::ptrdiff_t>(count * (r + 1) / runs), 0.0));
    return longest;
}

/// A core on its way through the queue.
struct Core {
    double free = 0;
    std::optional<Shard> shard{Shard{}};
    bool operator>(const Core& other) const { return free > other.free; }
};

/// The trainer's loop: who finds no shard leaves, and the first of them makes the next batch.
double shardsInTurn(const StepPieces& pieces, int cores) {
    ShardQueue queue(pieces.sequences, pieces.groups, pieces.sequencesPerShard);
    std::vector<int> firsts;
    for (int g = 0; g < pieces.groups; ++g)
        for (int first = pieces.sequences * g / pieces.groups; first < pieces.sequences * (g + 1) / pieces.groups;
             first += pieces.sequencesPerShard)
            firsts.push_back(first);
    const auto secondsOfShard = [&](const Shard& shard) {
        return pieces.shards[static_cast<std::size_t>(std::ranges::lower_bound(firsts, shard.first) - firsts.begin())];
    };
    std::priority_queue<Core, std::vector<Core>, std::greater<>> busy;
    for (int core = 0; core < cores; ++core) busy.push({});
    double last = 0;
    bool batchTaken = false;
    while (!busy.empty()) {
        Core core = busy.top();
        busy.pop();
        if (core.shard->count > 0) queue.finish(*core.shard);
        core.shard = queue.take(core.shard->group);
        if (core.shard) {
            core.free += secondsOfShard(*core.shard);
            busy.push(core);
        } else if (!std::exchange(batchTaken, true)) {
            core.free += pieces.batch;
        }
        last = std::max(last, core.free);
    }
    return last;
}

}  // namespace

double StepPieces::rest() const {
    return std::max(0.0, step - sumOf(shards) - sumOf(chunks) - sumOf(parts) - batch);
}

StepPieces measurePieces(const Experiment& experiment, double seconds) {
    TakenApart apart(experiment);
    apart.step();
    double spent = 0;
    for (int steps = 0; steps < fewestMeasured || spent < seconds; ++steps) spent += secondsOf([&] { apart.step(); });
    StepPieces pieces = apart.pieces();
    pieces.step = 1 / measureStepsPerSecond({experiment, 1}, seconds);
    pieces.wait = waitOfTwo();
    return pieces;
}

SimulatedStep simulateStep(const StepPieces& pieces, int cores) {
    constexpr int waits = 3;  // behind the shards, the sums and the updates
    SimulatedStep step;
    step.cores = cores;
    step.shards = shardsInTurn(pieces, cores);
    step.sums = inRuns(pieces.chunks, cores);
    step.updates = inTurn(pieces.parts, cores);
    step.serial = pieces.rest() + (cores > 1 ? waits * pieces.wait : 0);
    return step;
}

}  // namespace lab
