#include "core/base/platform_files.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>

#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/base/unfinished_files.h"
#include "core/base/write_error.h"

#if defined(__unix__) || defined(__APPLE__)
#define LAB_POSIX_FILES 1
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace lab {
namespace {

[[noreturn]] void refuseWriting(const std::filesystem::path& path, Message reason) {
    throw WriteError(utf8Text(path), located(LAB_TEXT("files", "cannot be written"), std::move(reason)));
}

/// In the system's words.
[[noreturn]] void refuseWritingWith(const std::filesystem::path& path, std::string reason) {
    refuseWriting(path, Message::verbatim(std::move(reason)));
}

/// The file that a link leads to, so that replacing it leaves the link.
std::filesystem::path followed(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::is_symlink(path, error)) return path;
    const auto target = std::filesystem::canonical(path, error);
    return error ? path : target;
}

#ifdef LAB_POSIX_FILES

/// An open file; closes itself.
class Descriptor {
public:
    explicit Descriptor(int number) : m_number(number) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const { return m_number; }
    bool isOpen() const { return m_number >= 0; }
    bool close() {
        const int number = std::exchange(m_number, -1);
        return number < 0 || ::close(number) == 0;
    }

private:
    int m_number;
};

/// Whether everything was written; errno says why not.
bool writeAll(const Descriptor& file, const std::vector<std::string_view>& pieces) {
    for (std::string_view piece : pieces) {
        while (!piece.empty()) {
            const ssize_t written = ::write(file.number(), piece.data(), piece.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return false;
            if (written == 0) {
                errno = ENOSPC;
                return false;
            }
            piece.remove_prefix(static_cast<std::size_t>(written));
        }
    }
    return true;
}

void writeDirectly(const std::filesystem::path& path, const std::vector<std::string_view>& pieces) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file.isOpen() || !writeAll(file, pieces) || !file.close()) refuseWritingWith(path, std::strerror(errno));
}

/// The rename itself must survive a power failure; a folder that cannot be opened is no reason to fail.
void flushFolder(const std::filesystem::path& folder) {
    const Descriptor handle(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (handle.isOpen()) ::fsync(handle.number());
}

/// "out.csv" is written as "out.csv.attention-lab-1234.tmp": a name that nobody else gives.
const std::string temporaryMiddle = ".attention-lab-";
const std::string temporaryEnd = ".tmp";

/// Who writes a temporary file of this name, and which file it shall be; process 0: the name is none of those.
struct Unfinished {
    std::int64_t process = 0;
    std::string_view file;
};
Unfinished unfinishedOf(std::string_view name) {
    const std::size_t middle = name.rfind(temporaryMiddle), number = middle + temporaryMiddle.size();
    if (middle == name.npos || !name.ends_with(temporaryEnd) || number + temporaryEnd.size() > name.size()) return {};
    const auto process = parseInteger(name.substr(number, name.size() - number - temporaryEnd.size()));
    return process && *process > 0 ? Unfinished{*process, name.substr(0, middle)} : Unfinished();
}

/// Of processes that were killed; they may be large. `of`: of this file alone, unless it is empty. What cannot be removed stays.
void removeLeftovers(const std::filesystem::path& folder, const std::string& of) {
    std::error_code error;
    for (auto entry = std::filesystem::directory_iterator(folder.empty() ? "." : folder, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        const Unfinished found = unfinishedOf(name);
        if (found.process == 0 || (!of.empty() && found.file != of)) continue;
        const bool dead = ::kill(static_cast<pid_t>(found.process), 0) != 0 && errno == ESRCH;
        if (dead) ::unlink(entry->path().c_str());
    }
}

void replaceRegular(const std::filesystem::path& path, const std::vector<std::string_view>& pieces) {
    removeLeftovers(path.parent_path(), path.filename().string());
    std::filesystem::path temporary = path;
    temporary += temporaryMiddle;
    temporary += std::to_string(processNumber());
    temporary += temporaryEnd;
    ::unlink(temporary.c_str());  // left by a process of the same number that was killed
    Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!file.isOpen()) refuseWritingWith(path, std::strerror(errno));
    struct stat old {};
    if (::stat(path.c_str(), &old) == 0) static_cast<void>(::fchmod(file.number(), old.st_mode & 07777));
    const bool done =
        writeAll(file, pieces) && ::fsync(file.number()) == 0 && file.close() && ::rename(temporary.c_str(), path.c_str()) == 0;
    if (!done) {
        const std::string reason = std::strerror(errno);
        ::unlink(temporary.c_str());
        refuseWritingWith(path, reason);
    }
    flushFolder(path.parent_path());
}

#else

void writeDirectly(const std::filesystem::path& path, const std::vector<std::string_view>& pieces) {
    std::ofstream file(path, std::ios::binary);
    for (const std::string_view piece : pieces) file.write(piece.data(), static_cast<std::streamsize>(piece.size()));
    file.close();
    if (!file) refuseWriting(path, LAB_TEXT("files", "writing failed"));
}

void replaceRegular(const std::filesystem::path& path, const std::vector<std::string_view>& pieces) {
    std::filesystem::path temporary = path;
    temporary += ".tmp";
    writeDirectly(temporary, pieces);
    std::error_code error;
    std::filesystem::rename(temporary, path, error);
    if (error) refuseWritingWith(path, error.message());
}

#endif

}  // namespace

