#pragma once

#include <cstddef>

// What a system may refuse a process: libraries that do not expect it end the program, so it is asked for before they are.

namespace lab {

/// Whether so many files more can be open at once.
bool mayOpen(int files);

/// Whether so many bytes of addresses more can be had (ulimit -v).
bool hasRoomFor(std::size_t bytes);

}  // namespace lab
