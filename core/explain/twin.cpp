#include "core/explain/twin.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/config/layer_config.h"
#include "core/explain/tape.h"
#include "core/explain/twin_answers.h"
#include "core/explain/twin_codes.h"
#include "core/explain/twin_difference.h"
#include "core/explain/twin_experts.h"
#include "core/explain/twin_halting.h"
#include "core/explain/twin_kernels.h"
#include "core/explain/twin_lsh.h"
#include "core/explain/twin_memory.h"
#include "core/explain/twin_scores.h"
#include "core/layers/position/rope.h"
#include "core/model/output_head.h"
#include "core/tensor/batch.h"

namespace lab::explain {
namespace {

std::size_t size(int n) {
    return static_cast<std::size_t>(n);
}

/// SPEC.md 1.2, written again.
double gridEncoding(int channels, int channel, int i, int j) {
    const int c = 2 * static_cast<int>(std::ceil(channels / 4.0));
    const int ofAxis = channel % c, position = channel < c ? i : j;
    const double frequency = std::pow(10000.0, -2.0 * (ofAxis / 2) / c);
    return ofAxis % 2 == 0 ? std::sin(position * frequency) : std::cos(position * frequency);
}

double sinusoid(int d, int position, int channel) {
    const double angle = position / std::pow(10000.0, 2.0 * (channel / 2) / d);
    return channel % 2 == 0 ? std::sin(angle) : std::cos(angle);
}

/// The published rule: powers of 2^(-8/H), or with H no power of two also every second one of twice as many heads.
double alibiSlope(int head, int heads) {
    int near = 1;
    while (2 * near <= heads) near *= 2;
    if (head < near) return std::pow(2.0, -8.0 * (head + 1) / near);
    return std::pow(2.0, -8.0 * (2 * (head - near) + 1) / (2.0 * near));
}

/// One pass; the members follow the model from its tokens to the loss.
class Twin {
public:
    Twin(const Model& model, const Weights& weights, const Input& input, const AnswerCost& cost)
        : m_model(model), m_config(model.config()), m_weights(weights), m_input(input), m_cost(cost) {}

    std::shared_ptr<const DoubleTrace> run();

private:
    struct Recorded {
        std::string name;
        std::vector<std::int64_t> shape;
        std::vector<Node> parts;  ///< one after the other
        std::vector<Node> kept;   ///< the same numbers as segments to come read them; gradients of both are the tensor's
    };

    Node parameter(const std::string& name);  ///< null when there is none
    Node linear(Node x, const std::string& name);
    /// Records a tensor (heads one after the other), replaced where an intervention says so.
    std::vector<Node> tap(const std::string& name, std::vector<Node> parts, std::vector<std::int64_t> shape);
    Node tap(const std::string& name, Node x) { return tap(name, std::vector<Node>{x}, {x->rows, x->columns}).front(); }
    std::vector<Node> tapHeads(const std::string& name, std::vector<Node> heads);

    Node embedding(const std::vector<int>& tokens);
    Node rowsOf(const std::vector<int>& tokens);
    Node lossOf(Node logits);
    Node norm(Node x, const std::string& name);
    /// `maskable`: its keys are the encoder's tokens, or of a model of one side its own.
    Node attention(const std::string& name, const LayerConfig& layer, Node x, Node memory, bool maskable);
    std::pair<Node, Node> keysAndValues(const std::string& name, const LayerConfig& layer, Node x);
    struct Kept {
        std::vector<Node> k, v;
        Node keyOf(int group) const { return k.empty() ? nullptr : k[static_cast<std::size_t>(group)]; }
        Node valueOf(int group) const { return v.empty() ? nullptr : v[static_cast<std::size_t>(group)]; }
    };
    Kept keptFor(const std::string& name, const LayerConfig& layer, Node memory, const std::vector<Node>& q);
    void scoreInputs(const std::string& name, const LayerConfig& layer, std::vector<Node>& q, std::vector<Node>& k);
    struct Apart {
        std::vector<Node> q, k, v;
    };
    Apart globals(const std::string& name, const LayerConfig& layer, Node x);
    Node withFirstRows(Node first, Node all, int count);
    std::vector<TwinLsh> hashed(const std::string& name, const LayerConfig& layer, const std::vector<Node>& k);
    Node scores(const std::string& name, const LayerConfig& layer, Node q, Node k, int head);
    void stages(const std::string& name, const LayerConfig& layer, const std::vector<Node>& q, const std::vector<Node>& k,
                const std::vector<Node>& kept, std::vector<Node>& scores);
    Node weightsOf(const std::string& name, Node masked, int head, const TwinKernel& own, KernelKind kernel, Node& sunk);
    void tapExactWeights(const std::string& name, const TwinKernel& own, const std::vector<Node>& q, const std::vector<Node>& k,
                         const std::vector<Node>& masked, const std::vector<Node>& weights);
    std::vector<Node> decays(const std::string& name, const LayerConfig& layer, const TwinKernel& own, Node x);
    Node feedForward(const std::string& name, const LayerConfig& layer, Node x);
    Node experts(const std::string& name, const LayerConfig& layer, Node x);
    void pay(Node cost);  ///< null: nothing
    Node mixing(const std::string& name, const LayerConfig& layer, Node x);
    Node residual(const std::string& name, Node x, const std::function<Node(Node)>& f);
    Node stack(Side side, Node x, Node memory);
    Node bottleneck(Node encoded);
    Node ofEachSlot(Node rows, const std::string& map, int outputs);
    Node lookedUp(Node memory);
    Node answer(Node x);
    bool changed(Intervention::Kind kind, const std::string& block, int head) const;