void replaceFile(const std::filesystem::path& path, const std::vector<std::string_view>& pieces) {
    const std::filesystem::path target = followed(path);
    std::error_code error;
    if (std::filesystem::is_directory(target, error)) refuseWriting(path, LAB_TEXT("files", "it is a folder"));
    if (target.filename().empty()) refuseWriting(path, LAB_TEXT("files", "it names no file"));
    const bool special = std::filesystem::exists(target, error) && !std::filesystem::is_regular_file(target, error);
    special ? writeDirectly(target, pieces) : replaceRegular(target, pieces);
}

std::filesystem::path userCacheFolder() {
    // What is no absolute path is to be ignored (XDG Base Directory Specification).
    const auto named = [](const char* variable) {
        const char* value = std::getenv(variable);
        const std::filesystem::path path = value ? value : "";
        return path.is_absolute() ? path : std::filesystem::path();
    };
    if (const auto cache = named("XDG_CACHE_HOME"); !cache.empty()) return cache;
    const auto home = named("HOME");
    return home.empty() ? home : home / ".cache";
}

#ifdef LAB_POSIX_FILES

bool isUnfinished(const std::filesystem::path& file) {
    return unfinishedOf(file.filename().string()).process > 0;
}

void removeUnfinished(const std::filesystem::path& folder) {
    removeLeftovers(folder, {});
}

std::int64_t processNumber() {
    return ::getpid();
}

std::optional<std::string> readPipe(const std::filesystem::path& pipe, const std::function<bool()>& isWanted) {
    constexpr int slice = 50, moment = 1000;  // milliseconds
    int waited = 0;
    const Descriptor file(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    std::string text, part(std::size_t{1} << 16, '\0');
    pollfd wanted{file.number(), POLLIN, 0};
    while (file.isOpen() && isWanted()) {
        waited = ::poll(&wanted, 1, slice) == 0 ? waited + slice : 0;
        if (waited > 0 && waited < moment) continue;
        const bool idle = waited >= moment;
        const ssize_t count = ::read(file.number(), part.data(), part.size());
        if (count > 0) {
            text.append(part, 0, static_cast<std::size_t>(count));
        } else if (count == 0 && (!idle || !text.empty())) {
            return text;
        } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

FileLock::FileLock(const std::filesystem::path& path) : m_file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (m_file < 0) refuseWritingWith(path, std::strerror(errno));
    m_held = ::flock(m_file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

FileLock::~FileLock() {
    ::close(m_file);
}

#else

bool isUnfinished(const std::filesystem::path& file) {
    return file.extension() == ".tmp";
}

void removeUnfinished(const std::filesystem::path&) {}

std::int64_t processNumber() {
    return 0;
}

std::optional<std::string> readPipe(const std::filesystem::path&, const std::function<bool()>&) {
    return std::nullopt;
}

FileLock::FileLock(const std::filesystem::path&) {}
FileLock::~FileLock() = default;

#endif

}  // namespace lab
