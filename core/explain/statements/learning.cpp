#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/explain/statements/scene.h"
#include "core/model/initialise.h"

namespace lab::explain {
namespace {

double gradientNorm(const NumberView& g) {
    double squares = 0.0;
    for (int i = 0; i < g.extent(0); ++i)
        for (int j = 0; j < g.extent(1); ++j) squares += g(i, j) * g(i, j);
    return std::sqrt(squares);
}

Evidence backpropagation(const StatementScene& s) {
    const AttentionBlock& block = blockOf(s);
    Evidence e;
    BarsDrawing bars;
    bars.title = LAB_TEXT("statements", "Lengths of the gradients");
    bars.digits = 4;
    bars.series = {{LAB_TEXT("statements", "length"), {}, Tone::right}};
    const auto add = [&](const std::string& name, const Words& shortName) {
        const NumberView g = s.numbers.find("gradient." + name + ".weight");
        if (!g) return;
        e.numbers.emplace_back(Message(LAB_TEXT("statements", "length of the gradient of %1")).arg(name + ".weight"),
                               numberText(gradientNorm(g), 5));
        bars.labels.push_back(shortName);
        bars.series[0].values.push_back(gradientNorm(g));
    };
    for (const auto& [part, name] :
         std::vector<std::pair<std::string, const char*>>{{"query", "W_{Q}"}, {"key", "W_{K}"}, {"value", "W_{V}"}, {"output", "W_{O}"}})
        add(block.name + "." + part, name);
    add(block.side + "." + std::to_string(block.layer) + ".feed_forward.up", "FFN");
    if (e.numbers.empty())
        e.numbers = {
            {LAB_TEXT("statements", "gradients"), LAB_TEXT("statements", "this input has no targets; choose a sample to see them")}};
    else
        e.drawings = {bars};
    return e;
}

Evidence weightsKept(const StatementScene& s) {
    const Weights before = *s.weights;
    const auto answered = traced(s, s.question.input);
    std::size_t changed = 0;
    for (std::size_t i = 0; i < before.size(); ++i) changed += std::memcmp(&before[i], &(*s.weights)[i], sizeof before[i]) != 0;
    Evidence e;
    e.numbers = {{LAB_TEXT("statements", "weights of this model"), std::to_string(s.model->layout().parameterCount())},
                 {LAB_TEXT("statements", "places that have just been answered"), std::to_string(predictions(*answered).size())},
                 {LAB_TEXT("statements", "weights with another bit than before the answer"), std::to_string(changed)}};
    BoxesDrawing boxes;
    boxes.title = LAB_TEXT("statements", "What changes");
    boxes.lines = {{LAB_TEXT("statements", "answering"),
                    {{LAB_TEXT("statements", "input"), ""},
                     {LAB_TEXT("statements", "weights"), LAB_TEXT("statements", "read"), Tone::right},
                     {LAB_TEXT("statements", "answer"), ""}}},
                   {LAB_TEXT("statements", "training"),
                    {{LAB_TEXT("statements", "loss"), ""},
                     {LAB_TEXT("statements", "gradient"), ""},
                     {LAB_TEXT("statements", "weights"), LAB_TEXT("statements", "changed"), Tone::claimed}}}};
    e.drawings = {boxes};
    return e;
}

/// Two examples (x, y) and a linear regression y = w x from w = 0: what a gradient step predicts, and what attention over them does.
struct InContext {
    static constexpr double x[2] = {1, 2}, y[2] = {2, 3}, rate = 0.1;

