#include "core/writing/writing_json.h"

#include <nlohmann/json.hpp>

namespace lab {
namespace {

using Json = nlohmann::ordered_json;

Json nameOf(const SamplingRule* rule) {
    return rule ? Json(rule->name) : Json();
}

/// Pieces of characters are no UTF-8: they are written as U+FFFD.
std::string lineOf(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string jsonOf(const WrittenToken& token, const Tokenizer& tokenizer) {
    Json candidates = Json::array(), cuts = Json::array();
    for (const Candidate& candidate : token.candidates)
        candidates.push_back({{"token", candidate.token},
                              {"text", tokenizer.shown(candidate.token)},
                              {"before", candidate.before},
                              {"heated", candidate.heated},
                              {"after", candidate.after},
                              {"cut_by", nameOf(candidate.cutBy)}});
    for (const CutShare& cut : token.cuts) cuts.push_back({{"rule", nameOf(cut.rule)}, {"tokens", cut.tokens}, {"before", cut.before}});
    return lineOf({{"position", token.position},
                   {"token", token.token},
                   {"text", token.text},
                   {"surprise", token.surprise},
                   {"entropy_before", token.entropyBefore},
                   {"entropy_after", token.entropyAfter},
                   {"first_read", token.firstRead},
                   {"candidates", candidates},
                   {"cuts", cuts}});
}

std::string jsonOf(const TextLoss& loss, const CountingBaselines* counting) {
    Json json = {{"tokens", loss.tokens},           {"bytes", loss.bytes},
                 {"loss", loss.perToken()},         {"bits_per_byte", loss.bitsPerByte()},
                 {"perplexity", loss.perplexity()}, {"accuracy", loss.accuracy()}};
    if (!counting) return lineOf(json);
    Json ngrams = Json::array();
    for (std::size_t n = 0; n < counting->nats.size(); ++n)
        ngrams.push_back({{"n", n}, {"loss", counting->nats[n]}, {"bits_per_byte", loss.unit().of(counting->nats[n])}});
    json["ngrams"] = ngrams;
    json["counted_tokens"] = counting->counted;
    json["training_tokens"] = counting->trainTokens;
    json["best_n"] = counting->best();
    json["better_than_counting"] = isBetterThanCounting(loss.perToken(), *counting);
    return lineOf(json);
}

}  // namespace lab
