// A mixture of experts in the feed-forward's place, forward and back (core/layers/experts.h says what it is): the router, whom it chose,
// and the way through each of those.

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

#include "core/explain/quantities.h"

namespace lab::explain {
namespace {

constexpr NodeRow routerRows[] = {
    {"", "x#c", "ff.x ic = same $of"},
    {"", "W_{E}#rc", "W_router ec $feedForward.router.weight"},
    {"", "s_{E}#c", "routerScore ie = ff.x W_router"},
    {"", "s_{E}#c", "routerRead ie = same routerScore"},
    {"", "max", "routerMax i. = maximum routerRead"},
    {"", "s_{E}#c \u2212 max", "routerShifted ie = routerRead - routerMax", "\u2212 max"},
    {"", "e#c", "routerExp ie = exp routerShifted", "exp"},
    {"", "\u03A3", "routerSum i. = routerExp"},
    {"", "p_{E}#c", "routerP ie $feedForward.router = quotient routerExp ; routerSum"},
    {"", LAB_TEXT("explain", "expert"), "chosen iz $feedForward.experts"},
    {"", "p_{E}", "chosenP iz = custom"},
    {"several", "\u03A3", "chosenSum i. = chosenP"},
    {"several", "g_{E}", "gates iz $feedForward.gates = quotient chosenP ; chosenSum"},
    {"!several", "g_{E}", "gates iz $feedForward.gates = same chosenP"},
};

constexpr SourceText byTheGate = LAB_TEXT("explain", "\u2202p_{E} by the gate");

/// What balances the choices: alpha E sum_e f_e P_e.
constexpr NodeRow balanceRows[] = {
    {"", "f_{E}#c", "expertShare e = custom"},
    {"", "P_{E}#c", "expertMean e = mean custom"},
    {"", "\u03B1 n_{E}", "balanceFactor . = custom"},
    {"", "\u03B1 n_{E} f_{E}#c P_{E}#c", "expertCost e = balanceFactor expertShare expertMean", "\u03B1 n_{E} f_{E} P_{E}"},
    {"", LAB_TEXT("explain", "cost"), "balanceCost . = expertCost"},
};

/// The weight of an expert in the sum of the row in hand.
constexpr NodeRow shareRows[] = {{"", "g_{E}", "share$nth i. = custom"}};

constexpr NodeRow sumOfExperts[] = {{"", "y#c", "down im $feedForward.output = custom"}};

constexpr NodeRow outputBackRows[] = {
    {"", "\u2202y#c", "dySum im = same $of:im"},
    {"", "\u2202g_{E}", "dGates iz gradient.$feedForward.gates = custom"},
};

constexpr NodeRow gatesBackRows[] = {
    {"", "\u2202g_{E}", "dGatesIn iz = same dGates"},
    {"several", "g_{E}", "gatesBack iz = same gates"},
    {"several", "g_{E} \u2202g_{E}", "gdg iz = gatesBack dGatesIn", "g_{E} \u00B7 \u2202g_{E}"},
    {"several", "\u03A3", "gdgSum i. = gdg"},
    {"several", "\u2202g_{E} \u2212 \u03A3", "betterGate iz = dGatesIn - gdgSum"},
    {"several", "\u03A3 p_{E}", "chosenSumBack i. = same chosenSum"},
    {"several", "\u2202p_{E}", "dChosenP iz = quotient betterGate ; chosenSumBack", byTheGate},
    {"!several", "\u2202p_{E}", "dChosenP iz = same dGatesIn", byTheGate},
    {"balanced", "1/T", "overRows . = custom"},
    {"balanced", "\u03B1 n_{E} f_{E}#c / T", "balancePull e = balanceFactor expertShare overRows",
     LAB_TEXT("explain", "of the balance: \u03B1 n_{E} f_{E} / T")},
    {"", "\u2202p_{E}#c", "dRouterP ie gradient.$feedForward.router = custom"},
    {"", "p_{E}#c", "routerPBack ie = same routerP"},
    {"", "p_{E}#c \u2202p_{E}#c", "pdp ie = routerPBack dRouterP", "p_{E} \u00B7 \u2202p_{E}"},
    {"", "\u03A3", "pdpSum i. = pdp"},
    {"", "\u2202p_{E}#c \u2212 \u03A3", "betterP ie = dRouterP - pdpSum", "\u2202p_{E} \u2212 \u03A3"},
    {"", "\u2202s_{E}#c", "dRouterScore ie = routerPBack betterP"},
    {"", "\u2202s_{E}#c", "dRouterScoreIn ie = same dRouterScore"},
    {"", LAB_TEXT("explain", "via the router"), "viaRouter ic! = back routerScore dRouterScoreIn ff.x"},
    {"", "\u2202W_{E}$step#rc", "dW_router ec gradient.$feedForward.router.weight = back routerScore dRouterScore W_router"},
    {"pre", "\u2202x#c", "viaFeedForward ic gradient.$L.feed_forward_norm = $ways + viaRouter"},
    {"post", LAB_TEXT("explain", "together"), "viaFeedForward ic! = $ways + viaRouter"},
};

/// Which experts each row goes through, and which of an expert's rows it is.
struct Routes {
    explicit Routes(const Context& c) : experts(c.config().feed_forward.experts) {
        for (int row = 0; row < c.expertRows(); ++row) chosen.push_back(c.expertsOf(row));
        places.resize(static_cast<std::size_t>(experts));
        for (auto& ofExpert : places) ofExpert.resize(chosen.size());
        std::vector<int> next(static_cast<std::size_t>(experts), 0);
        for (std::size_t row = 0; row < chosen.size(); ++row)
            for (const int e : chosen[row]) places[static_cast<std::size_t>(e)][row].push_back(next[static_cast<std::size_t>(e)]++);
    }
    int rows() const { return static_cast<int>(chosen.size()); }
    const std::vector<int>& of(int row) const { return chosen[static_cast<std::size_t>(row)]; }
    const std::vector<int>& placesOf(int expert, int row) const {
        return places[static_cast<std::size_t>(expert)][static_cast<std::size_t>(row)];
    }
    /// Which of the row's experts it is, each counted once; -1: none.
    int nth(int row, int expert) const {
        const std::vector<int> own = distinct(of(row));
        const auto found = std::ranges::find(own, expert);
        return found == own.end() ? -1 : static_cast<int>(found - own.begin());
    }

