#include "core/base/platform_memory.h"

#include <fstream>
#include <string>

namespace lab {

std::optional<std::uint64_t> availableMemory() {
#ifdef __linux__
    std::ifstream file("/proc/meminfo");
    for (std::string key, rest; file >> key && std::getline(file, rest);)
        if (key == "MemAvailable:") return std::stoull(rest) * 1024;  // "   16242304 kB"
#endif
    return std::nullopt;
}

}  // namespace lab
