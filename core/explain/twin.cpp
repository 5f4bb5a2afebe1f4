#include "core/explain/twin.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/explain/twin_pass.h"

namespace lab::explain {
namespace {

double sinusoid(int d, int position, int channel) {
    const double angle = position / std::pow(10000.0, 2.0 * (channel / 2) / d);
    return channel % 2 == 0 ? std::sin(angle) : std::cos(angle);
}

}  // namespace

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

/// The number of tokens before each that end a segment, at most the last segment.
std::vector<int> Twin::segmentsOf(const std::vector<int>& tokens) const {
    std::vector<int> segments;
    int ended = 0;
    for (const int token : tokens) {
        segments.push_back(std::min(ended, m_config.segments - 1));
        if (token == m_config.segment_end) ++ended;
    }
    return segments;
}

Node Twin::embedding(const std::string& name, const std::vector<int>& tokens) {
    Node x = embeddingSum(tokens);
    const bool segments = m_config.segments > 0 && !m_config.readsVectors();
    if (segments) x = m_tape.add(x, m_tape.rowsOf(parameter("segment_embedding.weight"), segmentsOf(tokens)));
    const bool mapped = m_config.embedding_dim.value_or(m_config.d_model) != m_config.d_model && !m_config.readsVectors();
    if (m_config.embedding_norm || mapped) x = tap(name + ".sum", x);
    if (m_config.embedding_norm) x = norm(x, "embedding_norm");
    return mapped ? linear(x, "embedding_map") : x;
}

Node Twin::embeddingSum(const std::vector<int>& tokens) {
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

/// An activation of one projection, number by number.
Node Twin::bent(Node x, Activation activation) {
    const auto sigmoid = [](double u) { return 1.0 / (1.0 + std::exp(-u)); };
    const auto cdf = [](double u) { return 0.5 * (1.0 + std::erf(u / std::numbers::sqrt2)); };
    const auto density = [](double u) { return std::exp(-0.5 * u * u) / std::sqrt(2.0 * std::numbers::pi); };
    const auto inner = [](double u) { return std::sqrt(2.0 / std::numbers::pi) * (u + 0.044715 * u * u * u); };
    constexpr double quick = 1.702;
    switch (activation) {
        case Activation::relu:
        case Activation::swiglu:  // gated: its own
            break;
        case Activation::gelu:
            return m_tape.map(
                x, [=](double u) { return u * cdf(u); }, [=](double u) { return cdf(u) + u * density(u); });
        case Activation::gelu_tanh:
            return m_tape.map(
                x, [=](double u) { return 0.5 * u * (1.0 + std::tanh(inner(u))); },
                [=](double u) {
                    const double t = std::tanh(inner(u));
                    return 0.5 * (1.0 + t) + 0.5 * u * (1.0 - t * t) * std::sqrt(2.0 / std::numbers::pi) * (1.0 + 3.0 * 0.044715 * u * u);
                });
        case Activation::quick_gelu:
            return m_tape.map(
                x, [=](double u) { return u * sigmoid(quick * u); },
                [=](double u) { return sigmoid(quick * u) * (1.0 + quick * u * (1.0 - sigmoid(quick * u))); });
        case Activation::relu_squared:
            return m_tape.map(
                x, [](double u) { return u > 0.0 ? u * u : 0.0; }, [](double u) { return u > 0.0 ? 2.0 * u : 0.0; });
    }
    return m_tape.map(
        x, [](double u) { return std::max(u, 0.0); }, [](double u) { return u > 0.0 ? 1.0 : 0.0; });
}

Node Twin::feedForward(const std::string& name, const LayerConfig& layer, Node x) {
    const auto sigmoid = [](double u) { return 1.0 / (1.0 + std::exp(-u)); };
    const bool gated = specOf(layer.activation).gated;
    Node up = linear(x, name + ".up"), hidden = nullptr;
    if (gated) up = m_tape.joined({linear(x, name + ".gate"), up});
    up = tap(name + ".up", up);
    if (gated) {
        const int n = layer.d_ff;
        Node gate = m_tape.map(
            m_tape.columns(up, 0, n), [=](double u) { return u * sigmoid(u); },
            [=](double u) { return sigmoid(u) * (1.0 + u * (1.0 - sigmoid(u))); });
        hidden = m_tape.product(gate, m_tape.columns(up, n, n));
    } else {
        hidden = bent(up, layer.activation);
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

/// What f makes of x, added to `onto`, which with post-norm is x.
Node Twin::residual(const std::string& name, Node x, Node onto, const std::function<Node(Node)>& f) {
    if (m_config.norm.placement == NormPlacement::pre) return m_tape.add(onto, f(tap(name + "_norm", norm(x, name + "_norm"))));
    return tap(name + "_norm", norm(m_tape.add(onto, f(x)), name + "_norm"));
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
        x = specOf(config.mixer).attends ? residual(layer + ".attention", x, x, attend) : residual(layer + ".mixing", x, x, mix);
        if (memory && m_config.crossAttends())
            x = residual(layer + ".cross_attention", x, x, [&](Node in) {
                return attention(layer + ".cross_attention", crossAttentionOf(config), in, memory, !m_config.hasBottleneck());
            });
        Node read = config.parallel ? before : x;
        if (m_config.d_ff != 0)
            x = residual(layer + ".feed_forward", read, x, [&](Node in) {
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
    const OutputConfig& output = m_config.output;
    if (!specOf(output.kind).projects) return tap("logits", m_tape.scale(x, 1.0));
    const auto normed = [this](Node rows, double epsilon) {
        return m_tape.norm(rows, parameter("output.norm.weight"), parameter("output.norm.bias"), false, epsilon);
    };
    if (output.kind == OutputKind::mlp)
        x = tap("output.hidden", bent(normed(linear(x, "output.hidden"), outputNormEpsilon), Activation::relu));
    if (output.kind == OutputKind::masked_word)
        x = tap("output.hidden", normed(bent(linear(x, "output.hidden"), m_config.feed_forward.activation), m_config.norm.epsilon));
    if (!output.tied) return tap("logits", linear(x, "output.projection"));
    Node logits = m_tape.multiplyTransposed(x, parameter("token_embedding.weight"));
    Node bias = parameter("output.projection.bias");
    return tap("logits", bias ? m_tape.addRow(logits, bias) : logits);
}

/// Of numbers: half the mean square of what is missed where something is asked.
Node Twin::lossOf(Node logits) {
    if (!m_config.answersNumbers()) return m_tape.crossEntropy(logits, m_input.targets);
    return m_tape.halfMeanSquare(logits, m_input.targets, std::vector<double>(m_input.values.begin(), m_input.values.end()));
}

std::shared_ptr<const DoubleTrace> Twin::run() {
    Node x = tap("embedding", embedding("embedding", m_input.tokens));
    const bool decoder = m_config.architecture == Architecture::decoder;
    x = stack(decoder ? Side::decoder : Side::encoder, x, nullptr);
    if (m_config.hasBottleneck()) x = bottleneck(x);
    if (m_config.architecture == Architecture::encoder_decoder)
        x = stack(Side::decoder, tap("target_embedding", embedding("target_embedding", m_input.targetTokens)), x);
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
        if (result->contains(r.name)) {  // of both sides: the name is the source's, and its gradient the sum of neither
            result->erase("gradient." + r.name);
            continue;
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
        const double allowed = 2e-4 * largest + 1e-6;  // where all cancels, what is left is rounding of numbers about 1
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
