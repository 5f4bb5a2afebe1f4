#include "core/base/platform_mapping.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "core/base/errors.h"
#include "core/base/files.h"

#if defined(__unix__) || defined(__APPLE__)
#define LAB_POSIX_MAPPING 1
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace lab {

#ifdef LAB_POSIX_MAPPING

MappedFile::MappedFile(const std::filesystem::path& path) : m_name(utf8Text(path)), m_file(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat facts {};
    if (m_file >= 0 && ::fstat(m_file, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size > 0) {
        const auto size = static_cast<std::size_t>(facts.st_size);
        void* begin = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, m_file, 0);
        if (begin != MAP_FAILED) {
            m_bytes = {static_cast<const char*>(begin), size};
            return;
        }
    }
    if (m_file >= 0) ::close(std::exchange(m_file, -1));
    m_copy = readFile(path);  // says what is wrong
    m_bytes = m_copy;
}

MappedFile::~MappedFile() {
    if (m_file < 0) return;
    ::munmap(const_cast<char*>(m_bytes.data()), m_bytes.size());
    ::close(m_file);
}

void MappedFile::copy(std::string_view part, char* to) const {
    if (m_file < 0) {
        std::ranges::copy(part, to);
        return;
    }
    auto at = static_cast<off_t>(part.data() - m_bytes.data());
    for (std::size_t left = part.size(); left > 0;) {
        const ssize_t read = ::pread(m_file, to, left, at);
        if (read < 0 && errno == EINTR) continue;
        if (read <= 0)
            throw InputError(m_name, Message(LAB_TEXT("files", "it ends at byte %1 now, but was longer when it was opened")).arg(at));
        to += read;
        at += read;
        left -= static_cast<std::size_t>(read);
    }
}

#else

MappedFile::MappedFile(const std::filesystem::path& path) : m_name(utf8Text(path)), m_copy(readFile(path)), m_bytes(m_copy) {}
MappedFile::~MappedFile() = default;
void MappedFile::copy(std::string_view part, char* to) const {
    std::ranges::copy(part, to);
}

#endif

}  // namespace lab
