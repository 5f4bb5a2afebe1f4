#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/watched_reading.h"

namespace lab {

/// The bytes begin as a gzip file does (RFC 1952).
bool isGzip(std::string_view bytes);

/// What is packed in all members of a gzip file. Throws InputError naming `file` when it is broken, ends too early, unpacks to `most`
/// bytes or more, or to far more than a text would. The watch is told the share of packed bytes.
std::string unpackedGzip(std::string_view bytes, const std::string& file, std::size_t most, const Watch& watch = {});

}  // namespace lab
