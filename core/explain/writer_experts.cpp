// The stages of a mixture of experts: of the router, of each expert that the row in hand goes through, and of their sum.

#include "core/explain/quantities.h"
#include "core/explain/writer.h"

namespace lab::explain {

std::string expertNodes(const Context& c, const std::string& name, const std::string& result) {
    std::string nodes;
    for (int n = 0; n < static_cast<int>(c.experts.size()); ++n) nodes += name + text(n) + (result.empty() ? "" : ">" + result + text(n));
    return nodes;
}

void Writer::expertStages(const Shared& g, bool written) {
    const Context& c = g->context();
    for (const char* row : {"router", "choice"}) stage(g, row, written);
    for (int n = 0; n < static_cast<int>(c.experts.size()); ++n)
        for (const char* row : {"ffn_up", "ffn_bend", "ffn_down"})
            stage(g, {row + suffixOfExpert(n), {row, "of_expert"}, variablesOfExpert(c, n), "expert." + text(n), written});
    stage(g, {"experts", {"experts"}, {{"made", expertNodes(c, " down", "share")}}, {}, written});
}

void Writer::expertBackStages() {
    const Context& c = *m_context;
    stage(m_main, {"d_experts", {"d_experts"}, {{"made", expertNodes(c, " dyDown")}}});
    for (int n = 0; n < static_cast<int>(c.experts.size()); ++n) {
        const std::string nth = text(n);
        sumSteps({"dW_down" + nth, "db_down" + nth, "dW_gate" + nth, "db_gate" + nth, "dW_up" + nth, "db_up" + nth});
        for (const char* row : {"d_ffn_down", "d_ffn_down_matrix", "d_ffn_bend", "d_ffn_up", "d_ffn_up_matrix"})
            stage(m_main, {row + suffixOfExpert(n), {row, "of_expert"}, variablesOfExpert(c, n), "expert." + nth});
    }
    sumSteps({"dW_router"});
    for (const char* row : {"d_router", "d_router_matrix"}) stage(m_main, row);
    stage(m_main, {"d_ffn_both", {"d_ffn_both"}, {{"ways", expertNodes(c, " viaFeedForward")}}});
}

/// Of a layer behind the one in hand: what leads to the ways that its last stage adds up.
void Writer::laterExperts(const Shared& g, const std::string& id, int part, const std::string& layer) {
    const Context& c = g->context();
    stage(g, {id + "experts", {"d_later_experts"}, {{"n", text(part)}, {"made", expertNodes(c, " dyDown")}}, layer});
    for (int n = 0; n < static_cast<int>(c.experts.size()); ++n)
        stage(g, {id + "expert" + suffixOfExpert(n), {"d_later_expert"}, variablesOfExpert(c, n), layer});
}

}  // namespace lab::explain
