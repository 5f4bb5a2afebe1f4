#include "tests/fuzz/harness.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace lab::fuzz {
namespace {

/// Goes with the process, unless that crashes.
class Folder {
public:
    Folder() {
        std::error_code none;
        const std::filesystem::path memory = "/dev/shm";
        const auto parent = std::filesystem::is_directory(memory, none) ? memory : std::filesystem::temp_directory_path();
        m_path = parent / ("attention-lab-fuzz-" + std::to_string(getpid()));
        std::filesystem::create_directories(m_path);
    }
    ~Folder() {
        std::error_code none;
        std::filesystem::remove_all(m_path, none);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

}  // namespace

void require(bool holds, std::string_view sentence) {
    if (holds) return;
    std::fprintf(stderr, "broken: %.*s\n", static_cast<int>(sentence.size()), sentence.data());
    std::abort();
}

std::vector<std::string_view> parted(std::string_view bytes, std::size_t parts) {
    constexpr std::string_view divider = "\n===\n";
    std::vector<std::string_view> found(parts);
    for (std::size_t i = 0; i < parts; ++i) {
        const std::size_t end = i + 1 < parts ? bytes.find(divider) : bytes.npos;
        found[i] = bytes.substr(0, end);
        if (end == bytes.npos) break;
        bytes.remove_prefix(end + divider.size());
    }
    return found;
}

const std::filesystem::path& scratch() {
    static const Folder folder;
    return folder.path();
}

std::filesystem::path fileOf(std::string_view bytes, const char* name) {
    const std::filesystem::path path = scratch() / name;
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    require(!file.fail(), "the input could be written to " + path.string());
    return path;
}

}  // namespace lab::fuzz
