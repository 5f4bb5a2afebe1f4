#include "server/routes/making_request.h"

#include "core/base/utf8.h"
#include "core/text/sha256.h"

namespace lab::server {

MakingRequest makingRequestOf(const Request& request) {
    constexpr std::size_t longestKey = 200;
    const std::string* key = request.header("idempotency-key");
    if (key && (key->empty() || key->size() > longestKey || !isUtf8(*key)))
        throw Refusal(400, Message(LAB_TEXT("server", "Idempotency-Key: expected 1 to %1 characters in UTF-8")).arg(longestKey));
    return {key ? *key : std::string(), sha256Hex(request.body)};
}

}  // namespace lab::server
