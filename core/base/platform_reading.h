#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace lab {

/// A file that is read at any place, by several threads at once, with no memory of its own. It is not mapped: pages of a mapping behind
/// the end of a file that is shortened meanwhile end the program (SIGBUS) with all that is open in it, and a file that is written over
/// would change the numbers that were made of it.
class RandomAccessFile {
public:
    /// Throws InputError naming the file. What has no places, as a pipe, is read whole.
    explicit RandomAccessFile(const std::filesystem::path& path);
    ~RandomAccessFile();
    RandomAccessFile(const RandomAccessFile&) = delete;
    RandomAccessFile& operator=(const RandomAccessFile&) = delete;

    std::uint64_t size() const { return m_size; }  ///< bytes when it was opened
    const std::string& name() const { return m_name; }
    /// `count` bytes from `begin` on, within its size. Throws InputError where the file has been shortened meanwhile.
    void read(std::uint64_t begin, std::size_t count, char* to) const;
    /// The same as a text.
    std::string text(std::uint64_t begin, std::size_t count) const;

private:
    std::string m_name;  ///< UTF-8, for messages
    std::string m_copy;  ///< where it is read whole
    std::uint64_t m_size = 0;
    int m_file = -1;  ///< open, unless it is read whole
};

}  // namespace lab
