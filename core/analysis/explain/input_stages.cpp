// From the token to q, k and v.

#include <cmath>

#include "core/analysis/explain/context.h"
#include "core/layers/position/rope.h"
#include "core/layers/position/sinusoidal.h"

namespace lab::explain {
namespace {

constexpr const char* dimension = "dim";

int tokenAt(const Context& c, const std::string& tensor, int row) {
    const std::vector<int>& tokens = tensor == "target_embedding" ? c.question.input.targetTokens : c.question.input.tokens;
    return tokens[static_cast<std::size_t>(row)];
}

/// Of learned or sinusoidal positions.
std::function<double(int)> positionPart(const Context& c, int row) {
    if (const ParameterView table = c.parameter("position_embedding.weight"))
        return [table, row](int column) { return table(row, column); };
    std::vector<double> values(static_cast<std::size_t>(c.d));
    sinusoidalRow(row, c.d, values.data());
    return [values](int column) { return values[static_cast<std::size_t>(column)]; };
}

/// Rows of an embedding: the token's, the bias, the position's.
struct EmbeddingPart {
    std::string symbol, of;  ///< E of token
    std::function<double(int)> value;
    std::string note;

    std::string label() const { return of.empty() ? symbol : symbol + "_{" + of + "}"; }
    std::string name(int column) const { return of.empty() ? named(symbol, column) : symbol + "_{" + of + "," + text(column) + "}"; }
};

std::vector<EmbeddingPart> embeddingParts(const ContextPtr& c, const std::string& tensor, int row) {
    std::vector<EmbeddingPart> parts;
    const int token = tokenAt(*c, tensor, row);
    const ParameterView table = c->parameter("token_embedding.weight");
    parts.push_back(
        {"E", "token", [table, token](int column) { return table(token, column); }, "row " + text(token) + " of the trained token table"});
    if (const ParameterView bias = c->parameter("token_embedding.bias"))
        parts.push_back({"b", "", [bias](int column) { return bias(column); }, "a trained bias"});
    const bool learned = c->config().position.kind == PositionKind::learned;
    if (learned || c->config().position.kind == PositionKind::sinusoidal)
        parts.push_back({"P", "position", positionPart(*c, row),
                         learned ? "row " + text(row) + " of the trained position table"
                                 : "row " + text(row) + " of the sinusoidal table, sin and cos in turn"});
    return parts;
}

std::vector<Term> embeddingTerms(const std::vector<EmbeddingPart>& parts, int column) {
    std::vector<Term> terms;
    for (std::size_t r = 0; r < parts.size(); ++r)
        terms.push_back(single({parts[r].value(column), parts[r].label(), {"input", "parts", static_cast<int>(r), column}}));
    return terms;
}

/// With `sum`, a last row z for what they add up to.
void addEmbedding(Stage& stage, const ContextPtr& c, const std::string& tensor, int row, bool sum) {
    const auto parts = std::make_shared<const std::vector<EmbeddingPart>>(embeddingParts(c, tensor, row));
    const NumberView z = c->numbers.at(tensor);
    const int count = static_cast<int>(parts->size());
    const bool positions = parts->back().symbol == "P";
    Grid grid =
        makeGrid("parts", positions ? "token and position" : "token", GridStyle::values, count + (sum ? 1 : 0), c->d,
                 [&](int r, int column) { return r < count ? (*parts)[static_cast<std::size_t>(r)].value(column) : z(row, column); });
    for (const EmbeddingPart& part : *parts) grid.rowLabels.push_back(part.label());
    if (sum) grid.rowLabels.push_back(named("z", row));
    labelColumns(grid, dimension, c->d);
    grid.explain = [parts, z, row, count](int r, int column) {
        if (r == count) return sumOf(named("z", row, column), embeddingTerms(*parts, column), z(row, column));
        const EmbeddingPart& part = (*parts)[static_cast<std::size_t>(r)];
        return given(part.name(column), part.value(column), part.note);
    };
    stage.grids.push_back(std::move(grid));
}

/// The embedding that the layer's stream begins with; empty in later layers.
std::string embeddingOf(const Context& c) {
    const std::string tensor = c.block.layer > 0 || c.block.cross ? std::string() : c.streamTensor(0).value_or("");
    return tensor.ends_with("embedding") ? tensor : std::string();
}

std::string comesFrom(const Context& c) {
    if (c.block.cross) return "what this layer's self-attention left on the residual stream";
    if (c.block.layer == 0) return "the embedding";
    return "what layer " + text(c.block.layer - 1) + " left on the residual stream";
}

/// Of the stream before the block: where an earlier block's walk shows it. Nothing for an embedding.
CellRef streamOrigin(const Context& c, int column) {
    if (!c.model) return {};
    if (c.block.cross) {
        const int block = c.blockOf(c.layer + ".attention");
        if (c.pre) return {"residual", "sum", 2, column, -1, 0, block};
        return {"norm", "norm", lastNormRow(c.config().norm.kind), column, -1, 0, block};
    }
    if (c.block.layer == 0) return {};
    return {"later", "stream", 0, column, -1, -1, c.blockOf(c.block.side + "." + text(c.block.layer - 1) + ".attention")};
}

/// What a cross-attention makes keys and values of: the encoder's end.
CellRef memoryOrigin(const Context& c, int column) {
    const int block = c.blockOf("encoder." + text(c.config().num_layers - 1) + ".attention");
    if (c.pre) return {"final_norm", "norm", lastNormRow(c.config().norm.kind), column, c.key, c.key, block};
    return {"later", "stream", 0, column, c.key, c.key, block};
}

/// The row x that q is made of.
void addQueryInput(Stage& stage, const ContextPtr& c) {
    const NumberView x = c->numbers.at(c->queryInput);
    const auto value = [c, x](int column) { return x(c->query, column); };
    const bool embedded = c->queryInput == "embedding" || c->queryInput == "target_embedding";
    const bool byHand = c->setByHand(c->queryInput);
    std::string note = comesFrom(*c);
    if (c->pre && c->model) {
        NormSpec norm{"input",
                      "norm",
                      "norm before the attention",
                      "x",
                      c->d,
                      {},
                      {},
                      value,
                      {},
                      {},
                      c->config().norm.kind,
                      c->config().norm.epsilon};
        norm.z = [c](int column) { return c->stream(c->sublayer, c->query, column); };
        const bool first = !embeddingOf(*c).empty();
        if (first && !byHand) addEmbedding(stage, c, embeddingOf(*c), c->query, true);
        const int zRow = first && !byHand ? stage.grids.back().rows - 1 : 0;
        norm.title = first ? "norm before the attention" : "norm before the attention; z is " + note;
        norm.zFrom = [c, first, zRow](int column) { return first ? CellRef{"input", "parts", zRow, column} : streamOrigin(*c, column); };
        norm.gamma = c->parameter(c->queryInput + ".weight");
        norm.beta = c->parameter(c->queryInput + ".bias");
        if (!byHand) stage.grids.push_back(normGrid(norm));
    } else if (embedded && !byHand) {
        addEmbedding(stage, c, c->queryInput, c->query, false);
    }
    Grid grid = makeGrid("x",
                         embedded ? "input row"
                         : c->pre ? "input row, normed"
                                  : "input row, " + note,
                         GridStyle::values, 1, c->d, [&](int, int column) { return value(column); });
    grid.rowLabels = {named("x", c->query)};
    labelColumns(grid, dimension, c->d);
    grid.current = true;
    if (embedded) grid.tensor = c->queryInput;
    grid.place = [c](int, int column) { return column < 0 ? std::int64_t{-1} : std::int64_t{c->query} * c->d + column; };
    grid.explain = [c, value, embedded, byHand, note](int, int column) {
        const std::string name = named("x", c->query, column);
        if (byHand) return given(name, value(column), "set by hand");
        if (c->pre) return sameAs(name, {value(column), "", {"input", "norm", lastNormRow(c->config().norm.kind), column}});
        if (!embedded) return sameAs(name, {value(column), "", streamOrigin(*c, column)}, note);
        return sumOf(name, embeddingTerms(embeddingParts(c, c->queryInput, c->query), column), value(column));
    };
    stage.grids.push_back(std::move(grid));
}

void addKeyInput(Stage& stage, const ContextPtr& c) {
    const NumberView x = c->numbers.at(c->keyInput);
    Grid grid = makeGrid("xkey", c->block.cross ? "the encoder's row of key " + text(c->key) : "the same for key " + text(c->key),
                         GridStyle::values, 1, c->d, [&](int, int column) { return x(c->key, column); });
    grid.rowLabels = {named(c->block.cross ? "m" : "x", c->key)};
    grid.explain = [c, x](int, int column) {
        const std::string name = named(c->block.cross ? "m" : "x", c->key, column);
        if (c->block.cross) return sameAs(name, {x(c->key, column), "", memoryOrigin(*c, column)});
        return sameAs(name, {x(c->key, column), "", {"input", "x", 0, column, c->key, -1}});
    };
    stage.grids.push_back(std::move(grid));
}

Stage inputStage(const ContextPtr& c) {
    Stage stage;
    stage.id = "input";
    stage.symbol = "x";
    stage.caption = "input row";
    stage.heading = "The input row";
    stage.formula = named("x", c->query);
    const bool byHand = c->setByHand(c->queryInput);
    if (byHand) stage.formula += " as set by hand";
    if (c->pre && !byHand) stage.formula += " = norm(" + named("z", c->query) + ")";
    if (const std::string tensor = embeddingOf(*c); !tensor.empty() && !byHand) {
        std::string sum;
        for (const EmbeddingPart& part : embeddingParts(c, tensor, c->query)) sum += (sum.empty() ? " = " : " + ") + part.label();
        stage.formula += c->pre ? ",  " + named("z", c->query) + sum : sum;
        stage.notes.push_back(std::string("E holds one trained row for each token of the vocabulary") +
                              (sum.find("P_") == std::string::npos ? "." : ", P one row for each position."));
    }
    if (c->pre && !byHand)
        stage.notes.push_back("Pre-norm: z is the row of the residual stream; the attention reads x, the normed copy of it.");
    stage.text = "Every position is a row of " + text(c->d) + " numbers. Query " + text(c->query) +
                 " is the position we follow: the one that looks. The positions it looks at are the keys; key " + text(c->key) +
                 " is opened with it.";
    if (c->block.cross)
        stage.notes.push_back("Cross-attention: the query comes from the decoder, keys and values from the encoder's rows m.");
    addQueryInput(stage, c);
    addKeyInput(stage, c);
    stage.result = {"input", "x", 0, 0};
    return stage;
}

LinearSpec projection(const ContextPtr& c, const std::string& id, const std::string& letter, const std::string& parameter, int position,
                      bool ofQuery, int head) {
    LinearSpec spec;
    spec.id = id;
    spec.weightName = "W_{" + letter + "}";
    spec.rows = c->headDim;
    spec.columns = c->d;
    spec.outIndex = position;
    const NumberView x = c->numbers.at(ofQuery ? c->queryInput : c->keyInput);
    const bool memory = c->block.cross && !ofQuery;
    spec.inSymbol = memory ? "m" : "x";
    spec.inIndex = position;
    spec.x = [x, position](int i) { return x(position, i); };
    spec.xFrom = [c, ofQuery, position](int i) { return ofQuery ? c->inputRef(i) : c->keyInputRef(position, i); };
    spec.weight = c->parameter(c->name("." + parameter + ".weight"));
    spec.bias = c->parameter(c->name("." + parameter + ".bias"));
    spec.firstRow = head * c->headDim;
    spec.columnsAre = dimension;
    return spec;
}

void addProjections(Stage& stage, const ContextPtr& c) {
    LinearSpec q = projection(c, "q", c->sharesKeys() ? "K" : "Q", c->sharesKeys() ? "key" : "query", c->query, true, c->head);
    q.title = c->sharesKeys() ? "q of query " + text(c->query) + ": its own key" : "q of query " + text(c->query);
    q.out = "q";
    const std::string qTensor = c->projectedTensor(true), kTensor = c->projectedTensor(false);
    q.result = [c, qTensor](int p) { return c->tensor(qTensor)(c->head, c->query, p); };
    q.tensor = c->name(qTensor);
    q.tensorOffset = c->place(c->head, c->queries, c->query, 0);
    q.setByHand = c->setByHand(q.tensor);
    LinearSpec k = projection(c, "k", "K", "key", c->key, false, c->group);
    k.title = "k of key " + text(c->key);
    k.out = "k";
    k.result = [c, kTensor](int p) { return c->tensor(kTensor)(c->group, c->key, p); };
    k.tensor = c->name(kTensor);
    k.tensorOffset = c->place(c->group, c->keys, c->key, 0);
    k.setByHand = c->setByHand(k.tensor);
    const bool sharesValues = c->form == AttentionForm::q_kv;
    LinearSpec v = projection(c, "v", sharesValues ? "K" : "V", sharesValues ? "key" : "value", c->key, false, c->group);
    v.title = sharesValues ? "v of key " + text(c->key) + ": the key itself" : "v of key " + text(c->key);
    v.out = "v";
    v.result = [c](int p) { return c->v(c->key, p); };
    v.tensor = c->name(".value");
    v.tensorOffset = c->place(c->group, c->keys, c->key, 0);
    v.setByHand = c->setByHand(v.tensor);
    for (const LinearSpec& spec : {q, k, v}) addLinear(stage, spec);
}

/// Numbers without a model: q, k and v stand for themselves.
void addGivenVectors(Stage& stage, const ContextPtr& c) {
    const auto add = [&](const std::string& id, const std::string& tensor, int position) {
        const NumberView view = c->numbers.find(c->name(tensor));
        if (!view) return;
        Grid grid = makeGrid(id, "", GridStyle::plain, c->headDim, 1, [](int, int) { return std::nan(""); });
        grid.rowLabels = numbered("dim ", c->headDim);
        grid.masterLabel = named(id, position);
        for (int p = 0; p < c->headDim; ++p) grid.master.push_back(view(0, position, p));
        grid.tensor = c->name(tensor);
        grid.place = [c, position](int p, int) { return c->place(0, 0, position, p); };
        grid.current = true;
        grid.explain = [id, position, view](int p, int) { return given(named(id, position, p), view(0, position, p), "given"); };
        stage.grids.push_back(std::move(grid));
    };
    add("q", ".query", c->query);
    add("k", ".key", c->key);
    add("v", ".value", c->key);
}

Stage projectStage(const ContextPtr& c) {
    Stage stage;
    stage.id = "project";
    stage.symbol = c->hasScores ? "q, k, v" : "v";
    stage.caption = c->model ? "project" : "given";
    stage.heading = c->model ? "Each row makes three vectors: q, k, v" : c->hasScores ? "q, k and v as given" : "The values as given";
    const std::string i = text(c->query), j = text(c->key), input = c->block.cross ? "m" : "x";
    const ParameterView bias = c->model ? c->parameter(c->name(".key.bias")) : ParameterView{};
    const std::string b = plusBias(bias);
    stage.formula = c->model ? "q_{" + i + "} = " + (c->sharesKeys() ? "W_{K}" : "W_{Q}") + " x_{" + i + "}" + b + ",  k_{" + j +
                                   "} = W_{K} " + input + "_{" + j + "}" + b + ",  v_{" + j + "} = W_{" +
                                   (c->form == AttentionForm::q_kv ? "K" : "V") + "} " + input + "_{" + j + "}" + b
                             : stage.symbol;
    stage.text = c->model
                     ? std::string("A vector times a matrix: each number of q is a row of W against x") + (bias ? ", plus a bias b" : "") +
                           ". q is what a position asks for, k what it offers, v what it passes on when it is chosen."
                     : "No model: these vectors are given, and you may edit them.";
    if (c->sharesKeys())
        stage.notes.push_back("KV form: there is no W_{Q}. The query is the token's own key, so k_{i} \u00B7 k_{j} = k_{j} \u00B7 k_{i}.");
    if (c->form == AttentionForm::q_kv)
        stage.notes.push_back(
            "Form q+kv: there is no W_{V}. What a key is found by is also what it passes on, as it is before any norm or rotation.");
    if (c->block.kvHeads < c->block.heads) {
        stage.sharing = HeadSharing{c->block.heads, c->block.kvHeads, c->head};
        stage.notes.push_back("Grouped heads: query heads " + text(c->group * (c->block.heads / c->block.kvHeads)) + " to " +
                              text((c->group + 1) * (c->block.heads / c->block.kvHeads) - 1) + " share key-value head " + text(c->group) +
                              ": each has its own q, all of them meet the same k and v.");
    }
    if (c->block.cross) stage.notes.push_back("Keys and values are made of the encoder's rows m, the query of the decoder's row x.");
    if (c->model)
        addProjections(stage, c);
    else
        addGivenVectors(stage, c);
    const bool scores = c->hasScores;
    stage.result = {"project", scores ? "q" : "v", 0, masterColumn};
    return stage;
}

/// Row 0 before, 1 cos, 2 sin, 3 after; pairs as the model counts them.
Grid rotationGrid(const ContextPtr& c, const std::string& id, bool ofQuery) {
    const RopeConfig rope = c->config().position.rope;
    const RopeFrequencies frequencies = ropeFrequencies(rope, c->headDim, static_cast<int>(c->queries));
    const int half = c->headDim / 2, position = ofQuery ? c->query : c->key, head = ofQuery ? c->head : c->group;
    const bool interleaved = rope.pairing == RopePairing::interleaved;
    struct Pair {
        int index, partner;
        bool first;
    };
    const auto pairOf = [half, interleaved](int p) -> Pair {
        if (interleaved) return {p / 2, p ^ 1, p % 2 == 0};
        return {p % half, p < half ? p + half : p - half, p < half};
    };
    const NumberView before = c->tensor(ofQuery ? ".unrotated_query" : ".unrotated_key"), after = c->tensor(ofQuery ? ".query" : ".key");
    const auto value = [=](int row, int p) {
        const double angle = position * frequencies.theta[static_cast<std::size_t>(pairOf(p).index)];
        if (row == 0) return before(head, position, p);
        if (row == 1) return std::cos(angle) * frequencies.scale;
        if (row == 2) return std::sin(angle) * frequencies.scale;
        return after(head, position, p);
    };
    Grid grid = makeGrid(id, (ofQuery ? "query " : "key ") + text(position), GridStyle::values, 4, c->headDim, value);
    grid.rowLabels = {ofQuery ? "q" : "k", "cos", "sin", ofQuery ? "q\u2032" : "k\u2032"};
    labelColumns(grid, dimension, c->headDim);
    grid.current = true;
    grid.tensor = c->name(ofQuery ? ".query" : ".key");
    grid.place = [=](int row, int p) {
        return row == 3 && p >= 0 ? c->place(head, ofQuery ? c->queries : c->keys, position, p) : std::int64_t{-1};
    };
    const bool byHand = c->setByHand(grid.tensor);
    grid.explain = [=](int row, int p) {
        const std::string symbol = ofQuery ? "q" : "k";
        const Pair pair = pairOf(p);
        if (row == 0)
            return sameAs(named(symbol, position, p),
                          {value(0, p), "",
                           c->qkNorm ? CellRef{"normalise", id, lastNormRow(NormKind::rms), p} : CellRef{"project", id, p, masterColumn}});
        if (row < 3)
            return given((row == 1 ? "cos " : "sin ") + text(position) + "\u03B8" + named("", pair.index), value(row, p),
                         "\u03B8 = " + shownNumber(frequencies.theta[static_cast<std::size_t>(pair.index)], 4) + " a position");
        if (byHand) return given(named(symbol + "\u2032", position, p), value(3, p), "set by hand");
        Term other = product({value(0, pair.partner), named(symbol, position, pair.partner), {"rotate", id, 0, pair.partner}},
                             {value(2, p), "sin", {"rotate", id, 2, p}});
        other.minus = pair.first;
        return sumOf(
            named(symbol + "\u2032", position, p),
            {product({value(0, p), named(symbol, position, p), {"rotate", id, 0, p}}, {value(1, p), "cos", {"rotate", id, 1, p}}), other},
            value(3, p));
    };
    return grid;
}

/// Query-key norm: each head's vector by its root mean square, times a gain of its own.
Grid vectorNormGrid(const ContextPtr& c, bool ofQuery) {
    const int head = ofQuery ? c->head : c->group, position = ofQuery ? c->query : c->key;
    const NumberView before = c->tensor(c->projectedTensor(ofQuery)), after = c->tensor(c->normalisedTensor(ofQuery));
    NormSpec spec;
    spec.stage = "normalise";
    spec.id = ofQuery ? "q" : "k";
    spec.title = (ofQuery ? "query " : "key ") + text(position);
    spec.symbol = spec.id;
    spec.columns = c->headDim;
    spec.z = [=](int p) { return before(head, position, p); };
    spec.zFrom = [id = spec.id](int p) { return CellRef{"project", id, p, masterColumn}; };
    spec.result = [=](int p) { return after(head, position, p); };
    const bool ownGain = ofQuery && !c->sharesKeys();
    spec.gamma = c->parameter(c->name(ownGain ? ".query_norm.weight" : ".key_norm.weight"));
    spec.kind = NormKind::rms;
    spec.epsilon = c->config().norm.epsilon;
    return normGrid(spec);
}

Stage normaliseStage(const ContextPtr& c) {
    Stage stage;
    stage.id = "normalise";
    stage.symbol = "norm";
    stage.caption = "q and k";
    stage.heading = "Query and key lose their lengths";
    stage.formula = "q \u2190 \u03B3 q / \u221A(mean of q^{2} + \u03B5),  k likewise";
    stage.text =
        "Each is divided by its root mean square and multiplied, dimension by dimension, by a gain \u03B3 that the layer learned. So the "
        "scores cannot grow by mere length.";
    if (c->sharesKeys()) stage.notes.push_back("KV form: query and key have the one gain.");
    if (c->rope) stage.notes.push_back("The norm comes before RoPE turns them; v is not normalised.");
    stage.grids.push_back(vectorNormGrid(c, true));
    stage.grids.push_back(vectorNormGrid(c, false));
    stage.result = {"normalise", "q", lastNormRow(NormKind::rms), 0};
    return stage;
}

Stage rotateStage(const ContextPtr& c) {
    Stage stage;
    stage.id = "rotate";
    stage.symbol = "RoPE";
    stage.caption = "by position";
    stage.heading = "RoPE turns q and k";
    stage.formula = "(u, v) \u2192 (u cos i\u03B8 \u2212 v sin i\u03B8,  u sin i\u03B8 + v cos i\u03B8)";
    stage.text =
        "Each pair of numbers is turned like the hand of a clock, by its position times \u03B8. What q\u2032 \u00B7 k\u2032 then depends "
        "on is the "
        "distance i \u2212 j, however far along both stand.";
    const int half = c->headDim / 2;
    const bool interleaved = c->config().position.rope.pairing == RopePairing::interleaved;
    const auto pair = [&](int p) { return interleaved ? text(2 * p) + " and " + text(2 * p + 1) : text(p) + " and " + text(p + half); };
    stage.notes.push_back("Pairs (u, v) here: dims " + pair(0) + (half > 1 ? ", dims " + pair(1) : "") + (half > 2 ? ", \u2026" : "") +
                          "; each pair has a \u03B8 of its own.");
    stage.notes.push_back(
        "The score is |q||k| cos(\u03C6_{q} \u2212 \u03C6_{k} + (i \u2212 j)\u03B8) in each pair, summed over the pairs; v is not turned.");
    stage.grids.push_back(rotationGrid(c, "q", true));
    stage.grids.push_back(rotationGrid(c, "k", false));
    stage.result = {"rotate", "q", 3, 0};
    return stage;
}

Grid phiGrid(const ContextPtr& c, bool ofQuery) {
    const std::string id = ofQuery ? "q" : "k";
    const auto before = [c, ofQuery](int p) { return ofQuery ? c->q(p) : c->k(c->key, p); };
    Grid grid = makeGrid(id, (ofQuery ? "query " + text(c->query) : "key " + text(c->key)), GridStyle::values, 2, c->headDim,
                         [&](int r, int p) { return r == 0 ? before(p) : phi(before(p)); });
    const std::string symbol = turned(*c, id);
    grid.rowLabels = {symbol, "\u03C6(" + symbol + ")"};
    labelColumns(grid, dimension, c->headDim);
    grid.current = true;
    grid.explain = [c, before, id, symbol](int r, int p) {
        const CellRef origin = c->rope     ? CellRef{"rotate", id, 3, p}
                               : c->qkNorm ? CellRef{"normalise", id, lastNormRow(NormKind::rms), p}
                                           : CellRef{"project", id, p, masterColumn};
        const int position = id == "q" ? c->query : c->key;
        if (r == 0) return sameAs(named(symbol, position, p), {before(p), "", origin});
        Expression e = sumOf("\u03C6(" + named(symbol, position, p) + ")",
                             {single({before(p), named(symbol, position, p), {"phi", id, 0, p}})}, phi(before(p)));
        e.operation = Operation::eluPlusOne;
        return e;
    };
    return grid;
}

Stage phiStage(const ContextPtr& c) {
    Stage stage;
    stage.id = "phi";
    stage.symbol = "\u03C6";
    stage.caption = "feature map";
    stage.heading = "The linear kernel's feature map";
    stage.formula = "\u03C6(x) = x + 1 for x > 0,  e^{x} otherwise";
    stage.text =
        "No softmax here: q and k are made positive first, and their products are the shares. The sums over keys can then be gathered once "
        "for "
        "all queries: work grows with n, not n\u00B2.";
    stage.grids.push_back(phiGrid(c, true));
    stage.grids.push_back(phiGrid(c, false));
    stage.result = {"phi", "q", 1, 0};
    return stage;
}

}  // namespace

void addInputStages(Walk& walk, const ContextPtr& c) {
    if (c->model) walk.stages.push_back(inputStage(c));
    walk.stages.push_back(projectStage(c));
    if (c->qkNorm) walk.stages.push_back(normaliseStage(c));
    if (c->rope) walk.stages.push_back(rotateStage(c));
    if (c->linear) walk.stages.push_back(phiStage(c));
}

}  // namespace lab::explain
