// Back through the layers behind the one in hand: a few stages each. Of an encoder first out of the decoder that read it.

#include "core/analysis/explain/layer_backward.h"

namespace lab::explain {
namespace {

std::string layerName(const Context& c) {
    return "Layer " + text(c.block.layer);
}

std::string layerCaption(const Context& c, const std::string& part) {
    return "layer " + text(c.block.layer) + " " + part;
}

Stage feedForwardStage(const ContextPtr& c) {
    Stage s;
    const int sublayer = static_cast<int>(c->sublayers.size()) - 1;
    const bool gated = c->config().feed_forward.activation == Activation::swiglu;
    s.id = laterStage(*c, "ffn");
    s.symbol = d("u");
    s.caption = layerCaption(*c, "FFN");
    s.group = c->layer;
    s.heading = layerName(*c) + ": back through the feed-forward";
    s.formula = d("f") + " = W_{down}^{T} " + d("y") + ",  " + d("u") + " = " + d("f") + (gated ? " silu(g)" : " \u00B7 f\u2032(u)") +
                ",  " + meetingSymbol(*c) + " = straight on + ";
    const std::string ways = "W_{up}^{T} " + d("u") + (gated ? " + W_{gate}^{T} " + d("g") : "");
    s.formula += !c->pre ? ways : "norm backward of " + (gated ? "(" + ways + ")" : ways);
    s.text = "This row went on through layer " + text(c->block.layer) +
             ", so its gradient comes back through it: norm, matrices and bend by the same rules. What the weights get is in that "
             "layer\u2019s own walk.";
    Through normed;
    if (!c->pre) addSublayerNormBackward(s, c, sublayer, normed);
    addBendBackward(s, c);
    Through through = addUpBackward(s, c);
    if (c->pre) through = addSublayerNormBackward(s, c, sublayer, through);
    addMeeting(s, c, sublayer, through);
    s.result = {s.id, "sum", 2, 0};
    return s;
}

/// What comes back to the row that an attention read: through its query and, of a self-attention, key and value.
struct Ways {
    std::vector<std::string> labels;
    std::vector<std::vector<double>> values;
    std::vector<std::function<Expression(int column)>> explain;

