#include "core/analysis/attention_memory.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/analysis/positions/position_map_terms.h"
#include "core/base/number_text.h"
#include "core/config/layer_config.h"
#include "core/layers/position/alibi.h"
#include "core/layers/position/relative_buckets.h"

namespace lab {
namespace {

std::size_t indexOf(int i) {
    return static_cast<std::size_t>(i);
}

/// Three significant digits.
std::string threeDigits(double value) {
    if (value == 0 || !std::isfinite(value)) return numberText(value);
    const double unit = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 2);
    return numberText(static_cast<float>(std::round(value / unit) * unit));
}

/// Row `row` of part `part` of a [parts, rows, width] tensor.
std::vector<double> bridgeRow(const Tensor& tensor, int part, int row) {
    assert(tensor.shape.size() == 3 && part < tensor.extent(0) && row < tensor.extent(1));
    const float* from = tensor.values.data() + (part * tensor.extent(1) + row) * tensor.extent(2);
    return {from, from + tensor.extent(2)};
}

StoredVectors bridgePart(const Tensor& tensor, int index) {
    const auto size = static_cast<std::ptrdiff_t>(tensor.extent(1) * tensor.extent(2));
    const auto from = tensor.values.begin() + index * size;
    return {static_cast<int>(tensor.extent(1)), static_cast<int>(tensor.extent(2)), {from, from + size}};
}

LayerConfig bridgeLayer(const Model& model, const AttentionBlock& block) {
    const Side side = block.side == nameOf(Side::encoder) ? Side::encoder : Side::decoder;
    const LayerConfig layer = layersOf(model.config(), side)[indexOf(block.layer)];
    return block.cross ? crossAttentionOf(layer) : layer;
}

/// Reads one row of a head and says what of it is a Hopfield network.
class Bridge {
public:
    Bridge(const Model& model, const Weights& weights, const Input& input, const Trace& trace, const AttentionQuestion& question)
        : m_model(model),
          m_weights(weights),
          m_input(input),
          m_trace(trace),
          m_question(question),
          m_block(model.attentionBlocks()[indexOf(question.block)]),
          m_layer(bridgeLayer(model, m_block)) {}

    AttentionMemory read() {
        m_memory.attention = bridgeRow(tensor(".weights"), m_question.head, m_question.query);
        readMask();
        m_memory.why = whyNoNet();
        m_memory.isNet = m_memory.why.empty();
        if (!m_memory.isNet) return std::move(m_memory);
        readVectors();
        readTerms();
        m_memory.differences = differences();
        m_memory.remarks = remarks();
        compare();
        return std::move(m_memory);
    }

private:
    const Tensor& tensor(const char* name) const { return m_trace.at(m_block.name + name); }

    bool changed(Intervention::Kind kind) const {
        return std::ranges::any_of(m_input.interventions, [&](const Intervention& i) {
            return i.kind == kind && i.name == m_block.name && i.head == m_question.head;
        });
    }
    bool replaced(const char* name) const {
        return std::ranges::any_of(m_input.interventions, [&](const Intervention& i) {
            return i.kind == Intervention::Kind::replace && i.name == m_block.name + name;
        });
    }

    void readMask() {
        for (const double score : bridgeRow(tensor(".masked_scores"), m_question.head, m_question.query))
            m_memory.hidden.push_back(std::isinf(score));
        m_memory.storedCount = static_cast<int>(std::ranges::count(m_memory.hidden, false));
    }