    const Model& m_model;
    const ModelConfig& m_config;
    const Weights& m_weights;
    const Input& m_input;
    const AnswerCost& m_cost;
    Tape m_tape;
    Node m_beside = nullptr;  ///< what is paid beside the answers
    std::map<std::string, Node> m_parameters;
    std::vector<Node> m_sharedKeys, m_sharedValues;  ///< of the layer that those behind it read, as its scores have them
    std::vector<Recorded> m_recorded;
    bool m_keeps = false;  ///< what is tapped is there already: it is made again of copies, for segments to come
};

bool Twin::changed(Intervention::Kind kind, const std::string& block, int head) const {
    return std::ranges::any_of(m_input.interventions,
                               [&](const Intervention& i) { return i.kind == kind && i.name == block && i.head == head; });
}

Node Twin::parameter(const std::string& name) {
    const Parameter* p = m_model.layout().find(name);
    if (!p) return nullptr;
    if (const auto known = m_parameters.find(p->name); known != m_parameters.end()) return known->second;
    const float* values = lab::at(m_weights, *p);
    const int columns = p->shape.size() > 1 ? p->shape.back() : 1;
    return m_parameters[p->name] = m_tape.leaf(p->shape.front(), columns, std::vector<double>(values, values + p->size));
}

Node Twin::linear(Node x, const std::string& name) {
    Node y = m_tape.multiplyTransposed(x, parameter(name + ".weight"));
    Node bias = parameter(name + ".bias");
    return bias ? m_tape.addRow(y, bias) : y;
}

std::vector<Node> Twin::tap(const std::string& name, std::vector<Node> parts, std::vector<std::int64_t> shape) {
    for (const Intervention& i : m_input.interventions) {
        if (i.kind != Intervention::Kind::replace || i.name != name) continue;
        auto from = i.values.begin();
        for (Node& part : parts) {
            const auto end = from + static_cast<std::ptrdiff_t>(part->value.size());
            part = m_tape.leaf(part->rows, part->columns, std::vector<double>(from, end));
            from = end;
        }
    }
    if (m_keeps)
        std::ranges::find(m_recorded, name, &Recorded::name)->kept = parts;
    else
        m_recorded.push_back({name, std::move(shape), parts, {}});
    return parts;
}

std::vector<Node> Twin::tapHeads(const std::string& name, std::vector<Node> heads) {
    const std::vector<std::int64_t> shape{static_cast<std::int64_t>(heads.size()), heads.front()->rows, heads.front()->columns};
    return tap(name, std::move(heads), shape);
}

/// What stands at each position, before its place is added: a row of the table, or what one map makes of its vector. A class token has a
/// row of its own.
Node Twin::rowsOf(const std::vector<int>& tokens) {
    if (!m_config.readsVectors()) {
        Node x = m_tape.rowsOf(parameter("token_embedding.weight"), tokens);
        Node bias = parameter("token_embedding.bias");
        return bias ? m_tape.addRow(x, bias) : x;
    }
    const int width = *m_config.input_dim;
    std::vector<Node> rows;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const auto first = m_input.vectors.begin() + static_cast<std::ptrdiff_t>(i) * width;
        Node given = m_tape.leaf(1, width, std::vector<double>(first, first + width));
        rows.push_back(tokens[i] == classToken ? m_tape.rowsOf(parameter("class_embedding.weight"), {0})
                                               : linear(given, "input_embedding"));
    }
    return m_tape.stacked(rows);
}

Node Twin::embedding(const std::vector<int>& tokens) {
    Node x = rowsOf(tokens);
    std::vector<int> positions;
    for (int i = 0; i < x->rows; ++i) positions.push_back(i);
    if (m_config.position.kind == PositionKind::learned)
        return m_tape.add(x, m_tape.rowsOf(parameter("position_embedding.weight"), positions));
    if (m_config.position.kind != PositionKind::sinusoidal) return x;
    std::vector<double> table;
    for (const int i : positions)
        for (int c = 0; c < x->columns; ++c) table.push_back(sinusoid(x->columns, i, c));
    return m_tape.add(x, m_tape.leaf(x->rows, x->columns, std::move(table)));
}

Node Twin::norm(Node x, const std::string& name) {
    if (m_config.norm.kind == NormKind::none) return m_tape.scale(x, 1.0);
    return m_tape.norm(x, parameter(name + ".weight"), parameter(name + ".bias"), m_config.norm.kind == NormKind::rms,
                       m_config.norm.epsilon);
}

Node Twin::scores(const std::string& name, const LayerConfig& config, Node q, Node k, int head) {
    Node s = m_tape.multiplyTransposed(q, k);
    s = m_tape.scale(s, 1.0 / std::sqrt(static_cast<double>(q->columns)));
    if (config.form == AttentionForm::kv_pos) {
        Node w = parameter(name + ".position_map.weight");
        const int channels = static_cast<int>(w->value.size());
        s = m_tape.positionMap(s, w, parameter(name + ".position_map.bias"),
                               [channels](int i, int j, int c) { return gridEncoding(channels, c, i, j); });
    }
    if (config.position.kind == PositionKind::alibi) {
        const double slope = alibiSlope(head, config.num_heads);
        std::vector<double> distances;
        for (int i = 0; i < s->rows; ++i)
            for (int j = 0; j < s->columns; ++j) distances.push_back(-slope * std::abs(i - j));
        s = m_tape.add(s, m_tape.leaf(s->rows, s->columns, std::move(distances)));
    }
    return s;
}

/// What becomes of the scores before the mask.
void Twin::stages(const std::string& name, const LayerConfig& layer, const std::vector<Node>& q, const std::vector<Node>& k,
                  const std::vector<Node>& kept, std::vector<Node>& scores) {
    for (const TwinStage& stage : twinStages(
             layer, [this](const std::string& of) { return parameter(of); }, name, q, k, kept)) {
        scores = tapHeads(name + ".before_" + stage.name, std::move(scores));
        for (std::size_t h = 0; h < scores.size(); ++h) scores[h] = stage.change(m_tape, scores[h], static_cast<int>(h));
    }
}

/// `sunk` [queries, 1]: what goes to the sink, where there is one.
Node Twin::weightsOf(const std::string& name, Node masked, int head, const TwinKernel& own, KernelKind kernel, Node& sunk) {
    Node sink = parameter(name + ".sink");
    if (sink) sunk = m_tape.leaf(masked->rows, 1, std::vector<double>(size(masked->rows)));
    if (changed(Intervention::Kind::headUniform, name, head)) {
        Node even = m_tape.leaf(masked->rows, masked->columns, masked->value);
        for (double& value : even->value) value = std::isinf(value) ? value : 0.0;
        return m_tape.softmax(even);
    }
    if (specOf(kernel).scores && sink) return twinSinkSoftmax(m_tape, masked, m_tape.rowsOf(sink, {head}), sunk);
    if (specOf(kernel).scores) return m_tape.softmax(masked);
    const auto shown = [masked](int i, int j) { return !std::isinf(masked->at(i, j)); };
    Node seen = m_tape.select(masked, shown, 0.0);
    return specOf(kernel).rowsSumToOne ? own.shares(seen) : seen;
}

/// The map of each head whose weights fade.
std::vector<Node> Twin::decays(const std::string& name, const LayerConfig& layer, const TwinKernel& own, Node x) {
    std::vector<Node> maps;
    const bool learned = specOf(layer.kernel).decay == KernelDecay::ofToken;
    Node kept = learned ? tap(name + ".kept", own.kept(linear(x, name + ".decay"))) : nullptr;
    for (int h = 0; h < layer.num_heads; ++h) maps.push_back(own.decay(kept ? m_tape.columns(kept, h, 1) : nullptr, h, x->rows));
    return tapHeads(name + ".decay", std::move(maps));
}

/// Norm of every head's vector, then the rotation; keys of another layer have been through all this.
void Twin::scoreInputs(const std::string& name, const LayerConfig& layer, std::vector<Node>& q, std::vector<Node>& allKeys) {
    std::vector<Node> none;
    std::vector<Node>& k = layer.keys_back > 0 ? none : allKeys;
    if (layer.qk_norm) {
        q = tapHeads(name + ".unnormalised_query", std::move(q));
        if (!k.empty()) k = tapHeads(name + ".unnormalised_key", std::move(k));
        Node ofKeys = parameter(name + ".key_norm.weight"), ofQueries = parameter(name + ".query_norm.weight");
        for (Node& one : q) one = m_tape.norm(one, ofQueries ? ofQueries : ofKeys, nullptr, true, layer.norm.epsilon);
        for (Node& one : k) one = m_tape.norm(one, ofKeys, nullptr, true, layer.norm.epsilon);
    }
    if (layer.position.kind == PositionKind::rope) {
        q = tapHeads(name + ".unrotated_query", std::move(q));
        if (!k.empty()) k = tapHeads(name + ".unrotated_key", std::move(k));
        const RopeFrequencies turn = ropeFrequencies(layer.position.rope, layer.head_dim, q.front()->rows);
        const bool interleaved = layer.position.rope.pairing == RopePairing::interleaved;
        const auto angle = [turn](int i, int p) { return i * turn.theta[size(p)]; };
        for (Node& one : q) one = m_tape.rotate(one, interleaved, angle, turn.scale);
        for (Node& one : k) one = m_tape.rotate(one, interleaved, angle, turn.scale);
    }
    if (layer.unit_keys && !k.empty()) {
        k = tapHeads(name + ".undivided_key", std::move(k));
        const std::vector<double> gains(size(layer.head_dim), 1.0 / std::sqrt(static_cast<double>(layer.head_dim)));
        for (Node& one : k) one = m_tape.norm(one, m_tape.leaf(1, layer.head_dim, gains), nullptr, true, 0.0);
    }
    q = tapHeads(name + ".query", std::move(q));
    allKeys = tapHeads(name + ".key", std::move(allKeys));
}

/// Of all heads, side by side.
std::pair<Node, Node> Twin::keysAndValues(const std::string& name, const LayerConfig& layer, Node x) {
    if (layer.form != AttentionForm::latent) {
        Node k = linear(x, name + ".key");
        return {k, specOf(layer.form).ownValue ? linear(x, name + ".value") : k};
    }
    const int d = layer.head_dim, latent = layer.latent_dim, half = d / 2;
    const bool turns = layer.position.kind == PositionKind::rope, halves = layer.position.rope.pairing == RopePairing::half;
    const int shared = turns ? layer.position.rope.dims.value_or(d) : 0;
    Node c = linear(x, name + ".latent");
    Node kept = tap(name + ".latent", turns ? m_tape.joined({c, linear(x, name + ".shared_key")}) : c);
    c = m_tape.columns(kept, 0, latent);
    Node own = shared < d ? linear(c, name + ".key") : nullptr;
    std::vector<Node> channels;
    for (int h = 0; h < layer.num_heads; ++h)
        for (int channel = 0, turned = 0, rested = 0; channel < d; ++channel) {
            const int pair = halves ? channel % half : channel / 2;
            if (pair < shared / 2)
                channels.push_back(m_tape.columns(kept, latent + turned++, 1));
            else
                channels.push_back(m_tape.columns(own, h * (d - shared) + rested++, 1));
        }
    return {m_tape.joined(channels), linear(c, name + ".value")};
}

/// What drawn features stand for, and how far each row is from it.
void Twin::tapExactWeights(const std::string& name, const TwinKernel& own, const std::vector<Node>& q, const std::vector<Node>& k,
                           const std::vector<Node>& masked, const std::vector<Node>& weights) {
    std::vector<Node> exact, distances;
    for (std::size_t h = 0; h < q.size(); ++h) {
        exact.push_back(own.exactWeights(q[h], k[h / (q.size() / k.size())], masked[h]));
        distances.push_back(own.distance(weights[h], exact.back()));
    }
    const std::vector<std::int64_t> shape{static_cast<std::int64_t>(q.size()), weights.front()->rows};
    tapHeads(name + ".exact_weights", std::move(exact));
    tap(name + ".weights_distance", std::move(distances), shape);
}

/// Of each head; pattern lsh.
std::vector<TwinLsh> Twin::hashed(const std::string& name, const LayerConfig& layer, const std::vector<Node>& k) {
    std::vector<TwinLsh> heads;
    std::vector<Node> buckets;
    for (int h = 0; layer.visibility.hashes() && h < layer.num_heads; ++h) {
        heads.emplace_back(layer.visibility, name, h, k[size(h / (layer.num_heads / layer.num_kv_heads))]);
        const std::vector<double> found = heads.back().buckets();
        const int keys = k.front()->rows;
        buckets.push_back(m_tape.leaf(static_cast<int>(found.size()) / keys, keys, found));
    }
    if (!buckets.empty()) tapHeads(name + ".buckets", std::move(buckets));
    return heads;
}

/// Nothing where the first queries have no projections of their own.
Twin::Apart Twin::globals(const std::string& name, const LayerConfig& layer, Node x) {
    Apart apart;
    const int count = std::min(layer.globals_apart, x->rows), d = layer.head_dim;
    if (count == 0) return apart;
    std::vector<int> first;
    for (int i = 0; i < count; ++i) first.push_back(i);
    Node q = m_tape.rowsOf(linear(x, name + ".global_query"), first), k = linear(x, name + ".global_key"),
         v = linear(x, name + ".global_value");
    for (int h = 0; h < layer.num_heads; ++h) apart.q.push_back(m_tape.columns(q, h * d, d));
    for (int g = 0; g < layer.num_kv_heads; ++g) {
        apart.k.push_back(m_tape.columns(k, g * d, d));
        apart.v.push_back(m_tape.columns(v, g * d, d));
    }
    if (layer.position.kind == PositionKind::rope) {
        const RopeFrequencies turn = ropeFrequencies(layer.position.rope, d, x->rows);
        const bool interleaved = layer.position.rope.pairing == RopePairing::interleaved;
        const auto angle = [turn](int i, int p) { return i * turn.theta[size(p)]; };
        for (std::vector<Node>* of : {&apart.q, &apart.k})
            for (Node& one : *of) one = m_tape.rotate(one, interleaved, angle, turn.scale);
    }
    apart.q = tapHeads(name + ".global_query", std::move(apart.q));
    apart.k = tapHeads(name + ".global_key", std::move(apart.k));
    apart.v = tapHeads(name + ".global_value", std::move(apart.v));
    return apart;
}

/// The rows of `all`, of which the first `count` are those of `first`.
Node Twin::withFirstRows(Node first, Node all, int count) {
    std::vector<Node> rows;
    for (int i = 0; i < all->rows; ++i) rows.push_back(m_tape.rowsOf(i < count ? first : all, {i}));
    return m_tape.stacked(rows);
}

/// Keys and values once more, of states through which no gradient goes back: what segments to come read (Dai et al. 2019, equation 3).
Twin::Kept Twin::keptFor(const std::string& name, const LayerConfig& layer, Node memory, const std::vector<Node>& q) {
    Kept kept;
    if (!layer.visibility.detaches()) return kept;
    m_keeps = true;
    const auto [allK, allV] = keysAndValues(name, layer, twinCopy(m_tape, memory));
    for (int g = 0; g < layer.num_kv_heads; ++g) {
        kept.k.push_back(m_tape.columns(allK, g * layer.head_dim, layer.head_dim));
        kept.v.push_back(m_tape.columns(allV, g * layer.head_dim, layer.head_dim));
    }
    std::vector<Node> unused;
    for (Node one : q) unused.push_back(twinCopy(m_tape, one));
    scoreInputs(name, layer, unused, kept.k);
    kept.v = tapHeads(name + ".value", std::move(kept.v));
    m_keeps = false;
    return kept;
}

Node Twin::attention(const std::string& name, const LayerConfig& layer, Node x, Node memory, bool maskable) {
    const int heads = layer.num_heads, groups = layer.num_kv_heads, d = layer.head_dim;
    const KernelSpec& kernel = specOf(layer.kernel);
    TwinKernel own(m_tape, layer, name);
    const bool reads = layer.keys_back > 0;
    const auto [allK, allV] = reads ? std::pair<Node, Node>() : keysAndValues(name, layer, memory);
    Node allQ = specOf(layer.form).ownQuery ? linear(x, name + ".query") : allK;
    std::vector<Node> q, k, v;
    for (int h = 0; h < heads; ++h) q.push_back(m_tape.columns(allQ, h * d, d));
    for (int g = 0; g < groups; ++g) {  // read: nodes of this layer's own, which have its part of the gradient alone
        k.push_back(reads ? m_tape.scale(m_sharedKeys[size(g)], 1.0) : m_tape.columns(allK, g * d, d));
        v.push_back(reads ? m_tape.scale(m_sharedValues[size(g)], 1.0) : m_tape.columns(allV, g * d, d));
    }
    const std::vector<Node> projectedQ = q;
    scoreInputs(name, layer, q, k);
    v = tapHeads(name + ".value", std::move(v));
    if (layer.keys_read) {
        m_sharedKeys = k;
        m_sharedValues = v;
    }
    Kept kept = keptFor(name, layer, memory, projectedQ);
    const std::vector<TwinLsh> hashing = hashed(name, layer, k);
    const std::vector<Node> plainQ = q, plainK = k;
    for (Node& one : q) one = kernel.features ? own.ofQueries(one) : one;
    for (std::vector<Node>* of : {&k, &kept.k})
        for (Node& one : *of) one = kernel.features ? own.ofKeys(one) : one;
    std::vector<Node> s, masked, a, out, fading, sunk(size(heads));
    for (int h = 0; h < heads; ++h) {
        const int group = h / (heads / groups);
        s.push_back(twinPairs(m_tape, layer.visibility, k[size(group)], kept.keyOf(group), [&](Node key) {
            return kernel.scores ? scores(name, layer, q[size(h)], key, h) : own.scores(q[size(h)], key, group);
        }));
    }
    const Apart apart = globals(name, layer, x);
    for (std::size_t h = 0; h < apart.q.size(); ++h) {
        const int head = static_cast<int>(h);
        s[h] = withFirstRows(scores(name, layer, apart.q[h], apart.k[size(head / (heads / groups))], head), s[h], layer.globals_apart);
    }
    stages(name, layer, q, k, kept.k, s);
    if (Node shares = parameter(name + ".span")) pay(twinSpanCost(m_tape, layer, shares));
    if (kernel.decays()) fading = decays(name, layer, own, x);
    s = tapHeads(name + ".scores", std::move(s));
    const std::vector<bool> padding = maskable ? m_input.masked : std::vector<bool>{};
    const auto seen = [padding, sees = layer.visibility, keys = memory->rows](int i, int j) {
        return (padding.empty() || !padding[size(j)]) && sees.mayAttend(i, j, keys);
    };
    for (Node one : s) masked.push_back(m_tape.select(one, seen, -INFINITY));
    for (std::size_t h = 0; h < hashing.size(); ++h)
        masked[h] = m_tape.select(
            masked[h], [hash = hashing[h]](int i, int j) { return hash.sees(i, j); }, -INFINITY);
    masked = tapHeads(name + ".masked_scores", std::move(masked));
    for (int h = 0; h < heads; ++h) {
        a.push_back(weightsOf(name, masked[size(h)], h, own, layer.kernel, sunk[size(h)]));
        if (kernel.decays() && !changed(Intervention::Kind::headUniform, name, h)) a.back() = m_tape.product(a.back(), fading[size(h)]);
    }
    if (layer.sink) tap(name + ".sunk", sunk, {heads, x->rows});
    std::optional<TwinDifference> difference;
    if (layer.differential) {
        difference.emplace(
            m_tape, [this](const std::string& of) { return parameter(of); }, name, layer);
        difference->replacingLambda(tap(name + ".lambda", std::vector<Node>{difference->lambda()}, {1}).front());
        a = tapHeads(name + ".softmax_weights", std::move(a));
        for (std::size_t h = 0; h < a.size(); h += 2) {
            Node first = a[h], second = a[h + 1];
            a[h] = difference->of(first, second);
            a[h + 1] = difference->of(first, second);
        }
    }
    a = tapHeads(name + ".weights", std::move(a));
    if (kernel.drawn) tapExactWeights(name, own, plainQ, plainK, masked, a);
    for (int h = 0; h < heads; ++h) {
        const int group = h / (heads / groups);
        out.push_back(twinMix(m_tape, layer.visibility, a[size(h)], v[size(group)], kept.valueOf(group)));
    }
    if (kernel.decays()) out = tapHeads(name + ".unnormalised_head_output", std::move(out));
    for (int h = 0; h < heads; ++h) {
        if (!apart.q.empty()) {
            Node first = m_tape.multiply(a[size(h)], apart.v[size(h / (heads / groups))]);
            out[size(h)] = withFirstRows(first, out[size(h)], layer.globals_apart);
        }
        if (kernel.decays()) out[size(h)] = own.normalised(out[size(h)]);
        if (changed(Intervention::Kind::headOff, name, h)) out[size(h)] = m_tape.scale(out[size(h)], 0.0);
    }
    out = tapHeads(name + ".head_output", std::move(out));
    Node joined = m_tape.joined(out);
    if (difference) joined = tap(name + ".normalised_pair", difference->normalised(joined));
    if (layer.gate) {
        const auto sigmoid = [](double u) { return 1.0 / (1.0 + std::exp(-u)); };
        Node gate = m_tape.map(linear(x, name + ".gate"), sigmoid, [=](double u) { return sigmoid(u) * (1.0 - sigmoid(u)); });
        joined = m_tape.product(tap(name + ".gate", gate), joined);
    }
    return tap(name + ".output", linear(joined, name + ".output"));
}

Node Twin::feedForward(const std::string& name, const LayerConfig& layer, Node x) {
    const auto sigmoid = [](double u) { return 1.0 / (1.0 + std::exp(-u)); };
    const auto cdf = [](double u) { return 0.5 * (1.0 + std::erf(u / std::numbers::sqrt2)); };
    const auto density = [](double u) { return std::exp(-0.5 * u * u) / std::sqrt(2.0 * std::numbers::pi); };
    const auto inner = [](double u) { return std::sqrt(2.0 / std::numbers::pi) * (u + 0.044715 * u * u * u); };
    Node up = linear(x, name + ".up"), hidden = nullptr;
    if (layer.activation == Activation::swiglu) up = m_tape.joined({linear(x, name + ".gate"), up});
    up = tap(name + ".up", up);
    switch (layer.activation) {
        case Activation::relu:
            hidden = m_tape.map(
                up, [](double u) { return std::max(u, 0.0); }, [](double u) { return u > 0.0 ? 1.0 : 0.0; });
            break;
        case Activation::gelu:
            hidden = m_tape.map(
                up, [=](double u) { return u * cdf(u); }, [=](double u) { return cdf(u) + u * density(u); });
            break;
        case Activation::gelu_tanh:
            hidden = m_tape.map(
                up, [=](double u) { return 0.5 * u * (1.0 + std::tanh(inner(u))); },
                [=](double u) {
                    const double t = std::tanh(inner(u));
                    return 0.5 * (1.0 + t) + 0.5 * u * (1.0 - t * t) * std::sqrt(2.0 / std::numbers::pi) * (1.0 + 3.0 * 0.044715 * u * u);
                });
            break;
        case Activation::swiglu: {
            const int n = layer.d_ff;
            Node gate = m_tape.map(
                m_tape.columns(up, 0, n), [=](double u) { return u * sigmoid(u); },
                [=](double u) { return sigmoid(u) * (1.0 + u * (1.0 - sigmoid(u))); });
            hidden = m_tape.product(gate, m_tape.columns(up, n, n));
            break;
        }
    }
    hidden = tap(name + ".hidden", hidden);
    return tap(name + ".output", linear(hidden, name + ".down"));
}

void Twin::pay(Node cost) {
    if (cost) m_beside = m_beside ? m_tape.add(m_beside, cost) : cost;
}

/// Of each expert the rows that chose it, through its own net; each row's sum of what its experts gave, times their gates.
Node Twin::experts(const std::string& name, const LayerConfig& layer, Node x) {
    const TwinRouter router(layer);
    Node p = tap(name + ".router", m_tape.softmax(linear(x, name + ".router")));
    const std::vector<int> first = router.choices(p);
    Node shown = tap(name + ".experts", m_tape.leaf(x->rows, layer.chosen, std::vector<double>(first.begin(), first.end())));
    const std::vector<int> chosen = router.nearest(shown);
    Node gates = tap(name + ".gates", router.gates(m_tape, p, chosen));
    pay(router.cost(m_tape, p, chosen));
    std::vector<Node> sums(size(x->rows), nullptr);
    for (int e = 0; e < layer.experts; ++e) {
        std::vector<int> rows, ranks;
        for (int i = 0; i < std::ssize(chosen); ++i) {
            if (chosen[size(i)] != e) continue;
            rows.push_back(i / layer.chosen);
            ranks.push_back(i % layer.chosen);
        }
        if (rows.empty()) continue;
        Node made = feedForward(name + ".experts." + std::to_string(e), layer, m_tape.rowsOf(x, rows));
        for (int i = 0; i < std::ssize(rows); ++i) {
            Node gate = m_tape.columns(m_tape.rowsOf(gates, {rows[size(i)]}), ranks[size(i)], 1);
            Node part = m_tape.multiply(gate, m_tape.rowsOf(made, {i}));
            Node& sum = sums[size(rows[size(i)])];
            sum = sum ? m_tape.add(sum, part) : part;
        }
    }
    return tap(name + ".output", m_tape.stacked(sums));
}

/// The rows side by side, zeros for what is hidden or not there, through one net and back.
Node Twin::mixing(const std::string& name, const LayerConfig& layer, Node x) {
    std::vector<Node> rows, mixed;
    for (int i = 0; i < layer.max_seq_len; ++i) {
        const bool seen = i < x->rows && (m_input.masked.empty() || !m_input.masked[size(i)]);
        rows.push_back(seen ? m_tape.rowsOf(x, {i}) : m_tape.leaf(1, x->columns, std::vector<double>(size(x->columns))));
    }
    Node all = feedForward(name, mixingOf(layer), m_tape.joined(rows));
    for (int i = 0; i < x->rows; ++i) mixed.push_back(m_tape.columns(all, i * x->columns, x->columns));
    return m_tape.stacked(mixed);
}

Node Twin::residual(const std::string& name, Node x, const std::function<Node(Node)>& f) {
    if (m_config.norm.placement == NormPlacement::pre) return m_tape.add(x, f(tap(name + "_norm", norm(x, name + "_norm"))));
    return tap(name + "_norm", norm(m_tape.add(x, f(x)), name + "_norm"));
}

/// Row after row through a map of its own, of which each has `outputs` rows.
Node Twin::ofEachSlot(Node rows, const std::string& map, int outputs) {
    Node weight = parameter(map + ".weight"), bias = parameter(map + ".bias");
    std::vector<Node> made;
    for (int slot = 0; slot < rows->rows; ++slot) {
        std::vector<int> own;
        for (int o = 0; o < outputs; ++o) own.push_back(slot * outputs + o);
        Node y = m_tape.multiplyTransposed(m_tape.rowsOf(rows, {slot}), m_tape.rowsOf(weight, own));
        made.push_back(m_tape.addRow(y, bias->columns == 1 ? m_tape.rowsOf(bias, own) : m_tape.rowsOf(bias, {slot})));
    }
    return m_tape.stacked(made);
}

/// Learned queries read the encoder; each slot's numbers become a code, whose numbers are all that goes on.
Node Twin::bottleneck(Node encoded) {
    const LayerConfig layer = crossAttentionOf(layersOf(m_config, Side::encoder).front());
    Node read = attention("bottleneck.attention", layer, parameter("bottleneck.queries"), encoded, true);
    const TwinCodes rule(m_config.bottleneck, parameter("bottleneck.book"));
    Node numbers = tap("bottleneck.numbers", ofEachSlot(read, "bottleneck.in", m_config.bottleneck.shape().width));
    Node relaxed = tap("bottleneck.relaxed", rule.relaxed(m_tape, numbers));
    const std::vector<int> codes = rule.codes(relaxed);
    const int slotCount = relaxed->rows;
    tap("bottleneck.codes", {m_tape.leaf(slotCount, 1, std::vector<double>(codes.begin(), codes.end()))}, {slotCount});
    pay(rule.cost(m_tape, relaxed, codes));
    Node sent = tap("bottleneck.sent", m_tape.straightThrough(relaxed, rule.sent(codes)));
    return tap("bottleneck.memory", ofEachSlot(sent, "bottleneck.out", m_config.d_model));
}

/// What each target token finds in the dictionary: the row of the last entry that ends with it, else zeros.
Node Twin::lookedUp(Node memory) {
    const int entry = *m_config.dictionary.entry;
    std::vector<int> words;
    for (int row = entry - 1; row < memory->rows; row += entry) words.push_back(row);
    Node table = tap("dictionary", m_tape.rowsOf(memory, words));
    std::vector<Node> rows;
    for (const int token : m_input.targetTokens) {
        rows.push_back(m_tape.leaf(1, memory->columns, std::vector<double>(size(memory->columns))));
        for (int e = 0; e < std::ssize(words); ++e)
            if (m_input.tokens[size(words[size(e)])] == token) rows.back() = m_tape.rowsOf(table, {e});
    }
    return tap("dictionary.read", m_tape.stacked(rows));
}

Node Twin::stack(Side side, Node x, Node memory) {
    const std::string name(nameOf(side));
    const std::vector<LayerConfig> layers = layersOf(m_config, side);
    const bool halts = specOf(m_config.depth.kind).halts;
    TwinHalting halting(m_tape, name, m_config.depth, static_cast<int>(layers.size()),
                        [&](const std::string& what, Node column) { return tap(what, {column}, {column->rows}).front(); });
    Node found = memory && !m_config.crossAttends() ? lookedUp(memory) : nullptr;
    int number = 0;
    for (const LayerConfig& config : layers) {
        const std::string layer = name + "." + std::to_string(number);
        Node before = x;
        const auto attend = [&](Node in) { return attention(layer + ".attention", config, in, in, memory == nullptr); };
        const auto mix = [&](Node in) { return mixing(layer + ".mixing", config, in); };
        x = specOf(config.mixer).attends ? residual(layer + ".attention", x, attend) : residual(layer + ".mixing", x, mix);
        if (memory && m_config.crossAttends())
            x = residual(layer + ".cross_attention", x, [&](Node in) {
                return attention(layer + ".cross_attention", crossAttentionOf(config), in, memory, !m_config.hasBottleneck());
            });
        if (m_config.d_ff != 0)
            x = residual(layer + ".feed_forward", x, [&](Node in) {
                if (config.experts > 0) return experts(layer + ".feed_forward", config, in);
                return feedForward(layer + ".feed_forward", config, found ? m_tape.joined({in, found}) : in);
            });
        x = tap(layer + ".residual", halts ? halting.left(before, x) : x);
        if (halts) halting.add(number, x, parameter(name + ".halting.weight"), parameter(name + ".halting.bias"));
        ++number;
    }
    if (halts) {
        x = halting.mixed();
        pay(halting.cost());
    }
    const bool norms = m_config.norm.placement == NormPlacement::pre && m_config.norm.kind != NormKind::none;
    return norms ? tap(name + "_norm", norm(x, name + "_norm")) : x;
}

Node Twin::answer(Node x) {
    if (m_config.output.kind == OutputKind::mlp) {
        Node normed = m_tape.norm(linear(x, "output.hidden"), parameter("output.norm.weight"), parameter("output.norm.bias"), false,
                                  outputNormEpsilon);
        x = tap("output.hidden", m_tape.map(
                                     normed, [](double u) { return std::max(u, 0.0); }, [](double u) { return u > 0.0 ? 1.0 : 0.0; }));
    }
    Node logits = m_config.output.tied ? m_tape.multiplyTransposed(x, parameter("token_embedding.weight")) : linear(x, "output.projection");
    return tap("logits", logits);
}

/// Of numbers: half the mean square of what is missed where something is asked.
Node Twin::lossOf(Node logits) {
    if (!m_config.answersNumbers()) return m_tape.crossEntropy(logits, m_input.targets);
    return m_tape.halfMeanSquare(logits, m_input.targets, std::vector<double>(m_input.values.begin(), m_input.values.end()));
}

std::shared_ptr<const DoubleTrace> Twin::run() {
    Node x = tap("embedding", embedding(m_input.tokens));
    const bool decoder = m_config.architecture == Architecture::decoder;
    x = stack(decoder ? Side::decoder : Side::encoder, x, nullptr);
    if (m_config.hasBottleneck()) x = bottleneck(x);
    if (m_config.architecture == Architecture::encoder_decoder)
        x = stack(Side::decoder, tap("target_embedding", embedding(m_input.targetTokens)), x);
    Node logits = answer(x);
    auto result = std::make_shared<DoubleTrace>();
    const bool counts = std::ranges::any_of(m_input.targets, [](int t) { return t >= 0; });
    if (counts) {
        Node loss = lossOf(logits);
        (*result)["loss"] = {{}, loss->value};
        if (m_cost.any() && !m_config.answersNumbers()) loss = m_tape.add(loss, answerCostOf(m_tape, logits, m_input.targets, m_cost));
        m_tape.backward(m_beside ? m_tape.add(loss, m_beside) : loss);
    }
    if (m_config.readsVectors())
        (*result)["vectors"] = {{static_cast<std::int64_t>(m_input.tokens.size()), *m_config.input_dim},
                                std::vector<double>(m_input.vectors.begin(), m_input.vectors.end())};
    for (const Recorded& r : m_recorded) {
        DoubleTensor value{r.shape, {}}, gradient{r.shape, {}};
        for (Node part : r.parts) {
            value.values.insert(value.values.end(), part->value.begin(), part->value.end());
            gradient.values.insert(gradient.values.end(), part->grad.begin(), part->grad.end());
        }
        auto to = gradient.values.begin();
        for (Node part : r.kept) to = std::transform(part->grad.begin(), part->grad.end(), to, to, std::plus<double>());
        (*result)[r.name] = std::move(value);
        if (counts) (*result)["gradient." + r.name] = std::move(gradient);
    }
    for (const Parameter& p : m_model.layout().parameters())
        if (Node node = counts ? parameter(p.name) : nullptr)
            (*result)["gradient." + p.name] = {std::vector<std::int64_t>(p.shape.begin(), p.shape.end()), node->grad};
    return result;
}

}  // namespace

