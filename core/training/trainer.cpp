#include "core/training/trainer.h"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <chrono>
#include <cmath>
#include <exception>
#include <functional>
#include <mutex>
#include <numeric>
#include <utility>
#include <vector>

#include "core/base/errors.h"
#include "core/base/platform.h"
#include "core/base/threads.h"
#include "core/config/experiment.h"
#include "core/data/batch_order.h"
#include "core/data/dataset.h"
#include "core/layers/adapter_pass.h"
#include "core/model/adapters.h"
#include "core/model/frozen.h"
#include "core/model/initialise.h"
#include "core/model/network.h"
#include "core/optimizers/adapter_merge.h"
#include "core/optimizers/optimizer.h"
#include "core/training/batch_cut.h"
#include "core/training/mean_of.h"
#include "core/training/schedule.h"
#include "core/training/shard_queue.h"
#include "core/training/state_before.h"

namespace lab {
namespace {

constexpr std::size_t scalarsPerChunk = 4096;  // of the reduction and the update

/// What is evaluated: sample i, and of which group its targets are; null: there are no groups.
struct EvaluatedSet {
    int size = 0;
    std::function<Sample(int)> sample;
    std::function<TargetGroups(int)> groups;
    int groupCount = 0;
};

/// Of one shard.
struct PartialEvaluation {
    PassSums sums;
    std::vector<Tally> groups;
};

/// `right` of one sequence, as Network::evaluate has it.
void tally(const TargetGroups& groups, const signed char* right, std::vector<Tally>& tallies) {
    for (std::size_t p = 0; p < groups.size(); ++p)
        if (groups[p] >= 0) tallies[static_cast<std::size_t>(groups[p])] += {right[p] != 0 ? 1 : 0, 1};
}

/// The exceptions of a parallel region, which none may leave.
class Failure {
public:
    template <class Work>
    void keep(const Work& work) {
        try {
            work();
        } catch (...) {
            const std::lock_guard lock(m_mutex);
            m_last = std::current_exception();
        }
    }
    void rethrow() const {
        if (m_last) std::rethrow_exception(m_last);
    }

private:
    std::mutex m_mutex;  // clang's OpenMP does not survive a critical section where an exception is caught
    std::exception_ptr m_last;
};

/// A watch that several threads tell of their work.
class SharedWatch {
public:
    SharedWatch(const Watch& watch, int parts) : m_watch(watch), m_parts(parts) {}

