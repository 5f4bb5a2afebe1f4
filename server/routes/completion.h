#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/writing/text_writer.h"
#include "server/routes/moment.h"

namespace lab::server {

/// What a completion is asked for, in OpenAI's names.
struct CompletionRequest {
    std::vector<std::vector<int>> prompts;
    WritingOptions options;
    int choices = 1;  ///< n, of each prompt; choice i is drawn with seed + i
    int logProbabilities = 0;
    bool tells = false;  ///< logprobs was given
    bool echo = false;
};

/// The body's keys, those of the sampling rules among them.
std::vector<Parameter> completionKeys();
/// Throws Refusal that points into the body.
CompletionRequest completionOf(const Values& body, const Moment& moment);

/// Writes all choices, one after the other. Each piece of text is told to `onPiece` as a choice of OpenAI's shape, with what it has to say
/// at its end; false ends it. Returns the usage.
Json complete(const CompletionRequest& request, const Moment& moment, const std::function<bool(const Json& choice)>& onPiece);

/// Pieces of the same index put together, in the order of their indices.
Json joinedChoices(const std::vector<Json>& pieces);

}  // namespace lab::server
