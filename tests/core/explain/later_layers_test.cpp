// The way back through the layers behind the one in hand, and from a decoder to the encoder's rows: held against the trace's gradients and
// against what the loss does when a number is moved.

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/explain/markdown.h"
#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

std::string text(int number) {
    return std::to_string(number);
}

std::vector<NamedConfig> layeredForms() {
    std::vector<NamedConfig> forms = walkedForms();
    forms.push_back(changed("three layers", [](ModelConfig& c) { c.num_layers = 3; }));
    forms.push_back(changed(
        "three layers llama", [](ModelConfig& c) { c.num_layers = 3; }, llamaLike()));
    forms.push_back(changed("encoder-decoder, three and two", [](ModelConfig& c) {
        c.architecture = Architecture::encoder_decoder;
        c.num_layers = 3;
        c.num_decoder_layers = 2;
    }));
    return forms;
}

int layersOf(const ModelConfig& config, const std::string& side) {
    return side == "decoder" && config.architecture == Architecture::encoder_decoder ? *config.num_decoder_layers : config.num_layers;
}

int blockOf(const Subject& s, const std::string& name) {
    const auto& blocks = s.model->attentionBlocks();
    return static_cast<int>(std::ranges::find(blocks, name, &AttentionBlock::name) - blocks.begin());
}

/// A row of a stage's grid is a row of a tensor of the trace, to the last bit.
void holds(const std::string& name, const Subject& s, const Walk& walk, const CellRef& row, const std::string& tensor, int head, int line) {
    const Grid* grid = walk.grid(row);
    QVERIFY2(grid, (name + " " + row.stage + "/" + row.grid).c_str());
    const Tensor& t = s.trace->at(tensor);
    const std::int64_t columns = t.shape.back(), rows = t.shape[t.shape.size() - 2];
    QCOMPARE(static_cast<std::int64_t>(grid->columns), columns);
    for (int k = 0; k < grid->columns; ++k) {
        const auto at = static_cast<std::size_t>((head * rows + line) * columns + k);
        QVERIFY2(grid->at(row.row, k) == static_cast<double>(t.values[at]),
                 (name + " " + row.stage + "/" + row.grid + " " + tensor).c_str());
    }
}

void checkAttention(const std::string& name, const Subject& s, const Walk& walk, const std::string& stage, const std::string& block,
                    int row) {
    const int heads = s.model->config().num_heads;
    for (int h = 0; h < heads; ++h) {
        holds(name, s, walk, {stage, "do", h}, "gradient." + block + ".head_output", h, row);
        holds(name, s, walk, {stage, "a", h}, block + ".weights", h, row);
        holds(name, s, walk, {stage, "da", h}, "gradient." + block + ".weights", h, row);
        holds(name, s, walk, {stage, "ds", h}, "gradient." + block + ".scores", h, row);
        const std::string kind = kindOf(s.model->config(), s.model->attentionBlocks()[static_cast<std::size_t>(blockOf(s, block))], row);
        holds(name, s, walk, {stage, "dq", h}, "gradient." + block + "." + kind + "query", h, row);
    }
}

