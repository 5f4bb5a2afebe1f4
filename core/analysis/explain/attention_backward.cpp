#include "core/analysis/explain/attention_backward.h"

#include <algorithm>
#include <cmath>

namespace lab::explain {

double scoreFactor(const Context& c) {
    if (c.linear) return 1.0;
    if (c.form != AttentionForm::kv_pos || c.block.cross) return c.scale;
    const ParameterView w = c.parameter(c.name(".position_map.weight"));
    double s = 0.0;
    for (int m = 0; m < w.columns; ++m) s += w(0, m);
    return c.scale * s;
}

std::string scoreFactorText(const Context& c) {
    if (c.linear) return "";
    return c.form == AttentionForm::kv_pos && !c.block.cross ? "(s/\u221Ad_{h}) " : "(1/\u221Ad_{h}) ";
}

double phiSlope(double x) {
    return linearFeatureSlope(x);
}

std::string scoreGradient(const Context& c, const std::string& index) {
    return d(scoreSymbol(c) + index);
}

std::string phiOf(const Context& c, const std::string& name) {
    return c.linear ? "\u03C6(" + name + ")" : name;
}

std::string productGradient(int i, int j) {
    return named(d("(qk)"), i, j);
}

std::string productNote(const Context& c) {
    return d("(qk)_{ij}") + " = " + scoreFactorText(c) + scoreGradient(c, "_{ij}") + " is what reaches the product of query i and key j.";
}

namespace {

bool changed(const Context& block, Intervention::Kind kind, int h) {
    return std::ranges::any_of(block.question.input.interventions,
                               [&](const Intervention& i) { return i.kind == kind && i.name == block.block.name && i.head == h; });
}

}  // namespace

bool headIsCut(const Context& block, int h) {
    return changed(block, Intervention::Kind::headOff, h) || block.setByHand(block.name(".head_output"));
}

std::string whyNoScoreGradient(const Context& block, int h) {
    if (block.setByHand(block.name(".weights"))) return "0: the weights are set by hand, no gradient passes them";
    if (changed(block, Intervention::Kind::headUniform, h)) return "0: the head is made to look evenly, no gradient passes its weights";
    return {};
}

AttentionViews::AttentionViews(const Context& block)
    : q(block.tensor(".query")),
      k(block.tensor(".key")),
      v(block.tensor(".value")),
      a(block.tensor(".weights")),
      masked(block.tensor(".masked_scores")),
      heads(block.block.heads),
      groups(block.block.kvHeads),
      headDim(block.headDim),
      queries(block.queries),
      keys(block.keys),
      factor(scoreFactor(block)),
      linear(block.linear) {
    const auto gradient = [&](const std::string& suffix) { return block.numbers.at("gradient." + block.name(suffix)); };
    dy = gradient(".output");
    dout = gradient(".head_output");
    da = gradient(".weights");
    ds = gradient(".scores");
    dq = gradient(".query");
}

double AttentionViews::readK(int h, int j, int p) const {
    const double value = k(group(h), j, p);
    return linear ? phi(value) : value;
}

double AttentionViews::readQ(int h, int i, int p) const {
    const double value = q(h, i, p);
    return linear ? phi(value) : value;
}

double AttentionViews::weightedSum(int h, int i) const {
    double sum = 0.0;
    for (int j = 0; j < keys; ++j) sum += a(h, i, j) * da(h, i, j);
    return sum;
}

double AttentionViews::rowSum(int h, int i) const {
    double sum = 0.0;
    for (int j = 0; j < keys; ++j)
        if (const double score = masked(h, i, j); !std::isinf(score)) sum += score;
    return sum;
}

TurnBack::TurnBack(const Context& block, int rows) : m_headDim(block.headDim) {
    if (block.rope) m_frequencies = ropeFrequencies(block.config().position.rope, block.headDim, rows);
    m_interleaved = block.rope && block.config().position.rope.pairing == RopePairing::interleaved;
}

TurnBack::Factors TurnBack::at(int position, int p) const {
    if (m_frequencies.theta.empty()) return {1.0, 0.0, p};
    const int half = m_headDim / 2;
    const bool first = m_interleaved ? p % 2 == 0 : p < half;
    const int pair = m_interleaved ? p / 2 : p % half, partner = m_interleaved ? p ^ 1 : first ? p + half : p - half;
    const double angle = position * m_frequencies.theta[static_cast<std::size_t>(pair)];
    return {m_frequencies.scale * std::cos(angle), m_frequencies.scale * (first ? 1.0 : -1.0) * std::sin(angle), partner};
}

double TurnBack::of(int position, int p, const std::function<double(int p)>& rotated) const {
    const Factors f = at(position, p);
    return f.cosine * rotated(p) + (f.sine == 0.0 ? 0.0 : f.sine * rotated(f.partner));
}

}  // namespace lab::explain
