// The arithmetic of a run, opened.

#include "core/base/errors.h"
#include "core/explain/walk_json.h"
#include "core/explain/walk_limits.h"
#include "core/moments/run_walk.h"
#include "server/routes/head_keys.h"
#include "server/routes/moment.h"
#include "server/routes/tables.h"
#include "server/service/service.h"

namespace lab::server {
namespace {

/// A form in which a walk is told, other than as a program.
struct WalkForm {
    const char* id;
    const char* type;
    std::string (*text)(const RunWalk& walk);
};
constexpr WalkForm walkForms[] = {
    {"markdown", "text/markdown; charset=utf-8", [](const RunWalk& walk) { return explain::markdown(walk.walk, walk.title); }},
    {"json", "application/json", [](const RunWalk& walk) { return explain::json(walk.walk, walk.title); }}};

std::vector<std::string> formIds() {
    std::vector<std::string> ids;
    for (const WalkForm& form : walkForms) ids.emplace_back(form.id);
    for (const explain::CodeLanguage& language : explain::codeLanguages())
        if (language.runs) ids.emplace_back(language.id);
    return ids;
}

Response toldAs(const std::string& format, const RunWalk& walk) {
    Response response;
    const auto form = std::ranges::find(walkForms, format, [](const WalkForm& each) { return std::string(each.id); });
    if (form != std::end(walkForms)) {
        response.type = form->type;
        response.body = form->text(walk);
    } else {
        response.type = "text/x-python; charset=utf-8";
        response.body = programOf(*explain::findCodeLanguage(format), walk);
    }
    return response;
}

WalkWish wishOf(const Values& body) {
    const auto place = [&body](const char* key) { return body.has(key) ? static_cast<int>(body.integer(key)) : 0; };
    return {headChoice(body), place("query"), place("key")};
}

/// What is walked through: an encoder-decoder that is not told what its decoder reads begins with BOS and reads what it writes itself.
Input walkedInput(const Values& body, const Moment& moment, const RunMoment& run) {
    Input input = inputOf(body, moment);
    if (moment.experiment.model.architecture != Architecture::encoder_decoder || !input.targetTokens.empty()) return input;
    const auto& opening = moment.dataset->tokenizer().special();
    if (!opening) throw InputError("target_input", LAB_TEXT("server", "must be given"));
    input.targetTokens = {opening->id};
    return readingItself(run, std::move(input));
}

Response explanation(Call& call) {
    const std::string& run = call.request.place("run");
    const std::int64_t step = stepOf(call, run, call.body.text("step"));
    const Moment moment = momentOf(call.service, run, step);
    RunMoment opened = runMomentOf(moment);
    opened.state = call.service.runs.stateAt(run, step);
    return toldAs(call.body.text("format"), walkOf(opened, walkedInput(call.body, moment, opened), wishOf(call.body)));
}

std::vector<Parameter> keysOfExplain() {
    std::vector<Parameter> keys = inputKeys();
    for (const Parameter& key : headKeys()) keys.push_back(key);
    keys.push_back({.name = "format",
                    .help = LAB_TEXT("server", "to read, for programs, or as a program that computes it anew from checkpoint.safetensors"),
                    .choices = formIds(),
                    .standard = walkForms[0].id});
    return keys;
}

}  // namespace

std::vector<Route> explanationRoutes() {
    return {
        {.name = "runs.explain",
         .method = "POST",
         .path = "/api/v1/runs/{run}/explain",
         .summary = LAB_TEXT("server", "Every stage of the arithmetic of one query, forward and, with targets, backward."),
         .handle = explanation,
         .body = Route::Body::json,
         .keys = keysOfExplain(),
         .answers = {{200, "text/markdown", "or JSON, or a program"}},
         .slow = true},
    };
}

}  // namespace lab::server
