#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace lab {

/// A file's bytes without reading them all: pages come when they are looked at.
class MappedFile {
public:
    /// Throws InputError naming the file. Where files cannot be mapped it is read whole.
    explicit MappedFile(const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    std::string_view bytes() const { return m_bytes; }
    const std::string& name() const { return m_name; }
    /// Copies `part` of its bytes from the file, not through its pages: throws InputError where the file has been shortened meanwhile,
    /// whose pages would end the program.
    void copy(std::string_view part, char* to) const;

private:
    std::string m_name;  ///< UTF-8, for messages
    std::string m_copy;  ///< where it is not mapped
    std::string_view m_bytes;
    int m_file = -1;  ///< open while it is mapped
};

}  // namespace lab
