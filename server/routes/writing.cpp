// OpenAI's shape: models and completions.

#include <chrono>
#include <random>

#include "server/routes/completion.h"
#include "server/routes/tables.h"
#include "server/service/service.h"

namespace lab::server {
namespace {

bool writes(const TrainingRun& run) {
    const ModelConfig& model = run.model()->config();
    return model.architecture == Architecture::decoder && !model.readsVectors();
}

Response models(Call& call) {
    Json data = Json::array();
    call.service.runs.each([&data](ServedRun& served) {
        if (writes(*served.run))
            data.push_back({{"id", served.id}, {"object", "model"}, {"created", served.created}, {"owned_by", "attention-lab"}});
    });
    return jsonResponse({{"object", "list"}, {"data", data}});
}

/// What stands around the choices.
Json envelope(const std::string& model) {
    std::random_device system;
    std::string id = "cmpl-";
    for (int i = 0; i < 24; ++i) id += "0123456789abcdef"[system() & 15];
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {{"id", id},
            {"object", "text_completion"},
            {"created", std::chrono::duration_cast<std::chrono::seconds>(now).count()},
            {"model", model}};
}

Moment writerOf(Call& call) {
    const std::string model = call.body.text("model");
    const bool able = call.service.runs.with(model, [](ServedRun& run) { return writes(*run.run); });
    if (!able)
        throw Refusal(422, Message(LAB_TEXT("server", "model: %1 is no decoder of tokens")).arg(model), {{"/model", "does not write"}});
    return momentOf(call.service, model, stepOf(call, model, call.body.text("step")));
}

Refusal endsWriting() {
    return {503, LAB_TEXT("server", "the server ended while it wrote")};
}

Response streamed(const Service& service, CompletionRequest request, Moment moment, Json around) {
    Response response;
    response.type = "text/event-stream";
    response.stream = std::make_shared<Stream>();
    response.produce = [&service, request = std::move(request), moment = std::move(moment), around = std::move(around)](Stream& stream) {
        try {
            complete(request, moment, [&](const Json& choice) {
                if (service.ends()) throw endsWriting();
                Json event = around;
                event["choices"] = Json::array({choice});
                return stream.push("data: " + event.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n\n");
            });
        } catch (const std::exception& error) {
            const Json event{{"error", {{"message", error.what()}}}};
            stream.push("data: " + event.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n\n");
        }
        stream.push("data: [DONE]\n\n");
        stream.close();
    };
    return response;
}

Response completions(Call& call) {
    const Moment moment = writerOf(call);
    const CompletionRequest request = completionOf(call.body, moment);
    Json answer = envelope(call.body.text("model"));
    if (call.body.boolean("stream")) return streamed(call.service, request, moment, std::move(answer));
    std::vector<Json> pieces;
    const Json usage = complete(request, moment, [&](const Json& choice) {
        if (call.service.ends()) throw endsWriting();
        pieces.push_back(choice);
        return true;
    });
    answer["choices"] = joinedChoices(pieces);
    answer["usage"] = usage;
    return jsonResponse(answer);
}

}  // namespace

std::vector<Route> writingRoutes() {
    return {
        {.name = "models",
         .method = "GET",
         .path = "/v1/models",
         .summary = LAB_TEXT("server", "Every run that writes: decoders of tokens."),
         .handle = models,
         .openAi = true},
        {.name = "completions",
         .method = "POST",
         .path = "/v1/completions",
         .summary = LAB_TEXT("server", "Writes on from a prompt, at once or token by token."),
         .handle = completions,
         .body = Route::Body::json,
         .keys = completionKeys(),
         .answers = {{200, "application/json", "or text/event-stream where stream is true"}},
         .slow = true,
         .openAi = true},
    };
}

}  // namespace lab::server
