#include "core/explain/code_program.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "core/config/layer_config.h"
#include "core/explain/quantities.h"
#include "core/layers/attention/random_features.h"
#include "core/layers/position/alibi.h"
#include "core/layers/position/rope.h"
#include "core/model/output_head.h"

namespace lab::explain {
namespace {

/// Who sees whom, a line a query: "110", "011"; of each head in turn where each has a mask of its own.
std::string visibleRows(const Context& c) {
    std::string rows;
    for (int h = 0; h < (c.is("hashed") ? c.block.heads : 1); ++h)
        for (int i = 0; i < c.queries; ++i) {
            rows += '\n';
            for (int j = 0; j < c.keys; ++j) rows += c.maskHides(h, i, j) ? '0' : '1';
        }
    return rows;
}

bool anyRowIsBlind(const std::string& rows) {
    std::istringstream words(rows);
    for (std::string row; words >> row;)
        if (row.find('1') == std::string::npos) return true;
    return false;
}

std::string numbersOf(const std::vector<double>& values) {
    std::string list;
    for (const double value : values) list += (list.empty() ? "" : ", ") + codeNumber(value);
    return "[" + list + "]";
}

/// In a text of Python.
std::string quoted(const std::string& text) {
    std::string all = "\"";
    for (const char c : text) all += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
    return all + "\"";
}

void describeRope(Context& c) {
    const RopeConfig& rope = c.config().position.rope;
    const RopeFrequencies frequencies = ropeFrequencies(rope, c.headDim, c.queries);
    if (frequencies.theta != plainFrequencies(rope.base, c.headDim)) c.traits.insert("scaled");
    if (rope.pairing == RopePairing::half) c.traits.insert("halves");
    c.variables["theta"] = numbersOf(frequencies.theta);
    c.variables["base"] = codeNumber(rope.base);
    c.variables["attentionFactor"] = codeNumber(frequencies.scale);
}

/// The buckets of one direction: how many, how many of one distance, and what the logarithm of a further one is multiplied by.
void describeBuckets(Context& c) {
    const PositionConfig& position = c.config().position;
    const int side = c.is("causal") ? position.buckets : position.buckets / 2, exact = side / 2, from = std::max(exact, 1);
    const double reach = std::log(static_cast<double>(position.max_distance) / from);
    c.variables["bucketsOfSide"] = text(side);
    c.variables["exactBuckets"] = text(exact);
    c.variables["wideFrom"] = text(from);
    c.variables["wideScale"] = codeNumber(exact > 0 && reach > 0.0 ? (side - exact) / reach : 0.0);
}

/// Which channels of a head RoPE turns, and which are made of what is kept.
void describeLatent(Context& c) {
    std::vector<int> turning, resting;
    const int count = c.is("rope") ? c.config().position.rope.dims.value_or(c.headDim) : 0;
    for (int p = 0; p < c.headDim; ++p) (isSharedChannel(c, p, count) ? turning : resting).push_back(p);
    if (!resting.empty()) c.traits.insert("rests");
    c.variables["turning"] = codeList(turning);
    c.variables["resting"] = codeList(resting);
}

/// What code asks of a form beyond what words and numbers do.
void describeForCode(Context& c) {
    const ModelConfig& config = c.config();
    if (config.position.kind == PositionKind::sinusoidal) c.traits.insert("sinusoidal");
    if (config.position.kind == PositionKind::learned) c.traits.insert("learned");
    c.variables["segmentEnd"] = text(config.segment_end.value_or(-1));
    c.variables["visible"] = "";
    if (c.is("causal !pattern !diagonal !padded"))
        c.traits.insert("plainCausal");
    else if (c.is("mask"))
        c.variables["visible"] = visibleRows(c);
    if (anyRowIsBlind(c.variables["visible"].english())) c.traits.insert("blindRow");
    if (c.is("rope")) describeRope(c);
    c.traits.insert(std::string(c.question.optimizer.kind->name));
    c.variables["slopes"] = c.is("alibi") ? numbersOf(alibiSlopes(c.block.heads)) : "";
    if (c.is("bucketed")) describeBuckets(c);
    if (c.is("latent")) describeLatent(c);
    c.variables["dsIn"] = c.is("capped") ? "ds_in" : "ds";
    c.variables["joined"] = c.is("opens") ? "opened" : "joined";
    if (c.is("drawn")) {
        const AttentionConfig& attention = config.attention;
        c.variables["omega"] = numbersOf(RandomFeatures(c.headDim, attention.features, attention.feature_seed, c.block.name).matrix());
    }
    c.variables["dSum"] = c.is("fades") ? "d_sum" : "do";
    c.variables["viaDecay"] = c.is("learnsDecay") ? " + via_decay" : "";
    c.variables["dqGlobal"] = c.is("rope") ? "dq_gt" : "dq_g";
    c.variables["dkGlobal"] = c.is("rope") ? "dk_gt" : "dk_g";
    c.variables["viaKV"] = !c.is("apart") ? "via_k + via_v" : c.is("bothKinds") ? "via_k + via_v + via_kg + via_vg" : "via_kg + via_vg";
    c.variables["viaG"] = c.is("opens") ? " + via_g" : "";
    c.variables["rampNumber"] = codeNumber(config.attention.span_ramp);
    if (c.is("keeps")) c.variables["segment"] = codeNumber(config.attention.pattern.parameters.find("segment").value_or(1.0));
    c.variables["capNumber"] = codeNumber(config.attention.soft_cap);
    c.variables["eps"] = codeNumber(config.norm.epsilon);
    c.variables["headEps"] = codeNumber(outputNormEpsilon);
    c.variables["z"] = c.is("pre") ? "z" : "x";
    c.variables["dqTurned"] = c.is("rope") ? "dq_t" : "dq";
    c.variables["dkDivided"] = c.is("unit") ? "dk_long" : "dk";
    c.variables["dkTurned"] = c.is("rope") ? Words("dk_t") : c.variables["dkDivided"];
    c.variables["dqEnd"] = c.is("normed") ? "dq_n" : c.variables["dqTurned"];
    c.variables["dkEnd"] = c.is("normed") ? "dk_n" : c.variables["dkTurned"];
}

}  // namespace

CodeProgram::CodeProgram(const CodeLanguage& language, const Walk& walk, const CodeSource& source)
    : m_language(language),
      m_walk(walk),
      m_source(source),
      m_context([&] {
          const auto context = explain::contextOf(source.model, source.weights, source.numbers, source.question);
          describeForCode(*context);
          return context;
      }()),
      m_writer(language, m_context),
      m_names{m_context->is("pre"), m_context->is("bare")},
      m_two(m_context->is("two")) {}

ContextPtr CodeProgram::contextOf(const std::string& block) const {
    const auto context = std::make_shared<Context>(*contextOfBlock(*m_context, block, 0, 0, ""));
    describeForCode(*context);
    return context;
}

/// Part n from the one in hand on; in a layer that is not in hand from its first.
Variables CodeProgram::partVariables(const Context& c, int n) const {
    return {{"n", n == 0 ? "" : text(n)},
            {"reads", m_names.reads(n)},
            {"stream", m_names.before(n)},
            {"sum", m_names.sum(n)},
            {"from", m_names.normFrom(n)},
            {"to", m_names.normTo(n)},
            {"norm", c.part(c.sublayer + n, "_norm")},
            {"cross", functionName(c.layer + ".cross_attention")},
            {"dy", "dy" + (n == 0 ? "" : text(n))}};
}

Variables CodeProgram::finalNorm(const std::string& side, const std::string& from, const std::string& to) const {
    return {{"n", "_f"}, {"from", from}, {"to", to}, {"norm", side + "_norm"}};
}

/// Where the layer's stream ends.
std::string CodeProgram::endName(const Context& c) const {
    const int parts = static_cast<int>(c.sublayers.size()) - c.sublayer;
    return m_names.of(m_names.pre ? "z" : "x", parts);
}

/// What the embedding reads.
std::string CodeProgram::idsName(bool ofDecoder) const {
    return m_context->is("vectors") ? "vectors" : m_two && ofDecoder ? "targets_in" : "tokens";
}

std::string CodeProgram::functionName(const std::string& name) const {
    std::string function = name;
    std::ranges::replace(function, '.', '_');
    return function;
}

std::string CodeProgram::layerCall(const std::string& side, int layer, const std::string& into) const {
    return side + "_" + text(layer) + "(" + into + (m_two && side == "decoder" ? ", m)" : ")");
}

void CodeProgram::function(const std::string& name, const std::string& arguments, const StageCode& body) {
    StageCode whole;
    m_writer.stage(whole, "function", {{"name", functionName(name)}, {"arguments", arguments}, {"body", indented(aligned(body.text))}});
    m_before += whole.text;
    m_functions[name] = namesIn(body.text);
    std::istringstream given(arguments);
    for (std::string one; std::getline(given >> std::ws, one, ',');) m_functions[name].insert(one);
}

void CodeProgram::part(StageCode& to, const std::string& key, int n) {
    m_writer.stage(to, key, partVariables(*m_context, n));
}

/// A layer of the model, or its self-attention alone, as a function of what it reads.
void CodeProgram::layerFunction(const std::string& side, int layer, bool selfAttentionOnly) {
    const std::string name = side + "." + text(layer);
    CodeWriter self = writer(name + ".attention");
    const Context& c = self.context();
    StageCode body;
    const int parts = selfAttentionOnly ? 1 : static_cast<int>(c.sublayers.size());
    for (int n = 0; n < parts; ++n) {
        const Variables v = partVariables(c, n);
        if (m_names.pre) self.stage(body, "norm", v);
        if (partOf(c, n) == Part::attention) self.file(body, "attention", v);
        if (partOf(c, n) == Part::cross) self.stage(body, "crossed", v);
        if (partOf(c, n) == Part::feedForward) self.file(body, "feed_forward", v);
        self.stage(body, "residual", v);
        if (m_names.post()) self.stage(body, "norm", v);
    }
    self.stage(body, "end", {{"end", m_names.of(m_names.pre ? "z" : "x", parts)}});
    function(name + (selfAttentionOnly ? ".attention" : ""), c.variables.at("z").english() + (m_two && side == "decoder" ? ", m" : ""),
             body);
}

void CodeProgram::crossFunction(int layer) {
    const std::string name = "decoder." + text(layer) + ".cross_attention";
    StageCode body;
    writer(name).file(body, "attention", {});
    function(name, "x, m", body);
}

/// Lines that run layers first to last - 1; gives the name of what comes out.
std::string CodeProgram::layers(StageCode& to, const std::string& side, int first, int last, std::string from) {
    for (int l = first; l < last; ++l) {
        m_writer.stage(to, "run_layer", {{"l", text(l)}, {"call", layerCall(side, l, from)}});
        from = "f_" + text(l) + ".end";
    }
    return from;
}

/// The side that is not in hand, from its tokens to its end.
void CodeProgram::sideFunction(const std::string& side) {
    const bool decoder = side == "decoder";
    const int count = decoder ? *m_context->config().num_decoder_layers : m_context->config().num_layers;
    for (int l = 0; l < count; ++l) {
        if (decoder) crossFunction(l);
        layerFunction(side, l, false);
    }
    StageCode body;
    m_writer.stage(body, "embed", {{"ids", idsName(decoder)}});
    const std::string last = layers(body, side, 0, count, m_context->variables.at("z").english());
    if (m_names.pre)
        writer(side + "." + text(count - 1) + ".attention").stage(body, "norm", finalNorm(side, last, "end"));
    else
        m_writer.stage(body, "end", {{"end", last}});
    function(side, decoder ? "m" : "", body);
}

void CodeProgram::writeBefore() {
    const Context& c = *m_context;
    const Input& input = c.question.input;
    const std::string side = c.block.side;
    StageCode start;
    m_writer.stage(start, "start", {{"checkpoint", quoted(m_source.checkpoint)}});
    m_writer.stage(start, "sizes",
                   {{"H", text(c.block.heads)},
                    {"G", text(c.block.kvHeads)},
                    {"C", text(c.d)},
                    {"D", text(c.headDim)},
                    {"g", text(c.head / c.group())},
                    {"tokens", codeList(input.tokens)},
                    {"targetTokens", codeList(input.targetTokens)},
                    {"targets", codeList(input.targets)},
                    {"U", text(c.config().input_dim.value_or(0))},
                    {"vectors", codeList(input.vectors)},
                    {"values", codeList(input.values)}});
    const bool decoder = side == "decoder", whole = m_two || c.block.layer > 0 || c.block.cross;
    if (whole) {
        StageCode rows, function;
        m_writer.stage(rows, "embedding", {{"ids", "ids"}, {"e", "rows"}});
        m_writer.stage(function, "embedding_function", {{"body", indented(aligned(rows.text))}});
        m_before += function.text;
    }
    if (m_two) sideFunction(decoder ? "encoder" : "decoder");
    for (int l = 0; m_walk.hasBackward && !m_language.derives && m_two && !decoder && l < *c.config().num_decoder_layers; ++l)
        layerBackFunction(l);
    for (int l = 0; l < c.layersOfSide(); ++l) {
        if (m_two && decoder && !(l == c.block.layer && c.block.cross)) crossFunction(l);
        if (l != c.block.layer) layerFunction(side, l, false);
    }
    if (c.block.cross) layerFunction(side, c.block.layer, true);
    StageCode run;
    if (m_two && decoder) m_writer.stage(run, "run_encoder");
    if (c.block.layer > 0 || c.block.cross) m_writer.stage(run, "embed", {{"ids", idsName(decoder)}});
    layers(run, side, 0, c.block.layer, c.variables.at("z").english());
    m_before = aligned(start.text) + m_before + (run.text.empty() ? "" : "\n\n" + run.text);
}

void CodeProgram::input(StageCode& to) {
    const Context& c = *m_context;
    const std::string below = "f_" + text(c.block.layer - 1);
    if (c.is("first")) m_writer.stage(to, "rows", {{"ids", idsName(c.is("decoder"))}, {"e", c.variables.at("z")}});
    if (c.block.cross) {
        const std::string from = c.block.layer > 0 ? below + ".end" : c.variables.at("z").english();
        m_writer.stage(to, "run_self", {{"call", functionName(c.layer) + "_attention(" + from + ", m)"}});
    }
    m_writer.stage(to, "input", {{"below", c.block.cross ? "f_self" : below}, {"memory", "enc"}});
    if (!m_names.pre) return;
    Variables v = partVariables(c, 0);
    m_writer.stage(to, "norm", v);
    m_writer.stage(to, "normed", v);
}

void CodeProgram::later(StageCode& to) {
    const Context& c = *m_context;
    std::string end = endName(c);
    for (int l = c.block.layer + 1; l < c.layersOfSide(); ++l) {
        m_writer.stage(to, "later_layer", {{"l", text(l)}, {"call", layerCall(c.block.side, l, end)}});
        end = "f_" + text(l) + ".end";
    }
    m_writer.stage(to, "later", {{"end", end}});
}

/// What the output head reads.
std::string CodeProgram::headName() const {
    return !m_context->is("answers") ? "dec.end" : m_names.pre ? "x_f" : "top";
}

/// From the last layer's end to the logits; of an encoder that has a decoder, through it.
void CodeProgram::answer(StageCode& to, const std::string& key) {
    const Context& c = *m_context;
    const bool answers = c.is("answers"), first = key == (c.is("mlp") ? "hidden" : "logits");
    const std::string normed = answers ? "x_f" : "m", top = m_names.pre ? normed : "top";
    if (key == "final_norm") {
        m_writer.stage(to, "norm", finalNorm(c.block.side, "top", normed));
        m_writer.stage(to, "normFinal", {{"to", normed}});
        return;
    }
    if (first && !answers) m_writer.stage(to, "logits_of_decoder", {{"memory", top}});
    m_writer.stage(to, key, {{"head", headName()}, {"a", text(c.answer)}});
}

StageCode CodeProgram::stageCode(const Stage& stage) {
    StageCode code;
    code.stage = stage.id;
    const Context& c = *m_context;
    const std::string key = codeKey(stage.id);
    const int parts = static_cast<int>(c.sublayers.size()) - c.sublayer;
    const int number = stage.id.size() > key.size() ? std::stoi(stage.id.substr(stage.id.find_first_of("0123456789"))) : 0;
    if (!m_language.runs) {
        m_writer.stage(code, key);
    } else if (stage.backward) {
        back(code, stage, key, number);
    } else if (key == "input") {
        input(code);
    } else if (key == "later") {
        later(code);
    } else if (stage.part == "logits") {
        answer(code, key);
    } else {
        const int n = stage.part == "ffn" ? parts - 1 : number;
        if (key == "residual" && n > 0 && partOf(c, c.sublayer + n) == Part::cross) part(code, "crossed", n);
        part(code, key, n);
        if (key == "norm") part(code, "normAlone", n);
    }
    if (m_language.runs) code.text = aligned(code.text);
    for (CodeResult& result : code.results) {
        result.values = resultValues(stage, result.grid);
        if (!result.values.empty()) code.text += std::string(m_language.comment) + " " + shownResult(result) + "\n";
    }
    return code;
}

WalkCode CodeProgram::write() {
    WalkCode code;
    code.language = &m_language;
    if (m_language.runs) writeBefore();
    code.before = m_before;
    for (const Stage& stage : m_walk.stages) code.stages.push_back(stageCode(stage));
    return code;
}

}  // namespace lab::explain
