#include "app/commands/token_file.h"

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"

namespace lab {

std::string readToken(const std::filesystem::path& file) {
    constexpr std::size_t shortest = 16;
    std::string token(trimmed(readFile(file)));
    if (token.size() < shortest)
        throw InputError(utf8Text(file), Message(LAB_TEXT("commands", "a token has at least %1 characters")).arg(shortest));
    return token;
}

}  // namespace lab
