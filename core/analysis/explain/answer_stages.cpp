// From the layer's end to the loss.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/analysis/explain/context.h"

namespace lab::explain {
namespace {

bool twoSides(const Context& c) {
    return c.config().architecture == Architecture::encoder_decoder;
}

}  // namespace

bool answers(const Context& c) {
    return !(twoSides(c) && c.block.side == "encoder");
}

int layersOfSide(const Context& c) {
    return twoSides(c) && c.block.side == "decoder" ? *c.config().num_decoder_layers : c.config().num_layers;
}

namespace {

/// What the output head reads, and its row.
std::string topTensor(const Context& c) {
    const bool decoder = c.config().architecture != Architecture::encoder;
    const std::string side = decoder ? "decoder" : "encoder";
    if (c.pre) return side + "_norm";
    const int layers = twoSides(c) ? *c.config().num_decoder_layers : c.config().num_layers;
    return side + "." + text(layers - 1) + ".residual";
}

/// One row of the residual stream after a layer.
struct Level {
    std::string layer, tensor;
};

std::vector<Level> laterLevels(const Context& c) {
    std::vector<Level> levels{{"layer " + text(c.block.layer), c.layer + ".residual"}};
    for (int l = c.block.layer + 1; l < layersOfSide(c); ++l)
        levels.push_back({"layer " + text(l), c.block.side + "." + text(l) + ".residual"});
    return levels;
}

Stage laterStage(const ContextPtr& c) {
    Stage s;
    const std::vector<Level> levels = laterLevels(*c);
    s.id = "later";
    s.symbol = "layers";
    s.caption = levels.size() == 1 ? "no more" : "that follow";
    s.heading = "Through the layers that follow";
    s.formula = c->pre ? "z^{l+1} = layer(z^{l})" : "x^{l+1} = layer(x^{l})";
    s.text = levels.size() == 1 ? "No layer follows: this row goes on to the " + std::string(c->pre        ? "final norm."
                                                                                             : answers(*c) ? "output head."
                                                                                                           : "decoder.")
                                : "The layers that follow do the same with their own weights. Each has a walk of its own.";
    if (!answers(*c))
        s.notes.push_back(
            "The encoder ends here. The decoder reads this row through its cross-attention; what follows is its answer at position " +
            text(answerPosition(*c)) + ".");
    Grid grid =
        makeGrid("stream", "row " + text(c->query) + " of the residual stream", GridStyle::values, static_cast<int>(levels.size()), c->d,
                 [&](int r, int column) { return c->numbers.at(levels[static_cast<std::size_t>(r)].tensor)(c->query, column); });
    for (const Level& level : levels) grid.rowLabels.push_back("after " + level.layer);
    labelColumns(grid, "dim", c->d);
    grid.current = true;
    grid.explain = [c, levels](int r, int column) {
        const double value = c->numbers.at(levels[static_cast<std::size_t>(r)].tensor)(c->query, column);
        const std::string name = named(c->pre ? "z" : "x", c->query, column);
        if (r > 0) {
            const int block = c->blockOf(c->block.side + "." + text(c->block.layer + r) + ".attention");
            return sameAs(name, {value, "", {"later", "stream", 0, column, -1, c->block.cross ? 0 : -1, block}});
        }
        const int last = static_cast<int>(c->sublayers.size()) - 1 - c->sublayer;
        const std::string suffix = last == 0 ? "" : text(last);
        if (c->pre) return sameAs(name, {value, "", {"residual" + suffix, "sum", 2, column}});
        return sameAs(name, {value, "", {"norm" + suffix, "norm", lastNormRow(c->config().norm.kind), column}});
    };
    s.grids.push_back(std::move(grid));
    s.result = {"later", "stream", static_cast<int>(levels.size()) - 1, 0};
    return s;
}

/// What the projection to classes reads: the hidden layer of the head, or the stream itself.
double headRow(const Context& c, int column) {
    if (const NumberView hidden = c.numbers.find("output.hidden")) return hidden(answerPosition(c), column);
    return c.numbers.at(topTensor(c))(answerPosition(c), column);
}

CellRef topRef(const Context& c, int column) {
    if (!answers(c)) return {};
    if (c.pre) return {"final_norm", "norm", lastNormRow(c.config().norm.kind), column};
    return {"later", "stream", static_cast<int>(laterLevels(c).size()) - 1, column};
}

/// Pre-norm: the one norm behind the last layer.
Stage finalNormStage(const ContextPtr& c) {
    Stage s;
    const bool layer = c->config().norm.kind == NormKind::layer;
    s.id = "final_norm";
    s.symbol = "norm";
    s.caption = "final";
    s.heading = layer ? "The final LayerNorm" : "The final RMSNorm";
    s.formula =
        layer ? "x\u2032 = \u03B3 (z \u2212 \u03BC) / \u03C3" + std::string(c->parameter(c->block.side + "_norm.bias") ? " + \u03B2" : "")
              : "x\u2032 = \u03B3 z / rms(z)";
    s.text = answers(*c) ? "Pre-norm models norm the stream once more behind the last layer: this is what the output head reads."
                         : "Pre-norm models norm the stream once more behind the last layer: this is what the decoder reads.";
    const std::string tensor = c->block.side + "_norm";
    const NumberView z = c->numbers.at(laterLevels(*c).back().tensor), result = c->numbers.at(tensor);
    NormSpec spec;
    spec.stage = s.id;
    spec.id = "norm";
    spec.symbol = "x\u2032";
    spec.columns = c->d;
    spec.z = [c, z](int column) { return z(c->query, column); };
    const int last = static_cast<int>(laterLevels(*c).size()) - 1;
    spec.zFrom = [last](int column) { return CellRef{"later", "stream", last, column}; };
    spec.result = [c, result](int column) { return result(c->query, column); };
    spec.gamma = c->parameter(tensor + ".weight");
    spec.beta = c->parameter(tensor + ".bias");
    spec.kind = c->config().norm.kind;
    spec.epsilon = c->config().norm.epsilon;
    s.grids.push_back(normGrid(spec));
    s.result = {s.id, "norm", lastNormRow(spec.kind), 0};
    return s;
}

/// Linear, norm and relu of the paper's output head.
Stage hiddenStage(const ContextPtr& c) {
    Stage s;
    s.id = "hidden";
    s.symbol = "head";
    s.caption = "hidden";
    s.heading = "The output head's hidden layer";
    const std::string sum = "W x" + plusBias(c->parameter("output.hidden.bias"));
    s.formula = "h = max(0, LayerNorm(" + sum + "))";
    s.text = "One more matrix, norm and bend before the classes: z = " + sum + ", x\u2032 = LayerNorm(z), h = max(0, x\u2032).";
    const int row = answerPosition(*c);
    const NumberView x = c->numbers.at(topTensor(*c));
    LinearSpec linear;
    linear.id = "linear";
    linear.title = "z = " + sum;
    linear.out = "z";
    linear.weightName = "W";
    linear.inSymbol = "x";
    linear.inIndex = row;
    linear.rows = linear.columns = c->d;
    linear.x = [x, row](int i) { return x(row, i); };
    linear.xFrom = [c](int i) { return topRef(*c, i); };
    linear.weight = c->parameter("output.hidden.weight");
    linear.bias = c->parameter("output.hidden.bias");
    linear.columnsAre = "dim";
    const auto z = std::make_shared<const std::vector<double>>(hiddenLinear(*c));
    linear.result = [z](int m) { return (*z)[static_cast<std::size_t>(m)]; };

    NormSpec norm;
    norm.stage = "hidden";
    norm.id = "norm";
    norm.title = "LayerNorm of z = " + sum + ", which stands below";
    norm.symbol = "x\u2032";
    norm.columns = c->d;
    norm.z = linear.result;
    norm.zFrom = [](int m) { return CellRef{"hidden", "linear", m, masterColumn}; };
    norm.result = [c, z](int m) { return hiddenNormed(*c, *z, m); };
    norm.gamma = c->parameter("output.norm.weight");
    norm.beta = c->parameter("output.norm.bias");
    norm.epsilon = outputNormEpsilon;

    const NumberView hidden = c->numbers.at("output.hidden");
    Grid relu = makeGrid("relu", "", GridStyle::values, 1, c->d, [&](int, int m) { return hidden(row, m); });
    relu.rowLabels = {"relu"};
    relu.current = true;
    relu.explain = [c, z, hidden, row](int, int m) {
        Expression e =
            sumOf(named("h", m), {single({hiddenNormed(*c, *z, m), named("x\u2032", m), {"hidden", "norm", 3, m}})}, hidden(row, m));
        e.operation = Operation::relu;
        return e;
    };
    Grid rows = normGrid(norm);
    s.grids.push_back(std::move(rows));
    s.grids.push_back(std::move(relu));
    addLinear(s, linear);
    s.result = {"hidden", "relu", 0, 0};
    return s;
}

Stage logitsStage(const ContextPtr& c) {
    Stage s;
    s.id = "logits";
    s.symbol = "logits";
    s.caption = "per class";
    s.heading = "Logits";
    const bool tied = c->config().output.tied;
    s.formula = tied ? "l = E h" : "l = W_{U} h" + plusBias(c->parameter("output.projection.bias"));
    s.text = "One number per class: how strongly this row speaks for it.";
    if (!c->numbers.has("output.hidden"))
        s.text += c->pre ? " h is the row that the final norm left (its x\u2032)." : " h is the row that the last layer left.";
    if (tied) s.notes.push_back("Tied: the token table itself is the matrix.");
    const int row = answerPosition(*c), classes = *c->config().num_classes;
    LinearSpec spec;
    spec.id = "logits";
    spec.out = "l";
    spec.weightName = tied ? "E" : "W_{U}";
    spec.inSymbol = "h";
    spec.rows = classes;
    spec.columns = c->d;
    spec.x = [c](int i) { return headRow(*c, i); };
    const bool hidden = c->numbers.has("output.hidden");
    spec.xFrom = [c, hidden](int i) { return hidden ? CellRef{"hidden", "relu", 0, i} : topRef(*c, i); };
    spec.weight = c->parameter(tied ? "token_embedding.weight" : "output.projection.weight");
    if (!tied) spec.bias = c->parameter("output.projection.bias");
    const NumberView logits = c->numbers.at("logits");
    spec.result = [logits, row](int m) { return logits(row, m); };
    spec.columnsAre = "dim";
    addLinear(s, spec);
    for (int m = 0; m < classes; ++m) {
        const auto at = static_cast<std::size_t>(m);
        s.grids.back().rowLabels[at] =
            at < c->question.classNames.size() ? "\u201C" + c->question.classNames[at] + "\u201D" : "class " + text(m);
    }
    int best = 0;
    for (int m = 1; m < classes; ++m)
        if (logits(row, m) > logits(row, best)) best = m;
    s.result = {"logits", "logits", best, masterColumn};
    return s;
}

/// Softmax of one answer row.
struct Probabilities {
    std::vector<double> logits, exponentials;
    double largest = 0.0, sum = 0.0;
    int best = 0;

