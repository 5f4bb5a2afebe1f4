#include "core/base/platform_reading.h"

#include <cassert>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/base/errors.h"
#include "core/base/files.h"

#if defined(__unix__) || defined(__APPLE__)
#define LAB_POSIX_READING 1
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace lab {

std::string RandomAccessFile::text(std::uint64_t begin, std::size_t count) const {
    std::string text(count, '\0');
    read(begin, count, text.data());
    return text;
}

#ifdef LAB_POSIX_READING

RandomAccessFile::RandomAccessFile(const std::filesystem::path& path) : m_name(utf8Text(path)) {
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) m_file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat facts {};
    if (m_file >= 0 && ::fstat(m_file, &facts) == 0 && S_ISREG(facts.st_mode)) {
        m_size = static_cast<std::uint64_t>(facts.st_size);
        return;
    }
    if (m_file >= 0) ::close(std::exchange(m_file, -1));
    m_copy = readFile(path);  // says what is wrong
    m_size = m_copy.size();
}

RandomAccessFile::~RandomAccessFile() {
    if (m_file >= 0) ::close(m_file);
}

void RandomAccessFile::read(std::uint64_t begin, std::size_t count, char* to) const {
    assert(begin <= m_size && count <= m_size - begin);
    if (m_file < 0) {
        std::memcpy(to, m_copy.data() + begin, count);
        return;
    }
    for (std::uint64_t at = begin; count > 0;) {
        const ssize_t read = ::pread(m_file, to, count, static_cast<off_t>(at));
        if (read < 0 && errno == EINTR) continue;
        if (read <= 0)
            throw InputError(m_name, Message(LAB_TEXT("files", "it ends at byte %1 now, but was longer when it was opened")).arg(at));
        to += read;
        at += static_cast<std::uint64_t>(read);
        count -= static_cast<std::size_t>(read);
    }
}

#else

RandomAccessFile::RandomAccessFile(const std::filesystem::path& path)
    : m_name(utf8Text(path)), m_copy(readFile(path)), m_size(m_copy.size()) {}
RandomAccessFile::~RandomAccessFile() = default;
void RandomAccessFile::read(std::uint64_t begin, std::size_t count, char* to) const {
    std::memcpy(to, m_copy.data() + begin, count);
}

#endif

}  // namespace lab
