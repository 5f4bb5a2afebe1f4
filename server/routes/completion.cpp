#include "server/routes/completion.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/errors.h"

namespace lab::server {
namespace {

using Kind = Parameter::Kind;

constexpr int mostPrompts = 16, mostChoices = 16, mostStops = 4, mostLogProbabilities = 5, mostWritten = 1 << 16;
constexpr std::size_t longestPrompt = std::size_t{1} << 20;

/// Ids are all that is read; a text is opened as wherever a model writes one on.
std::vector<int> promptOf(const Json& prompt, const Moment& moment, const std::string& pointer) {
    if (prompt.is_string()) {
        const Tokenizer& tokenizer = moment.dataset->tokenizer();
        try {
            std::vector<int> tokens = openingOf(moment.experiment.task, tokenizer);
            const std::vector<int> own = tokenizer.encode(prompt.get<std::string>(), false);
            tokens.insert(tokens.end(), own.begin(), own.end());
            return tokens;
        } catch (const InputError& error) {
            throw wrong(pointer, error.message());
        }
    }
    std::vector<int> tokens;
    for (const Json& id : prompt) {
        if (!id.is_number_integer() || id < 0 || id >= mostRows)
            throw wrong(pointer + "/" + std::to_string(tokens.size()), LAB_TEXT("server", "expected a token\u2019s id"));
        tokens.push_back(id.get<int>());
    }
    return tokens;
}

/// A text, texts, ids, or lists of ids.
std::vector<std::vector<int>> promptsOf(const Json& prompt, const Moment& moment) {
    const bool several = prompt.is_array() && !prompt.empty() && !prompt.front().is_number();
    if (!prompt.is_string() && !prompt.is_array()) throw wrong("/prompt", LAB_TEXT("server", "expected a text, ids, or a list of these"));
    if (!several) return {promptOf(prompt, moment, "/prompt")};
    if (prompt.size() > mostPrompts) throw wrong("/prompt", Message(LAB_TEXT("server", "at most %1 at once")).arg(mostPrompts));
    std::vector<std::vector<int>> prompts;
    for (const Json& each : prompt) {
        const std::string pointer = "/prompt/" + std::to_string(prompts.size());
        if (!each.is_string() && !each.is_array()) throw wrong(pointer, LAB_TEXT("server", "expected a text or ids"));
        prompts.push_back(promptOf(each, moment, pointer));
    }
    return prompts;
}

std::vector<std::string> stopsOf(const Values& body) {
    if (!body.has("stop") || body.at("stop").is_null()) return {};
    const Json& stop = body.at("stop");
    const Json list = stop.is_string() ? Json::array({stop}) : stop;
    const bool fits = list.is_array() && list.size() <= mostStops && std::ranges::all_of(list, [](const Json& each) {
                          return each.is_string() && !each.get_ref<const std::string&>().empty();
                      });
    if (!fits) throw wrong("/stop", Message(LAB_TEXT("server", "expected a text or up to %1 of them, none of them empty")).arg(mostStops));
    return list.get<std::vector<std::string>>();
}

Sampling samplingOf(const Values& body) {
    Sampling sampling;
    sampling.temperature = 1;
    for (const SamplingRule* rule : SamplingRule::table())
        if (body.has(rule->name)) rule->set(sampling, body.real(rule->name));
    if (body.has("seed")) sampling.seed = static_cast<std::uint64_t>(body.integer("seed"));
    return sampling;
}

/// The log-probabilities of one written token, each list with one entry.
Json logProbabilitiesOf(const WrittenToken& token, const Tokenizer& tokenizer, int most, std::size_t offset) {
    const auto textOf = [&tokenizer](int id) { return tokenizer.shown(id); };
    Json top = Json::object();
    std::vector<Candidate> candidates = token.candidates;
    std::ranges::stable_sort(candidates, std::greater<>(), &Candidate::before);
    for (const Candidate& each : candidates)
        if (static_cast<int>(top.size()) < most && each.before > 0) top[textOf(each.token)] = std::log(each.before);
    return {{"tokens", {textOf(token.token)}},
            {"token_logprobs", {-token.surprise * std::log(2.0)}},
            {"top_logprobs", Json::array({top})},
            {"text_offset", {offset}}};
}

Json choiceOf(int index, const std::string& text, Json logProbabilities, Json reason) {
    return {{"text", text}, {"index", index}, {"logprobs", std::move(logProbabilities)}, {"finish_reason", std::move(reason)}};
}

/// The first token of an echoed prompt has no past, so nothing says how likely it was.
Json unjudged(const std::string& text) {
    return {{"tokens", {text}}, {"token_logprobs", {nullptr}}, {"top_logprobs", {nullptr}}, {"text_offset", {0}}};
}

/// One choice, written piece by piece.
class Choice {
public:
    Choice(const CompletionRequest& request, const Moment& moment, const std::vector<int>& prompt, int index, int draw)
        : m_request(request), m_tokenizer(moment.dataset, &moment.dataset->tokenizer()), m_index(index) {
        WritingOptions options = request.options;
        options.sampling.seed += static_cast<std::uint64_t>(draw);
        options.candidates = static_cast<std::size_t>(std::max(1, request.logProbabilities)) + 1;
        std::vector<int> begin = prompt;
        if (request.echo && !prompt.empty()) {  // the prompt is judged as if it had been written
            begin.resize(1);
            options.given.assign(prompt.begin() + 1, prompt.end());
            options.count += static_cast<int>(options.given.size());
        }
        m_writer.emplace(moment.model, moment.weights->weights, m_tokenizer, begin, options);
        m_first = begin;
    }