    /// One step on sum (w x - y)^2 / (2 N).
    static double gradientStep(double query) {
        double slope = 0.0;
        for (int i = 0; i < 2; ++i) slope -= y[i] * x[i] / 2;
        return -rate * slope * query;
    }
    static double linearAttention(double query) {
        double sum = 0.0;
        for (int i = 0; i < 2; ++i) sum += y[i] * (x[i] * query);
        return rate / 2 * sum;
    }
    static double softmaxAttention(double query) {
        const std::vector<double> weights = softmaxOf({x[0] * query, x[1] * query});
        return weights[0] * y[0] + weights[1] * y[1];
    }
};

CurvesDrawing inContextCurves(bool withSoftmax) {
    CurvesDrawing curves;
    curves.title = LAB_TEXT("statements", "What is predicted for x");
    curves.across = "x";
    curves.series = {{LAB_TEXT("statements", "one gradient step"), {}, Tone::claimed},
                     {LAB_TEXT("statements", "linear attention"), {}, Tone::right}};
    if (withSoftmax) curves.series.push_back({LAB_TEXT("statements", "softmax attention"), {}, Tone::plain});
    for (int i = -8; i <= 8; ++i) {
        const double query = i / 2.0;
        curves.x.push_back(query);
        curves.series[0].y.push_back(InContext::gradientStep(query));
        curves.series[1].y.push_back(InContext::linearAttention(query));
        if (withSoftmax) curves.series[2].y.push_back(InContext::softmaxAttention(query));
    }
    return curves;
}

Words oneStep() {
    return LAB_TEXT("statements",
                    "examples (1, 2), (2, 3), x = 3: loss \u03A3(w x \u2212 y)\u00B2/(2\u00B7"
                    "2), from w = 0, one gradient step, rate 0.1, predicts");
}

Evidence likeGradientDescent(const StatementScene&) {
    Evidence e;
    e.numbers = {
        {oneStep(), numberText(InContext::gradientStep(3))},
        {LAB_TEXT("statements", "linear attention, values y, keys x, query 3, factor 0.1 / 2"), numberText(InContext::linearAttention(3))}};
    e.drawings = {inContextCurves(false)};
    return e;
}

Evidence largeModels(const StatementScene&) {
    Evidence e;
    e.numbers = {
        {oneStep(), numberText(InContext::gradientStep(3))},
        {LAB_TEXT("statements", "linear attention"), numberText(InContext::linearAttention(3))},
        {LAB_TEXT("statements", "softmax attention with the same queries, keys and values"), numberText(InContext::softmaxAttention(3))}};
    e.drawings = {inContextCurves(true)};
    return e;
}

constexpr std::uint64_t otherSeed = 43;  ///< than that of the example's weights, or fresh ones would be the same

Evidence trueSimilarity(const StatementScene& s) {
    const Weights fresh = initialWeights(*s.model, otherSeed);
    const Input& input = s.question.input;
    const auto own = traced(s, input);
    const Trace before = s.model->trace(fresh, input);
    const std::string name = blockOf(s).name + ".weights";
    Evidence e;
    e.numbers = {{LAB_TEXT("statements", "loss with the weights in hand"), numberText(lossOf(s, *own, *own))},
                 {LAB_TEXT("statements", "loss with fresh weights, before any training"), numberText(lossOf(s, before, *own))}};
    e.drawings = {
        weightCells(s, LAB_TEXT("statements", "Similarities of the weights in hand"), NumberView(own->at(name)), Tone::right),
        weightCells(s, LAB_TEXT("statements", "Of fresh weights, computed as exactly"), NumberView(before.at(name)), Tone::claimed)};
    if (s.model == completed({}).model)
        e.whose =
            LAB_TEXT("statements", "Numbers of a small model that has not been trained, as none is open. Open a trained one to compare.");
    return e;
}

Evidence fullyConnected(const StatementScene& s) {
    const double d = s.model->config().d_model, n = s.numbers.at(blockOf(s).name + ".weights").extent(1);
    const auto net = [d](double rows) { return 2 * (rows * d) * (rows * d); };
    Evidence e;
    e.numbers = {
        {Message(LAB_TEXT("statements", "weights of four projections, d %1, any n")).arg(numberText(d, 0)), numberText(4 * d * d, 0)},
        {Message(LAB_TEXT("statements", "weights of a net over all %1 rows, as many hidden units as inputs")).arg(numberText(n, 0)),
         wholeText(net(n))},
        {Message(LAB_TEXT("statements", "the same for %1 rows, another net")).arg(numberText(2 * n, 0)), wholeText(net(2 * n))}};
    CurvesDrawing curves;
    curves.title = LAB_TEXT("statements", "Weights at n rows");
    curves.across = "n";
    curves.logarithmic = true;
    curves.series = {{LAB_TEXT("statements", "attention"), {}, Tone::right},
                     {LAB_TEXT("statements", "fully connected over all rows"), {}, Tone::claimed}};
    for (int rows = 1; rows <= 64; ++rows) {
        curves.x.push_back(rows);
        curves.series[0].y.push_back(4 * d * d);
        curves.series[1].y.push_back(net(rows));
    }
    e.drawings = {curves};
    return e;
}

Evidence closedModels(const StatementScene&) {
    constexpr double layers = 80, heads = 64, kvHeads = 8, width = 128, tokens = 4096, bytes = 2;
    const auto gib = [&](double keyHeads) { return 2 * tokens * layers * keyHeads * width * bytes / std::exp2(30); };
    Evidence e;
    e.numbers = {{LAB_TEXT("statements", "cache of Llama-2-70B (published), 4096 tokens, 16 bits, 8 key-value heads: GiB"),
                  numberText(gib(kvHeads), 2)},
                 {LAB_TEXT("statements", "the same with 64 key-value heads"), numberText(gib(heads), 2)}};
    BarsDrawing bars;
    bars.title = LAB_TEXT("statements", "What can be computed: GiB of the cache");
    bars.digits = 2;
    bars.labels = {LAB_TEXT("statements", "8 of 64 heads"), LAB_TEXT("statements", "64 of 64")};
    bars.series = {{"GiB", {gib(kvHeads), gib(heads)}, Tone::right}};
    e.drawings = {bars};
    return e;
}

constexpr Statement aboutLearning[] = {
    {.id = "backpropagation",
     .spec = "10.c",
     .topic = Topic::learning,
     .name = LAB_TEXT("statements", "What backpropagation changes"),
     .claim = LAB_TEXT("statements", "Backpropagation does not change the attention heads; only the feed-forward layers learn."),
     .why = LAB_TEXT(
         "statements",
         "W_{Q}, W_{K}, W_{V} and W_{O} are ordinary parameters: \u2202W_{Q} = \u03A3_{i} \u2202q_{i} x_{i}^{T}, and likewise for the "
         "others. Attention weights are not parameters; they change because these matrices and the rows do. Only a training that "
         "freezes the matrices leaves them as they were."),
     .place = "explain?stage=d_matrix",
     .evidence = backpropagation,
     .live = true},
    {.id = "weights-kept",
     .spec = "10b.24",
     .topic = Topic::learning,
     .name = LAB_TEXT("statements", "Weights while answering"),
     .claim = LAB_TEXT("statements", "While a model answers, its weights do not change: there is no gradient descent on them."),
     .verdict = Verdict::holds,
     .why = LAB_TEXT("statements",
                     "A forward pass reads the weights and writes none of them, which can be compared bit by bit. What examples in the "
                     "context do, they do through keys and values, and it is gone with the context. Somebody may of course go on "
                     "training a model that is in use, but that is another computation."),
     .place = "explain?stage=update",
     .evidence = weightsKept,
     .live = true},
    {.id = "like-gradient-descent",
     .spec = "10b.24",
     .topic = Topic::learning,
     .name = LAB_TEXT("statements", "In-context learning and descent"),
     .claim = LAB_TEXT("statements", "There is no gradient descent at inference, so in-context learning cannot be like it."),
     .why = LAB_TEXT("statements",
                     "The first half is right of the weights, and the second does not follow. One layer of linear attention, with no "
                     "softmax and no row "
                     "sum, and with suitable weights, computes exactly what linear regression predicts after one gradient step from zero "
                     "on the examples (von Oswald 2022). No weight changes: the step is in the numbers that pass through."),
     .place = "explain?stage=mix",
     .evidence = likeGradientDescent},
    {.id = "large-models-descend",
     .spec = "10b.24",
     .topic = Topic::learning,
     .name = LAB_TEXT("statements", "What large models do in context"),
     .claim = LAB_TEXT("statements", "Large language models learn in context by gradient descent within their forward pass."),
     .verdict = Verdict::open,
     .why = LAB_TEXT(
         "statements",
         "For linear attention on regression it is proved that it can be so, and small models trained on this come to do it. For "
         "softmax, feed-forward nets and language it is disputed, and other mechanisms are known to have a part, such as heads that "
         "copy what followed an earlier occurrence. What can be said is what a given model does on a given task, once it "
         "is measured."),
     .place = "explain?stage=mix",
     .evidence = largeModels},
    {.id = "true-similarity",
     .spec = "10b.25",
     .topic = Topic::learning,
     .name = LAB_TEXT("statements", "Similarity and gradient descent"),
     .claim = LAB_TEXT("statements", "Attention weights compute the true similarity, and gradient descent approximates it."),
     .why = LAB_TEXT("statements",
                     "There is no true similarity for them to meet: attention computes exactly the one that W_{Q} and W_{K} define, and "
                     "gradient descent is what finds these. Before training it is computed as exactly, and is of little use."),
     .place = "explain?stage=dot",
     .evidence = trueSimilarity,
     .live = true},
    {.id = "fully-connected",
     .spec = "10b.27",
     .topic = Topic::learning,
     .name = LAB_TEXT("statements", "A fully connected net instead"),
     .claim = LAB_TEXT("statements", "Any fully connected net should learn attention by itself."),
     .why = LAB_TEXT(
         "statements",
         "At one fixed length a wide enough net can approximate what attention computes, on bounded inputs, but nothing says that "
         "training finds it. With as many hidden units as inputs it takes n\u00B2/2 times the weights, and these are tied to "
         "positions. Tried on Shift, 16 tokens, 1000 steps: a net with about as many weights as attention (4612 and 4224) stays "
         "below 35 %, one with 132160 ends above 98 %, attention above 99 %. Of 32 tokens the large net gets fewer than 40 % right, "
         "the small one cannot read them, and attention with RoPE, 94 % at 16, more than 95 %. Show me trains these models in place of "
         "what is open."),
     .place = "compare?stage=comparison.7-mixers",
     .evidence = fullyConnected,
     .live = true},
    {.id = "closed-models",
     .spec = "10b.28",
     .topic = Topic::learning,
     .name = LAB_TEXT("statements", "Closed models"),
     .claim = LAB_TEXT("statements", "PaLM 2 and Claude 2 likely use grouped-query attention, as is rumored."),
     .verdict = Verdict::open,
     .why = LAB_TEXT("statements",
                     "What such models use inside has not been published, so nobody outside can check it, and a rumor or a "
                     "\u2018likely\u2019 names no source. "
                     "What can be said is what each form costs and what is published of open models. A claim of this kind is better left "
                     "out, or marked as a guess."),
     .place = "explain?stage=project",
     .evidence = closedModels},
};

}  // namespace

std::span<const Statement> statement_rows::learning() {
    return aboutLearning;
}

}  // namespace lab::explain
