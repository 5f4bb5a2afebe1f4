#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace lab {

/// SHA-256 (FIPS 180-4) of bytes that come in parts.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void add(std::string_view bytes);
    /// Of all that was added; begins anew.
    std::array<std::uint8_t, 32> digest();
    /// The same as 64 hexadecimal digits.
    std::string hex();
    /// The first 8 bytes of the digest, the first of them the highest.
    std::uint64_t front();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

std::string sha256Hex(std::string_view bytes);

}  // namespace lab
