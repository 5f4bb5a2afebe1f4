#include "core/memory/recall.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "core/base/random.h"

namespace lab {
namespace {

/// What rounding may add to an energy, of its size.
constexpr double energyRounding = 1e-9;

/// The net at one moment: states, their fields and the energy, kept up to date flip by flip.
class Moment {
public:
    Moment(const HopfieldNet& net, States state) : m_net(net), m_state(std::move(state)), m_fields(net.fields(m_state)) {
        assert(std::ssize(m_state) == net.units());
        m_energy = energyOfFields();
    }

    const States& state() const { return m_state; }
    double energy() const { return m_energy; }
    double field(int i) const { return m_fields[static_cast<std::size_t>(i)]; }
    bool wantsToFlip(int i) const { return field(i) * m_state[static_cast<std::size_t>(i)] < -zeroField; }

    Flip flip(int i, int update) {
        std::int8_t& state = m_state[static_cast<std::size_t>(i)];
        const Flip flip{update, i, field(i), static_cast<std::int8_t>(-state)};
        m_energy += 2.0 * state * flip.field - 2 * m_net.weight(i, i);
        state = flip.to;
        const std::span<const double> weights = m_net.weightsOf(i);  // symmetric: what i gives
        for (std::size_t j = 0; j < weights.size(); ++j) m_fields[j] += 2.0 * flip.to * weights[j];
        return flip;
    }

    /// All that want to, by the fields as they are.
    std::vector<Flip> flipTogether(int update) {
        std::vector<Flip> flips;
        for (int i = 0; i < m_net.units(); ++i)
            if (wantsToFlip(i)) flips.push_back({update, i, field(i), static_cast<std::int8_t>(-m_state[static_cast<std::size_t>(i)])});
        for (const Flip& flip : flips) m_state[static_cast<std::size_t>(flip.unit)] = flip.to;
        m_fields = m_net.fields(m_state);
        m_energy = energyOfFields();
        return flips;
    }

private:
    double energyOfFields() const {
        return -0.5 * std::transform_reduce(m_fields.begin(), m_fields.end(), m_state.begin(), 0.0, std::plus{},
                                            [](double field, std::int8_t state) { return field * state; });
    }

    const HopfieldNet& m_net;
    States m_state;
    std::vector<double> m_fields;  ///< [N]
    double m_energy = 0;
};

/// The order in which sweep `sweep` visits the units.
std::vector<int> orderOfSweep(int units, std::uint64_t seed, int sweep) {
    const RandomStream stream(seed, "memory.order");
    std::vector<int> order(static_cast<std::size_t>(units));
    std::iota(order.begin(), order.end(), 0);
    const std::uint64_t first = static_cast<std::uint64_t>(sweep) * order.size();
    for (std::size_t i = 0; i + 1 < order.size(); ++i)
        std::swap(order[i], order[i + stream.below(first + i, static_cast<std::uint32_t>(order.size() - i))]);
    return order;
}

/// One unit at a time. `record`: null when only the end is asked for.
void settleOneByOne(Moment& moment, int units, std::uint64_t seed, int sweeps, Recall* record) {
    for (int sweep = 0, update = 0; sweep < sweeps; ++sweep) {
        bool flipped = false;
        for (const int unit : orderOfSweep(units, seed, sweep)) {
            ++update;
            const bool flips = moment.wantsToFlip(unit);
            flipped |= flips;
            if (flips) {
                const Flip flip = moment.flip(unit, update);
                if (record) record->flips.push_back(flip);
            }
            if (!record) continue;
            record->order.push_back(unit);
            record->energies.push_back(moment.energy());
        }
        if (record) record->sweeps = sweep + 1;
        if (flipped) continue;
        if (record) record->ending = RecallEnding::settled;
        return;
    }
}

bool sameUnits(const std::vector<Flip>& a, const std::vector<Flip>& b) {
    return std::ranges::equal(a, b, {}, &Flip::unit, &Flip::unit);
}

/// All at once. What flipped last flips back: the state of two updates ago.
void settleTogether(Moment& moment, int sweeps, Recall* record) {
    std::vector<Flip> before;
    for (int update = 1; update <= sweeps; ++update) {
        std::vector<Flip> flips = moment.flipTogether(update);
        const bool settled = flips.empty(), swings = !settled && sameUnits(flips, before);
        if (record) {
            record->flips.insert(record->flips.end(), flips.begin(), flips.end());
            record->energies.push_back(moment.energy());
            record->sweeps = update;
            if (settled) record->ending = RecallEnding::settled;
            if (swings) record->ending = RecallEnding::twoCycle;
        }
        if (settled || swings) return;
        before = std::move(flips);
    }
}

States settle(const HopfieldNet& net, const States& query, RecallMode mode, std::uint64_t seed, int sweeps, Recall* record) {
    Moment moment(net, query);
    if (record) {
        record->ending = RecallEnding::givenUp;
        record->energies.push_back(moment.energy());
    }
    if (mode == RecallMode::asynchronous)
        settleOneByOne(moment, net.units(), seed, sweeps, record);
    else
        settleTogether(moment, sweeps, record);
    return moment.state();
}

}  // namespace

int Recall::settledAt() const {
    if (ending != RecallEnding::settled) return updates();
    return flips.empty() ? 0 : flips.back().update;
}

std::size_t Recall::flipsBy(int update) const {
    return static_cast<std::size_t>(std::ranges::upper_bound(flips, update, {}, &Flip::update) - flips.begin());
}

States Recall::stateAfter(int update) const {
    States state = query;
    for (std::size_t k = 0, end = flipsBy(update); k < end; ++k) state[static_cast<std::size_t>(flips[k].unit)] = flips[k].to;
    return state;
}

std::optional<Flip> Recall::nextFlip(int update) const {
    const std::size_t next = flipsBy(update);
    return next < flips.size() ? std::optional(flips[next]) : std::nullopt;
}

bool Recall::roseAt(int update) const {
    if (update < 1 || update > updates()) return false;
    const double before = energies[static_cast<std::size_t>(update - 1)], after = energies[static_cast<std::size_t>(update)];
    return after > before + energyRounding * std::max(1.0, std::abs(before));
}

std::optional<int> Recall::firstRise() const {
    for (int update = 1; update <= updates(); ++update)
        if (roseAt(update)) return update;
    return std::nullopt;
}

Recall recall(const HopfieldNet& net, const States& query, RecallMode mode, std::uint64_t seed, int sweeps) {
    Recall record;
    record.mode = mode;
    record.seed = seed;
    record.query = query;
    settle(net, query, mode, seed, sweeps, &record);
    return record;
}

States recalled(const HopfieldNet& net, const States& query, RecallMode mode, std::uint64_t seed, int sweeps) {
    return settle(net, query, mode, seed, sweeps, nullptr);
}

Message endingText(const Recall& recall) {
    switch (recall.ending) {
        case RecallEnding::settled:
            if (recall.settledAt() == 0) return LAB_TEXT("memory", "settled from the start: no unit wants to flip");
            return Message(LAB_PLURAL("memory", "settled after %n update(s)")).count(recall.settledAt());
        case RecallEnding::twoCycle:
            return Message(LAB_TEXT("memory", "swings between two states for ever, from update %1 on")).arg(recall.updates() - 2);
        case RecallEnding::givenUp:
            break;
    }
    return Message(LAB_PLURAL("memory", "not settled after %n sweep(s)")).count(recall.sweeps);
}

}  // namespace lab
