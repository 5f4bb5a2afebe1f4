#pragma once

#include <QString>
#include <functional>
#include <vector>

#include "core/base/errors.h"
#include "core/memory/hopfield_net.h"

// What tests of the classical nets share: nets of random patterns, and slow obvious twins in double.

namespace lab::memory_testing {

inline HopfieldNet randomNet(const StorageRule& rule, int count, int units, std::uint64_t seed, double correlation = 0) {
    return {rule, randomPatterns(count, 1, units, correlation, seed)};
}

inline States stateAtRandom(int units, std::uint64_t seed) {
    return randomPatterns(1, 1, units, 0, seed).front().states;
}

inline double slowField(const HopfieldNet& net, const States& state, int i) {
    double sum = 0;
    for (int j = 0; j < net.units(); ++j) sum += net.weight(i, j) * state[static_cast<std::size_t>(j)];
    return sum;
}

/// -1/2 s^T W s, term by term.
inline double slowEnergy(const HopfieldNet& net, const States& state) {
    double sum = 0;
    for (int i = 0; i < net.units(); ++i)
        for (int j = 0; j < net.units(); ++j)
            sum -= 0.5 * net.weight(i, j) * state[static_cast<std::size_t>(i)] * state[static_cast<std::size_t>(j)];
    return sum;
}

inline QString errorOf(const std::function<void()>& work) {
    try {
        work();
    } catch (const InputError& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

}  // namespace lab::memory_testing
