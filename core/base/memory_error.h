#pragma once

#include <new>
#include <stdexcept>
#include <system_error>

namespace lab {

/// It says that something did not fit into memory, or never could; a thread that the system has no room for, too.
inline bool isMemoryError(const std::exception& error) {
    const auto* refused = dynamic_cast<const std::system_error*>(&error);
    const bool noThread = refused && refused->code() == std::errc::resource_unavailable_try_again;
    return noThread || dynamic_cast<const std::bad_alloc*>(&error) || dynamic_cast<const std::length_error*>(&error);
}

}  // namespace lab
