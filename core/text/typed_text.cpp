#include "core/text/typed_text.h"

#include <string>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform_files.h"
#include "core/text/sha256.h"

namespace lab {
namespace {

/// Letters and digits that every file system knows; words of other letters give none.
std::string firstWords(std::string_view text) {
    constexpr std::size_t looked = 200, longest = 24;
    std::string words;
    for (char c : text.substr(0, looked)) {
        if (words.size() >= longest) break;
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            words += c;
        else if (!words.empty() && !words.ends_with('-'))
            words += '-';
    }
    while (words.ends_with('-')) words.pop_back();
    return words.empty() ? "text" : words;
}

bool holds(const std::filesystem::path& path, std::string_view text) {
    std::error_code error;
    return std::filesystem::is_regular_file(path, error) && std::filesystem::file_size(path, error) == text.size() &&
           readFile(path) == text;
}

}  // namespace

std::filesystem::path keepTypedText(const std::filesystem::path& folder, std::string_view text) {
    constexpr std::size_t digits = 8;
    const std::filesystem::path path = folder / (firstWords(text) + "-" + sha256Hex(text).substr(0, digits) + ".txt");
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw InputError(utf8Text(folder), located(LAB_TEXT("files", "cannot be written"), Message::verbatim(error.message())));
    if (!holds(path, text)) replaceFile(path, {text});
    return path;
}

}  // namespace lab
