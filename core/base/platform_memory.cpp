#include "core/base/platform_memory.h"

#include <fstream>
#include <string>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace lab {

std::optional<std::uint64_t> availableMemory() {
#ifdef __linux__
    std::ifstream file("/proc/meminfo");
    for (std::string key, rest; file >> key && std::getline(file, rest);)
        if (key == "MemAvailable:") return std::stoull(rest) * 1024;  // "   16242304 kB"
#endif
    return std::nullopt;
}

std::optional<std::uint64_t> allocatedMemory() {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
    const struct mallinfo2 heap = mallinfo2();
    return heap.uordblks + heap.hblkhd;
#else
    return std::nullopt;
#endif
}

}  // namespace lab
