// Back through the norms and the sums of the residual stream, and where their numbers stand in the walk.

#include "core/analysis/explain/layer_backward.h"

namespace lab::explain {

std::string laterStage(const Context& c, const std::string& part) {
    return "d_l" + text(c.block.layer) + "_" + part;
}

ContextPtr contextOfBlock(const Context& c, const std::string& block, int query, int key) {
    Question question = c.question;
    question.block = c.blockOf(block);
    question.head = 0;
    question.query = query;
    question.key = key;
    if (c.config().architecture == Architecture::encoder_decoder) {
        const AttentionBlock& to = c.model->attentionBlocks()[static_cast<std::size_t>(question.block)];
        const bool decoder = to.side == "decoder";
        question.queryTokens = decoder ? question.targetTokens : question.sourceTokens;
        question.keyTokens = decoder && !to.cross ? question.targetTokens : question.sourceTokens;
    }
    const auto other = contextOf(c.model, c.weights, c.numbers, question);
    other->later = other->layer != c.layer || c.later;
    return other;
}

CellRef inOwnWalk(const Context& ofBlock, int head, CellRef cell) {
    cell.block = ofBlock.question.block;
    cell.head = head;
    if (cell.query < 0) cell.query = ofBlock.query;
    return cell;
}

bool isFeedForward(const Context& c, int sublayer) {
    return c.sublayers[static_cast<std::size_t>(sublayer)] == "feed_forward";
}

std::string sublayerText(const Context& c, int sublayer) {
    const std::string& name = c.sublayers[static_cast<std::size_t>(sublayer)];
    return name == "feed_forward" ? "the feed-forward" : name == "attention" ? "the attention" : "the cross-attention";
}

std::string normTensor(const Context& c, int sublayer) {
    return c.layer + "." + c.sublayers[static_cast<std::size_t>(sublayer)] + "_norm";
}

std::string outputTensor(const Context& c, int sublayer) {
    return c.layer + "." + c.sublayers[static_cast<std::size_t>(sublayer)] + ".output";
}

namespace {

/// The stage of a later layer in which a sublayer's rows end ("sum") or begin ("query").
std::string laterPart(const Context& c, int sublayer, const std::string& part) {
    if (isFeedForward(c, sublayer)) return laterStage(c, "ffn");
    return laterStage(c, (c.sublayers[static_cast<std::size_t>(sublayer)] == "attention" ? "" : "cross_") + part);
}

std::string normBackId(const Context& c, int sublayer) {
    return c.later ? laterPart(c, sublayer, c.pre ? "sum" : "query") : "d_" + normStage(c, sublayer);
}

std::string meetingId(const Context& c, int sublayer) {
    return c.later ? laterPart(c, sublayer, "sum") : "d_" + residualStage(c, sublayer);
}

/// The norm's cell on the way forward.
CellRef forwardNormRef(const Context& c, int sublayer, int row, int column) {
    const bool first = c.pre && sublayer == c.sublayer;  // stands where its own walk begins
    const CellRef cell{first ? "input" : normStage(c, sublayer), "norm", row, column};
    return c.later ? inOwnWalk(c, c.head, cell) : cell;
}

}  // namespace

NumberView streamGradient(const Context& c, int level) {
    if (level == static_cast<int>(c.sublayers.size())) return c.numbers.at("gradient." + c.layer + ".residual");
    if (level == 0) return c.numbers.at("gradient." + c.block.side + "." + text(c.block.layer - 1) + ".residual");
    return c.numbers.at("gradient." + (c.pre ? outputTensor(c, level - 1) : normTensor(c, level - 1)));
}

CellRef streamGradientRef(const Context& c, int level, int column) {
    if (level == static_cast<int>(c.sublayers.size())) return layerEndRef(c, column);
    return {meetingId(c, level), "sum", 2, column};
}

CellRef outputGradientRef(const Context& c, int sublayer, int column) {
    if (c.pre) return streamGradientRef(c, sublayer + 1, column);
    return {normBackId(c, sublayer), "norm", normResultRow, column};
}

CellRef attentionOutputRef(const Context& c, int column) {
    return outputGradientRef(c, c.sublayer, column);
}

CellRef layerEndRef(const Context& c, int column) {
    if (c.block.layer < layersOfSide(c) - 1) return {"d_l" + text(c.block.layer + 1) + "_sum", "sum", 2, column};
    return answers(c) ? headEndRef(c, column) : memoryEndRef(c, column);
}

std::string meetingSymbol(const Context& c) {
    return c.pre ? d("z") : d("x");
}

std::string wayName(const Context& c, const std::string& part) {
    return c.pre ? d("x") : part;
}

std::string normedSymbol(const Context& c) {
    return d(c.pre ? "x" : "x\u2032");
}

Through addSublayerNormBackward(Stage& stage, const ContextPtr& c, int sublayer, const Through& through) {
    const bool layer = c->config().norm.kind == NormKind::layer;
    const std::string tensor = normTensor(*c, sublayer);
    const NumberView dx = c->numbers.at("gradient." + tensor), dout = c->numbers.at("gradient." + outputTensor(*c, sublayer));
    NormBackwardSpec norm;
    norm.stage = stage.id;
    norm.given = normedSymbol(*c);
    if (c->pre) norm.result = throughNorm;
    norm.parameter = tensor;
    norm.row = c->query;
    norm.columns = c->d;
    norm.positions = c->later ? 0 : dx.extent(0);
    norm.in = [dx](int i, int k) { return dx(i, k); };
    norm.z = [c, sublayer](int i, int k) {
        return c->pre ? c->stream(sublayer, i, k) : c->stream(sublayer, i, k) + sublayerOutput(*c, sublayer, i, k);
    };
    norm.inFrom = [c, sublayer, from = through.from](int k) { return c->pre ? from(k) : streamGradientRef(*c, sublayer + 1, k); };
    norm.normedFrom = [c, sublayer, layer](int k) { return forwardNormRef(*c, sublayer, layer ? 2 : 1, k); };
    norm.deviationFrom = forwardNormRef(*c, sublayer, layer ? 1 : 0, masterColumn);
    if (!c->pre) norm.value = [c, dout](int k) { return dout(c->query, k); };
    norm.kind = c->config().norm.kind;
    norm.epsilon = c->config().norm.epsilon;
    Through result;
    result.values = addNormBackward(stage, c, norm);
    result.from = [id = stage.id](int k) { return CellRef{id, "norm", normResultRow, k}; };
    return result;
}

void addMeeting(Stage& stage, const ContextPtr& c, int sublayer, const Through& through) {
    const NumberView straight = c->pre ? streamGradient(*c, sublayer + 1) : c->numbers.at("gradient." + outputTensor(*c, sublayer));
    const NumberView sum = streamGradient(*c, sublayer);
    const auto value = [c, straight, sum, values = through.values](int r, int k) {
        return r == 0 ? straight(c->query, k) : r == 1 ? values[static_cast<std::size_t>(k)] : sum(c->query, k);
    };
    Grid grid = makeGrid("sum", "", GridStyle::values, 3, c->d, value);
    grid.rowLabels = {"straight on", "+ " + sublayerText(*c, sublayer).substr(4), meetingSymbol(*c)};
    labelColumns(grid, "dim", c->d);
    grid.current = true;
    grid.explain = [c, sublayer, value, self = stage.id, from = through.from](int r, int k) {
        if (r == 0) return sameAs(named(d(c->pre ? "z\u2032" : "z"), k), {value(0, k), "", outputGradientRef(*c, sublayer, k)});
        if (r == 1) return sameAs(named("through", k), {value(1, k), "", from(k)});
        return sumOf(named(meetingSymbol(*c), k),
                     {single({value(0, k), "straight", {self, "sum", 0, k}}), single({value(1, k), "through", {self, "sum", 1, k}})},
                     value(2, k));
    };
    stage.grids.push_back(std::move(grid));
}

}  // namespace lab::explain
