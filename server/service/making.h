#pragma once

#include <cstdint>
#include <string>

#include "core/base/message.h"
#include "server/http/problem.h"

// What the making of runs and of sweeps has in common.

namespace lab::server {

/// A name that nothing has yet: a letter and twelve hexadecimal digits.
std::string newId(char kind);

/// Seconds since 1970.
std::int64_t presentTime();

/// The request that made a thing: the same key again makes nothing new.
struct MakingRequest {
    std::string key;       ///< of an Idempotency-Key; empty: none
    std::string bodyHash;  ///< of what came with it

    /// Throws Refusal 422 for the same key with another body.
    bool isAgain(const MakingRequest& earlier) const;
};

/// 429: as many are held as may be.
Refusal noRoom(const Message& why);

}  // namespace lab::server
