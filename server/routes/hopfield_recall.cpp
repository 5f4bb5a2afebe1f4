#include "server/routes/hopfield_recall.h"

#include <array>
#include <numeric>

#include "core/memory/pattern_vectors.h"
#include "core/memory/recall_end.h"

namespace lab::server {
namespace {

constexpr std::array kindNames{"pattern", "inverse", "mixture", "other"};  // as StateKind has them
constexpr std::array regimeNames{"mean", "metastable", "one"};             // as Regime has them

Json storedNames(const StoredMemory& stored) {
    Json names = Json::array();
    for (const Pattern& pattern : stored.pictures) names.push_back(pattern.name);
    return names;
}

Json storedJson(const RecallRequest& request) {
    const Pattern& first = request.stored.pictures.front();
    return {{"rule", request.choice.rule ? request.choice.rule->name : modernRule},
            {"units", request.stored.units()},
            {"rows", first.rows},
            {"columns", first.columns},
            {"patterns", storedNames(request.stored)}};
}

/// x . s / N with each pattern.
template <class State>
Json overlapsOf(const StoredVectors& patterns, const State& state) {
    Json overlaps = Json::array();
    for (int k = 0; k < patterns.count; ++k)
        overlaps.push_back(std::inner_product(state.begin(), state.end(), patterns.row(k), 0.0) / patterns.dimension);
    return overlaps;
}

template <class State>
Json stepJson(const RecallRequest& request, int update, double energy, const State& state) {
    return {{"update", update}, {"energy", energy}, {"state", state}, {"overlaps", overlapsOf(request.stored.vectors, state)}};
}

Json endJson(const NamedState& end, const std::vector<Pattern>& patterns) {
    Json names = Json::array();
    for (const int k : end.patterns)
        if (k >= 0) names.push_back(patterns[static_cast<std::size_t>(k)].name);
    return {{"kind", kindNames[static_cast<std::size_t>(end.kind)]},
            {"patterns", names},
            {"nearest", patterns[static_cast<std::size_t>(end.nearest)].name},
            {"overlap", end.overlap},
            {"differing", end.differing},
            {"sentence", stateText(end, patterns).english()}};
}

Json flipsJson(const Recall& record) {
    Json flips = Json::array();
    for (const Flip& flip : record.flips)
        flips.push_back({{"update", flip.update},
                         {"unit", flip.unit},
                         {"field", flip.field},
                         {"to", flip.to},
                         {"energy", record.energies[static_cast<std::size_t>(flip.update)]}});
    return flips;
}

Json classicalJson(const RecallRequest& request) {
    const HopfieldNet net(*request.choice.rule, request.stored.pictures);
    const States query = signsOf(request.cue, request.stored.pictures.front()).states;
    const Recall record = recall(net, query, request.choice.mode, request.choice.seed, request.steps);
    Json json = storedJson(request);
    json.update({{"mode", nameOf(record.mode)},
                 {"updates", record.updates()},
                 {"settled", record.ending == RecallEnding::settled},
                 {"sentence", endingText(record).english()},
                 {"end", endJson(namedState(net.patterns(), record.end()), net.patterns())}});
    const int stride = record.mode == RecallMode::asynchronous ? net.units() : 1;
    for (int update = 0; update <= record.updates(); update += stride)
        json["steps"].push_back(stepJson(request, update, record.energies[static_cast<std::size_t>(update)], record.stateAfter(update)));
    if (request.flips) json["flips"] = flipsJson(record);
    return json;
}

Json endJson(const ModernNet& net, const std::vector<double>& state, const Json& names) {
    const FixedPointName end = net.nameOf(state);
    Json mixed = Json::array();
    for (const int k : end.patterns) mixed.push_back(names[static_cast<std::size_t>(k)]);
    return {{"kind", regimeNames[static_cast<std::size_t>(end.regime)]},
            {"patterns", mixed},
            {"nearest", names[static_cast<std::size_t>(net.nearest(state))]},
            {"effective", end.effective},
            {"sentence", regimeText(end, names.get<std::vector<std::string>>(), net.count()).english()}};
}

Json modernJson(const RecallRequest& request) {
    const ModernNet net(request.stored.vectors, request.choice.betaFor(request.stored.units()));
    const Settling way = net.settle(request.cue, settledWithin, request.steps);
    Json json = storedJson(request);
    json.update({{"beta", net.beta()},
                 {"updates", way.updates},
                 {"settled", way.settled},
                 {"sentence", endingText(way).english()},
                 {"end", endJson(net, way.end(), json["patterns"])}});
    for (std::size_t k = 0; k < way.states.size(); ++k) {
        Json step = stepJson(request, static_cast<int>(k), way.energies[k], way.states[k]);
        step["weights"] = net.weights(way.states[k]);
        json["steps"].push_back(std::move(step));
    }
    return json;
}

}  // namespace

Json recallJson(const RecallRequest& request) {
    return request.choice.rule ? classicalJson(request) : modernJson(request);
}

}  // namespace lab::server