    Probabilities(const Context& c, int row) {
        const NumberView view = c.numbers.at("logits");
        const int classes = *c.config().num_classes;
        for (int m = 0; m < classes; ++m) logits.push_back(view(row, m));
        const auto top = std::ranges::max_element(logits);
        best = static_cast<int>(top - logits.begin());
        largest = *top;
        for (const double l : logits) exponentials.push_back(std::exp(l - largest));
        sum = std::accumulate(exponentials.begin(), exponentials.end(), 0.0);
    }
    double at(int m) const { return exponentials[static_cast<std::size_t>(m)] / sum; }
};

int targetAt(const Context& c, int row) {
    const std::vector<int>& targets = c.question.input.targets;
    return static_cast<std::size_t>(row) < targets.size() ? targets[static_cast<std::size_t>(row)] : -1;
}

Stage probabilityStage(const ContextPtr& c) {
    Stage s;
    s.id = "probabilities";
    s.symbol = "p";
    s.caption = "softmax";
    s.heading = "Probabilities";
    s.formula = "p_{m} = exp(l_{m} \u2212 max) / \u03A3_{m} exp(l_{m} \u2212 max)";
    s.text = "The same softmax as in the attention, now over the classes. The largest is the model's answer.";
    const int classes = *c->config().num_classes;
    const auto p = std::make_shared<const Probabilities>(*c, answerPosition(*c));
    const auto value = [p](int r, int m) {
        const auto at = static_cast<std::size_t>(m);
        return r == 0 ? p->logits[at] : r == 1 ? p->logits[at] - p->largest : p->exponentials[at];
    };
    Grid rows = makeGrid("rows", "answer at position " + text(answerPosition(*c)), GridStyle::plain, 3, classes, value);
    rows.rowLabels = {"logit", "\u2212 max", "exp"};
    labelColumns(rows, "class", classes, c->question.classNames);
    rows.masterLabel = "max, \u03A3";
    rows.master = {p->largest, std::numeric_limits<double>::quiet_NaN(), p->sum};
    rows.explain = [p, value](int r, int m) {
        Expression e;
        if (m == masterColumn) {
            std::vector<Term> terms;
            for (int k = 0; k < static_cast<int>(p->logits.size()); ++k)
                terms.push_back(
                    single({r == 0 ? value(0, k) : value(2, k), named(r == 0 ? "l" : "e", k), {"probabilities", "rows", r, k}}));
            e = sumOf(r == 0 ? "max" : "\u03A3", std::move(terms), r == 0 ? p->largest : p->sum);
            if (r == 0) e.operation = Operation::maximum;
            return e;
        }
        if (r == 0) return sameAs(named("l", m), {value(0, m), "", {"logits", "logits", m, masterColumn}});
        if (r == 1)
            return sumOf(named("l", m) + " \u2212 max",
                         {single({value(0, m), named("l", m), {"probabilities", "rows", 0, m}}),
                          minus({p->largest, "max", {"probabilities", "rows", 0, masterColumn}})},
                         value(1, m));
        e = sumOf(named("e", m), {single({value(1, m), named("l", m) + " \u2212 max", {"probabilities", "rows", 1, m}})}, value(2, m));
        e.operation = Operation::exponential;
        return e;
    };
    Grid result = makeGrid("p", "", GridStyle::weights, 1, classes, [&](int, int m) { return p->at(m); });
    result.rowLabels = {"p"};
    result.current = true;
    result.largest = 1.0;
    const int target = targetAt(*c, answerPosition(*c));
    if (target >= 0) result.litColumns = {target};
    result.explain = [p](int, int m) {
        Expression e = sumOf(named("p", m),
                             {single({p->exponentials[static_cast<std::size_t>(m)], named("e", m), {"probabilities", "rows", 2, m}}),
                              single({p->sum, "\u03A3", {"probabilities", "rows", 2, masterColumn}})},
                             p->at(m));
        e.operation = Operation::quotient;
        return e;
    };
    s.grids.push_back(std::move(rows));
    s.grids.push_back(std::move(result));
    s.result = {"probabilities", "p", 0, target >= 0 ? target : p->best};
    return s;
}

Stage lossStage(const ContextPtr& c) {
    Stage s;
    s.id = "loss";
    s.symbol = "loss";
    s.caption = "\u2212ln p";
    s.heading = "The loss";
    s.formula = "L = (1/N) \u03A3_{i} \u2212ln p_{i}(target)";
    const int rows = c->numbers.at("logits").extent(0);
    auto p = std::make_shared<std::vector<double>>();
    std::vector<int> counted;
    for (int i = 0; i < rows; ++i) {
        const int target = targetAt(*c, i);
        p->push_back(target >= 0 ? Probabilities(*c, i).at(target) : std::numeric_limits<double>::quiet_NaN());
        if (target >= 0) counted.push_back(i);
    }
    s.text = "How surprised the model is by what is right, averaged over the N = " + text(static_cast<int>(counted.size())) +
             " positions that count: 0 when it is certain and right, ln " + text(*c->config().num_classes) + " = " +
             shownNumber(std::log(static_cast<double>(*c->config().num_classes)), 3) + " when it finds all classes equally likely.";
    const double loss = c->numbers.at("loss")[0];
    Grid grid = makeGrid("loss", "", GridStyle::plain, 2, rows, [&](int r, int i) {
        const double probability = (*p)[static_cast<std::size_t>(i)];
        return r == 0 ? probability : -std::log(probability);
    });
    grid.rowLabels = {"p(target)", "\u2212ln p"};
    labelColumns(grid, "position", rows);
    for (int i = 0; i < rows; ++i) {
        const int target = targetAt(*c, i);
        const auto at = static_cast<std::size_t>(std::max(target, 0));
        grid.columnTokens.push_back(target < 0 ? "" : at < c->question.classNames.size() ? c->question.classNames[at] : text(target));
    }
    grid.litColumns = {answerPosition(*c)};
    grid.masterLabel = "mean";
    grid.master = {std::numeric_limits<double>::quiet_NaN(), loss};
    grid.current = true;
    grid.explain = [c, p, counted, loss](int r, int i) {
        Expression e;
        if (i == masterColumn) {
            std::vector<Term> terms;
            for (const int k : counted)
                terms.push_back(single({-std::log((*p)[static_cast<std::size_t>(k)]), named("L", k), {"loss", "loss", 1, k}}));
            e = sumOf("L", std::move(terms), loss);
            e.operation = Operation::mean;
            return e;
        }
        const double probability = (*p)[static_cast<std::size_t>(i)];
        if (r == 0) {
            if (i == answerPosition(*c)) return sameAs(named("p", i), {probability, "", {"probabilities", "p", 0, targetAt(*c, i)}});
            return given(named("p", i), probability, "the same at position " + text(i));
        }
        e = sumOf(named("L", i), {single({probability, named("p", i), {"loss", "loss", 0, i}})}, -std::log(probability));
        e.operation = Operation::negativeLog;
        return e;
    };
    s.grids.push_back(std::move(grid));
    s.result = {"loss", "loss", 1, masterColumn};
    return s;
}

}  // namespace

std::vector<double> hiddenLinear(const Context& c) {
    const NumberView x = c.numbers.at(topTensor(c));
    const ParameterView w = c.parameter("output.hidden.weight"), b = c.parameter("output.hidden.bias");
    std::vector<double> z;
    for (int m = 0; m < c.d; ++m) {
        double sum = b.orZero(m);
        for (int i = 0; i < c.d; ++i) sum += w(m, i) * x(answerPosition(c), i);
        z.push_back(sum);
    }
    return z;
}

double hiddenNormed(const Context& c, const std::vector<double>& z, int m) {
    const double mean = std::accumulate(z.begin(), z.end(), 0.0) / static_cast<double>(z.size());
    double squares = 0.0;
    for (const double x : z) squares += (x - mean) * (x - mean);
    const double deviation = std::sqrt(squares / static_cast<double>(z.size()) + outputNormEpsilon);
    return c.parameter("output.norm.weight")(m) * (z[static_cast<std::size_t>(m)] - mean) / deviation +
           c.parameter("output.norm.bias").orZero(m);
}

int answerPosition(const Context& c) {
    return answers(c) ? c.query : std::min(c.query, c.numbers.at("logits").extent(0) - 1);
}

void addAnswerStages(Walk& walk, const ContextPtr& c) {
    walk.stages.push_back(laterStage(c));
    if (c->pre) walk.stages.push_back(finalNormStage(c));
    if (c->numbers.has("output.hidden")) walk.stages.push_back(hiddenStage(c));
    walk.stages.push_back(logitsStage(c));
    walk.stages.push_back(probabilityStage(c));
    if (c->numbers.has("loss")) walk.stages.push_back(lossStage(c));
}

}  // namespace lab::explain