    Message whyNoNet() const {
        const KernelSpec& kernel = specOf(m_layer.kernel);
        if (kernel.decays())
            return LAB_TEXT("memory",
                            "This model's weights are the products q \u00B7 k times a factor that falls with the distance, without a "
                            "softmax: no update of the continuous Hopfield network gives them, and \u03B2 has no meaning here.");
        if (!kernel.rowsSumToOne)
            return LAB_TEXT("memory",
                            "This model's weights are the products q \u00B7 k as they are, without a softmax: no update of the continuous "
                            "Hopfield network gives them, and \u03B2 has no meaning here.");
        if (m_layer.differential)
            return LAB_TEXT(
                "memory",
                "This model's weights are the difference of two softmax maps: no update of the continuous Hopfield network gives "
                "them.");
        if (!kernel.scores)
            return LAB_TEXT(
                "memory",
                "This model's weights are φ(q) · φ(k) divided by their sum, without the exponential of q · k: they are no softmax of "
                "dot products, so no update of the continuous Hopfield network gives them, and β has no meaning here.");
        if (m_layer.max_span > 0)
            return LAB_TEXT("memory",
                            "This model\u2019s heads multiply their weights by a mask of the distance that they have learned: no update of "
                            "the continuous Hopfield network does.");
        if (specOf(m_layer.position.kind).vectors)
            return LAB_TEXT(
                "memory",
                "This model compares queries with vectors of distances too: its scores are more than products of query and key, "
                "so no update of the continuous Hopfield network gives its weights.");
        if (m_layer.soft_cap > 0)
            return LAB_TEXT("memory",
                            "This model bends its scores towards a cap before the softmax: they are no dot products any more, so no update "
                            "of the continuous Hopfield network gives its weights.");
        if (m_layer.sink)
            return LAB_TEXT("memory",
                            "A sink takes a share of each row of this model\u2019s weights: they do not add up to 1, as the weights of an "
                            "update of the continuous Hopfield network do.");
        if (changed(Intervention::Kind::headUniform))
            return LAB_TEXT("memory", "This head was made uniform: its weights no longer come from queries and keys.");
        if (replaced(".scores") || replaced(".masked_scores") || replaced(".weights"))
            return LAB_TEXT("memory", "Scores or weights of this block were replaced: they no longer come from queries and keys.");
        if (m_memory.storedCount == 0) return LAB_TEXT("memory", "This query may look at no key: nothing is stored for it.");
        return {};
    }

    void readVectors() {
        const int shared = m_question.head / (m_block.heads / m_block.kvHeads);
        const bool apart = m_question.query < m_layer.globals_apart;
        m_memory.patterns = bridgePart(tensor(apart ? ".global_key" : ".key"), shared);
        m_memory.values = bridgePart(tensor(apart ? ".global_value" : ".value"), shared);
        m_memory.state = bridgeRow(tensor(apart ? ".global_query" : ".query"), m_question.head, m_question.query);
        m_memory.scale = 1.0 / std::sqrt(static_cast<double>(m_memory.patterns.dimension));
        m_memory.headOff = changed(Intervention::Kind::headOff);
    }

    /// beta and what is added to the scores.
    void readTerms() {
        std::vector<double> bias(m_memory.hidden.size());
        if (const auto terms = m_layer.form == AttentionForm::kv_pos
                                   ? positionMapTerms(m_model.layout(), m_weights, m_block, m_memory.patterns.count)
                                   : std::nullopt) {
            m_memory.factor = terms->s;
            bias = terms->column;
        }
        m_memory.beta = m_memory.factor * m_memory.scale;
        if (m_layer.position.kind == PositionKind::alibi) {
            const double slope = alibiSlopes(m_block.heads)[indexOf(m_question.head)];
            for (std::size_t j = 0; j < bias.size(); ++j) bias[j] -= slope * std::abs(static_cast<double>(j) - m_question.query);
        }
        if (const Parameter* table = m_layer.position.kind == PositionKind::relative_bias
                                         ? m_model.layout().find(m_block.side + ".0.attention.relative_bias.weight")
                                         : nullptr)
            for (std::size_t j = 0; j < bias.size(); ++j) bias[j] += learnedBias(*table, static_cast<int>(j) - m_question.query);
        for (std::size_t j = 0; j < bias.size(); ++j)
            if (m_memory.hidden[j]) bias[j] = -std::numeric_limits<double>::infinity();
        if (std::ranges::any_of(bias, [](double b) { return b != 0; })) m_memory.bias = std::move(bias);
    }

