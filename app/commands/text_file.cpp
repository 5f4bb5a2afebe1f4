#include "app/commands/text_file.h"

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/utf8.h"

namespace lab {

std::string readText(const std::filesystem::path& path) {
    std::string text = readFile(path);
    if (!isUtf8(text)) throw InputError(utf8Text(path), LAB_TEXT("io", "is not a text in UTF-8"));
    return text;
}

}  // namespace lab
