#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace lab {

/// A file's bytes without reading them all: pages come when they are looked at, and go when they are given back.
class MappedFile {
public:
    /// Throws InputError naming the file. Where files cannot be mapped it is read whole.
    explicit MappedFile(const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    std::string_view bytes() const { return m_bytes; }
    const std::string& name() const { return m_name; }
    /// The memory of pages that lie in `part` of its bytes as a whole; they come again when they are looked at.
    void giveBack(std::string_view part) const;

private:
    std::string m_name;  ///< UTF-8, for messages
    std::string m_copy;  ///< where it is not mapped
    std::string_view m_bytes;
    bool m_mapped = false;
};

}  // namespace lab