    double learnedBias(const Parameter& table, int offset) const {
        const int bucket = relativeBucket(offset, m_layer.position.buckets, m_layer.position.max_distance, m_layer.visibility.causal());
        return at(m_weights, table)[bucket * m_block.heads + m_question.head];
    }

    std::vector<Message> differences() const {
        std::vector<Message> found;
        if (m_layer.form == AttentionForm::kv_pos) {
            if (m_memory.factor <= 0)
                found.push_back(Message(LAB_TEXT("memory",
                                                 "KV+Pos has s = %1 here, which is not above 0: the state is not drawn to the patterns "
                                                 "most like it, and the network's theorems do not hold."))
                                    .arg(threeDigits(m_memory.factor)));
            found.emplace_back(LAB_TEXT("memory", "KV+Pos adds g(j) to the score of key j: a liking for places that no pattern holds."));
        }
        if (specOf(m_layer.position.kind).biasesScores)
            found.emplace_back(LAB_TEXT("memory", "ALiBi takes slope · |i − j| off the score of key j, which no pattern holds."));
        if (specOf(m_layer.position.kind).biasTable)
            found.emplace_back(
                LAB_TEXT("memory", "A learned number for the distance of key j is added to its score, which no pattern holds."));
        if (specOf(m_layer.position.kind).rotates)
            found.emplace_back(
                LAB_TEXT("memory",
                         "RoPE has turned query and keys by their positions: the patterns are the turned keys, and a mixture "
                         "of them belongs to no one position."));
        const int count = static_cast<int>(m_memory.hidden.size());
        if (m_memory.storedCount < count)
            found.push_back(
                Message(LAB_TEXT("memory",
                                 "This query may look at %1 of %2 keys: the others are not stored for it. Where the mask differs "
                                 "from query to query, another query has another memory."))
                    .arg(m_memory.storedCount)
                    .arg(count));
        return found;
    }

    /// Of queries that are keys, as long as nobody replaced either. Nothing of a query whose own key is padding.
    Message sharedQueryNote() const {
        if (specOf(m_layer.form).ownQuery || m_layer.unit_keys || replaced(".query") || replaced(".key")) return {};
        if (!m_memory.hidden[indexOf(m_question.query)])
            return LAB_TEXT("memory", "Keys serve as queries here: the state is itself one of the patterns.");
        if (!m_layer.visibility.diagonalMasked()) return {};
        return LAB_TEXT("memory",
                        "Keys serve as queries here, but a token may not look at itself: its own key is not among the patterns of its "
                        "memory.");
    }

    Message sharedValueNote() const {
        if (specOf(m_layer.form).ownValue || replaced(".key") || replaced(".value")) return {};
        if (m_layer.unit_keys)
            return LAB_TEXT("memory",
                            "The keys as projected serve as values here, before they are divided by their lengths: what is found is a "
                            "mixture of them, and not of the patterns as compared.");
        if (m_layer.qk_norm || specOf(m_layer.position.kind).rotates)
            return LAB_TEXT("memory",
                            "The projected keys serve as values here, before norm and rotation: what is found is a mixture of them, and "
                            "not of the patterns as compared.");
        return LAB_TEXT("memory", "The projected keys serve as values here: what is found is a mixture of what was stored.");
    }

    std::vector<Message> remarks() const {
        std::vector<Message> notes;
        if (const Message note = sharedQueryNote(); !note.empty()) notes.push_back(note);
        if (const Message note = sharedValueNote(); !note.empty()) notes.push_back(note);
        if (m_layer.qk_norm)
            notes.emplace_back(LAB_TEXT("memory",
                                        "Queries and keys are normed before they are compared; the state after an update is not normed "
                                        "again."));
        if (m_block.kvHeads < m_block.heads)
            notes.push_back(Message(LAB_TEXT("memory", "%1 heads share these keys: one memory, asked by each with a query of its own."))
                                .arg(m_block.heads / m_block.kvHeads));
        if (m_block.keyOwner != m_block.name)
            notes.push_back(Message(LAB_TEXT("memory",
                                             "The patterns and what they bring are the keys and values of %1: this layer has none of "
                                             "its own and asks that layer\u2019s memory."))
                                .arg(m_block.keyOwner));
        if (m_block.slotCount > 0)
            notes.emplace_back(LAB_TEXT("memory", "The patterns are the slots of the bottleneck, the state comes from the decoder."));
        else if (m_block.cross)
            notes.emplace_back(LAB_TEXT("memory", "The patterns are the encoder's tokens, the state comes from the decoder."));
        return notes;
    }