void checkLayer(const std::string& name, const Subject& s, const Walk& walk, const std::string& side, int l, int row) {
    const ModelConfig& config = s.model->config();
    const bool pre = isPreNorm(config), gated = config.feed_forward.activation == Activation::swiglu;
    const std::string before = pre || !hasNorms(config) ? ".output" : "_norm";  // whose gradient is that of the sum behind a part
    const std::string layer = side + "." + text(l), id = "d_l" + text(l) + "_";
    const bool cross = s.model->layout().find(layer + ".cross_attention.query.weight");
    const std::string below = cross ? ".cross_attention" : ".attention";
    QCOMPARE(walk.find(id + "ffn") != nullptr, config.hasFeedForward());
    if (config.hasFeedForward()) {
        const bool plain = !config.hasExperts();  // whose numbers are of their own rows alone
        if (plain && !gated) holds(name, s, walk, {id + "ffn", "bend", 3}, "gradient." + layer + ".feed_forward.up", 0, row);
        if (plain) holds(name, s, walk, {id + "ffn", "bend", 0}, "gradient." + layer + ".feed_forward.hidden", 0, row);
        const std::string first = plain || pre ? "ffn" : "experts";
        if (hasNorms(config)) holds(name, s, walk, {id + first, "norm", 0}, "gradient." + layer + ".feed_forward_norm", 0, row);
        if (!plain) holds(name, s, walk, {id + "experts", "made", 0}, "gradient." + layer + ".feed_forward.output", 0, row);
        if (!plain) holds(name, s, walk, {id + "experts", "gates", 0}, "gradient." + layer + ".feed_forward.gates", 0, row);
        if (!plain) holds(name, s, walk, {id + "ffn", "p", 0}, "gradient." + layer + ".feed_forward.router", 0, row);
        if (!specOf(config.residual).parallel) holds(name, s, walk, {id + "ffn", "sum", 2}, "gradient." + layer + below + before, 0, row);
    }
    if (cross) {
        checkAttention(name, s, walk, id + "cross_query", layer + ".cross_attention", row);
        holds(name, s, walk, {id + "cross_sum", "sum", 2}, "gradient." + layer + ".attention" + before, 0, row);
    }
    checkAttention(name, s, walk, id + "query", layer + ".attention", row);
    const int kinds = walk.find(id + "keys") && walk.find(id + "global_keys") ? 2 : 1;
    if (pre)
        holds(name, s, walk,
              {id + "sum", "ways",
               1 + 2 * kinds + (config.attention.gate ? 1 : 0) +
                   (specOf(config.attention.kernel.kind).decay == KernelDecay::ofToken ? 1 : 0)},
              "gradient." + layer + ".attention_norm", 0, row);
    if (specOf(config.depth.kind).halts) {
        const Grid& state = *walk.find(id + "state")->find("state");
        holds(name, s, walk, {id + "state", "state", state.rows - 1}, "gradient." + layer + ".residual", 0, row);
    } else {
        holds(name, s, walk, {id + "sum", "sum", 2}, "gradient." + side + "." + text(l - 1) + ".residual", 0, row);
    }
}

/// What training pays besides the answers is no part of the loss that is moved here.
bool paysBesides(const ModelConfig& config) {
    return specOf(config.depth.kind).halts || (config.hasExperts() && config.feed_forward.balance > 0.0);
}

/// A tensor with what is added to it.
struct Move {
    std::string tensor;
    std::vector<double> by;
};

double lossOf(const Subject& s, const Move& move, double step) {
    Input input = s.input;
    std::vector<float> values;
    const std::vector<double>& from = s.twin->at(move.tensor).values;
    for (std::size_t i = 0; i < from.size(); ++i) values.push_back(static_cast<float>(from[i] + step * move.by[i]));
    input.interventions.push_back({Intervention::Kind::replace, move.tensor, 0, values});
    return twinTrace(*s.model, *s.weights, input)->at("loss").values.front();
}

constexpr double step = 1e-3;

/// How fast the loss grows along a move, by central differences of the twin.
double growth(const Subject& s, const Move& move) {
    return (lossOf(s, move, step) - lossOf(s, move, -step)) / (2.0 * step);
}

/// Where keys and values are made of what is kept of a row: what they become when that moves with dim m of the row.
Move latentMove(const Subject& s, const std::string& block, Move move, int row, int m) {
    const DoubleTensor& kept = s.twin->at(block + ".latent");
    std::vector<float> values(kept.values.begin(), kept.values.end());
    auto number = values.begin() + row * kept.shape[1];
    for (const char* part : {".latent.weight", ".shared_key.weight"})
        if (const Parameter* w = s.model->layout().find(block + part))
            for (int n = 0; n < w->shape[0]; ++n) *number++ += lab::at(*s.weights, *w)[n * w->shape[1] + m];
    Input input = s.input;
    input.interventions = {{Intervention::Kind::replace, block + ".latent", 0, values}};
    const auto moved = twinTrace(*s.model, *s.weights, input);
    const std::vector<double>&from = s.twin->at(move.tensor).values, &to = moved->at(move.tensor).values;
    for (std::size_t i = 0; i < from.size(); ++i) move.by.push_back(to[i] - from[i]);
    return move;
}

