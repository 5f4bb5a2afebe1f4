// RoPE: queries and keys turned, and turned back.

#include <cmath>
#include <memory>
#include <optional>

#include "core/explain/quantities.h"

namespace lab::explain {
namespace {

/// What a query sends to the key in hand, as it reaches the key's projection: times the kernel's slope or through its random features,
/// through the
/// division by its length, turned back, through the norm.
class ShapeBack {
public:
    ShapeBack(const Graph& g, const char* sent)
        : m_context(g.context()),
          m_q(g.at(sent)),
          m_slope(g.find("slopeK")),
          m_omega(g.find("omega")),
          m_phi(g.find("phiK")),
          m_hat(g.find("hatK")),
          m_root(g.find("fourthRoot")),
          m_unit(g.find("unit.result")),
          m_length(g.find("unit.length")),
          m_normed(g.find("kn.normed")),
          m_gain(g.find("kn.gain")),
          m_spread(g.find("kn.spread")) {
        if (m_context.is("rope")) m_rotation.emplace(m_context);
    }

    double value(Entry e) const { return sum(m_normed ? throughNorm(e) : turned(e)); }
    std::vector<Term> terms(Entry e) const { return m_normed ? throughNorm(e) : turned(e); }

private:
    static double sum(const std::vector<Term>& terms) {
        double all = 0.0;
        for (const Term& term : terms) all += term.value();
        return all;
    }
    Term met(Entry e, int p) const {
        if (m_omega) return single({sum(throughFeatures(e, p)), Words("\u03A3 \u03C6 \u03C6\u2032")});
        Term term = single(m_q({e.head, e.row, p}));
        if (m_slope) term.factors.push_back((*m_slope)({e.head, m_context.key, p}));
        return term;
    }
    /// Feature by feature: d phi(k)_n / d k_p = phi(k)_n (omega_np - k^_p) / d_h^(1/4).
    std::vector<Term> throughFeatures(Entry e, int p) const {
        const Operand share{1.0 / m_root->value({}), Message::joined({Words("1/"), m_root->nameOf({})}, "")};
        std::vector<Term> terms;
        for (int n = 0; n < m_context.config().attention.features; ++n) {
            const double along = m_omega->value({0, n, p}) - m_hat->value({e.head, m_context.key, p});
            terms.push_back(
                {{m_q({e.head, e.row, n}), (*m_phi)({e.head, m_context.key, n}), {along, Words("\u03A9 \u2212 k\u0302")}, share}, false});
        }
        return terms;
    }
    /// (q - u (u . q)) / |k|, where u is the key of length 1.
    std::vector<Term> throughDivision(Entry e, int p) const {
        const auto unit = [&](int n) { return Entry{e.head, m_context.key, n}; };
        double along = 0.0;
        for (int n = 0; n < m_context.headDim; ++n) along += m_unit->value(unit(n)) * met(e, n).value();
        const Operand share{1.0 / m_length->value(unit(0)), Words("1/" + m_context.variables.at("longLength").english())};
        Term straight = met(e, p);
        straight.factors.push_back(share);
        return {straight, {{(*m_unit)(unit(p)), {along, m_context.variables.at("alongUnit")}, share}, true}};
    }
    /// What reaches the key as RoPE left it, as one factor.
    Term reached(Entry e, int p) const {
        if (!m_unit) return met(e, p);
        return single({sum(throughDivision(e, p)), Words("\u2202" + m_context.variables.at("long").english())});
    }
    std::vector<Term> turned(Entry e) const {
        if (!m_rotation && m_unit) return throughDivision(e, e.column);
        if (!m_rotation) return m_omega ? throughFeatures(e, e.column) : std::vector{met(e, e.column)};
        const double sine = (m_rotation->first(e.column) ? 1.0 : -1.0) * m_rotation->sine(m_context.key, e.column);
        std::vector<Term> both{reached(e, e.column), reached(e, m_rotation->partner(e.column))};
        both[0].factors.insert(both[0].factors.begin() + 1,
                               Operand{m_rotation->cosine(m_context.key, e.column), Words(m_rotation->factored("cos"))});
        both[1].factors.insert(both[1].factors.begin() + 1, Operand{sine, Words("\u00B1" + m_rotation->factored("sin"))});
        return both;
    }
    /// (gamma q - n mean(gamma q n)) / rms, where n is the normed key.
    std::vector<Term> throughNorm(Entry e) const {
        const auto gained = [&](int p) { return (*m_gain).value({0, 0, p}) * sum(turned({e.head, e.row, p})); };
        const auto n = [&](int p) { return m_normed->value({e.head, m_context.key, p}); };
        double mean = 0.0;
        for (int p = 0; p < m_context.headDim; ++p) mean += gained(p) * n(p) / m_context.headDim;
        const Operand share{1.0 / m_spread->value({e.head, m_context.key, 0}), "1/rms"};
        Term straight{{{gained(e.column), "\u2202\u1E91"}, share}, false},
            along{{(*m_normed)({e.head, m_context.key, e.column}), {mean, Words("mean(\u2202\u1E91 \u1E91)")}, share}, true};
        return {straight, along};
    }

