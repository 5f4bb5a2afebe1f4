#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// Writes the pieces one after another as the file's new content, all or nothing: into a temporary file beside it, every write checked,
/// flushed to the disk, then renamed. Until then an old file stays as it was. Devices and pipes are written directly; links are followed.
/// Throws InputError naming the file and the reason ("out.safetensors: cannot be written: No space left on device").
void replaceFile(const std::filesystem::path& path, const std::vector<std::string_view>& pieces);

/// Where programs of this user keep what can be made anew (XDG_CACHE_HOME, ~/.cache); empty where nobody says.
std::filesystem::path userCacheFolder();

/// This process's among those that run; 0 where they have none.
std::int64_t processNumber();

/// All that comes through a pipe; nothing when nobody writes to it, nor begins to within a moment, or when it is wanted no more.
std::optional<std::string> readPipe(const std::filesystem::path& pipe, const std::function<bool()>& isWanted);

/// Keeps other processes from what a file stands for, until it goes or the process ends, however it ends. Where the file system knows no
/// locks it is held by everybody.
class FileLock {
public:
    /// Makes the file if need be. Throws InputError when it cannot be made.
    explicit FileLock(const std::filesystem::path& path);
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

    /// False when another process, or another lock of this one, has it.
    bool isHeld() const { return m_held; }

private:
    int m_file = -1;
    bool m_held = true;
};

}  // namespace lab
