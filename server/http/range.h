#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace lab::server {

/// Bytes `first` .. `last` of something.
struct ByteRange {
    std::uint64_t first = 0, last = 0;

    std::uint64_t length() const { return last - first + 1; }
};

/// What a Range header asks of `size` bytes (RFC 9110, 14): one range; nothing for what is no range of bytes, or several, which may be
/// answered with the whole. Throws Refusal 416 for one that lies behind the end.
std::optional<ByteRange> rangeOf(const std::string& header, std::uint64_t size);

}  // namespace lab::server