/// A move of one row's key or value in all heads, as a move of dim m of what the block read makes it; kind "global_": of those that the
/// first queries read.
Move keyMove(const Subject& s, const std::string& block, const std::string& kind, bool ofValues, int row, int m) {
    Move move{block + "." + kind + (ofValues ? "value" : "key"), {}};
    for (const char* before : {".undivided_key", ".unrotated_key", ".unnormalised_key"})
        if (!ofValues && kind.empty() && s.twin->contains(block + before)) move.tensor = block + before;
    const DoubleTensor& tensor = s.twin->at(move.tensor);
    if (s.model->layout().find(block + ".latent.weight")) return latentMove(s, block, std::move(move), row, m);
    const Parameter* own = s.model->layout().find(block + "." + kind + "value.weight");
    const Parameter& w = ofValues && own ? *own : *s.model->layout().find(block + "." + kind + "key.weight");
    const std::int64_t rows = tensor.shape[1], width = tensor.shape[2];
    move.by.assign(tensor.values.size(), 0.0);
    for (std::int64_t g = 0; g < tensor.shape[0]; ++g)
        for (std::int64_t p = 0; p < width; ++p)
            move.by[static_cast<std::size_t>((g * rows + row) * width + p)] =
                static_cast<double>(lab::at(*s.weights, w)[(g * width + p) * w.shape.back() + m]);
    return move;
}

/// The same as far as query i sees it: through its scores of the row, or its heads' outputs.
Move seenMove(const Subject& s, const std::string& block, bool ofValues, const Move& key, int row, int query) {
    Input input = s.input;
    Move seen{block + (ofValues ? ".head_output" : ".scores"), {}};
    std::map<int, std::shared_ptr<const DoubleTrace>> moved;
    for (const int sign : {-1, 1}) {
        std::vector<float> values;
        const std::vector<double>& from = s.twin->at(key.tensor).values;
        for (std::size_t i = 0; i < from.size(); ++i) values.push_back(static_cast<float>(from[i] + sign * 0.01 * key.by[i]));
        input.interventions = {{Intervention::Kind::replace, key.tensor, 0, values}};
        moved[sign] = twinTrace(*s.model, *s.weights, input);
    }
    const DoubleTensor& tensor = s.twin->at(seen.tensor);
    seen.by.assign(tensor.values.size(), 0.0);
    for (std::int64_t h = 0; h < tensor.shape[0]; ++h)
        for (std::int64_t c = 0; c < tensor.shape[2]; ++c) {
            if (!ofValues && c != row) continue;
            const auto at = static_cast<std::size_t>((h * tensor.shape[1] + query) * tensor.shape[2] + c);
            seen.by[at] = (moved[1]->at(seen.tensor).values[at] - moved[-1]->at(seen.tensor).values[at]) / 0.02;
        }
    return seen;
}

void near(double shown, double moved, double largest, const std::string& where) {
    // Numbers set by hand are single; a bend of relu may lie between.
    QVERIFY2(std::abs(shown - moved) <= 5e-3 * largest + 1e-6,
             (where + ": " + std::to_string(shown) + " is shown, the loss grows by " + std::to_string(moved)).c_str());
}

double largestOf(const std::vector<double>& values) {
    double largest = 0.0;
    for (const double x : values) largest = std::max(largest, std::abs(x));
    return largest;
}

/// The stage of a row's key or value: all queries together, and one by one.
void checkKeyStage(const std::string& name, const Subject& s, const Stage* stage, const std::string& block, int row, int m) {
    QVERIFY(stage);
    const bool ofValues = stage->id.ends_with("values");
    const Grid& sum = *stage->find("sum");
    const Move key = keyMove(s, block, stage->id.find("_global_") == std::string::npos ? "" : "global_", ofValues, row, m);
    near(sum.at(m, masterColumn), growth(s, key), largestOf(sum.master), name + " " + stage->id);
    // The largest exponent of random features moves along; it cancels in a whole row, not in one of its scores.
    if (!ofValues && specOf(s.model->config().attention.kernel.kind).drawn) return;
    for (int i = 0; i < sum.columns; i += 2)
        near(sum.at(m, i), growth(s, seenMove(s, block, ofValues, key, row, i)), largestOf(sum.master),
             name + " " + stage->id + " query " + text(i));
}

}  // namespace

