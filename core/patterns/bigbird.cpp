#include <bit>

#include "core/base/random.h"
#include "core/patterns/globals.h"
#include "core/patterns/pattern_seed.h"

namespace lab::patterns {
namespace {

constexpr ParameterSpec parameters[] = {
    windowParameter,
    globalsParameter,
    {"randoms",
     LAB_TEXT("fields",
              "Random keys a row in the bigbird pattern (Zaheer 2020, arXiv 2007.14062): different ones, of all keys of the "
              "sequence or in a decoder of 0 .. i; those within the window count too."),
     {0, mostRows},
     {},
     true,
     {},
     8},
    seedParameter};

int randomsOf(const PatternFrame& frame) {
    return static_cast<int>(frame.numbers[2]);
}

/// One query's keys in a random order, a pure function of (seed, query, number of keys): a Feistel network of four rounds over a power of
/// four, walked on while it leaves the keys (Black & Rogaway 2002). So neither question needs the whole order.
class KeyOrder {
public:
    KeyOrder(const PatternFrame& frame, int query)
        : m_random(static_cast<std::uint64_t>(frame.numbers[3]), static_cast<std::uint64_t>(query)),
          m_keys(static_cast<std::uint32_t>(frame.causal ? query + 1 : frame.keys)),
          m_half((std::bit_width(m_keys - 1) + 1) / 2) {}

    int keyAt(int place) const {
        return walked(place, [this](Halves x) {
            for (std::uint32_t round = 0; round < rounds; ++round) x = {x.low, x.high ^ mixed(round, x.low)};
            return x;
        });
    }
    int placeOf(int key) const {
        return walked(key, [this](Halves x) {
            for (std::uint32_t round = rounds; round-- > 0;) x = {x.low ^ mixed(round, x.high), x.high};
            return x;
        });
    }

private:
    static constexpr std::uint32_t rounds = 4;
    struct Halves {
        std::uint32_t high, low;
    };

    std::uint32_t mixed(std::uint32_t round, std::uint32_t half) const {
        return m_random.bits(std::uint64_t{round} << 32 | half) & ((1u << m_half) - 1);
    }
    template <class Network>
    int walked(int from, Network network) const {
        auto at = static_cast<std::uint32_t>(from);
        do {
            const Halves x = network({at >> m_half, at & ((1u << m_half) - 1)});
            at = x.high << m_half | x.low;
        } while (at >= m_keys);
        return static_cast<int>(at);
    }

    RandomStream m_random;
    std::uint32_t m_keys;
    int m_half;  ///< bits
};

bool allows(const PatternFrame& frame, int i, int j) {
    if (withinWindowOrGlobal(frame, i, j)) return true;
    return !(frame.causal && j > i) && KeyOrder(frame, i).placeOf(j) < randomsOf(frame);
}

Message whyNot(const PatternFrame& frame, int, int) {
    return Message(LAB_TEXT("patterns",
                            "outside the window of %1, neither is one of the first %2, and the key is none of the query's %3 random ones"))
        .arg(windowOf(frame))
        .arg(globalsOf(frame))
        .arg(randomsOf(frame));
}

/// As longformer's, and the keys drawn for each of its queries that lie elsewhere.
void addKeys(const PatternFrame& frame, Tile& tile) {
    addWindowAndGlobals(frame, tile);
    if (tile.firstQuery < globalsOf(frame)) return;
    const auto [low, high] = windowOf(frame, tile);
    std::vector<int> elsewhere;
    for (int i = tile.firstQuery; i <= tile.lastQuery(); ++i) {
        const int count = std::min(randomsOf(frame), frame.causal ? i + 1 : frame.keys);
        for (int place = 0; place < count; ++place) {
            const int key = KeyOrder(frame, i).keyAt(place);
            if (key >= globalsOf(frame) && (key < low || key >= high)) elsewhere.push_back(key);
        }
    }
    std::ranges::sort(elsewhere);
    elsewhere.erase(std::unique(elsewhere.begin(), elsewhere.end()), elsewhere.end());
    for (auto key = elsewhere.begin(); key != elsewhere.end();) {
        auto end = key;
        while (end != elsewhere.end() && *end == *key + (end - key)) ++end;
        tile.add(*key, *(end - 1) + 1);
        key = end;
    }
}

}  // namespace

extern const PatternSpec bigbird;
constinit const PatternSpec bigbird{
    "bigbird",
    LAB_TEXT("fields",
             "longformer and for each query `randoms` keys drawn from (seed, i), which need not see it in turn (Zaheer 2020, arXiv "
             "2007.14062)"),
    parameters,
    allows,
    whyNot,
    queriesOfGlobals,
    addKeys};

}  // namespace lab::patterns
