// Attention of the twin.

#include <cmath>
#include <numbers>

#include "core/explain/twin_pass.h"

namespace lab::explain {
namespace {

/// SPEC.md 1.2, written again.
double gridEncoding(int channels, int channel, int i, int j) {
    const int c = 2 * static_cast<int>(std::ceil(channels / 4.0));
    const int ofAxis = channel % c, position = channel < c ? i : j;
    const double frequency = std::pow(10000.0, -2.0 * (ofAxis / 2) / c);
    return ofAxis % 2 == 0 ? std::sin(position * frequency) : std::cos(position * frequency);
}

/// The published rule: powers of 2^(-8/H), or with H no power of two also every second one of twice as many heads.
double alibiSlope(int head, int heads) {
    int near = 1;
    while (2 * near <= heads) near *= 2;
    if (head < near) return std::pow(2.0, -8.0 * (head + 1) / near);
    return std::pow(2.0, -8.0 * (2 * (head - near) + 1) / (2.0 * near));
}

}  // namespace

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
        if (!difference && changed(Intervention::Kind::headOff, name, h)) out[size(h)] = m_tape.scale(out[size(h)], 0.0);
    }
    out = tapHeads(name + ".head_output", std::move(out));
    Node joined = m_tape.joined(out);
    if (difference) {
        joined = difference->normalised(joined);
        const auto stays = [this, name, d](int, int column) { return !changed(Intervention::Kind::headOff, name, column / d); };
        joined = tap(name + ".normalised_pair", m_tape.select(joined, stays, 0.0));
    }
    if (layer.gate) {
        const auto sigmoid = [](double u) { return 1.0 / (1.0 + std::exp(-u)); };
        Node gate = m_tape.map(linear(x, name + ".gate"), sigmoid, [=](double u) { return sigmoid(u) * (1.0 - sigmoid(u)); });
        joined = m_tape.product(tap(name + ".gate", gate), joined);
    }
    return tap(name + ".output", linear(joined, name + ".output"));
}

}  // namespace lab::explain
