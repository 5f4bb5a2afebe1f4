#include "core/data/tokenizers/pipeline/text_cuts.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace lab {
namespace {

using Json = nlohmann::json;

/// Whether `is` holds for one of the parts of a normalizer or pre-tokenizer.
template <class Is>
bool anyPart(const Json& json, const Is& is) {
    if (!json.is_object()) return false;
    if (json.value("type", "") != "Sequence") return is(json);
    for (const char* list : {"normalizers", "pretokenizers"})
        if (json.contains(list) && std::ranges::any_of(json.at(list), [&is](const Json& each) { return anyPart(each, is); })) return true;
    return false;
}

bool isOf(const Json& part, const char* type) {
    return part.value("type", "") == type;
}

/// What comes of a text's beginning or of a space is no longer what was there.
bool movesBlanks(const Json& normalizer) {
    if (isOf(normalizer, "Prepend")) return true;
    if (!isOf(normalizer, "Replace")) return false;
    const Json& pattern = normalizer.at("pattern");
    const std::string content = normalizer.at("content").get<std::string>();
    if (pattern.contains("Regex")) return content != " ";  // runs of spaces
    return pattern.value("String", "").find(' ') != std::string::npos;
}

bool cutsAtSpaces(const Json& part) {
    if (isOf(part, "ByteLevel")) return part.value("use_regex", true);
    if (isOf(part, "Metaspace")) return part.value("split", true);
    return isOf(part, "BertPreTokenizer") || isOf(part, "WhitespaceSplit") || isOf(part, "Split");
}

/// A part of a text that begins without a space gets one.
bool putsSpaceInFront(const Json& part) {
    if (isOf(part, "ByteLevel")) return part.value("add_prefix_space", true);
    return isOf(part, "Metaspace") && part.value("prepend_scheme", part.value("add_prefix_space", true) ? "always" : "never") != "never";
}

bool hasTokensOfOneCharacter(const Json& model) {
    const auto says = [&model](const char* key) { return model.contains(key) && !model.at(key).is_null() && model.at(key) != ""; };
    const bool merges = model.contains("merges") && !model.at("merges").empty();
    return model.value("type", "BPE") == "BPE" && !merges && !model.value("ignore_merges", false) && !model.value("fuse_unk", false) &&
           !says("continuing_subword_prefix") && !says("end_of_word_suffix");
}

}  // namespace

TextCuts textCutsOf(const Json& tokenizer) {
    const auto part = [&tokenizer](const char* key) { return tokenizer.contains(key) ? tokenizer.at(key) : Json(); };
    const Json normalizer = part("normalizer"), preTokenizer = part("pre_tokenizer"), model = part("model");
    const bool spaced = anyPart(preTokenizer, putsSpaceInFront);
    const bool keepsAll = !spaced && (preTokenizer.is_null() || isOf(preTokenizer, "ByteLevel"));
    if (normalizer.is_null() && keepsAll && hasTokensOfOneCharacter(model))
        return part("added_tokens").empty() ? TextCuts::anywhere : TextCuts::beforeLineEnds;
    if (anyPart(normalizer, movesBlanks) || !anyPart(preTokenizer, cutsAtSpaces)) return TextCuts::nowhere;
    return spaced ? TextCuts::beforeSpaces : TextCuts::beforeLineEnds;
}

}  // namespace lab