    const Context& m_context;
    const Node& m_q;
    const Node *m_slope, *m_omega, *m_phi, *m_hat, *m_root, *m_unit, *m_length, *m_normed, *m_gain, *m_spread;
    std::optional<Rotation> m_rotation;
};

}  // namespace

Rotation::Rotation(const Context& c)
    : m_frequencies(ropeFrequencies(c.config().position.rope, c.headDim, c.queries)),
      m_half(c.headDim / 2),
      m_interleaved(c.config().position.rope.pairing == RopePairing::interleaved) {}

std::string Rotation::factored(const std::string& wave) const {
    return attentionFactor() == 1.0 ? wave : "\u03BA " + wave;
}

double Rotation::cosine(int position, int p) const {
    return m_frequencies.scale * std::cos(position * theta(p));
}

double Rotation::sine(int position, int p) const {
    return m_frequencies.scale * std::sin(position * theta(p));
}

/// RoPE: each pair of numbers turned by the angle of its position.
void addRotation(Graph& g) {
    const Context& c = g.context();
    const Rotation rotation(c);
    for (const char* letter : {"Q", "K"}) {
        if (letter[0] == 'K' && c.is("borrows")) continue;  // turned where it was made
        const std::string low = letter[0] == 'Q' ? "q" : "k";
        for (const bool cosine : {true, false}) {
            Node& wave = g.at((cosine ? "cos" : "sin") + std::string(letter));
            wave.read = [=](Entry e) { return cosine ? rotation.cosine(e.row, e.column) : rotation.sine(e.row, e.column); };
            wave.name = [=](Entry e) {
                return Words(rotation.factored(cosine ? "cos " : "sin ") + text(e.row) + "\u03B8_{" + text(rotation.pair(e.column)) + "}");
            };
            wave.note = [=](Entry e) {
                const std::string theta = shownNumber(rotation.theta(e.column), 4);
                if (rotation.attentionFactor() == 1.0) return Message(LAB_TEXT("explain", "\u03B8 = %1 a position")).arg(theta);
                return Message(LAB_TEXT("explain", "\u03B8 = %1 a position, \u03BA = %2"))
                    .arg(theta)
                    .arg(shownNumber(rotation.attentionFactor(), 4));
            };
        }
        g.at(low == "k" ? "k2" : low).terms = [=, &from = g.at(low + "1"), &cosine = g.at(std::string("cos") + letter),
                                               &sine = g.at(std::string("sin") + letter)](Entry e) {
            const Entry other{e.head, e.row, rotation.partner(e.column)}, angle{0, e.row, e.column};
            Term second = product(from(other), sine(angle));
            second.minus = rotation.first(e.column);
            return std::vector{product(from(e), cosine(angle)), second};
        };
    }
}

/// RoPE turned back: what reaches the number before its rotation.
void turnBack(Graph& g, const char* name, Node& from, const char* of) {
    const Context& c = g.context();
    Node& node = g.at(name);
    if (c.setByHand(c.name(of))) {
        node.read = [](Entry) { return 0.0; };
        node.why = [](Entry) { return nothingBack(); };
        return;
    }
    node.kept = true;
    node.terms = [rotation = Rotation(c), &from](Entry e) {
        const Entry other{e.head, e.row, rotation.partner(e.column)};
        const double sine = (rotation.first(e.column) ? 1.0 : -1.0) * rotation.sine(e.row, e.column);
        return std::vector{product(from(e), {rotation.cosine(e.row, e.column), Words(rotation.factored("cos"))}),
                           product(from(other), {sine, Words("\u00B1" + rotation.factored("sin"))})};
    };
}

void shapeBack(const Graph& g, Node& node, const char* sent) {
    const auto back = std::make_shared<const ShapeBack>(g, sent);
    node.read = [back](Entry e) { return back->value(e); };
    node.terms = [back](Entry e) { return back->terms(e); };
}

}  // namespace lab::explain
