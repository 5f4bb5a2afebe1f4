// The residual stream: what a layer reads, its parts' sums, and where their ways meet on the way back.

#include <vector>

#include "core/explain/quantities.h"
#include "core/layers/position/sinusoidal.h"

namespace lab::explain {
namespace {

/// A part's output is added to the stream.
constexpr NodeRow sumRows[] = {
    {"pre", "z#c", "before$n ic = same $of"},
    {"post", "x#c", "before$n ic = same $of"},
    {"", "y#c", "added$n ic = same $output:ic", "+ $what"},
    {"pre", "z\u2032#c", "after$n ic = before$n + added$n"},
    {"post !bare", "z#c", "after$n ic = before$n + added$n"},
    {"bare", "x\u2032#c", "after$n ic $sum = before$n + added$n"},
};

/// Where the ways through a part and straight on meet.
constexpr NodeRow meetingRows[] = {
    {"pre", "\u2202z\u2032#c", "straight$n ic = same $after:ic", LAB_TEXT("explain", "straight on")},
    {"post !bare", "\u2202z#c", "straight$n ic = same $after:ic", LAB_TEXT("explain", "straight on")},
    {"bare", "\u2202x\u2032#c", "straight$n ic = same $after:ic", LAB_TEXT("explain", "straight on")},
    {"", LAB_TEXT("explain", "through"), "through$n ic = same $through", "+ $what"},
    {"pre", "\u2202z#c", "meet$n ic $tensor = straight$n + through$n"},
    {"post", "\u2202x#c", "meet$n ic $tensor = straight$n + through$n"},
};

/// Cells of another block's walk that show the stream, the row in hand being its query.
std::function<CellRef(Entry)> inWalk(const Context& c, const std::string& block, const CellRef& cell) {
    return [cell, to = c.blockOf(block), query = c.query](Entry e) {
        CellRef at = cell;
        at.column = e.column;
        at.block = to;
        at.query = e.row == query ? -1 : e.row;
        return at;
    };
}

int normLine(const Context& c) {
    return c.is("rms") ? 2 : 3;
}

std::vector<double> sinusoid(int row, int width) {
    std::vector<double> values(static_cast<std::size_t>(width));
    sinusoidalRow(row, width, values.data());
    return values;
}

/// What stands at a position, and what one linear map makes of it.
void addVector(Graph& g) {
    static constexpr NodeRow rows[] = {
        {"", "\u03BE#rc", "given iu vectors", "\u03BE_{$i}"},
        {"", "W_{in}#rc", "W_in cu input_embedding.weight"},
        {"", "b#c", "b_in c input_embedding.bias"},
        {"", "E_{in}#rc", "emb.vector ic = given W_in + b_in"},
    };
    g.define(rows);
    g.at("given").note = [](Entry) { return LAB_TEXT("explain", "given with the input"); };
}

/// Between the sum of embeddings and the stream: a norm, and a map to the stream's width. What leaves it is "emb.out".
void addBehindSum(Graph& g) {
    const Context& c = g.context();
    if (c.is("plainInput")) return;
    static constexpr NodeRow sumRow[] = {
        {"", "E_{sum}#c", "emb.sum i$width $embeddingSum = emb.token + emb.vector + emb.bias + emb.position + emb.segment"}};
    static constexpr NodeRow mapRows[] = {
        {"mapped", "W_{map}#rc", "W_map md embedding_map.weight"},
        {"mapped", "b#c", "b_map_in m embedding_map.bias"},
        {"mapped", "$stream#c", "emb.out im $below = $of W_map + b_map_in"},
        {"!mapped", "", "emb.out := $of"},
    };
    const std::string stream = c.is("pre") ? "z" : "x";
    g.define(sumRow);
    if (c.is("normedInput"))
        addNorm(g,
                {{"norm", "emb"},
                 {"of", "emb.sum"},
                 {"row", "i"},
                 {"col", c.variables.at("width")},
                 {"z", "E_{sum}"},
                 {"symbol", c.is("mapped") ? "E_{norm}#c" : stream + "#c"},
                 {"tensor", c.is("mapped") ? Words("") : c.variables.at("below")},
                 {"parameter", "embedding_norm"}},
                c.is("rms"), c.config().norm.epsilon);
    g.define(mapRows, {{"of", c.is("normedInput") ? "emb.result" : "emb.sum"}, {"stream", stream}});
}

/// Rows of an embedding: the token's or the vector's, the bias, the position's, the segment's.
void addEmbedding(Graph& g) {
    const Context& c = g.context();
    const auto add = [&](const std::string& name, const std::string& symbol, const std::string& of, std::function<double(Entry)> read,
                         std::function<Words(Entry)> note) {
        const std::string width = c.variables.at("width").english();
        Node node{.symbol = symbol + "#c", .letters = of.empty() ? width : "i" + width, .read = std::move(read), .note = std::move(note)};
        if (!of.empty()) node.name = [symbol, of](Entry e) { return Words(symbol + "_{" + of + "," + text(e.column) + "}"); };
        node.label = of.empty() ? symbol : symbol + "_{" + of + "}";
        g.add(name, std::move(node));
    };
    const auto token = [&c](int row) {
        const Input& input = c.question.input;
        return (c.is("two decoder") ? input.targetTokens : input.tokens)[static_cast<std::size_t>(row)];
    };
    const ParameterView tokens = c.parameter("token_embedding.weight"), bias = c.parameter("token_embedding.bias"),
                        table = c.parameter("position_embedding.weight"), ofClass = c.parameter("class_embedding.weight");
    if (c.is("ofClass"))
        add(
            "emb.token", "E", "class", [=](Entry e) { return ofClass(0, e.column); },
            [](Entry) { return LAB_TEXT("explain", "the class token\u2019s trained row"); });
    else if (c.is("vectors"))
        addVector(g);
    else
        add(
            "emb.token", "E", "token", [=](Entry e) { return tokens(token(e.row), e.column); },
            [=](Entry e) { return Message(LAB_TEXT("explain", "row %1 of the trained token table")).arg(token(e.row)); });
    if (bias)
        add(
            "emb.bias", "b", "", [=](Entry e) { return bias(e.column); }, [](Entry) { return LAB_TEXT("explain", "a trained bias"); });
    if (table)
        add(
            "emb.position", "PE", "position", [=](Entry e) { return table(e.row, e.column); },
            [](Entry e) { return Message(LAB_TEXT("explain", "row %1 of the trained position table")).arg(e.row); });
    else if (c.is("inrows"))
        add(
            "emb.position", "PE", "position",
            [inHand = sinusoid(c.query, g.extent('d')), query = c.query, width = g.extent('d')](Entry e) {
                return (e.row == query ? inHand : sinusoid(e.row, width))[static_cast<std::size_t>(e.column)];
            },
            [](Entry e) { return Message(LAB_TEXT("explain", "row %1 of the sinusoidal table, sin and cos in turn")).arg(e.row); });
    if (const ParameterView segments = c.parameter("segment_embedding.weight"); segments)
        add(
            "emb.segment", "E", "segment", [&c, segments](Entry e) { return segments(c.segmentOf(e.row), e.column); },
            [&c](Entry e) { return Message(LAB_TEXT("explain", "row %1 of the trained segment table")).arg(c.segmentOf(e.row)); });
    addBehindSum(g);
}

/// What cross-attention makes keys and values of: the encoder's rows, or slots, which are opened where they are keys.
void addMemory(Graph& g) {
    const Context& c = g.context();
    static constexpr NodeRow slotRow[] = {{"", "m#c", "memory jc = same slotMemory:jc"}};
    if (g.find("slotMemory")) return g.define(slotRow);
    if (!c.is("slots")) return addEncoderRows(g);
    static constexpr NodeRow tracedRow[] = {{"", "m#c", "memory jc $memory"}};
    g.define(tracedRow);
    g.at("memory").elsewhere = [to = c.blockOf(c.block.name)](Entry e) {
        return CellRef{"slot_memory", "memory", e.column, masterColumn, -1, e.row, to};
    };
}

/// The cross-attention's output, when the self-attention is in hand: in its own walk.
void addCrossOutput(Graph& g, const std::string& name, int part) {
    const Context& c = g.context();
    const NodeRow row{"", "y#c", "$name im $tensor"};
    g.define({&row, 1}, {{"name", name}, {"tensor", c.part(part, ".output")}});
    g.at(name).elsewhere = [to = c.blockOf(c.layer + ".cross_attention"), query = c.query](Entry e) {
        return CellRef{"output", "output", e.column, masterColumn, e.row == query ? -1 : e.row, 0, to};
    };
}

std::string streamGradient(const Context& c, int level) {
    if (level == 0 && c.is("halts")) return {};    // more comes to that state
    if (level > 0 && c.is("parallel")) return {};  // of the block's input, not of what the part before made
    if (level == 0) return "gradient." + c.block.side + "." + text(c.block.layer - 1) + ".residual";
    return "gradient." + c.part(level - 1, c.is("pre") || c.is("bare") ? ".output" : "_norm");
}

/// Where the trace has a part's sum when no norm stands: under the name of the norm that would read it.
std::string bareSum(const Context& c, int part) {
    if (c.config().norm.placement == NormPlacement::post) return c.part(part, "_norm");
    if (part + 1 < static_cast<int>(c.sublayers.size())) return c.is("parallel") ? std::string() : c.part(part + 1, "_norm");
    return c.is("halts") ? std::string() : c.layer + ".residual";  // as which a row that had halted is left as it came
}

}  // namespace

std::function<CellRef(Entry)> encoderCell(const Context& c) {
    const NormConfig& norm = c.config().norm;
    const bool normed = norm.placement == NormPlacement::pre && specOf(norm.kind).normalises;
    const int row = specOf(norm.kind).centred ? 3 : 2, to = c.blockOf("encoder." + text(c.config().num_layers - 1) + ".attention");
    const bool halts = specOf(c.config().depth.kind).halts;
    return [=, steps = c.config().num_layers](Entry e) {
        if (halts && !normed) return CellRef{"mean", "mean", steps, e.column, e.row, e.row, to};
        return normed ? CellRef{"final_norm", "norm", row, e.column, e.row, e.row, to}
                      : CellRef{"later", "stream", 0, e.column, e.row, e.row, to};
    };
}

Part partOf(const Context& c, int sublayer) {
    const std::string& name = c.sublayers[static_cast<std::size_t>(sublayer)];
    return name == "feed_forward" ? Part::feedForward : name == "attention" ? Part::attention : Part::cross;
}

Words partName(const Context& c, int sublayer) {
    const Part part = partOf(c, sublayer);
    return part == Part::feedForward ? LAB_TEXT("explain", "feed-forward")
           : part == Part::attention ? LAB_TEXT("explain", "attention")
                                     : LAB_TEXT("explain", "cross-attention");
}

/// The stream before the block, which an earlier block's walk explains; in layer 0 an embedding.
void addStream(Graph& g) {
    const Context& c = g.context();
    static constexpr NodeRow rows[] = {
        {"first tokens pre plainInput", "z#rc", "stream ic $below = emb.token + emb.vector + emb.bias + emb.position + emb.segment",
         "z_{$i}"},
        {"first tokens pre !plainInput", "z#rc", "stream ic $below = same emb.out:ic", "z_{$i}"},
        {"first !tokens pre", "z#rc", "stream ic $below", "z_{$i}"},
        {"!first !cross", "x#c", "stream ic $below"},
        {"cross post !ahead", "x#c", "stream ic $x"},
        {"cross bare ahead", "x#c", "streamBelow ic $below"},
        {"cross bare ahead", "y#c", "streamAdded ic $L.attention.output"},
        {"cross bare ahead", "x#c", "stream ic ${B}_norm = streamBelow + streamAdded"},
        {"cross pre", "z#c", "streamBelow ic $below"},
        {"cross pre", "y#c", "streamAdded ic $L.attention.output"},
        {"cross pre", "z#c", "stream ic = streamBelow + streamAdded"},
    };
    if (c.is("tokens")) addEmbedding(g);
    g.define(rows);
    const std::string own = c.layer + ".attention", lower = c.block.side + "." + text(c.block.layer - 1) + ".attention";
    if (c.is("cross"))
        g.at("stream").elsewhere = inWalk(
            c, own, c.is("pre") || c.is("bare") ? CellRef{"residual", "sum", 2, 0, -1, 0} : CellRef{"norm", "norm", normLine(c), 0, -1, 0});
    else if (!c.is("first"))
        g.at("stream").elsewhere = inWalk(c, lower, {"later", "stream", 0});
    if (c.is("cross")) addMemory(g);
    if (c.is("pre")) addNorm(g, "input", "stream", "x#c", c.queryInput);
}

void addLayer(Graph& g) {
    const Context& c = g.context();
    const bool pre = c.is("pre");
    const std::string first = pre ? "input.z" : "x";
    std::string stream = first;
    for (int s = c.sublayer; s < static_cast<int>(c.sublayers.size()); ++s) {
        const std::string n = text(s), norm = "norm" + n;
        const std::string read = c.is("parallel") ? first : stream;
        if (pre && s > c.sublayer) addNorm(g, norm, read, "x#c", c.part(s, "_norm"));
        std::string output = s == c.sublayer ? "y" : "crossOutput";
        if (partOf(c, s) == Part::feedForward) {
            addFeedForward(g, pre ? norm + ".result" : read);
            output = "down";
        } else if (s > c.sublayer) {
            addCrossOutput(g, output, s);
        }
        g.define(sumRows, {{"n", n}, {"of", stream}, {"output", output}, {"what", partName(c, s)}, {"sum", bareSum(c, s)}});
        stream = "after" + n;
        if (pre || c.is("bare")) continue;
        addNorm(g, norm, stream, "x\u2032#c", c.part(s, "_norm"));
        stream = norm + ".result";
    }
    if (c.is("halted")) stream = addLeftAsItCame(g);
    const NodeRow end{"", "", "end := $of"};
    g.define({&end, 1}, {{"of", stream}});
}

std::string addPartBack(Graph& g, int part, const std::string& after) {
    const Context& c = g.context();
    if (c.is("pre") || c.is("bare")) return after;
    addPartNormBack(g, part, after);
    return "back" + text(part) + ".result";
}

std::string addMeeting(Graph& g, int part, const std::string& out, std::string through) {
    const Context& c = g.context();
    if (c.is("pre")) {
        addPartNormBack(g, part, through);
        through = "back" + text(part) + ".result";
    }
    g.define(meetingRows,
             {{"n", text(part)}, {"after", out}, {"through", through}, {"what", partName(c, part)}, {"tensor", streamGradient(c, part)}});
    return "meet" + text(part);
}

}  // namespace lab::explain
