#include "core/base/random.h"

#include <cmath>
#include <numbers>

namespace lab {
namespace {

/// High and low half of a 32 x 32 bit product.
struct WideProduct {
    std::uint32_t high, low;
};

WideProduct multiply(std::uint32_t a, std::uint32_t b) {
    const std::uint64_t product = std::uint64_t{a} * b;
    return {static_cast<std::uint32_t>(product >> 32), static_cast<std::uint32_t>(product)};
}

}  // namespace

std::array<std::uint32_t, 4> RandomStream::block(std::uint64_t i) const {
    std::array<std::uint32_t, 4> x{static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i >> 32), static_cast<std::uint32_t>(m_stream),
                                   static_cast<std::uint32_t>(m_stream >> 32)};
    auto key0 = static_cast<std::uint32_t>(m_seed);
    auto key1 = static_cast<std::uint32_t>(m_seed >> 32);
    for (int round = 0; round < 10; ++round) {
        const WideProduct p = multiply(0xD2511F53u, x[0]);
        const WideProduct q = multiply(0xCD9E8D57u, x[2]);
        x = {q.high ^ x[1] ^ key0, q.low, p.high ^ x[3] ^ key1, p.low};
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    return x;
}

double RandomStream::uniform(std::uint64_t i) const {
    const auto words = block(i);
    const std::uint64_t bits53 = ((std::uint64_t{words[0]} << 32) | words[1]) >> 11;
    return static_cast<double>(bits53) * 0x1p-53;
}

double RandomStream::normal(std::uint64_t i) const {
    const auto words = block(i);
    const double u = (static_cast<double>(words[0]) + (static_cast<double>(words[1] >> 12) + 0.5) * 0x1p-20) * 0x1p-32;
    const double v = static_cast<double>(words[2]) * 0x1p-32;
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

std::uint32_t RandomStream::below(std::uint64_t i, std::uint32_t n) const {
    return multiply(bits(i), n).high;
}

std::uint64_t RandomStream::hash(std::string_view name) {
    std::uint64_t h = 0xcbf29ce484222325u;  // FNV-1a
    for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return h;
}

}  // namespace lab
