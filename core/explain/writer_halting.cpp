// The stages of a stack whose positions halt: how far the row goes, the mean of its states, and what comes back to each of them.

#include "core/explain/quantities.h"
#include "core/explain/writer.h"

namespace lab::explain {
namespace {

constexpr NodeRow nothingRows[] = {{"pre", "\u2202z\u2032#c", "noEnd ic = custom"}, {"post", "\u2202x#c", "noEnd ic = custom"}};

}  // namespace

void Writer::haltingStages() {
    const Context& c = *m_context;
    std::string states;
    for (int t = 0; t < c.layersOfSide(); ++t) states += t < c.block.layer ? " past" + text(t) : " level" + text(t - c.block.layer);
    stage(m_main, "halting");
    stage(m_main, {"mean", {"mean"}, {{"states", states}}});
}

/// From the gradient of the mean to that of the state behind the last step.
void Writer::haltingBack(const std::string& of) {
    Graph& g = *m_main;
    addHaltingBack(g, of);
    g.define(nothingRows);
    g.at("noEnd").read = [](explain::Entry) { return 0.0; };
    g.at("noEnd").why = [](explain::Entry) {
        return LAB_TEXT("explain", "0: the row had halted, and what this step made of it was thrown away");
    };
    stage(m_main, "d_mean");
    stateBack(m_context->layersOfSide() - 1, nullptr);
}

/// The gradient of the state behind a step, of which `fromStep` came through the step that follows.
void Writer::stateBack(int step, Node* fromStep) {
    const Context& c = *m_context;
    m_end = &m_main->at(addStateBack(*m_main, step, fromStep));
    const std::string t = text(step);
    const bool own = step == c.block.layer;
    std::vector<const char*> rows{"d_state"};
    if (c.stepsOf(c.query) <= step) rows.push_back("d_state_left");
    stage(m_main, {own ? "d_state" : "d_l" + t + "_state", rows, {{"t", t}, {"layer", t}}, own ? "" : c.block.side + "." + t});
}

/// What goes into a step on the way back: of a row that had halted nothing.
Node& Writer::endOf(int step) const {
    const Context& c = *m_context;
    return c.is("halts") && c.stepsOf(c.query) <= step ? m_main->at("noEnd") : *m_end;
}

}  // namespace lab::explain
