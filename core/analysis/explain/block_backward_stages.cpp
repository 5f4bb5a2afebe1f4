// From the end of the layer in hand back to what its attention block gave.

#include "core/analysis/explain/layer_backward.h"

namespace lab::explain {
namespace {

/// The cross-attention between the block in hand and the feed-forward: its queries were made of this row.
Stage crossStage(const ContextPtr& c, const ContextPtr& cross, const std::string& queryStage, Through& through) {
    Stage s;
    s.id = "d_cross";
    s.symbol = wayName(*c, "via q");
    s.caption = "via cross q";
    s.heading = "Back through the cross-attention\u2019s queries";
    s.formula = d("x_{i}") + (c->pre ? "" : " via q") + " = \u03A3_{p} " + d("q_{p}") + " W_{Q p,i},  all heads";
    s.text =
        "Of this row the cross-attention made its queries, one for each head. Its keys and values are the encoder\u2019s: through them the "
        "gradient goes there.";
    const std::string name = cross->block.name;
    const NumberView dq = c->numbers.at("gradient." + name + ".query");
    TransposedSpec spec;
    spec.stage = s.id;
    spec.id = "query";
    spec.result = wayName(*c, "via q");
    spec.given = d("q");
    spec.weightName = "W_{Q}";
    spec.rows = c->d;
    spec.columns = dq.extent(0) * c->headDim;
    spec.g = [c, dq](int m) { return dq(m / c->headDim, c->query, m % c->headDim); };
    spec.gFrom = [c, queryStage](int m) { return CellRef{queryStage, "dq", m / c->headDim, m % c->headDim}; };
    spec.weight = c->parameter(name + ".query.weight");
    spec.columnsAre = "head, dim";
    if (c->pre) {
        const NumberView dnormed = c->numbers.at("gradient." + name + "_norm");
        spec.value = [c, dnormed](int k) { return dnormed(c->query, k); };
    }
    addTransposed(s, spec);
    for (int k = 0; k < c->d; ++k) through.values.push_back(spec.at(k));
    through.from = [spec](int k) { return spec.resultRef(k); };
    s.result = through.from(0);
    return s;
}

Through addCrossStages(Walk& walk, const ContextPtr& c) {
    const ContextPtr cross = contextOfBlock(*c, c->layer + ".cross_attention", c->query, 0);
    walk.stages.push_back(queryBackStage(c, cross, "d_cross_query"));
    Through through;
    walk.stages.push_back(crossStage(c, cross, "d_cross_query", through));
    return through;
}

/// The norm behind a sublayer (post) or before it (pre).
Stage normBackStage(const ContextPtr& c, int sublayer, Through& through) {
    Stage s;
    const bool layer = c->config().norm.kind == NormKind::layer;
    s.id = "d_" + normStage(*c, sublayer);
    s.symbol = c->pre ? throughNorm : d("z");
    s.caption = "norm";
    s.heading = layer ? "Back through LayerNorm" : "Back through RMSNorm";
    sayNormBackward(s, c->config().norm.kind, normedSymbol(*c), c->pre ? d("z") + " " + throughNorm : d("z"));
    through = addSublayerNormBackward(s, c, sublayer, through);
    s.notes.push_back(layer ? "\u2202\u03B3 and \u2202\u03B2 are sums over all positions: what came back, times n for \u03B3."
                            : "\u2202\u03B3 is a sum over all positions: what came back, times n.");
    if (!c->pre) s.notes.push_back("Its x\u2032 is the x of what comes next.");
    s.result = {s.id, "norm", normResultRow, 0};
    return s;
}

/// The stream before a sublayer: what went straight on, and what comes back through the sublayer.
Stage residualBackStage(const ContextPtr& c, int sublayer, const Through& through) {
    Stage s;
    s.id = "d_" + residualStage(*c, sublayer);
    s.symbol = meetingSymbol(*c);
    s.caption = "both ways";
    s.heading = "The two ways of the residual stream meet";
    const std::string what = sublayerText(*c, sublayer);
    s.formula = s.symbol + " = straight on + through " + what.substr(4);
    s.text = "Forward, this row went on unchanged and through " + what + " as well. Backward, what comes from both ways adds up.";
    if (c->pre) s.text += " The straight way is why deep models can be trained: nothing on it shrinks the gradient.";
    addMeeting(s, c, sublayer, through);
    s.result = {s.id, "sum", 2, 0};
    return s;
}

}  // namespace

void addBlockBackwardStages(Walk& walk, const ContextPtr& c) {
    Through unused;
    for (int sublayer = static_cast<int>(c->sublayers.size()) - 1; sublayer > c->sublayer; --sublayer) {
        if (!c->pre) walk.stages.push_back(normBackStage(c, sublayer, unused));
        Through through = isFeedForward(*c, sublayer) ? addFeedForwardBackwardStages(walk, c) : addCrossStages(walk, c);
        if (c->pre) walk.stages.push_back(normBackStage(c, sublayer, through));
        walk.stages.push_back(residualBackStage(c, sublayer, through));
    }
    if (!c->pre) walk.stages.push_back(normBackStage(c, c->sublayer, unused));
}

}  // namespace lab::explain
