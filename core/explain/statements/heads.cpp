#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/explain/statements/scene.h"

namespace lab::explain {
namespace {

using Box = BoxesDrawing::Box;

std::string shapeText(std::initializer_list<int> extents) {
    std::string text;
    for (const int extent : extents) text += (text.empty() ? "[" : ", ") + std::to_string(extent);
    return text + "]";
}

Evidence contextual(const StatementScene& s) {
    const AttentionBlock& block = blockOf(s);
    const std::string name = block.name + ".head_output";
    const auto other = traced(s, otherInput(s));
    const Rows own = rowsOf(s.numbers.at(name), s.question.head);
    const ModelConfig& c = s.model->config();
    Evidence e;
    e.numbers = {
        {LAB_TEXT("statements", "shape of a projection matrix, W_{O}, at any length"), shapeText({c.d_model, c.num_heads * c.headDim()})},
        {LAB_TEXT("statements", "shape of A V of one head, here"),
         shapeText({static_cast<int>(own.size()), static_cast<int>(own[0].size())})},
        {LAB_TEXT("statements", "largest change of A V with another input"),
         smallText(largestDifference(own, rowsOf(NumberView(other->at(name)), s.question.head)))}};
    e.drawings = {cells(LAB_TEXT("statements", "A V of this input"), own, false),
                  cells(LAB_TEXT("statements", "A V of another input"), rowsOf(NumberView(other->at(name)), s.question.head), false)};
    return e;
}

/// W_O times a row, without its bias.
std::vector<double> projected(const StatementScene& s, const std::vector<double>& row) {
    const Parameter& weight = *s.model->layout().find(blockOf(s).name + ".output.weight");
    const float* w = at(*s.weights, weight);
    std::vector<double> result;
    for (int r = 0; r < weight.shape[0]; ++r) {
        double sum = 0.0;
        for (int c = 0; c < weight.shape[1]; ++c) sum += static_cast<double>(w[r * weight.shape[1] + c]) * row[static_cast<std::size_t>(c)];
        result.push_back(sum);
    }
    return result;
}

/// Row i of all heads, side by side, behind their gate where there is one.
std::vector<double> joinedRow(const StatementScene& s, const NumberView& heads, int i) {
    std::vector<double> row;
    for (int h = 0; h < heads.extent(0); ++h)
        for (int p = 0; p < heads.extent(2); ++p) row.push_back(heads(h, i, p));
    const std::string gate = blockOf(s).name + ".gate";
    for (std::size_t c = 0; s.numbers.has(gate) && c < row.size(); ++c) row[c] *= s.numbers.at(gate)(i, static_cast<int>(c));
    return row;
}

Evidence nonLinear(const StatementScene& s) {
    const NumberView heads = s.numbers.at(blockOf(s).name + ".head_output");
    const std::vector<double> x = joinedRow(s, heads, 0), y = joinedRow(s, heads, heads.extent(1) - 1);
    std::vector<double> both;
    for (std::size_t i = 0; i < x.size(); ++i) both.push_back(x[i] + y[i]);
    std::vector<double> apart = projected(s, x);
    const std::vector<double> second = projected(s, y);
    for (std::size_t i = 0; i < apart.size(); ++i) apart[i] += second[i];
    Evidence e;
    e.numbers = {
        {"0.5 \u00B7 1 + 0.5 \u00B7 (\u2212"
         "1)",
         numberText(0.5 * 1 + 0.5 * -1, 0)},
        {LAB_TEXT("statements",
                  "0.5 (2, 1) + 0.5 (\u2212"
                  "2, \u2212"
                  "1): length"),
         numberText(std::hypot(0.5 * 2 - 0.5 * 2, 0.5 - 0.5), 0)},
        {LAB_TEXT("statements",
                  "this W_{O} without bias, x and y the joined heads of the first and the last query: largest number of W_{O} x + W_{O} y"),
         smallText(largestDifference({apart}, {std::vector<double>(apart.size())}))},
        {LAB_TEXT("statements", "its distance from W_{O} (x + y): rounding"), smallText(largestDifference({apart}, {projected(s, both)}))}};
    ArrowsDrawing arrows;
    arrows.title = LAB_TEXT("statements", "Opposite values, equal weights: nothing is left");
    arrows.arrows = {{"v_{0} = (2, 1)", 2, 1, Tone::plain},
                     {"v_{1} = (\u2212"
                      "2, \u2212"
                      "1)",
                      -2, -1, Tone::plain},
                     {"o = (0, 0)", 0, 0, Tone::right}};
    e.drawings = {arrows};
    return e;
}

Evidence headsAdded(const StatementScene& s) {
    const NumberView heads = s.numbers.at(blockOf(s).name + ".head_output");
    const std::vector<double> joined = joinedRow(s, heads, s.question.query), whole = projected(s, joined);
    std::vector<double> sum(whole.size());
    constexpr int mostHeads = 8;
    Evidence e;
    BarsDrawing bars;
    bars.title = LAB_TEXT("statements", "What each head adds to the row of this query: lengths");
    bars.series = {{LAB_TEXT("statements", "length"), {}, Tone::right}};
    const auto width = static_cast<std::size_t>(heads.extent(2));
    for (int h = 0; h < heads.extent(0); ++h) {
        std::vector<double> alone(joined.size());
        const auto from = static_cast<std::size_t>(h) * width;
        std::copy_n(joined.begin() + static_cast<std::ptrdiff_t>(from), width, alone.begin() + static_cast<std::ptrdiff_t>(from));
        const std::vector<double> part = projected(s, alone);
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += part[i];
        if (h >= mostHeads) continue;
        bars.labels.push_back(Message(LAB_TEXT("statements", "head %1")).arg(h));
        bars.series[0].values.push_back(std::sqrt(dot(part, part)));
    }
    e.numbers = {{LAB_TEXT("statements", "heads of this block"), std::to_string(heads.extent(0))},
                 {LAB_TEXT("statements", "length of W_{O} times the joined row of this query"), numberText(std::sqrt(dot(whole, whole)))},
                 {LAB_TEXT("statements", "length of the sum of the heads\u2019 parts"), numberText(std::sqrt(dot(sum, sum)))},
                 {LAB_TEXT("statements", "largest distance of the two: rounding"), smallText(largestDifference({whole}, {sum}))}};
    e.drawings = {bars};
    return e;
}

/// Which position each number of the joined rows comes from: heads side by side, or reshaped without the transpose before it.
Rows positionsJoined(int heads, int rows, int width, bool transposed) {
    Rows joined(static_cast<std::size_t>(rows), std::vector<double>(static_cast<std::size_t>(heads * width)));
    for (int h = 0; h < heads; ++h)
        for (int i = 0; i < rows; ++i)
            for (int p = 0; p < width; ++p) {
                const int flat = transposed ? i * heads * width + h * width + p : (h * rows + i) * width + p;
                joined[static_cast<std::size_t>(flat / (heads * width))][static_cast<std::size_t>(flat % (heads * width))] = i;
            }
    return joined;
}

int rowsOfOnePosition(const Rows& joined) {
    return static_cast<int>(std::ranges::count_if(
        joined, [](const auto& row) { return std::ranges::all_of(row, [&](double position) { return position == row[0]; }); }));
}

Evidence concatenation(const StatementScene& s) {
    const NumberView heads = s.numbers.at(blockOf(s).name + ".head_output");
    const int count = heads.extent(0), rows = heads.extent(1), width = heads.extent(2);
    constexpr int small = 4, two = 2;
    const Rows right = positionsJoined(two, small, two, true), wrong = positionsJoined(two, small, two, false);
    Evidence e;
    e.numbers = {{LAB_TEXT("statements", "heads apart [heads, positions, channels]"), shapeText({count, rows, width})},
                 {LAB_TEXT("statements", "joined [positions, channels]"), shapeText({rows, count * width})},
                 {Message(LAB_TEXT("statements", "joined rows that are of one position, of %1")).arg(rows),
                  std::to_string(rowsOfOnePosition(positionsJoined(count, rows, width, true)))},
                 {LAB_TEXT("statements", "the same for a reshape without transpose"),
                  std::to_string(rowsOfOnePosition(positionsJoined(count, rows, width, false)))}};
    BoxesDrawing boxes;
    boxes.title = LAB_TEXT("statements", "Shapes");
    const Words apart = std::to_string(count) + " \u00D7 " + shapeText({rows, width});
    boxes.lines = {{"",
                    {{LAB_TEXT("statements", "heads"), apart, Tone::plain},
                     {LAB_TEXT("statements", "transpose, reshape"), shapeText({rows, count * width}), Tone::right},
                     {"W_{O}", shapeText({rows, s.model->config().d_model}), Tone::plain}}}};
    e.drawings = {boxes,
                  cells(LAB_TEXT("statements", "Joined: the position of each number, 2 heads of 2 channels"), right, false, Tone::right, 0),
                  cells(LAB_TEXT("statements", "Reshaped without transpose"), wrong, false, Tone::claimed, 0)};
    return e;
}

std::vector<double> normed(const std::vector<double>& x) {
    const double mean = sumOf(x) / static_cast<double>(x.size());
    double squares = 0.0;
    for (const double value : x) squares += (value - mean) * (value - mean);
    const double deviation = std::sqrt(squares / static_cast<double>(x.size()));
    std::vector<double> result;
    for (const double value : x) result.push_back((value - mean) / deviation);
    return result;
}

std::vector<double> added(std::vector<double> a, const std::vector<double>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
    return a;
}

/// "post-norm", and what the model's blocks have not.
Words formOf(const ModelConfig& model) {
    Words norms = model.norm.placement == NormPlacement::pre ? Words("pre-norm") : Words("post-norm");
    if (!specOf(model.norm.kind).normalises) norms = LAB_TEXT("statements", "without norms");
    if (model.hasFeedForward()) return norms;
    return Message(LAB_TEXT("statements", "%1, without feed-forward layers")).arg(norms);
}

BoxesDrawing::Line postNorm() {
    return {"post-norm", {{"x", ""}, {LAB_TEXT("statements", "sublayer"), ""}, {"+ x", "", Tone::right}, {"LN", "", Tone::right}}};
}

BoxesDrawing::Line preNorm() {
    return {"pre-norm", {{"x", ""}, {"LN", "", Tone::right}, {LAB_TEXT("statements", "sublayer"), ""}, {"+ x", "", Tone::right}}};
}

Evidence normThenSum(const StatementScene& s) {
    const std::vector<double> x{1, 2, 3, 6}, sublayer{2, 0, -1, 1};
    const std::vector<double> right = normed(added(x, sublayer)), claimed = added(normed(sublayer), x);
    Evidence e;
    e.numbers = {{LAB_TEXT("statements",
                           "x = (1, 2, 3, 6), sublayer(x) = (2, 0, \u2212"
                           "1, 1): LN(x + sublayer(x))"),
                  listText(right, 3)},
                 {LAB_TEXT("statements", "x + LN(sublayer(x))"), listText(claimed, 3)},
                 {LAB_TEXT("statements", "mean of the first"), numberText(std::round(sumOf(right) / 4 * 1e6) / 1e6, 3)},
                 {LAB_TEXT("statements", "mean of the second"), numberText(sumOf(claimed) / 4, 3)},
                 {LAB_TEXT("statements", "this model"), formOf(s.model->config())}};
    BoxesDrawing boxes;
    boxes.title = LAB_TEXT("statements", "What comes after what");
    boxes.lines = {{LAB_TEXT("statements", "as claimed"),
                    {{"x", ""}, {LAB_TEXT("statements", "sublayer"), ""}, {"LN", "", Tone::claimed}, {"+ x", "", Tone::claimed}}},
                   postNorm(),
                   preNorm()};
    e.drawings = {boxes};
    return e;
}

bool isOfHeads(const std::string& norm) {
    return norm.ends_with(".query_norm.weight") || norm.ends_with(".key_norm.weight");
}

Evidence blockNorms(const StatementScene& s) {
    const AttentionBlock& block = blockOf(s);
    const std::string layer = block.side + "." + std::to_string(block.layer);
    int norms = 0;
    for (const Parameter& p : s.model->layout().parameters())
        norms += p.name.starts_with(layer + ".") && p.name.ends_with("_norm.weight") && !isOfHeads(p.name);
    const bool cross = s.model->config().architecture == Architecture::encoder_decoder && block.side == "decoder";
    Evidence e;
    e.numbers = {
        {Message(cross ? LAB_TEXT("statements", "norms in %1: one more, for the cross-attention") : LAB_TEXT("statements", "norms in %1"))
             .arg(layer),
         std::to_string(norms)},
        {LAB_TEXT("statements", "this model"), formOf(s.model->config())}};
    const Box attention{LAB_TEXT("statements", "attention"), ""}, feedForward{"FFN", ""};
    BoxesDrawing boxes;
    boxes.title = LAB_TEXT("statements", "One block");
    boxes.lines = {
        {LAB_TEXT("statements", "as claimed"), {attention, feedForward, {"LN", "", Tone::claimed}}},
        {"post-norm",
         {attention, {"+ x", "", Tone::right}, {"LN", "", Tone::right}, feedForward, {"+ x", "", Tone::right}, {"LN", "", Tone::right}}},
        {"pre-norm",
         {{"LN", "", Tone::right}, attention, {"+ x", "", Tone::right}, {"LN", "", Tone::right}, feedForward, {"+ x", "", Tone::right}}}};
    e.drawings = {boxes};
    return e;
}

Evidence groupedWidth(const StatementScene& s) {
    constexpr int width = 4096, heads = 32, kvHeads = 8;
    const ModelConfig& c = s.model->config();
    Evidence e;
    e.numbers = {{LAB_TEXT("statements", "width of q, k and v: 4096 / 32"), std::to_string(width / heads)},
                 {LAB_TEXT("statements", "4096 / 8, which would not match q"), std::to_string(width / kvHeads)},
                 {LAB_TEXT("statements", "outputs of W_{K}: 8 \u00B7 128"), std::to_string(kvHeads * (width / heads))},
                 {LAB_TEXT("statements", "this model: d_model / num_heads"),
                  std::to_string(c.d_model) + " / " + std::to_string(c.num_heads) + " = " + std::to_string(c.headDim())},
                 {LAB_TEXT("statements", "outputs of its W_{K}"), std::to_string(*c.num_kv_heads * c.headDim())}};
    BoxesDrawing boxes;
    boxes.title = LAB_TEXT("statements", "One token, d_model 4096, 32 heads, 8 key-value heads");
    const auto line = [](Words name, int count, int wide, Tone tone) {
        return BoxesDrawing::Line{std::move(name),
                                  {{"x", "[4096]", Tone::plain},
                                   {"W", shapeText({count * wide, width}), tone},
                                   {LAB_TEXT("statements", "split into heads"), shapeText({count, wide}), tone}}};
    };
    boxes.lines = {line("q", heads, width / heads, Tone::plain), line("k, v", kvHeads, width / heads, Tone::right),
                   line(LAB_TEXT("statements", "k, v as claimed"), kvHeads, width / kvHeads, Tone::claimed)};
    e.drawings = {boxes};
    return e;
}

struct Losses {
    double logits = 0.0, logProbabilities = 0.0, probabilities = 0.0;
};

/// Of the same answer in three dresses.
Losses threeLosses(const StatementScene& s) {
    const NumberView logits = s.numbers.at("logits");
    const std::vector<int> wanted = wantedClasses(s.question.input, logits);
    Losses mean;
    int count = 0;
    for (int i = 0; i < logits.extent(0); ++i) {
        const int target = wanted[static_cast<std::size_t>(i)];
        if (target < 0) continue;
        std::vector<double> row, logs;
        for (int c = 0; c < logits.extent(1); ++c) row.push_back(logits(i, c));
        const std::vector<double> p = softmaxOf(row);
        for (const double each : p) logs.push_back(std::log(std::max(each, 1e-300)));
        mean.logits += crossEntropy(row, target);
        mean.logProbabilities += crossEntropy(logs, target);
        mean.probabilities += crossEntropy(p, target);
        ++count;
    }
    for (double* each : {&mean.logits, &mean.logProbabilities, &mean.probabilities}) *each /= count;
    return mean;
}

Evidence lossOfDresses(const StatementScene& s) {
    const Losses loss = threeLosses(s);
    const int classes = s.numbers.at("logits").extent(1);
    Evidence e;
    e.numbers = {{LAB_TEXT("statements", "loss of the logits"), numberText(loss.logits)},
                 {LAB_TEXT("statements", "loss of their log_softmax, given as logits"), numberText(loss.logProbabilities)},
                 {LAB_TEXT("statements", "loss of their softmax, given as logits"), numberText(loss.probabilities)},
                 {Message(LAB_TEXT("statements", "least loss of any softmax given as logits, %1 classes")).arg(classes),
                  numberText(std::log(1.0 + (classes - 1) * std::exp(-1.0)))}};
    BarsDrawing bars;
    bars.title = hasTargets(s.question.input) ? LAB_TEXT("statements", "Loss of this input")
                                              : LAB_TEXT("statements", "Loss of what the model answers");
    bars.labels = {LAB_TEXT("statements", "logits"), "log_softmax", "softmax"};
    bars.series = {{LAB_TEXT("statements", "cross-entropy"), {loss.logits, loss.logProbabilities, loss.probabilities}, Tone::right}};
    e.drawings = {bars};
    return e;
}

Evidence encoderOutput(const StatementScene& s) {
    int cross = 0;
    for (const AttentionBlock& block : s.model->attentionBlocks()) cross += block.cross;
    const bool coded = s.model->config().hasBottleneck();
    Evidence e;
    e.numbers = {{LAB_TEXT("statements", "this model"), std::string(nameOf(s.model->config().architecture))},
                 {coded ? LAB_TEXT("statements", "cross-attentions in it, each of which reads the slots made of the encoder\u2019s output")
                        : LAB_TEXT("statements", "cross-attentions in it, each of which reads the encoder\u2019s output"),
                  std::to_string(cross)}};
    BoxesDrawing boxes;
    boxes.title = LAB_TEXT("statements", "Where the encoder\u2019s output goes");
    boxes.lines = {
        {LAB_TEXT("statements", "encoder"),
         {{LAB_TEXT("statements", "input"), ""},
          {LAB_TEXT("statements", "layers"), ""},
          {LAB_TEXT("statements", "output"), "[S, d_{model}]", Tone::right},
          {coded ? LAB_TEXT("statements", "slots, then k, v of each cross-attention")
                 : LAB_TEXT("statements", "k, v of each cross-attention"),
           "", Tone::right}}},
        {LAB_TEXT("statements", "decoder layer"),
         {{LAB_TEXT("statements", "self-attention"), ""}, {LAB_TEXT("statements", "cross-attention"), "", Tone::right}, {"FFN", ""}}},
        {LAB_TEXT("statements", "end"),
         {{LAB_TEXT("statements", "decoder\u2019s rows"), "[T, d_{model}]"},
          {LAB_TEXT("statements", "output head"), ""},
          {"softmax", ""}}}};
    e.drawings = {boxes};
    return e;
}

Evidence superposition(const StatementScene& s) {
    const double third = std::cos(2 * std::numbers::pi / 3), up = std::sin(2 * std::numbers::pi / 3);
    Evidence e;
    e.numbers = {
        {LAB_TEXT("statements", "directions at right angles that this stream has room for"), std::to_string(s.model->config().d_model)},
        {LAB_TEXT("statements", "three directions in a plane: cosine of two of them"), numberText(cosine({1, 0}, {third, up}), 2)}};
    ArrowsDrawing arrows;
    arrows.title = LAB_TEXT("statements", "Superposition: three features in two dimensions");
    arrows.arrows = {{LAB_TEXT("statements", "feature 1"), 1, 0, Tone::plain},
                     {LAB_TEXT("statements", "feature 2"), third, up, Tone::plain},
                     {LAB_TEXT("statements", "feature 3"), third, -up, Tone::plain}};
    arrows.circle = 1.0;
    ArrowsDrawing sum;
    sum.title = LAB_TEXT("statements", "Residual stream: what is added to the row");
    sum.arrows = {
        {"x", 1, .4, Tone::plain}, {"Attn(x)", 1.3, 1.2, Tone::plain, 1, .4}, {LAB_TEXT("statements", "the sum"), 1.3, 1.2, Tone::right}};
    e.drawings = {sum, arrows};
    return e;
}

constexpr Statement aboutHeads[] = {
    {.id = "contextual",
     .spec = "10b.10",
     .topic = Topic::heads,
     .name = LAB_TEXT("statements", "What a projection matrix is"),
     .claim = LAB_TEXT("statements", "The contextual representation, weights times embeddings, is the projection matrix."),
     .why = LAB_TEXT("statements",
                     "W_{Q}, W_{K}, W_{V} and W_{O} are projection matrices: parameters, the same for every input. A V is an "
                     "activation with a row for each query, and another input gives another one. Also the weights multiply "
                     "values, which W_{V} makes of the rows (in the form q+kv W_{K}), and not the embeddings themselves."),
     .place = "explain?stage=mix",
     .evidence = contextual,
     .live = true},
    {.id = "nonlinear-projection",
     .spec = "10b.11",
     .topic = Topic::heads,
     .name = LAB_TEXT("statements", "The final projection and cancelling"),
     .claim = LAB_TEXT("statements", "The final projection is non-linear and so keeps opposite values from cancelling."),
     .why = LAB_TEXT("statements",
                     "W_{O} is linear: a matrix, and a bias where the model has one. Opposite values with equal weights cancel "
                     "within their head, so nothing of them reaches it; with one head and no other values W_{O} gives its bias alone, or "
                     "0. W_{O} adds up what the heads "
                     "contribute, so heads can cancel each other as well, or be kept apart. The row itself goes on in the "
                     "residual stream."),
     .place = "explain?stage=output",
     .evidence = nonLinear,
     .live = true},
    {.id = "heads-added",
     .spec = "10b.11",
     .topic = Topic::heads,
     .name = LAB_TEXT("statements", "Joining heads or adding them"),
     .claim = LAB_TEXT("statements",
                       "Joining the heads and multiplying by W_{O} is the same as giving each head its own part of W_{O} and adding up."),
     .verdict = Verdict::holds,
     .why = LAB_TEXT("statements",
                     "The product of a joined row and W_{O} is a sum over channels, and the channels of a head meet only the columns "
                     "of W_{O} that belong to this head. So each head adds a part of its own to the row, whatever mask, norm or kernel "
                     "the model has, and a bias is added once."),
     .place = "explain?stage=output",
     .evidence = headsAdded,
     .live = true},
    {.id = "concatenation",
     .spec = "10b.12",
     .topic = Topic::heads,
     .name = LAB_TEXT("statements", "Concatenating the heads"),
     .claim = LAB_TEXT("statements", "Concatenating the heads loses the positions."),
     .why = LAB_TEXT("statements",
                     "Heads are joined along the channels: row i of every head becomes part of row i of the result, so the rows "
                     "stay where they were. With more than one head, what does mix positions is a reshape without the transpose before it, "
                     "a mistake in "
                     "code. Whether the numbers of a row tell its place is another question."),
     .place = "explain?stage=heads",
     .evidence = concatenation,
     .live = true},
    {.id = "norm-then-sum",
     .spec = "10b.13",
     .topic = Topic::heads,
     .name = LAB_TEXT("statements", "Norm and residual: which is first"),
     .claim = LAB_TEXT("statements", "First comes the layer norm, then the residual is added."),
     .setting = LAB_TEXT("statements", "Said beside the formula LN(x + sublayer(x))."),
     .why = LAB_TEXT("statements",
                     "In this formula, post-norm, the sum stands inside the norm: it is added first and normed then. In pre-norm, x + "
                     "sublayer(LN(x)), a norm does come first, but of what the sublayer reads, and the sum is not normed. In "
                     "neither is the sublayer\u2019s result normed before it is added."),
     .place = "explain?stage=residual",
     .evidence = normThenSum,
     .live = true},
    {.id = "block-norms",
     .spec = "10.g",
     .topic = Topic::heads,
     .name = LAB_TEXT("statements", "Sums and norms of a block"),
     .claim = LAB_TEXT("statements", "A block is attention, feed-forward, then one layer norm."),
     .setting = LAB_TEXT("statements", "Said of the transformer in its original and its usual modern form."),
     .why = LAB_TEXT("statements",
                     "The original, post-norm, is x = LN(x + Attn(x)); x = LN(x + FFN(x)). The modern form, pre-norm, is x = x + "
                     "Attn(LN(x)); x = x + FFN(LN(x)), with one more norm at the end of the stack. Either has two residual sums "
                     "and two norms a block, and a decoder layer with cross-attention three of each."),
     .place = "explain?stage=residual",
     .evidence = blockNorms,
     .live = true},
    {.id = "grouped-width",
     .spec = "10.h",
     .topic = Topic::heads,
     .name = LAB_TEXT("statements", "Width of a key in grouped queries"),
     .claim = LAB_TEXT("statements", "In grouped-query attention the key-value head dimension is d_model / num_kv_heads."),
     .why = LAB_TEXT("statements",
                     "A key must be as wide as the query that meets it: d_{h}, by default d_model / num_heads, for q, k and v. "
                     "There are fewer key-value heads and not wider ones, so the projections of k and v have num_kv_heads \u00B7 "
                     "d_{h} outputs. (Only with one key-value head for each head do both formulas agree.)"),
     .place = "explain?stage=project",
     .evidence = groupedWidth,
     .live = true},
    {.id = "log-softmax-loss",
     .spec = "10b.14",
     .topic = Topic::heads,
     .name = LAB_TEXT("statements", "Log-probabilities as logits"),
     .claim = LAB_TEXT("statements", "A model that returns log_softmax of its logits has the same loss as one that returns the logits."),
     .setting = LAB_TEXT("statements", "The loss is a cross-entropy that expects logits, as PyTorch\u2019s does."),
     .verdict = Verdict::holds,
     .why = LAB_TEXT("statements",
                     "Cross-entropy takes a log-softmax of what it is given, and a second one changes nothing: the exponentials of "
                     "log-probabilities add up to 1 already, so it subtracts ln 1 = 0. The gradients are the same, too. It is "
                     "luck all the same, as the next statement shows."),
     .place = "explain?stage=loss",
     .evidence = lossOfDresses,
     .live = true,
     .fits = answersClasses},
    {.id = "softmax-loss",
     .spec = "10b.14",
     .topic = Topic::heads,
     .name = LAB_TEXT("statements", "Probabilities as logits"),
     .claim = LAB_TEXT("statements", "A model that returns softmax of its logits has the same loss as one that returns the logits."),
     .setting = LAB_TEXT("statements", "The loss is the same cross-entropy, which expects logits."),
     .why = LAB_TEXT("statements",
                     "Probabilities lie between 0 and 1, and taken for logits they differ by 1 at most. Even a sure and right answer, (1, "
                     "0, \u2026, 0), then keeps the loss ln(1 + (C \u2212 1)/e) for C classes, and the gradient passes a second softmax, "
                     "which weakens it. The program runs, its loss cannot fall below that, it may learn more slowly, and nothing says so."),
     .place = "explain?stage=loss",
     .evidence = lossOfDresses,
     .live = true,
     .fits = answersClasses},
    {.id = "encoder-output",
     .spec = "10b.15",
     .topic = Topic::heads,
     .name = LAB_TEXT("statements", "Where the encoder\u2019s output goes"),
     .claim = LAB_TEXT("statements", "In the drawing of the encoder-decoder the encoder\u2019s output enters the softmax at the end."),
     .why = LAB_TEXT("statements",
                     "It enters the cross-attention of every decoder layer, which makes its keys and values of it; the queries come "
                     "from the decoder\u2019s rows. The softmax at the end is over the classes, and its logits are made from the "
                     "rows of the decoder\u2019s last layer."),
     .place = "explain?stage=weights",
     .evidence = encoderOutput,
     .live = true},
    {.id = "superposition",
     .spec = "10b.28",
     .topic = Topic::heads,
     .name = LAB_TEXT("statements", "Residual stream and superposition"),
     .claim = LAB_TEXT("statements", "The residual stream is a superposition, which is another word for the same thing."),
     .why = LAB_TEXT("statements",
                     "In pre-norm the residual stream is a sum: every part reads a row of d_{model} numbers and adds its result to it. In "
                     "post-norm each of these sums is normed before it goes on. "
                     "Superposition is a hypothesis about what vectors store: more features than there are dimensions, in "
                     "directions that are not at right angles. A stream may hold features in that way or not, hidden units of a "
                     "feed-forward net as well; it has to be measured."),
     .place = "explain?stage=residual",
     .evidence = superposition,
     .live = true},
};

}  // namespace

std::span<const Statement> statement_rows::heads() {
    return aboutHeads;
}

}  // namespace lab::explain
