#include "core/explain/examples.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/explain/writer.h"
#include "core/ops/softmax_row.h"

namespace lab::explain {
namespace {

constexpr const char* block = "example";

Example catOnTheMat() {
    Example e;
    e.id = "cat";
    e.name = LAB_TEXT("explain", "The cat sat on the mat");
    e.about = LAB_TEXT("explain", "Six words with 4-dimensional embeddings; q, k and v are the embeddings themselves.");
    e.tokens = {"The", "cat", "sat", "on", "the", "mat"};
    e.dim = 4;
    e.q = {.4, .2, .3, .1, .3, .6, .2, .2, .2, .4, .5, .3, .1, .3, .2, .6, .4, .2, .3, .1, .2, .3, .1, .7};
    e.k = e.v = e.q;
    return e;
}

Example threeTokens() {
    Example e;
    e.id = "three";
    e.name = LAB_TEXT("explain", "Three tokens");
    e.about = LAB_TEXT("explain", "Q, K and V with round numbers, to be worked out by hand.");
    e.tokens = {"a", "b", "c"};
    e.dim = 4;
    e.q = {1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0};
    e.k = {1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1};
    e.v = {.5, .5, .5, .5, 1, 1, 1, 1, 1.5, 1.5, 1.5, 1.5};
    return e;
}

Example givenWeights() {
    Example e;
    e.id = "weights";
    e.name = LAB_TEXT("explain", "Weights .7 .2 .1");
    e.about = LAB_TEXT("explain", "Only the last step: three values, mixed by weights that are given.");
    e.tokens = {"a", "b", "c"};
    e.kind = Example::Kind::weights;
    e.dim = 2;
    e.v = {1, 2, 3, 4, 5, 6};
    e.weights = {.7, .2, .1};
    return e;
}

Example oppositeValues() {
    Example e;
    e.id = "opposite";
    e.name = LAB_TEXT("explain", "Opposite values");
    e.about = LAB_TEXT("explain",
                       "The first two values point against each other: in equal shares they cancel, and only what the third adds is left.");
    e.tokens = {"a", "b", "c"};
    e.kind = Example::Kind::weights;
    e.dim = 2;
    e.v = {2, 1, -2, -1, 0, 1};
    e.weights = {.45, .45, .1};
    return e;
}

Example gram() {
    Example e = catOnTheMat();
    e.id = "gram";
    e.name = "(X X\u1D40) X";
    e.about = LAB_TEXT("explain", "Attention without projections and without softmax: the scores themselves weigh the rows.");
    e.kind = Example::Kind::gram;
    return e;
}

Example fiveScores() {
    Example e;
    e.id = "scores";
    e.stage = "weights";
    e.name = LAB_TEXT("explain", "Five similarity scores");
    e.about = LAB_TEXT("explain",
                       "The scores 0, 0.1, 0.05, 0.03 and 0.02 are given: each q is 1 and each k the score itself. Differences so small "
                       "leave the weights near 1/5, and whatever the scores, each row of weights adds up to 1.");
    e.tokens = {"a", "b", "c", "d", "e"};
    e.dim = 1;
    e.q = {1, 1, 1, 1, 1};
    e.k = {0, .1, .05, .03, .02};
    e.v = {1, 2, 3, 4, 5};
    return e;
}

Example oppositeKeys() {
    Example e;
    e.id = "opposite-keys";
    e.stage = "weights";
    e.name = LAB_TEXT("explain", "Opposite keys");
    e.about = LAB_TEXT("explain",
                       "Seen from the first token: one key points the way of its query, one across it, one against it. The softmax keeps "
                       "this order: the opposite key gets the smallest weight, and it is not taken for a similar one.");
    e.tokens = {"same", "across", "against"};
    e.dim = 2;
    e.q = {2, 1, 0, 1, 1, 0};
    e.k = {2, 1, -1, 2, -2, -1};
    e.v = {1, 0, 0, 1, -1, 0};
    return e;
}

/// SPEC.md 10b.8.
Example cosineAndProduct() {
    Example e;
    e.id = "cosine";
    e.stage = "dot";
    e.name = LAB_TEXT("explain", "Cosine beside dot product");
    e.about = LAB_TEXT("explain",
                       "The query (10, 0) of the first token meets the long key (1, 5) and the key (0.9, 0), which points exactly its "
                       "way. By q \u00B7 k the long one wins, 10 against 9; by the cosine the other, 1 against 0.196.");
    e.tokens = {"asks", "long", "aligned"};
    e.dim = 2;
    e.cosine = true;
    e.q = {10, 0, 0, 1, 1, 1};
    e.k = {0, 1, 1, 5, .9, 0};
    e.v = {0, 0, 1, 0, 0, 1};
    return e;
}

Example bends() {
    Example e;
    e.id = "bends";
    e.stage = "bends";
    e.name = LAB_TEXT("explain", "ReLU and GELU");
    e.about = LAB_TEXT("explain", "What the bends of a feed-forward layer make of each number by itself: type your own.");
    e.kind = Example::Kind::bends;
    e.tokens = {"x"};
    e.dim = 7;
    e.v = {-3, -1, -.5, 0, .5, 1, 3};
    return e;
}

/// Channels: what is found, who finds, what is done, small words.
Example whatItMeans() {
    Example e;
    e.id = "it";
    e.name = LAB_TEXT("explain", "The dog found a bone and ate it");
    e.about = LAB_TEXT("explain",
                       "Made by hand: a k says what kind of word it is, a q asks for a kind. 'it' and 'a' ask for a thing, a verb for who "
                       "does it, 'ate' for both.");
    e.tokens = {"The", "dog", "found", "a", "bone", "and", "ate", "it"};
    e.dim = 4;
    e.q = {0, 4, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0, 4, 0, 0, 0, 0, 0, 4, 0, 0, 0, 4, 0, 4, 4, 0, 0, 5, 0, 0, 0};
    e.k = {0, 0, 0, 2, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 0, 0, 2, 0, 0, 2, 0, 0, 0, 0, 1};
    e.v = {0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1};
    return e;
}

}  // namespace

const std::vector<Example>& examples() {
    static const std::vector<Example> all{catOnTheMat(), threeTokens(),  givenWeights(),     oppositeValues(), gram(),
                                          fiveScores(),  oppositeKeys(), cosineAndProduct(), bends(),          whatItMeans()};
    return all;
}

std::shared_ptr<const DoubleTrace> exampleTrace(const Example& e) {
    const int n = e.count(), d = e.dim;
    const bool given = e.kind == Example::Kind::weights;
    const int queries = given ? 1 : n;
    const auto at = [d](const std::vector<double>& m, int row, int p) { return m[static_cast<std::size_t>(row * d + p)]; };
    auto trace = std::make_shared<DoubleTrace>();
    const auto set = [&](const std::string& name, std::int64_t rows, std::int64_t columns, std::vector<double> values) {
        (*trace)[std::string(block) + name] = {{1, rows, columns}, std::move(values)};
    };
    set(".value", n, d, e.v);
    if (e.kind == Example::Kind::bends) return trace;
    std::vector<double> scores, weights = e.weights, output;
    if (!given) {
        weights.clear();
        for (int i = 0; i < n; ++i) {
            std::vector<double> row;
            for (int j = 0; j < n; ++j) {
                double dot = 0.0;
                for (int p = 0; p < d; ++p) dot += at(e.q, i, p) * at(e.k, j, p);
                row.push_back(e.kind == Example::Kind::attention ? dot / std::sqrt(static_cast<double>(d)) : dot);
            }
            if (!e.scores.empty()) row.assign(e.scores.begin() + i * n, e.scores.begin() + (i + 1) * n);
            scores.insert(scores.end(), row.begin(), row.end());
            if (e.kind == Example::Kind::attention) row = softmaxLab(row, 1.0).probabilities;
            weights.insert(weights.end(), row.begin(), row.end());
        }
        set(".query", n, d, e.q);
        set(".key", n, d, e.k);
        set(".scores", n, n, scores);
        set(".masked_scores", n, n, scores);
    }
    for (int i = 0; i < queries; ++i)
        for (int p = 0; p < d; ++p) {
            double sum = 0.0;
            for (int j = 0; j < n; ++j) sum += weights[static_cast<std::size_t>(i * n + j)] * at(e.v, j, p);
            output.push_back(sum);
        }
    set(".weights", queries, n, weights);
    set(".head_output", queries, d, output);
    return trace;
}

Walk exampleWalk(const Example& e, int query, int key) {
    auto context = std::make_shared<Context>();
    Context& c = *context;
    c.numbers = NumberSource(exampleTrace(e));
    c.block = {block, "", 0, 1, 1, false, {}};
    c.query = e.kind == Example::Kind::weights ? 0 : query;
    c.key = key;
    c.headDim = c.d = e.dim;
    c.keys = e.count();
    c.queries = e.kind == Example::Kind::weights ? 1 : e.count();
    if (e.kind == Example::Kind::bends) c.traits.insert("bends");
    if (e.kind == Example::Kind::attention || e.kind == Example::Kind::gram) c.traits.insert("scores");
    if (e.cosine) c.traits.insert("cosine");
    if (e.kind == Example::Kind::attention) c.traits.insert("softmax");
    if (!e.scores.empty()) c.traits.insert("scoresSet");
    c.question.queryTokens = c.question.keyTokens = e.tokens;
    describe(c);
    Walk walk;
    walk.query = c.query;
    walk.key = c.key;
    walk.whyNoBackward = LAB_TEXT("explain", "These numbers belong to no model, so there is no loss and no way back.");
    Writer(walk, context).forward();
    for (Stage& stage : walk.stages)
        if (!e.about.empty()) stage.notes.push_back(e.about);
    return walk;
}

SoftmaxLab softmaxLab(const std::vector<double>& scores, double temperature) {
    assert(temperature > 0.0);
    SoftmaxLab lab;
    const auto top = std::ranges::max_element(scores);
    lab.largest = top == scores.end() ? 0.0 : *top;
    lab.hardMaximum = static_cast<int>(top - scores.begin());
    const SoftmaxRow row = softmaxRow(std::span(scores), temperature);
    lab.exponentials = row.exponentials;
    lab.sum = row.sum;
    for (std::size_t j = 0; j < scores.size(); ++j) {
        const double p = lab.probabilities.emplace_back(row.probability(j));
        if (p > 0.0) lab.entropy -= p * std::log(p);
    }
    lab.effectiveKeys = std::exp(lab.entropy);
    return lab;
}

}  // namespace lab::explain