    /// False when `onPiece` wanted no more.
    bool write(const std::function<bool(const Json&)>& onPiece) {
        if (m_request.echo) {
            const std::string text = m_tokenizer->decode(m_first);
            m_offset = text.size();
            if (!onPiece(choiceOf(m_index, text, m_request.tells ? unjudged(m_tokenizer->shown(m_first.front())) : Json(), nullptr)))
                return false;
        }
        while (const auto token = m_writer->next()) {
            Json told = m_request.tells ? logProbabilitiesOf(*token, *m_tokenizer, m_request.logProbabilities, m_offset) : Json();
            m_offset += token->text.size();
            if (!onPiece(choiceOf(m_index, token->released, std::move(told), nullptr))) return false;
        }
        const char* reason = m_writer->end() == TextWriter::End::count ? "length" : "stop";
        return onPiece(choiceOf(m_index, m_writer->rest(), nullptr, reason));
    }
    std::size_t written() const { return m_writer->tokens().size(); }

private:
    const CompletionRequest& m_request;
    std::shared_ptr<const Tokenizer> m_tokenizer;
    int m_index;
    std::optional<TextWriter> m_writer;
    std::vector<int> m_first;
    std::size_t m_offset = 0;
};

}  // namespace

std::vector<Parameter> completionKeys() {
    std::vector<Parameter> keys{
        {.name = "model", .help = LAB_TEXT("server", "a run\u2019s id"), .required = true},
        {.name = "prompt", .kind = Kind::any, .help = LAB_TEXT("server", "a text, ids, or a list of these"), .standard = ""},
        {.name = "step", .help = LAB_TEXT("server", "of the training, a number or latest"), .limits = {1, 20}, .standard = "latest"},
        {.name = "max_tokens", .kind = Kind::integer, .limits = {1, mostWritten}, .standard = 16},
        {.name = "n", .kind = Kind::integer, .limits = {1, mostChoices}, .standard = 1},
        {.name = "stream", .kind = Kind::boolean, .standard = false},
        {.name = "logprobs", .kind = Kind::integer, .limits = {0, mostLogProbabilities}},
        {.name = "echo", .kind = Kind::boolean, .standard = false},
        {.name = "stop", .kind = Kind::any, .help = LAB_TEXT("server", "a text, or up to four")},
        {.name = "seed", .kind = Kind::integer, .limits = {0, largestSeed}},
        {.name = "user", .help = LAB_TEXT("server", "taken and ignored")},
    };
    for (const SamplingRule* rule : SamplingRule::table())
        keys.push_back({.name = std::string(rule->name),
                        .kind = rule->integer ? Kind::integer : Kind::real,
                        .help = rule->help,
                        .limits = rule->limits});
    return keys;
}

CompletionRequest completionOf(const Values& body, const Moment& moment) {
    CompletionRequest request;
    request.prompts = promptsOf(body.at("prompt"), moment);
    for (std::size_t i = 0; i < request.prompts.size(); ++i)
        if (request.prompts[i].empty() || request.prompts[i].size() > longestPrompt)
            throw wrong("/prompt", LAB_TEXT("server", "holds no token, or too many"));
    request.options.count = static_cast<int>(body.integer("max_tokens"));
    request.options.sampling = samplingOf(body);
    request.options.stops = stopsOf(body);
    request.choices = static_cast<int>(body.integer("n"));
    request.tells = body.has("logprobs");
    request.logProbabilities = request.tells ? static_cast<int>(body.integer("logprobs")) : 0;
    request.echo = body.boolean("echo");
    return request;
}

Json complete(const CompletionRequest& request, const Moment& moment, const std::function<bool(const Json&)>& onPiece) {
    std::size_t read = 0, written = 0;
    int index = 0;
    for (const std::vector<int>& prompt : request.prompts) {
        read += prompt.size();
        for (int draw = 0; draw < request.choices; ++draw, ++index) {
            Choice choice(request, moment, prompt, index, draw);
            const bool goesOn = choice.write(onPiece);
            written += choice.written() - std::min(choice.written(), prompt.size());
            if (!goesOn) return {};
        }
    }
    return {{"prompt_tokens", read}, {"completion_tokens", written}, {"total_tokens", read + written}};
}

Json joinedChoices(const std::vector<Json>& pieces) {
    std::map<int, Json> choices;
    for (const Json& piece : pieces) {
        const auto [at, isNew] = choices.try_emplace(piece.at("index").get<int>(), piece);
        if (isNew) continue;
        Json& whole = at->second;
        whole["text"] = whole["text"].get<std::string>() + piece["text"].get<std::string>();
        if (!piece["finish_reason"].is_null()) whole["finish_reason"] = piece["finish_reason"];
        if (piece["logprobs"].is_null()) continue;
        if (whole["logprobs"].is_null()) whole["logprobs"] = Json::object();
        for (const auto& [name, list] : piece["logprobs"].items()) {
            Json& all = whole["logprobs"][name];
            for (const Json& each : list) all.push_back(each);
        }
    }
    Json list = Json::array();
    for (auto& [index, choice] : choices) list.push_back(std::move(choice));
    return list;
}

}  // namespace lab::server
