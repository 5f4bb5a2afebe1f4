#pragma once

#include "server/http/request.h"
#include "server/service/making.h"

namespace lab::server {

/// The Idempotency-Key of a request and what came with it. Throws Refusal 400.
MakingRequest makingRequestOf(const Request& request);

}  // namespace lab::server
