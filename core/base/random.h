#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace lab {

/// Counter-based random numbers (Philox4x32-10, Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"):
/// number i of a stream is a pure function of (seed, stream, i), so any thread may ask for any number in any order.
class RandomStream {
public:
    RandomStream(std::uint64_t seed, std::uint64_t stream) : m_seed(seed), m_stream(stream) {}
    /// A stream named after what it fills ("encoder.0.attention.key.weight"): variants share what they have in common.
    RandomStream(std::uint64_t seed, std::string_view name) : RandomStream(seed, hash(name)) {}

    /// Block i: four independent 32-bit words.
    std::array<std::uint32_t, 4> block(std::uint64_t i) const;
    std::uint32_t bits(std::uint64_t i) const { return block(i / 4)[i % 4]; }
    /// Uniform in [0, 1), 53 bits.
    double uniform(std::uint64_t i) const;
    /// Standard normal (Box-Muller).
    double normal(std::uint64_t i) const;
    /// Uniform integer in [0, n), n >= 1; bias below 2^-32.
    std::uint32_t below(std::uint64_t i, std::uint32_t n) const;

    static std::uint64_t hash(std::string_view name);

private:
    std::uint64_t m_seed;
    std::uint64_t m_stream;
};

}  // namespace lab
