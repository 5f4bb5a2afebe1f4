#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/http/problem.h"
#include "server/http/request.h"

namespace lab::server {

/// Who may come in. Asked before anything is done for a request.
struct Guard {
    bool loopback = true;  ///< only this computer can reach the server: its names are the only ones a Host may have
    std::string token;     ///< that every request has to carry; empty: none

    /// Throws Refusal: 403 for a Host that is not ours (DNS rebinding) or an Origin of another site, 401 without the token.
    void check(const Request& request, bool needsToken) const;
};

/// Takes as long whatever the first difference is.
bool sameSecret(std::string_view a, std::string_view b);

/// 64 hexadecimal digits of the system's randomness.
std::string newToken();

/// "127.0.0.1", "::1", "127.3.2.1".
bool isLoopback(std::string_view address);

}  // namespace lab::server
