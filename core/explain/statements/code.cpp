#include <algorithm>
#include <cmath>

#include "core/explain/statements/scene.h"
#include "core/explain/statements/wrong_code.h"

namespace lab::explain {
namespace {

constexpr int mostTokens = 10;  ///< of a matrix whose numbers can still be read
constexpr double ropeBase = 10000.0;
constexpr double moved = 1e-9;  ///< above rounding

/// The scene where its block's queries and keys are of the same tokens; else the small example.
StatementScene selfAttention(const StatementScene& scene) {
    return blockOf(scene).cross ? completed({}) : scene;
}

/// Whose rows are shown where they are not those of the head in hand, all tokens; else empty. `pairs`: channels are turned in pairs.
Words whoseRows(const StatementScene& s, bool pairs) {
    const AttentionBlock& block = blockOf(s);
    if (block.cross) return LAB_TEXT("statements", "Numbers of a small model that has not been trained, as this block is cross-attention.");
    const NumberView q = s.numbers.at(block.name + ".query");
    if (pairs && q.extent(2) < 2)
        return LAB_TEXT("statements", "Numbers of a small model that has not been trained, as one channel makes no pair to turn.");
    if (q.extent(1) <= mostTokens) return {};
    return Message(LAB_TEXT("statements", "Numbers of the model that is open: %1, head %2, the first %3 tokens of this input."))
        .arg(block.name)
        .arg(s.question.head)
        .arg(mostTokens);
}

PositionHeads positionHeads(const StatementScene& given) {
    const StatementScene s = selfAttention(given);
    const AttentionBlock& block = blockOf(s);
    const NumberView q = s.numbers.at(block.name + ".query"), k = s.numbers.at(block.name + ".key"),
                     v = s.numbers.at(block.name + ".value");
    PositionHeads in{std::min(q.extent(1), mostTokens), block.heads, block.kvHeads, q.extent(2), {}, {}, {}};
    const auto fill = [&](std::vector<double>& to, const NumberView& from, int heads) {
        for (int t = 0; t < in.tokens; ++t)
            for (int h = 0; h < heads; ++h)
                for (int p = 0; p < in.width; ++p) to.push_back(from(h, t, p));
    };
    fill(in.q, q, in.heads);
    fill(in.k, k, in.kvHeads);
    fill(in.v, v, in.kvHeads);
    return in;
}

/// How far row i of the output moves when 1 is added to all of token j: [i, j].
Rows movedBy(const PositionHeads& in, std::vector<double> (*attention)(const PositionHeads&)) {
    const std::vector<double> before = attention(in);
    const auto n = static_cast<std::size_t>(in.tokens);
    Rows moves(n, std::vector<double>(n));
    for (std::size_t j = 0; j < n; ++j) {
        PositionHeads changed = in;
        for (std::vector<double>* part : {&changed.q, &changed.k, &changed.v}) {
            const std::size_t row = part->size() / n;
            for (std::size_t p = j * row; p < (j + 1) * row; ++p) (*part)[p] += 1.0;
        }
        const std::vector<double> after = attention(changed);
        const std::size_t row = after.size() / n;
        for (std::size_t at = 0; at < after.size(); ++at)
            moves[at / row][j] = std::max(moves[at / row][j], std::abs(after[at] - before[at]));
    }
    return moves;
}

/// Rows that move when token 0 changes.
int movedWithFirst(const Rows& moves) {
    return static_cast<int>(std::ranges::count_if(moves, [](const auto& row) { return row[0] > moved; }));
}

Evidence overHeads(const StatementScene& s) {
    const PositionHeads in = positionHeads(s);
    const Rows wrong = movedBy(in, attentionOverHeads), right = movedBy(in, attentionOverPositions);
    const auto shape = [](int a, int b, int c) {
        return "[" + std::to_string(a) + ", " + std::to_string(b) + ", " + std::to_string(c) + "]";
    };
    Evidence e;
    e.whose = whoseRows(s, false);
    e.numbers = {{LAB_TEXT("statements", "shape of the code\u2019s weights: positions, heads, key-value heads"),
                  shape(in.tokens, in.heads, in.kvHeads)},
                 {LAB_TEXT("statements", "over positions: heads, positions, positions"), shape(in.heads, in.tokens, in.tokens)},
                 {LAB_TEXT("statements", "shape of both outputs"), shape(in.tokens, in.heads, in.width)},
                 {LAB_TEXT("statements", "1 added to q, k and v of token 0: rows of the code\u2019s output that move"),
                  std::to_string(movedWithFirst(wrong))},
                 {LAB_TEXT("statements", "rows that move over positions, no mask"), std::to_string(movedWithFirst(right))}};
    e.drawings = {cells(LAB_TEXT("statements", "The code: how far row i moves when 1 is added to q, k and v of token j"), wrong, false,
                        Tone::claimed),
                  cells(LAB_TEXT("statements", "Over positions: the same"), right, false, Tone::right)};
    return e;
}

/// One head before any rotation, its first tokens, an even number of channels.
HeadRows unrotated(const StatementScene& given) {
    const StatementScene s = selfAttention(given);
    HeadRows head = headRows(s, s.question.head);
    const AttentionBlock& block = blockOf(s);
    const int shared = s.question.head / (block.heads / block.kvHeads);
    if (const NumberView q = s.numbers.find(block.name + ".unrotated_query")) head.query = rowsOf(q, s.question.head);
    if (const NumberView k = s.numbers.find(block.keyOwner + ".unrotated_key")) head.key = rowsOf(k, shared);
    const std::size_t width = head.query[0].size() / 2 * 2;
    if (width == 0) return unrotated({});
    for (Rows* part : {&head.query, &head.key, &head.value}) {
        part->resize(std::min<std::size_t>(part->size(), mostTokens));
        for (auto& row : *part) row.resize(width);
    }
    return head;
}

/// Every token moved on by one place, the last to the front.
Rows movedOn(Rows rows) {
    std::rotate(rows.begin(), rows.end() - 1, rows.end());
    return rows;
}

HeadRows movedOn(HeadRows head) {
    for (Rows* part : {&head.query, &head.key, &head.value}) *part = movedOn(std::move(*part));
    return head;
}

Rows attended(const HeadRows& head, bool rotates, bool causal) {
    const Rows q = rotates ? rotated(head.query, ropeBase) : head.query, k = rotates ? rotated(head.key, ropeBase) : head.key;
    return mixed(weightsOf(q, k, causal), head.value);
}

/// How far the output is from what it was, in the new order, when the tokens have been moved on.
double orderFelt(const HeadRows& head, bool rotates, bool causal) {
    return largestDifference(attended(movedOn(head), rotates, causal), movedOn(attended(head, rotates, causal)));
}

Evidence rotationUnused(const StatementScene& s) {
    const HeadRows head = unrotated(s);
    Evidence e;
    e.whose = whoseRows(s, true);
    e.numbers = {{LAB_TEXT("statements", "rows of q, k and v moved on by one place, the code: output differs from the output moved on by"),
                  smallText(orderFelt(head, false, false))},
                 {LAB_TEXT("statements", "the same with the rotation applied"), smallText(orderFelt(head, true, false))}};
    e.drawings = {cells(LAB_TEXT("statements", "Weights of the code"), weightsOf(head.query, head.key, false), true, Tone::claimed),
                  cells(LAB_TEXT("statements", "Weights with the rotation applied"),
                        weightsOf(rotated(head.query, ropeBase), rotated(head.key, ropeBase), false), true, Tone::right)};
    return e;
}

Evidence permutation(const StatementScene& s) {
    const HeadRows head = unrotated(s);
    Evidence e;
    e.whose = whoseRows(s, true);
    e.numbers = {{LAB_TEXT("statements", "rows of q, k and v moved on by one place, no mask: output differs from the output moved on by"),
                  smallText(orderFelt(head, false, false))},
                 {LAB_TEXT("statements", "the same with a causal mask"), smallText(orderFelt(head, false, true))}};
    e.drawings = {cells(LAB_TEXT("statements", "Weights, no mask"), weightsOf(head.query, head.key, false), true),
                  cells(LAB_TEXT("statements", "Weights, causal mask"), weightsOf(head.query, head.key, true), true)};
    return e;
}

Words variantName(const TrainedVariant& v) {
    if (v.causal) return LAB_TEXT("statements", "mask and positions");
    return v.positions ? LAB_TEXT("statements", "positions, no mask") : LAB_TEXT("statements", "neither");
}

std::string digits(const std::vector<int>& tokens) {
    std::string text;
    for (const int token : tokens) text += (text.empty() ? "" : " ") + std::to_string(token);
    return text;
}

/// What the three trained models came to.
void addTrained(Evidence& e, const std::vector<TrainedVariant>& trained) {
    if (trained.empty()) return;
    BarsDrawing losses, written;
    losses.title = LAB_TEXT("statements", "Training loss at the end, first half random");
    written.title = LAB_TEXT("statements", "Share of right tokens of the second half that it writes");
    losses.series = {{LAB_TEXT("statements", "loss"), {}, Tone::plain}};
    written.series = {{LAB_TEXT("statements", "share"), {}, Tone::right}};
    for (const TrainedVariant& v : trained) {
        losses.labels.push_back(variantName(v));
        written.labels.push_back(variantName(v));
        losses.series[0].values.push_back(v.loss);
        written.series[0].values.push_back(v.written);
        e.numbers.emplace_back(Message(LAB_TEXT("statements", "%1: training loss, share of right tokens of the second half that it writes"))
                                   .arg(variantName(v)),
                               numberText(v.loss, 3) + ", " + numberText(v.written, 3));
    }
    const auto half = static_cast<int>(trained[0].prompt.size()), random = half - 1, asked = 2 * half - 1;
    e.numbers.emplace_back(Message(LAB_TEXT("statements", "least training loss with a causal mask, as %1 of the %2 next tokens are random"))
                               .arg(random)
                               .arg(asked),
                           numberText(-std::log(trained[0].chance) * random / asked, 3));
    e.numbers.emplace_back(LAB_TEXT("statements", "share of right tokens by chance"), numberText(trained[0].chance, 3));
    for (const TrainedVariant& v : trained)
        e.numbers.emplace_back(Message(LAB_TEXT("statements", "%1: written behind %2")).arg(variantName(v)).arg(digits(v.prompt)),
                               digits(v.wrote));
    e.drawings.insert(e.drawings.begin(), {losses, written});
}

Evidence noMask(const StatementScene& s) {
    const HeadRows head = unrotated(s);
    const Rows open = weightsOf(head.query, head.key, false), causal = weightsOf(head.query, head.key, true);
    const auto later = [](const Rows& weights) {
        double sum = 0.0;
        for (std::size_t i = 0; i < weights.size(); ++i)
            for (std::size_t j = i + 1; j < weights[i].size(); ++j) sum += weights[i][j];
        return sum / static_cast<double>(weights.size());
    };
    Evidence e;
    e.whose = whoseRows(s, true);
    e.numbers = {{LAB_TEXT("statements", "weight on later tokens, mean of the rows: the code"), numberText(later(open))},
                 {LAB_TEXT("statements", "the same with a causal mask"), numberText(later(causal))}};
    e.drawings = {cells(LAB_TEXT("statements", "Weights of the code"), open, true, Tone::claimed),
                  cells(LAB_TEXT("statements", "Weights with a causal mask"), causal, true, Tone::right)};
    addTrained(e, s.trained);
    return e;
}

Evidence bagOfTokens(const StatementScene& s) {
    const HeadRows head = unrotated(s);
    HeadRows others = head;
    for (Rows* part : {&others.query, &others.key, &others.value})
        if (part->size() > 2) std::rotate(part->begin(), part->begin() + 1, part->end() - 1);
    const auto lastChanges = [&](bool rotates) {
        return largestDifference({attended(head, rotates, false).back()}, {attended(others, rotates, false).back()});
    };
    Evidence e;
    e.whose = whoseRows(s, true);
    e.numbers = {{LAB_TEXT("statements", "all rows of q, k and v but the last moved by one place: the last place\u2019s output changes by"),
                  smallText(lastChanges(false))},
                 {LAB_TEXT("statements", "the same with rotary positions"), smallText(lastChanges(true))}};
    e.drawings = {cells(LAB_TEXT("statements", "Outputs, no mask and no positions"), attended(head, false, false), false),
                  cells(LAB_TEXT("statements", "All rows of q, k and v but the last moved by one place: the same outputs, moved"),
                        attended(others, false, false), false)};
    addTrained(e, s.trained);
    return e;
}

Evidence longRopeBase(const StatementScene& s) {
    const ModelConfig& c = s.model->config();
    const bool rope = c.position.kind == PositionKind::rope && c.headDim() > 2;
    const int width = rope ? c.headDim() : 64;
    const double base = rope ? c.position.rope.base : ropeBase, scaling = 4.0;
    std::vector<double> lambda;
    for (int p = 0; p < width / 2; ++p) lambda.push_back(std::pow(scaling, 2.0 * p / (width - 2)));
    const std::vector<double> right = longRope(base, width, lambda), scaled = scaledExponent(base, width, scaling),
                              twice = exponentTwice(base, width), plain = longRope(base, width, std::vector<double>(lambda.size(), 1.0));
    CurvesDrawing curves;
    curves.title = LAB_TEXT("statements", "Radians a token of each pair, as powers of ten");
    curves.across = LAB_TEXT("statements", "pair p");
    const auto add = [&curves](Words name, std::vector<double> values, Tone tone) {
        for (double& value : values) value = std::log10(value);
        curves.series.push_back({std::move(name), std::move(values), tone});
    };
    for (int p = 0; p < width / 2; ++p) curves.x.push_back(p);
    add("LongRoPE", right, Tone::right);
    add(LAB_TEXT("statements", "scaling in the exponent"), scaled, Tone::claimed);
    add(LAB_TEXT("statements", "exponent twice"), twice, Tone::claimed);
    add(LAB_TEXT("statements", "not stretched"), plain, Tone::plain);
    Evidence e;
    e.numbers = {{Message(LAB_TEXT("statements", "d %1, base %2, stretched %3 times: last pair, \u03B8_{p} / \u03BB_{p}"))
                      .arg(width)
                      .arg(numberText(base, 0))
                      .arg(numberText(scaling, 0)),
                  smallText(right.back())},
                 {LAB_TEXT("statements", "last pair, base^{2p/d \u00B7 s}"), smallText(scaled.back())},
                 {LAB_TEXT("statements", "last pair, exponent twice"), smallText(twice.back())},
                 {LAB_TEXT("statements", "last pair, not stretched"), smallText(plain.back())}};
    e.drawings = {curves};
    return e;
}

constexpr Statement aboutCode[] = {
    {.id = "over-heads",
     .spec = "10b.16",
     .topic = Topic::code,
     .name = LAB_TEXT("statements", "Grouped queries, shapes agree"),
     .claim = LAB_TEXT("statements", "This code is grouped-query attention over the tokens."),
     .setting = LAB_TEXT("statements", "T positions, H heads, G key-value heads of d channels. It runs, and all shapes agree."),
     .why = LAB_TEXT("statements",
                     "The position axis has not been moved, so the product pairs heads with key-value heads within one position: "
                     "each position mixes its own heads and sees no other token. Change one token, and only its own row moves. "
                     "The axes must be exchanged first, so that the product runs over positions."),
     .place = "explain?stage=dot",
     .evidence = overHeads,
     .listings = listings::overHeads,
     .live = true},
    {.id = "rotation-unused",
     .spec = "10b.17",
     .topic = Topic::code,
     .name = LAB_TEXT("statements", "Rotary positions in code"),
     .claim = LAB_TEXT("statements", "This code is attention with rotary positions."),
     .setting = LAB_TEXT("statements", "One head, no mask."),
     .why = LAB_TEXT("statements",
                     "cos and sin are computed and never applied, so the scores are those without positions: permute the tokens, and the "
                     "output is permuted, no more. What RoPE turns is q and k of every layer, and neither the values nor the token "
                     "embedding. Nothing fails when the rotation is left out; only the order is not seen."),
     .place = "positions",
     .evidence = rotationUnused,
     .listings = listings::rotation,
     .live = true},
    {.id = "permutation",
     .spec = "10b.17",
     .topic = Topic::code,
     .name = LAB_TEXT("statements", "Order without positions"),
     .claim =
         LAB_TEXT("statements", "In attention without any term for positions, permuting the tokens permutes the output and does no more."),
     .verdict = Verdict::depends,
     .why = LAB_TEXT("statements",
                     "It depends on the mask. Where every query sees every key, it is so exactly, apart from rounding. Under a causal "
                     "mask, or in a window, order still enters through who is seen, and a decoder can learn from that alone."),
     .place = "positions",
     .evidence = permutation,
     .live = true},
    {.id = "no-mask",
     .spec = "10b.18",
     .topic = Topic::code,
     .name = LAB_TEXT("statements", "A GPT without causal mask"),
     .claim = LAB_TEXT("statements",
                       "A GPT with this code writes better than one with a causal mask, since its training loss falls nearly to 0."),
     .setting = LAB_TEXT("statements",
                         "It has positions, and at each place of a text it is to say the next token. The models that can be trained here "
                         "read 16 digits: 8 at random, then 9 less each of them."),
     .why = LAB_TEXT("statements",
                     "The loss does fall, but what is learned is to look at the next token and to copy it. While the model writes, that "
                     "token is not there yet, so a low loss says nothing about writing. The mask is what makes training ask the question "
                     "that writing asks."),
     .place = "explain?stage=weights",
     .evidence = noMask,
     .listings = listings::mask,
     .live = true,
     .trains = true},
    {.id = "no-mask-no-positions",
     .spec = "10b.18",
     .topic = Topic::code,
     .name = LAB_TEXT("statements", "Neither mask nor positions"),
     .claim = LAB_TEXT("statements", "This code reads the tokens from left to right."),
     .why = LAB_TEXT(
         "statements",
         "Without both, the output at a place depends on its own token and on which other tokens there are, as in a bag, and not "
         "on where they stand. A GPT\u2019s listing that lacks both has two faults, each with its own harm: without the mask training "
         "asks the wrong question, and without positions order is not seen. Under a causal mask alone, order enters through "
         "who is seen."),
     .place = "positions",
     .evidence = bagOfTokens,
     .listings = listings::bag,
     .live = true,
     .trains = true},
    {.id = "longrope-base",
     .spec = "10b.19",
     .topic = Topic::code,
     .name = LAB_TEXT("statements", "The formula of LongRoPE"),
     .claim = LAB_TEXT("statements", "LongRoPE turns pair i by base^{2i/d \u00B7 scaling} a token, as this code does."),
     .why = LAB_TEXT("statements",
                     "LongRoPE divides: \u03B8_{p}/\u03BB_{p} with \u03B8_{p} = base^{\u2212"
                     "2p/d} as in RoPE and a factor \u03BB_{p} for each pair, which a search finds; in the paper the first positions of a "
                     "text keep \u03B8_{p}. A scaling within the exponent changes each pair by another power, and without the minus sign "
                     "later pairs even turn faster. An exponent counted twice gives base^{\u2212(2p/d)\u00B2}. The factors drawn here are "
                     "those from which a search may start, not factors that a search has found."),
     .place = "positions",
     .evidence = longRopeBase,
     .listings = listings::longRope},
};

}  // namespace

std::span<const Statement> statement_rows::code() {
    return aboutCode;
}

}  // namespace lab::explain
