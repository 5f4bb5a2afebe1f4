// A run at one of its steps: weights, and all that they make of an input.

#include "core/base/number_text.h"
#include "core/io/checkpoint.h"
#include "core/io/safetensors.h"
#include "core/model/trace.h"
#include "server/routes/file_response.h"
#include "server/routes/moment.h"
#include "server/routes/tables.h"
#include "server/service/service.h"

namespace lab::server {
namespace {

Response checkpoint(Call& call) {
    const std::string& run = call.request.place("run");
    const std::int64_t step = stepOf(call, run, call.request.place("step"));
    const std::string tag = run + "-" + std::to_string(step);
    if (hasTag(call.request, tag)) return notModified(tag);
    const Moment moment = momentOf(call.service, run, step);
    const std::filesystem::path file = call.service.spoolFile(".safetensors");
    writeCheckpoint(file, moment.experiment, moment.dataset->tokenizer().kept(), moment.model->layout(), moment.weights->weights);
    return fileResponse(call.request, file, "application/octet-stream", tag);
}

Json summaryOf(const Trace& trace) {
    Json tensors = Json::array();
    for (const auto& [name, tensor] : trace.entries()) tensors.push_back({{"name", name}, {"shape", tensor.shape}});
    return {{"tokens", trace.tokens}, {"target_tokens", trace.targetTokens}, {"tensors", tensors}};
}

Response trace(Call& call) {
    const std::string& run = call.request.place("run");
    const Moment moment = momentOf(call.service, run, stepOf(call, run, call.body.text("step")));
    Input input = inputOf(call.body, moment);
    TraceRequest request;
    request.gradients = call.body.boolean("gradients");
    request.cost = moment.experiment.training.answer_cost;
    if (request.gradients && input.targets.empty())
        throw Refusal(422, LAB_TEXT("server", "gradients are those of a loss: give targets"), {{"/targets", "must be given"}});
    Trace made = moment.model->trace(moment.weights->weights, input, request);
    if (call.body.text("format") == "summary") return jsonResponse(summaryOf(made));
    const std::filesystem::path file = call.service.spoolFile(".safetensors");
    writeSafetensors(file, fileTensors(std::move(made)));
    return fileResponse(call.request, file, "application/octet-stream", "trace");
}

}  // namespace

std::vector<Route> momentRoutes() {
    std::vector<Parameter> keys = inputKeys();
    keys.push_back({.name = "gradients",
                    .kind = Parameter::Kind::boolean,
                    .help = LAB_TEXT("server", "also those of the loss; wants targets"),
                    .standard = false});
    keys.push_back({.name = "format", .choices = {"safetensors", "summary"}, .standard = "safetensors"});
    return {
        {.name = "runs.checkpoint",
         .method = "GET",
         .path = "/api/v1/runs/{run}/checkpoints/{step}",
         .summary = LAB_TEXT("server", "The weights of any step done, exactly, as safetensors; step is a number or latest."),
         .handle = checkpoint,
         .answers = {{200, "application/octet-stream"},
                     {206, "application/octet-stream", "the part that Range asks for"},
                     {304, {}, "the client has it"}},
         .slow = true},
        {.name = "runs.trace",
         .method = "POST",
         .path = "/api/v1/runs/{run}/trace",
         .summary = LAB_TEXT("server", "Every number that the model makes of one input."),
         .handle = trace,
         .body = Route::Body::json,
         .keys = keys,
         .answers = {{200, "application/octet-stream", "safetensors, or as JSON the names and shapes"}},
         .slow = true},
    };
}

}  // namespace lab::server
