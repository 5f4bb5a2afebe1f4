// What counts how far keys lie back: vectors of distances in the scores, spans of heads, a memory that stands as it was. Forward and back.

#include <cmath>
#include <memory>

#include "core/explain/quantities.h"
#include "core/layers/attention/span.h"
#include "core/layers/position/distance_vectors.h"

namespace lab::explain {
namespace {

constexpr NodeRow spanRows[] = {
    {"!spans", "", "finalScore := bentScore"},
    {"spans", LAB_TEXT("explain", "share"), "spanShares h $B.span"},
    {"spans", LAB_TEXT("explain", "share"), "spanShare h.. = same spanShares:h"},
    {"spans", "$longest", "longestSpan . = custom", LAB_TEXT("explain", "longest span")},
    {"spans", "z_{h}", "spanOf h.. = longestSpan spanShare"},
    {"spans", LAB_TEXT("explain", "ramp"), "ramp . = custom"},
    {"spans", "|i \u2212 j|", "far ij = custom"},
    {"spans", "$ramp + z_{h} \u2212 |i \u2212 j|", "spanLeft hij* = ramp + spanOf - far"},
    {"spans", "m_{ij}", "spanFactor hij* = quotient spanLeft ; ramp"},
    {"spans", "\u2212ln m_{ij}", "spanLoss hij* = log spanFactor"},
    {"spans", "s\u2033#rc", "finalScore hij* $B.scores = bentScore - spanLoss", "s\u2033"},
};

constexpr NodeRow spanBackRows[] = {
    {"!spans", "", "dsBent := ds"},
    {"spans", "\u2202$bent$head#rc", "dsBent hij gradient.$B.before_span = same ds", "\u2202$bent"},
    {"spans", "1/($ramp m_{ij})", "spanSlope hij = custom"},
    {"spans", "\u2202z_{h}", "dSpan hij = ds spanSlope", "\u2202$s / ($ramp m_{ij})"},
    {"spans", "\u03A3", "dSpanSum hi. = dSpan", "\u2202z_{h}"},
};

constexpr NodeRow relativeBackRows[] = {
    {"relates !map", "", "dPlace := dqk"},
    {"relates map", "1/\u221Ad_{h}", "overRootBack . = custom"},
    {"relates map", "\u2202\u03B4", "dPlace hij = dsIn overRootBack", "(1/\u221Ad_{h}) \u2202$uncapped"},
};

/// (q_i + v_h) . delta_{i-j} of a row that is not in hand, whose vectors stand nowhere.
double placedElsewhere(const Graph& g, const DistanceVectors<double>& vectors, Entry e) {
    const Context& c = g.context();
    const double* distance = vectors.rows(e.row - e.column);
    double sum = 0.0;
    for (int p = 0; p < c.headDim; ++p) {
        double made = 0.0;
        for (int m = 0; m < c.d; ++m) made += g.at("W_R").value({0, e.head * c.headDim + p, m}) * distance[m];
        sum += g.at("asked").value({e.head, e.row, p}) * made;
    }
    return sum;
}

}  // namespace

void addRelative(Graph& g) {
    const Context& c = g.context();
    if (!c.is("relates")) return;
    const auto vectors = std::make_shared<DistanceVectors<double>>();
    vectors->reach(c.d, std::max(c.queries, c.keys));
    Node &distance = g.at("distanceVector"), &vector = g.at("placeVector"), &placed = g.at("placed");
    distance.read = [vectors, i = c.query](Entry e) { return vectors->rows(i - e.row)[e.column]; };
    distance.name = [i = c.query](Entry e) { return Words("R_{" + text(i - e.row) + "," + text(e.column) + "}"); };
    distance.note = [i = c.query, sines = c.d - c.d / 2](Entry e) {
        return Message(e.column < sines ? LAB_TEXT("explain", "a sine of the distance i \u2212 j = %1")
                                        : LAB_TEXT("explain", "a cosine of the distance i \u2212 j = %1"))
            .arg(shownNumber(i - e.row, 0));
    };
    vector.name = [i = c.query](Entry e) { return Words("\u03B4_{" + text(i - e.row) + "," + text(e.column) + "}"); };
    g.at("places").name = vector.name;
    placed.read = [&g, &placed, vectors, i = c.query](Entry e) {
        return e.row == i ? g.compute(placed, e) : placedElsewhere(g, *vectors, e);
    };
    g.at("overRoot").read = [root = std::sqrt(static_cast<double>(c.headDim))](Entry) { return 1.0 / root; };
}

void addRelativeBack(Graph& g) {
    const Context& c = g.context();
    g.define(relativeBackRows);
    if (Node* over = g.find("overRootBack"))
        over->read = [root = std::sqrt(static_cast<double>(c.headDim)), set = c.is("scoresSet")](Entry) { return set ? 0.0 : 1.0 / root; };
}

void addSpan(Graph& g) {
    const Context& c = g.context();
    g.define(spanRows);
    if (!c.is("spans")) return;
    const double ramp = c.config().attention.span_ramp;
    const int longest = c.config().attention.max_span.value_or(1);
    Node &share = g.at("spanShare"), &span = g.at("spanOf"), &factor = g.at("spanFactor"), &loss = g.at("spanLoss");
    g.at("longestSpan").read = [longest](Entry) { return longest; };
    g.at("ramp").read = [ramp](Entry) { return ramp; };
    g.at("far").read = [](Entry e) { return std::abs(static_cast<double>(e.row - e.column)); };
    share.note = [](Entry e) { return Message(LAB_TEXT("explain", "head %1\u2019s trained share of the longest span")).arg(e.head); };
    span.read = [&share, longest](Entry e) { return spanOfShare(share.value(e), longest); };
    span.why = [&share](Entry e) {
        const double p = share.value(e);
        return p < 0.0 || p > 1.0 ? Words(LAB_TEXT("explain", "a share below 0 counts as 0, one above 1 as 1")) : Words();
    };
    factor.read = [&span, ramp](Entry e) {
        return spanMask(std::abs(static_cast<double>(e.row - e.column)), span.value({e.head, 0, 0}), ramp);
    };
    const auto beyond = [&factor](Entry e) {
        return factor.value(e) > 0.0 ? Words() : Words(LAB_TEXT("explain", "the key lies beyond the head\u2019s span and its ramp"));
    };
    factor.why = [&factor, beyond](Entry e) {
        return factor.value(e) < 1.0 ? beyond(e) : Words(LAB_TEXT("explain", "1: the key lies within the head\u2019s span"));
    };
    loss.why = g.at("finalScore").why = beyond;
}

void addSpanBack(Graph& g, const Variables& names) {
    const Context& c = g.context();
    g.define(spanBackRows, names);
    if (!c.is("spans")) return;
    g.at("spanSlope").read = [ramp = c.config().attention.span_ramp, &factor = g.at("spanFactor")](Entry e) {
        const double m = factor.value(e);
        return m > 0.0 && m < 1.0 ? 1.0 / (ramp * m) : 0.0;
    };
    g.at("spanSlope").note = [&factor = g.at("spanFactor")](Entry e) {
        const double m = factor.value(e);
        return m > 0.0 && m < 1.0 ? LAB_TEXT("explain", "the key lies on the ramp") : LAB_TEXT("explain", "0: m is level there");
    };
    if (!c.is("scoresSet")) return;
    g.at("dsBent").read = [](Entry) { return 0.0; };
    g.at("dsBent").why = [](Entry) { return nothingBack(); };
}

/// The rows of a memory stand as they were made: what a query sends to their keys and values reaches the matrices alone.
void cutMemory(Graph& g, Node& part) {
    const Context& c = g.context();
    if (!c.is("keeps")) return;
    const auto kept = [&c](Entry e) { return c.block.visibility.detached(e.row, e.head, c.keys); };  // of query e.row to key e.head
    part.read = [&g, &part, kept](Entry e) { return kept(e) ? 0.0 : g.kept(part, e); };
    part.why = [kept, other = part.why](Entry e) {
        if (kept(e)) return Words(Message(LAB_TEXT("explain", "0: query %1 reads this row as memory, which stands as it was")).arg(e.row));
        return other ? other(e) : Words();
    };
}

}  // namespace lab::explain
