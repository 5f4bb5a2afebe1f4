#include "core/explain/overview.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "core/explain/context.h"
#include "core/explain/overview_rows.h"
#include "core/explain/quantities.h"
#include "core/model/model.h"

namespace lab::explain {
namespace {

constexpr const char* placementKey = "model.norm.placement";
constexpr const char* architectureKey = "model.architecture";
constexpr const char* bottleneckKey = "model.bottleneck.kind";

/// Where what the decoder's layer read comes back.
std::vector<std::string> memoryStages(int layer) {
    return {"d_memory" + text(layer) + "_keys", "d_memory" + text(layer) + "_values"};
}

/// Makes the picture's parts; the walk in hand is of `hand`.
class Picture {
public:
    explicit Picture(ContextPtr hand) : m_hand(std::move(hand)) {}

    OverviewSide side(const std::string& name) const;

private:
    const ModelConfig& config() const { return m_hand->config(); }
    bool two() const { return specOf(config().architecture).twoSides(); }
    bool has(const std::string& side) const {
        const ArchitectureSpec& spec = specOf(config().architecture);
        return side == "encoder" ? spec.encoder : spec.decoder;
    }
    int layers(const std::string& side) const { return side == "decoder" && two() ? *config().num_decoder_layers : config().num_layers; }
    bool answers(const std::string& side) const { return has(side) && (side == "decoder" || !two()); }
    int blockNamed(const std::string& block) const { return m_hand->blockOf(block); }
    ContextPtr context(const std::string& block) const {
        return block == m_hand->block.name ? m_hand : contextOfBlock(*m_hand, block, 0, 0, "");
    }
    /// The way back through a layer behind the one in hand: "d_l2_ffn".
    std::vector<std::string> behind(int layer, std::initializer_list<const char*> stages) const;

    std::vector<std::string> feedForwardBehind(int layer) const;

    OverviewPart part(const Context& c, const OverviewPartRow& row, const std::string& line) const;
    std::vector<OverviewPart> parts(const Context& c, const char* line, const std::string& id) const;
    OverviewRow input(const std::string& side) const;
    OverviewRow slimLayer(const std::string& side, int layer) const;
    std::vector<OverviewRow> fullLayer(const std::string& side) const;
    OverviewRow sublayer(const std::string& layer, int n) const;
    OverviewPart norm(const std::string& layer, int n, bool before) const;
    OverviewPart sum(const std::string& layer, int n) const;
    OverviewRow halting(const std::string& side) const;
    OverviewRow finalNorm(const std::string& side) const;
    OverviewRow end(const std::string& side) const;
    std::vector<OverviewRow> bottleneck() const;
    OverviewPart ofSlots(const std::string& id, const Words& name, const Words& detail, SourceText meaning, const char* stage,
                         const char* covers) const;
    Words whoGathers() const;
    OverviewRow memory() const;
    OverviewRow absentCross() const;

