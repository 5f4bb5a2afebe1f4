// Norms of the residual stream and of a head's queries and keys, forward and back.

#include "core/explain/quantities.h"

namespace lab::explain {
namespace {

constexpr NodeRow normRows[] = {
    {"", "$z#c", "$norm.z $row$col = same $of:$row$col"},
    {"", "$spread", "$norm.spread $row. = deviation $norm.z $norm.z"},
    {"", "\u1E91#c", "$norm.normed $row$col = quotient $norm.z ; $norm.spread", "\u00F7 $spread"},
};

constexpr NodeRow layerNormRows[] = {
    {"", "$z#c", "$norm.z $row$col = same $of:$row$col"},
    {"", "\u03BC", "$norm.mean $row. = mean $norm.z"},
    {"", "$z#c \u2212 \u03BC", "$norm.centred $row$col = $norm.z - $norm.mean", "\u2212 \u03BC"},
    {"", "$spread", "$norm.spread $row. = deviation $norm.centred $norm.centred"},
    {"", "\u1E91#c", "$norm.normed $row$col = quotient $norm.centred ; $norm.spread", "\u00F7 $spread"},
};

constexpr NodeRow gainRows[] = {
    {"", "\u03B3#c", "$norm.gain $col $parameter.weight"},
    {"", "\u03B2#c", "$norm.shift $col $parameter.bias"},
    {"", "$symbol", "$norm.result $row$col $tensor = $norm.gain $norm.normed + $norm.shift", "\u00B7 \u03B3$beta"},
};

/// Back through a norm: what would only shift or stretch the row is taken out.
constexpr NodeRow normBackRows[] = {
    {"", "$given", "$back.given $row$col $inTensor = same $of:$row$col"},
    {"", "\u2202\u1E91#c", "$back.g $row$col = back $norm.result $back.given $norm.normed"},
    {"", "\u1E91#c", "$back.n $row$col = same $norm.normed"},
    {"", "\u2202\u1E91#c \u1E91#c", "$back.gn $row$col = $back.g $back.n"},
};

constexpr NodeRow meanRows[] = {
    {"", LAB_TEXT("explain", "mean \u2202\u1E91"), "$back.meanG $row. = mean $back.g", LAB_TEXT("explain", "mean")},
};

constexpr NodeRow normEndRows[] = {
    {"", LAB_TEXT("explain", "mean(\u2202\u1E91 \u1E91)"), "$back.meanGn $row. = mean $back.gn", LAB_TEXT("explain", "mean")},
    {"", "\u2202\u1E91\u22A5#c", "$back.c $row$col = $back.g - $back.meanG - $back.n $back.meanGn"},
    {"", "$spread", "$back.spread $row. = same $norm.spread"},
    {"", "$result", "$back.result $row$col $outTensor = quotient $back.c ; $back.spread"},
};

constexpr NodeRow normTrainedRows[] = {
    {"", "\u2202\u03B3$step#c", "$back.gain $col gradient.$parameter.weight = back $norm.result $back.given $norm.gain"},
    {"", "\u2202\u03B2$step#c", "$back.shift $col gradient.$parameter.bias = back $norm.result $back.given $norm.shift"},
};

}  // namespace

void addNorm(Graph& g, const Variables& v, bool rms, double epsilon) {
    Variables all{{"col", "c"}, {"z", "z"}};
    for (const auto& [name, words] : v) all[name] = words;
    all["spread"] = rms ? "rms" : "\u03C3";
    all["beta"] = g.context().parameter(v.at("parameter").english() + ".bias") ? " + \u03B2" : "";
    g.define(rms ? std::span<const NodeRow>(normRows) : std::span<const NodeRow>(layerNormRows), all);
    g.at(v.at("norm").english() + ".spread").epsilon = epsilon;
    g.define(gainRows, all);
}

/// A norm of the residual stream.
void addNorm(Graph& g, const std::string& name, const std::string& of, const std::string& symbol, const std::string& tensor) {
    const Context& c = g.context();
    addNorm(g, {{"norm", name}, {"of", of}, {"row", "i"}, {"symbol", symbol}, {"tensor", tensor}, {"parameter", tensor}}, c.is("rms"),
            c.config().norm.epsilon);
}

/// Each head's query and key by its root mean square; a key has the node of its group's head.
void addHeadNorms(Graph& g) {
    const Context& c = g.context();
    const auto add = [&](const std::string& of, const std::string& row, const std::string& part) {
        const bool own = part == "query" && !c.is("kv");
        addNorm(g,
                {{"norm", of + "n"},
                 {"of", of + "0"},
                 {"row", row},
                 {"col", "p"},
                 {"z", of},
                 {"symbol", of + c.variables.at("hat").english() + "#rc"},
                 {"tensor", c.name("." + c.variables.at(part == "key" ? "turnedKey" : "turned").english() + part)},
                 {"parameter", c.name(own ? ".query_norm" : ".key_norm")}},
                true, c.config().norm.epsilon);
    };
    add("q", "hi", "query");
    if (!c.is("borrows")) add("k", "kj", "key");
}

void addNormBack(Graph& g, const Variables& more) {
    const std::string norm = more.at("norm").english();
    Variables v{{"row", "i"}, {"col", "c"}, {"inTensor", ""}, {"outTensor", ""}, {"given", "\u2202x\u2032#c"}, {"result", "\u2202z#c"}};
    for (const auto& [name, words] : more) v[name] = words;
    v["spread"] = g.find(norm + ".mean") ? "\u03C3" : "rms";
    g.define(normBackRows, v);
    if (g.find(norm + ".mean")) g.define(meanRows, v);
    g.define(normEndRows, v);
    if (v.contains("parameter")) g.define(normTrainedRows, v);
}

/// Through the norm of a head's queries or keys.
void addHeadNormBack(Graph& g, const std::string& of, const char* row) {
    if (!g.context().is("normed")) return;
    const std::string hat = g.context().variables.at("hat").english();
    addNormBack(g, {{"norm", of + "n"},
                    {"back", "d" + of + "n"},
                    {"of", "d" + of + "1"},
                    {"row", row},
                    {"col", "p"},
                    {"given", "\u2202" + of + hat + "#rc"},
                    {"result", "\u2202" + of + "#rc"}});
    const NodeRow same{"", "", "d${of}0 := d${of}n.result"};
    g.define({&same, 1}, {{"of", of}});
}

void addFinalBack(Graph& g, const std::string& of) {
    const Context& c = g.context();
    const std::string last = c.block.side + "." + text(c.layersOfSide() - 1) + ".residual";
    addNormBack(g, {{"norm", "final"},
                    {"back", "finalBack"},
                    {"of", of},
                    {"parameter", c.block.side + "_norm"},
                    {"given", c.is("answers") ? "\u2202x\u2032#c" : "\u2202m#c"},
                    {"outTensor", c.is("halts") ? "" : "gradient." + last}});
}

/// The norm behind a part (post), or before it (pre), where `of` came back through the part.
void addPartNormBack(Graph& g, int part, const std::string& of) {
    const Context& c = g.context();
    const std::string norm = c.is("pre") && part == c.sublayer ? "input" : "norm" + text(part), tensor = c.part(part, "_norm");
    Variables v{{"norm", norm}, {"back", "back" + text(part)}, {"of", of}, {"parameter", tensor}, {"inTensor", "gradient." + tensor}};
    if (c.is("post")) v["outTensor"] = "gradient." + c.part(part, ".output");
    if (c.is("pre")) v["given"] = "\u2202x#c";
    if (c.is("pre")) v["result"] = LAB_TEXT("explain", "via x");
    addNormBack(g, v);
}

}  // namespace lab::explain
