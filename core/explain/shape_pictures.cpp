#include "core/explain/shape_pictures.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "core/explain/context.h"
#include "core/explain/shapes.h"

namespace lab::explain {
namespace {

constexpr double hidden = -std::numeric_limits<double>::infinity();

/// How much of a model is drawn.
struct Drawn {
    int queries, keys, channels, heads;

    explicit Drawn(const Context& c)
        : queries(std::min(c.queries, mostPositionsDrawn)),
          keys(std::min(c.keys, mostPositionsDrawn)),
          channels(std::min(c.headDim, mostChannelsDrawn)),
          heads(std::min(c.block.heads, mostHeadsDrawn)) {}
};

int inside(int position, int drawn) {
    return position < drawn ? position : -1;
}

ShapeMatrix filledMatrix(Words name, int rows, int columns, const std::function<double(int, int)>& value) {
    ShapeMatrix matrix;
    matrix.name = std::move(name);
    matrix.rows = rows;
    matrix.columns = columns;
    for (int r = 0; r < rows; ++r)
        for (int k = 0; k < columns; ++k) matrix.values.push_back(value(r, k));
    for (const double number : matrix.values)
        if (std::isfinite(number)) matrix.largest = std::max(matrix.largest, std::abs(number));
    return matrix;
}

/// The same numbers have the same colours.
void shareScale(std::vector<std::vector<ShapeMatrix>>& bands) {
    double largest = 0.0;
    for (const auto& band : bands)
        for (const ShapeMatrix& matrix : band) largest = std::max(largest, matrix.largest);
    for (auto& band : bands)
        for (ShapeMatrix& matrix : band) matrix.largest = largest;
}

std::string shape(std::initializer_list<std::pair<const char*, int>> axes) {
    std::string written;
    for (const auto& [name, size] : axes) written += (written.empty() ? "" : ", ") + std::string(name) + "\u00A0" + countText(size);
    return "[" + written + "]";
}

/// "Drawn: the first 8 of 16 positions, 2 of 12 heads."
Words cutText(const Context& c, int positions, int ofPositions, bool ofChannels, bool ofHeads) {
    std::vector<Message> parts;
    const auto add = [&](SourceText what, int drawn, int all) {
        if (drawn < all) parts.push_back(Message(what).arg(drawn).arg(all));
    };
    const Drawn drawn(c);
    add(LAB_TEXT("explain", "%1 of %2 positions"), positions, ofPositions);
    if (ofHeads) add(LAB_TEXT("explain", "%1 of %2 heads"), drawn.heads, c.block.heads);
    if (ofChannels) add(LAB_TEXT("explain", "%1 of a head\u2019s %2 channels"), drawn.channels, c.headDim);
    return parts.empty() ? Words() : Words(Message(LAB_TEXT("explain", "Drawn: the first %1.")).arg(listed(parts)));
}

/// All heads in one matrix, and each by itself, of a tensor [H, T, d_h], or [H, globals, d_h] of the first queries alone.
std::pair<ShapeMatrix, std::vector<ShapeMatrix>> joinedAndApart(const Context& c, const NumberView& of, const std::string& symbol) {
    const Drawn drawn(c);
    const int count = of.extent(1), rows = std::min(drawn.queries, count);
    const std::pair<const char*, int> positions{count == c.queries ? "T" : "globals", count};
    ShapeMatrix joined = filledMatrix(symbol, rows, drawn.heads * drawn.channels,
                                      [&](int i, int k) { return of(k / drawn.channels, i, k % drawn.channels); });
    joined.shape = shape({positions, {"H d_{h}", c.block.heads * c.headDim}});
    joined.litRow = inside(c.query, rows);
    std::vector<ShapeMatrix> apart;
    for (int h = 0; h < drawn.heads; ++h) {
        ShapeMatrix one =
            filledMatrix(Message(LAB_TEXT("explain", "head %1")).arg(h), rows, drawn.channels, [&](int i, int p) { return of(h, i, p); });
        one.litRow = joined.litRow;
        apart.push_back(std::move(one));
    }
    if (!apart.empty()) apart.front().shape = shape({{"H", c.block.heads}, positions, {"d_{h}", c.headDim}});
    return {std::move(joined), std::move(apart)};
}

ShapePicture splitPicture(const Context& c) {
    const bool global = c.is("global");  // the trace has them turned alone
    const std::string tensor = global ? "global_query" : c.variables.at("raw").english() + "query";
    const NumberView queries = c.numbers.at(c.name("." + tensor));
    auto [joined, apart] = joinedAndApart(c, queries, global ? c.variables.at("q").english() : "q");
    ShapePicture picture{LAB_TEXT("explain", "Cut into heads"),
                         LAB_TEXT("explain", "Cut along the channels, a piece for each head. No number changes, no position moves."),
                         cutText(c, joined.rows, queries.extent(1), true, true),
                         {{std::move(joined)}, std::move(apart)}};
    shareScale(picture.bands);
    return picture;
}

ShapePicture joinPicture(const Context& c) {
    auto [joined, apart] = joinedAndApart(c, c.numbers.at(c.name(".head_output")), "o");
    ShapePicture picture{
        LAB_TEXT("explain", "Heads side by side"),
        LAB_TEXT("explain",
                 "Put side by side along the channels. Rows stay: position i is row i before and after, so no position is lost."),
        cutText(c, joined.rows, c.queries, true, true),
        {std::move(apart), {std::move(joined)}}};
    shareScale(picture.bands);
    return picture;
}

ShapePicture transposePicture(const Context& c) {
    const Drawn drawn(c);
    const NumberView keys = c.numbers.at(c.name(c.is("global") ? ".global_key" : ".key"));
    const int head = c.head / c.group();
    const auto value = [&](int j, int p) {
        const double number = keys(head, j, p);
        return c.is("linear") ? apply(Operation::eluPlusOne, {number}, 0.0) : number;
    };
    const Words symbol = c.variables.at("K");
    ShapeMatrix rows = filledMatrix(symbol, drawn.keys, drawn.channels, value);
    rows.shape = shape({{"S", c.keys}, {"d_{h}", c.headDim}});
    rows.litRow = inside(c.key, drawn.keys);
    ShapeMatrix columns =
        filledMatrix(Message::joined({symbol, Words("^{T}")}, ""), drawn.channels, drawn.keys, [&](int p, int j) { return value(j, p); });
    columns.shape = shape({{"d_{h}", c.headDim}, {"S", c.keys}});
    columns.litColumn = rows.litRow;
    columns.joint = "\u2192";
    ShapePicture picture{LAB_TEXT("explain", "Transposed keys"),
                         Message(LAB_TEXT("explain",
                                          "The key of position j was row j and is column j: a query\u2019s row times this gives its "
                                          "products with all keys. Head %1."))
                             .arg(c.head),
                         cutText(c, drawn.keys, c.keys, true, false),
                         {{std::move(rows), std::move(columns)}}};
    shareScale(picture.bands);
    return picture;
}

/// What a row's weights are made of: exponentials, of kernels of features the masked scores. `sinkShare`: what stands beside them in its
/// sum.
std::vector<double> sharesOf(const Context& c, int query, double& sinkShare) {
    std::vector<double> shares;
    const NumberView scores = c.numbers.at(c.name(".masked_scores"));
    double largest = hidden;
    if (c.is("sinks")) largest = c.parameter(c.name(".sink"))(c.head);
    for (int j = 0; j < c.keys; ++j)
        if (!c.masked(c.head, query, j)) largest = std::max(largest, scores(c.head, query, j));
    sinkShare = c.is("sinks") ? std::exp(c.parameter(c.name(".sink"))(c.head) - largest) : 0.0;
    for (int j = 0; j < c.keys; ++j) {
        const double score = scores(c.head, query, j);
        shares.push_back(c.masked(c.head, query, j) ? 0.0 : c.is("features") ? score : std::exp(score - largest));
    }
    return shares;
}

ShapePicture broadcastPicture(const Context& c) {
    const Drawn drawn(c);
    std::vector<std::vector<double>> shares;
    std::vector<double> sums;
    for (int i = 0; i < drawn.queries; ++i) {
        double sum = 0.0;
        shares.push_back(sharesOf(c, i, sum));
        for (const double share : shares.back()) sum += share;
        sums.push_back(sum);
    }
    const auto matrix = [&](Words name, const char* joint, const std::function<double(int, int)>& value) {
        ShapeMatrix made = filledMatrix(std::move(name), drawn.queries, drawn.keys, value);
        made.shape = shape({{"T", c.queries}, {"S", c.keys}});
        made.joint = joint;
        made.signedScale = false;
        made.litRow = inside(c.query, drawn.queries);
        return made;
    };
    const auto at = [](const auto& of, int index) -> const auto& {
        return of[static_cast<std::size_t>(index)];
    };
    ShapeMatrix sum = matrix("\u03A3", "\u00F7", [&](int i, int) { return at(sums, i); });
    sum.shape = "[T\u00A0" + countText(c.queries) + ", 1]";
    sum.repeated = true;
    const NumberView weights = c.numbers.at(c.name(".weights"));
    return {
        LAB_TEXT("explain", "Broadcast of the row\u2019s sum"),
        Message(LAB_TEXT("explain",
                         "One sum a row, repeated along its own row, divides that row. Nothing is transposed, no position moves. Head %1."))
            .arg(c.head),
        cutText(c, std::max(drawn.queries, drawn.keys), std::max(c.queries, c.keys), false, false),
        {{matrix(c.is("features") ? "s" : "e", "", [&](int i, int j) { return at(at(shares, i), j); }), std::move(sum),
          matrix("a", "=", [&](int i, int j) { return weights(c.head, i, j); })}}};
}

struct PictureRow {
    const char* stage;
    const char* when;
    ShapePicture (*make)(const Context&);
};
constexpr PictureRow pictures[] = {
    {"project", "", splitPicture}, {"dot", "!drawn", transposePicture}, {"weights", "shares !even !weightsSet", broadcastPicture},
    {"heads", "", joinPicture},    {"output", "", joinPicture},
};

}  // namespace

std::optional<ShapePicture> shapePictureOf(std::shared_ptr<const Model> model, std::shared_ptr<const Weights> weights,
                                           const NumberSource& numbers, const Question& question, const std::string& stage) {
    const auto row = std::ranges::find(pictures, stage, [](const PictureRow& picture) { return std::string_view(picture.stage); });
    if (row == std::end(pictures)) return std::nullopt;
    const auto context = contextOf(std::move(model), std::move(weights), numbers, question);
    return context->is(row->when) ? std::optional(row->make(*context)) : std::nullopt;
}

}  // namespace lab::explain
