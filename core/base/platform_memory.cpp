#include "core/base/platform_memory.h"

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>
#endif

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace lab {

#ifdef __linux__
namespace {

/// What ulimit -v leaves this process; without it as much as there can be.
std::uint64_t allowedMemory() {
    rlimit limit{};
    std::uint64_t pages = 0;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || !(std::ifstream("/proc/self/statm") >> pages))
        return std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t taken = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    return limit.rlim_cur > taken ? limit.rlim_cur - taken : 0;
}

}  // namespace

std::optional<std::uint64_t> availableMemory() {
    std::ifstream file("/proc/meminfo");
    for (std::string key, rest; file >> key && std::getline(file, rest);)
        if (key == "MemAvailable:") return std::min(std::uint64_t{std::stoull(rest)} * 1024, allowedMemory());  // "   16242304 kB"
    return std::nullopt;
}
#else
std::optional<std::uint64_t> availableMemory() {
    return std::nullopt;
}
#endif

std::optional<std::uint64_t> allocatedMemory() {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
    const struct mallinfo2 heap = mallinfo2();
    return heap.uordblks + heap.hblkhd;
#else
    return std::nullopt;
#endif
}

}  // namespace lab
