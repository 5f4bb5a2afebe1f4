#include "server/service/making.h"

#include <chrono>
#include <random>

namespace lab::server {

std::string newId(char kind) {
    std::random_device system;
    std::string id(1, kind);
    for (int i = 0; i < 12; ++i) id += "0123456789abcdef"[system() & 15];
    return id;
}

std::int64_t presentTime() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

bool MakingRequest::isAgain(const MakingRequest& earlier) const {
    if (key.empty() || key != earlier.key) return false;
    if (bodyHash != earlier.bodyHash)
        throw Refusal(422, Message(LAB_TEXT("server", "Idempotency-Key: %1 came before with another body")).arg(key));
    return true;
}

Refusal noRoom(const Message& why) {
    Refusal refusal(429, why);
    refusal.headers.emplace_back("Retry-After", "60");
    return refusal;
}

}  // namespace lab::server
