#include "core/training/cost.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/config/layer_cost.h"
#include "core/layers/attention/lanes.h"
#include "core/model/model.h"
#include "core/patterns/tile.h"
#include "core/training/memory_need.h"

namespace lab {
namespace {

/// Without a pattern every pair is seen, but for those behind the query in a decoder and a masked diagonal, whose first query in a decoder
/// has nothing but itself.
double pairsOfAll(const Visibility& visibility, double n) {
    const double all = visibility.causal() ? n * (n + 1) / 2 : n * n;
    if (!visibility.diagonalMasked() || n == 1) return all;
    return all - n + (visibility.causal() ? 1 : 0);
}

/// The keys that the pattern names for query i; it may name some that are not seen.
Tile keysOf(const Visibility& visibility, int i, int n) {
    const PatternFrame frame = visibility.frame(n);
    Tile tile;
    tile.firstQuery = i;
    tile.queries = 1;
    if (visibility.pattern().addKeys)
        visibility.pattern().addKeys(frame, tile);
    else
        tile.add(0, tile.limit(frame));
    return tile;
}

double seenBy(const Visibility& visibility, int i, int n) {
    double seen = 0;
    for (const KeySegment& segment : keysOf(visibility, i, n).segments)
        for (int c = 0; c < segment.count; ++c) seen += visibility.mayAttend(i, segment.begin + c * segment.step, n);
    return seen;
}

double seenBy(const Visibility& visibility, int from, int to, int n) {
    double seen = 0;
    for (int i = from; i < to; ++i) seen += seenBy(visibility, i, n);
    return seen;
}

/// The queries at both ends, where patterns differ from what they are between, and some of the others, each for its neighbours.
double aboutSeen(const Visibility& visibility, int n, double keysPerQuery, double mostAsked) {
    constexpr double ofEnds = 8, atEnds = 256;
    const double affordable = mostAsked / keysPerQuery;
    const int end = static_cast<int>(std::clamp(affordable / ofEnds, 1.0, std::min(atEnds, n / 4.0)));
    const double between = n - 2.0 * end, taken = std::clamp(std::floor(affordable / 2), 1.0, between);
    double seen = 0;
    for (double t = 0; t < taken; ++t) seen += seenBy(visibility, end + static_cast<int>((t + 0.5) * between / taken), n);
    return std::round(seen * between / taken) + seenBy(visibility, 0, end, n) + seenBy(visibility, n - end, n, n);
}

/// A layer's pairs; of equal layers they are counted once.
class Pairs {
public:
    Pairs(int n, double mostAsked) : m_n(n), m_mostAsked(mostAsked) {}

    const PairCount& of(const Visibility& visibility) {
        const auto same = [&](const Counted& counted) { return counted.visibility == visibility; };
        const auto found = std::ranges::find_if(m_counted, same);
        if (found != m_counted.end()) return found->count;
        m_counted.push_back({visibility, pairsSeen(visibility, m_n, m_mostAsked)});
        return m_counted.back().count;
    }

private:
    struct Counted {
        Visibility visibility;
        PairCount count;
    };
    int m_n;
    double m_mostAsked;
    std::vector<Counted> m_counted;
};

/// Weights of attention that wait for the backward pass; with running sums a row's sum.
double waitingWeights(const LayerConfig& layer, const PairCount& pairs, int n) {
    if (hasRunningState(layer)) return double{1} * layer.num_heads * n;
    const double all = keptWeights(layer, n, n);
    return all > 0 ? all : layer.num_heads * pairs.pairs;
}

void addLayer(const LayerConfig& layer, Pairs& pairs, ModelCost& cost) {
    const double n = cost.length;
    cost.feedForward += n * feedForwardProducts(layer);
    cost.projections += mixingProducts(layer);
    if (!specOf(layer.mixer).attends) return;
    const PairCount& seen = pairs.of(layer.visibility);
    if (cost.pairs.pairs == 0) cost.pairs = seen;
    cost.projections += n * (queryProducts(layer) + keyProducts(layer));
    cost.attention += hasRunningState(layer) ? n * stateProducts(layer) : seen.pairs * pairProducts(layer);
    cost.activations += sizeof(float) * waitingWeights(layer, seen, cost.length);
}

/// A decoder's look at `keys` rows of memory.
void addCross(const LayerConfig& cross, int keys, ModelCost& cost) {
    const double n = cost.length, memory = keys;
    cost.projections += n * queryProducts(cross) + memory * keyProducts(cross);
    cost.attention += n * memory * pairProducts(cross);
    cost.activations += sizeof(float) * keptWeights(cross, cost.length, keys);
    cost.cache += sizeof(float) * memory * cachedNumbers(cross);
}

/// The slots' look at the encoder's output; what they do with it does not grow with the length.
void addSlots(const ModelConfig& model, int slotCount, ModelCost& cost) {
    const LayerConfig reading = crossAttentionOf(layersOf(model, Side::encoder).front());
    cost.projections += cost.length * keyProducts(reading);
    cost.attention += double{1} * cost.length * slotCount * pairProducts(reading);
    cost.activations += sizeof(float) * keptWeights(reading, slotCount, cost.length);
}

/// What a decoder keeps of layer i when it has read n tokens: keys and values as far back as any layer that reads them looks.
double keptNumbers(const std::vector<LayerConfig>& layers, std::size_t i, int n) {
    const LayerConfig& layer = layers[i];
    if (specOf(layer.kernel).decays()) return stateNumbers(layer);
    int first = layer.visibility.firstKey(n);
    for (std::size_t reader = i + 1; reader < layers.size() && layers[reader].keys_back > 0; ++reader)
        first = std::min(first, layers[reader].visibility.firstKey(n));
    const double ofGlobals = 2.0 * std::min(layer.globals_apart, n) * layer.num_kv_heads * layer.head_dim;
    return (n - laneBegin(first)) * cachedNumbers(layer) + ofGlobals;
}

void addDecoder(const ModelConfig& model, Pairs& pairs, ModelCost& cost) {
    const std::vector<LayerConfig> layers = layersOf(model, Side::decoder);
    const bool sums = std::ranges::all_of(layers, hasRunningState);
    const int slotCount = model.hasBottleneck() ? model.bottleneck.shape().slotCount : 0;
    if (slotCount > 0) addSlots(model, slotCount, cost);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const LayerConfig& layer = layers[i];
        addLayer(layer, pairs, cost);
        cost.cache += sizeof(float) * keptNumbers(layers, i, cost.length);
        if (sums) cost.state += sizeof(float) * stateNumbers(layer);
        if (model.crossAttends()) addCross(crossAttentionOf(layer), slotCount > 0 ? slotCount : cost.length, cost);
    }
}

/// Weights of a model that reads n tokens: a table of positions has a row for each.
double weightsAt(const ParameterLayout& layout, int n) {
    double weights = static_cast<double>(layout.parameterCount());
    for (const Parameter& parameter : layout.parameters())
        if (parameter.role == ParameterRole::positionTable)
            weights += std::max(0.0, double{1} * n - parameter.shape[0]) * parameter.shape[1];
    return weights;
}

ModelCost costOf(const ModelConfig& model, const ParameterLayout& layout, int n, double mostAsked) {
    ModelCost cost;
    cost.length = n;
    cost.weights = weightsAt(layout, n);
    const double sides = specOf(model.architecture).twoSides() ? 2 : 1;
    cost.activations = sizeof(float) * n * floatsPerRow(model);
    const double vectors = model.readsVectors() ? double{1} * *model.input_dim * model.d_model : 0;
    cost.answers = n * (answerProducts(model) + sides * vectors);
    Pairs pairs(n, mostAsked);
    for (const LayerConfig& layer : layersOf(model, Side::encoder)) addLayer(layer, pairs, cost);
    addDecoder(model, pairs, cost);
    cost.mapBytes = sizeof(float) * cost.pairs.pairs;
    return cost;
}

}  // namespace

