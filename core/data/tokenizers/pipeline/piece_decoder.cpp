#include "core/data/tokenizers/pipeline/piece_decoder.h"

#include <array>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/base/limits.h"
#include "core/base/utf8.h"
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

/// "<0x0A>": 10; -1 for any other piece.
int byteOf(const std::string& piece) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    if (piece.size() != 6 || !piece.starts_with("<0x") || piece.back() != '>') return -1;
    const std::size_t high = digits.find(piece[3]), low = digits.find(piece[4]);
    return high == std::string_view::npos || low == std::string_view::npos ? -1 : static_cast<int>(16 * high + low);
}

/// Bytes in a row are a text where they are UTF-8, else each is a sign of its own.
Pieces withoutByteNames(const Pieces& pieces) {
    Pieces joined;
    for (std::size_t i = 0; i < pieces.size();) {
        std::string bytes;
        for (; i < pieces.size() && byteOf(pieces[i]) >= 0; ++i) bytes += static_cast<char>(byteOf(pieces[i]));
        if (isUtf8(bytes))
            joined.push_back(bytes);
        else
            joined.insert(joined.end(), bytes.size(), "\uFFFD");
        if (i < pieces.size()) joined.push_back(pieces[i++]);
    }
    return joined;
}

std::string stripped(std::string piece, const std::string& what, int start, int stop) {
    for (int i = 0; i < start && !what.empty() && piece.starts_with(what); ++i) piece.erase(0, what.size());
    for (int i = 0; i < stop && !what.empty() && piece.ends_with(what); ++i) piece.resize(piece.size() - what.size());
    return piece;
}

/// 0 of what is no count.
int timesAt(const Json& json, const char* key) {
    const Json times = json.value(key, Json());
    return times.is_number_unsigned() && times.get<std::uint64_t>() <= std::uint64_t{mostRows} ? times.get<int>() : 0;
}

/// One step of a sequence.
using Step = std::function<Pieces(const Pieces&)>;

Step eachPiece(std::function<std::string(std::string)> change) {
    return [change = std::move(change)](const Pieces& pieces) {
        Pieces changed;
        for (const std::string& piece : pieces) changed.push_back(change(piece));
        return changed;
    };
}

Step stepOf(const Json& json, const std::string& place) {
    const std::string type = json.is_object() ? json.value("type", "") : std::string();
    if (type == "Replace") {
        const Json pattern = json.value("pattern", Json::object());
        if (!pattern.contains("String")) throw unknownPart(place + ".pattern", pattern.dump());
        return eachPiece([what = pattern["String"].get<std::string>(), with = json.value("content", "")](std::string piece) {
            return what.empty() ? piece : replaced(std::move(piece), what, with);
        });
    }
    if (type == "ByteFallback") return withoutByteNames;
    if (type == "Fuse") return [](const Pieces& pieces) { return Pieces{std::accumulate(pieces.begin(), pieces.end(), std::string())}; };
    if (type == "Strip")
        return eachPiece([what = json.value("content", " "), start = timesAt(json, "start"),
                          stop = timesAt(json, "stop")](std::string piece) { return stripped(std::move(piece), what, start, stop); });
    throw unknownPart(place + ".type", type);
}

PieceDecoder sequence(const Json& json, const std::string& place) {
    std::vector<Step> steps;
    for (const Json& each : json.value("decoders", Json::array()))
        steps.push_back(stepOf(each, place + ".decoders[" + std::to_string(steps.size()) + "]"));
    return [steps](Pieces pieces) {
        for (const Step& step : steps) pieces = step(pieces);
        return std::accumulate(pieces.begin(), pieces.end(), std::string());
    };
}

const PartTable<PieceDecoder> table{
    {"ByteLevel", byteLevel}, {"WordPiece", wordPiece}, {"Metaspace", metaspace}, {"Fuse", fuse}, {"Sequence", sequence}};

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
    if (type == "Sequence" && json.dump().find("\u2581") != std::string::npos) return {PieceWriting::Kind::metaspace, "\u2581"};
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
