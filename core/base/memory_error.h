#pragma once

#include <new>
#include <stdexcept>

namespace lab {

/// It says that something did not fit into memory, or never could.
inline bool isMemoryError(const std::exception& error) {
    return dynamic_cast<const std::bad_alloc*>(&error) || dynamic_cast<const std::length_error*>(&error);
}

}  // namespace lab
