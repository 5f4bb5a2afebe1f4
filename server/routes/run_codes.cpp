// The codes that a run's bottleneck has learned.

#include <algorithm>

#include "core/base/number_text.h"
#include "core/codes/code_json.h"
#include "core/config/field.h"
#include "server/routes/moment.h"
#include "server/routes/number_body.h"
#include "server/routes/tables.h"
#include "server/service/service.h"

namespace lab::server {
namespace {

using Kind = Parameter::Kind;

constexpr int mostSequences = 2000, mostNearest = 100, mostTurns = 64;
constexpr int longestSequence = 512;  ///< a token is decoded after the other, each from all before it

Parameter sequencesKey() {
    return {.name = "sequences",
            .kind = Kind::integer,
            .help = LAB_TEXT("server", "of the test, at the most; equal ones count once"),
            .limits = {1, mostSequences},
            .standard = codes::CodeQuestion().sequences};
}

struct CodedMoment {
    Moment moment;
    std::int64_t step = 0;
    codes::CodedTask coded;
};

/// Throws Refusal, and InputError for a run without a bottleneck.
CodedMoment codedMoment(const Call& call, const Values& values, int sequences) {
    const std::string& run = call.request.place("run");
    call.service.runs.with(run, [](ServedRun& served) { codes::requireBottleneck(served.run->model()->config()); });
    const std::int64_t step = stepOf(call, run, values.text("step"));
    Moment moment = momentOf(call.service, run, step);
    codes::SequenceSet set = codes::testSet(*moment.dataset, sequences);
    codes::Coder coder(moment.model, moment.weights->weights);
    LoadedTask task{moment.experiment, moment.dataset};
    return {std::move(moment), step, {std::move(coder), std::move(task), std::move(set)}};
}

template <class Result>
Result inTime(std::optional<Result> result) {
    if (!result) TimeLimit::refuse();
    return std::move(*result);
}

Response measures(Call& call) {
    const CodedMoment at = codedMoment(call, call.query, static_cast<int>(call.query.integer("sequences")));
    TimeLimit limit;
    const codes::MeasuresWanted wanted{call.query.boolean("changes"), call.query.boolean("lengths")};
    return jsonResponse(codes::measuresJson(at.step, inTime(codes::measured(at.coded, wanted, limit.watch())), at.coded.set));
}

/// {"3": 14}: slots and the codes they shall have.
std::vector<codes::Turn> turnsOf(const Values& body, const BottleneckShape& shape) {
    std::vector<codes::Turn> turns;
    if (!body.has("turns")) return turns;
    if (body.at("turns").size() > mostTurns) throw wrong("/turns", outOfRange(std::to_string(body.at("turns").size()), {0, mostTurns}));
    for (const auto& [key, value] : body.at("turns").items()) {
        const std::string pointer = "/turns/" + key;
        const auto slot = parseInteger(key);
        if (!slot || *slot < 0 || *slot >= shape.slotCount)
            throw wrong(pointer, Message(LAB_TEXT("server", "there is no such slot; there are 0 to %1")).arg(shape.slotCount - 1));
        const Limits limits{0, static_cast<double>(shape.codes - 1)};
        if (!value.is_number_integer() || !limits.contains(value.get<double>())) throw wrong(pointer, outOfRange(value.dump(), limits));
        turns.push_back({static_cast<int>(*slot), value.get<int>()});
    }
    return turns;
}

Response encodeLearned(Call& call) {
    const CodedMoment at = codedMoment(call, call.body, static_cast<int>(call.body.integer("sequences")));
    const std::vector<codes::Turn> turns = turnsOf(call.body, at.coded.coder.shape());
    const auto nearest = static_cast<std::size_t>(call.body.integer("nearest"));
    const codes::Symbols sequence = inputOf(call.body, at.moment).tokens;
    const std::string key = call.body.has("tokens") ? "tokens" : "input";
    if (sequence.size() > longestSequence)
        throw wrong("/" + key,
                    Message(LAB_TEXT("server", "%1 tokens; at most %2 are coded here")).arg(sequence.size()).arg(longestSequence));
    TimeLimit limit;
    const auto look = about(key, [&] { return inTime(codes::lookedAt(at.coded, sequence, nearest, turns, limit.watch())); });
    return jsonResponse(codes::lookJson(at.coded, look));
}

Response decodeLearned(Call& call) {
    const goedel::Natural number = numberOf(call.body);
    const CodedMoment at = codedMoment(call, call.body, 1);
    return jsonResponse(about("number", [&] { return codes::decodedJson(codes::decodedNumber(at.coded, number)); }));
}

Parameter stepKey() {
    const std::vector<Parameter> keys = inputKeys();
    return *std::ranges::find(keys, "step", &Parameter::name);
}

std::vector<Parameter> learnedKeys() {
    std::vector<Parameter> keys;
    for (Parameter& key : inputKeys())
        if (key.name == "input" || key.name == "tokens" || key.name == "step") keys.push_back(std::move(key));
    keys.push_back(sequencesKey());
    keys.push_back({.name = "nearest",
                    .kind = Kind::integer,
                    .help = LAB_TEXT("server", "so many of the test sequences, those with the nearest codes"),
                    .limits = {0, mostNearest},
                    .standard = codes::usualNearest});
    keys.push_back({.name = "turns",
                    .kind = Kind::object,
                    .help = LAB_TEXT("server", "slots and the codes that they are set to, one at a time: {\"3\": 0}")});
    return keys;
}

std::vector<Parameter> measureKeys() {
    return {stepKey(),
            sequencesKey(),
            {.name = "changes",
             .kind = Kind::boolean,
             .help = LAB_TEXT("server", "also what one changed symbol does to the code, and one changed slot to what is decoded"),
             .standard = false},
            {.name = "lengths",
             .kind = Kind::boolean,
             .help = LAB_TEXT("server", "also sequences of other lengths than the trained one"),
             .standard = false}};
}

}  // namespace

std::vector<Route> runCodeRoutes() {
    return {
        {.name = "runs.codes",
         .method = "GET",
         .path = "/api/v1/runs/{run}/codes",
         .summary = LAB_TEXT("server", "Measures of the codes that a run with a bottleneck makes of sequences."),
         .handle = measures,
         .query = measureKeys(),
         .slow = true},
        {.name = "runs.codes.encode",
         .method = "POST",
         .path = "/api/v1/runs/{run}/codes:encode",
         .summary =
             LAB_TEXT("server", "A sequence\u2019s code and number, what is decoded from it, and the sequences with the nearest codes."),
         .handle = encodeLearned,
         .body = Route::Body::json,
         .keys = learnedKeys(),
         .slow = true},
        {.name = "runs.codes.decode",
         .method = "POST",
         .path = "/api/v1/runs/{run}/codes:decode",
         .summary = LAB_TEXT("server", "The sequence that a run decodes from a whole number."),
         .handle = decodeLearned,
         .body = Route::Body::json,
         .keys = {numberKey(), stepKey()},
         .slow = true},
    };
}

}  // namespace lab::server
