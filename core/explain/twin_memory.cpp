#include "core/explain/twin_memory.h"

#include <algorithm>
#include <cmath>

namespace lab::explain {
namespace {

Node ones(Tape& tape, int rows, int columns) {
    return tape.leaf(rows, columns, std::vector<double>(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns), 1.0));
}

/// Of a distance, below 0 too: sines of all frequencies, then their cosines.
std::vector<double> vectorOf(int distance, int d) {
    std::vector<double> r;
    const int sines = d - d / 2;
    for (int c = 0; c < sines; ++c) r.push_back(std::sin(distance * std::pow(10000.0, -2.0 * c / d)));
    for (int c = 0; c < d / 2; ++c) r.push_back(std::cos(distance * std::pow(10000.0, -2.0 * c / d)));
    return r;
}

/// z of each share, [heads, 1].
Node spans(Tape& tape, const LayerConfig& layer, Node shares) {
    const double longest = layer.max_span;
    return tape.map(
        shares, [longest](double p) { return longest * std::min(1.0, std::max(0.0, p)); },
        [longest](double p) { return p < 0.0 || p > 1.0 ? 0.0 : longest; });
}

}  // namespace

Node twinCopy(Tape& tape, Node a) {
    return tape.leaf(a->rows, a->columns, a->value);
}

Node twinPairs(Tape& tape, const Visibility& visibility, Node key, Node kept, const std::function<Node(Node key)>& f) {
    if (!kept) return f(key);
    const auto detached = [visibility, keys = key->rows](int i, int j) { return visibility.detached(i, j, keys); };
    Node own = tape.select(
        f(key), [detached](int i, int j) { return !detached(i, j); }, 0.0);
    return tape.add(own, tape.select(f(kept), detached, 0.0));
}

Node twinMix(Tape& tape, const Visibility& visibility, Node weights, Node values, Node kept) {
    if (!kept) return tape.multiply(weights, values);
    const auto detached = [visibility, keys = values->rows](int i, int j) { return visibility.detached(i, j, keys); };
    Node own = tape.select(
        weights, [detached](int i, int j) { return !detached(i, j); }, 0.0);
    return tape.add(tape.multiply(own, values), tape.multiply(tape.select(weights, detached, 0.0), kept));
}

Node TwinRelative::operator()(Tape& tape, const Visibility& visibility, Node scores, Node q, Node k, Node kept) const {
    std::vector<Node> places;
    for (int i = 0; i < q->rows; ++i) {
        std::vector<double> r;
        for (int j = 0; j < k->rows; ++j) {
            const std::vector<double> one = vectorOf(i - j, map->columns);
            r.insert(r.end(), one.begin(), one.end());
        }
        Node mapped = tape.multiplyTransposed(tape.leaf(k->rows, map->columns, std::move(r)), map);
        places.push_back(tape.multiplyTransposed(tape.add(tape.rowsOf(q, {i}), v), mapped));
    }
    Node content = twinPairs(tape, visibility, k, kept,
                             [&](Node key) { return tape.multiply(ones(tape, q->rows, 1), tape.multiplyTransposed(u, key)); });
    return tape.add(scores, tape.scale(tape.add(content, tape.stacked(places)), 1.0 / std::sqrt(static_cast<double>(q->columns))));
}

Node twinSpan(Tape& tape, const LayerConfig& layer, Node scores, Node shares, int head) {
    Node z = tape.rowsOf(spans(tape, layer, shares), {head});
    Node everywhere = tape.multiply(tape.multiply(ones(tape, scores->rows, 1), z), ones(tape, 1, scores->columns));
    std::vector<double> left;
    for (int i = 0; i < scores->rows; ++i)
        for (int j = 0; j < scores->columns; ++j) left.push_back(layer.span_ramp - std::abs(i - j));
    const double ramp = layer.span_ramp;
    Node above = tape.add(everywhere, tape.leaf(scores->rows, scores->columns, std::move(left)));
    Node logarithm = tape.map(
        above, [ramp](double x) { return x <= 0.0 ? -INFINITY : std::log(std::min(1.0, x / ramp)); },
        [ramp](double x) { return x > 0.0 && x < ramp ? 1.0 / x : 0.0; });
    return tape.add(scores, logarithm);
}

Node twinSpanCost(Tape& tape, const LayerConfig& layer, Node shares) {
    Node all = spans(tape, layer, shares);
    return tape.scale(tape.multiply(ones(tape, 1, all->rows), all), layer.span_penalty / all->rows);
}

}  // namespace lab::explain
