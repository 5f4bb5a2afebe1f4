#include "core/explain/twin_scores.h"

#include <cmath>

#include "core/explain/twin_memory.h"

namespace lab::explain {
namespace {

/// T5's buckets by where they begin: one for each distance below half of them, then the n-th of the others from
/// half (max / half)^(n / others) on.
int bucketOfDistance(int distance, int buckets, int maxDistance) {
    const int half = buckets / 2, others = buckets - half;
    if (distance < half) return distance;
    int bucket = half;
    for (int n = 1; n < others; ++n)
        if (half == 0 || distance >= half * std::pow(static_cast<double>(maxDistance) / half, static_cast<double>(n) / others) - 1e-6)
            bucket = half + n;
    return bucket;
}

int bucketOfKey(int query, int key, const LayerConfig& layer) {
    const int buckets = layer.position.buckets, most = layer.position.max_distance;
    if (layer.visibility.causal()) return bucketOfDistance(key > query ? 0 : query - key, buckets, most);
    return key > query ? buckets / 2 + bucketOfDistance(key - query, buckets / 2, most) : bucketOfDistance(query - key, buckets / 2, most);
}

/// Row after row of the map: the table's rows of the buckets, of which the head's column is taken.
Node addBias(Tape& tape, Node scores, Node table, int head, const LayerConfig& layer) {
    Node one = tape.leaf(1, 1, {1.0});
    std::vector<Node> rows;
    for (int i = 0; i < scores->rows; ++i) {
        std::vector<int> buckets;
        for (int j = 0; j < scores->columns; ++j) buckets.push_back(bucketOfKey(i, j, layer));
        rows.push_back(tape.multiplyTransposed(one, tape.columns(tape.rowsOf(table, buckets), head, 1)));
    }
    return tape.add(scores, tape.stacked(rows));
}

Node addRelative(Tape& tape, Node scores, const std::function<Node(const std::string&)>& parameter, const std::string& name,
                 const LayerConfig& layer, const std::vector<Node>& q, const std::vector<Node>& k, const std::vector<Node>& kept,
                 int head) {
    std::vector<int> rows;
    for (int c = 0; c < layer.head_dim; ++c) rows.push_back(head * layer.head_dim + c);
    const TwinRelative relative{tape.rowsOf(parameter(name + ".content_bias"), {head}),
                                tape.rowsOf(parameter(name + ".position_bias"), {head}),
                                tape.rowsOf(parameter(name + ".relative.weight"), rows)};
    const std::size_t group = static_cast<std::size_t>(head) * k.size() / q.size();
    return relative(tape, layer.visibility, scores, q[static_cast<std::size_t>(head)], k[group], kept.empty() ? nullptr : kept[group]);
}

}  // namespace

std::vector<TwinStage> twinStages(const LayerConfig& layer, const std::function<Node(const std::string&)>& parameter,
                                  const std::string& name, const std::vector<Node>& q, const std::vector<Node>& k,
                                  const std::vector<Node>& kept) {
    std::vector<TwinStage> stages;
    if (layer.position.kind == PositionKind::relative_bias) {
        Node table = parameter(name.substr(0, name.find('.')) + ".0.attention.relative_bias.weight");
        stages.push_back({"relative_bias", [=](Tape& tape, Node scores, int head) { return addBias(tape, scores, table, head, layer); }});
    }
    if (layer.position.kind == PositionKind::relative)
        stages.push_back({"relative", [=](Tape& tape, Node scores, int head) {
                              return addRelative(tape, scores, parameter, name, layer, q, k, kept, head);
                          }});
    if (const double cap = layer.soft_cap; cap > 0)
        stages.push_back({"soft_cap", [cap](Tape& tape, Node scores, int) {
                              return tape.map(
                                  scores, [cap](double s) { return cap * std::tanh(s / cap); },
                                  [cap](double s) { return 1.0 / (std::cosh(s / cap) * std::cosh(s / cap)); });
                          }});
    if (Node shares = parameter(name + ".span"))
        stages.push_back({"span", [=](Tape& tape, Node scores, int head) { return twinSpan(tape, layer, scores, shares, head); }});
    return stages;
}

Node twinSinkSoftmax(Tape& tape, Node masked, Node sink, Node& sunk) {
    Node column = tape.rowsOf(sink, std::vector<int>(static_cast<std::size_t>(masked->rows)));
    Node all = tape.softmax(tape.joined({masked, column}));
    sunk = tape.columns(all, masked->columns, 1);
    return tape.columns(all, 0, masked->columns);
}

}  // namespace lab::explain
