#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/goedel/in_double.h"
#include "core/goedel/lattice.h"

// Two sequences that become the same double.

namespace lab::goedel {
namespace {

using Relation = std::vector<std::int64_t>;  ///< d: the product of p_i^d_i is nearly 1

/// Fewer positions have no relation that is small enough; more make the search long and find none better.
constexpr std::size_t fewestPositions = 12, mostPositions = 40;
constexpr std::size_t lengthsOfTails[] = {14, 16, 18, 20, 24, 28, 32, 40};
/// So many candidates are compared exactly.
constexpr int mostCompared = 300;

/// The basis, and its sums and differences of two and three.
std::vector<Relation> relationsOf(const std::vector<Relation>& basis, const CancelCheck& cancelled) {
    std::vector<Relation> relations = basis;
    const auto add = [&](const Relation& a, int sign, const Relation& b) {
        Relation sum = a;
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += sign * b[i];
        relations.push_back(std::move(sum));
    };
    std::size_t begin = 0;
    std::vector<std::size_t> last(basis.size());  // of each relation the highest basis vector in it
    std::iota(last.begin(), last.end(), std::size_t(0));
    for (int terms = 2; terms <= 3; ++terms) {
        const std::size_t end = relations.size();
        for (std::size_t k = begin; k < end; ++k) {
            throwIfCancelled(cancelled);
            for (std::size_t j = last[k] + 1; j < basis.size(); ++j)
                for (const int sign : {1, -1}) {
                    add(Relation(relations[k]), sign, basis[j]);
                    last.push_back(j);
                }
        }
        begin = end;
    }
    return relations;
}

int differences(const Relation& relation) {
    return static_cast<int>(std::ranges::count_if(relation, [](std::int64_t d) { return d != 0; }));
}

/// How finely relations are sought: 2^-scale is some way below half a spacing of the doubles in question.
unsigned scaleFor(DoubleOf of, const Symbols& near) {
    if (of == DoubleOf::number) return 57;
    constexpr double leastLogarithm = 32;
    const double logarithm = std::max(nearestLogarithm(near), leastLogarithm);
    return static_cast<unsigned>(3 + 52 - std::ilogb(logarithm));
}

double doubleOf(DoubleOf of, const Symbols& symbols, const Natural& number) {
    return of == DoubleOf::number ? number.toDouble() : nearestLogarithm(symbols);
}

/// The number is infinite as a double.
bool isTooLarge(DoubleOf of, const Symbols& symbols) {
    constexpr double largest = 1024;  // bits
    return of == DoubleOf::number && bitsOf(factorsOf(symbols)) >= largest;
}

/// The two as twins, when they are.
std::optional<Twins> compared(DoubleOf of, const Symbols& first, const Symbols& second, std::size_t appended) {
    Twins twins;
    twins.of = of;
    twins.first = first;
    twins.second = second;
    twins.appended = appended;
    twins.firstNumber = goedelNumber(first);
    twins.secondNumber = goedelNumber(second);
    twins.shared = doubleOf(of, first, twins.firstNumber);
    if (!std::isfinite(twins.shared) || twins.shared != doubleOf(of, second, twins.secondNumber)) return std::nullopt;
    twins.difference = Natural::distance(twins.firstNumber, twins.secondNumber);
    twins.spacing = std::nextafter(twins.shared, std::numeric_limits<double>::infinity()) - twins.shared;
    for (std::size_t i = 0; i < first.size(); ++i) twins.differing += first[i] != second[i];
    return twins;
}

/// Looks for twins among sequences that differ at some positions only.
class Search {
public:
    Search(const Symbols& near, int alphabetSize, DoubleOf of, const CancelCheck& cancelled)
        : m_near(near), m_size(alphabetSize), m_of(of), m_cancelled(cancelled) {}

