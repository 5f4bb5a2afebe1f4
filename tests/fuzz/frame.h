#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lab::fuzz {

/// A safetensors file in its parts: 8 bytes of length, the header of this length, the data.
struct Frame {
    std::string_view header, data;
};

/// Nothing where the length is not that of a header.
inline std::optional<Frame> frameOf(std::string_view bytes) {
    constexpr std::size_t lengthBytes = 8;
    if (bytes.size() < lengthBytes) return std::nullopt;
    std::uint64_t length = 0;
    for (std::size_t i = lengthBytes; i-- > 0;) length = length << 8 | static_cast<unsigned char>(bytes[i]);
    bytes.remove_prefix(lengthBytes);
    if (length > bytes.size()) return std::nullopt;
    return Frame{bytes.substr(0, static_cast<std::size_t>(length)), bytes.substr(static_cast<std::size_t>(length))};
}

inline std::string framed(std::string_view header, std::string_view data) {
    std::string bytes;
    for (std::uint64_t i = 0, length = header.size(); i < 8; ++i, length >>= 8) bytes += static_cast<char>(length & 0xFF);
    return bytes.append(header).append(data);
}

}  // namespace lab::fuzz
