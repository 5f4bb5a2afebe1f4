#include "core/explain/mistakes.h"

#include <algorithm>
#include <cmath>

#include "core/explain/examples.h"

namespace lab::explain {
namespace {

std::string number(double value, int digits = 4) {
    return shownNumber(value, digits);
}

const AttentionBlock* blockOf(const MistakeScene& s) {
    return s.model ? &s.model->attentionBlocks()[static_cast<std::size_t>(s.question.block)] : nullptr;
}

Mistake contextWindow(const MistakeScene& s) {
    Mistake m;
    m.claim = LAB_TEXT("explain", "The number of weights grows with the square of the context window.");
    m.question = LAB_TEXT("explain", "The sequence gets twice as long. How many weights do W_{Q}, W_{K}, W_{V} and W_{O} need?");
    m.choices = {LAB_TEXT("explain", "4 times as many"), LAB_TEXT("explain", "2 times as many"), LAB_TEXT("explain", "as many as before")};
    m.right = 2;
    m.refutation = LAB_TEXT(
        "explain",
        "With as many key-value heads as heads W_{Q}, W_{K}, W_{V} and W_{O} are d \u00D7 d, with fewer W_{K} and W_{V} are smaller, "
        "whatever "
        "n is. The n \u00D7 n map is no weight but an activation: with a softmax over all keys time grows as n\u00B2, memory too where the "
        "map is stored. Only learned absolute positions add n \u00B7 d, linearly.");
    if (const AttentionBlock* block = blockOf(s)) {
        std::size_t attention = 0;
        for (const Parameter& p : s.model->layout().parameters())
            if (p.name.starts_with(block->name + ".")) attention += p.size;
        const NumberView map = s.numbers.at(block->name + ".weights");
        m.numbers = {
            {LAB_TEXT("explain", "weights of this attention block, any n"), std::to_string(attention)},
            {Message(LAB_TEXT("explain", "numbers in its maps, n = %1")).arg(map.extent(2)),
             std::to_string(map.extent(0) * map.extent(1) * map.extent(2))},
            {LAB_TEXT("explain", "numbers in its maps at twice n"), std::to_string(4 * map.extent(0) * map.extent(1) * map.extent(2))}};
    }
    return m;
}

Mistake softmaxNumbers(const MistakeScene&) {
    const std::vector<double> p = softmaxLab({2, 0, -2}, 1.0).probabilities;
    Mistake m;
    m.claim = LAB_TEXT("explain",
                       "softmax([2, 0, \u2212"
                       "2]) = [0.665, 0.117, 0.044].");
    m.question = LAB_TEXT("explain", "What must the three numbers add up to?");
    m.choices = {"0.826", "1", LAB_TEXT("explain", "it depends on the scores")};
    m.right = 1;
    m.refutation = LAB_TEXT("explain", "A softmax row always adds up to 1; the claimed numbers add up to 0.826.");
    m.numbers = {{"softmax([2, 0, \u22122])", "[" + number(p[0]) + ", " + number(p[1]) + ", " + number(p[2]) + "]"},
                 {LAB_TEXT("explain", "its sum"), number(p[0] + p[1] + p[2])},
                 {LAB_TEXT("explain", "sum of what was claimed"), number(0.665 + 0.117 + 0.044, 3)}};
    return m;
}

double gradientNorm(const NumberView& g) {
    double squares = 0.0;
    std::int64_t size = 1;
    for (std::size_t axis = 0; axis < 2; ++axis) size *= g.extent(axis);
    for (std::int64_t i = 0; i < size; ++i) squares += g[i] * g[i];
    return std::sqrt(squares);
}

Mistake backpropagation(const MistakeScene& s) {
    Mistake m;
    m.claim = LAB_TEXT("explain", "Backpropagation does not change the attention heads; only the feed-forward layers learn.");
    m.question = LAB_TEXT("explain", "Which weight matrices get a gradient of exactly zero?");
    m.choices = {LAB_TEXT("explain", "those of queries and keys"), LAB_TEXT("explain", "all of the attention"),
                 LAB_TEXT("explain", "none of them")};
    m.right = 2;
    m.refutation =
        LAB_TEXT("explain",
                 "W_{Q}, W_{K}, W_{V} and W_{O} are ordinary parameters: \u2202W_{Q} = \u03A3_{i} \u2202q_{i} x_{i}, and likewise for "
                 "the others. The lengths of their gradients for this sequence:");
    const AttentionBlock* block = blockOf(s);
    if (!block) return m;
    for (const std::string part : {"query", "key", "value", "output"})
        if (const NumberView g = s.numbers.find("gradient." + block->name + "." + part + ".weight"))
            m.numbers.push_back({block->name + "." + part + ".weight", number(gradientNorm(g), 5)});
    const std::string layer = block->side + "." + std::to_string(block->layer);
    if (const NumberView g = s.numbers.find("gradient." + layer + ".feed_forward.up.weight"))
        m.numbers.push_back({layer + ".feed_forward.up.weight", number(gradientNorm(g), 5)});
    if (m.numbers.empty())
        m.numbers = {{LAB_TEXT("explain", "gradients"), LAB_TEXT("explain", "this input has no targets; choose a sample to see them")}};
    return m;
}

Mistake bloom(const MistakeScene&) {
    Mistake m;
    m.claim = LAB_TEXT("explain", "BLOOM encodes positions with RoPE.");
    m.question = LAB_TEXT("explain", "What does BLOOM use?");
    m.choices = {"RoPE", "ALiBi", LAB_TEXT("explain", "learned positions")};
    m.right = 1;
    m.refutation = LAB_TEXT(
        "explain",
        "BLOOM uses ALiBi: a slope times the distance is subtracted from each score. RoPE is used by GPT-NeoX, LLaMA, Mistral, Qwen and "
        "Falcon-7B/40B.");
    m.numbers = {{LAB_TEXT("explain", "ALiBi's slopes, 8 heads"), "1/2, 1/4, \u2026, 1/256"},
                 {LAB_TEXT("explain", "taken from a score at distance 10, head 0"), number(5.0, 1)}};
    return m;
}

Mistake cosine(const MistakeScene& s) {
    Mistake m;
    m.claim = LAB_TEXT("explain",
                       "Attention scores are cosine similarities between \u2212"
                       "1 and 1.");
    m.question = LAB_TEXT("explain", "How large can a score be?");
    m.choices = {LAB_TEXT("explain", "at most 1"),
                 LAB_TEXT("explain",
                          "at most \u221A"
                          "d"),
                 LAB_TEXT("explain", "there is no bound")};
    m.right = 2;
    m.refutation = LAB_TEXT(
        "explain",
        "Scores are scaled dot products of vectors of any length: unbounded, and longer vectors score higher or lower. A norm of q and k "
        "by their root mean square, without gains, makes of q \u00B7 k / \u221A"
        "d_{h} the cosine times \u221A"
        "d_{h}; with learned gains it is no cosine any more. A token\u2019s score with itself is not fixed either.");
    const AttentionBlock* block = blockOf(s);
    if (!block) return m;
    const NumberView scores = s.numbers.at(block->name + ".scores");
    double low = scores(s.question.head, 0, 0), high = low;
    for (int i = 0; i < scores.extent(1); ++i)
        for (int j = 0; j < scores.extent(2); ++j) {
            low = std::min(low, scores(s.question.head, i, j));
            high = std::max(high, scores(s.question.head, i, j));
        }
    m.numbers = {{LAB_TEXT("explain", "smallest score of this head"), number(low, 3)},
                 {LAB_TEXT("explain", "largest score of this head"), number(high, 3)}};
    if (!block->cross) {
        m.numbers.push_back({Message(LAB_TEXT("explain", "token %1 with itself")).arg(0), number(scores(s.question.head, 0, 0), 3)});
        if (scores.extent(1) > 1)
            m.numbers.push_back({Message(LAB_TEXT("explain", "token %1 with itself")).arg(1), number(scores(s.question.head, 1, 1), 3)});
    }
    return m;
}

Mistake ropeAngle(const MistakeScene&) {
    const double q0 = 1, q1 = 0.5, k0 = -0.3, k1 = 0.8, theta = 0.7, distance = 3;
    const double lengths = std::hypot(q0, q1) * std::hypot(k0, k1);
    const double right = lengths * std::cos(std::atan2(q1, q0) - std::atan2(k1, k0) + distance * theta);
    Mistake m;
    m.claim = LAB_TEXT("explain", "With RoPE the score is |q||k| cos((i \u2212 j)\u03B8).");
    m.question = LAB_TEXT("explain", "Does the score also depend on where q and k point before they are turned?");
    m.choices = {LAB_TEXT("explain", "no, only on lengths and distance"), LAB_TEXT("explain", "yes, on the angle between them")};
    m.right = 1;
    m.refutation = LAB_TEXT(
        "explain",
        "It is |q||k| cos(\u2220q \u2212 \u2220k + (i \u2212 j)\u03B8) in each pair, summed over the pairs. Take q = (1, 0.5), k = "
        "(\u2212"
        "0.3, 0.8), \u03B8 = 0.7, i \u2212 j = 3:");
    m.numbers = {{LAB_TEXT("explain", "the score"), number(right)},
                 {LAB_TEXT("explain", "what the claim says"), number(lengths * std::cos(distance * theta))}};
    return m;
}

/// The norm of each head's query or key, which is none of the block's.
bool isOfHeads(const std::string& norm) {
    return norm.ends_with(".query_norm.weight") || norm.ends_with(".key_norm.weight");
}

Mistake blockOrder(const MistakeScene& s) {
    Mistake m;
    m.claim = LAB_TEXT("explain", "A block is attention, feed-forward, then one layer norm.");
    m.question = LAB_TEXT("explain", "How many residual sums and norms has a block?");
    m.choices = {LAB_TEXT("explain", "one of each"), LAB_TEXT("explain", "two of each"), LAB_TEXT("explain", "two sums and one norm")};
    m.right = 1;
    m.refutation = LAB_TEXT(
        "explain",
        "Original (post-norm): x = LN(x + Attn(x)); x = LN(x + FFN(x)). Modern (pre-norm): x += Attn(LN x); x += FFN(LN x), and one final "
        "norm. Two sums, two norms a block.");
    if (const AttentionBlock* block = blockOf(s)) {
        const std::string layer = block->side + "." + std::to_string(block->layer);
        int norms = 0;
        for (const Parameter& p : s.model->layout().parameters())
            norms += p.name.starts_with(layer + ".") && p.name.ends_with("_norm.weight") && !isOfHeads(p.name);
        const bool cross = s.model->config().architecture == Architecture::encoder_decoder && block->side == "decoder";
        m.numbers = {
            {Message(cross ? LAB_TEXT("explain", "norms in %1: one more, for the cross-attention") : LAB_TEXT("explain", "norms in %1"))
                 .arg(layer),
             std::to_string(norms)},
            {LAB_TEXT("explain", "this model"), s.model->config().norm.placement == NormPlacement::pre ? "pre-norm" : "post-norm"}};
    }
    return m;
}

Mistake groupedWidth(const MistakeScene& s) {
    Mistake m;
    m.claim = LAB_TEXT("explain", "In grouped-query attention the key-value head dimension is d_model / num_kv_heads.");
    m.question = LAB_TEXT("explain", "d_model 4096, 32 heads, 8 key-value heads: how wide is a key?");
    m.choices = {"512", "128", "64"};
    m.right = 1;
    m.refutation =
        LAB_TEXT("explain",
                 "d_{h} is by default d_model / num_heads, the same for q, k and v; a key of another width than the query could not meet "
                 "it. The projections of k and v have num_kv_heads \u00B7 d_{h} outputs.");
    m.numbers = {{"4096 / 32", "128"}, {LAB_TEXT("explain", "4096 / 8, which would not match q"), "512"}};
    if (s.model) {
        const ModelConfig& c = s.model->config();
        m.numbers.push_back({LAB_TEXT("explain", "this model: d_model / num_heads"),
                             std::to_string(c.d_model) + " / " + std::to_string(c.num_heads) + " = " + std::to_string(c.head_dim())});
        m.numbers.push_back({LAB_TEXT("explain", "outputs of its W_{K}"), std::to_string(*c.num_kv_heads * c.head_dim())});
    }
    return m;
}

Mistake expOfCosine(const MistakeScene&) {
    Mistake m;
    m.claim = LAB_TEXT("explain", "exp of a cosine lies between 0 and e.");
    m.question = LAB_TEXT("explain", "What is the smallest value of exp(cos x)?");
    m.choices = {"0", "1/e = 0.3679", "1"};
    m.right = 1;
    m.refutation = LAB_TEXT("explain",
                            "cos lies in [\u2212"
                            "1, 1], so exp of it lies in [1/e, e]. It is never 0; only a score of \u2212\u221E gives 0.");
    m.numbers = {{"exp(\u22121)", number(std::exp(-1.0))}, {"exp(1)", number(std::exp(1.0))}};
    return m;
}

}  // namespace

std::vector<Mistake> mistakes(const MistakeScene& scene) {
    return {contextWindow(scene), softmaxNumbers(scene), backpropagation(scene), bloom(scene),      cosine(scene),
            ropeAngle(scene),     blockOrder(scene),     groupedWidth(scene),    expOfCosine(scene)};
}

}  // namespace lab::explain
