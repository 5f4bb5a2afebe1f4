#include "core/base/platform_limits.h"

#if defined(__unix__) || defined(__APPLE__)
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <vector>

namespace lab {

bool mayOpen(int files) {
    std::vector<int> opened;
    while (static_cast<int>(opened.size()) < files) {
        const int file = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (file < 0) break;
        opened.push_back(file);
    }
    for (const int file : opened) ::close(file);
    return static_cast<int>(opened.size()) == files;
}

bool hasRoomFor(std::size_t bytes) {
    void* room = ::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return room != MAP_FAILED && ::munmap(room, bytes) == 0;
}

}  // namespace lab

#else

namespace lab {

bool mayOpen(int) {
    return true;
}

bool hasRoomFor(std::size_t) {
    return true;
}

}  // namespace lab

#endif
