#include "core/data/tokenizers/pipeline/piece_decoder.h"

#include <array>
#include <nlohmann/json.hpp>

#include "core/data/tokenizers/pipeline/byte_table.h"
#include "core/data/tokenizers/pipeline/part_table.h"

namespace lab {
namespace {

using Json = nlohmann::json;
using Pieces = std::vector<std::string>;

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    if (what.empty()) return text;
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) text.replace(at, what.size(), with);
    return text;
}

/// What is no UTF-8 becomes U+FFFD, one for each longest beginning of a character.
std::string repaired(const std::string& bytes);

PieceDecoder byteLevel(const Json&, const std::string&) {
    return [](const Pieces& pieces) {
        std::string bytes;
        for (const std::string& piece : pieces) bytes += bytesOfCharacters(piece);
        return repaired(bytes);
    };
}

/// Blanks that stand before signs and endings in English go.
std::string tidied(std::string text) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 11> rules{{{" .", "."},
                                                                                   {" ?", "?"},
                                                                                   {" !", "!"},
                                                                                   {" ,", ","},
                                                                                   {" ' ", "'"},
                                                                                   {" n't", "n't"},
                                                                                   {" 'm", "'m"},
                                                                                   {" do not", " don't"},
                                                                                   {" 's", "'s"},
                                                                                   {" 've", "'ve"},
                                                                                   {" 're", "'re"}}};
    for (const auto& [what, with] : rules) text = replaced(std::move(text), what, with);
    return text;
}

PieceDecoder wordPiece(const Json& json, const std::string&) {
    return [prefix = json.value("prefix", "##"), tidies = json.value("cleanup", true)](const Pieces& pieces) {
        std::string text;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            const bool inside = i > 0 && pieces[i].starts_with(prefix);
            const std::string piece = inside ? pieces[i].substr(prefix.size()) : i > 0 ? " " + pieces[i] : pieces[i];
            text += tidies ? tidied(piece) : piece;
        }
        return text;
    };
}

PieceDecoder metaspace(const Json& json, const std::string&) {
    const std::string sign = json.value("replacement", "\u2581");
    const std::string scheme = json.value("prepend_scheme", json.value("add_prefix_space", true) ? "always" : "never");
    return [sign, drops = scheme != "never"](const Pieces& pieces) {
        std::string text;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            const bool first = i == 0 && drops && pieces[i].starts_with(sign);
            text += replaced(first ? pieces[i].substr(sign.size()) : pieces[i], sign, " ");
        }
        return text;
    };
}

PieceDecoder fuse(const Json&, const std::string&) {
    return [](const Pieces& pieces) {
        std::string text;
        for (const std::string& piece : pieces) text += piece;
        return text;
    };
}

const PartTable<PieceDecoder> table{{"ByteLevel", byteLevel}, {"WordPiece", wordPiece}, {"Metaspace", metaspace}, {"Fuse", fuse}};

/// How many bytes the character that this byte begins has; 0: it begins none.
std::size_t lengthFrom(unsigned char byte) {
    if (byte < 0x80) return 1;
    if (byte >= 0xC2 && byte <= 0xDF) return 2;
    if (byte >= 0xE0 && byte <= 0xEF) return 3;
    return byte >= 0xF0 && byte <= 0xF4 ? 4 : 0;
}

/// Whether a byte may stand second behind the first, or anywhere later (The Unicode Standard, table 3-7).
bool mayFollow(unsigned char first, std::size_t place, unsigned char byte) {
    if (place > 1) return byte >= 0x80 && byte <= 0xBF;
    const unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    return byte >= least && byte <= most;
}

std::string repaired(const std::string& bytes) {
    std::string text;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto first = static_cast<unsigned char>(bytes[at]);
        const std::size_t length = lengthFrom(first);
        std::size_t sound = 1;
        while (sound < length && at + sound < bytes.size() && mayFollow(first, sound, static_cast<unsigned char>(bytes[at + sound])))
            ++sound;
        text += length > 0 && sound == length ? bytes.substr(at, length) : "\uFFFD";
        at += sound;
    }
    return text;
}

}  // namespace

PieceWriting pieceWritingOf(const Json& json) {
    const std::string type = json.is_object() ? json.value("type", "") : std::string();
    if (type == "ByteLevel") return {PieceWriting::Kind::bytes};
    if (type == "WordPiece") return {PieceWriting::Kind::wordParts, json.value("prefix", "##")};
    if (type == "Metaspace") return {PieceWriting::Kind::metaspace, json.value("replacement", "\u2581")};
    return {json.is_null() ? PieceWriting::Kind::wordParts : PieceWriting::Kind::plain};
}

PieceDecoder pieceDecoderOf(const Json& json, const std::string& place) {
    if (!json.is_null()) return madeBy(table, json, place);
    return [](const Pieces& pieces) {
        std::string text;
        for (const std::string& piece : pieces) text += (text.empty() ? "" : " ") + piece;
        return text;
    };
}

}  // namespace lab
