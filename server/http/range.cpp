#include "server/http/range.h"

#include <algorithm>
#include <charconv>

#include "server/http/problem.h"

namespace lab::server {
namespace {

std::optional<std::uint64_t> numberOf(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

Refusal behindTheEnd(std::uint64_t size) {
    Refusal refusal(416, Message(LAB_TEXT("server", "Range: there are %1 bytes")).arg(size));
    refusal.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
    return refusal;
}

}  // namespace

std::optional<ByteRange> rangeOf(const std::string& header, std::uint64_t size) {
    constexpr std::string_view unit = "bytes=";
    if (!header.starts_with(unit)) return std::nullopt;
    const std::string_view range = std::string_view(header).substr(unit.size());
    const std::size_t dash = range.find('-');
    if (dash == range.npos) return std::nullopt;
    const auto first = numberOf(range.substr(0, dash)), last = numberOf(range.substr(dash + 1));
    if (dash == 0) {  // the last so many bytes
        if (!last) return std::nullopt;
        if (*last == 0 || size == 0) throw behindTheEnd(size);
        return ByteRange{size - std::min(*last, size), size - 1};
    }
    if (!first || (!last && dash + 1 < range.size()) || (last && *last < *first)) return std::nullopt;
    if (*first >= size) throw behindTheEnd(size);
    return ByteRange{*first, last ? std::min(*last, size - 1) : size - 1};
}

}  // namespace lab::server
