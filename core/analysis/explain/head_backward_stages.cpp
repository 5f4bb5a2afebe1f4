// From the loss back through the output head to the end of the last layer.

#include <algorithm>
#include <cmath>

#include "core/analysis/explain/backward.h"

namespace lab::explain {
namespace {

std::string topSide(const Context& c) {
    return c.config().architecture == Architecture::encoder ? "encoder" : "decoder";
}

Stage logitStage(const ContextPtr& c) {
    Stage s;
    s.id = "d_logits";
    s.symbol = d("l");
    s.caption = "p \u2212 y";
    s.heading = "The loss\u2019s gradient at the logits";
    s.formula = d("l") + " = (p \u2212 y) / N";
    s.text =
        "Now backward. \u2202l is short for \u2202L/\u2202l: how much the loss would grow for each unit that l grows. Here it is what the "
        "model said minus what was right: y is 1 at the target, 0 elsewhere; N positions share the loss.";
    const int row = answerPosition(*c), classes = *c->config().num_classes;
    const std::vector<int>& targets = c->question.input.targets;
    const int target = targets[static_cast<std::size_t>(row)];
    const auto counted = static_cast<double>(std::ranges::count_if(targets, [](int t) { return t >= 0; }));
    const NumberView logits = c->numbers.at("logits"), gradients = c->numbers.at("gradient.logits");
    auto p = std::make_shared<std::vector<double>>();
    double largest = logits(row, 0), sum = 0.0;
    for (int m = 1; m < classes; ++m) largest = std::max(largest, logits(row, m));
    for (int m = 0; m < classes; ++m) sum += std::exp(logits(row, m) - largest);
    for (int m = 0; m < classes; ++m) p->push_back(std::exp(logits(row, m) - largest) / sum);
    const auto value = [=](int r, int m) {
        return r == 0 ? (*p)[static_cast<std::size_t>(m)] : r == 1 ? (m == target ? 1.0 : 0.0) : gradients(row, m);
    };
    Grid grid = makeGrid("rows", "answer at position " + text(row), GridStyle::plain, 3, classes, value);
    grid.rowLabels = {"p", "y", d("l")};
    labelColumns(grid, "class", classes, c->question.classNames);
    grid.current = true;
    grid.explain = [=](int r, int m) {
        if (r == 0) return sameAs(named("p", m), {value(0, m), "", {"probabilities", "p", 0, m}});
        if (r == 1) return given(named("y", m), value(1, m), m == target ? "the target" : "not the target");
        if (target < 0) return given(named(d("l"), m), value(2, m), "no loss at this position");
        return sumOf(named(d("l"), m),
                     {product({value(0, m), "p", {"d_logits", "rows", 0, m}}, {1.0 / counted, "1/N"}),
                      Term{{{value(1, m), "y", {"d_logits", "rows", 1, m}}, {1.0 / counted, "1/N"}}, true}},
                     value(2, m));
    };
    s.grids.push_back(std::move(grid));
    s.result = {"d_logits", "rows", 2, std::max(target, 0)};
    return s;
}

/// What the projection to classes read, backward.
TransposedSpec projectionSpec(const ContextPtr& c) {
    TransposedSpec spec;
    const NumberView logits = c->numbers.at("gradient.logits");
    const int row = answerPosition(*c);
    const bool tied = c->config().output.tied;
    spec.stage = "d_head";
    spec.id = "head";
    spec.result = d("h");
    spec.given = d("l");
    spec.weightName = tied ? "E" : "W_{U}";
    spec.rows = c->d;
    spec.columns = *c->config().num_classes;
    spec.g = [logits, row](int m) { return logits(row, m); };
    spec.gFrom = [](int m) { return CellRef{"d_logits", "rows", 2, m}; };
    spec.weight = c->parameter(tied ? "token_embedding.weight" : "output.projection.weight");
    spec.columnsAre = "class";
    return spec;
}

Stage projectionStage(const ContextPtr& c, const TransposedSpec& spec) {
    Stage s;
    s.id = spec.stage;
    s.symbol = d("h");
    s.caption = c->config().output.tied ? "via E" : "via W_{U}";
    s.heading = "Back through the logits\u2019 matrix";
    s.formula = d("h_{i}") + " = \u03A3_{m} " + d("l_{m}") + " " + (c->config().output.tied ? "E_{m,i}" : "W_{U m,i}");
    s.text =
        "The chain rule, the one idea of the way back: h_{i} moved every logit m by its matrix entry, and each logit moves the loss by "
        "\u2202l_{m}. Multiply, and add up over all the ways.";
    addTransposed(s, spec);
    s.result = {s.id, "head", 0, masterColumn};
    return s;
}

/// The paper's head: relu, norm, matrix.
Stage hiddenStage(const ContextPtr& c, const TransposedSpec& above, Through& arrival) {
    Stage s;
    s.id = "d_hidden";
    s.symbol = d("x");
    s.caption = "via head";
    s.heading = "Back through the output head\u2019s hidden layer";
    s.formula = d("x\u2032") + " = " + d("h") + " where x\u2032 > 0,  LayerNorm backward,  " + d("x") + " = W^{T} " + d("z");
    s.text =
        "Relu let pass what was positive, so it lets pass back only there. LayerNorm and matrix follow; how a norm is passed is said where "
        "the block\u2019s own comes.";
    const auto z = std::make_shared<const std::vector<double>>(hiddenLinear(*c));
    const auto normed = [c, z](int k) { return hiddenNormed(*c, *z, k); };
    const auto dn = std::make_shared<std::vector<double>>();
    for (int k = 0; k < c->d; ++k) dn->push_back(normed(k) > 0.0 ? above.at(k) : 0.0);

    Grid relu = makeGrid("relu", "", GridStyle::values, 2, c->d,
                         [&](int r, int k) { return r == 0 ? above.at(k) : (*dn)[static_cast<std::size_t>(k)]; });
    relu.rowLabels = {d("h"), d("x\u2032")};
    labelColumns(relu, "dim", c->d);
    relu.explain = [=](int r, int k) {
        if (r == 0) return sameAs(named(d("h"), k), {above.at(k), "", {"d_head", "head", k, masterColumn}});
        const double slope = normed(k) > 0.0 ? 1.0 : 0.0;
        return sumOf(named(d("x\u2032"), k),
                     {product({above.at(k), named(d("h"), k), {"d_hidden", "relu", 0, k}},
                              {slope, slope > 0.0 ? "1, as x\u2032 > 0" : "0, as x\u2032 \u2264 0"})},
                     (*dn)[static_cast<std::size_t>(k)]);
    };
    s.grids.push_back(std::move(relu));

    NormBackwardSpec norm;
    norm.stage = s.id;
    norm.given = d("x\u2032");
    norm.parameter = "output.norm";
    norm.row = answerPosition(*c);
    norm.columns = c->d;
    norm.in = [dn](int, int k) { return (*dn)[static_cast<std::size_t>(k)]; };
    norm.z = [z](int, int k) { return (*z)[static_cast<std::size_t>(k)]; };
    norm.inFrom = [](int k) { return CellRef{"d_hidden", "relu", 1, k}; };
    norm.normedFrom = [](int k) { return CellRef{"hidden", "norm", 2, k}; };
    norm.deviationFrom = {"hidden", "norm", 1, masterColumn};
    norm.epsilon = outputNormEpsilon;
    const auto dz = std::make_shared<const std::vector<double>>(addNormBackward(s, c, norm));

    TransposedSpec spec;
    spec.stage = s.id;
    spec.id = "linear";
    spec.result = d("x");
    spec.given = d("z");
    spec.weightName = "W";
    spec.rows = spec.columns = c->d;
    spec.g = [dz](int m) { return (*dz)[static_cast<std::size_t>(m)]; };
    spec.gFrom = [](int m) { return CellRef{"d_hidden", "norm", normResultRow, m}; };
    spec.weight = c->parameter("output.hidden.weight");
    spec.columnsAre = "dim";
    addTransposed(s, spec);
    arrival.values.clear();
    for (int k = 0; k < c->d; ++k) arrival.values.push_back(spec.at(k));
    arrival.from = [](int k) { return CellRef{"d_hidden", "linear", k, masterColumn}; };
    s.result = {s.id, "linear", 0, masterColumn};
    return s;
}

/// Pre-norm: the norm behind the last layer.
Stage finalNormStage(const ContextPtr& c, const Through& arrival) {
    Stage s;
    s.id = "d_final_norm";
    s.symbol = d("z");
    s.caption = "final norm";
    s.heading = "Back through the final norm";
    sayNormBackward(s, c->config().norm.kind, d("x\u2032"), d("z"));
    const std::string last = topSide(*c) + "." + text(layersOfSide(*c) - 1) + ".residual";
    const NumberView stream = c->numbers.at(last), result = c->numbers.at("gradient." + last);
    NormBackwardSpec norm;
    norm.stage = s.id;
    norm.given = d("x\u2032");
    norm.parameter = topSide(*c) + "_norm";
    norm.row = c->query;
    norm.columns = c->d;
    norm.in = [values = arrival.values](int, int k) { return values[static_cast<std::size_t>(k)]; };
    norm.z = [stream](int i, int k) { return stream(i, k); };
    norm.inFrom = arrival.from;
    const bool layer = c->config().norm.kind == NormKind::layer;
    norm.normedFrom = [layer](int k) { return CellRef{"final_norm", "norm", layer ? 2 : 1, k}; };
    norm.deviationFrom = {"final_norm", "norm", layer ? 1 : 0, masterColumn};
    norm.value = [c, result](int k) { return result(c->query, k); };
    norm.kind = c->config().norm.kind;
    norm.epsilon = c->config().norm.epsilon;
    addNormBackward(s, c, norm);
    s.result = {s.id, "norm", normResultRow, 0};
    return s;
}

}  // namespace

void sayNormBackward(Stage& stage, NormKind kind, const std::string& given, const std::string& result) {
    if (kind == NormKind::layer) {
        stage.formula = "g = \u03B3 " + given + ",  c = g \u2212 mean(g) \u2212 n mean(g n),  " + result + " = c / \u03C3";
        stage.text =
            "n is the normed row (z \u2212 \u03BC) / \u03C3. Shifting or stretching all of z changes nothing behind a LayerNorm, so the "
            "parts of g that would only do that, along 1 and n, are taken out.";
    } else {
        stage.formula = "g = \u03B3 " + given + ",  c = g \u2212 n mean(g n),  " + result + " = c / rms";
        stage.text =
            "n is the normed row z / rms. Stretching all of z changes nothing behind an RMSNorm, so the part of g that would only do that, "
            "along n, is taken away.";
    }
}

CellRef headEndRef(const Context& c, int column) {
    if (c.pre) return {"d_final_norm", "norm", normResultRow, column};
    if (c.numbers.has("output.hidden")) return {"d_hidden", "linear", column, masterColumn};
    return {"d_head", "head", column, masterColumn};
}

void addHeadBackwardStages(Walk& walk, const ContextPtr& c) {
    walk.stages.push_back(logitStage(c));
    TransposedSpec spec = projectionSpec(c);
    Through arrival;
    for (int k = 0; k < c->d; ++k) arrival.values.push_back(spec.at(k));
    arrival.from = [](int k) { return CellRef{"d_head", "head", k, masterColumn}; };
    // Looked up often: computed once.
    spec.value = [values = arrival.values](int k) { return values[static_cast<std::size_t>(k)]; };
    walk.stages.push_back(projectionStage(c, spec));
    if (c->numbers.has("output.hidden")) walk.stages.push_back(hiddenStage(c, spec, arrival));
    if (c->pre && answers(*c)) walk.stages.push_back(finalNormStage(c, arrival));
}

}  // namespace lab::explain
