#pragma once

#include <cstddef>
#include <cstdint>

namespace lab {

/// An index or a count that is known not to be negative, as containers take it.
constexpr std::size_t asSize(std::int64_t n) {
    return static_cast<std::size_t>(n);
}

}  // namespace lab