class LaterLayersTest : public QObject {
    Q_OBJECT

private slots:
    void aRowToWhichNothingComesBackSaysSo() {
        const NamedConfig form = changed(
            "llama, one token", [](ModelConfig&) {}, llamaLike());
        const Subject s = subjectOf(form.config, [](Input& input) { input.targets.back() = -1; });
        const int last = static_cast<int>(s.input.tokens.size()) - 1;  // no later query sees it, and it has no loss of its own
        const Walk walk = walkOf(s, questionOf(s, 0, 0, last, 1));
        const Expression e = walk.explain({"d_l1_keys", "sum", 0, masterColumn});
        QCOMPARE(e.operation, Operation::given);
        QVERIFY2(e.note.english().starts_with("0: "), e.note.english().c_str());
    }

    void everyLaterLayersNumbersAreTheTracesGradients() {
        for (const auto& [name, config] : layeredForms()) {
            const Subject s = subjectOf(config);
            for (std::size_t b = 0; b < s.model->attentionBlocks().size(); ++b) {
                const AttentionBlock& block = s.model->attentionBlocks()[b];
                const int row = 3;
                const Walk walk = walkOf(s, questionOf(s, static_cast<int>(b), 0, row, 1));
                for (int l = block.layer + 1; l < layersOf(config, block.side); ++l) checkLayer(name, s, walk, block.side, l, row);
                if (block.side == "decoder" && !block.cross && config.architecture == Architecture::encoder_decoder)
                    checkAttention(name, s, walk, "d_cross_query", block.side + "." + text(block.layer) + ".cross_attention", row);
                if (QTest::currentTestFailed()) return;
            }
        }
    }

    void theSelfCheckAgreesInEveryBlock() {
        for (const auto& [name, config] : layeredForms()) {
            const Subject s = subjectOf(config);
            for (std::size_t b = 0; b < s.model->attentionBlocks().size(); ++b) {
                const Question q = questionOf(s, static_cast<int>(b), 0, 2, 3);
                const Walk walk = walkOf(s, q), twin = buildWalk(s.model, s.weights, NumberSource(s.twin), q);
                for (std::size_t i = 0; i < walk.stages.size(); ++i) {
                    const Check check = checkStage(walk.stages[i], twin.stages[i]);
                    QVERIFY2(check.agrees,
                             (name + " " + walk.stages[i].id + " " + check.worst.grid + " " + checkText(check).english()).c_str());
                }
            }
        }
    }

    void whatComesThroughKeyAndValueIsWhatTheLossDoesWhenTheyMove() {
        for (const auto& [name, config] : layeredForms()) {
            if (paysBesides(config)) continue;
            if (config.hasBottleneck()) continue;                   // a choice of codes has no slope: its gradient is by definition
            if (config.attention.pattern.kind->detached) continue;  // nor has what a memory's rows do not get
            const Subject s = subjectOf(config);
            const std::string side = s.model->attentionBlocks().front().side, block = side + ".1.attention";
            const int row = 2, m = 4;
            const Walk walk = walkOf(s, questionOf(s, 0, 0, row, 1));
            const AttentionBlock& info = s.model->attentionBlocks()[static_cast<std::size_t>(blockOf(s, block))];
            std::set<std::string> kinds;
            for (int i = 0; i < 5; ++i) kinds.insert(kindOf(config, info, i));
            for (const std::string& kind : kinds)
                for (const char* part : {"keys", "values"}) checkKeyStage(name, s, walk.find("d_l1_" + kind + part), block, row, m);
            for (const std::string kind : {"", "global_"}) QCOMPARE(walk.find("d_l1_" + kind + "keys") != nullptr, kinds.contains(kind));
            if (QTest::currentTestFailed()) return;
        }
    }

    void whatTheDecoderSendsBackIsWhatTheLossDoesWhenTheEncodersRowMoves() {
        for (const auto& [name, config] : layeredForms()) {
            if (config.architecture != Architecture::encoder_decoder || config.hasBottleneck() || paysBesides(config)) continue;
            const Subject s = subjectOf(config);
            const int row = 2, m = 4, last = blockOf(s, "encoder." + text(config.num_layers - 1) + ".attention");
            const Walk walk = walkOf(s, questionOf(s, last, 0, row, 1));
            for (int l = 0; l < *config.num_decoder_layers; ++l)
                for (const char* part : {"_keys", "_values"})
                    checkKeyStage(name, s, walk.find("d_memory" + text(l) + part), "decoder." + text(l) + ".cross_attention", row, m);
            const Grid& ways = *walk.find("d_memory")->find("ways");
            const bool pre = isPreNorm(config);
            Move move{pre ? "encoder_norm" : "encoder." + text(config.num_layers - 1) + ".residual", {}};
            move.by.assign(s.twin->at(move.tensor).values.size(), 0.0);
            move.by[static_cast<std::size_t>(row * config.d_model + m)] = 1.0;
            near(ways.at(ways.rows - 1, m), growth(s, move), largestOf(ways.values), name + " memory");
            if (pre) {
                const std::string tensor = "gradient.encoder." + text(config.num_layers - 1) + ".residual";
                holds(name, s, walk, {"d_memory", "norm", 5}, tensor, 0, row);
            }
            if (QTest::currentTestFailed()) return;
        }
    }

