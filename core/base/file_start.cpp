#include "core/base/file_start.h"

#include <fstream>

namespace lab {

std::string fileStart(const std::filesystem::path& path, std::size_t bytes) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) return {};
    std::ifstream file(path, std::ios::binary);
    std::string text(bytes, '\0');
    file.read(text.data(), static_cast<std::streamsize>(bytes));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

}  // namespace lab
