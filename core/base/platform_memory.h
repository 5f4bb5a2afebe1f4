#pragma once

#include <cstdint>
#include <optional>

namespace lab {

/// Bytes that this computer could still give to a program without taking them from others; nothing when it does not say.
std::optional<std::uint64_t> availableMemory();

/// Bytes that this program has asked for and not given back; nothing where its library does not count them.
std::optional<std::uint64_t> allocatedMemory();

}  // namespace lab
