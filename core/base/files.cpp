#include "core/base/files.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "core/base/errors.h"

namespace lab {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, Message reason) {
    throw InputError(utf8Text(path), located(LAB_TEXT("files", "cannot be read"), std::move(reason)));
}

}  // namespace

std::string readFile(const std::filesystem::path& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) refuse(path, LAB_TEXT("files", "it is a folder"));
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) refuse(path, errno != 0 ? Message::verbatim(std::strerror(errno)) : LAB_TEXT("files", "it cannot be opened"));
    const auto size = std::filesystem::file_size(path, error);
    std::string text;
    if (!error) text.reserve(static_cast<std::size_t>(size));
    text.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    if (file.bad()) refuse(path, LAB_TEXT("files", "reading failed"));
    return text;
}

std::filesystem::path pathFromUtf8(std::string_view text) {
    return std::filesystem::path(std::u8string(text.begin(), text.end()));
}

std::string utf8Text(const std::filesystem::path& path) {
    const std::u8string text = path.u8string();
    return std::string(text.begin(), text.end());
}

}  // namespace lab
