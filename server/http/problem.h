#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/base/message.h"
#include "server/http/response.h"

namespace lab::server {

/// What is wrong at one place of what was sent.
struct PlacedError {
    std::string pointer;  ///< into the JSON that was sent (RFC 6901), or "?name" of the query
    std::string detail;
};

/// A request that is not done, and why: thrown by handlers.
class Refusal : public std::runtime_error {
public:
    Refusal(int status, const Message& detail, std::vector<PlacedError> errors = {})
        : std::runtime_error(detail.english()), m_status(status), m_errors(std::move(errors)) {}

    int status() const { return m_status; }
    const std::vector<PlacedError>& errors() const { return m_errors; }

    std::vector<std::pair<std::string, std::string>> headers;  ///< Retry-After, WWW-Authenticate

private:
    int m_status;
    std::vector<PlacedError> m_errors;
};

/// 422 of a key by its pointer, "/prompt/0": what stands there is wrong.
Refusal wrong(const std::string& pointer, const Message& what);

/// "model.num_heads" -> "/model/num_heads".
std::string pointerOf(std::string_view path);

/// "Not Found".
std::string_view titleOf(int status);

/// application/problem+json of RFC 9457.
Response problemOf(const Refusal& refusal, const std::string& path);
/// The same in the shape that OpenAI's clients read: {"error": {message, type, param, code}}.
Response openAiError(const Refusal& refusal);

}  // namespace lab::server
