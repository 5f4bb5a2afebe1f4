// The way back of a walk's program.

#include <algorithm>

#include "core/explain/code_program.h"
#include "core/explain/quantities.h"
#include "core/explain/update.h"

namespace lab::explain {

/// Names of the gradients around part n, which comes in as m_after: of what the part gave (dy), of what it read (through), and of the
/// stream before it.
Variables CodeProgram::backVariables(const Context& c, int n) const {
    const auto of = [&](const std::string& base) { return n == 0 ? base : base + text(n); };
    const std::string sum = of("dz"), read = of("dx");
    Variables v{{"n", n == 0 ? "" : text(n)}, {"reads", m_names.reads(n)}, {"norm", c.part(c.sublayer + n, "_norm")}};
    v["dy"] = m_names.post() ? sum : m_after;
    v["through"] = m_names.pre ? read : of("via");
    v["given"] = m_names.pre ? read : m_after;
    v["gives"] = m_names.pre ? of("dzn") : sum;
    v["from"] = m_names.normFrom(n);
    v["to"] = m_names.normTo(n);
    return v;
}

/// Post-norm: back through the norm behind the part.
void CodeProgram::enterPart(StageCode& to, CodeWriter& w, int n) const {
    if (m_names.post()) w.stage(to, "norm_back", backVariables(w.context(), n));
}

/// Pre-norm: back through the norm before the part; then the ways straight on and through the part meet.
void CodeProgram::leavePart(StageCode& to, CodeWriter& w, int n) {
    Variables v = backVariables(w.context(), n);
    if (m_names.pre) w.stage(to, "norm_back", v);
    const Words dy = v.at("dy"), through = v.at(m_names.pre ? "gives" : "through");
    m_after = "d" + m_names.before(n);
    v = {{"straight", dy}, {"through", through}, {"gives", m_after}, {"of", m_names.before(n)}};
    w.stage(to, "sum_back", v);
    w.stage(to, "sum_shown", v);
}

/// Writes lines about a block whose forward pass is a function's, which `prefix` leads to.
CodeWriter CodeProgram::reader(const std::string& block, const std::string& function, const std::string& prefix) const {
    CodeWriter made = writer(block);
    made.readFrom(prefix, m_functions.at(function));
    return made;
}

void CodeProgram::crossBackFunction(int layer) {
    const std::string block = "decoder." + text(layer) + ".cross_attention";
    CodeWriter w = reader(block, block, "fw.");
    StageCode body;
    w.stage(body, "query_back", {{"dy", "dy"}});
    function(block + "_back", "fw, dy", body);
}

/// A layer of the decoder on the way back, for an encoder that is in hand.
void CodeProgram::layerBackFunction(int layer) {
    crossBackFunction(layer);
    const std::string name = "decoder." + text(layer);
    CodeWriter w = reader(name + ".attention", name, "fw.");
    StageCode body;
    m_after = "d_end";
    const int last = static_cast<int>(w.context().sublayers.size()) - 1;
    for (int n = last; n >= 0; --n) {
        enterPart(body, w, n);
        Variables v = backVariables(w.context(), n);
        const Part part = partOf(w.context(), n);
        if (part == Part::feedForward) w.stage(body, "ffn_back", v);
        v["call"] = functionName(name + ".cross_attention_back") + "(fw.f_cross, " + v.at("dy").english() + ")";
        if (part == Part::cross) w.stage(body, "cross_back", v);
        if (part == Part::attention)
            for (const char* key : {"query_back", "key_back", "value_back", "global_key_back", "global_value_back", "ways"})
                w.stage(body, key, v);
        leavePart(body, w, n);
    }
    m_writer.stage(body, "end", {{"end", m_after}});
    function(name + "_back", "fw, d_end", body);
}

void CodeProgram::answerBack(StageCode& to, const std::string& key) {
    const Context& c = *m_context;
    if (key != "d_final_norm") {
        m_writer.stage(to, key, {{"a", text(c.answer)}, {"head", headName()}});
        m_after = "dr";
        return;
    }
    const Variables v{{"n", "_f"}, {"given", m_after}, {"gives", "dtop"}, {"from", "top"}, {"to", "x_f"}};
    m_writer.stage(to, "norm_back", v);
    m_writer.stage(to, key, v);
    m_after = "dtop";
}

/// From the end of the layer in hand to its attention, and through it.
void CodeProgram::partsBack(StageCode& to, const std::string& key, int n) {
    const Context& c = *m_context;
    const Variables v = backVariables(c, n);
    const bool cross = key == "d_cross_query" || key == "d_cross";
    if (key == "d_norm") m_writer.stage(to, "norm_back", v);
    if (key == "d_residual") {
        const Words through = v.at(m_names.pre ? "gives" : "through"), dy = v.at("dy");
        m_after = "d" + m_names.before(n);
        const Variables sum{{"straight", dy}, {"through", through}, {"gives", m_after}, {"of", m_names.before(n)}};
        m_writer.stage(to, "sum_back", sum);
        return m_writer.stage(to, key, sum);
    }
    if (!cross) return m_writer.stage(to, key, v);
    const std::string block = c.layer + ".cross_attention";
    CodeWriter w = reader(block, block, "f_cross.");
    w.stage(to, key == "d_cross_query" ? "query_back" : key, v);
}

/// Back through a layer behind the one in hand.
void CodeProgram::laterBack(StageCode& to, const std::string& key, int layer) {
    const std::string name = m_context->block.side + "." + text(layer), f = "f_" + text(layer) + ".";
    CodeWriter w = reader(name + ".attention", name, f);
    const int last = static_cast<int>(w.context().sublayers.size()) - 1;
    if (key == "d_l_ffn") {
        enterPart(to, w, last);
        w.stage(to, "ffn_back", backVariables(w.context(), last));
        w.stage(to, "ffn_shown");
        leavePart(to, w, last);
    } else if (key == "d_l_cross_query") {
        enterPart(to, w, 1);
        const std::string block = name + ".cross_attention";
        reader(block, block, f + "f_cross.").stage(to, "query_back", backVariables(w.context(), 1));
    } else if (key == "d_l_cross_sum") {
        w.stage(to, key, backVariables(w.context(), 1));
        leavePart(to, w, 1);
    } else if (key == "d_l_query") {
        enterPart(to, w, 0);
        w.stage(to, "query_back", backVariables(w.context(), 0));
    } else if (key == "d_l_keys") {
        w.stage(to, "key_back");
    } else if (key == "d_l_values") {
        w.stage(to, "value_back");
    } else if (key == "d_l_global_keys") {
        w.stage(to, "global_key_back");
    } else if (key == "d_l_global_values") {
        w.stage(to, "global_value_back");
    } else {
        w.stage(to, "ways", backVariables(w.context(), 0));
        leavePart(to, w, 0);
    }
}

/// What the decoder's layers send back to the encoder's rows.
void CodeProgram::memoryBack(StageCode& to, const std::string& key, int layer) {
    const std::string l = text(layer), name = "decoder." + l, block = name + ".cross_attention", back = "b_" + l;
    if (key == "d_memory") {
        m_after = m_memory;
        if (m_names.pre)
            m_writer.stage(to, "norm_back", {{"n", "_f"}, {"given", m_memory}, {"gives", "dtop"}, {"from", "top"}, {"to", "m"}});
        if (m_names.pre) m_after = "dtop";
        return m_writer.stage(to, key);
    }
    if (key == "d_memory_keys") {
        if (m_memory.empty() && m_names.pre) {
            const Variables v{{"n", "_f"}, {"given", m_after}, {"gives", "d_dec"}, {"from", "f_" + l + ".end"}, {"to", "end"}};
            reader(block, "decoder", "dec.").stage(to, "norm_back", v);
            m_after = "d_dec";
        }
        m_writer.stage(to, "run_back", {{"b", back}, {"call", functionName(name + "_back") + "(dec.f_" + l + ", " + m_after + ")"}});
        m_after = back + ".end";
    }
    CodeWriter w = reader(block, block, "dec.f_" + l + ".f_cross.");
    if (!m_language.derives) w.readFrom(back + ".b_cross.", m_functions.at(block + "_back"));
    w.stage(to, key == "d_memory_keys" ? "key_back" : "value_back");
    if (key == "d_memory_keys") return;
    m_writer.stage(to, "memory_sum", {{"sum", (m_memory.empty() ? "" : m_memory + " + ") + std::string("via_k + via_v")}});
    m_memory = "dm";
}

void CodeProgram::update(StageCode& to) {
    const Question& q = m_context->question;
    const bool global = m_context->is("global");
    const std::string parameter = m_context->name(m_context->is("kv") ? ".key.weight" : global ? ".global_query.weight" : ".query.weight");
    const std::string symbol = m_context->is("kv") ? "W_K" : global ? "W_Qg" : "W_Q";
    std::string names = "t, rate", numbers = text(static_cast<int>(q.firstMoment ? q.step + 1 : 1)) + ", " + codeNumber(q.learningRate);
    for (const ParameterSpec& spec : q.optimizer.kind->parameters) {
        names += ", " + std::string(spec.key);
        numbers += ", " + codeNumber(q.optimizer.numbers[spec]);
    }
    const auto moment = [&](bool known, const char* which) {
        return known ? "P[\"optimizer." + std::string(which) + "_moment." + parameter + "\"]" : std::string("0 * w");
    };
    std::string second = moment(q.secondMoment != nullptr, "second");
    m_writer.stage(to, "update",
                   {{"numbers", names + " = " + numbers},
                    {"clip", codeNumber(clipFactor(*m_context))},
                    {"W", symbol},
                    {"first", moment(q.firstMoment != nullptr, "first")},
                    {"second", second},
                    {"row", text(m_walk.find("d_matrix")->result.row)}});
}

void CodeProgram::back(StageCode& to, const Stage& stage, const std::string& key, int number) {
    const int parts = static_cast<int>(m_context->sublayers.size()) - m_context->sublayer;
    if (stage.id == "update")
        update(to);
    else if (stage.part == "logits")
        answerBack(to, key);
    else if (key.starts_with("d_l_"))
        laterBack(to, key, number);
    else if (key.starts_with("d_memory"))
        memoryBack(to, key, number);
    else
        partsBack(to, key, stage.part == "ffn" ? parts - 1 : stage.part == "cross" ? 1 : number);
}

}  // namespace lab::explain
