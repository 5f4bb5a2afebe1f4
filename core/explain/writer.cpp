#include "core/explain/writer.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "core/explain/quantities.h"
#include "core/explain/tables.h"

namespace lab::explain {
namespace {

/// "exp>" claims a grid and its results, "exp" the grid's cells alone.
bool claimed(const std::string& claims, const std::string& id, bool results) {
    std::istringstream words(claims);
    for (std::string word; words >> word;)
        if (word == id + ">" || (!results && word == id)) return true;
    return false;
}

void say(Words& words, const Say& row, const Variables& v) {
    if (row.empty()) return;
    const int places = placesOf(row.words.text);
    words = row.with(v, places == 2 ? "$layer|$expert" : places == 1 ? "$layer" : "");
}

std::string idOf(const GridRow& row) {
    std::istringstream words(row.layout);
    std::string kind, id;
    words >> kind >> id;
    return id;
}

/// Of the encoder's end, as far as the trace has it.
std::string endGradient(const Context& c) {
    return c.is("pre") || c.is("halts") ? "" : "gradient.encoder." + text(c.layersOfSide() - 1) + ".residual";
}

}  // namespace

Writer::Writer(Walk& walk, ContextPtr context)
    : m_walk(walk), m_context(std::move(context)), m_world(std::make_shared<std::deque<Graph>>()), m_main(graph(m_context)) {
    if (m_context->is("slots")) {
        m_slot = graph(contextOfReading(*m_context, m_context->key, -1, "behind"));
        addForward(*m_slot);
        m_main->adopt("slotMemory", m_slot->at("slotMemory"));
    }
    addForward(*m_main);
    if (m_context->model) addAnswer(*m_main);
}

Writer::Shared Writer::graph(ContextPtr context) {
    return {m_world, &m_world->emplace_back(std::move(context))};
}

void Writer::stage(const Shared& g, const Entry& entry) {
    const Context& c = g->context();
    const auto of = [&](const char* stage) {
        return std::ranges::any_of(entry.rows, [&](const char* row) { return std::string_view(row) == stage; });
    };
    Variables v = c.variables;
    for (const auto& [name, words] : entry.variables) v[name] = words;
    Stage stage;
    stage.id = entry.id;
    stage.group = entry.group;
    std::string result, band, claims;
    for (const StageRow& row : stageRows()) {
        if (!of(row.id) || !c.is(row.when)) continue;
        say(stage.symbol, row.symbol, v);
        say(stage.caption, row.caption, v);
        say(stage.heading, row.heading, v);
        if (*row.result) result = row.result;
        if (*row.part) stage.part = row.part;
        if (*row.band) band = row.band, claims = row.claims;
    }
    if (result.empty()) return;
    stage.rowDesk = !band.empty() || entry.id == "dot";
    Layout layout(g, stage, v, entry.written);
    for (const GridRow& row : gridRows()) {
        const std::string_view name = row.stage;
        const bool desk = !band.empty() && (name == "desk" || name == "desk/" + entry.id);
        if ((desk || of(row.stage)) && c.is(row.when))
            layout.lay(row, !desk || claimed(claims, idOf(row), false), !desk || claimed(claims, idOf(row), true));
    }
    if (!entry.written) return;
    for (Grid& grid : stage.grids)
        if (!band.empty())
            grid.current = grid.id == band || (band == "mask" && grid.id == "masked") ||
                           (band == "position" && (grid.id == "score" || grid.id == "row" || grid.id == "column" || grid.id == "bias" ||
                                                   grid.id == "content" || grid.id == "placed"));
    for (const auto& rows : {forwardWords(), attentionWords(), answerWords(), backwardWords(), laterWords()})
        for (const WordRow& row : rows) {
            if (!of(row.stage) || !c.is(row.when)) continue;
            const Words words = row.words.with(v, row.arguments);
            if (row.field == Field::note)
                stage.notes.push_back(words);
            else
                (row.field == Field::formula ? stage.formula : stage.text) = words;
        }
    if (of("of_expert")) {
        stage.caption = Message(LAB_TEXT("explain", "expert %1")).arg(v.at("expert"));
        stage.heading = Message(LAB_TEXT("explain", "Expert %1: %2")).arg(v.at("expert")).arg(stage.heading);
    }
    if (entry.id == "project" && c.is("grouped")) stage.sharing = HeadSharing{c.block.heads, c.block.kvHeads, c.head};
    stage.result = resultOf(*g, stage, result);
    stage.backward = entry.id.starts_with("d_");
    m_walk.stages.push_back(std::move(stage));
}

/// "GRID ROW COLUMN"
CellRef Writer::resultOf(const Graph& g, const Stage& stage, const std::string& result) const {
    const Context& c = g.context();
    std::istringstream words(result);
    std::string grid, row, column;
    words >> grid >> row >> column;
    const Grid& of = *stage.find(grid);
    const auto size = [](double x) { return std::isfinite(x) ? std::abs(x) : 0.0; };
    const auto worst = static_cast<int>(std::ranges::max_element(of.values, {}, size) - of.values.begin());
    const auto at = [&](const std::string& word, bool ofRow) {
        if (word == "result") return masterColumn;
        if (word == "last") return of.rows - 1;
        if (word == "key") return c.mostWeighty();
        if (word == "head") return c.head;
        if (word == "worst") return ofRow ? worst / of.columns : worst % of.columns;
        if (word == "best") return static_cast<int>(std::ranges::max_element(of.master) - of.master.begin());
        if (word != "target") return std::stoi(word);
        const int target = c.targetAt(c.answer), best = m_walk.find("logits")->result.row;
        return target >= 0 ? target : grid == "p" ? best : 0;
    };
    return {stage.id, grid, at(row, true), at(column, false)};
}

void Writer::forward() {
    forwardStages(m_main, true);
}

void Writer::forwardStages(const Shared& g, bool written) {
    const Context& c = g->context();
    if (c.is("bends")) return stage(g, "bends", written);
    stage(g, "input", written);
    if (written && m_slot) slotStages(m_slot, true);
    for (const char* row : {"project", "normalise", "rotate", "divide", "phi", "dot", "rise", "scale", "position", "cap", "span", "mask",
                            "max", "exp", "sum", "decay", "weights", "mix"})
        stage(g, row, written);
    if (!c.model) return;
    for (const char* row : {"head_norm", "heads", "gate", "output"}) stage(g, row, written);
    for (int s = c.sublayer; s < static_cast<int>(c.sublayers.size()); ++s) {
        const std::string suffix = s == c.sublayer ? "" : text(s - c.sublayer);
        const bool cross = partOf(c, s) == Part::cross;
        const Variables v{
            {"n", text(s)}, {"what", partName(c, s)}, {"normed", c.is("pre") ? "x" : "x\u2032"}, {"reads", cross ? "x, m" : "x"}};
        if (c.is("pre") && s > c.sublayer) stage(g, {"norm" + suffix, {"norm"}, v, {}, written});
        if (partOf(c, s) == Part::feedForward) feedForwardStages(g, written);
        std::vector<const char*> sum{"residual"};
        if (c.is("parallel") && s > c.sublayer) sum.push_back("residual_beside");
        stage(g, {"residual" + suffix, sum, v, {}, written});
        if (written && cross && s > c.sublayer)
            m_walk.stages.back().notes.push_back(
                LAB_TEXT("explain", "How the cross-attention made its output is a walk of its own: click a number of y."));
        if (c.is("post !bare")) stage(g, {"norm" + suffix, {"norm"}, v, {}, written});
    }
    if (!written) return;
    std::string levels;
    for (int l = c.block.layer; l < c.layersOfSide(); ++l) levels += " level" + text(l - c.block.layer);
    stage(g, {"later", {"later"}, {{"levels", levels}}});
    if (c.is("halts")) haltingStages();
    for (const char* row : {"final_norm", "hidden", "logits", "probabilities", "loss"}) stage(g, row);
}

void Writer::feedForwardStages(const Shared& g, bool written) {
    if (g->context().is("experts")) return expertStages(g, written);
    for (const char* row : {"ffn_up", "ffn_bend", "ffn_down"}) stage(g, row, written);
}

void Writer::slotStages(const Shared& g, bool written) {
    for (const char* row : {"slot_project", "slot_read", "slot_output", "slot_numbers", "slot_code", "slot_memory"})
        stage(g, {row, {row}, {}, "bottleneck", written});
}

Writer::Shared Writer::other(const std::string& block, int query, int key, bool later) {
    const Shared g = graph(contextOfBlock(*m_context, block, query, key, later ? "behind later" : "behind"));
    g->setAway(true);
    addForward(*g);
    forwardStages(g, false);
    return g;
}

void Writer::backward() {
    const Context& c = *m_context;
    Graph& g = *m_main;
    addAnswerBack(g);
    for (const char* row : {"d_logits", "d_head", "d_hidden"}) stage(m_main, row);
    std::string end = c.is("answers") ? "dHead" : c.is("coded") ? memoryOfSlots() : memory();
    if (c.is("pre answers")) {
        addFinalBack(g, end);
        stage(m_main, {"d_final_norm", {"norm_back", "d_final_norm"}, {{"given", "\u2202x\u2032"}, {"gives", "\u2202z"}}});
    }
    if (c.is("pre")) end = "finalBack.result";
    m_end = &g.at(end);
    if (c.is("halts")) haltingBack(end);
    for (int l = c.layersOfSide() - 1; l > c.block.layer; --l) laterLayer(l);
    g.adopt("dEnd", endOf(c.block.layer));
    restOfLayer("dEnd");
    attentionBackStages(m_main, true);
    if (m_slot) slotBack();
}

/// Of what the decoder's cross-attentions read: what comes back to row `key` through the keys and values that its layers made of it, as
/// "dMemory" of a graph whose row i it is. Gives the ways.
std::string Writer::decoderWays(const Shared& of, int key, const std::string& tensor) {
    const Context& c = *m_context;
    std::string sum, ways;
    for (int l = *c.config().num_decoder_layers - 1; l >= 0; --l) {
        const std::string block = "decoder." + text(l) + ".cross_attention";
        const Shared g = graph(contextOfBlock(c, block, 0, key, ""));
        g->setAway(true);
        addForward(*g);
        forwardStages(g, false);
        g->define(std::vector<NodeRow>{{"", "", "dOut im gradient.$B.output"}});
        addAttentionBack(*g);
        addReadersBack(*g);
        attentionBackStages(g, false);
        g->setAway(false);
        keyWays(g, "d_memory" + text(l), "d_memory", l, "decoder", sum.empty());
        for (const char* way : {"viaK", "viaV"}) {
            of->adopt(way + text(l), g->at(way));
            g->at(way).label =
                Message(way == std::string("viaK") ? LAB_TEXT("explain", "layer %1 via k") : LAB_TEXT("explain", "layer %1 via v")).arg(l);
            g->at(way).symbol = g->at(way).label;
            sum += (sum.empty() ? "" : " + ") + std::string(way) + text(l) + ":ic";
            ways += " " + std::string(way) + text(l);
        }
    }
    of->define(std::vector<NodeRow>{{"", "\u2202m#c", "dMemory ic! $tensor = $sum"}}, {{"tensor", tensor}, {"sum", sum}});
    return ways;
}

/// Of an encoder's row.
std::string Writer::memory() {
    const Context& c = *m_context;
    const std::string ways = decoderWays(m_main, c.query, endGradient(c));
    if (c.is("pre")) addFinalBack(*m_main, "dMemory");
    stage(m_main, {"d_memory", {"d_memory"}, {{"ways", ways}}, "decoder"});
    return "dMemory";
}

/// Of an encoder's row that slots read: what comes back from each slot, whose own way back is opened where it is a key.
std::string Writer::memoryOfSlots() {
    const Context& c = *m_context;
    const Shared g = graph(contextOfReading(c, 0, c.query, ""));
    g->setAway(true);
    addForward(*g);
    slotStages(g, false);
    g->define(std::vector<NodeRow>{{"", "\u2202r#rc", "dOut im gradient.$B.output"}});
    g->at("dOut").elsewhere = [block = g->context().question.block](explain::Entry e) {
        return CellRef{"d_slot_numbers", "read", e.column, masterColumn, 0, e.row, block};
    };
    addAttentionBack(*g);
    stage(g, {"d_slot_read", {"d_query_back", "d_slot_read"}, {}, "", false});
    g->setAway(false);
    keyWays(g, "d_read", "d_read", 0, "bottleneck", true);
    for (const char* way : {"viaK", "viaV"}) m_main->adopt(way, g->at(way));
    m_main->define(std::vector<NodeRow>{{"", "\u2202x#c", "dMemory ic! $tensor = viaK:ic + viaV:ic"}}, {{"tensor", endGradient(c)}});
    if (c.is("pre")) addFinalBack(*m_main, "dMemory");
    stage(m_main, {"d_memory", {"d_memory"}, {{"ways", " viaK viaV"}}, "bottleneck"});
    return "dMemory";
}

/// From what the decoder's layers read of the slot in hand back to its reading.
void Writer::slotBack() {
    const std::string ways = decoderWays(m_slot, m_context->key, "gradient.bottleneck.memory");
    stage(m_slot, {"d_memory", {"d_memory"}, {{"ways", ways}}, "decoder"});
    addCodesBack(*m_slot);
    for (const char* row : {"d_slot_memory", "d_slot_code", "d_slot_numbers"}) stage(m_slot, {row, {row}, {}, "bottleneck"});
    m_slot->adopt("dOut", m_slot->at("dRead"));
    addAttentionBack(*m_slot);
    stage(m_slot, {"d_slot_read", {"d_query_back", "d_slot_read"}, {}, "bottleneck"});
}

void Writer::keyWays(const Shared& g, const std::string& id, const char* row, int layer, const std::string& group, bool top) {
    addKeyWays(*g);
    const std::string r = row;
    const bool later = r == "d_later", ofSlots = r == "d_read";
    const Variables v{{"layer", text(layer)}, {"answer", text(m_context->answer)}};
    stage(g, {id + "_keys", {"d_keys", later ? "d_later_keys" : ofSlots ? "d_read_keys" : "d_memory_keys"}, v, group});
    if (top && !later)
        m_walk.stages.back().notes.push_back(
            Message(LAB_TEXT("explain", "The stages above follow the answer at position %1; here the gradients of all positions come in."))
                .arg(m_context->answer));
    stage(g, {id + "_values", {"d_values", later ? "d_later_values" : ofSlots ? "d_read_values" : "d_memory_values"}, v, group});
}

void Writer::queryBack(const Shared& g, const std::string& id, const char* row, bool later) {
    g->setAway(false);
    addAttentionBack(*g);
    addQueryWay(*g);
    const Context& c = g->context();
    stage(g, {id, {"d_query_back", row}, {{"n", text(c.sublayer)}}, later ? c.layer : ""});
}

/// What comes back to the row as a key of layer l, through keys and values of each kind that the layer makes of it: common ones, and those
/// of global projections.
void Writer::readerWays(const Shared& g, const std::string& id, int l) {
    const Context& c = g->context();
    const auto ofKind = [&](const Shared& of) {
        keyWays(of, id + (of->context().is("global") ? "_global" : ""), "d_later", l, c.layer, false);
    };
    ofKind(g);
    if (!c.is("bothKinds")) return;
    const Shared others = graph(contextOfBlock(*m_context, c.block.name, c.is("global") ? c.globals : 0, c.key, "behind later"));
    others->setAway(true);
    addForward(*others);
    forwardStages(others, false);
    others->adopt("dOut", g->at("dOut"));
    addAttentionBack(*others);
    addReadersBack(*others);
    attentionBackStages(others, false);
    others->setAway(false);
    ofKind(others);
    g->adopt("viaOtherK", others->at("viaK"));
    g->adopt("viaOtherV", others->at("viaV"));
}

/// Back through a layer behind the one in hand: a few stages.
void Writer::laterLayer(int l) {
    const Context& c = *m_context;
    const std::string layer = c.block.side + "." + text(l), id = "d_l" + text(l) + "_";
    const Shared g = other(layer + ".attention", c.query, c.query, true);
    g->setAway(false);
    g->adopt("dEnd", endOf(l));
    std::string after = "dEnd";
    for (int part = static_cast<int>(g->context().sublayers.size()) - 1; part > 0; --part)
        if (partOf(g->context(), part) == Part::feedForward)
            laterFeedForward(g, id, part, layer, after);
        else
            laterCross(g, id, l, after);
    const std::string out = addPartBack(*g, 0, after);
    g->adopt("dOut", g->at(c.is("parallel") ? "dEnd" : out));
    queryBack(g, id + "query", "d_later_query", true);
    readerWays(g, id.substr(0, id.size() - 1), l);
    g->setAway(true);  // the layer's own walk opens what comes back through its decay
    addKeptBack(*g);
    stage(g, "d_decay", false);
    g->setAway(false);
    static constexpr NodeRow together[] = {
        {"learnsDecay", LAB_TEXT("explain", "via \u03B1"), "viaDecay ic! = dKeptLogit:hi W_a"},
        {"pre", "\u2202x#c", "together ic gradient.${B}_norm = viaQ + viaK:ic + viaV:ic + viaOtherK:ic + viaOtherV:ic + viaG + viaDecay"},
        {"post", LAB_TEXT("explain", "together"),
         "together ic! = viaQ + viaK:ic + viaV:ic + viaOtherK:ic + viaOtherV:ic + viaG + viaDecay"},
    };
    g->define(together);
    m_end = &g->at(addMeeting(*g, 0, out, "together"));
    stage(g, {id + "sum", {"d_meeting", "d_later_sum"}, {{"n", "0"}}, layer});
    if (c.is("halts")) stateBack(l - 1, m_end);
}

void Writer::laterFeedForward(const Shared& g, const std::string& id, int part, const std::string& layer, std::string& after) {
    const std::string out = addPartBack(*g, part, after);
    addFeedForwardBack(*g, out);
    after = addMeeting(*g, part, out, "viaFeedForward");
    if (g->context().is("experts")) laterExperts(g, id, part, layer);
    stage(g, {id + "ffn", {"d_later_ffn"}, {{"n", text(part)}, {"ways", expertNodes(g->context(), " viaFeedForward")}}, layer});
}

void Writer::laterCross(const Shared& g, const std::string& id, int l, std::string& after) {
    const std::string layer = m_context->block.side + "." + text(l);
    const Shared cross = other(layer + ".cross_attention", m_context->query, 0, true);
    const std::string out = addPartBack(*g, 1, after);
    cross->adopt("dOut", g->at(out));
    cross->adopt(*g, "back1");
    queryBack(cross, id + "cross_query", "d_later_cross_query", true);
    g->adopt("viaQ", cross->at("viaQ"));
    after = addMeeting(*g, 1, out, "viaQ");
    stage(g, {id + "cross_sum", {"d_meeting", "d_later_cross_sum"}, {{"n", "1"}}, layer});
}

void Writer::normBack(int part) {
    const Context& c = *m_context;
    const std::string suffix = part == c.sublayer ? "" : text(part - c.sublayer);
    const Words via = Message(LAB_TEXT("explain", "%1 via x")).arg("\u2202z");
    sumSteps({"back" + text(part) + ".gain", "back" + text(part) + ".shift"});
    stage(m_main,
          {"d_norm" + suffix,
           {"norm_back", "d_norm"},
           {{"n", text(part)}, {"given", c.is("pre") ? "\u2202x" : "\u2202x\u2032"}, {"gives", c.is("pre") ? via : Words("\u2202z")}}});
}

void Writer::feedForwardBackStages() {
    if (m_context->is("experts")) return expertBackStages();
    sumSteps({"dW_down", "db_down", "dW_gate", "db_gate", "dW_up", "db_up"});
    for (const char* row : {"d_ffn_down", "d_ffn_down_matrix", "d_ffn_bend", "d_ffn_up", "d_ffn_up_matrix"}) stage(m_main, row);
}

/// From the end of the layer in hand back to what its attention block gave.
void Writer::restOfLayer(std::string after) {
    const Context& c = *m_context;
    Graph& g = *m_main;
    for (int part = static_cast<int>(c.sublayers.size()) - 1; part > c.sublayer; --part) {
        const std::string out = addPartBack(g, part, after);
        if (c.is("post !bare")) normBack(part);
        if (partOf(c, part) == Part::feedForward) {
            addFeedForwardBack(g, out);
            feedForwardBackStages();
            after = addMeeting(g, part, out, "viaFeedForward");
        } else {
            const Shared cross = other(c.layer + ".cross_attention", c.query, 0, false);
            cross->adopt("dOut", g.at(out));
            queryBack(cross, "d_cross_query", "d_cross_query", false);
            stage(cross, "d_cross");
            g.adopt("viaQ", cross->at("viaQ"));
            after = addMeeting(g, part, out, "viaQ");
        }
        if (c.is("pre")) normBack(part);
        if (c.is("parallel")) {
            after = out;  // what came through goes to the block's input, not to attention
            continue;
        }
        stage(m_main, {"d_residual" + text(part - c.sublayer),
                       {"d_residual"},
                       {{"n", text(part)}, {"what", partName(c, part)}, {"meets", c.is("pre") ? "\u2202z" : "\u2202x"}}});
    }
    g.adopt("dOut", g.at(addPartBack(g, c.sublayer, after)));
    if (c.is("post !bare")) normBack(c.sublayer);
    addAttentionBack(g);
    addReadersBack(g);
    addKeptBack(g);
    sumSteps({"dW_Q"});
}

void Writer::attentionBackStages(const Shared& g, bool written) {
    for (const char* row : {"d_output", "d_gate", "d_head_norm", "d_value", "d_weights", "d_softmax", "d_span", "d_decay", "d_cap",
                            "d_query", "d_key", "d_divide", "d_normalise", "d_matrix"})
        stage(g, row, written);
}

}  // namespace lab::explain
