#include <algorithm>
#include <cmath>

#include "core/explain/statements/scene.h"

namespace lab::explain {
namespace {

Evidence contextWindow(const StatementScene& s) {
    const AttentionBlock& block = blockOf(s);
    std::size_t weights = 0;
    for (const Parameter& p : s.model->layout().parameters())
        if (p.name.starts_with(block.name + ".")) weights += p.size;
    const NumberView map = s.numbers.at(block.name + ".weights");
    const double maps = static_cast<double>(map.extent(0)) * map.extent(1) * map.extent(2);
    Evidence e;
    e.numbers = {{LAB_TEXT("statements", "weights of this attention block, any n"), std::to_string(weights)},
                 {Message(LAB_TEXT("statements", "numbers in its maps, n = %1")).arg(map.extent(2)), wholeText(maps)},
                 {LAB_TEXT("statements", "numbers in its maps at twice n"), wholeText(4 * maps)}};
    CurvesDrawing curves;
    curves.title = LAB_TEXT("statements", "Numbers at n tokens");
    curves.across = "n";
    curves.logarithmic = true;
    curves.series = {{LAB_TEXT("statements", "weights of the block"), {}, Tone::right},
                     {LAB_TEXT("statements", "numbers in its maps"), {}, Tone::plain}};
    for (int n = 1; n <= 16; ++n) {
        curves.x.push_back(n * map.extent(2));
        curves.series[0].y.push_back(static_cast<double>(weights));
        curves.series[1].y.push_back(maps * n * n);
    }
    e.drawings = {curves};
    return e;
}

Evidence mapMemory(const StatementScene& s) {
    constexpr double n = 131072, tile = 128, width = 128, bytes = 4;
    const NumberView map = s.numbers.at(blockOf(s).name + ".weights");
    Evidence e;
    e.numbers = {{Message(LAB_TEXT("statements", "this block\u2019s maps, %1 keys: bytes when stored")).arg(map.extent(2)),
                  wholeText(bytes * map.extent(0) * map.extent(1) * map.extent(2))},
                 {LAB_TEXT("statements", "one map of 131072 tokens, float32: GiB"), numberText(bytes * n * n / std::exp2(30), 1)},
                 {LAB_TEXT("statements", "in tiles of 128 rows: q, k, v, output and one tile of 128 \u00D7 128, GiB, for d_h 128"),
                  numberText(bytes * (4 * n * width + tile * tile) / std::exp2(30), 3)}};
    CurvesDrawing curves;
    curves.title = LAB_TEXT("statements", "GiB of one head, float32");
    curves.across = LAB_TEXT("statements", "thousand tokens");
    curves.logarithmic = true;
    curves.series = {{LAB_TEXT("statements", "map stored"), {}, Tone::claimed}, {LAB_TEXT("statements", "in tiles"), {}, Tone::right}};
    for (int k = 1; k <= 128; ++k) {
        const double tokens = 1024.0 * k;
        curves.x.push_back(k);
        curves.series[0].y.push_back(bytes * tokens * tokens / std::exp2(30));
        curves.series[1].y.push_back(bytes * (4 * tokens * width + tile * tile) / std::exp2(30));
    }
    e.drawings = {curves};
    return e;
}

Evidence hugeMap(const StatementScene&) {
    const double tokens = 1e8, elements = tokens * tokens, bytes = 4 * elements, claimed = 1e13;
    Evidence e;
    e.numbers = {{"10^{8} \u00B7 10^{8}", smallText(elements)},
                 {LAB_TEXT("statements", "bytes in float32, one head of one layer"), smallText(bytes)},
                 {LAB_TEXT("statements", "the same in PB (10^{15} bytes)"), numberText(bytes / 1e15, 0)},
                 {LAB_TEXT("statements", "times what was claimed"), numberText(elements / claimed, 0)}};
    BarsDrawing bars;
    bars.title = LAB_TEXT("statements", "Powers of ten of its elements");
    bars.digits = 0;
    bars.labels = {LAB_TEXT("statements", "elements")};
    bars.series = {{LAB_TEXT("statements", "claimed"), {std::log10(claimed)}, Tone::claimed},
                   {LAB_TEXT("statements", "right"), {std::log10(elements)}, Tone::right}};
    e.drawings = {bars};
    return e;
}

/// This input with the maps that another one has.
Input withMapsOf(const StatementScene& s, const Trace& other) {
    Input input = s.question.input;
    const auto take = [&](const std::string& block) {
        const std::string name = block + ".weights";
        input.interventions.push_back({Intervention::Kind::replace, name, 0, other.at(name).values});
    };
    for (const AttentionBlock& block : s.model->attentionBlocks()) take(block.name);
    if (s.model->config().hasBottleneck()) take("bottleneck.attention");
    return input;
}

double largestChange(const Trace& before, const Trace& after) {
    const std::vector<float>&a = before.at("logits").values, &b = after.at("logits").values;
    double largest = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(static_cast<double>(a[i] - b[i])));
    return largest;
}

Evidence mapReuse(const StatementScene& s) {
    const auto own = traced(s, s.question.input), other = traced(s, otherInput(s));
    const auto reused = traced(s, withMapsOf(s, *other));
    const std::vector<int> before = predictions(*own), after = predictions(*reused);
    int changed = 0;
    for (std::size_t i = 0; i < before.size(); ++i) changed += before[i] != after[i];
    const std::string name = blockOf(s).name + ".weights";
    Evidence e;
    e.numbers = {{LAB_TEXT("statements", "loss with its own maps"), numberText(lossOf(s, *own, *own))},
                 {LAB_TEXT("statements", "loss with the other input\u2019s maps in all heads"), numberText(lossOf(s, *reused, *own))},
                 {Message(LAB_TEXT("statements", "answers that change, of %1")).arg(before.size()), std::to_string(changed)}};
    if (s.model->config().answersNumbers())  // of which each changes, if only a little
        e.numbers.back() = {LAB_TEXT("statements", "largest change of an answer"), numberText(largestChange(*own, *reused))};
    e.drawings = {
        weightCells(s, LAB_TEXT("statements", "Map of this input, this head"), NumberView(own->at(name)), Tone::right),
        weightCells(s, LAB_TEXT("statements", "Map of another input, the same head"), NumberView(other->at(name)), Tone::claimed)};
    return e;
}

/// How far the keys of the first tokens are, with the last one there and without, in each block that reads these tokens.
double keysMovedByTheLast(const StatementScene& s) {
    Input shorter = s.question.input;
    shorter.interventions.clear();
    const bool twoSides = !shorter.targetTokens.empty();
    std::vector<int>& tokens = twoSides ? shorter.targetTokens : shorter.tokens;
    const auto whole = traced(s, shorter);
    if (tokens.size() < 2) return 0.0;
    tokens.pop_back();
    shorter.targets.clear();
    shorter.values.clear();
    if (s.model->config().readsVectors()) shorter.vectors.resize(tokens.size() * static_cast<std::size_t>(*s.model->config().input_dim));
    if (!twoSides && !shorter.masked.empty()) shorter.masked.pop_back();
    const auto part = traced(s, shorter);
    double largest = 0.0;
    for (const AttentionBlock& block : s.model->attentionBlocks()) {
        if (block.cross || (twoSides && block.side == "encoder")) continue;
        const NumberView a(whole->at(block.name + ".key")), b(part->at(block.name + ".key"));
        for (int h = 0; h < b.extent(0); ++h)
            for (int j = 0; j < b.extent(1); ++j)
                for (int p = 0; p < b.extent(2); ++p) largest = std::max(largest, std::abs(a(h, j, p) - b(h, j, p)));
    }
    return largest;
}

Evidence cache(const StatementScene& s) {
    const bool causal = s.model->config().architecture != Architecture::encoder;
    constexpr double layers = 32, kvHeads = 8, width = 128, tokens = 8192, bytes = 2;
    Evidence e;
    e.numbers = {
        {causal ? LAB_TEXT("statements", "this model writes; keys of earlier tokens change with the last token by")
                : LAB_TEXT("statements", "this model is no decoder; keys of earlier tokens change with the last token by"),
         smallText(keysMovedByTheLast(s))},
        {LAB_TEXT("statements", "cache of Llama-3-8B\u2019s shape, 8192 tokens, 16 bits: GiB"),
         numberText(2 * tokens * layers * kvHeads * width * bytes / std::exp2(30), 2)},
        {LAB_TEXT("statements", "its maps, if they were kept: GiB"), numberText(layers * 32 * tokens * tokens * bytes / std::exp2(30), 0)}};
    BoxesDrawing boxes;
    boxes.title = LAB_TEXT("statements", "Kept and made anew");
    boxes.lines = {{LAB_TEXT("statements", "kept"), {{LAB_TEXT("statements", "keys, values"), "2 \u00D7 [G, n, d_{h}]", Tone::right}}},
                   {LAB_TEXT("statements", "new token"),
                    {{"q, k, v", LAB_TEXT("statements", "one row")},
                     {LAB_TEXT("statements", "weights"), "[H, 1, n + 1]"},
                     {LAB_TEXT("statements", "output"), LAB_TEXT("statements", "one row")}}}};
    e.drawings = {boxes};
    return e;
}

/// Mean over the rows of their largest weight.
double sharpness(const Rows& weights) {
    double sum = 0.0;
    for (const auto& row : weights) sum += std::ranges::max(row);
    return sum / static_cast<double>(weights.size());
}

Evidence mapExplains(const StatementScene& s) {
    const AttentionBlock& block = blockOf(s);
    const auto own = traced(s, s.question.input);
    const Input& input = s.question.input;
    const double before = lossOf(s, *own, *own);
    BarsDrawing sharp, lost;
    sharp.title = LAB_TEXT("statements", "Largest weight of a row, mean of the rows");
    lost.title = LAB_TEXT("statements", "What the loss gains when the head is off");
    sharp.series = {{LAB_TEXT("statements", "largest weight"), {}, Tone::plain}};
    lost.series = {{LAB_TEXT("statements", "change of the loss"), {}, Tone::right}};
    constexpr int mostHeads = 8;
    Evidence e;
    e.numbers = {
        {hasTargets(input) ? LAB_TEXT("statements", "loss of this input") : LAB_TEXT("statements", "loss of what the model answers here"),
         numberText(before)}};
    for (int h = 0; h < std::min(block.heads, mostHeads); ++h) {
        Input off = input;
        off.interventions.push_back({Intervention::Kind::headOff, block.name, h, {}});
        const double gained = lossOf(s, *traced(s, off), *own) - before;
        const Words head = Message(LAB_TEXT("statements", "head %1")).arg(h);
        sharp.labels.push_back(head);
        lost.labels.push_back(head);
        sharp.series[0].values.push_back(sharpness(rowsOf(NumberView(own->at(block.name + ".weights")), h)));
        lost.series[0].values.push_back(gained);
        e.numbers.emplace_back(Message(LAB_TEXT("statements", "head %1: largest weight, change of the loss without it")).arg(h),
                               numberText(sharp.series[0].values.back(), 3) + ", " + numberText(gained, 4));
    }
    e.drawings = {sharp, lost};
    return e;
}

constexpr Statement aboutMaps[] = {
    {.id = "score-count",
     .spec = "10.a",
     .topic = Topic::maps,
     .name = LAB_TEXT("statements", "Scores and the length"),
     .claim = LAB_TEXT("statements", "Twice as many tokens make four times as many scores."),
     .setting = LAB_TEXT("statements", "Self-attention in which every query sees every key."),
     .verdict = Verdict::holds,
     .why = LAB_TEXT("statements",
                     "Each of n queries has a score with each of n keys, so every head has n\u00B2 of them. Under a causal mask n(n + 1)/2 "
                     "are left, and twice the tokens make nearly four times as many. In a window of a fixed width their number "
                     "grows about in proportion to n."),
     .place = "maps?stage=scores",
     .evidence = contextWindow,
     .live = true},
    {.id = "context-window",
     .spec = "10.a",
     .topic = Topic::maps,
     .name = LAB_TEXT("statements", "Weights and the context window"),
     .claim = LAB_TEXT("statements", "The number of weights grows with the square of the context window."),
     .why =
         LAB_TEXT("statements",
                  "The shapes of W_{Q}, W_{K}, W_{V} and W_{O} come from d_{model} and the heads, whatever n is. The n \u00D7 n map is no "
                  "weight but an activation. Only learned absolute positions add n \u00B7 d_{model} numbers, and that is linear in n."),
     .place = "explain?stage=project",
     .evidence = contextWindow,
     .live = true},
    {.id = "map-memory",
     .spec = "10.a",
     .topic = Topic::maps,
     .name = LAB_TEXT("statements", "Memory and the square of the length"),
     .claim = LAB_TEXT("statements", "Attention needs memory that grows with the square of the length."),
     .verdict = Verdict::depends,
     .why = LAB_TEXT(
         "statements",
         "It does where the n \u00D7 n map is stored: for looking at it here and, for the way back, in this program\u2019s training of "
         "softmax attention that sees all keys or all earlier ones. Computed in tiles that are made anew on the way back "
         "(FlashAttention), such attention takes time with n\u00B2 and memory with n. A window or the linear kernel saves time "
         "as well."),
     .place = "maps?stage=weights",
     .evidence = mapMemory,
     .live = true},
    {.id = "huge-map",
     .spec = "10b.22",
     .topic = Topic::maps,
     .name = LAB_TEXT("statements", "A matrix of 100 million tokens"),
     .claim = LAB_TEXT("statements", "The attention matrix of 100 million tokens has 10^{13} elements and takes 36.6 TB."),
     .why = LAB_TEXT("statements",
                     "It has a row and a column for each token, so it has the square of 10^{8} elements, a thousand times more than "
                     "claimed, and this for each head of each layer. A causal mask leaves half of them."),
     .place = "maps?stage=weights",
     .evidence = hugeMap},
    {.id = "map-reuse",
     .spec = "10b.22",
     .topic = Topic::maps,
     .name = LAB_TEXT("statements", "One map for all inputs"),
     .claim = LAB_TEXT("statements", "One may compute the attention matrix once and reuse it for every input."),
     .why = LAB_TEXT("statements",
                     "A map is a function of the input, made of this input\u2019s queries and keys. With another input\u2019s maps the "
                     "answers go wrong wherever the weights depend on content. A head that goes by position alone has much the same map "
                     "for all inputs, and there one map may nearly do. Which of the two it is can only be found by trying, as here."),
     .place = "maps?stage=weights",
     .evidence = mapReuse,
     .live = true},
    {.id = "cache",
     .spec = "10b.23",
     .topic = Topic::maps,
     .name = LAB_TEXT("statements", "Keeping what the prompt made"),
     .claim = LAB_TEXT("statements", "While a decoder writes, the keys and values of its prompt can be kept instead of being made again."),
     .verdict = Verdict::holds,
     .why = LAB_TEXT(
         "statements",
         "Under a causal mask a token\u2019s row depends on no later token, so its keys and values stay what they were. This is the "
         "key-value cache: it keeps keys and values and not maps, and serves another text only as far as that begins with the same "
         "tokens. (Where rotations change with the length, as LongRoPE\u2019s do, keys are kept unturned or made again.) In an "
         "encoder it does not hold, since from the second layer on each row depends on later tokens too."),
     .place = "explain?stage=mix",
     .evidence = cache,
     .live = true},
    {.id = "map-explains",
     .spec = "10b.26",
     .topic = Topic::maps,
     .name = LAB_TEXT("statements", "Knowing what attention does"),
     .claim = LAB_TEXT("statements", "We know what a model made of attention does, unlike one made by gradient descent."),
     .why = LAB_TEXT("statements",
                     "They are the same model: the matrices of attention are found by gradient descent. A map shows where weight lies, and "
                     "not what comes of it: that takes an experiment, such as switching the head off. How sharp a head looks and how "
                     "much the answer needs it are two things."),
     .place = "maps?stage=switches",
     .evidence = mapExplains,
     .live = true},
};

}  // namespace

std::span<const Statement> statement_rows::maps() {
    return aboutMaps;
}

}  // namespace lab::explain