    /// Before each part of the work, by any thread.
    bool goesOn() {
        if (!m_watch) return true;
        const std::lock_guard lock(m_mutex);
        if (!m_ended) m_ended = !m_watch(static_cast<double>(m_begun++) / m_parts);
        return !m_ended;
    }
    /// Behind all of it.
    bool wasEnded() const { return m_ended; }

private:
    const Watch& m_watch;
    int m_parts, m_begun = 0;
    bool m_ended = false;
    std::mutex m_mutex;
};

int tokensOf(const Batch& batch) {
    int tokens = 0;
    for (const int length : batch.lengths) tokens += length;
    for (const int length : batch.targetLengths) tokens += length;
    return tokens;
}

/// Which weights stay 0: those of hidden matrices that are 0 where the training begins. They never have a gradient, so where it goes on
/// their moments are 0, unlike those of a weight that came to be 0 by training and is no zero to be kept.
std::vector<unsigned char> heldZeros(const ParameterLayout& layout, const TrainingState& state, const UpdateRule& rule) {
    std::vector<unsigned char> held(state.weights.size(), 0);
    const auto rests = [&](std::size_t i) {
        if (state.weights[i] != 0.0f || !rule.momentOfEachWeight) return state.weights[i] == 0.0f;
        return (state.firstMoment.empty() || state.firstMoment[i] == 0.0f) && (state.secondMoment.empty() || state.secondMoment[i] == 0.0f);
    };
    for (const Parameter& p : layout.parameters())
        for (std::size_t i = p.offset; p.isHiddenMatrix() && i < p.offset + p.size; ++i) held[i] = rests(i);
    return held;
}

std::size_t chunksOf(std::size_t scalars) {
    return (scalars + scalarsPerChunk - 1) / scalarsPerChunk;
}

/// With adapters nothing else is trained.
std::vector<bool> frozenOf(const ParameterLayout& layout, const TrainingConfig& training) {
    if (training.adapters.any()) return std::vector<bool>(layout.parameters().size(), true);
    return frozenParameters(layout, training.frozen);
}

std::vector<std::size_t> offsetsOf(const ParameterLayout& layout, const std::vector<bool>& chosen) {
    std::vector<std::size_t> offsets;
    for (std::size_t i = 0; i < chosen.size(); ++i)
        if (chosen[i]) offsets.push_back(layout.parameters()[i].offset);
    return offsets;
}

const ParameterLayout& trainedLayout(const ParameterLayout& layout, const TrainingState& state) {
    return state.hasAdapters() ? state.base->layout : layout;
}

/// Of the optimizer, and of an adapter's sums.
std::size_t scratchOf(const UpdateRule& rule, const ParameterLayout& layout, const TrainingState& state) {
    const std::size_t ofAdapter = state.hasAdapters() ? adapterScratch(*state.base) : 0;
    return std::max(ofAdapter, updateScratch(rule, trainedLayout(layout, state)));
}

}  // namespace

Evaluation meanOf(const PassSums& sums) {
    const double counted = std::max(1, sums.counted);
    if (sums.squares > 0) {
        const double explained = 1 - sums.loss / sums.squares;
        return {sums.loss / counted, explained, explained};
    }
    return {sums.loss / counted, sums.correct / counted, static_cast<double>(sums.sequencesRight) / std::max(1, sums.sequences)};
}

TrainingState initialState(const Model& model, const Experiment& experiment) {
    TrainingState state = startingState(initialWeights(model, experiment.training.seed), *experiment.training.optimizer.kind);
    return readyToTrain(std::move(state), model.layout(), experiment.training);
}

bool stopsEarly(const TrainingConfig& training, const BestValidation& best) {
    return training.early_stop > 0 && best.since >= training.early_stop;
}

bool isTrained(const TrainingConfig& training, const TrainingState& state) {
    return state.step >= training.steps || stopsEarly(training, state.best);
}

class Trainer::Implementation {
public:
    Implementation(const Experiment& experiment, std::shared_ptr<const Model> model, std::shared_ptr<const Dataset> dataset,
                   TrainingState start, int threads);

    StepRecord advance();
    /// The state before the step just done, whose outcome is of no use.
    void takeBack();
    Evaluation evaluate(const EvaluatedSet& set, const Watch& watch = {});

    Experiment experiment;
    std::shared_ptr<const Model> model;
    std::shared_ptr<const Dataset> dataset;
    TrainingState state;
    int threads;

private:
    /// One group's share of a step.
    struct Group {
        Weights gradient;
        PassSums sums;
        bool begun = false;
    };
    /// What a step trains on.
    struct StepBatch {
        Batch batch;
        std::int64_t index = -1;  ///< which batch of the run this is; -1: none
        float lossWeight = 0;
    };
    StepBatch batchOf(std::int64_t index);
    void runShards(int groups, Failure& failure);
    void runShard(const Shard& shard, Scratch& scratch);
    void clearGradient(Weights& gradient) const;
    void update(int groups, const StepRecord& record);
    void reduceChunk(std::size_t chunk, int groups);
    void clearFrozen(std::size_t begin, std::size_t end);
    void clearHeld(std::size_t begin, std::size_t end, float* numbers) const;
    void updatePart(std::size_t part, const UpdateStep& step, Weights& scratch);
    void updateParameter(std::size_t index, const UpdateStep& step, Weights& scratch);
    void updateAdapter(std::size_t matrix, const UpdateStep& step, Weights& scratch);
    PassSums sumsOf(int groups) const;
    PartialEvaluation evaluateShard(const EvaluatedSet& set, int first, int end, Scratch& scratch);
    double gradientNorm() const;
    void checkFinite(const PassSums& sums, double norm) const;
    UpdateStep stepOf(const StepRecord& record, double norm) const;