    void theGradientAtALayersEndIsWhatTheLossDoesWhenTheRowMoves() {
        for (const auto& [name, config] : layeredForms()) {
            if (config.hasBottleneck() || config.attention.pattern.kind->detached || paysBesides(config)) continue;
            const Subject s = subjectOf(config);
            const AttentionBlock& block = s.model->attentionBlocks().front();
            const int row = 2;
            const Walk walk = walkOf(s, questionOf(s, 0, 0, row, 1));
            const Grid& sum = *walk.find("d_l1_sum")->find("sum");
            std::vector<double> shown;
            for (int k = 0; k < sum.columns; ++k) shown.push_back(sum.at(2, k));
            for (const int m : {0, 7}) {
                Move move{block.side + ".0.residual", std::vector<double>(s.twin->at(block.side + ".0.residual").values.size(), 0.0)};
                move.by[static_cast<std::size_t>(row * config.d_model + m)] = 1.0;
                near(sum.at(2, m), growth(s, move), largestOf(shown), name);
            }
            if (QTest::currentTestFailed()) return;
        }
    }

    void fiveStagesALayerStandTogetherUnderItsOwnHeadings() {
        ModelConfig config = smallConfig();
        config.num_layers = 4;
        const Subject s = subjectOf(config);
        const Walk walk = walkOf(s, questionOf(s, 0, 0, 2, 1));
        std::vector<std::string> ids;
        std::vector<std::string> headings;
        for (const Stage& stage : walk.stages)
            if (!stage.group.empty()) ids.push_back(stage.id), headings.push_back(stage.heading.english());
        std::vector<std::string> wanted;
        for (const int l : {3, 2, 1})
            for (const char* part : {"ffn", "query", "keys", "values", "sum"}) wanted.push_back("d_l" + text(l) + "_" + part);
        QCOMPARE(ids, wanted);
        const QString page = QString::fromStdString(markdown(walk, {"four layers", "head 0", "2 3"}));
        for (const std::string& heading : headings) QCOMPARE(page.count(". " + QString::fromStdString(heading) + "\n"), 1);
    }

    void whatIsSetByHandInALaterLayerSendsNothingBack() {
        const ModelConfig config = smallConfig();
        const Subject plain = subjectOf(config);
        for (const std::string part : {"query", "key", "value", "weights", "head_output"}) {
            const std::string tensor = "encoder.1.attention." + part;
            const Subject s = subjectOf(config, [&](Input& input) {
                input.interventions.push_back({Intervention::Kind::replace, tensor, 0, plain.trace->at(tensor).values});
            });
            const Walk walk = walkOf(s, questionOf(s, 0, 0, 2, 1));
            if (part == "key") QCOMPARE(largestOf(walk.find("d_l1_keys")->find("sum")->master), 0.0);
            if (part == "value") QCOMPARE(largestOf(walk.find("d_l1_values")->find("sum")->master), 0.0);
            for (const char* id : {"ffn", "query", "keys", "values", "sum"})
                for (const Grid& grid : walk.find(std::string("d_l1_") + id)->grids)
                    for (int r = 0; r < grid.rows; ++r)
                        for (int c = masterColumn; c < grid.columns; ++c) {
                            const CellRef cell{std::string("d_l1_") + id, grid.id, r, c};
                            if (!walk.grid(cell)) continue;
                            const Expression e = walk.explain(cell);
                            QCOMPARE(e.result, grid.at(r, c));
                            QVERIFY2(std::abs(evaluate(e) - e.result) < 1e-5, (part + " " + cell.stage + "/" + grid.id).c_str());
                        }
        }
    }
};

QTEST_APPLESS_MAIN(LaterLayersTest)
#include "later_layers_test.moc"
