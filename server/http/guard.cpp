#include "server/http/guard.h"

#include <algorithm>
#include <array>
#include <random>

namespace lab::server {
namespace {

/// "localhost:8127" -> "localhost", "[::1]:8127" -> "[::1]".
std::string_view withoutPort(std::string_view host) {
    const std::size_t bracket = host.find(']');
    const std::size_t colon = host.find(':', bracket == host.npos ? 0 : bracket);
    return host.substr(0, colon);
}

bool namesThisComputer(std::string_view host) {
    const std::string_view name = withoutPort(host);
    return name == "localhost" || name == "[::1]" || name == "127.0.0.1";
}

/// "http://localhost:3000" -> "localhost:3000"; empty for what is no origin, such as "null".
std::string_view hostOfOrigin(std::string_view origin) {
    const std::size_t slashes = origin.find("://");
    return slashes == origin.npos ? std::string_view() : origin.substr(slashes + 3);
}

}  // namespace

bool sameSecret(std::string_view a, std::string_view b) {
    unsigned difference = a.size() == b.size() ? 0 : 1;
    for (std::size_t i = 0; i < b.size(); ++i)
        difference |= static_cast<unsigned char>(b[i]) ^ static_cast<unsigned char>(i < a.size() ? a[i] : '\0');
    return difference == 0;
}

std::string newToken() {
    std::random_device system;
    std::string token;
    for (int i = 0; i < 64; ++i) token += "0123456789abcdef"[system() & 15];
    return token;
}

bool isLoopback(std::string_view address) {
    return address == "::1" || address.starts_with("127.");
}

void Guard::check(const Request& request, bool needsToken) const {
    const std::string* host = request.header("host");
    if (!host || host->empty()) throw Refusal(400, LAB_TEXT("server", "Host: the header is missing"));
    if (loopback && !namesThisComputer(*host))
        throw Refusal(403, Message(LAB_TEXT("server", "Host: %1 is not this server; ask for 127.0.0.1, [::1] or localhost")).arg(*host));
    if (const std::string* origin = request.header("origin")) {
        const std::string_view from = hostOfOrigin(*origin);
        if (from != *host && !namesThisComputer(from))
            throw Refusal(403, Message(LAB_TEXT("server", "Origin: pages of %1 may not ask this server")).arg(*origin));
    }
    if (!needsToken || token.empty()) return;
    constexpr std::string_view scheme = "Bearer ";
    const std::string* given = request.header("authorization");
    if (given && given->starts_with(scheme) && sameSecret(std::string_view(*given).substr(scheme.size()), token)) return;
    Refusal refusal(401, LAB_TEXT("server", "Authorization: expected Bearer and this server\u2019s token"));
    refusal.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"attention-lab\"");
    throw refusal;
}

}  // namespace lab::server
