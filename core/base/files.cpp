#include "core/base/files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <utility>

#include "core/base/errors.h"
#include "core/base/platform_files.h"
#include "core/base/watched_reading.h"

namespace lab {
namespace {

[[noreturn]] void refuseReading(const std::filesystem::path& path, Message reason) {
    throw InputError(utf8Text(path), located(LAB_TEXT("files", "cannot be read"), std::move(reason)));
}

/// What is no file that has an end, or leads to none.
void requireFile(const std::filesystem::path& path) {
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(path, error);
    if (error == std::errc::too_many_symbolic_link_levels) refuseReading(path, LAB_TEXT("files", "it is a link that leads back to itself"));
    if (std::filesystem::is_directory(status)) refuseReading(path, LAB_TEXT("files", "it is a folder"));
    if (std::filesystem::is_character_file(status) || std::filesystem::is_block_file(status))
        refuseReading(path, LAB_TEXT("files", "it is a device, which has no end"));
    const bool dangles = !std::filesystem::exists(status) && std::filesystem::is_symlink(std::filesystem::symlink_status(path, error));
    if (dangles) refuseReading(path, LAB_TEXT("files", "it is a link to a file that does not exist"));
}

}  // namespace

void tellWatch(const Watch& watch, double share, const std::string& file) {
    if (watch && !watch(share)) throw InputError(file, LAB_TEXT("files", "reading was left off"));
}

Watch partOfWatch(const Watch& watch, double from, double to) {
    if (!watch) return {};
    return [&watch, from, to](double share) { return watch(from + (to - from) * std::clamp(share, 0.0, 1.0)); };
}

std::string readFile(const std::filesystem::path& path) {
    return readFile(path, {});
}

std::string readFile(const std::filesystem::path& path, const Watch& watch) {
    requireFile(path);
    std::error_code error;
    if (std::filesystem::is_fifo(path, error)) {
        std::optional<std::string> text = readPipe(path, [&watch] { return !watch || watch(0); });
        tellWatch(watch, 0, utf8Text(path));
        if (!text) refuseReading(path, LAB_TEXT("files", "it is a pipe that nobody writes to"));
        return std::move(*text);
    }
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) refuseReading(path, errno != 0 ? Message::verbatim(std::strerror(errno)) : LAB_TEXT("files", "it cannot be opened"));
    const auto size = std::filesystem::file_size(path, error);
    std::string text;
    constexpr std::size_t atOnce = 1 << 20;
    if (!error) text.reserve(static_cast<std::size_t>(size) + atOnce);
    while (file) {
        const std::size_t before = text.size();
        text.resize(before + atOnce);
        file.read(text.data() + before, atOnce);
        text.resize(before + static_cast<std::size_t>(file.gcount()));
        const double share = error || size == 0 ? 0 : std::min(1.0, static_cast<double>(text.size()) / static_cast<double>(size));
        tellWatch(watch, share, utf8Text(path));
    }
    if (file.bad()) refuseReading(path, LAB_TEXT("files", "reading failed"));
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
