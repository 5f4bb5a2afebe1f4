#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/explain/examples.h"
#include "core/explain/statements/scene.h"

namespace lab::explain {
namespace {

/// What was claimed of a softmax beside what it gives.
Evidence claimedSoftmax(const std::vector<double>& scores, const std::vector<double>& claimed, int digits) {
    const std::vector<double> right = softmaxOf(scores);
    Evidence e;
    e.numbers = {{LAB_TEXT("statements", "softmax of these scores"), listText(right)},
                 {LAB_TEXT("statements", "its sum"), numberText(sumOf(right))},
                 {LAB_TEXT("statements", "sum of what was claimed"), numberText(sumOf(claimed))}};
    BarsDrawing bars;
    bars.title = LAB_TEXT("statements", "Weights of each score");
    for (const double score : scores) bars.labels.emplace_back(numberText(score, digits));
    bars.series = {{LAB_TEXT("statements", "claimed"), claimed, Tone::claimed}, {LAB_TEXT("statements", "softmax"), right, Tone::right}};
    e.drawings = {bars};
    return e;
}

Evidence softmaxThree(const StatementScene&) {
    return claimedSoftmax({2, 0, -2}, {0.665, 0.117, 0.044}, 0);
}

Evidence softmaxFive(const StatementScene&) {
    const std::vector<double> claimed{.8360, .1253, .0168, .0023, .0001};
    Evidence e = claimedSoftmax({5, 2, 0, -2, -5}, claimed, 0);
    e.numbers.emplace_back(LAB_TEXT("statements", "first weight divided by the second: e^{5 \u2212 2}"), numberText(std::exp(3.0), 2));
    e.numbers.emplace_back(LAB_TEXT("statements", "the same of what was claimed"), numberText(claimed[0] / claimed[1], 2));
    return e;
}

Evidence fiveTokens(const StatementScene&) {
    const std::vector<double> scores{0, .1, .05, .03, .02}, claimed{.038, .075, .033, .017, .011};
    Evidence e = claimedSoftmax(scores, claimed, 2);
    double sum = 0.0;
    for (const double score : scores) sum += std::exp(score);
    e.numbers[0].second = listText(softmaxOf(scores), 3);
    e.numbers.emplace_back(LAB_TEXT("statements", "sum of the five exponentials"), numberText(sum, 3));
    return e;
}

Evidence signs(const StatementScene&) {
    const std::vector<double> low = softmaxOf({-1, -2}), high = softmaxOf({2, 1});
    Evidence e;
    e.numbers = {{"softmax([\u2212"
                  "1, \u2212"
                  "2])",
                  listText(low)},
                 {"softmax([2, 1])", listText(high)}};
    BarsDrawing bars;
    bars.title = LAB_TEXT("statements", "Weights of the first and the second score");
    bars.labels = {LAB_TEXT("statements", "first"), LAB_TEXT("statements", "second")};
    bars.series = {{"\u2212"
                    "1, \u2212"
                    "2",
                    low, Tone::plain},
                   {"2, 1", high, Tone::right}};
    e.drawings = {bars};
    return e;
}

Evidence orthogonal(const StatementScene&) {
    const std::vector<std::vector<double>> rows{{0, -3, -3}, {0, 0, 0}, {0, 3, 3}};
    Evidence e;
    BarsDrawing bars;
    bars.title = LAB_TEXT("statements", "Weight of the score 0 among others");
    BarsDrawing::Series weights{LAB_TEXT("statements", "weight of the 0"), {}, Tone::right};
    for (const std::vector<double>& row : rows) {
        const double weight = softmaxOf(row)[0];
        e.numbers.emplace_back(Message(LAB_TEXT("statements", "weight of the 0 in %1")).arg(listText(row, 0)), numberText(weight));
        bars.labels.emplace_back(listText(row, 0));
        weights.values.push_back(weight);
    }
    bars.series = {weights};
    e.drawings = {bars};
    return e;
}

const Example& catExample() {
    return *std::ranges::find(examples(), std::string("cat"), &Example::id);
}

Rows catRows() {
    const Example& cat = catExample();
    Rows rows;
    for (int i = 0; i < cat.count(); ++i) rows.emplace_back(cat.q.begin() + i * cat.dim, cat.q.begin() + (i + 1) * cat.dim);
    return rows;
}

Rows products(const Rows& a, double (*of)(const std::vector<double>&, const std::vector<double>&)) {
    Rows result;
    for (const auto& row : a) {
        result.emplace_back();
        for (const auto& column : a) result.back().push_back(of(row, column));
    }
    return result;
}

CellsDrawing catCells(Words title, const Rows& rows, Tone tone) {
    CellsDrawing drawing = cells(std::move(title), rows, false, tone);
    drawing.rowNames = drawing.columnNames = catExample().tokens;
    return drawing;
}

Evidence diagonal(const StatementScene& s) {
    Evidence e;
    const Rows gram = products(catRows(), dot);
    const auto [least, most] = std::minmax({gram[0][0], gram[1][1], gram[2][2], gram[3][3], gram[4][4], gram[5][5]});
    e.numbers = {{LAB_TEXT("statements", "X X^{T} of six words, the diagonal: smallest"), numberText(least, 2)},
                 {LAB_TEXT("statements", "and largest"), numberText(most, 2)}};
    e.drawings = {catCells("X X^{T}", gram, Tone::plain)};
    if (blockOf(s).cross) {
        e.whose = LAB_TEXT("statements", "Numbers of six words: this block is cross-attention, where no token meets itself.");
        return e;
    }
    const Rows scores = headRows(s, s.question.head).scores;
    std::vector<double> own;
    for (std::size_t i = 0; i < std::min(scores.size(), scores[0].size()); ++i) own.push_back(scores[i][i]);
    e.numbers.emplace_back(LAB_TEXT("statements", "this head\u2019s scores of a token with itself: smallest"),
                           numberText(std::ranges::min(own), 3));
    e.numbers.emplace_back(LAB_TEXT("statements", "and largest"), numberText(std::ranges::max(own), 3));
    e.drawings.push_back(cells(LAB_TEXT("statements", "Scores of this head, before the mask"), scores, false));
    return e;
}

constexpr int words = 5;  ///< the, cat, sat, on, mat: the second "the" is as the first
constexpr int wordAt[words] = {0, 1, 2, 3, 5};
const Rows claimedCosines{{1, .9, .7, .6, 1, .8},  {.9, 1, .8, .5, .9, .6}, {.7, .8, 1, .7, .7, .6},
                          {.6, .5, .7, 1, .6, .8}, {1, .9, .7, .6, 1, .8},  {.8, .6, .6, .8, .8, 1}};

Evidence cosines(const StatementScene&) {
    const Rows right = products(catRows(), cosine);
    const std::vector<std::string>& tokens = catExample().tokens;
    Evidence e;
    BarsDrawing bars;
    bars.title = LAB_TEXT("statements", "Cosines of the ten pairs");
    bars.series = {{LAB_TEXT("statements", "claimed"), {}, Tone::claimed},
                   {LAB_TEXT("statements", "from the embeddings"), {}, Tone::right}};
    for (int a = 0; a < words; ++a)
        for (int b = a + 1; b < words; ++b) {
            const auto i = static_cast<std::size_t>(wordAt[a]), j = static_cast<std::size_t>(wordAt[b]);
            const std::string pair = tokens[i] + "\u2013" + tokens[j];
            bars.labels.emplace_back(pair);
            bars.series[0].values.push_back(claimedCosines[i][j]);
            bars.series[1].values.push_back(right[i][j]);
            e.numbers.emplace_back(
                Message(LAB_TEXT("statements", "%1, where %2 is claimed")).arg(pair).arg(numberText(claimedCosines[i][j], 1)),
                numberText(right[i][j], 3));
        }
    e.drawings = {bars, catCells(LAB_TEXT("statements", "Embeddings"), catRows(), Tone::plain)};
    std::get<CellsDrawing>(e.drawings.back()).columnNames.clear();
    return e;
}

Evidence cosineRowSums(const StatementScene&) {
    const std::vector<double> claimed{14.94, 12.95, 12.85, 15.37, 14.94, 13.58};
    Evidence e;
    BarsDrawing bars;
    bars.title = LAB_TEXT("statements", "Sum of exp of each row");
    bars.digits = 2;
    bars.series = {{LAB_TEXT("statements", "claimed"), claimed, Tone::claimed}, {LAB_TEXT("statements", "added up"), {}, Tone::right}};
    for (std::size_t i = 0; i < claimedCosines.size(); ++i) {
        double sum = 0.0;
        for (const double c : claimedCosines[i]) sum += std::exp(c);
        const std::string& token = catExample().tokens[i];
        bars.labels.emplace_back(token);
        bars.series[1].values.push_back(sum);
        e.numbers.emplace_back(Message(LAB_TEXT("statements", "row of %1, where %2 is claimed")).arg(token).arg(numberText(claimed[i], 2)),
                               numberText(sum, 2));
    }
    e.drawings = {bars, catCells(LAB_TEXT("statements", "Cosines as they are stated"), claimedCosines, Tone::plain)};
    return e;
}

Evidence rowSums(const StatementScene&) {
    const Rows exponentials{{1, 3, 4}, {2, 6, 2}, {5, 3, 2}};
    Rows right, wrong;
    for (std::size_t i = 0; i < exponentials.size(); ++i) {
        right.emplace_back();
        wrong.emplace_back();
        for (std::size_t j = 0; j < exponentials.size(); ++j) {
            right.back().push_back(exponentials[i][j] / sumOf(exponentials[i]));
            wrong.back().push_back(exponentials[i][j] / sumOf(exponentials[j]));
        }
    }
    Evidence e;
    e.numbers = {{LAB_TEXT("statements", "row sums, one a row"),
                  listText({sumOf(exponentials[0]), sumOf(exponentials[1]), sumOf(exponentials[2])}, 0)},
                 {LAB_TEXT("statements", "first row, divided by its own sum: its sum"), numberText(sumOf(right[0]))},
                 {LAB_TEXT("statements", "first row, divided by transposed sums: its sum"), numberText(sumOf(wrong[0]))}};
    e.drawings = {cells(LAB_TEXT("statements", "Exponentials e_{ij}"), exponentials, false, Tone::plain, 0),
                  cells(LAB_TEXT("statements", "Each row by its own sum"), right, true, Tone::right, 3),
                  cells(LAB_TEXT("statements", "By the sums transposed"), wrong, true, Tone::claimed, 3)};
    return e;
}

std::vector<double> lessMean(std::vector<double> x) {
    const double mean = sumOf(x) / static_cast<double>(x.size());
    for (double& value : x) value -= mean;
    return x;
}

Evidence correlation(const StatementScene&) {
    const std::vector<double> query{10, 0}, wide{1, 5}, along{.9, 0};
    const std::vector<double> scores{dot(query, wide) / std::numbers::sqrt2, dot(query, along) / std::numbers::sqrt2};
    Evidence e;
    e.numbers = {{"q \u00B7 (1, 5)", numberText(dot(query, wide), 1)},
                 {"q \u00B7 (0.9, 0)", numberText(dot(query, along), 1)},
                 {LAB_TEXT("statements",
                           "their weights, scores divided by \u221A"
                           "2"),
                  listText(softmaxOf(scores))},
                 {LAB_TEXT("statements", "cosine of q and (1, 5)"), numberText(cosine(query, wide))},
                 {LAB_TEXT("statements", "cosine of q and (0.9, 0)"), numberText(cosine(query, along))},
                 {LAB_TEXT("statements", "correlation of q and (1, 5)"), numberText(cosine(lessMean(query), lessMean(wide)))}};
    ArrowsDrawing arrows;
    arrows.title = LAB_TEXT("statements", "Query and keys");
    arrows.arrows = {{"q = (10, 0)", 10, 0, Tone::plain}, {"k = (1, 5)", 1, 5, Tone::right}, {"k = (0.9, 0)", .9, 0, Tone::claimed}};
    e.drawings = {arrows};
    return e;
}

std::string shape(const NumberView& view) {
    std::string text = "[";
    for (std::size_t axis = 0; axis < view.rank(); ++axis) text += (axis ? ", " : "") + std::to_string(view.extent(axis));
    return text + "]";
}

Evidence values(const StatementScene& s) {
    const std::string& block = blockOf(s).name;
    const auto of = [&](const char* part) { return shape(s.numbers.at(block + part)); };
    Evidence e;
    e.numbers = {{LAB_TEXT("statements", "scores [heads, queries, keys]"), of(".scores")},
                 {LAB_TEXT("statements", "weights [heads, queries, keys]"), of(".weights")},
                 {LAB_TEXT("statements", "values [key-value heads, keys, d_{h}]"), of(".value")},
                 {LAB_TEXT("statements", "weights times values [heads, queries, d_{h}]"), of(".head_output")}};
    BoxesDrawing boxes;
    boxes.title = LAB_TEXT("statements", "What meets what");
    boxes.lines = {{LAB_TEXT("statements", "queries"),
                    {{"Q", of(".query"), Tone::plain}, {LAB_TEXT("statements", "scores"), of(".scores"), Tone::plain}}},
                   {LAB_TEXT("statements", "keys"),
                    {{"K", of(".key"), Tone::plain},
                     {LAB_TEXT("statements", "scores"), of(".scores"), Tone::plain},
                     {LAB_TEXT("statements", "weights"), of(".weights"), Tone::plain}}},
                   {LAB_TEXT("statements", "what is mixed"),
                    {{"V", of(".value"), Tone::right}, {LAB_TEXT("statements", "weights \u00B7 V"), of(".head_output"), Tone::right}}}};
    e.drawings = {boxes};
    return e;
}

Evidence scoresAsCosines(const StatementScene& s) {
    const HeadRows head = headRows(s, s.question.head);
    Rows angles;
    for (const auto& q : head.query) {
        angles.emplace_back();
        for (const auto& k : head.key) angles.back().push_back(cosine(q, k));
    }
    double low = head.scores[0][0], high = low;
    for (const auto& row : head.scores)
        for (const double score : row) {
            if (std::isinf(score)) continue;  // beyond a span
            low = std::min(low, score);
            high = std::max(high, score);
        }
    Evidence e;
    e.numbers = {{LAB_TEXT("statements", "smallest score of this head"), numberText(low, 3)},
                 {LAB_TEXT("statements", "largest score of this head"), numberText(high, 3)},
                 {LAB_TEXT("statements", "score of query 0 and key 0"), numberText(head.scores[0][0], 3)},
                 {LAB_TEXT("statements", "cosine of this q and this k"), numberText(angles[0][0], 3)},
                 {LAB_TEXT("statements",
                           "q = (3, 4), k = (6, 8): score, divided by \u221A"
                           "2"),
                  numberText(dot({3, 4}, {6, 8}) / std::numbers::sqrt2, 1)},
                 {LAB_TEXT("statements", "their cosine"), numberText(cosine({3, 4}, {6, 8}), 1)}};
    e.drawings = {cells(LAB_TEXT("statements", "Scores of this head"), head.scores, false),
                  cells(LAB_TEXT("statements", "Cosines of the same q and k"), angles, false)};
    return e;
}

Evidence expOfCosine(const StatementScene&) {
    Evidence e;
    e.numbers = {{"exp(\u2212"
                  "1)",
                  numberText(std::exp(-1.0))},
                 {"exp(0)", numberText(1.0)},
                 {"exp(1)", numberText(std::exp(1.0))}};
    CurvesDrawing curve;
    curve.title = LAB_TEXT("statements", "exp of the cosine");
    curve.across = LAB_TEXT("statements", "angle between the vectors, in degrees");
    CurvesDrawing::Series series{"exp(cos)", {}, Tone::right};
    for (int degrees = 0; degrees <= 180; degrees += 3) {
        curve.x.push_back(degrees);
        series.y.push_back(std::exp(std::cos(degrees * std::numbers::pi / 180.0)));
    }
    curve.series = {series};
    curve.levels = {{std::exp(-1.0), "1/e"}, {std::exp(1.0), "e"}, {0.0, "0"}};
    e.drawings = {curve};
    return e;
}

Evidence softMaximum(const StatementScene&) {
    const std::vector<double> x{3, 1, 0};
    double sum = 0.0;
    for (const double value : x) sum += std::exp(value);
    Evidence e;
    e.numbers = {{LAB_TEXT("statements", "largest of 3, 1, 0"), numberText(std::ranges::max(x), 0)},
                 {LAB_TEXT("statements", "log-sum-exp"), numberText(std::log(sum))},
                 {LAB_TEXT("statements", "softmax: its slope in each of the three"), listText(softmaxOf(x))}};
    BarsDrawing bars;
    bars.title = LAB_TEXT("statements", "Of 3, 1, 0");
    bars.labels = {"3", "1", "0", "ln \u03A3 exp"};
    bars.series = {{LAB_TEXT("statements", "the numbers and log-sum-exp"), {3, 1, 0, std::log(sum)}, Tone::plain}};
    BarsDrawing shares;
    shares.title = LAB_TEXT("statements", "Softmax of 3, 1, 0");
    shares.labels = {"3", "1", "0"};
    shares.series = {{"softmax", softmaxOf(x), Tone::right}};
    e.drawings = {bars, shares};
    return e;
}

constexpr Statement aboutSoftmax[] = {
    {.id = "softmax-three",
     .spec = "10.b",
     .name = LAB_TEXT("statements", "Softmax of three scores"),
     .claim = LAB_TEXT("statements",
                       "softmax([2, 0, \u2212"
                       "2]) = [0.665, 0.117, 0.044]."),
     .why = LAB_TEXT("statements",
                     "A softmax divides each exponential by the sum of all, so its numbers add up to 1; the claimed "
                     "ones do not. The second is right, the first and the third are not."),
     .place = "explain?stage=weights",
     .evidence = softmaxThree},
    {.id = "softmax-five",
     .spec = "10b.1",
     .name = LAB_TEXT("statements", "Softmax of five scores"),
     .claim = LAB_TEXT("statements",
                       "softmax([5, 2, 0, \u2212"
                       "2, \u2212"
                       "5]) = [0.8360, 0.1253, 0.0168, 0.0023, 0.0001]."),
     .why = LAB_TEXT("statements",
                     "These numbers do not add up to 1, as those of a softmax do. No common factor mends them: two "
                     "weights stand in the ratio exp of the difference of their scores, and the claimed ones do not."),
     .place = "explain?stage=weights",
     .evidence = softmaxFive},
    {.id = "softmax-signs",
     .spec = "10b.2",
     .name = LAB_TEXT("statements", "Positive and negative scores"),
     .claim = LAB_TEXT("statements", "Softmax makes positive values larger and negative ones smaller."),
     .why = LAB_TEXT("statements",
                     "Softmax has no rule about signs. Adding one number to all scores of a row changes no weight, so "
                     "only their differences count. All weights lie between 0 and 1, so a large positive score comes "
                     "out smaller and every negative one larger than it was."),
     .place = "explain?stage=weights",
     .evidence = signs},
    {.id = "orthogonal",
     .spec = "10b.3",
     .name = LAB_TEXT("statements", "A key at right angles"),
     .claim = LAB_TEXT("statements", "Any key orthogonal to its query, with the score 0, gets a medium to low weight."),
     .setting = LAB_TEXT("statements", "Softmax attention, no term for positions, no mask."),
     .why = LAB_TEXT("statements",
                     "A weight depends on all scores of its row. Where the others are negative, 0 is the largest score and its key gets "
                     "the largest weight; where the others are positive, the smallest. How large depends on the differences."),
     .place = "explain?stage=weights",
     .evidence = orthogonal},
    {.id = "diagonal-zero",
     .spec = "10b.4",
     .name = LAB_TEXT("statements", "A token with itself"),
     .claim = LAB_TEXT("statements", "A token is not similar to itself, so the diagonal of the scores is 0."),
     .why = LAB_TEXT(
         "statements",
         "A token\u2019s score with itself is what W_{Q} and W_{K} make of it: with softmax attention positive, negative or near 0, "
         "where both are projections of their own. In X X^{T}, without projections, it is |x_{i}|\u00B2 and never negative, but by no rule "
         "the largest of its row or the smallest. Only a mask leaves it out."),
     .place = "maps?stage=scores",
     .evidence = diagonal,
     .live = true},
    {.id = "five-tokens",
     .spec = "10b.5",
     .name = LAB_TEXT("statements", "Weights of five close scores"),
     .claim = LAB_TEXT("statements",
                       "Five tokens have the scores 0, 0.1, 0.05, 0.03, 0.02. The row sum is 1.286, and the weights are "
                       "0.038, 0.075, 0.033, 0.017, 0.011."),
     .why = LAB_TEXT("statements",
                     "None of the scores is negative, so each of the five exponentials is at least 1 and their sum is "
                     "above 5. Scores so near to each other get nearly equal weights, and a row of weights that does "
                     "not add up to 1 is no softmax."),
     .place = "explain?stage=sum",
     .evidence = fiveTokens},
    {.id = "cosines",
     .spec = "10b.6",
     .name = LAB_TEXT("statements", "Cosines of five words"),
     .claim = LAB_TEXT("statements", "The cosines are 0.9 for the and cat, 0.7 for the and sat, 0.6 for the and on, 0.8 for on and mat."),
     .setting = LAB_TEXT("statements",
                         "Embeddings: the (.4 .2 .3 .1), cat (.3 .6 .2 .2), sat (.2 .4 .5 .3), on (.1 .3 .2 .6), "
                         "mat (.2 .3 .1 .7)."),
     .why = LAB_TEXT("statements",
                     "A cosine is the dot product divided by both lengths, and nobody is free to choose it. Of the ten pairs of that "
                     "list nine come out otherwise; only the and on, 0.568, is 0.6 when rounded. The most alike of them are on and mat, "
                     "whose embeddings are "
                     "nearly parallel, and not the and cat."),
     .place = "explain?stage=example.cat",
     .evidence = cosines},
    {.id = "cosine-row-sums",
     .spec = "10b.6",
     .name = LAB_TEXT("statements", "Row sums of their exponentials"),
     .claim = LAB_TEXT("statements", "With those cosines the row sums of the exponentials are 14.94, 12.95, 12.85, 15.37, 14.94, 13.58."),
     .setting = LAB_TEXT("statements",
                         "Rows and columns: The, cat, sat, on, the, mat, with the cosines as in the statement before. The "
                         "first row is 1, 0.9, 0.7, 0.6, 1, 0.8."),
     .why = LAB_TEXT("statements",
                     "Whatever one thinks of the cosines, the sums of their exponentials are different, in all six "
                     "rows. Each weight is divided by the sum of its row, so with a wrong sum all its weights are wrong."),
     .place = "explain?stage=sum",
     .evidence = cosineRowSums},
    {.id = "row-sums",
     .spec = "10b.7",
     .name = LAB_TEXT("statements", "Dividing by the row sums"),
     .claim = LAB_TEXT("statements", "To divide by the row sums one makes a matrix of them by repeating, which is a sort of transpose."),
     .why = LAB_TEXT("statements",
                     "Each row has one sum, and broadcasting lets this number serve along its own row: a_{ij} = e_{ij} / "
                     "\u03A3_{k} e_{ik}. Nothing is transposed, and no number changes its place. A transpose would divide "
                     "e_{ij} by the sum of row j, and in general the rows would not add up to 1."),
     .place = "explain?stage=sum",
     .evidence = rowSums},
    {.id = "correlation",
     .spec = "10b.8",
     .name = LAB_TEXT("statements", "What a high weight means"),
     .claim = LAB_TEXT("statements", "A high weight means that query and key are highly linearly correlated."),
     .setting = LAB_TEXT("statements", "Softmax attention, no term for positions, no mask."),
     .why = LAB_TEXT(
         "statements",
         "A dot product is |q||k| times the cosine, so it grows with the lengths, and a long key at a wide angle can beat a "
         "short one that points the same way as the query. Correlation is the cosine of vectors less their means, and the score is "
         "neither. With plain scaled dot products, keys of equal length stand in the order of their cosines; among others they "
         "need not."),
     .place = "explain?stage=dot",
     .evidence = correlation},
    {.id = "values",
     .spec = "10b.9",
     .name = LAB_TEXT("statements", "What the values are"),
     .claim = LAB_TEXT("statements", "The values are the similarities of queries and keys."),
     .why = LAB_TEXT("statements",
                     "The similarities are the scores and, divided into shares, the weights: in each head one number for each query and "
                     "key. Values are vectors, one for each key, made without looking at any query, by W_{V} (in the "
                     "form q+kv the keys serve as values). They are what the weights mix."),
     .place = "explain?stage=mix",
     .evidence = values,
     .live = true},
    {.id = "scores-cosines",
     .spec = "10.e",
     .name = LAB_TEXT("statements", "Scores and cosines"),
     .claim = LAB_TEXT("statements",
                       "Attention scores are cosine similarities between \u2212"
                       "1 and 1."),
     .why = LAB_TEXT(
         "statements",
         "Scores are scaled dot products of vectors of any length, so they have no bound, and the score of a "
         "token with itself is not fixed either. A norm of q and k by their root mean square, without gains, "
         "makes of q \u00B7 k / \u221A"
         "d_{h} the cosine times \u221A"
         "d_{h}; with learned gains it is no "
         "cosine any more. The linear kernel has other scores, which are never negative; the product kernel does not divide them."),
     .place = "maps?stage=scores",
     .evidence = scoresAsCosines,
     .live = true},
    {.id = "exp-cosine",
     .spec = "10.i",
     .name = LAB_TEXT("statements", "Range of exp of a cosine"),
     .claim = LAB_TEXT("statements", "exp of a cosine lies between 0 and e."),
     .setting = LAB_TEXT("statements", "The question is the range: the least and the largest value that it reaches."),
     .why = LAB_TEXT("statements",
                     "A cosine lies between \u2212"
                     "1 and 1, so exp of it lies between 1/e and e. It is never 0; apart from rounding only a "
                     "score of \u2212\u221E, which a mask sets, gives 0."),
     .place = "explain?stage=sum",
     .evidence = expOfCosine},
    {.id = "soft-maximum",
     .spec = "10b.28",
     .name = LAB_TEXT("statements", "Softmax and the soft maximum"),
     .claim = LAB_TEXT("statements", "Softmax is the soft maximum."),
     .verdict = Verdict::depends,
     .why = LAB_TEXT("statements",
                     "It depends on who uses the word. In attention softmax gives shares, and softly says where the maximum "
                     "is. Elsewhere the soft maximum is log-sum-exp, ln \u03A3_{j} exp(x_{j}), which is above the largest "
                     "number by at most ln n, and softmax is its slope. By the same formula the Boltzmann distribution "
                     "draws a state at random, while attention draws nothing."),
     .place = "explain?stage=weights",
     .evidence = softMaximum},
};

}  // namespace

std::span<const Statement> statement_rows::softmaxAndSimilarity() {
    return aboutSoftmax;
}

}  // namespace lab::explain
