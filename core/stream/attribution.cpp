#include "core/stream/attribution.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/base/errors.h"
#include "core/layers/position/sinusoidal.h"
#include "core/model/output_head.h"
#include "core/stream/functional.h"
#include "core/tensor/batch.h"

namespace lab {
namespace {

std::vector<double> rowOf(const float* values, int n) {
    return std::vector<double>(values, values + n);
}

/// One question to one input: walks from the logit back to the tokens and notes what each part adds.
class Walk {
public:
    Walk(const StreamRuns& runs, const Input& input, const LogitQuestion& question)
        : m_runs(runs), m_input(input), m_question(question), m_config(runs.model().config()), m_states(streamStates(runs, input)) {
        checkQuestion();
        std::string split;
        if (m_question.split) split = runs.model().attentionBlocks()[static_cast<std::size_t>(m_question.split->first)].name;
        m_tap = std::make_unique<KeepingTap>(input, [split](const std::string& name) {
            if (!split.empty() && (name == split + ".weights" || name == split + ".value")) return true;
            return name.ends_with(".output") || name.ends_with(".head_output") || name.ends_with(".gate") ||
                   name.ends_with(".normalised_pair") || name.ends_with("embedding.sum");
        });
        m_runs.logits(m_input, *m_tap);
    }

    Attribution result() {
        Functional f = askedOfHead();
        backThroughBlocks(f);
        backThroughEmbedding(f);
        Attribution found;
        found.terms.assign(m_terms.rbegin(), m_terms.rend());
        for (const AttributionTerm& term : found.terms) {
            found.sum += term.value;
            found.size += std::abs(term.value);
        }
        found.logit = askedLogit();
        return found;
    }

private:
    void checkQuestion() const;
    double askedLogit() const;
    Functional askedOfHead();
    Functional askedClasses();
    void backThroughHidden(Functional& f);
    void backThroughBlocks(Functional& f);
    void attention(const Functional& f, const std::string& name, const LayerConfig& layer, int number, bool cross);
    void feedForward(const Functional& f, const std::string& name, int number);
    bool isSplit(const std::string& name, int head) const;
    void splitHead(const std::vector<double>& slope, const std::string& name, const LayerConfig& layer, AttributionTerm whole);
    void backThroughEmbedding(Functional& f);

    void note(TermKind kind, double value, int layer = -1, bool cross = false, int head = -1, int source = -1) {
        m_terms.push_back({kind, layer, cross, head, source, value});
    }
    void noteBias(TermKind kind, double value, int layer = -1) {
        if (value != 0.0) note(kind, value, layer);
    }
    const float* parameter(const std::string& name) const { return parameterOf(m_runs.model(), m_runs.weights(), name); }
    /// The kept tensor's row of the position asked for, of `width` numbers.
    const float* row(const std::string& name, int width) const {
        return m_tap->kept.at(name).values.data() + std::ptrdiff_t{m_question.position} * width;
    }
    std::vector<double> stateAt(int place) const { return rowOf(m_states.at(place, m_question.position), m_states.width); }

