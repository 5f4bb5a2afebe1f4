// Hopfield networks: what they store and find back, and how much they hold.

#include <algorithm>

#include "core/config/field.h"
#include "core/memory/icons.h"
#include "server/routes/hopfield_recall.h"
#include "server/routes/tables.h"
#include "server/routes/time_limit.h"

namespace lab::server {
namespace {

using Kind = Parameter::Kind;

constexpr int mostNeurons = 500, mostStored = 1000, mostPoints = 20, mostDraws = 50;
constexpr std::size_t mostBytes = std::size_t{4} << 20;

Json ruleJson(const StorageRule& rule) {
    return {{"name", rule.name},
            {"title", Message(rule.title).english()},
            {"help", Message(rule.help).english()},
            {"formula", rule.formula},
            {"source", rule.source},
            {"keeps_diagonal", rule.diagonal}};
}

Json modernJson() {
    return {
        {"name", modernRule},
        {"title", Message(LAB_TEXT("server", "modern")).english()},
        {"help", Message(LAB_TEXT("server",
                                  "Real numbers in place of signs: an update is the mean of the patterns, weighed by a softmax of their "
                                  "products with the state. Attention is one such update with the keys as patterns."))
                     .english()},
        {"formula", "ξ' = X softmax(β Xᵀ ξ)"},
        {"source", "Ramsauer et al. 2020 (arXiv 2008.02217)"}};
}

Json pictureNames(const std::vector<Pattern>& pictures) {
    Json names = Json::array();
    for (const Pattern& picture : pictures) names.push_back(picture.name);
    return names;
}

Json about() {
    Json json;
    for (const StorageRule* rule : storageRules()) json["rules"].push_back(ruleJson(*rule));
    json["rules"].push_back(modernJson());
    for (const RecallModeSpec& mode : EnumRows<RecallMode>::rows)
        json["modes"].push_back({{"name", mode.name}, {"help", Message(mode.help).english()}});
    json["pictures"] = {{"built-in:icons", pictureNames(iconPatterns())}, {"built-in:letters", pictureNames(letterPatterns())}};
    return json;
}

Response listMemories(Call&) {
    static const Response response = jsonResponse(about());
    return response;
}

Response recallOne(Call& call) {
    RecallRequest request;
    request.choice = memoryOf(call.body);
    request.stored = storedOf(call.body, !request.choice.rule);
    request.cue = cueOf(call.body, request.stored, request.choice);
    request.steps = static_cast<int>(call.body.integer("steps"));
    request.flips = call.body.boolean("flips");
    return jsonResponse(recallJson(request));
}

std::vector<int> countsOf(const Values& body) {
    std::vector<int> counts;
    for (const auto count : body.at("patterns").get<std::vector<std::int64_t>>()) {
        if (count < 1 || count > mostStored)
            throw wrong("/patterns/" + std::to_string(counts.size()), outOfRange(std::to_string(count), {1, mostStored}));
        counts.push_back(static_cast<int>(count));
    }
    return counts;
}

CapacityQuestion questionOf(const Values& body, std::uint64_t seed) {
    CapacityQuestion question;
    question.neurons = static_cast<int>(body.integer("neurons"));
    question.patterns = countsOf(body);
    question.flip = body.real("flip");
    question.correlation = body.real("correlation");
    question.draws = static_cast<int>(body.integer("draws"));
    question.seed = seed;
    return question;
}

Response capacity(Call& call) {
    const MemoryChoice choice = memoryOf(call.body);
    const CapacityQuestion question = questionOf(call.body, choice.seed);
    TimeLimit limit;
    const auto points = capacityCurve(memoryMaker(choice), question, 1, [&limit] { return limit.reached(); });
    limit.require();
    Json json{{"rule", call.body.text("rule")}, {"neurons", question.neurons}, {"points", Json::array()}};
    for (const CapacityPoint& point : points)
        json["points"].push_back({{"patterns", point.patterns},
                                  {"load", point.load},
                                  {"overlap", point.overlap},
                                  {"exact", point.exact},
                                  {"draws", point.draws}});
    return jsonResponse(json);
}

std::vector<Parameter> recallKeys() {
    std::vector<Parameter> keys = storedKeys();
    std::ranges::move(memoryKeys(), std::back_inserter(keys));
    std::ranges::move(cueKeys(), std::back_inserter(keys));
    keys.push_back({.name = "steps",
                    .kind = Kind::integer,
                    .help = LAB_TEXT("server", "sweeps over all units, or updates of all at once, at the most"),
                    .limits = {1, mostSweeps},
                    .standard = mostSweeps});
    keys.push_back({.name = "flips",
                    .kind = Kind::boolean,
                    .help = LAB_TEXT("server", "also every flip of a classical net, with its field and the energy after it"),
                    .standard = false});
    return keys;
}

std::vector<Parameter> capacityKeys() {
    const CapacityQuestion usual;
    std::vector<Parameter> keys = memoryKeys();
    keys.push_back({.name = "neurons", .kind = Kind::integer, .limits = {1, mostNeurons}, .standard = usual.neurons});
    keys.push_back({.name = "patterns",
                    .kind = Kind::tokens,
                    .help = LAB_TEXT("server", "how many random patterns are stored, a point each"),
                    .limits = {1, mostPoints},
                    .required = true});
    keys.push_back({.name = "flip",
                    .kind = Kind::real,
                    .help = LAB_TEXT("server", "share of a pattern\u2019s units that are flipped first"),
                    .limits = {0, 1},
                    .standard = usual.flip});
    keys.push_back({.name = "correlation",
                    .kind = Kind::real,
                    .help = LAB_TEXT("server", "how much patterns overlap on average"),
                    .limits = {0, 1},
                    .standard = usual.correlation});
    keys.push_back({.name = "draws",
                    .kind = Kind::integer,
                    .help = LAB_TEXT("server", "sets of patterns that are drawn for a point"),
                    .limits = {1, mostDraws},
                    .standard = usual.draws});
    return keys;
}

}  // namespace

std::vector<Route> hopfieldRoutes() {
    return {
        {.name = "hopfield",
         .method = "GET",
         .path = "/api/v1/hopfield",
         .summary = LAB_TEXT("server", "How a Hopfield network may store patterns, and the pictures that come with the program."),
         .handle = listMemories},
        {.name = "hopfield.recall",
         .method = "POST",
         .path = "/api/v1/hopfield:recall",
         .summary = LAB_TEXT("server", "What a network of these patterns makes of a cue, step by step, and what it ends at."),
         .handle = recallOne,
         .body = Route::Body::json,
         .keys = recallKeys(),
         .mostBytes = mostBytes,
         .slow = true},
        {.name = "hopfield.capacity",
         .method = "POST",
         .path = "/api/v1/hopfield:capacity",
         .summary = LAB_TEXT("server", "How many random patterns a network finds back."),
         .handle = capacity,
         .body = Route::Body::json,
         .keys = capacityKeys(),
         .slow = true},
    };
}

}  // namespace lab::server
