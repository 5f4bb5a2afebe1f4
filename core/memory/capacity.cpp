#include "core/memory/capacity.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "core/base/random.h"
#include "core/base/threads.h"

namespace lab {
namespace {

/// What one set of patterns gave, summed over its queries.
struct DrawResult {
    std::int64_t differing = 0;  ///< units, so that means do not hang on the order of sums
    int exact = 0, queries = 0;
};

/// A seed of its own for part `part` of draw `draw` of `patterns` patterns.
std::uint64_t seedOf(std::uint64_t seed, int patterns, int draw, std::uint64_t part) {
    const auto words = RandomStream(seed, static_cast<std::uint64_t>(patterns)).block((static_cast<std::uint64_t>(draw) << 20) + part);
    return (static_cast<std::uint64_t>(words[0]) << 32) | words[1];
}

/// Nothing when `stopped` says so before the last query.
std::optional<DrawResult> drawn(const MakeMemory& memory, const CapacityQuestion& question, int patterns, int draw,
                                const std::function<bool()>& stopped) {
    const std::vector<Pattern> set =
        randomPatterns(patterns, 1, question.neurons, question.correlation, seedOf(question.seed, patterns, draw, 0));
    std::vector<States> states;
    for (const Pattern& pattern : set) states.push_back(pattern.states);
    const RecallBy recallBy = memory(states);
    DrawResult result;
    for (int k = 0; k < std::min(patterns, question.tested); ++k) {
        if (stopped()) return std::nullopt;
        const std::uint64_t seed = seedOf(question.seed, patterns, draw, 1 + static_cast<std::uint64_t>(k));
        const Pattern& pattern = set[static_cast<std::size_t>(k)];
        const States out = recallBy(withNoise(pattern, question.flip, seed).states, seed);
        const int wrong = differing(out, pattern.states);
        result.differing += wrong;
        result.exact += wrong == 0;
        ++result.queries;
    }
    return result;
}

/// All draws of all points: handed out one by one, gathered at their places.
class Draws {
public:
    Draws(const CapacityQuestion& question, const CapacityProgress& told)
        : m_question(question), m_told(told), m_results(question.patterns.size() * static_cast<std::size_t>(question.draws)) {}

    /// Takes draws until there are none left or it is stopped.
    void work(const MakeMemory& memory, const std::function<bool()>& stopped) {
        const auto ended = [&] {
            if (!m_ended && stopped && stopped()) m_ended = true;
            return m_ended.load();
        };
        try {
            while (!ended()) {
                const std::size_t place = m_next++;
                if (place >= m_results.size()) return;
                const auto point = place / static_cast<std::size_t>(m_question.draws);
                const int draw = static_cast<int>(place % static_cast<std::size_t>(m_question.draws));
                if (const auto result = drawn(memory, m_question, m_question.patterns[point], draw, ended)) keep(place, *result);
            }
        } catch (...) {
            const std::lock_guard lock(m_mutex);
            if (!m_error) m_error = std::current_exception();
            m_ended = true;
        }
    }

    std::vector<CapacityPoint> points() const {
        std::vector<CapacityPoint> points;
        for (std::size_t point = 0; point < m_question.patterns.size(); ++point) points.push_back(pointAt(point));
        return points;
    }

    void rethrow() const {
        if (m_error) std::rethrow_exception(m_error);
    }

private:
    void keep(std::size_t place, const DrawResult& result) {
        const std::lock_guard lock(m_mutex);
        m_results[place] = result;
        ++m_done;
        if (m_told) m_told(points(), static_cast<double>(m_done) / static_cast<double>(m_results.size()));
    }

    CapacityPoint pointAt(std::size_t point) const {
        CapacityPoint mean;
        mean.patterns = m_question.patterns[point];
        mean.load = static_cast<double>(mean.patterns) / m_question.neurons;
        int queries = 0, exact = 0;
        std::int64_t wrong = 0;
        for (int draw = 0; draw < m_question.draws; ++draw) {
            const auto& result = m_results[point * static_cast<std::size_t>(m_question.draws) + static_cast<std::size_t>(draw)];
            if (!result) continue;
            ++mean.draws;
            wrong += result->differing;
            exact += result->exact;
            queries += result->queries;
        }
        if (queries == 0) return mean;
        const double units = static_cast<double>(queries) * m_question.neurons;
        mean.overlap = (units - 2 * static_cast<double>(wrong)) / units;
        mean.exact = static_cast<double>(exact) / queries;
        return mean;
    }

    const CapacityQuestion& m_question;
    const CapacityProgress& m_told;
    std::vector<std::optional<DrawResult>> m_results;  ///< [points, draws]
    std::atomic<std::size_t> m_next = 0;
    std::atomic<bool> m_ended = false;  ///< stopped or failed: no thread goes on
    std::size_t m_done = 0;
    std::exception_ptr m_error;
    std::mutex m_mutex;
};

}  // namespace

MakeMemory classicalMemory(const StorageRule& rule, RecallMode mode) {
    return [&rule, mode](std::span<const States> patterns) -> RecallBy {
        std::vector<Pattern> pictures;
        for (const States& states : patterns) pictures.push_back({{}, 1, static_cast<int>(states.size()), states});
        const auto net = std::make_shared<const HopfieldNet>(rule, std::move(pictures));
        return [net, mode](const States& query, std::uint64_t seed) { return recalled(*net, query, mode, seed); };
    };
}

std::vector<CapacityPoint> capacityCurve(const MakeMemory& memory, const CapacityQuestion& question, int threads,
                                         const std::function<bool()>& stopped, const CapacityProgress& told) {
    Draws draws(question, told);
    {
        const int all = threads > 0 ? threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
        std::vector<std::jthread> others;
        for (int k = 1; k < all; ++k) addThread(others, [&] { draws.work(memory, stopped); });
        draws.work(memory, stopped);
    }
    draws.rethrow();
    return draws.points();
}

std::vector<int> patternsOfLoads(int neurons, std::span<const double> loads) {
    std::vector<int> patterns;
    for (const double load : loads) patterns.push_back(std::max(1, static_cast<int>(std::lround(load * neurons))));
    std::ranges::sort(patterns);
    patterns.erase(std::unique(patterns.begin(), patterns.end()), patterns.end());
    return patterns;
}

std::span<const double> usualLoads() {
    static constexpr std::array loads = {0.02, 0.05, 0.08, 0.1, 0.12, 0.138, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7};
    return loads;
}

}  // namespace lab
