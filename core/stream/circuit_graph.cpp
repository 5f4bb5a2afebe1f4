#include "core/stream/circuit_graph.h"

#include <algorithm>
#include <limits>
#include <map>

#include "core/base/errors.h"

namespace lab {
namespace {

constexpr PathEnd ends[] = {PathEnd::query, PathEnd::key, PathEnd::value};

const AttentionBlock& blockOf(const Model& model, int block) {
    return model.attentionBlocks()[static_cast<std::size_t>(block)];
}

/// The key with the most weight in a row of a head, and that weight.
std::pair<int, double> heaviest(const NamedTensors& trace, const AttentionBlock& block, int head, int query) {
    const auto& weights = trace.at(block.name + ".weights");
    const auto queries = static_cast<std::ptrdiff_t>(weights.extent(1)), keys = static_cast<std::ptrdiff_t>(weights.extent(2));
    const float* row = weights.values.data() + (head * queries + query) * keys;
    const float* most = std::max_element(row, row + keys);
    return {static_cast<int>(most - row), *most};
}

/// The strongest line among those that the question leaves open.
void chooseLine(const CircuitQuestion& question, CircuitLook& look) {
    double most = -std::numeric_limits<double>::infinity();
    for (int second = 0; second < look.graph.secondHeads; ++second)
        for (int first = 0; first < look.graph.firstHeads; ++first)
            for (const PathEnd end : ends) {
                if (second != question.second.value_or(second) || first != question.first.value_or(first) ||
                    end != question.end.value_or(end))
                    continue;
                const double value = look.graph.value(second, first, end, true);
                if (value <= most) continue;
                most = value;
                look.first = {look.graph.blocks.first, first};
                look.second = {look.graph.blocks.second, second};
                look.end = end;
            }
}

std::vector<HeadMetrics> metricsOf(const Model& model, const TaskConfig& task, const Trace& trace, int block) {
    const AttentionBlock& of = blockOf(model, block);
    const auto sources = answerSources(task, model.config().architecture, of, trace);
    std::vector<HeadMetrics> metrics;
    for (int head = 0; head < of.heads; ++head) metrics.push_back(headMetrics(trace, of, head, sources));
    return metrics;
}

}  // namespace

std::vector<BlockPair> blockPairs(const Model& model) {
    const auto& blocks = model.attentionBlocks();
    std::vector<BlockPair> pairs;
    for (int second = 0; second < static_cast<int>(blocks.size()); ++second)
        for (int first = 0; first < second; ++first) {
            const AttentionBlock &a = blockOf(model, first), &b = blockOf(model, second);
            if (!a.cross && !b.cross && a.side == b.side && a.layer + 1 == b.layer) pairs.push_back({first, second});
        }
    if (pairs.empty())
        throw InputError(
            LAB_TEXT("stream", "Heads compose across layers: this model has no layer with attention that comes right behind another."));
    return pairs;
}

double compositionThrough(const Composition& composition, PathEnd end) {
    return end == PathEnd::query ? composition.q : end == PathEnd::key ? composition.k : composition.v;
}

double CircuitGraph::value(int second, int first, PathEnd end, bool aboveRandom) const {
    const double found = compositionThrough(measured[static_cast<std::size_t>(second * firstHeads + first)], end);
    return aboveRandom ? found - compositionThrough(baseline, end) : found;
}

double CircuitGraph::largest(int second, PathEnd end, bool aboveRandom) const {
    double most = value(second, 0, end, aboveRandom);
    for (int first = 1; first < firstHeads; ++first) most = std::max(most, value(second, first, end, aboveRandom));
    return most;
}

CircuitGraph circuitGraph(const StreamRuns& runs, const BlockPair& blocks) {
    const Model& model = runs.model();
    CircuitGraph graph{blocks, blockOf(model, blocks.first).heads, blockOf(model, blocks.second).heads, {}, {}};
    std::vector<HeadMatrices> first;
    for (int head = 0; head < graph.firstHeads; ++head) first.push_back(headMatrices(model, runs.weights(), {blocks.first, head}));
    for (int head = 0; head < graph.secondHeads; ++head) {
        const HeadMatrices second = headMatrices(model, runs.weights(), {blocks.second, head});
        for (const HeadMatrices& earlier : first) {
            runs.goOn();
            graph.measured.push_back(compositionOf(earlier, second));
        }
    }
    graph.baseline = randomComposition(model.config().d_model, static_cast<int>(first.front().q.rows()), baselineDraws, 1);
    return graph;
}

std::vector<int> commonestTokens(int vocabulary, const std::vector<int>& read, std::size_t most) {
    std::vector<int> tokens;
    if (static_cast<std::size_t>(vocabulary) <= most) {
        for (int token = 0; token < vocabulary; ++token) tokens.push_back(token);
        return tokens;
    }
    std::map<int, int> times;
    for (const int token : read) ++times[token];
    for (const auto& each : times) tokens.push_back(each.first);
    std::ranges::stable_sort(tokens, [&](int a, int b) { return times[a] > times[b]; });
    tokens.resize(std::min(tokens.size(), most));
    std::ranges::sort(tokens);
    return tokens;
}

std::vector<JointLook> jointLooks(const Trace& trace, const Model& model, const StreamHead& first, const StreamHead& second, PathEnd end) {
    const AttentionBlock &a = blockOf(model, first.block), &b = blockOf(model, second.block);
    std::vector<JointLook> looks;
    for (int query = 0; query < static_cast<int>(trace.at(b.name + ".weights").extent(1)); ++query) {
        JointLook look{.query = query};
        std::tie(look.key, look.weight) = heaviest(trace, b, second.head, query);
        look.place = end == PathEnd::query ? query : look.key;
        std::tie(look.source, look.sourceWeight) = heaviest(trace, a, first.head, look.place);
        looks.push_back(look);
    }
    return looks;
}

int tellingLook(const std::vector<JointLook>& looks) {
    int telling = -1;
    double most = 0;
    for (const JointLook& look : looks) {
        if (look.query == look.key || look.source == look.place || look.weight * look.sourceWeight < most) continue;
        most = look.weight * look.sourceWeight;
        telling = look.query;
    }
    return telling;
}

CircuitBook::CircuitBook(std::shared_ptr<const Model> model, std::shared_ptr<const Weights> weights)
    : m_model(std::move(model)),
      m_weights(std::move(weights)),
      m_runs(*m_model, *m_weights, [this] { return m_cancelled && m_cancelled(); }),
      m_vocabulary(m_runs) {}

const CircuitGraph& CircuitBook::graphOf(const BlockPair& blocks) {
    if (m_graph && m_graph->blocks == blocks) return *m_graph;
    m_copying.clear();
    return m_graph.emplace(circuitGraph(m_runs, blocks));
}

void CircuitBook::readVocabulary(CircuitLook& look) {
    look.direct = {m_vocabulary.scores(look.second, look.tokens), m_vocabulary.matching(look.second)};
    look.through = {m_vocabulary.scores(look.second, look.tokens, look.first), m_vocabulary.matching(look.second, look.first)};
    try {
        look.writes = m_vocabulary.writes(look.second, look.tokens);
    } catch (const InputError& why) {
        look.noWrites = why.message();
        return;
    }
    for (int head = static_cast<int>(m_copying.size()); head < look.graph.secondHeads; ++head) {
        m_runs.goOn();
        m_copying.push_back(m_vocabulary.copying({look.second.block, head}));
    }
    look.copying = m_copying;
}

void CircuitBook::readPositions(CircuitLook& look, std::size_t length) {
    const int positions = static_cast<int>(std::min(length, mostCircuitPositions));
    look.byPosition = m_vocabulary.positionScores(look.second, positions);
    look.byDistance = m_vocabulary.distanceScores(look.second, look.tokens, positions);
}

CircuitLook CircuitBook::look(const CircuitQuestion& question, const TaskConfig& task, const std::vector<int>& read, const Trace* trace,
                              const std::function<bool()>& cancelled) {
    m_cancelled = cancelled;
    CircuitLook look;
    look.graph = graphOf(question.blocks);
    chooseLine(question, look);
    look.tokens = commonestTokens(*m_model->config().vocab_size, read, mostCircuitTokens);
    readVocabulary(look);
    readPositions(look, read.size());
    if (!trace) return look;
    look.firstMetrics = metricsOf(*m_model, task, *trace, question.blocks.first);
    look.secondMetrics = metricsOf(*m_model, task, *trace, question.blocks.second);
    look.together = jointLooks(*trace, *m_model, look.first, look.second, look.end);
    return look;
}

}  // namespace lab
