#include "core/analysis/explain/walk.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/analysis/explain/context.h"
#include "core/layers/position/alibi.h"

namespace lab::explain {
namespace {

void setForm(Context& c) {
    const ModelConfig& config = c.config();
    const bool cross = c.block.cross;
    c.form = cross ? AttentionForm::qkv : config.attention.form;
    c.linear = !cross && config.attention.kernel.kind == KernelKind::linear;
    c.softmax = !c.linear;
    c.scale = 1.0 / std::sqrt(static_cast<double>(c.headDim));
    c.rope = !cross && config.position.kind == PositionKind::rope;
    c.qkNorm = !cross && config.attention.qk_norm;
    if (!cross && config.position.kind == PositionKind::alibi) c.slope = alibiSlopes(c.block.heads)[static_cast<std::size_t>(c.head)];
    c.pre = config.norm.placement == NormPlacement::pre;
}

void setInputs(Context& c) {
    const ModelConfig& config = c.config();
    c.layer = c.block.side + "." + text(c.block.layer);
    const bool hasCross = c.block.side == "decoder" && config.architecture == Architecture::encoder_decoder;
    c.sublayers = {"attention"};
    if (hasCross) c.sublayers.push_back("cross_attention");
    c.sublayers.push_back("feed_forward");
    c.sublayer = c.block.cross ? 1 : 0;
    c.queryInput = c.pre ? c.block.name + "_norm" : *c.streamTensor(c.sublayer);
    c.keyInput = c.queryInput;
    if (c.block.cross) c.keyInput = c.pre ? "encoder_norm" : "encoder." + text(config.num_layers - 1) + ".residual";
}

}  // namespace

double Grid::at(int row, int column) const {
    const auto r = static_cast<std::size_t>(row);
    if (column == masterColumn) return r < master.size() ? master[r] : std::numeric_limits<double>::quiet_NaN();
    if (column == leadColumn) return r < lead.size() ? lead[r] : std::numeric_limits<double>::quiet_NaN();
    return values[r * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column)];
}

const Grid* Stage::find(const std::string& grid) const {
    const auto found = std::ranges::find(grids, grid, &Grid::id);
    return found == grids.end() ? nullptr : &*found;
}

const Stage* Walk::find(const std::string& stage) const {
    const auto found = std::ranges::find(stages, stage, &Stage::id);
    return found == stages.end() ? nullptr : &*found;
}

const Grid* Walk::grid(const CellRef& cell) const {
    const Stage* stage = find(cell.stage);
    const Grid* grid = stage ? stage->find(cell.grid) : nullptr;
    if (!grid || cell.row < 0 || cell.row >= grid->rows || cell.column >= grid->columns) return nullptr;
    if (cell.column == masterColumn && (grid->master.empty() || std::isnan(grid->at(cell.row, masterColumn)))) return nullptr;
    if (cell.column == leadColumn && grid->lead.empty()) return nullptr;
    return grid;
}

Expression Walk::explain(const CellRef& cell) const {
    const Grid* found = grid(cell);
    assert(found);
    return found->explain(cell.row, cell.column);
}

std::shared_ptr<Context> contextOf(std::shared_ptr<const Model> model, std::shared_ptr<const Weights> weights, const NumberSource& numbers,
                                   const Question& question) {
    auto context = std::make_shared<Context>();
    Context& c = *context;
    c.model = std::move(model);
    c.weights = std::move(weights);
    c.numbers = numbers;
    c.question = question;
    c.block = c.model->attentionBlocks()[static_cast<std::size_t>(question.block)];
    c.head = question.head;
    c.query = question.query;
    c.key = question.key;
    c.group = c.head / (c.block.heads / c.block.kvHeads);
    const NumberView w = c.tensor(".weights");
    c.queries = w.extent(1);
    c.keys = w.extent(2);
    assert(c.head < c.block.heads && c.query < c.queries && c.key < c.keys);
    c.headDim = c.config().head_dim();
    c.d = c.config().d_model;
    setForm(c);
    setInputs(c);
    c.prepare();
    return context;
}

Walk buildWalk(std::shared_ptr<const Model> model, std::shared_ptr<const Weights> weights, const NumberSource& numbers,
               const Question& question) {
    const ContextPtr context = contextOf(std::move(model), std::move(weights), numbers, question);
    Walk walk;
    walk.query = context->query;
    walk.key = context->key;
    addInputStages(walk, context);
    addScoreStages(walk, context);
    addBlockStages(walk, context);
    addAnswerStages(walk, context);
    // The derivations on the way back know separate or shared queries, not yet a key that is a value too or that was normalised.
    const AttentionConfig& attention = context->config().attention;
    const bool derived = attention.form != AttentionForm::q_kv && !attention.qk_norm;
    walk.hasBackward = numbers.has("gradient.logits") && derived;
    if (walk.hasBackward)
        addBackwardStages(walk, context);
    else
        walk.whyNoBackward = derived ? "Without targets there is no loss, and so no way back."
                                     : "The way back is shown for the forms qkv, kv and kv+pos without a norm of queries and keys.";
    return walk;
}

}  // namespace lab::explain
