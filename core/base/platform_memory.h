#pragma once

#include <cstdint>
#include <optional>

namespace lab {

/// Bytes that this computer could still give to a program without taking them from others; nothing when it does not say.
std::optional<std::uint64_t> availableMemory();

}  // namespace lab