PairCount pairsSeen(const Visibility& visibility, int n, double mostAsked) {
    if (!visibility.hasPattern()) return {pairsOfAll(visibility, n), true};
    double named = 0;
    for (int i = 0; i < n; ++i) named += keysOf(visibility, i, n).columns;
    if (named <= mostAsked) return {seenBy(visibility, 0, n, n), true};
    return {aboutSeen(visibility, n, named / n, mostAsked), false};
}

std::vector<int> costedLengths() {
    std::vector<int> lengths;
    for (int n = shortestCosted; n <= longestCosted; n *= 2) lengths.push_back(n);
    return lengths;
}

ModelCost costOf(const ModelConfig& model, int n, double mostAsked) {
    const Model shapes(model);  // a table of names and shapes: no weights
    return costOf(model, shapes.layout(), n, mostAsked);
}

int longestOf(const ModelConfig& model) {
    return model.isBounded() ? *model.max_seq_len : 0;
}

double wholeMapBytes(int n) {
    return sizeof(float) * double{1} * n * n;
}

Message patternText(const PatternConfig& pattern) {
    std::vector<Message> parts{Message::verbatim(std::string(pattern.kind.name()))};
    for (const ParameterSpec& parameter : pattern.kind->parameters)
        parts.push_back(Message(LAB_TEXT("training", "%1 %2")).arg(parameter.key).arg(pattern.parameters[parameter]));
    return Message::joined(std::move(parts), ", ");
}

ModelConfig withPattern(ModelConfig model, const PatternConfig& pattern) {
    if (!(model.attention.pattern == pattern)) model.attention.global_projections = false;  // of the model's own pattern
    model.attention.pattern = pattern;
    return model;
}

PatternConfig usualPattern(const PatternSpec& row) {
    PatternConfig pattern{Kind<PatternSpec>(row), {}};
    for (const ParameterSpec& parameter : row.parameters) pattern.parameters.set(parameter.key, usualOf(parameter));
    return pattern;
}

std::vector<PatternConfig> costedPatterns(const ModelConfig& model) {
    std::vector<PatternConfig> patterns{model.attention.pattern};
    const AttentionConfig& attention = model.attention;
    const bool apart = attention.global_projections && attention.pattern.kind->globalsApart;
    if (!model.attends() || specOf(attention.kernel.kind).decays() || apart) return patterns;
    const bool decodes = specOf(model.architecture).decoder, encodes = model.architecture != Architecture::decoder;
    for (const PatternSpec* row : PatternSpec::table()) {
        if (row == &*model.attention.pattern.kind || row->hashes || (row->wantsWholeSequence && decodes) || (row->wantsCausal && encodes))
            continue;
        patterns.push_back(usualPattern(*row));
    }
    return patterns;
}

std::vector<CostLine> costLines(const ModelConfig& model, const std::vector<int>& lengths, const std::function<bool()>& wanted) {
    const Model shapes(model);
    std::vector<CostLine> lines;
    for (const PatternConfig& pattern : costedPatterns(model)) {
        lines.push_back({pattern, lines.empty(), {}});
        for (const int n : lengths) {
            if (wanted && !wanted()) return lines;
            lines.back().points.push_back(costOf(withPattern(model, pattern), shapes.layout(), n, mostAskedOf));
        }
    }
    return lines;
}

}  // namespace lab