    void compare() {
        m_memory.weights = m_memory.net().weights(m_memory.state);
        m_memory.found = ModernNet(m_memory.values, 1).mixture(m_memory.weights);
        const std::vector<double> output = bridgeRow(tensor(".head_output"), m_question.head, m_question.query);
        for (std::size_t j = 0; j < m_memory.weights.size(); ++j)
            m_memory.difference = std::max(m_memory.difference, std::abs(m_memory.weights[j] - m_memory.attention[j]));
        for (std::size_t c = 0; c < output.size(); ++c)
            m_memory.outputDifference = std::max(m_memory.outputDifference, std::abs(m_memory.found[c] - output[c]));
        m_memory.agrees = m_memory.difference < bridgeTolerance;
    }

    const Model& m_model;
    const Weights& m_weights;
    const Input& m_input;
    const Trace& m_trace;
    AttentionQuestion m_question;
    const AttentionBlock& m_block;
    LayerConfig m_layer;
    AttentionMemory m_memory;
};

}  // namespace

AttentionMemory attentionMemory(const Model& model, const Weights& weights, const Input& input, const Trace& trace,
                                const AttentionQuestion& question) {
    return Bridge(model, weights, input, trace, question).read();
}

BridgeLook bridgeLook(AttentionMemory memory, const std::function<bool()>& stopped) {
    assert(memory.isNet);
    BridgeLook look;
    const ModernNet net = memory.net();
    const ModernNet values(memory.values, 1);
    look.way = net.settle(memory.state, 1e-6, mostBridgeUpdates, stopped);
    look.energies = look.way.energies;
    // The last state moves no more: its weights are those of the update that led there, but for the tolerance.
    const std::size_t updates = std::max<std::size_t>(look.way.states.size() - 1, 1);
    for (std::size_t u = 0; u < updates; ++u) {
        look.weights.push_back(net.weights(look.way.states[u]));
        look.found.push_back(values.mixture(look.weights.back()));
        look.effective.push_back(effectiveCount(look.weights.back()));
        look.heaviest.push_back(static_cast<int>(std::ranges::max_element(look.weights.back()) - look.weights.back().begin()));
    }
    if (look.energies.size() == 1) look.energies.push_back(look.energies.front());
    for (std::size_t u = 1; u < look.energies.size(); ++u)
        look.energyRose |= look.energies[u] > look.energies[u - 1] + 1e-9 * (1 + std::abs(look.energies[u - 1]));
    look.end = net.nameOf(look.way.end());
    look.separation = net.separation(look.heaviest.front());
    for (const double b : memory.bias)
        if (std::isfinite(b)) look.biasScale = std::max(look.biasScale, std::abs(b));
    look.curve = bridgeCurve(memory, 101, stopped);
    look.memory = std::move(memory);
    return look;
}

BetaCurve bridgeCurve(const AttentionMemory& memory, int points, const std::function<bool()>& stopped) {
    const double own = memory.beta == 0 ? memory.scale : std::abs(memory.beta);
    std::vector<double> betas =
        withOwn(logScale(std::pow(10.0, std::floor(std::log10(own / 10))), std::pow(10.0, std::ceil(std::log10(own * 10))), points), own);
    const std::vector<double> magnitudes = betas;
    if (memory.beta < 0)
        for (double& beta : betas) beta = -beta;
    BetaCurve curve = betaCurve(memory.net(), memory.state, betas, stopped);
    curve.betas.assign(magnitudes.begin(), magnitudes.begin() + std::ssize(curve.betas));
    return curve;
}

}  // namespace lab
