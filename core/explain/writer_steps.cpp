// Weights that serve every step of a stack: what each step adds to their gradient, and the sum.

#include "core/explain/quantities.h"
#include "core/explain/writer.h"

namespace lab::explain {
namespace {

constexpr NodeRow givenBack[] = {
    {"", "", "dOut im gradient.$B.output"},
    {"", "", "dFed im gradient.$L.feed_forward.output"},
};

/// "W^{(1)}" becomes "W", "W^{3(1)}" of an expert "W^{3}".
std::string withoutStep(std::string symbol, int step) {
    for (const std::string& mark : {"(" + text(step) + ")", std::string("^{}")})
        if (const std::size_t at = symbol.find(mark); at != std::string::npos) symbol.erase(at, mark.size());
    return symbol;
}

}  // namespace

/// Another step, as far as what it adds to the gradients of weights: from what came back to its parts, which the trace has.
Writer::Shared Writer::step(int layer) {
    const Shared g = graph(contextOfLayer(*m_context, layer));
    const Context& c = g->context();
    addForward(*g);
    g->define(givenBack);
    addAttentionBack(*g);
    addReadersBack(*g);
    for (int part = c.sublayer; part < static_cast<int>(c.sublayers.size()); ++part) {
        if (partOf(c, part) == Part::feedForward) addFeedForwardBack(*g, "dFed");
        if (c.is("bare")) continue;
        const NodeRow row{"", "", "dNormed$n ic gradient.$norm"};
        g->define({&row, 1}, {{"n", text(part)}, {"norm", c.part(part, "_norm")}});
        addPartNormBack(*g, part, "dNormed" + text(part));
    }
    return g;
}

/// Beside "X" of the step in hand "X.all", the sum over the steps, for those of the names that are parts of one. What another step adds
/// stands in that step's walk where this one's stands here.
void Writer::sumSteps(std::initializer_list<std::string> names) {
    const Context& c = *m_context;
    if (!c.is("sameWeights")) return;
    const std::string block = c.sublayers[static_cast<std::size_t>(c.sublayer)];
    for (int l = static_cast<int>(m_steps.size()); l < c.layersOfSide(); ++l) m_steps.push_back(l == c.block.layer ? m_main : step(l));
    for (const std::string& name : names) {
        const Node* own = m_main->find(name);
        if (!own || own->summed.empty()) continue;
        const NodeRow row{"", "", "$name.all $letters $sum = custom"};
        m_main->define({&row, 1}, {{"name", name}, {"letters", own->letters}, {"sum", own->summed}});
        Node& all = m_main->at(name + ".all");
        all.symbol = withoutStep(own->symbol.english(), c.block.layer);
        std::vector<std::pair<const Node*, int>> parts;
        for (int l = 0; l < c.layersOfSide(); ++l)
            parts.emplace_back(&m_steps[static_cast<std::size_t>(l)]->at(name),
                               l == c.block.layer ? -1 : c.blockOf(c.block.side + "." + text(l) + "." + block));
        all.terms = [own, parts](explain::Entry e) {
            std::vector<Term> terms;
            for (const auto& [part, there] : parts) {
                CellRef cell = own->cell(e);
                if (there >= 0 && part->moved && !cell.stage.empty()) cell = part->moved(e, cell);
                cell.block = cell.stage.empty() ? -1 : there;
                terms.push_back(single({part->value(e), part->nameOf(e), cell}));
            }
            return terms;
        };
    }
}

}  // namespace lab::explain