    ContextPtr m_hand;
};

std::vector<std::string> split(std::string_view words) {
    std::istringstream stream{std::string(words)};
    std::vector<std::string> found;
    for (std::string word; stream >> word;) found.push_back(word);
    return found;
}

Variables variablesOf(const Context& c) {
    Variables v = c.variables;
    const ModelConfig& config = c.config();
    v["activationName"] = std::string(nameOf(config.feed_forward.activation));
    v["positionName"] = std::string(nameOf(config.position.kind));
    v["classesRow"] = text(*config.vocab_size) + " \u00D7 " + c.variables.at("tableWidth").english();
    v["headsText"] =
        c.is("grouped") ? text(c.block.heads) + " : " + text(c.block.kvHeads) : text(c.block.heads) + " \u00D7 " + text(c.headDim);
    v["maskText"] = c.block.visibility.causal() ? Words(LAB_TEXT("explain", "no future")) : Words(std::string());
    return v;
}

OverviewPart Picture::part(const Context& c, const OverviewPartRow& row, const std::string& line) const {
    const Variables v = variablesOf(c);
    OverviewPart part{line + "." + row.stage, row.name.with(v), row.detail.with(v), Message(row.meaning), c.is(row.when), row.key};
    const bool inHand = c.block.name == m_hand->block.name;
    if (inHand) part.covers = {row.stage};
    if (!part.there) return part;
    part.block = blockNamed(c.block.name);
    part.stage = row.stage;
    if (inHand) std::ranges::copy(split(row.covers), std::back_inserter(part.covers));
    return part;
}

/// Of several parts of one stage one stands for it: the first that is there.
void coverOnce(std::vector<OverviewPart>& parts) {
    std::set<std::string> covered;
    for (const bool there : {true, false})
        for (OverviewPart& part : parts)
            if (part.there == there) std::erase_if(part.covers, [&](const std::string& stage) { return !covered.insert(stage).second; });
}

/// The stages of each of a row's experts happen where the first's do.
void coverExperts(const Context& c, OverviewPart& part) {
    std::vector<std::string> more;
    for (const std::string& stage : part.covers)
        for (int n = 1; n < static_cast<int>(c.experts.size()) && stage.find("ffn_") != std::string::npos; ++n)
            more.push_back(stage + suffixOfExpert(n));
    std::ranges::move(more, std::back_inserter(part.covers));
}

std::vector<OverviewPart> Picture::parts(const Context& c, const char* line, const std::string& id) const {
    std::vector<OverviewPart> found;
    std::map<std::string, int> seen;
    for (const OverviewPartRow& row : overviewPartRows()) {
        if (row.line != std::string_view(line) || !c.is(row.exists)) continue;
        found.push_back(part(c, row, id));
        if (const int same = ++seen[row.stage]; same > 1) found.back().id += "." + text(same);
    }
    coverOnce(found);
    return found;
}

/// The tokens become the stream's rows.
OverviewRow Picture::input(const std::string& side) const {
    OverviewRow row{OverviewRow::Kind::input, side + ".input", LAB_TEXT("explain", "input"), has(side)};
    const std::string block = side + ".0.attention";
    row.parts = parts(has(side) ? *context(block) : *m_hand, "input", row.id);
    for (OverviewPart& part : row.parts) {
        part.there = part.there && has(side);
        if (!has(side)) part.key = architectureKey, part.block = -1, part.covers.clear(), part.detail = {};
    }
    return row;
}

std::vector<std::string> Picture::behind(int layer, std::initializer_list<const char*> stages) const {
    std::vector<std::string> found;
    for (const char* stage : stages) found.push_back("d_l" + text(layer) + "_" + stage);
    return found;
}

std::vector<std::string> Picture::feedForwardBehind(int layer) const {
    if (!config().hasExperts()) return behind(layer, {"ffn"});
    std::vector<std::string> found = behind(layer, {"ffn", "experts"});
    for (int n = 0; n < config().feed_forward.top_k; ++n) found.push_back("d_l" + text(layer) + "_expert" + suffixOfExpert(n));
    return found;
}

OverviewRow Picture::slimLayer(const std::string& side, int layer) const {
    const bool there = has(side), decoder = side == "decoder", later = there && side == m_hand->block.side && layer > m_hand->block.layer;
    const std::string name = side + "." + text(layer);
    OverviewRow row{OverviewRow::Kind::layer, name,
                    there ? Words(Message(LAB_TEXT("explain", "layer %1")).arg(layer)) : Words(LAB_TEXT("explain", "layers")), there};
    const auto add = [&](const char* what, Words title, Words meaning, const char* stage, const std::string& block,
                         std::vector<std::string> covers, bool lit) {
        OverviewPart part{name + "." + what, std::move(title), {}, std::move(meaning), lit, architectureKey};
        if (lit) part.block = blockNamed(block), part.stage = stage, part.covers = std::move(covers);
        row.parts.push_back(std::move(part));
    };
    std::vector<std::string> attention =
        later ? behind(layer, {"query", "keys", "values", "global_keys", "global_values", "sum"}) : std::vector<std::string>();
    if (later && layer == m_hand->block.layer + 1) attention.emplace_back("later");
    add("attention", LAB_TEXT("explain", "attention"), LAB_TEXT("explain", "Each position gathers from the positions it may see."),
        "weights", name + ".attention", attention, there);
    if (decoder) {
        std::vector<std::string> cross = later ? behind(layer, {"cross_query", "cross_sum"}) : std::vector<std::string>();
        if (m_hand->block.side == "encoder") cross = memoryStages(layer);
        add("cross", LAB_TEXT("explain", "cross"), whoGathers(), "weights", name + ".cross_attention", cross, there && two());
        row.readsMemory = two();
    }
    const bool feeds = there && config().hasFeedForward();
    add("feed_forward", LAB_TEXT("explain", "FFN"),
        LAB_TEXT("explain", "Two matrices (with swiglu three) and a bend, the same at every position."), "ffn_up", name + ".attention",
        later && feeds ? feedForwardBehind(layer) : std::vector<std::string>(), feeds);
    if (there && !feeds) row.parts.back().key = "model.d_ff";
    return row;
}

/// The stage's suffix counts parts from the block whose walk it is in.
OverviewPart Picture::norm(const std::string& layer, int n, bool before) const {
    const bool inHand = m_hand->layer == layer && m_hand->sublayer <= n;
    const int from = inHand ? m_hand->sublayer : 0;
    const bool ofInput = before && n == from;
    const std::string suffix = n == from ? "" : text(n - from);
    OverviewPart part{layer + ".norm" + text(n),
                      LAB_TEXT("explain", "norm"),
                      std::string(nameOf(config().norm.kind)),
                      before ? LAB_TEXT("explain", "Pre-norm: the norm stands on the branch, and the stream goes on without it.")
                             : LAB_TEXT("explain", "Post-norm: the sum is normed, and the stream goes on from there."),
                      true,
                      placementKey};
    part.block = blockNamed(inHand ? m_hand->block.name : layer + ".attention");
    part.stage = ofInput ? "input" : "norm" + suffix;
    if (inHand) part.covers = {"d_norm" + suffix};
    if (inHand && !(ofInput && m_hand->is("first"))) part.covers.push_back(part.stage);
    return part;
}

OverviewPart Picture::sum(const std::string& layer, int n) const {
    const bool inHand = m_hand->layer == layer && m_hand->sublayer <= n;
    const int from = inHand ? m_hand->sublayer : 0;
    OverviewPart part{layer + ".sum" + text(n),
                      "+",
                      {},
                      LAB_TEXT("explain", "Residual sum: what the part made is added to the stream, number by number."),
                      true,
                      ""};
    part.block = blockNamed(inHand ? m_hand->block.name : layer + ".attention");
    part.stage = "residual" + (n == from ? "" : text(n - from));
    if (inHand) part.covers = {part.stage, "d_residual" + text(n - from)};
    return part;
}

OverviewRow Picture::sublayer(const std::string& layer, int n) const {
    const ContextPtr own = context(layer + ".attention");
    const Part kind = partOf(*own, n);
    const std::string name = own->sublayers[static_cast<std::size_t>(n)], id = layer + "." + name;
    OverviewRow row{OverviewRow::Kind::part, id,
                    kind == Part::attention ? Words(LAB_TEXT("explain", "self-attention")) : partName(*own, n)};
    if (kind == Part::feedForward) {
        // Of the walk in hand where that goes through this layer.
        const ContextPtr walk = m_hand->layer == layer ? m_hand : own;
        row.parts = parts(*walk, "feed_forward", id);
        for (OverviewPart& part : row.parts) coverExperts(*walk, part);
    } else {
        row.parts = parts(*context(id), "attention", id);
    }
    // Behind the self-attention in hand the cross-attention is passed in two stages.
    if (kind == Part::cross && m_hand->layer == layer && !m_hand->block.cross)
        for (OverviewPart& part : row.parts) {
            if (part.stage == "weights") part.covers = {"d_cross_query"};
            if (part.stage == "project") part.covers = {"d_cross"};
        }
    const bool pre = own->is("pre");
    if (!own->is("bare")) (pre ? row.before : row.after).push_back(norm(layer, n, pre));
    row.sum.push_back(sum(layer, n));
    row.readsMemory = kind == Part::cross;
    return row;
}

OverviewRow Picture::absentCross() const {
    OverviewRow row{OverviewRow::Kind::part, m_hand->layer + ".cross_attention", LAB_TEXT("explain", "cross-attention"), false};
    row.parts.push_back({row.id + ".absent",
                         LAB_TEXT("explain", "cross-attention"),
                         {},
                         LAB_TEXT("explain", "Each position of the decoder gathers from the encoder\u2019s output."),
                         false,
                         architectureKey});
    return row;
}

std::vector<OverviewRow> Picture::fullLayer(const std::string& side) const {
    std::vector<OverviewRow> rows;
    for (int n = 0; n < static_cast<int>(m_hand->sublayers.size()); ++n) rows.push_back(sublayer(m_hand->layer, n));
    if (layers(side) > 1)
        for (OverviewRow& row : rows) row.name = Message(LAB_TEXT("explain", "layer %1: %2")).arg(m_hand->block.layer).arg(row.name);
    if (side == "decoder" && !two()) rows.insert(rows.begin() + 1, absentCross());
    return rows;
}

OverviewRow Picture::halting(const std::string& side) const {
    OverviewRow row{OverviewRow::Kind::end, side + ".halting", LAB_TEXT("explain", "halting")};
    const bool inHand = side == m_hand->block.side;
    OverviewPart part{row.id + ".mean",
                      LAB_TEXT("explain", "\u03A3 p states"),
                      text(layers(side)),
                      LAB_TEXT("explain", "Each row halts after steps of its own; what goes on is the mean of its states."),
                      true,
                      "model.depth.kind"};
    part.block = blockNamed(inHand ? m_hand->block.name : side + "." + text(layers(side) - 1) + ".attention");
    part.stage = "mean";
    if (inHand) part.covers = {"halting", "mean", "d_mean", "d_state"};
    for (int l = m_hand->block.layer + 1; inHand && l < layers(side); ++l) part.covers.push_back("d_l" + text(l) + "_state");
    row.parts.push_back(std::move(part));
    return row;
}

OverviewRow Picture::finalNorm(const std::string& side) const {
    OverviewRow row{OverviewRow::Kind::end, side + ".final", LAB_TEXT("explain", "final norm")};
    const bool inHand = side == m_hand->block.side;
    OverviewPart part{row.id + ".norm",
                      LAB_TEXT("explain", "final norm"),
                      std::string(nameOf(config().norm.kind)),
                      LAB_TEXT("explain", "Pre-norm: one more norm stands behind the last layer."),
                      true,
                      placementKey};
    part.block = blockNamed(inHand ? m_hand->block.name : side + "." + text(layers(side) - 1) + ".attention");
    part.stage = "final_norm";
    if (inHand) part.covers = {"final_norm", "d_final_norm"};
    row.parts.push_back(std::move(part));
    return row;
}

Words Picture::whoGathers() const {
    return m_hand->is("coded") ? LAB_TEXT("explain", "Each position of the decoder gathers from the slots of the bottleneck.")
                               : LAB_TEXT("explain", "Each position of the decoder gathers from the encoder\u2019s output.");
}

/// A box of the bottleneck, which a cross-attention's walk explains: the one in hand, or the first.
OverviewPart Picture::ofSlots(const std::string& id, const Words& name, const Words& detail, SourceText meaning, const char* stage,
                              const char* covers) const {
    OverviewPart part{"encoder." + id, name, detail, Message(meaning), true, bottleneckKey};
    part.block = blockNamed(m_hand->is("slots") ? m_hand->block.name : "decoder.0.cross_attention");
    part.stage = stage;
    part.covers = split(covers);
    return part;
}

/// Between encoder and decoder; without one a box that says what would bring it.
std::vector<OverviewRow> Picture::bottleneck() const {
    const auto row = [](OverviewPart part) {
        OverviewRow made{OverviewRow::Kind::end, part.id, part.name};
        made.parts.push_back(std::move(part));
        return made;
    };
    if (!m_hand->is("coded"))
        return {row({"encoder.bottleneck",
                     LAB_TEXT("explain", "bottleneck"),
                     {},
                     LAB_TEXT("explain", "A code of a few slots, which would be all that the decoder learns of the source."),
                     false,
                     bottleneckKey})};
    const BottleneckShape shape = config().bottleneck.shape();
    const bool inHand = m_hand->is("slots");
    OverviewPart read = ofSlots("slots", LAB_TEXT("explain", "slots read"), "M " + text(shape.slotCount),
                                LAB_TEXT("explain", "Trained rows, a slot each, read the encoder\u2019s output by attention."), "slot_read",
                                inHand ? "slot_project slot_read slot_output d_slot_read" : "d_read_keys d_read_values d_memory");
    OverviewPart code = ofSlots("code", LAB_TEXT("explain", "code"), Message(LAB_TEXT("explain", "1 of %1")).arg(shape.codes),
                                LAB_TEXT("explain",
                                         "Of what each slot has read a map of its own makes its numbers, and of these the code: one of a "
                                         "few. Back through the choice the gradient goes straight on."),
                                "slot_code", inHand ? "slot_numbers slot_code d_slot_code d_slot_numbers" : "");
    return {row(std::move(read)), row(std::move(code))};
}

/// What the decoder reads of the encoder.
OverviewRow Picture::memory() const {
    if (m_hand->is("coded")) {
        OverviewPart part = ofSlots("memory.m", "m", LAB_TEXT("explain", "to k and v"),
                                    LAB_TEXT("explain",
                                             "A row for each slot, made of its code alone: every decoder layer makes keys and values of "
                                             "it in its cross-attention."),
                                    "slot_memory", m_hand->is("slots") ? "slot_memory d_slot_memory d_memory" : "");
        for (int l = 0; m_hand->is("slots") && l < layers("decoder"); ++l)
            std::ranges::copy(memoryStages(l), std::back_inserter(part.covers));
        return {OverviewRow::Kind::end, "encoder.memory", LAB_TEXT("explain", "what the decoder gets"), true, {std::move(part)}};
    }
    OverviewRow row{OverviewRow::Kind::end, "encoder.memory", LAB_TEXT("explain", "encoder\u2019s output")};
    OverviewPart part{
        row.id + ".m",
        "m",
        LAB_TEXT("explain", "to k and v"),
        LAB_TEXT("explain",
                 "The encoder\u2019s output, a row for each of its positions: every decoder layer makes keys and values of it in "
                 "its cross-attention. It goes nowhere else."),
        true,
        architectureKey};
    part.block = blockNamed("decoder.0.cross_attention");
    part.stage = "input";
    part.covers = {"d_memory"};
    row.parts.push_back(std::move(part));
    return row;
}

/// Where the stage in hand is not of this side, its walk explains the end as well.
OverviewRow Picture::end(const std::string& side) const {
    OverviewRow row{OverviewRow::Kind::end, side + ".end", LAB_TEXT("explain", "answer")};
    row.parts = parts(*m_hand, "end", row.id);
    return row;
}

OverviewSide Picture::side(const std::string& name) const {
    const bool inHand = name == m_hand->block.side;
    OverviewSide side{name, name == "encoder" ? LAB_TEXT("explain", "encoder") : LAB_TEXT("explain", "decoder"), has(name), inHand, {}};
    side.rows.push_back(input(name));
    for (int l = 0; l < (side.there ? layers(name) : 1); ++l) {
        if (!inHand || l != m_hand->block.layer) {
            side.rows.push_back(slimLayer(name, l));
            continue;
        }
        for (OverviewRow& row : fullLayer(name)) side.rows.push_back(std::move(row));
    }
    if (!side.there) return side;
    if (m_hand->is("halts")) side.rows.push_back(halting(name));
    if (m_hand->is("pre")) side.rows.push_back(finalNorm(name));
    if (answers(name)) side.rows.push_back(end(name));
    if (name == "encoder" && two()) {
        for (OverviewRow& row : bottleneck()) side.rows.push_back(std::move(row));
        side.rows.push_back(memory());
    }
    return side;
}

std::string partOfStage(const Overview& overview, const std::string& stage) {
    const auto covers = [&](const OverviewPart* part) { return std::ranges::find(part->covers, stage) != part->covers.end(); };
    const std::vector<const OverviewPart*> all = overview.parts();
    if (const auto found = std::ranges::find_if(all, covers); found != all.end()) return (*found)->id;
    // What only passes through has no part: where it goes next, or comes from, has.
    if (stage == "input") return partOfStage(overview, "project");
    if (stage == "position") return partOfStage(overview, "scale");
    if (stage != "later") return {};
    const OverviewSide& side = *std::ranges::find_if(overview.sides, &OverviewSide::inHand);
    return side.rows.back().kind == OverviewRow::Kind::end ? side.rows.back().parts.front().id : std::string();
}

}  // namespace

std::vector<const OverviewPart*> Overview::parts() const {
    std::vector<const OverviewPart*> all;
    for (const OverviewSide& side : sides)
        for (const OverviewRow& row : side.rows)
            for (const auto* list : {&row.before, &row.parts, &row.sum, &row.after})
                for (const OverviewPart& part : *list) all.push_back(&part);
    return all;
}

const OverviewPart* Overview::find(const std::string& id) const {
    const std::vector<const OverviewPart*> all = parts();
    const auto found = std::ranges::find(all, id, [](const OverviewPart* part) { return part->id; });
    return found == all.end() ? nullptr : *found;
}

Overview overviewOf(std::shared_ptr<const Model> model, std::shared_ptr<const Weights> weights, const NumberSource& numbers,
                    const Question& question, const std::string& stage) {
    const Picture picture(contextOf(std::move(model), std::move(weights), numbers, question));
    Overview overview{{picture.side("encoder"), picture.side("decoder")}, {}};
    overview.current = partOfStage(overview, stage);
    return overview;
}

}  // namespace lab::explain
