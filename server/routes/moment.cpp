#include "server/routes/moment.h"

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/data/typed_vectors.h"
#include "core/data/vector_sample.h"
#include "core/model/sample_input.h"
#include "server/service/service.h"

namespace lab::server {
namespace {

constexpr std::size_t longestInput = std::size_t{1} << 20;

std::vector<int> tokensOf(const Values& body, const char* text, const char* ids, const Tokenizer& tokenizer, bool targets) {
    if (body.has(ids)) {
        std::vector<int> tokens;
        for (const auto id : body.at(ids).get<std::vector<std::int64_t>>()) {
            if (id < (targets ? -1 : 0) || id >= mostRows)
                throw Refusal(422, Message(LAB_TEXT("server", "%1: %2 is no token")).arg(ids).arg(id),
                              {{std::string("/") + ids + "/" + std::to_string(tokens.size()), "out of range"}});
            tokens.push_back(static_cast<int>(id));
        }
        return tokens;
    }
    if (!body.has(text)) return {};
    try {
        return tokenizer.encode(body.text(text), targets);
    } catch (const InputError& error) {
        throw Refusal(422, located(text, error.message()), {{std::string("/") + text, error.what()}});
    }
}

Input vectorInput(const Values& body, const ModelConfig& model) {
    if (!body.has("input")) throw Refusal(422, LAB_TEXT("server", "input: must be given"), {{"/input", "must be given"}});
    const std::vector<float> vectors = typedVectors(body.text("input"), *model.input_dim);
    const int count = static_cast<int>(vectors.size()) / *model.input_dim;
    Input input = lab::inputOf(vectorSample(model, vectors, count));
    input.targets.clear();  // nobody knows what is right
    input.values.clear();
    return input;
}

}  // namespace

std::int64_t stepOf(const Call& call, const std::string& id, const std::string& text) {
    if (text == "latest")
        return call.service.runs.with(id, [](ServedRun& run) { return run.run->latest() ? run.run->latest()->step : run.run->step(); });
    const auto step = parseInteger(text);
    if (!step || *step < 0) throw Refusal(422, Message(LAB_TEXT("server", "step: expected a number or latest, got %1")).arg(text));
    return *step;
}

Moment momentOf(Service& service, const std::string& run, std::int64_t step) {
    Moment moment = service.runs.with(run, [](ServedRun& served) {
        return Moment{served.run->experiment(), served.run->model(), served.run->dataset(), nullptr};
    });
    moment.weights = service.runs.weightsAt(run, step);
    return moment;
}

RunMoment runMomentOf(const Moment& moment) {
    return {moment.experiment,
            {moment.dataset, &moment.dataset->tokenizer()},
            moment.model,
            {moment.weights, &moment.weights->weights},
            moment.weights->step};
}

std::vector<Parameter> inputKeys() {
    using Kind = Parameter::Kind;
    const Limits length{0, static_cast<double>(longestInput)};
    return {
        {.name = "input",
         .help = LAB_TEXT("server", "what the model reads: tokens or a text, or vectors \"0.5 1; 0.2 ?\""),
         .limits = length},
        {.name = "tokens", .kind = Kind::tokens, .help = LAB_TEXT("server", "the same as ids"), .limits = length},
        {.name = "target_input", .help = LAB_TEXT("server", "what the decoder of an encoder-decoder reads"), .limits = length},
        {.name = "target_tokens", .kind = Kind::tokens, .help = LAB_TEXT("server", "the same as ids"), .limits = length},
        {.name = "targets",
         .kind = Kind::tokens,
         .help = LAB_TEXT("server", "what is right, one id (or -1: no loss) a position"),
         .limits = length},
        {.name = "step", .help = LAB_TEXT("server", "of the training, a number or latest"), .limits = {1, 20}, .standard = "latest"},
    };
}

Input inputOf(const Values& body, const Moment& moment) {
    const ModelConfig& model = moment.model->config();
    if (model.readsVectors()) return vectorInput(body, model);
    const Tokenizer& tokenizer = moment.dataset->tokenizer();
    Input input;
    input.tokens = tokensOf(body, "input", "tokens", tokenizer, false);
    input.targetTokens = tokensOf(body, "target_input", "target_tokens", tokenizer, false);
    input.targets = tokensOf(body, "target", "targets", tokenizer, true);
    return input;
}

}  // namespace lab::server
