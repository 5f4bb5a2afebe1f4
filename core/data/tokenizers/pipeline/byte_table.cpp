#include "core/data/tokenizers/pipeline/byte_table.h"

#include <array>

#include "core/data/tokenizers/pipeline/mapped_text.h"

namespace lab {
namespace {

constexpr char32_t firstStandIn = 0x100;

constexpr bool isSeen(int byte) {
    return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
}

struct Tables {
    constexpr Tables() {
        backward.fill(-1);
        char32_t next = firstStandIn;
        for (int byte = 0; byte < 256; ++byte) {
            const char32_t character = isSeen(byte) ? static_cast<char32_t>(byte) : next++;
            forward[static_cast<std::size_t>(byte)] = character;
            backward[character] = byte;
        }
    }

    std::array<char32_t, 256> forward{};
    std::array<int, firstStandIn + 68> backward{};
};
constexpr Tables tables;

}  // namespace

char32_t characterOfByte(unsigned char byte) {
    return tables.forward[byte];
}

int byteOfCharacter(char32_t character) {
    return character < tables.backward.size() ? tables.backward[character] : -1;
}

std::string bytesOfCharacters(std::string_view piece) {
    std::string bytes;
    for (const char32_t character : charactersOf(piece)) {
        const int byte = byteOfCharacter(character);
        if (byte >= 0)
            bytes += static_cast<char>(byte);
        else
            bytes += utf8Of(character);
    }
    return bytes;
}

}  // namespace lab
