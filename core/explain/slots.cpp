// A bottleneck between encoder and decoder: from what its slots have read to their codes, and to what the decoder gets of these.

#include <cmath>

#include "core/explain/quantities.h"

namespace lab::explain {
namespace {

constexpr NodeRow readingRows[] = {
    {"", "\u03C9#rc", "x ic bottleneck.queries", "\u03C9_{$i}"},
};

constexpr NodeRow numberRows[] = {
    {"", "r#c", "read ic = same y:ic", "r_{$i}"},      {"", "W_{r}#rc", "W_r (ir)c bottleneck.in.weight"},
    {"", "b#c", "b_r (ir) bottleneck.in.bias"},        {"", "\u03B6#rc", "numbers ir bottleneck.numbers = read W_r + b_r", "\u03B6_{$i}"},
    {"", "\u03B6#c", "codeNumbers ir = same numbers"},
};

/// Numbers of the rules, and the code, which is the same for all of a slot's numbers.
constexpr NodeRow constantRows[] = {
    {"levels", "shift", "codeShift . = custom"}, {"levels", "reach", "codeReach . = custom"},
    {"levels", "off", "codeOff . = custom"},     {"levels", "step", "codeStep . = custom"},
    {"levels", "1", "codeOne . = custom"},       {"signs", "1", "codeOne . = custom"},
    {"signs", "2", "codeTwo . = custom"},        {"", "c#r", "code i. = custom", LAB_TEXT("explain", "code")},
};

constexpr NodeRow codeRows[] = {
    {"levels", "\u03B6#c + shift", "codeMoved ir = codeNumbers + codeShift"},
    {"levels", "tanh", "codeBent ir = th codeMoved"},
    {"levels", "\u03B6\u2032#rc", "relaxed ir bottleneck.relaxed = codeReach codeBent - codeOff"},
    {"signs", "\u03B6\u2032#rc", "relaxed ir bottleneck.relaxed = th codeNumbers"},
    {"choice", "max", "codeMax i. = maximum codeNumbers"},
    {"choice", "\u03B6#c \u2212 max", "codeMinus ir = codeNumbers - codeMax", "\u2212 max"},
    {"choice", "e#c", "codeExp ir = exp codeMinus", "exp"},
    {"choice", "\u03A3", "codeSum i. = codeExp"},
    {"choice", "\u03B6\u2032#rc", "relaxed ir bottleneck.relaxed = quotient codeExp ; codeSum"},
    {"book", "\u03B6\u2032#rc", "relaxed ir bottleneck.relaxed = same codeNumbers"},
    {"book", "C#rc", "book br bottleneck.book"},
    {"book", "(\u03B6\u2032 \u2212 C)#rc", "codeApart ibr = custom"},
    {"book", LAB_TEXT("explain", "squared distance"), "codeDistance ib = codeApart codeApart"},
    {"levels", "\u03C7#rc", "sent ir bottleneck.sent = codeStep code - codeOne"},
    {"signs", "\u03C7#rc", "sent ir bottleneck.sent = codeTwo code - codeOne"},
    {"!levels !signs", "\u03C7#rc", "sent ir bottleneck.sent"},
};

constexpr NodeRow memoryRows[] = {
    {"", "W_{m}#rc", "W_m (im)r bottleneck.out.weight"},
    {"", "b#c", "b_m im bottleneck.out.bias"},
    {"", "m#rc", "slotMemory im bottleneck.memory = sent W_m + b_m", "m_{$i}"},
};

constexpr NodeRow backRows[] = {
    {"", "\u2202m#c", "dMemoryIn im = same dMemory:im"},
    {"", "\u2202\u03C7#c", "dSent ir gradient.bottleneck.sent = back slotMemory dMemoryIn sent"},
    {"", "\u2202\u03C7#c", "dSentIn ir = same dSent"},
    {"codeLosses", LAB_TEXT("explain", "cost"), "codeCost ir = custom", LAB_TEXT("explain", "+ what codes cost")},
    {"codeLosses", "\u2202\u03B6\u2032#c", "dRelaxed ir gradient.bottleneck.relaxed = dSentIn + codeCost"},
    {"!codeLosses", "\u2202\u03B6\u2032#c", "dRelaxed ir gradient.bottleneck.relaxed = same dSentIn"},
    {"levels", LAB_TEXT("explain", "slope"), "codeSlope ir = codeReach - codeReach codeBent codeBent"},
    {"signs", LAB_TEXT("explain", "slope"), "codeSlope ir = codeOne - relaxed relaxed"},
    {"levels", "\u2202\u03B6#c", "dNumbers ir gradient.bottleneck.numbers = dRelaxed codeSlope"},
    {"signs", "\u2202\u03B6#c", "dNumbers ir gradient.bottleneck.numbers = dRelaxed codeSlope"},
    {"choice", "\u03B6\u2032#c", "relaxedBack ir = same relaxed"},
    {"choice", "\u03B6\u2032#c \u2202\u03B6\u2032#c", "codeShared ir = relaxedBack dRelaxed", "\u03B6\u2032 \u00B7 \u2202\u03B6\u2032"},
    {"choice", "\u03A3", "codeSharedSum i. = codeShared"},
    {"choice", "\u2202\u03B6\u2032#c \u2212 \u03A3", "codeBetter ir = dRelaxed - codeSharedSum", "\u2202\u03B6\u2032 \u2212 \u03A3"},
    {"choice", "\u2202\u03B6#c", "dNumbers ir gradient.bottleneck.numbers = relaxedBack codeBetter"},
    {"book", "\u2202\u03B6#c", "dNumbers ir gradient.bottleneck.numbers = same dRelaxed"},
    {"", "\u2202\u03B6#c", "dNumbersIn ir = same dNumbers"},
    {"", "\u2202r#c", "dRead ic! gradient.bottleneck.attention.output = back numbers dNumbersIn read"},
};

/// A matrix may have a single column here.
void readMatrix(Node& node, const ParameterView& view) {
    node.raw = view;
    node.read = [view](Entry e) { return view(e.row, e.column); };
}

/// Finite scalar quantisation as its rule has it: bounded by tanh so that each of the levels has room, the outermost too.
void setConstants(Graph& g) {
    const auto set = [&g](const char* name, double value) {
        if (Node* node = g.find(name)) node->read = [value](Entry) { return value; };
    };
    const int levels = g.context().config().bottleneck.shape().codes;
    const double unit = levels / 2, half = (levels - 1) * (1 + 1e-3) / 2, off = levels % 2 == 0 ? 0.5 : 0.0;
    set("codeShift", std::atanh(off / half));
    set("codeReach", half / unit);
    set("codeOff", off / unit);
    set("codeStep", 1.0 / unit);
    set("codeOne", 1.0);
    set("codeTwo", 2.0);
}

/// Why a slot has its code.
Message whyCode(const Context& c) {
    if (c.is("levels"))
        return Message(LAB_TEXT("explain", "the nearest of the levels 0 to %1")).arg(c.config().bottleneck.shape().codes - 1);
    if (c.is("signs")) return LAB_TEXT("explain", "1 where \u03B6\u2032 is not below 0, else 0");
    return c.is("book") ? LAB_TEXT("explain", "the nearest row of the table") : LAB_TEXT("explain", "the place of the largest");
}

void setCode(Graph& g) {
    const Context& c = g.context();
    Node& code = g.at("code");
    code.read = [view = c.numbers.at("bottleneck.codes")](Entry e) { return view[e.row]; };
    code.note = [why = whyCode(c)](Entry) { return why; };
    Node& sent = g.at("sent");
    if (c.is("choice")) sent.note = [](Entry) { return LAB_TEXT("explain", "1 at the code, 0 elsewhere"); };
    if (!c.is("book")) return;
    sent.note = [&code](Entry e) {
        return Message(LAB_TEXT("explain", "from row %1 of the trained table of codes")).arg(static_cast<int>(code.value({0, e.row, 0})));
    };
    Node& book = g.at("book");
    readMatrix(book, c.parameter("bottleneck.book"));
    g.at("codeApart").read = [&relaxed = g.at("relaxed"), &book](Entry e) {
        return relaxed.value({0, e.head, e.column}) - book.value({0, e.row, e.column});
    };
}

/// What the losses of the codes themselves add: of a table's row how far it is, of one sequence; else as the trace has it.
void setCost(Graph& g) {
    const Context& c = g.context();
    Node* cost = g.find("codeCost");
    if (!cost) return;
    cost->read = [with = c.numbers.at("gradient.bottleneck.relaxed"), without = c.numbers.at("gradient.bottleneck.sent")](Entry e) {
        return with(e.row, e.column) - without(e.row, e.column);
    };
    const BottleneckConfig& bottleneck = c.config().bottleneck;
    const BottleneckShape shape = bottleneck.shape();
    cost->note = [](Entry) { return LAB_TEXT("explain", "of the losses that codes have of their own"); };
    if (bottleneck.usage > 0 || !shape.hasBook) return;
    cost->terms = [factor = 2.0 * shape.commitment / shape.slotCount, &relaxed = g.at("relaxed"), &sent = g.at("sent")](Entry e) {
        Term there = product({factor, LAB_TEXT("explain", "commitment")}, relaxed(e));
        Term chosen = product({factor, LAB_TEXT("explain", "commitment")}, sent(e));
        chosen.minus = true;
        return std::vector{there, chosen};
    };
}

}  // namespace

void addReading(Graph& g) {
    g.define(readingRows);
    addEncoderRows(g);
}

void addCodes(Graph& g) {
    g.define(numberRows);
    g.define(constantRows);
    setConstants(g);
    g.define(codeRows);
    setCode(g);
    g.define(memoryRows);
    readMatrix(g.at("W_m"), g.context().parameter("bottleneck.out.weight"));
}

void addCodesBack(Graph& g) {
    g.define(backRows);
    setCost(g);
}

}  // namespace lab::explain
