#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/explain/statements/scene.h"
#include "core/layers/position/alibi.h"
#include "core/layers/position/rope.h"

namespace lab::explain {
namespace {

Evidence bloom(const StatementScene&) {
    constexpr int heads = 8, distance = 10;
    const std::vector<double> slopes = alibiSlopes(heads);
    Evidence e;
    e.numbers = {{LAB_TEXT("statements", "ALiBi\u2019s slopes, 8 heads"), listText(slopes)},
                 {LAB_TEXT("statements", "taken from a score at distance 10, head 0"), numberText(slopes[0] * distance, 1)}};
    CurvesDrawing curves;
    curves.title = LAB_TEXT("statements", "What ALiBi adds to a score");
    curves.across = LAB_TEXT("statements", "distance i \u2212 j");
    for (const int head : {0, 2, 7}) curves.series.push_back({Message(LAB_TEXT("statements", "head %1")).arg(head), {}, Tone::plain});
    for (int d = 0; d <= 2 * distance; ++d) {
        curves.x.push_back(d);
        for (std::size_t h = 0; h < 3; ++h) curves.series[h].y.push_back(-slopes[h == 0 ? 0 : h == 1 ? 2 : 7] * d);
    }
    e.drawings = {curves};
    return e;
}

Evidence ropeAngle(const StatementScene&) {
    const double q0 = 1, q1 = 0.5, k0 = -0.3, k1 = 0.8, theta = 0.7;
    constexpr int distance = 3;
    const double lengths = std::hypot(q0, q1) * std::hypot(k0, k1), between = std::atan2(q1, q0) - std::atan2(k1, k0);
    const auto right = [&](double d) { return lengths * std::cos(between + d * theta); };
    const auto claimed = [&](double d) { return lengths * std::cos(d * theta); };
    Evidence e;
    e.numbers = {
        {LAB_TEXT("statements", "the product at distance 3"), numberText(right(distance))},
        {LAB_TEXT("statements", "what the claim says"), numberText(claimed(distance))},
        {LAB_TEXT("statements", "angle from k to q before they are turned, in degrees"), numberText(between * 180 / std::numbers::pi, 1)}};
    CurvesDrawing curves;
    curves.title = LAB_TEXT("statements", "The product over the distance");
    curves.across = LAB_TEXT("statements", "distance i \u2212 j");
    curves.series = {{LAB_TEXT("statements", "as RoPE gives it"), {}, Tone::right}, {LAB_TEXT("statements", "claimed"), {}, Tone::claimed}};
    for (int step = 0; step <= 80; ++step) {
        const double d = step / 10.0;
        curves.x.push_back(d);
        curves.series[0].y.push_back(right(d));
        curves.series[1].y.push_back(claimed(d));
    }
    ArrowsDrawing arrows;
    arrows.title = LAB_TEXT("statements", "Before they are turned");
    arrows.arrows = {{"q", q0, q1, Tone::plain}, {"k", k0, k1, Tone::plain}};
    e.drawings = {curves, arrows};
    return e;
}

/// The rotations of the block in hand, or those of a usual head where it has none.
struct Rotations {
    bool own = false;
    int width = 64;
    std::vector<double> theta;
    double scale = 1.0;  ///< of cos and sin
};

Rotations rotationsOf(const StatementScene& s, int length) {
    const ModelConfig& c = s.model->config();
    Rotations r;
    r.own = c.position.kind == PositionKind::rope && c.headDim() > 1 && !blockOf(s).cross;
    if (r.own) r.width = c.headDim();
    const RopeFrequencies turn =
        r.own ? ropeFrequencies(c.position.rope, r.width, length) : RopeFrequencies{plainFrequencies(10000.0, r.width), 1.0};
    r.theta = turn.theta;
    r.scale = turn.scale;
    return r;
}

Words ofWhom(const Rotations& r) {
    return r.own ? LAB_TEXT("statements", "rotations of this model") : LAB_TEXT("statements", "rotations of a usual head, base 10000");
}

int keysOf(const StatementScene& s) {
    return s.numbers.at(blockOf(s).name + ".weights").extent(2);
}

/// The model's where its rotations are shown; those of a usual head are typed.
Words whoseRotations(const StatementScene& s, const Rotations& r) {
    return r.own ? whoseNumbers(s, s) : Words();
}

Evidence anyPosition(const StatementScene& s) {
    constexpr int far = 1000000;
    const Rotations r = rotationsOf(s, far + 1);
    Evidence e;
    e.whose = whoseRotations(s, r);
    e.numbers = {
        {ofWhom(r), "d_{h} = " + std::to_string(r.width)},
        {LAB_TEXT("statements", "angle of the first pair at position 1 000 000, in turns"),
         numberText(far * r.theta.front() / (2 * std::numbers::pi), 1)},
        {LAB_TEXT("statements", "angle of the last pair there, in turns"), numberText(far * r.theta.back() / (2 * std::numbers::pi), 4)}};
    ArrowsDrawing circle;
    circle.title = LAB_TEXT("statements", "The last pair of (1, 0) at four positions");
    circle.circle = 1.0;
    for (const int m : {0, 1000, 10000, 1000000})
        circle.arrows.push_back({std::to_string(m), std::cos(m * r.theta.back()), std::sin(m * r.theta.back()), Tone::plain});
    e.drawings = {circle};
    return e;
}

Evidence unlimited(const StatementScene& s) {
    const int n = std::max(keysOf(s), 2), longer = 4 * n;
    const Rotations r = rotationsOf(s, n), far = rotationsOf(s, longer);
    const auto unfinished = [&](int length) {
        return std::ranges::count_if(r.theta, [length](double theta) { return theta * length < 2 * std::numbers::pi; });
    };
    Evidence e;
    e.whose = whoseRotations(s, r);
    e.numbers = {
        {ofWhom(r), "d_{h} = " + std::to_string(r.width)},
        {Message(LAB_TEXT("statements", "pairs that complete no turn within %1 tokens, of %2")).arg(n).arg(r.theta.size()),
         std::to_string(unfinished(n))},
        {Message(LAB_TEXT("statements", "turns of the last pair at %1 and at %2")).arg(n).arg(longer),
         smallText(n * r.theta.back() / (2 * std::numbers::pi)) + ", " + smallText(longer * far.theta.back() / (2 * std::numbers::pi))}};
    CurvesDrawing curves;
    curves.title = LAB_TEXT("statements", "How far each pair turns");
    curves.across = LAB_TEXT("statements", "pair p");
    curves.logarithmic = true;
    curves.series = {{Message(LAB_TEXT("statements", "turns within %1 tokens")).arg(n), {}, Tone::right},
                     {Message(LAB_TEXT("statements", "within %1")).arg(longer), {}, Tone::claimed}};
    for (std::size_t p = 0; p < r.theta.size(); ++p) {
        curves.x.push_back(static_cast<double>(p));
        curves.series[0].y.push_back(n * r.theta[p] / (2 * std::numbers::pi));
        curves.series[1].y.push_back(longer * far.theta[p] / (2 * std::numbers::pi));
    }
    curves.levels = {{1.0, LAB_TEXT("statements", "one turn")}};
    if (r.theta.size() > 1) e.drawings = {curves};
    return e;
}

struct QueryAndKey {
    std::vector<double> q, k;
    bool own = false;
};

/// A query and a key before their rotation: the model's own, or made up.
QueryAndKey queryAndKey(const StatementScene& s, const Rotations& r) {
    std::vector<double> q, k;
    if (r.own) {
        const AttentionBlock& block = blockOf(s);
        const NumberView queries = s.numbers.find(block.name + ".unrotated_query"),
                         keys = s.numbers.find(block.keyOwner + ".unrotated_key");
        const int shared = s.question.head / (block.heads / block.kvHeads);
        if (queries && keys)
            return {rowsOf(queries, s.question.head)[static_cast<std::size_t>(s.question.query)],
                    rowsOf(keys, shared)[static_cast<std::size_t>(s.question.key)], true};
    }
    for (int c = 0; c < r.width; ++c) {
        q.push_back(std::cos(1.7 * c));
        k.push_back(std::sin(2.3 * c + 1.0));
    }
    return {q, k};
}

Evidence decay(const StatementScene& s) {
    const Rotations r = rotationsOf(s, keysOf(s));
    const QueryAndKey both = queryAndKey(s, r);
    const std::vector<double>&q = both.q, &k = both.k;
    const std::size_t pairs = r.theta.size();
    const bool interleaved = r.own && s.model->config().position.rope.pairing == RopePairing::interleaved;
    const auto product = [&](int distance) {
        double sum = 0.0;
        for (std::size_t p = 0; p < pairs; ++p) {
            const std::size_t a = interleaved ? 2 * p : p, b = interleaved ? 2 * p + 1 : p + pairs;
            const double between = std::atan2(q[b], q[a]) - std::atan2(k[b], k[a]);
            sum += std::hypot(q[a], q[b]) * std::hypot(k[a], k[b]) * std::cos(between + distance * r.theta[p]);
        }
        return r.scale * r.scale * sum / std::sqrt(static_cast<double>(r.width));
    };
    CurvesDrawing aligned, one;
    aligned.title = LAB_TEXT("statements", "Phases aligned: \u03A3_{p} cos((m \u2212 n)\u03B8_{p})");
    one.title = LAB_TEXT("statements",
                         "q \u00B7 k / \u221A"
                         "d_{h} of one query and one key");
    aligned.across = one.across = LAB_TEXT("statements", "distance m \u2212 n");
    aligned.series = {{LAB_TEXT("statements", "sum of cosines"), {}, Tone::right}};
    one.series = {{"q \u00B7 k", {}, Tone::right}};
    int best = 0, least = 0;
    for (int d = 0; d <= 100; ++d) {
        double sum = 0.0;
        for (const double theta : r.theta) sum += std::cos(d * theta);
        aligned.x.push_back(d);
        one.x.push_back(d);
        aligned.series[0].y.push_back(sum);
        one.series[0].y.push_back(product(d));
        if (product(d) > product(best)) best = d;
        if (product(d) < product(least)) least = d;
    }
    const Words which = both.own ? Message(LAB_TEXT("statements",
                                                    "q \u00B7 k / \u221A"
                                                    "d_{h} of query %1 and key %2, at distance 0"))
                                       .arg(s.question.query)
                                       .arg(s.question.key)
                                 : Message(LAB_TEXT("statements",
                                                    "q \u00B7 k / \u221A"
                                                    "d_{h}, q and k made up, at distance 0"));
    Evidence e;
    e.whose = whoseRotations(s, r);
    e.numbers = {{ofWhom(r), "d_{h} = " + std::to_string(r.width)},
                 {which, numberText(one.series[0].y.front(), 3)},
                 {Message(LAB_TEXT("statements", "largest within 100 tokens, at distance %1")).arg(best), numberText(product(best), 3)},
                 {Message(LAB_TEXT("statements", "smallest, at distance %1")).arg(least), numberText(product(least), 3)},
                 {LAB_TEXT("statements", "sum of cosines at distances 0, 10, 100"),
                  listText({aligned.series[0].y[0], aligned.series[0].y[10], aligned.series[0].y[100]}, 2)}};
    e.drawings = {one, aligned};
    return e;
}

constexpr Statement aboutPositions[] = {
    {.id = "bloom",
     .spec = "10.d",
     .topic = Topic::positions,
     .name = LAB_TEXT("statements", "Positions in BLOOM"),
     .claim = LAB_TEXT("statements", "BLOOM encodes positions with RoPE."),
     .why = LAB_TEXT("statements",
                     "BLOOM uses ALiBi: a slope of the head\u2019s own times the distance is subtracted from each score. RoPE is used by "
                     "GPT-NeoX, LLaMA, Mistral, Qwen and Falcon-7B/40B."),
     .place = "positions",
     .evidence = bloom},
    {.id = "rope-angle",
     .spec = "10.f",
     .topic = Topic::positions,
     .name = LAB_TEXT("statements", "A score under RoPE"),
     .claim = LAB_TEXT("statements", "With RoPE the score is |q||k| cos((i \u2212 j)\u03B8)."),
     .setting = LAB_TEXT("statements",
                         "Example: one pair of channels, q = (1, 0.5), k = (\u2212"
                         "0.3, 0.8), \u03B8 = 0.7, i \u2212 j = 3."),
     .why = LAB_TEXT(
         "statements",
         "In each pair it is |q_{p}||k_{p}| cos(\u2220q_{p} \u2212 \u2220k_{p} + (i \u2212 j)\u03B8_{p}), and these are summed over the "
         "pairs, each with its own \u03B8_{p}, and divided by \u221A"
         "d_{h}. The claim leaves out where q and k point before they are turned, and it takes all pairs for one."),
     .place = "positions",
     .evidence = ropeAngle},
    {.id = "any-position",
     .spec = "10b.20",
     .topic = Topic::positions,
     .name = LAB_TEXT("statements", "RoPE far out"),
     .claim = LAB_TEXT("statements", "RoPE has an angle for every position, however far."),
     .verdict = Verdict::holds,
     .why = LAB_TEXT(
         "statements",
         "Pair p is turned by m \u03B8_{p} at position m, a product: no table ends, and no weight belongs to a position, unlike in learned "
         "absolute positions. Whether a trained model makes good use of angles that it has never met is another question, the next one."),
     .place = "positions",
     .evidence = anyPosition},
    {.id = "unlimited",
     .spec = "10b.20",
     .topic = Topic::positions,
     .name = LAB_TEXT("statements", "RoPE and lengths never seen"),
     .claim = LAB_TEXT("statements", "RoPE allows unlimited length, and lengths never seen in training."),
     .why = LAB_TEXT(
         "statements",
         "Angles exist at any length. But pairs that turn slowly complete no turn within the length trained on, so beyond it they stand at "
         "angles that training never showed, and a trained model as a rule fails there. Position interpolation, NTK, YaRN and LongRoPE "
         "change the angles for longer inputs, some of them with further training. Positions, Extension measures how a model does there."),
     .place = "positions",
     .evidence = unlimited},
    {.id = "decay",
     .spec = "10b.21",
     .topic = Topic::positions,
     .name = LAB_TEXT("statements", "Far tokens under RoPE"),
     .claim = LAB_TEXT("statements", "Under RoPE tokens that are far apart get lower dot products."),
     .why = LAB_TEXT(
         "statements",
         "Not for a given q and k: their product is a sum of |q_{p}||k_{p}| cos(\u2220q_{p} \u2212 \u2220k_{p} + (m \u2212 "
         "n)\u03B8_{p}) "
         "over the pairs, and it rises and falls with the distance. What decays, with ripples, is the sum for aligned "
         "phases, \u03A3_{p} cos((m \u2212 n)\u03B8_{p}), as for q = k with pairs of equal length, and the upper bound that the paper "
         "gives."),
     .place = "positions",
     .evidence = decay},
};

}  // namespace

std::span<const Statement> statement_rows::positions() {
    return aboutPositions;
}

}  // namespace lab::explain