std::shared_ptr<const DoubleTrace> twinTrace(const Model& model, const Weights& weights, const Input& input, const AnswerCost& cost) {
    return Twin(model, weights, input, cost).run();
}

Check checkStage(const Stage& stage, const Stage& ofTwin) {
    Check check;
    double worst = 0.0;  // relative to what is allowed
    for (std::size_t g = 0; g < std::min(stage.grids.size(), ofTwin.grids.size()); ++g) {
        const Grid& here = stage.grids[g];
        const Grid& there = ofTwin.grids[g];
        double largest = 0.0;
        const auto each = [&](const auto& act) {
            for (int r = 0; r < std::min(here.rows, there.rows); ++r)
                for (int c = leadColumn; c < std::min(here.columns, there.columns); ++c)
                    if ((c != masterColumn || !here.master.empty()) && (c != leadColumn || !here.lead.empty()))
                        act(r, c, here.at(r, c), there.at(r, c));
        };
        each([&](int, int, double, double b) {
            if (std::isfinite(b)) largest = std::max(largest, std::abs(b));
        });
        const double allowed = 2e-4 * largest + 1e-7;
        each([&](int r, int c, double a, double b) {
            if (a == b || (std::isnan(a) && std::isnan(b))) return;
            const double difference = std::isfinite(a) && std::isfinite(b) ? std::abs(a - b) : INFINITY;
            check.difference = std::max(check.difference, difference);
            if (difference / allowed <= worst) return;
            worst = difference / allowed;
            check.worst = {stage.id, here.id, r, c};
            check.here = a;
            check.there = b;
        });
    }
    check.agrees = worst <= 1.0;
    return check;
}

Message checkText(const Check& check) {
    // Differences are told by their order of magnitude: one digit.
    const std::string difference = check.difference == 0.0 ? "0" : shownNumber(check.difference, 1);
    if (check.agrees) return Message(LAB_TEXT("explain", "\u2713 checked: max difference %1")).arg(difference);
    return Message(LAB_TEXT("explain", "\u00D7 differs by %1:\n%2 here, %3 in the check"))
        .arg(difference)
        .arg(shownNumber(check.here, 4))
        .arg(shownNumber(check.there, 4));
}

}  // namespace lab::explain
