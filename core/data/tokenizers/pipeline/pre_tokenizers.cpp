#include "core/data/tokenizers/pipeline/pre_tokenizers.h"

#include <nlohmann/json.hpp>

#include "core/data/tokenizers/pipeline/byte_table.h"
#include "core/data/tokenizers/pipeline/part_table.h"
#include "core/data/tokenizers/pipeline/splitter.h"
#include "core/text/unicode.h"

namespace lab {
namespace {

using Json = nlohmann::json;
using Pieces = std::vector<MappedText>;

/// Each piece cut by `cut(piece, keep)`, which hands over what is kept of it, [first, last).
template <class Cut>
void cutEach(Pieces& pieces, const Cut& cut) {
    Pieces result;
    for (const MappedText& piece : pieces)
        cut(piece, [&](std::size_t first, std::size_t last) {
            if (last > first) result.push_back(piece.part(first, last));
        });
    pieces = std::move(result);
}

/// Blanks go; what `isApart` stands alone.
template <class Is>
PreTokenizer words(Is isApart) {
    return [isApart](Pieces& pieces) {
        cutEach(pieces, [&](const MappedText& piece, const auto& keep) {
            std::size_t first = 0;
            for (std::size_t i = 0; i < piece.size(); ++i) {
                const bool space = unicode::isSpace(piece.text[i]), apart = isApart(piece.text[i]);
                if (!space && !apart) continue;
                keep(first, i);
                if (apart) keep(i, i + 1);
                first = i + 1;
            }
            keep(first, piece.size());
        });
    };
}

PreTokenizer bert(const Json&, const std::string&) {
    return words(unicode::isPunctuation);
}

PreTokenizer whitespace(const Json&, const std::string&) {
    return words([](char32_t) { return false; });
}

void splitBy(Pieces& pieces, const Splitter& splitter) {
    cutEach(pieces, [&](const MappedText& piece, const auto& keep) {
        for (std::size_t first = 0, last = 0; first < piece.size(); first = last) keep(first, last = splitter.end(piece.text, first));
    });
}

PreTokenizer split(const Json& json, const std::string& place) {
    const Json& pattern = json.at("pattern");
    const std::string text = pattern.contains("Regex") ? pattern["Regex"].get<std::string>() : pattern.dump();
    const Splitter* splitter = pattern.contains("Regex") ? findSplitter(text) : nullptr;
    if (!splitter) throw unknownPart(place + ".pattern", text);
    if (json.value("behavior", "Isolated") != "Isolated" || json.value("invert", false))
        throw unknownPart(place + ".behavior", json.dump());
    return [splitter](Pieces& pieces) { splitBy(pieces, *splitter); };
}

PreTokenizer digits(const Json& json, const std::string&) {
    return [single = json.value("individual_digits", false)](Pieces& pieces) {
        cutEach(pieces, [&](const MappedText& piece, const auto& keep) {
            std::size_t first = 0;
            for (std::size_t i = 1; i <= piece.size(); ++i) {
                const bool before = unicode::isNumber(piece.text[i - 1]);
                if (i < piece.size() && before == unicode::isNumber(piece.text[i]) && !(before && single)) continue;
                keep(first, i);
                first = i;
            }
        });
    };
}

MappedText asBytes(const MappedText& piece) {
    MappedText result;
    for (std::size_t i = 0; i < piece.size(); ++i)
        for (const char byte : utf8Of(piece.text[i])) result.push(characterOfByte(static_cast<unsigned char>(byte)), piece.from[i]);
    return result;
}

PreTokenizer byteLevel(const Json& json, const std::string&) {
    return [prefix = json.value("add_prefix_space", true), regex = json.value("use_regex", true)](Pieces& pieces) {
        for (MappedText& piece : pieces) {
            if (!prefix || piece.empty() || piece.text.front() == ' ') continue;
            MappedText spaced;
            spaced.push(' ', piece.from.front());
            spaced.append(piece);
            piece = std::move(spaced);
        }
        if (regex) splitBy(pieces, gpt2Splitter());
        for (MappedText& piece : pieces) piece = asBytes(piece);
    };
}

/// A sign stands for each space, and one before the text; pieces begin with it.
PreTokenizer metaspace(const Json& json, const std::string& place) {
    const std::u32string signs = charactersOf(json.value("replacement", "\u2581"));
    if (signs.size() != 1) throw unknownPart(place + ".replacement", json["replacement"].dump());
    const char32_t sign = signs.front();
    const std::string scheme = json.value("prepend_scheme", json.value("add_prefix_space", true) ? "always" : "never");
    return [=, cuts = json.value("split", true)](Pieces& pieces) {
        for (MappedText& piece : pieces) {
            for (char32_t& character : piece.text)
                if (character == ' ') character = sign;
            const bool begins = scheme == "always" || (scheme == "first" && !piece.empty() && piece.from.front().begin == 0);
            if (!begins || piece.empty() || piece.text.front() == sign) continue;
            MappedText spaced;
            spaced.push(sign, piece.from.front());
            spaced.append(piece);
            piece = std::move(spaced);
        }
        if (!cuts) return;
        cutEach(pieces, [sign](const MappedText& piece, const auto& keep) {
            std::size_t first = 0;
            for (std::size_t i = 1; i < piece.size(); ++i)
                if (piece.text[i] == sign) keep(std::exchange(first, i), i);
            keep(first, piece.size());
        });
    };
}

PreTokenizer sequence(const Json& json, const std::string& place) {
    std::vector<PreTokenizer> steps;
    for (const Json& each : json.at("pretokenizers"))
        steps.push_back(preTokenizerOf(each, place + ".pretokenizers[" + std::to_string(steps.size()) + "]"));
    return [steps](Pieces& pieces) {
        for (const PreTokenizer& step : steps) step(pieces);
    };
}

const PartTable<PreTokenizer> table{
    {"BertPreTokenizer", bert}, {"WhitespaceSplit", whitespace}, {"Split", split},       {"Digits", digits},
    {"ByteLevel", byteLevel},   {"Metaspace", metaspace},        {"Sequence", sequence},
};

}  // namespace

PreTokenizer preTokenizerOf(const Json& json, const std::string& place) {
    if (json.is_null()) return [](Pieces&) {};
    return madeBy(table, json, place);
}

}  // namespace lab
