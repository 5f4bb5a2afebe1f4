#include "core/goedel/natural.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/base/errors.h"
#include "core/goedel/characters.h"
#include "core/goedel/gmp_numbers.h"

namespace lab::goedel {
namespace {

mpz_class ofU64(std::uint64_t value) {
    mpz_class number;
    mpz_import(number.get_mpz_t(), 1, -1, sizeof value, 0, 0, &value);
    return number;
}

[[noreturn]] void refuse(const Characters& at) {
    const std::string_view character = at.front();
    const bool first = at.place() == 1;
    if (first && (character == "-" || character == "−"))
        throw InputError(LAB_TEXT("goedel", "numbers of sequences are not negative: character 1 is a minus sign"));
    throw InputError(
        Message(LAB_TEXT("goedel", "character %1 of the number is “%2”; expected a digit from 0 to 9")).arg(at.place()).arg(character));
}

}  // namespace

void throwIfCancelled(const CancelCheck& cancelled) {
    if (cancelled && cancelled()) throw Cancelled();
}

struct Natural::Value {
    mpz_class number;
};

Natural::Natural() : m_value(std::make_unique<Value>()) {}
Natural::Natural(std::uint64_t value) : m_value(std::make_unique<Value>(Value{ofU64(value)})) {}
Natural::~Natural() = default;
Natural::Natural(const Natural& other) : m_value(std::make_unique<Value>(*other.m_value)) {}
Natural::Natural(Natural&& other) noexcept = default;
Natural& Natural::operator=(Natural&& other) noexcept = default;

Natural& Natural::operator=(const Natural& other) {
    if (this != &other) m_value = std::make_unique<Value>(*other.m_value);
    return *this;
}

Natural Natural::fromDecimal(std::string_view text) {
    std::string digits;
    bool any = false;
    for (Characters at(text); !at.atEnd(); at.advance()) {
        if (at.isBlank()) continue;
        const char digit = at.front().front();
        if (at.front().size() != 1 || digit < '0' || digit > '9') refuse(at);
        any = true;
        if (digit != '0' || !digits.empty()) digits += digit;
        if (digits.size() > mostDigits) throw InputError(Message(LAB_TEXT("goedel", "the number has more than %1 digits")).arg(mostDigits));
    }
    if (!any) throw InputError(LAB_TEXT("goedel", "there is no number: expected digits from 0 to 9"));
    Natural number;
    if (!digits.empty()) number.m_value->number.set_str(digits, 10);
    return number;
}

Natural Natural::fromDouble(double value) {
    assert(std::isfinite(value) && value >= 0 && std::trunc(value) == value);
    Natural number;
    number.m_value->number = mpz_class(value);
    return number;
}

std::string Natural::toDecimal() const {
    return m_value->number.get_str(10);
}

std::size_t Natural::bits() const {
    return isZero() ? 0 : mpz_sizeinbase(m_value->number.get_mpz_t(), 2);
}

std::size_t Natural::digits() const {
    const std::size_t atMost = mpz_sizeinbase(m_value->number.get_mpz_t(), 10);  // exact or one too many
    if (atMost == 1) return 1;
    return *this < power(10, atMost - 1) ? atMost - 1 : atMost;
}

double Natural::toDouble() const {
    return nearestDouble(m_value->number);
}

double Natural::log2() const {
    long exponent = 0;
    const double mantissa = mpz_get_d_2exp(&exponent, m_value->number.get_mpz_t());
    return std::log2(mantissa) + static_cast<double>(exponent);
}

bool Natural::isZero() const {
    return m_value->number == 0;
}

bool Natural::fitsU64() const {
    return bits() <= 64;
}

std::uint64_t Natural::toU64() const {
    assert(fitsU64());
    std::uint64_t value = 0;
    mpz_export(&value, nullptr, -1, sizeof value, 0, 0, m_value->number.get_mpz_t());
    return value;
}

bool Natural::isDivisibleBy(std::uint32_t divisor) const {
    assert(divisor > 0);
    return mpz_divisible_ui_p(m_value->number.get_mpz_t(), divisor) != 0;
}

std::uint64_t Natural::modulo(std::uint32_t divisor) const {
    assert(divisor > 0);
    return mpz_fdiv_ui(m_value->number.get_mpz_t(), divisor);
}

std::size_t Natural::timesDivisibleBy(std::uint32_t prime) const {
    return Natural(*this).removeFactor(prime);
}

std::size_t Natural::removeFactor(std::uint32_t prime) {
    assert(!isZero() && prime > 1);
    if (!isDivisibleBy(prime)) return 0;
    const mpz_class factor = ofU64(prime);
    mpz_class& number = m_value->number;
    return mpz_remove(number.get_mpz_t(), number.get_mpz_t(), factor.get_mpz_t());
}

Natural& Natural::operator+=(const Natural& other) {
    m_value->number += other.m_value->number;
    return *this;
}

Natural& Natural::operator*=(const Natural& other) {
    m_value->number *= other.m_value->number;
    return *this;
}

Natural Natural::distance(const Natural& a, const Natural& b) {
    Natural result;
    result.m_value->number = abs(a.m_value->number - b.m_value->number);
    return result;
}

Natural Natural::dividedBy(const Natural& divisor, Natural* rest) const {
    assert(!divisor.isZero());
    Natural quotient, left;
    mpz_tdiv_qr(quotient.m_value->number.get_mpz_t(), left.m_value->number.get_mpz_t(), m_value->number.get_mpz_t(),
                divisor.m_value->number.get_mpz_t());
    if (rest) *rest = std::move(left);
    return quotient;
}

Natural Natural::power(std::uint64_t base, std::size_t exponent) {
    Natural result;
    mpz_pow_ui(result.m_value->number.get_mpz_t(), ofU64(base).get_mpz_t(), exponent);
    return result;
}

Natural Natural::greatestCommonDivisor(const Natural& a, const Natural& b) {
    Natural result;
    mpz_gcd(result.m_value->number.get_mpz_t(), a.m_value->number.get_mpz_t(), b.m_value->number.get_mpz_t());
    return result;
}

bool Natural::operator==(const Natural& other) const {
    return m_value->number == other.m_value->number;
}

std::strong_ordering Natural::operator<=>(const Natural& other) const {
    return mpz_cmp(m_value->number.get_mpz_t(), other.m_value->number.get_mpz_t()) <=> 0;
}

std::string groupedDigits(std::string_view decimal, std::size_t most, std::size_t edge, std::string_view separator) {
    const std::size_t count = decimal.size();
    const std::size_t first = edge + (count - std::min(count, edge)) % 3;
    const bool whole = count <= most || count <= first + edge;
    const auto grouped = [&](std::size_t begin, std::size_t end) {
        std::string text;
        for (std::size_t i = begin; i < end; ++i) {
            if (i > begin && (count - i) % 3 == 0) text += separator;
            text += decimal[i];
        }
        return text;
    };
    if (whole) return grouped(0, count);
    return grouped(0, first) + " … " + grouped(count - edge, count);
}

}  // namespace lab::goedel