    double sum(int column) const {
        double all = 0.0;
        for (const auto& way : values) all += way[static_cast<std::size_t>(column)];
        return all;
    }
};

void addWay(Ways& ways, const std::string& label, const Through& through) {
    ways.labels.push_back(label);
    ways.values.push_back(through.values);
    ways.explain.push_back([label, through](int m) {
        return sameAs(named(label, m), {through.values[static_cast<std::size_t>(m)], "", through.from(m)});
    });
}

/// One row a way, and their sum where there are several: `total`, the trace's own numbers where it has some.
Through addWays(Stage& stage, const ContextPtr& c, Ways found, const std::string& symbol, const NumberView& total) {
    const auto ways = std::make_shared<const Ways>(std::move(found));
    const int count = static_cast<int>(ways->values.size());
    const auto value = [=](int r, int m) {  // holds the context, and so the trace
        if (r < count) return ways->values[static_cast<std::size_t>(r)][static_cast<std::size_t>(m)];
        return total ? total(c->query, m) : ways->sum(m);
    };
    const int last = count > 1 ? count : 0;
    Grid grid = makeGrid("ways", "", GridStyle::values, last + 1, c->d, value);
    grid.rowLabels = ways->labels;
    if (count > 1) grid.rowLabels.push_back(symbol);
    labelColumns(grid, "dim", c->d);
    grid.current = true;
    grid.explain = [=, id = stage.id](int r, int m) {
        if (r < count) return ways->explain[static_cast<std::size_t>(r)](m);
        std::vector<Term> terms;
        for (int way = 0; way < count; ++way)
            terms.push_back(single({value(way, m), ways->labels[static_cast<std::size_t>(way)], {id, "ways", way, m}}));
        return sumOf(named(symbol, m), std::move(terms), value(count, m));
    };
    stage.grids.push_back(std::move(grid));
    Through result;
    for (int m = 0; m < c->d; ++m) result.values.push_back(value(last, m));
    result.from = [id = stage.id, last](int m) { return CellRef{id, "ways", last, m}; };
    return result;
}

/// Pre-norm: what comes back to a cross-attention's norm comes through its queries alone, and the trace has it.
void addQueryWay(Ways& ways, const ContextPtr& block, const std::string& queryStage) {
    std::vector<double> values = throughQueries(*block);
    if (block->block.cross && block->pre) {
        const NumberView traced = block->numbers.at("gradient." + normTensor(*block, block->sublayer));
        for (int m = 0; m < block->d; ++m) values[static_cast<std::size_t>(m)] = traced(block->query, m);
    }
    ways.labels.emplace_back("via q");
    ways.values.push_back(values);
    ways.explain.push_back([=](int m) { return explainThroughQueries(block, queryStage, m, values[static_cast<std::size_t>(m)]); });
}

/// Where the ways through an attention and the straight one meet.
Stage meetingStage(const ContextPtr& c, const ContextPtr& block, Ways ways) {
    Stage s;
    const bool cross = block->block.cross;
    s.id = laterStage(*c, cross ? "cross_sum" : "sum");
    s.symbol = meetingSymbol(*c);
    s.group = c->layer;
    s.caption = layerCaption(*c, cross ? "cross" : "sum");
    s.heading = layerName(*c) + (cross ? ": straight on and through the cross-attention" : ": all ways of the row meet");
    s.formula = s.symbol + " = straight on + " + (c->pre ? "norm backward of " : "") +
                (cross    ? "via q"
                 : c->pre ? "(via q + via k + via v)"
                          : "via q + via k + via v");
    s.text = cross ? "Of this row the cross-attention made its queries only. Its keys and values are the encoder\u2019s."
                   : "The row was read as query, as key and as value, and went on as well. Backward, all of it adds up to the gradient at "
                     "the end of layer " +
                         text(c->block.layer - 1) + ".";
    const NumberView total = c->pre ? c->numbers.at("gradient." + normTensor(*c, block->sublayer)) : NumberView();
    Through through = addWays(s, c, std::move(ways), c->pre ? normedSymbol(*c) : "together", total);
    if (c->pre) through = addSublayerNormBackward(s, c, block->sublayer, through);
    addMeeting(s, c, block->sublayer, through);
    s.result = {s.id, "sum", 2, 0};
    return s;
}

/// The row's key, or value, in the self-attention of a later layer.
Stage ownKeyStage(const ContextPtr& block, bool ofValues, Through& through) {
    const std::string queryStage = laterStage(*block, "query");
    KeyBackSpec spec;
    spec.id = laterStage(*block, ofValues ? "values" : "keys");
    spec.ofValues = ofValues;
    spec.row = block->query;
    const auto cell = [queryStage](const std::string& grid, int h, int column, int query) {
        return CellRef{queryStage, grid, h, column, query};
    };
    spec.scoreFrom = [cell, row = spec.row](int h, int i) { return cell("ds", h, row, i); };
    spec.weightFrom = [cell, row = spec.row](int h, int i) { return cell("a", h, row, i); };
    spec.outputFrom = [cell](int h, int i, int p) { return cell("do", h, p, i); };
    Stage s = keyBackStage(block, spec, through);
    s.caption = "layer " + text(block->block.layer);
    s.group = block->layer;
    s.heading = layerName(*block) + (ofValues ? ": back through the row\u2019s value" : ": back through the row\u2019s key");
    s.text = ofValues ? "Every query i that looked at this row sends back what its head\u2019s output got, turned down by the weight."
                      : "Every query i that scored this row sends back its own q, as much as its score should change.";
    return s;
}

void addLayer(Walk& walk, const ContextPtr& c) {
    walk.stages.push_back(feedForwardStage(c));
    if (c->sublayers.size() > 2) {
        const ContextPtr cross = contextOfBlock(*c, c->layer + ".cross_attention", c->query, 0);
        const std::string id = laterStage(*c, "cross_query");
        walk.stages.push_back(queryBackStage(c, cross, id));
        Ways ways;
        addQueryWay(ways, cross, id);
        walk.stages.push_back(meetingStage(c, cross, std::move(ways)));
    }
    walk.stages.push_back(queryBackStage(c, c, laterStage(*c, "query")));
    Ways ways;
    addQueryWay(ways, c, laterStage(*c, "query"));
    for (const bool ofValues : {false, true}) {
        Through through;
        walk.stages.push_back(ownKeyStage(c, ofValues, through));
        addWay(ways, ofValues ? "via v" : "via k", through);
    }
    walk.stages.push_back(meetingStage(c, c, std::move(ways)));
}

/// An encoder's row as a key, or a value, of one decoder layer's cross-attention, whose own walk shows what comes to its queries.
Stage memoryKeyStage(const ContextPtr& block, bool ofValues, Through& through) {
    KeyBackSpec spec;
    spec.symbol = "m";
    spec.id = "d_memory" + text(block->block.layer) + (ofValues ? "_values" : "_keys");
    spec.ofValues = ofValues;
    spec.row = block->key;
    const auto cell = [block](const std::string& stage, const std::string& grid, int row, int column, int h, int i) {
        return inOwnWalk(*block, h, {stage, grid, row, column, i, block->key});
    };
    spec.scoreFrom = [cell, row = spec.row](int h, int i) { return cell("d_softmax", "ds", 0, row, h, i); };
    spec.weightFrom = [cell, row = spec.row](int h, int i) { return cell("weights", "weights", 0, row, h, i); };
    spec.outputFrom = [cell](int h, int i, int p) { return cell("d_output", "do", p, masterColumn, h, i); };
    Stage s = keyBackStage(block, spec, through);
    const std::string layer = text(block->block.layer);
    s.caption = "decoder " + layer;
    s.group = "decoder";
    s.heading = "Decoder layer " + layer + (ofValues ? ": back through the row\u2019s value" : ": back through the row\u2019s key");
    s.text = ofValues
                 ? "Every position i of the decoder that looked at this row sends back what its head\u2019s output got, turned down by "
                   "the weight."
                 : "Every position i of the decoder that scored this row sends back its own q, as much as its score should change. "
                   "Click \u2202s to see how it came about.";
    return s;
}

/// Pre-norm: the norm between the encoder's last layer and the decoder.
void addMemoryNorm(Stage& s, const ContextPtr& c, const Through& through) {
    const std::string last = "encoder." + text(layersOfSide(*c) - 1) + ".residual";
    const NumberView stream = c->numbers.at(last), result = c->numbers.at("gradient." + last);
    const bool layer = c->config().norm.kind == NormKind::layer;
    NormBackwardSpec norm;
    norm.stage = s.id;
    norm.title = layer ? "the final LayerNorm, backward" : "the final RMSNorm, backward";
    norm.given = d("m");
    norm.parameter = "encoder_norm";
    norm.row = c->query;
    norm.columns = c->d;
    norm.in = [values = through.values](int, int k) { return values[static_cast<std::size_t>(k)]; };
    norm.z = [stream](int i, int k) { return stream(i, k); };
    norm.inFrom = through.from;
    norm.normedFrom = [layer](int k) { return CellRef{"final_norm", "norm", layer ? 2 : 1, k}; };
    norm.deviationFrom = {"final_norm", "norm", layer ? 1 : 0, masterColumn};
    norm.value = [c, result](int k) { return result(c->query, k); };
    norm.kind = c->config().norm.kind;
    norm.epsilon = c->config().norm.epsilon;
    addNormBackward(s, c, norm);
}

Stage memoryStage(const ContextPtr& c, Ways ways) {
    Stage s;
    s.id = "d_memory";
    s.symbol = d("m");
    s.caption = "decoder";
    s.group = "decoder";
    s.heading = "All that the decoder read of this row";
    s.formula = d("m_{" + text(c->query) + "}") + " = \u03A3_{layers} (via k + via v)";
    s.text =
        "Each decoder layer\u2019s cross-attention made a key and a value of this row. What comes back through all of them, from every "
        "position of the decoder, adds up.";
    const NumberView total = c->pre ? NumberView() : c->numbers.at("gradient.encoder." + text(layersOfSide(*c) - 1) + ".residual");
    const Through through = addWays(s, c, std::move(ways), d("m"), total);
    if (c->pre) addMemoryNorm(s, c, through);
    s.result = c->pre ? CellRef{s.id, "norm", normResultRow, 0} : through.from(0);
    return s;
}

void addMemory(Walk& walk, const ContextPtr& c) {
    Ways ways;
    for (int l = *c->config().num_decoder_layers - 1; l >= 0; --l) {
        const ContextPtr block = contextOfBlock(*c, "decoder." + text(l) + ".cross_attention", 0, c->query);
        for (const bool ofValues : {false, true}) {
            Through through;
            walk.stages.push_back(memoryKeyStage(block, ofValues, through));
            if (ways.labels.empty())
                walk.stages.back().notes.push_back("The stages above follow the answer at position " + text(answerPosition(*c)) +
                                                   "; here the gradients of all positions come in.");
            addWay(ways, "layer " + text(l) + (ofValues ? " via v" : " via k"), through);
        }
    }
    walk.stages.push_back(memoryStage(c, std::move(ways)));
}

}  // namespace

CellRef memoryEndRef(const Context& c, int column) {
    if (c.pre) return {"d_memory", "norm", normResultRow, column};
    return {"d_memory", "ways", 2 * *c.config().num_decoder_layers, column};
}

void addLaterBackwardStages(Walk& walk, const ContextPtr& c) {
    if (!answers(*c)) addMemory(walk, c);
    for (int l = layersOfSide(*c) - 1; l > c->block.layer; --l) {
        const std::string block = c->block.side + "." + text(l) + ".attention";
        addLayer(walk, contextOfBlock(*c, block, c->query, c->query));
    }
}

}  // namespace lab::explain