    int experts;
    std::vector<std::vector<int>> chosen;               ///< of a row, the first choice first
    std::vector<std::vector<std::vector<int>>> places;  ///< of an expert, by rows
};
using RoutesPtr = std::shared_ptr<const Routes>;

/// "ffn_up1" becomes that of another of a row's experts.
std::string stageOfExpert(std::string stage, int nth) {
    while (!stage.empty() && stage.back() >= '0' && stage.back() <= '9') stage.pop_back();
    return stage + suffixOfExpert(nth);
}

/// The numbers of one expert are of those rows alone that go through it: of the trace those stand one behind the other.
void routeRows(Graph& g, Node& node, const RoutesPtr& routes, int expert) {
    const std::size_t at = node.letters.size() - 2;
    if (node.parameter || node.letters.size() < 2 || node.letters[at] != 'i') return;
    if (!node.tensor.empty()) {
        const bool sums = node.tensor.starts_with("gradient.");  // where the hand chose an expert twice, both ways count
        node.place = [plain = node.place, routes, expert](Entry e) {
            const std::vector<int>& places = routes->placesOf(expert, e.row);
            return places.empty() ? std::int64_t{-1} : plain({e.head, places.front(), e.column});
        };
        node.read = [plain = node.read, routes, expert, sums](Entry e) {
            double sum = 0.0;
            for (const int place : routes->placesOf(expert, e.row)) {
                sum += plain({e.head, place, e.column});
                if (!sums) break;
            }
            return sum;
        };
    }
    node.absent = [routes, expert](Entry e) { return routes->placesOf(expert, e.row).empty(); };
    node.moved = [routes, expert, hand = g.context().query](Entry e, CellRef cell) {
        if (e.row == hand) return cell;
        const int nth = routes->nth(e.row, expert);
        if (nth < 0) return CellRef{};
        if (cell.stage.ends_with("experts"))  // where they stand below one another
            cell.row += nth - routes->nth(hand, expert);
        else
            cell.stage = stageOfExpert(cell.stage, nth);
        return cell;
    };
}

/// A weight of an expert is shown in the walks of rows that go through it: in a step where the row in hand does not, of the first that
/// does.
void routeWeight(const Context& c, Node& node, const RoutesPtr& routes, int expert) {
    node.moved = [routes, expert, hand = c.query](Entry, CellRef cell) {
        int row = hand;
        for (int other = 0; routes->nth(row, expert) < 0 && other < routes->rows(); ++other) row = other;
        if (routes->nth(row, expert) < 0) return CellRef{};
        if (row != hand) cell.query = row;
        cell.stage = stageOfExpert(cell.stage, routes->nth(row, expert));
        return cell;
    };
}

Words gateName(const char* symbol, int expert) {
    return named(symbol, text(expert));
}

/// p of a chosen expert, and its gate, called after the expert.
void setChoices(Graph& g, const RoutesPtr& routes) {
    Node &p = g.at("routerP"), &chosenP = g.at("chosenP");
    const auto expertOf = [routes](Entry e) { return routes->of(e.row)[static_cast<std::size_t>(e.column)]; };
    chosenP.operation = Operation::given;
    chosenP.read = [&p, expertOf](Entry e) { return p.value({0, e.row, expertOf(e)}); };
    chosenP.terms = [&p, expertOf](Entry e) { return std::vector{single(p({0, e.row, expertOf(e)}))}; };
    g.at("chosen").note = [](Entry e) { return Message(LAB_TEXT("explain", "the router\u2019s choice %1, by p_{E}")).arg(e.column + 1); };
    for (const auto& [name, symbol] : {std::pair{"chosenP", "p_{E}"}, {"gates", "g_{E}"}})
        g.at(name).name = [symbol, expertOf](Entry e) { return gateName(symbol, expertOf(e)); };
}

void addBalance(Graph& g, const RoutesPtr& routes) {
    const Context& c = g.context();
    if (!c.is("balanced")) return;
    g.define(balanceRows);
    g.at("balanceFactor").read = [factor = c.config().feed_forward.balance * routes->experts](Entry) { return factor; };
    std::vector<int> counts(static_cast<std::size_t>(routes->experts), 0);
    for (const auto& chosen : routes->chosen)
        for (const int e : chosen) ++counts[static_cast<std::size_t>(e)];
    const int all = std::accumulate(counts.begin(), counts.end(), 0);
    Node &share = g.at("expertShare"), &mean = g.at("expertMean");
    share.read = [counts, all](Entry e) { return static_cast<double>(counts[static_cast<std::size_t>(e.column)]) / all; };
    share.note = [counts, all](Entry e) {
        return Message(LAB_TEXT("explain", "%1 of the %2 choices of this sequence"))
            .arg(counts[static_cast<std::size_t>(e.column)])
            .arg(all);
    };
    mean.terms = [&p = g.at("routerP"), routes](Entry e) {
        std::vector<Term> terms;
        for (int row = 0; row < routes->rows(); ++row) terms.push_back(single(p({0, row, e.column}, true)));
        return terms;
    };
}

/// The gates of the row's choices of one expert: one, unless the hand chose it twice.
void setShare(Node& share, const RoutesPtr& routes, int expert, Node& gates) {
    const auto gatesOf = [routes, expert, &gates](int row) {
        std::vector<Term> terms;
        const std::vector<int>& chosen = routes->of(row);
        for (int n = 0; n < static_cast<int>(chosen.size()); ++n)
            if (chosen[static_cast<std::size_t>(n)] == expert) terms.push_back(single(gates({0, row, n})));
        return terms;
    };
    share.read = [gatesOf](Entry e) {
        double sum = 0.0;
        for (const Term& term : gatesOf(e.row)) sum += term.value();
        return sum;
    };
    share.terms = [gatesOf](Entry e) { return gatesOf(e.row); };
    if (std::ranges::count(routes->of(gates.graph->context().query), expert) < 2) share.operation = Operation::given;
    share.name = [expert](Entry) { return gateName("g_{E}", expert); };
}

/// Calls act(nth, expert, the variables of its rows).
template <class Act>
void eachExpert(const Context& c, const Act& act) {
    for (int n = 0; n < static_cast<int>(c.experts.size()); ++n) act(n, c.experts[static_cast<std::size_t>(n)], variablesOfExpert(c, n));
}

/// What the choices of the row in hand, of which each goes through an expert, give back to the gates.
std::vector<Term> gateTerms(const Graph& g, const Routes& routes, Entry e) {
    std::vector<Term> terms;
    const int nth = routes.nth(e.row, routes.of(e.row)[static_cast<std::size_t>(e.column)]);
    const Node &dy = g.at("dySum"), &made = g.at("down" + text(nth));
    for (int m = 0; m < g.columns(dy); ++m) terms.push_back(product(made({0, e.row, m}), dy({0, e.row, m})));
    return terms;
}

/// Of a row's p: by its gate, where the expert was chosen, and by the balance.
void setRouterBack(Graph& g, const RoutesPtr& routes) {
    const Context& c = g.context();
    Node &byGate = g.at("dChosenP"), &dp = g.at("dRouterP"), *pull = g.find("balancePull");
    if (Node* over = g.find("overRows")) over->read = [rows = routes->rows()](Entry) { return 1.0 / rows; };
    const auto expertOf = [routes](Entry e) { return routes->of(e.row)[static_cast<std::size_t>(e.column)]; };
    byGate.name = [expertOf](Entry e) { return Message(LAB_TEXT("explain", "%1 by the gate")).arg(gateName("\u2202p_{E}", expertOf(e))); };
    for (const char* name : {"dGates", "dGatesIn"}) g.at(name).name = [expertOf](Entry e) { return gateName("\u2202g_{E}", expertOf(e)); };
    if (Node* gate = g.find("gatesBack")) gate->name = [expertOf](Entry e) { return gateName("g_{E}", expertOf(e)); };
    if (c.setByHand(c.layer + ".feed_forward.gates")) {
        byGate.read = [](Entry) { return 0.0; };
        byGate.why = [](Entry) { return nothingBack(); };
    }
    dp.terms = [&byGate, pull, routes](Entry e) {
        std::vector<Term> terms;
        const std::vector<int>& chosen = routes->of(e.row);
        for (int n = 0; n < static_cast<int>(chosen.size()); ++n)
            if (chosen[static_cast<std::size_t>(n)] == e.column) terms.push_back(single(byGate({0, e.row, n})));
        if (pull) terms.push_back(single((*pull)({0, 0, e.column})));
        return terms;
    };
    if (!pull)
        dp.why = [routes](Entry e) {
            const bool chosen = std::ranges::find(routes->of(e.row), e.column) != routes->of(e.row).end();
            return chosen ? Words() : Words(LAB_TEXT("explain", "0: the row does not go through this expert, and no balance is asked for"));
        };
    if (!c.setByHand(c.layer + ".feed_forward.router")) return;
    g.at("dRouterScore").read = [](Entry) { return 0.0; };
    g.at("dRouterScore").why = [](Entry) { return nothingBack(); };
}

}  // namespace

std::string suffixOfExpert(int nth) {
    return nth == 0 ? "" : text(nth);
}

Variables variablesOfExpert(const Context& c, int nth) {
    const std::string expert = text(c.experts[static_cast<std::size_t>(nth)]);
    const std::string step = c.is("sameWeights") ? "(" + text(c.block.layer) + ")" : "";
    return {{"nth", text(nth)},
            {"expert", expert},
            {"feedForward", c.layer + ".feed_forward.experts." + expert},
            {"ofExpert", "^{" + expert + "}"},
            {"step", "^{" + expert + step + "}"}};
}

void addExperts(Graph& g, const std::string& of) {
    const Context& c = g.context();
    const auto routes = std::make_shared<const Routes>(c);
    g.define(routerRows, {{"of", of}});
    setChoices(g, routes);
    addBalance(g, routes);
    eachExpert(c, [&](int n, int expert, const Variables& v) {
        addExpert(g, v);
        for (const char* name : {"gate", "up", "gateRead", "upRead", "hidden", "down"})
            if (Node* node = g.find(name + text(n))) routeRows(g, *node, routes, expert);
        g.define(shareRows, v);
        setShare(g.at("share" + text(n)), routes, expert, g.at("gates"));
    });
    g.define(sumOfExperts);
    g.at("down").terms = [&g, count = static_cast<int>(c.experts.size())](Entry e) {
        std::vector<Term> terms;
        for (int n = 0; n < count; ++n)
            terms.push_back(product(g.at("share" + text(n))({0, e.row, 0}), g.at("down" + text(n))({0, e.row, e.column})));
        return terms;
    };
}

void addExpertsBack(Graph& g, const std::string& of) {
    const Context& c = g.context();
    const auto routes = std::make_shared<const Routes>(c);
    g.define(outputBackRows, {{"of", of}});
    g.at("dGates").terms = [&g, routes](Entry e) { return gateTerms(g, *routes, e); };
    std::string ways;
    eachExpert(c, [&](int n, int expert, const Variables& v) {
        addExpertBack(g, v);
        for (const char* name : {"dyDown", "df", "dfIn", "gateBack", "upBack", "bend", "gateBent", "du", "dg", "duIn", "dgIn"})
            if (Node* node = g.find(name + text(n))) routeRows(g, *node, routes, expert);
        for (const char* name : {"dW_down", "db_down", "dW_gate", "db_gate", "dW_up", "db_up"})
            if (Node* node = g.find(name + text(n))) routeWeight(c, *node, routes, expert);
        Node& way = g.at("viaFeedForward" + text(n));
        way.symbol = way.label = Message(LAB_TEXT("explain", "via expert %1")).arg(expert);
        ways += (n > 0 ? " + viaFeedForward" : "viaFeedForward") + text(n);
    });
    g.define(gatesBackRows, {{"ways", ways}});
    setRouterBack(g, routes);
}

}  // namespace lab::explain
