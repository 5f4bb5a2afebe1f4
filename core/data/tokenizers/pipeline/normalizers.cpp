#include "core/data/tokenizers/pipeline/normalizers.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/data/tokenizers/pipeline/part_table.h"
#include "core/text/unicode.h"

namespace lab {
namespace {

using Json = nlohmann::json;
using unicode::Form;

/// Marks in the order of their classes, where they follow one another.
void order(MappedText& mapped) {
    for (std::size_t first = 0; first < mapped.size(); ++first) {
        std::size_t last = first;
        while (last < mapped.size() && unicode::combiningClass(mapped.text[last]) > 0) ++last;
        if (last < first + 2) continue;
        std::vector<std::pair<char32_t, TextSpan>> marks;
        for (std::size_t i = first; i < last; ++i) marks.emplace_back(mapped.text[i], mapped.from[i]);
        std::ranges::stable_sort(marks, {}, [](const auto& mark) { return unicode::combiningClass(mark.first); });
        for (std::size_t i = first; i < last; ++i) std::tie(mapped.text[i], mapped.from[i]) = marks[i - first];
        first = last;
    }
}

/// A mark joins the last character that is none, unless another one of its class or above stands between. What they make stands for the
/// characters that the first of them stood for.
MappedText composedOf(const MappedText& mapped) {
    MappedText result;
    std::size_t starter = std::string::npos;
    int before = -1;  // class of the last mark since the starter; -1: none
    for (std::size_t i = 0; i < mapped.size(); ++i) {
        const int own = unicode::combiningClass(mapped.text[i]);
        const bool reaches = starter != std::string::npos && (before == -1 || before < own);
        if (const char32_t one = reaches ? unicode::composed(result.text[starter], mapped.text[i]) : 0; one) {
            result.text[starter] = one;
            continue;
        }
        if (own == 0) {
            starter = result.size();
            before = -1;
        } else {
            before = own;
        }
        result.push(mapped.text[i], mapped.from[i]);
    }
    return result;
}

Normalizer unicodeForm(Form form) {
    return [form](MappedText& mapped) {
        MappedText result;
        for (std::size_t i = 0; i < mapped.size(); ++i)
            for (const char32_t character : unicode::decomposed(mapped.text[i], form)) result.push(character, mapped.from[i]);
        order(result);
        mapped = unicode::composes(form) ? composedOf(result) : std::move(result);
    };
}

/// `of` gives what each character becomes.
template <class Of>
Normalizer eachBy(Of of) {
    return [of](MappedText& mapped) {
        MappedText result;
        for (std::size_t i = 0; i < mapped.size(); ++i)
            for (const char32_t character : of(mapped.text[i])) result.push(character, mapped.from[i]);
        mapped = std::move(result);
    };
}

const Normalizer lowercase = eachBy(unicode::lowered);
const Normalizer withoutMarks = eachBy([](char32_t c) { return unicode::isMark(c) ? std::u32string() : std::u32string{c}; });

std::u32string cleaned(char32_t c) {
    constexpr char32_t replacement = 0xFFFD;
    if (c == 0 || c == replacement || unicode::isControl(c)) return {};
    return {unicode::isSpace(c) ? U' ' : c};
}

std::u32string setApart(char32_t c) {
    return unicode::isIdeograph(c) ? std::u32string{U' ', c, U' '} : std::u32string{c};
}

/// As BERT cleans its text: Devlin 2018's BasicTokenizer.
Normalizer bert(const Json& json, const std::string&) {
    const bool lower = json.value("lowercase", true);
    const bool strip = json.contains("strip_accents") && json["strip_accents"].is_boolean() ? json["strip_accents"].get<bool>() : lower;
    std::vector<Normalizer> steps;
    if (json.value("clean_text", true)) steps.push_back(eachBy(cleaned));
    if (json.value("handle_chinese_chars", true)) steps.push_back(eachBy(setApart));
    if (strip) steps.insert(steps.end(), {unicodeForm(Form::nfd), withoutMarks});
    if (lower) steps.push_back(lowercase);
    return [steps](MappedText& mapped) {
        for (const Normalizer& step : steps) step(mapped);
    };
}

/// "String": a text; "Regex": as yet runs of a character, " {2,}".
Normalizer replace(const Json& json, const std::string& place) {
    const Json& pattern = json.at("pattern");
    const std::u32string content = charactersOf(json.at("content").get<std::string>());
    std::u32string text = charactersOf(pattern.contains("String") ? pattern["String"].get<std::string>() : std::string());
    std::size_t least = 1;
    if (pattern.contains("Regex")) {
        if (pattern["Regex"] != " {2,}") throw unknownPart(place + ".pattern", pattern["Regex"].get<std::string>());
        text = U" ";
        least = 2;
    }
    const bool run = pattern.contains("Regex");
    return [=](MappedText& mapped) {
        MappedText result;
        for (std::size_t i = 0; i < mapped.size();) {
            std::size_t times = 0, end = i;
            while (!text.empty() && mapped.text.compare(end, text.size(), text) == 0 && (run || times == 0)) end += text.size(), ++times;
            if (times < least) {
                result.push(mapped.text[i], mapped.from[i]);
                ++i;
                continue;
            }
            for (const char32_t character : content) result.push(character, mapped.from[end - 1]);
            i = end;
        }
        mapped = std::move(result);
    };
}

Normalizer prepend(const Json& json, const std::string&) {
    const std::u32string text = charactersOf(json.at("prepend").get<std::string>());
    return [text](MappedText& mapped) {
        if (mapped.empty()) return;
        MappedText result;
        for (const char32_t character : text) result.push(character, mapped.from.front());
        result.append(mapped);
        mapped = std::move(result);
    };
}

Normalizer sequence(const Json& json, const std::string& place) {
    std::vector<Normalizer> steps;
    for (const Json& each : json.at("normalizers"))
        steps.push_back(normalizerOf(each, place + ".normalizers[" + std::to_string(steps.size()) + "]"));
    return [steps](MappedText& mapped) {
        for (const Normalizer& step : steps) step(mapped);
    };
}

template <class Made>
auto always(Made made) {
    return [made](const Json&, const std::string&) { return made; };
}

const PartTable<Normalizer> table{
    {"BertNormalizer", bert},
    {"NFC", always(unicodeForm(Form::nfc))},
    {"NFD", always(unicodeForm(Form::nfd))},
    {"NFKC", always(unicodeForm(Form::nfkc))},
    {"NFKD", always(unicodeForm(Form::nfkd))},
    {"Lowercase", always(lowercase)},
    {"StripAccents", always(withoutMarks)},
    {"Replace", replace},
    {"Prepend", prepend},
    {"Sequence", sequence},
};

}  // namespace

Normalizer normalizerOf(const Json& json, const std::string& place) {
    if (json.is_null()) return [](MappedText&) {};
    return madeBy(table, json, place);
}

}  // namespace lab