    /// The sequence itself and another of its length.
    std::optional<Twins> ofItself() {
        if (m_near.size() < fewestPositions) return std::nullopt;
        const std::vector<std::size_t> positions = centralPositions();
        for (const Relation& relation : relationsAt(positions))
            for (const int sign : {1, -1}) {
                Symbols other = m_near;
                for (std::size_t k = 0; k < positions.size(); ++k) other[positions[k]] += static_cast<int>(sign * relation[k]);
                if (!isAllowed(other)) continue;
                if (auto twins = tried(m_near, other, 0)) return twins;
                if (m_left == 0) return std::nullopt;
            }
        return std::nullopt;
    }

    /// Two that go on behind the sequence for so many symbols.
    std::optional<Twins> withTails(std::size_t length) {
        m_left = mostCompared;
        std::vector<std::size_t> positions(length);
        std::iota(positions.begin(), positions.end(), m_near.size());
        for (const Relation& relation : relationsAt(positions)) {
            Symbols first = m_near, second = m_near;
            for (const std::int64_t d : relation) {
                first.push_back(static_cast<int>(std::max<std::int64_t>(0, -d)));
                second.push_back(static_cast<int>(std::max<std::int64_t>(0, d)));
            }
            if (!isAllowed(first) || !isAllowed(second)) continue;
            if (auto twins = tried(first, second, length)) return twins;
            if (m_left == 0) break;
        }
        return std::nullopt;
    }

private:
    bool isAllowed(const Symbols& symbols) const {
        return std::ranges::all_of(symbols, [this](int symbol) { return symbol >= 0 && symbol < m_size; });
    }

    std::optional<Twins> tried(const Symbols& first, const Symbols& second, std::size_t appended) {
        throwIfCancelled(m_cancelled);
        if (isTooLarge(m_of, first)) return std::nullopt;
        --m_left;
        return compared(m_of, first, second, appended);
    }

    /// Those whose symbols have the most room on both sides, in their order.
    std::vector<std::size_t> centralPositions() const {
        std::vector<std::size_t> positions(m_near.size());
        std::iota(positions.begin(), positions.end(), std::size_t(0));
        std::ranges::stable_sort(positions, std::greater(), [this](std::size_t i) { return std::min(m_near[i], m_size - 1 - m_near[i]); });
        positions.resize(std::min(positions.size(), mostPositions));
        std::ranges::sort(positions);
        return positions;
    }

    /// Those that change the fewest symbols first.
    std::vector<Relation> relationsAt(const std::vector<std::size_t>& positions) const {
        const std::vector<std::uint32_t> primes = firstPrimes(positions.back() + 1);
        std::vector<std::uint32_t> chosen;
        for (const std::size_t position : positions) chosen.push_back(primes[position]);
        std::vector<Relation> relations = relationsOf(smallRelations(chosen, scaleFor(m_of, m_near), m_cancelled), m_cancelled);
        std::erase_if(relations, [this](const Relation& relation) {
            return differences(relation) == 0 || std::ranges::any_of(relation, [this](std::int64_t d) { return std::abs(d) >= m_size; });
        });
        std::ranges::stable_sort(relations, {}, differences);
        return relations;
    }

    const Symbols& m_near;
    const int m_size;
    const DoubleOf m_of;
    const CancelCheck& m_cancelled;
    int m_left = mostCompared;  ///< comparisons
};

}  // namespace

std::optional<Twins> findTwins(const Symbols& near, int alphabetSize, DoubleOf of, const CancelCheck& cancelled) {
    checkSize(near);
    if (alphabetSize < 2 || near.size() > longestWithTwins || isTooLarge(of, near)) return std::nullopt;
    Search search(near, alphabetSize, of, cancelled);
    if (auto twins = search.ofItself()) return twins;
    for (const std::size_t length : lengthsOfTails)
        if (auto twins = search.withTails(length)) return twins;
    return std::nullopt;
}

bool areTwins(const Twins& twins) {
    const Natural first = goedelNumber(twins.first), second = goedelNumber(twins.second);
    return first != second && doubleOf(twins.of, twins.first, first) == doubleOf(twins.of, twins.second, second);
}

}  // namespace lab::goedel
