#include "core/base/platform_mapping.h"

#include <cstdint>

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

namespace {

/// Empty where that does not work.
std::string_view mapped(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return {};
    struct stat facts {};
    void* begin = MAP_FAILED;
    if (::fstat(file, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size > 0)
        begin = ::mmap(nullptr, static_cast<std::size_t>(facts.st_size), PROT_READ, MAP_PRIVATE, file, 0);
    ::close(file);
    if (begin == MAP_FAILED) return {};
    return {static_cast<const char*>(begin), static_cast<std::size_t>(facts.st_size)};
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) : m_name(utf8Text(path)), m_bytes(mapped(path)), m_mapped(!m_bytes.empty()) {
    if (m_mapped) return;
    m_copy = readFile(path);  // says what is wrong
    m_bytes = m_copy;
}

MappedFile::~MappedFile() {
    if (m_mapped) ::munmap(const_cast<char*>(m_bytes.data()), m_bytes.size());
}

void MappedFile::giveBack(std::string_view part) const {
    if (!m_mapped || part.empty()) return;
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto first = (reinterpret_cast<std::uintptr_t>(part.data()) + page - 1) / page * page;
    const auto end = reinterpret_cast<std::uintptr_t>(part.data() + part.size()) / page * page;
    if (first < end) ::madvise(reinterpret_cast<void*>(first), end - first, MADV_DONTNEED);
}

#else

MappedFile::MappedFile(const std::filesystem::path& path) : m_name(utf8Text(path)), m_copy(readFile(path)), m_bytes(m_copy) {}
MappedFile::~MappedFile() = default;
void MappedFile::giveBack(std::string_view) const {}

#endif

}  // namespace lab