    const Kernels<float>& m_kernels;
    const Network& m_network;
    Optimizer m_optimizer;
    std::vector<bool> m_frozen;           ///< by parameter
    std::vector<std::size_t> m_frozenAt;  ///< their offsets
    std::vector<unsigned char> m_held;    ///< by weight: stays 0 (training.keep_zeros); empty: none does
    std::size_t m_parts;                  ///< what is updated: parameters, or adapted matrices
    BatchOrder m_order;
    StepBatch m_batch;
    StepBatch m_nextBatch;
    Weights m_transposed;
    Weights m_gradient;  ///< of what is trained; empty before the first step, as those of the groups
    std::vector<Group> m_groups;
    StateBefore m_before;
    std::vector<double> m_squares;         ///< sum of squares of each chunk of the gradient
    std::vector<Scratch> m_scratch;        ///< one a thread
    std::vector<Weights> m_updateScratch;  ///< one a thread
};

Trainer::Implementation::Implementation(const Experiment& e, std::shared_ptr<const Model> m, std::shared_ptr<const Dataset> d,
                                        TrainingState start, int threadCount)
    : experiment(e),
      model(std::move(m)),
      dataset(std::move(d)),
      state(readyToTrain(std::move(start), model->layout(), e.training)),
      threads(threadsToBeHad(threadCount > 0 ? threadCount : processorCount())),
      m_kernels(kernels<float>()),
      m_network(model->network()),
      m_optimizer(e.training.optimizer, trainedLayout(model->layout(), state), m_kernels),
      m_frozen(frozenOf(model->layout(), e.training)),
      m_held(e.training.keep_zeros && !state.hasAdapters() ? heldZeros(model->layout(), state, *e.training.optimizer.kind)
                                                           : std::vector<unsigned char>()),
      m_parts(state.hasAdapters() ? state.base->matrices.size() : model->layout().parameters().size()),
      m_order(e.training, dataset->trainSize(), dataset->drawsBlocks()),
      m_transposed(model->transposedCopy(state.weights)),
      m_groups(static_cast<std::size_t>(groupBuffers(e.training.batch_size))),
      m_before(trainedLayout(model->layout(), state), m_kernels),
      m_squares(chunksOf(state.trained().size())),
      m_scratch(static_cast<std::size_t>(threads)),
      m_updateScratch(static_cast<std::size_t>(threads), Weights(scratchOf(*e.training.optimizer.kind, model->layout(), state))) {
    assert(state.weights.size() == model->layout().flatSize());
    if (!state.hasAdapters()) m_frozenAt = offsetsOf(model->layout(), m_frozen);
}

Trainer::Implementation::StepBatch Trainer::Implementation::batchOf(std::int64_t index) {
    std::vector<Sample> samples;
    for (const int i : m_order.indices(index)) samples.push_back(dataset->trainSample(i));
    StepBatch result{makeBatch(samples), index};
    const auto counted = std::count_if(result.batch.targets.begin(), result.batch.targets.end(), [](int t) { return t >= 0; });
    if (counted > 0) result.lossWeight = 1.0f / static_cast<float>(counted);
    return result;
}

/// All shards, and behind the last one, while others still compute, the next batch.
void Trainer::Implementation::runShards(int groups, Failure& failure) {
    const Batch& batch = m_batch.batch;
    ShardQueue queue(batch.sequences, groups, shardSequences(batch.length + batch.targetLength));
    std::atomic<bool> batchTaken = false;
    for (int g = 0; g < groups; ++g) m_groups[static_cast<std::size_t>(g)].begun = false;
#pragma omp parallel num_threads(threads)
    {
        const FlushDenormals flush;
        const int member = omp_get_thread_num();
        if (member > 0 && threads == processorCount()) thread_local const OnProcessor place(member);
        std::optional<Shard> shard{Shard{}};
        while ((shard = queue.take(shard->group))) {
            failure.keep([&] { runShard(*shard, m_scratch[static_cast<std::size_t>(member)]); });
            queue.finish(*shard);
        }
        if (!batchTaken.exchange(true)) failure.keep([&] { m_nextBatch = batchOf(state.step + 1); });
    }
}

void Trainer::Implementation::runShard(const Shard& shard, Scratch& scratch) {
    Group& group = m_groups[static_cast<std::size_t>(shard.group)];
    const bool first = !std::exchange(group.begun, true);
    if (first) {
        clearGradient(group.gradient);
        group.sums = {};
    }
    scratch.arena.reset();
    Pass<float> pass{m_kernels, state.weights.data(), m_transposed.data(), group.gradient.data(), scratch};
    std::optional<AdapterPass<float>> adapters;
    if (state.hasAdapters()) {
        const std::size_t unread = unreadNumbers(model->layout());
        adapters.emplace(AdapterPass<float>{*state.base, state.adapters.data(), group.gradient.data()});
        pass.adapters = &*adapters;
        pass.unread = pass.take(unread);
        std::fill_n(pass.unread, unread, 0.0f);
    }
    if (!m_frozenAt.empty()) pass.frozen = &m_frozenAt;
    pass.writesLinearGradients = first;
    pass.dropout = {experiment.model.dropout, experiment.training.seed, state.step + 1, 0};
    pass.training = true;
    pass.answerCost = experiment.training.answer_cost;
    group.sums += m_network.train(pass, viewOf(m_batch.batch, shard.first, shard.count), m_batch.lossWeight);
}

/// Before a group's first shard. What the shard writes all the same is left as it is.
void Trainer::Implementation::clearGradient(Weights& gradient) const {
    if (gradient.empty())
        gradient.resize(state.trained().size());
    else if (state.hasAdapters())
        std::ranges::fill(gradient, 0.0f);
    else
        model->transposed().clearOthers(gradient);
}

void Trainer::Implementation::updatePart(std::size_t part, const UpdateStep& step, Weights& scratch) {
    if (state.hasAdapters())
        updateAdapter(part, step, scratch);
    else
        updateParameter(part, step, scratch);
}

/// New A and B of one matrix, what computes with them, and its transposed copy.
void Trainer::Implementation::updateAdapter(std::size_t matrix, const UpdateStep& step, Weights& scratch) {
    for (const std::size_t index : {2 * matrix, 2 * matrix + 1}) {
        m_optimizer.update(index, step, m_gradient, state, scratch.data());
        m_before.check(index, state);
    }
    mergeAdapter(m_kernels, *state.base, matrix, state.adapters, scratch.data(), state.weights);
    const std::size_t index = state.base->matrices[matrix];
    model->transposed().update(m_kernels, state.weights.data(), m_transposed.data(), state.base->offsets[matrix],
                               model->layout().endOf(index));
}

/// One parameter's new weights, and their transposed copy while they are in the cache. A frozen one keeps them, and its moments.
void Trainer::Implementation::updateParameter(std::size_t index, const UpdateStep& step, Weights& scratch) {
    if (m_frozen[index]) return;
    const ParameterLayout& layout = model->layout();
    m_optimizer.update(index, step, m_gradient, state, scratch.data());
    const Parameter& parameter = layout.parameters()[index];
    parameter.keepBounds(state.weights.data() + parameter.offset);
    if (parameter.isHiddenMatrix()) clearHeld(parameter.offset, parameter.offset + parameter.size, state.weights.data());
    m_before.check(index, state);
    model->transposed().update(m_kernels, state.weights.data(), m_transposed.data(), parameter.offset, layout.endOf(index));
}

/// Frozen parameters have no gradient: neither in the norm nor in what is checked.
void Trainer::Implementation::clearFrozen(std::size_t begin, std::size_t end) {
    const ParameterLayout& layout = model->layout();
    for (std::size_t p = 0; p < m_frozen.size(); ++p) {
        if (!m_frozen[p]) continue;
        const std::size_t from = std::max(begin, layout.parameters()[p].offset), to = std::min(end, layout.endOf(p));
        if (from < to) std::fill(m_gradient.data() + from, m_gradient.data() + to, 0.0f);
    }
}

/// Weights that stay 0 have no gradient, and what a rule of whole matrices makes of the others does not move them.
void Trainer::Implementation::clearHeld(std::size_t begin, std::size_t end, float* numbers) const {
    if (m_held.empty()) return;
    for (std::size_t i = begin; i < end; ++i)
        if (m_held[i]) numbers[i] = 0.0f;
}

/// Sums the groups' gradients of one chunk in their order.
void Trainer::Implementation::reduceChunk(std::size_t chunk, int groups) {
    const std::size_t begin = chunk * scalarsPerChunk;
    const auto n = static_cast<std::int64_t>(std::min(scalarsPerChunk, m_gradient.size() - begin));
    float* sum = m_gradient.data() + begin;
    std::copy_n(m_groups[0].gradient.data() + begin, n, sum);
    for (int g = 1; g < groups; ++g) m_kernels.add(n, m_groups[static_cast<std::size_t>(g)].gradient.data() + begin, sum);
    if (!state.hasAdapters()) {
        clearFrozen(begin, begin + static_cast<std::size_t>(n));
        clearHeld(begin, begin + static_cast<std::size_t>(n), m_gradient.data());
    }
    m_squares[chunk] = m_kernels.sumOfSquares(n, sum);
}

PassSums Trainer::Implementation::sumsOf(int groups) const {
    PassSums sums;
    for (int g = 0; g < groups; ++g) sums += m_groups[static_cast<std::size_t>(g)].sums;
    return sums;
}

double Trainer::Implementation::gradientNorm() const {
    return std::sqrt(std::accumulate(m_squares.begin(), m_squares.end(), 0.0));
}

void Trainer::Implementation::checkFinite(const PassSums& sums, double norm) const {
    if (std::isfinite(sums.loss) && std::isfinite(norm)) return;
    if (!std::isfinite(sums.loss)) throw DivergenceError(state.step + 1, LAB_TEXT("training", "loss"));
    for (const Parameter& p : trainedLayout(model->layout(), state).parameters()) {
        const float* values = at(m_gradient, p);
        if (!std::all_of(values, values + p.size, [](float x) { return std::isfinite(x); }))
            throw DivergenceError(state.step + 1, Message(LAB_TEXT("training", "gradient of %1")).arg(p.name));
    }
    throw DivergenceError(state.step + 1, LAB_TEXT("training", "gradient norm"));
}

UpdateStep Trainer::Implementation::stepOf(const StepRecord& record, double norm) const {
    const double factor = scheduledRate(1.0, experiment.training, experiment.model.d_model, record.step);
    return {record.step, record.learningRate, factor, clipFactor(experiment.training.clip_norm, norm)};
}

/// The sum of the groups' gradients, and what the optimizer makes of it where it is finite.
void Trainer::Implementation::update(int groups, const StepRecord& record) {
    m_gradient.resize(state.trained().size());
    const auto chunks = static_cast<std::int64_t>(chunksOf(m_gradient.size()));
    m_before.begin(state);
#pragma omp parallel num_threads(threads)
    {
        const FlushDenormals flush;
#pragma omp for schedule(static)
        for (std::int64_t chunk = 0; chunk < chunks; ++chunk) reduceChunk(static_cast<std::size_t>(chunk), groups);
        Weights& scratch = m_updateScratch[static_cast<std::size_t>(omp_get_thread_num())];
        // Every thread for itself, with the same result.
        const double norm = gradientNorm();
        if (std::isfinite(norm) && std::isfinite(sumsOf(groups).loss)) {
            const UpdateStep step = stepOf(record, norm);
#pragma omp for schedule(dynamic, 1) nowait
            for (std::size_t part = 0; part < m_parts; ++part) updatePart(part, step, scratch);
        }
    }
}

/// The threads wait for each other three times, no more: to wake a sleeping one takes as long as a small model's whole update. And where
/// they take all processors each has one of its own: the system would put a woken one onto the processor of another, while another thread
/// or program has left its own, and let them share that for milliseconds.
StepRecord Trainer::Implementation::advance() {
    const auto begin = std::chrono::steady_clock::now();
    std::optional<OnProcessor> place;
    if (threads == processorCount()) place.emplace(0);
    m_batch = std::exchange(m_nextBatch, {});
    if (m_batch.index != state.step) m_batch = batchOf(state.step);
    const int groups = groupsOf(m_batch.batch);
    StepRecord record;
    record.step = state.step + 1;
    record.learningRate = learningRateAt(experiment.training, experiment.model.d_model, record.step);
    record.tokens = tokensOf(m_batch.batch);
    Failure failure;
    runShards(groups, failure);
    failure.rethrow();
    update(groups, record);
    const PassSums sums = sumsOf(groups);
    record.gradientNorm = gradientNorm();
    checkFinite(sums, record.gradientNorm);
    state.step = record.step;
    if (m_before.isBroken()) {
        const Message broken = m_before.firstBroken(state);
        takeBack();
        throw DivergenceError(record.step, broken);
    }
    record.train = meanOf(sums);
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
    record.seconds = spent.count();
    return record;
}

void Trainer::Implementation::takeBack() {
    const std::int64_t last = state.step - 1;
    const BestValidation best = state.best;  // of the steps before this one
    state = m_before.kept();
    m_transposed = model->transposedCopy(state.weights);
    while (state.step < last) advance();
    state.best = best;
}

PartialEvaluation Trainer::Implementation::evaluateShard(const EvaluatedSet& set, int first, int end, Scratch& scratch) {
    std::vector<Sample> samples;
    for (int i = first; i < end; ++i) samples.push_back(set.sample(i));
    const Batch batch = makeBatch(samples);
    scratch.arena.reset();
    Pass<float> pass{m_kernels, state.weights.data(), m_transposed.data(), nullptr, scratch};
    const signed char* right = nullptr;
    PartialEvaluation part{m_network.evaluate(pass, viewOf(batch, 0, batch.sequences), &right),
                           std::vector<Tally>(static_cast<std::size_t>(set.groupCount))};
    for (int i = first; set.groups && i < end; ++i)
        tally(set.groups(i), right + static_cast<std::ptrdiff_t>(i - first) * batch.outputLength(), part.groups);
    return part;
}

Evaluation Trainer::Implementation::evaluate(const EvaluatedSet& set, const Watch& watch) {
    if (set.size == 0) return {};
    const Sample first = set.sample(0);
    const int perShard = shardSequences(std::max<int>(1, static_cast<int>(first.tokens.size() + first.targetTokens.size())));
    const int shards = (set.size + perShard - 1) / perShard;
    std::vector<PartialEvaluation> partial(static_cast<std::size_t>(shards));
    Failure failure;
    SharedWatch shared(watch, shards);
#pragma omp parallel num_threads(threads)
    {
        const FlushDenormals flush;
        Scratch& scratch = m_scratch[static_cast<std::size_t>(omp_get_thread_num())];
#pragma omp for schedule(dynamic, 1)
        for (int s = 0; s < shards; ++s)
            failure.keep([&] {
                if (!shared.goesOn()) return;
                partial[static_cast<std::size_t>(s)] = evaluateShard(set, s * perShard, std::min(set.size, (s + 1) * perShard), scratch);
            });
    }
    failure.rethrow();
    if (shared.wasEnded()) tellWatch([](double) { return false; }, 0, experiment.task.path);
    PassSums total;
    std::vector<Tally> groups(static_cast<std::size_t>(set.groupCount));
    for (const PartialEvaluation& part : partial) {
        total += part.sums;
        for (std::size_t g = 0; g < groups.size(); ++g) groups[g] += part.groups[g];
    }
    Evaluation evaluation = meanOf(total);
    evaluation.groups = std::move(groups);
    return evaluation;
}

Trainer::Trainer(const Experiment& experiment, std::shared_ptr<const Model> model, std::shared_ptr<const Dataset> dataset,
                 TrainingState start, int threads)
    : m_implementation(std::make_unique<Implementation>(experiment, std::move(model), std::move(dataset), std::move(start), threads)) {}

Trainer::~Trainer() = default;

bool Trainer::finished() const {
    return isTrained(m_implementation->experiment.training, m_implementation->state);
}

StepRecord Trainer::advance() {
    StepRecord record = m_implementation->advance();
    const TrainingConfig& training = m_implementation->experiment.training;
    const bool due = record.step == training.steps || (training.validate_every > 0 && record.step % training.validate_every == 0);
    if (due && m_implementation->dataset->validationSize() > 0) record.validation = evaluateValidation();
    if (record.validation && !std::isfinite(record.validation->loss)) {
        m_implementation->takeBack();
        throw DivergenceError(record.step, LAB_TEXT("training", "validation loss"));
    }
    if (record.validation) m_implementation->state.best.take(record.step, record.validation->loss);
    return record;
}

const TrainingState& Trainer::state() const {
    return m_implementation->state;
}

int Trainer::threads() const {
    return m_implementation->threads;
}

Evaluation Trainer::evaluateValidation(const Watch& watch) {
    const Dataset& data = *m_implementation->dataset;
    EvaluatedSet set{data.validationSize(), [&](int i) { return data.validationSample(i); }, {}, data.targetGroups()};
    if (set.groupCount > 0) set.groups = [&](int i) { return data.validationGroups(i); };
    return m_implementation->evaluate(set, watch);
}

Evaluation Trainer::evaluateTest() {
    const Dataset& data = *m_implementation->dataset;
    const Evaluation test = m_implementation->evaluate({data.testSize(), [&](int i) { return data.testSample(i); }, {}, 0});
    if (!std::isfinite(test.loss)) throw DivergenceError(state().step, LAB_TEXT("training", "test loss"));
    return test;
}

}  // namespace lab
