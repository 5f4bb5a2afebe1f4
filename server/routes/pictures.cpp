// Pictures of a run, by whoever paints.

#include "server/service/pictures.h"

#include "core/base/errors.h"
#include "server/routes/head_keys.h"
#include "server/routes/moment.h"
#include "server/routes/tables.h"
#include "server/service/service.h"

namespace lab::server {
namespace {

using Kind = Parameter::Kind;

template <class Specs>
std::vector<std::string> idsOf(const Specs& specs) {
    std::vector<std::string> ids;
    for (const auto& spec : specs) ids.emplace_back(spec.id);
    return ids;
}

/// Where `text` stands in a table; it was checked against the table's ids.
template <class Value, class Specs>
Value valueOf(const Specs& specs, const std::string& text) {
    const std::vector<std::string> ids = idsOf(specs);
    return static_cast<Value>(std::ranges::find(ids, text) - ids.begin());
}

/// Numbers are a trace's and metrics' business: as text those of all heads would be gigabytes.
std::vector<std::string> drawnFormats() {
    std::vector<std::string> ids;
    for (const FigureFormatSpec& spec : figureFormats)
        if (spec.isDrawn) ids.emplace_back(spec.id);
    return ids;
}

std::vector<Parameter> formKeys() {
    return {
        {.name = "format", .choices = drawnFormats(), .standard = figureFormats[0].id},
        {.name = "scale",
         .kind = Kind::integer,
         .help = LAB_TEXT("server", "of PNG: pixels for each point of the picture"),
         .limits = {1, mostDots},
         .standard = usualDots},
        {.name = "width",
         .help = LAB_TEXT("server", "as on screen, or as wide as on a printed page, with letters of 8 pt"),
         .choices = idsOf(figureWidths),
         .standard = figureWidths[0].id},
        {.name = "dark", .kind = Kind::boolean, .standard = false},
        {.name = "bare", .kind = Kind::boolean, .help = LAB_TEXT("server", "without title and caption"), .standard = false},
    };
}

PictureForm formOf(const Values& values) {
    PictureForm form;
    form.format = valueOf<FigureFormat>(figureFormats, values.text("format"));
    form.style.dots = static_cast<double>(values.integer("scale"));
    form.style.dark = values.boolean("dark");
    form.style.sheet = {valueOf<FigureWidth>(figureWidths, values.text("width")), !values.boolean("bare")};
    return form;
}

MapsWish mapsWishOf(const Values& body) {
    MapsWish wish;
    wish.view = static_cast<MapsWish::View>(std::ranges::find(MapsWish::viewIds, body.text("view")) - MapsWish::viewIds.begin());
    wish.quantity = *findMapStage(body.text("quantity"));
    wish.head = headChoice(body);
    if (body.has("query")) wish.query = static_cast<int>(body.integer("query"));
    if (body.has("key")) wish.key = static_cast<int>(body.integer("key"));
    return wish;
}

Pictures& painter(const Call& call) {
    if (!call.service.pictures) throw Refusal(501, LAB_TEXT("server", "this server was built without what paints: it gives numbers only"));
    return *call.service.pictures;
}

Response pictureOf(std::string bytes, FigureFormat format) {
    Response response;
    response.type = figureFormats[static_cast<int>(format)].type;
    response.body = std::move(bytes);
    return response;
}

Response maps(Call& call) {
    Pictures& pictures = painter(call);
    const std::string& run = call.request.place("run");
    const Moment moment = momentOf(call.service, run, stepOf(call, run, call.body.text("step")));
    const PictureForm form = formOf(call.body);
    return pictureOf(pictures.maps(runMomentOf(moment), inputOf(call.body, moment), mapsWishOf(call.body), form), form.format);
}

Response curves(Call& call) {
    Pictures& pictures = painter(call);
    const std::string& id = call.request.place("run");
    const CurvesSubject subject = call.service.runs.with(id, [&id](ServedRun& run) {
        const Experiment& experiment = run.run->experiment();
        CurvesSubject made{experiment.name, id, experiment.task.kind->loss, {}};
        for (const StepRecord& record : run.run->records()) made.rows.push_back(metricsRow(record));
        return made;
    });
    if (subject.rows.empty()) throw Refusal(409, LAB_TEXT("server", "this run has done no step that could be drawn"));
    const PictureForm form = formOf(call.query);
    return pictureOf(pictures.curves(subject, form), form.format);
}

std::vector<Parameter> mapsKeys() {
    std::vector<Parameter> keys = inputKeys();
    keys.push_back({.name = "view",
                    .help = LAB_TEXT("server", "all heads, one of them with its numbers, or its pairs of channels under RoPE"),
                    .choices = {MapsWish::viewIds.begin(), MapsWish::viewIds.end()},
                    .standard = MapsWish::viewIds.front()});
    keys.push_back({.name = "quantity",
                    .help = LAB_TEXT("server", "what the maps show; gradients want targets"),
                    .choices = mapStageNames(),
                    .standard = mapStageName(MapsWish().quantity)});
    for (const Parameter& key : headKeys()) keys.push_back(key);
    for (const Parameter& key : formKeys()) keys.push_back(key);
    return keys;
}

}  // namespace

std::vector<Route> pictureRoutes() {
    const std::vector<Route::Answer> answers{{200, figureFormats[0].type, "or PDF, or PNG"}};
    return {
        {.name = "runs.maps",
         .method = "POST",
         .path = "/api/v1/runs/{run}/maps",
         .summary = LAB_TEXT("server", "The attention of all heads, or of one, on an input, as a picture."),
         .handle = maps,
         .body = Route::Body::json,
         .keys = mapsKeys(),
         .answers = answers,
         .slow = true},
        {.name = "runs.curves",
         .method = "GET",
         .path = "/api/v1/runs/{run}/curves",
         .summary = LAB_TEXT("server", "Loss, accuracy, learning rate and gradient norm of all steps, as a picture."),
         .handle = curves,
         .query = formKeys(),
         .answers = answers,
         .slow = true},
    };
}

}  // namespace lab::server