    const StreamRuns& m_runs;
    const Input& m_input;
    LogitQuestion m_question;
    const ModelConfig& m_config;
    StreamStates m_states;
    std::unique_ptr<KeepingTap> m_tap;
    std::vector<AttributionTerm> m_terms;  ///< from the last to the first
};

void Walk::checkQuestion() const {
    if (m_question.position < 0 || m_question.position >= m_states.positions)
        throw InputError(Message(LAB_TEXT("stream", "There is no position %1; the model answers at 0 .. %2."))
                             .arg(m_question.position)
                             .arg(m_states.positions - 1));
    const bool compares = m_question.against == LogitQuestion::Against::other;
    for (const int asked : {m_question.answer, compares ? m_question.other : m_question.answer})
        if (asked < 0 || asked >= m_states.classes)
            throw InputError(
                Message(LAB_TEXT("stream", "There is no answer %1; the model's are 0 .. %2.")).arg(asked).arg(m_states.classes - 1));
    if (!m_question.split) return;
    const auto& blocks = m_runs.model().attentionBlocks();
    const auto [block, head] = *m_question.split;
    if (block < 0 || block >= static_cast<int>(blocks.size()) || head < 0 || head >= blocks[static_cast<std::size_t>(block)].heads)
        throw InputError(Message(LAB_TEXT("stream", "There is no head %1 of attention block %2 to split.")).arg(head).arg(block));
}

double Walk::askedLogit() const {
    const float* logits = m_states.logits.data() + std::ptrdiff_t{m_question.position} * m_states.classes;
    const double asked = static_cast<double>(logits[m_question.answer]);
    if (m_question.against == LogitQuestion::Against::other) return asked - static_cast<double>(logits[m_question.other]);
    if (m_question.against == LogitQuestion::Against::nothing) return asked;
    double sum = 0;
    for (int c = 0; c < m_states.classes; ++c) sum += static_cast<double>(logits[c]);
    return asked - sum / m_states.classes;
}

/// Of what the projection reads.
Functional Walk::askedClasses() {
    const int inner =
        m_config.output.kind == OutputKind::masked_word ? m_config.embedding_dim.value_or(m_config.d_model) : m_config.d_model;
    const bool tied = m_config.output.tied;
    const float* table = parameter(tied ? "token_embedding.weight" : "output.projection.weight");
    const float* bias = parameter("output.projection.bias");
    Functional f{std::vector<double>(static_cast<std::size_t>(inner))};
    double constant = 0;
    const auto add = [&](int c, double share) {
        const float* of = table + std::ptrdiff_t{c} * inner;
        for (std::size_t i = 0; i < f.slope.size(); ++i) f.slope[i] += share * static_cast<double>(of[i]);
        if (bias) constant += share * static_cast<double>(bias[c]);
    };
    add(m_question.answer, 1.0);
    if (m_question.against == LogitQuestion::Against::other) add(m_question.other, -1.0);
    if (m_question.against == LogitQuestion::Against::mean)
        for (int c = 0; c < m_states.classes; ++c) add(c, -1.0 / m_states.classes);
    noteBias(TermKind::output_bias, constant);
    return f;
}

/// Of the stream's last state, behind the norm that may stand before the output head.
Functional Walk::askedOfHead() {
    Functional f = askedClasses();
    if (specOf(m_config.output.kind).hidden) backThroughHidden(f);
    return f;
}

/// The output head's hidden layer: Linear, norm, relu; or Linear, activation, norm.
void Walk::backThroughHidden(Functional& f) {
    const Model& model = m_runs.model();
    const Weights& weights = m_runs.weights();
    std::vector<double> x = stateAt(static_cast<int>(m_states.places.size()) - 1);
    if (m_config.norm.placement == NormPlacement::pre)
        x = normed(model, weights, std::string(nameOf(answeringSide(m_config))) + "_norm", m_config.norm, x);
    const std::vector<double> h = linearOf(model, weights, "output.hidden", x);
    if (m_config.output.kind == OutputKind::mlp) {
        const NormConfig norm{NormKind::layer, m_config.norm.placement, outputNormEpsilon};
        const std::vector<double> y = normed(model, weights, "output.norm", norm, h);
        for (std::size_t i = 0; i < y.size(); ++i)
            if (y[i] <= 0) f.slope[i] = 0;
        noteBias(TermKind::output_bias, backThroughNorm(f, model, weights, "output.norm", norm, h));
    } else {
        const NormConfig norm{NormKind::layer, m_config.norm.placement, m_config.norm.epsilon};
        const Activation activation = m_config.feed_forward.activation;
        noteBias(TermKind::output_bias, backThroughNorm(f, model, weights, "output.norm", norm, activated(activation, h)));
        noteBias(TermKind::curve, backThroughActivation(f, activation, h));
    }
    noteBias(TermKind::output_bias, backThroughLinear(f, model, weights, "output.hidden", m_config.d_model));
}

void Walk::backThroughBlocks(Functional& f) {
    const Model& model = m_runs.model();
    const Weights& weights = m_runs.weights();
    const bool pre = m_config.norm.placement == NormPlacement::pre;
    const std::vector<LayerConfig> layers = layersOf(m_config, answeringSide(m_config));
    int place = static_cast<int>(m_states.places.size()) - 1;
    if (pre)
        noteBias(TermKind::norm_bias,
                 backThroughNorm(f, model, weights, std::string(nameOf(answeringSide(m_config))) + "_norm", m_config.norm, stateAt(place)));
    for (; place > 0; --place) {
        const StreamPlace& at = m_states.places[static_cast<std::size_t>(place)];
        const LayerConfig& layer = layers[static_cast<std::size_t>(at.layer)];
        const std::string name = sublayerName(m_config, at);
        if (!pre) {
            std::vector<double> sum = stateAt(place - 1);
            const float* added = row(name + ".output", m_config.d_model);
            for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<double>(added[i]);
            noteBias(TermKind::norm_bias, backThroughNorm(f, model, weights, name + "_norm", layer.norm, sum), at.layer);
        }
        if (at.part == StreamPart::feed_forward)
            feedForward(f, name, at.layer);
        else if (at.part == StreamPart::mixer && !specOf(layer.mixer).attends)
            note(TermKind::mixing, f.of(row(name + ".output", m_config.d_model)), at.layer);
        else
            attention(f, name, layer, at.layer, at.part == StreamPart::cross);
    }
}

void Walk::feedForward(const Functional& f, const std::string& name, int number) {
    const double whole = f.of(row(name + ".output", m_config.d_model));
    const float* bias = parameter(name + ".down.bias");  // experts have none of this name
    const double ofBias = bias ? f.of(bias) : 0.0;
    noteBias(TermKind::feed_forward_bias, ofBias, number);
    note(TermKind::feed_forward, whole - ofBias, number);
}

void Walk::attention(const Functional& f, const std::string& name, const LayerConfig& layer, int number, bool cross) {
    const float* bias = parameter(name + ".output.bias");
    if (bias) noteBias(TermKind::attention_bias, f.of(bias), number);
    const int width = layer.num_heads * layer.head_dim;
    Functional ofHeads = f;
    backThroughLinear(ofHeads, m_runs.model(), m_runs.weights(), name + ".output", width);
    if (m_tap->kept.contains(name + ".gate")) {
        const float* gate = row(name + ".gate", width);
        for (std::size_t i = 0; i < ofHeads.slope.size(); ++i) ofHeads.slope[i] *= static_cast<double>(gate[i]);
    }
    for (int head = layer.num_heads - 1; head >= 0; --head) {
        const auto first = ofHeads.slope.begin() + std::ptrdiff_t{head} * layer.head_dim;
        const std::vector<double> slope(first, first + layer.head_dim);
        const bool paired = m_tap->kept.contains(name + ".normalised_pair");
        const float* output = paired ? row(name + ".normalised_pair", width) + std::ptrdiff_t{head} * layer.head_dim
                                     : m_tap->kept.at(name + ".head_output").values.data() +
                                           (std::ptrdiff_t{head} * m_states.positions + m_question.position) * layer.head_dim;
        const AttributionTerm whole{TermKind::head, number, cross, head, -1, Functional{slope}.of(output)};
        if (isSplit(name, head))
            splitHead(slope, name, layer, whole);
        else
            m_terms.push_back(whole);
    }
}

bool Walk::isSplit(const std::string& name, int head) const {
    return m_question.split && m_question.split->second == head &&
           m_runs.model().attentionBlocks()[static_cast<std::size_t>(m_question.split->first)].name == name;
}

/// `slope`: of the head's output [head_dim].
void Walk::splitHead(const std::vector<double>& slope, const std::string& name, const LayerConfig& layer, AttributionTerm whole) {
    const Tensor& maps = m_tap->kept.at(name + ".weights");
    const Tensor& values = m_tap->kept.at(name + ".value");
    const auto keys = static_cast<int>(maps.extent(2));
    const float* weights = maps.values.data() + (std::ptrdiff_t{whole.head} * maps.extent(1) + m_question.position) * keys;
    const int group = whole.head * static_cast<int>(values.extent(0)) / layer.num_heads;
    const float* value = values.values.data() + std::ptrdiff_t{group} * values.extent(1) * layer.head_dim;
    double rest = whole.value;
    std::vector<AttributionTerm> parts;
    for (int key = 0; key < keys; ++key) {
        AttributionTerm part = whole;
        part.source = key;
        part.value = static_cast<double>(weights[key]) * Functional{slope}.of(value + std::ptrdiff_t{key} * layer.head_dim);
        rest -= part.value;
        parts.push_back(part);
    }
    const bool rounding = std::abs(rest) <= 1e-6 * (1.0 + std::abs(whole.value));
    whole.kind = TermKind::rest;
    whole.value = rest;
    if (!rounding) m_terms.push_back(whole);
    m_terms.insert(m_terms.end(), parts.rbegin(), parts.rend());
}

void Walk::backThroughEmbedding(Functional& f) {
    const Model& model = m_runs.model();
    const Weights& weights = m_runs.weights();
    const bool twoSides = specOf(m_config.architecture).twoSides();
    const int inner = m_config.embedding_dim.value_or(m_config.d_model), position = m_question.position;
    const auto at = static_cast<std::size_t>(position);
    const std::string sumName = std::string(twoSides ? "target_embedding" : "embedding") + ".sum";
    double bias = 0;
    if (inner != m_config.d_model) bias += backThroughLinear(f, model, weights, "embedding_map", inner);
    if (m_config.embedding_norm)
        bias += backThroughNorm(f, model, weights, "embedding_norm", m_config.norm, rowOf(row(sumName, inner), inner));
    if (const float* segments = parameter("segment_embedding.weight")) {
        const std::vector<int>& tokens = twoSides ? m_input.targetTokens : m_input.tokens;
        const auto ends = std::count(tokens.begin(), tokens.begin() + position, m_config.segment_end.value_or(-1));
        note(TermKind::segment, f.of(segments + std::min<std::ptrdiff_t>(ends, m_config.segments - 1) * inner));
    }
    if (const float* learned = parameter("position_embedding.weight"))
        note(TermKind::position, f.of(learned + std::ptrdiff_t{position} * inner));
    if (m_config.position.kind == PositionKind::sinusoidal) {
        std::vector<double> sines(static_cast<std::size_t>(inner));
        sinusoidalRow(position, inner, sines.data());
        note(TermKind::position, f.of(sines));
    }
    if (m_config.readsVectors()) {
        if (m_config.class_token && m_input.tokens[at] == classToken) {
            note(TermKind::token, f.of(parameter("class_embedding.weight")));
        } else {
            Functional ofVector = f;
            bias += backThroughLinear(ofVector, model, weights, "input_embedding", *m_config.input_dim);
            note(TermKind::token, ofVector.of(m_input.vectors.data() + std::ptrdiff_t{position} * *m_config.input_dim));
        }
    } else {
        const int token = (twoSides ? m_input.targetTokens : m_input.tokens)[at];
        if (const float* b = parameter("token_embedding.bias")) bias += f.of(b);
        note(TermKind::token, f.of(parameter("token_embedding.weight") + std::ptrdiff_t{token} * inner));
    }
    noteBias(TermKind::embedding_bias, bias);
}

}  // namespace

Message AttributionTerm::label() const {
    const SourceText& text = specOf(kind).label;
    Message message(text);
    for (const int number : {layer, head})
        if (static_cast<int>(message.arguments().size()) < placesOf(text.text)) message.arg(number);
    return message;
}

Attribution attributionOf(const StreamRuns& runs, const Input& input, const LogitQuestion& question) {
    return Walk(runs, input, question).result();
}

void AttributionMean::add(const Attribution& one) {
    ++m_count;
    m_sum.sum += one.sum;
    m_sum.logit += one.logit;
    for (const AttributionTerm& term : one.terms) {
        const auto found = std::ranges::find_if(m_sum.terms, [&](const AttributionTerm& known) { return known.isSamePart(term); });
        if (found == m_sum.terms.end())
            m_sum.terms.push_back(term);
        else
            found->value += term.value;
    }
}

Attribution AttributionMean::mean() const {
    const double share = 1.0 / m_count;
    Attribution mean = m_sum;
    mean.sum *= share;
    mean.logit *= share;
    for (AttributionTerm& term : mean.terms) {
        term.value *= share;
        mean.size += std::abs(term.value);
    }
    return mean;
}

std::optional<LogitQuestion> trueAnswerAt(const StreamRuns& runs, const Input& input, int position, LogitQuestion::Against against) {
    const auto at = static_cast<std::size_t>(position);
    if (position < 0 || at >= input.targets.size() || input.targets[at] < 0) return std::nullopt;
    LogitQuestion question{position, input.targets[at], against};
    if (against != LogitQuestion::Against::other) return question;
    KeepingTap tap(input, [](const std::string&) { return false; });
    const std::vector<float> logits = runs.logits(input, tap);
    const auto classes = static_cast<std::ptrdiff_t>(*runs.model().config().num_classes);
    const float* row = logits.data() + position * classes;
    question.other = question.answer == 0 ? 1 : 0;
    for (int c = 0; c < classes; ++c)
        if (c != question.answer && row[c] > row[question.other]) question.other = c;
    return question;
}

}  // namespace lab
