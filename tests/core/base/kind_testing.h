#pragma once

#include <string>

#include "core/base/parameters.h"

namespace lab::testing {

/// The first key that two rows of a table declare differently: it has one help, one standard and one range in the whole section. Empty:
/// none.
template <class Row>
std::string keyOfTwoMeanings() {
    const auto same = [](const ParameterSpec& a, const ParameterSpec& b) {
        return a.help == b.help && a.standard == b.standard && a.limits.min == b.limits.min && a.limits.max == b.limits.max &&
               a.integer == b.integer;
    };
    for (const Row* a : Row::table())
        for (const Row* b : Row::table())
            for (const ParameterSpec& one : a->parameters)
                for (const ParameterSpec& other : b->parameters)
                    if (one.key == other.key && !same(one, other)) return std::string(one.key);
    return {};
}

}  // namespace lab::testing
