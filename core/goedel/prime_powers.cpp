#include "core/goedel/prime_powers.h"

#include <algorithm>

#include "core/goedel/goedel_number.h"

namespace lab::goedel {
namespace {

Natural product(const std::vector<PrimePower>& powers, std::size_t begin, std::size_t end, const CancelCheck& cancelled) {
    if (begin == end) return 1;
    if (end - begin == 1) {
        throwIfCancelled(cancelled);
        return Natural::power(powers[begin].prime, powers[begin].exponent);
    }
    const std::size_t middle = begin + (end - begin) / 2;
    return product(powers, begin, middle, cancelled) * product(powers, middle, end, cancelled);
}

}  // namespace

Natural productOf(const std::vector<PrimePower>& powers, const CancelCheck& cancelled) {
    return product(powers, 0, powers.size(), cancelled);
}

Natural productOf(const std::vector<std::uint32_t>& primes) {
    std::vector<PrimePower> powers;
    powers.reserve(primes.size());
    for (const std::uint32_t prime : primes) powers.push_back({prime, 1});
    return productOf(powers);
}

std::vector<std::uint32_t> primesUpTo(std::uint32_t limit) {
    std::vector<bool> composite(limit + 1u);
    std::vector<std::uint32_t> primes;
    for (std::uint64_t n = 2; n <= limit; ++n) {
        if (composite[n]) continue;
        primes.push_back(static_cast<std::uint32_t>(n));
        for (std::uint64_t multiple = n * n; multiple <= limit; multiple += n) composite[multiple] = true;
    }
    return primes;
}

std::uint32_t PrimeSource::operator[](std::size_t index) {
    if (index >= m_primes.size()) m_primes = firstPrimes(std::max<std::size_t>(64, 2 * index));
    return m_primes[index];
}

}  // namespace lab::goedel
