#pragma once

#include <cstdint>
#include <string_view>

namespace lab {

/// The finaliser of MurmurHash3 (Appleby, public domain): every bit depends on every other.
inline std::uint64_t mixedBits(std::uint64_t bits) {
    bits ^= bits >> 33;
    bits *= 0xff51afd7ed558ccdu;
    bits ^= bits >> 33;
    bits *= 0xc4ceb9fe1a85ec53u;
    return bits ^ bits >> 33;
}

/// FNV-1a, mixed.
inline std::uint64_t wordHash(std::string_view word) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char byte : word) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3u;
    return mixedBits(hash);
}

}  // namespace lab
