#include <nlohmann/json.hpp>
#include <unordered_set>

#include "core/data/tokenizers/pipeline/splitter.h"
#include "core/data/tokenizers/pipeline/tokenizer_json.h"
#include "core/pretrained/gguf_keys.h"

namespace lab {
namespace {

using Ordered = nlohmann::ordered_json;

/// What stands before the pieces, by the name that files have for it.
struct PreRow {
    std::string_view name;
    const Splitter& (*splitter)() = nullptr;  ///< null: GPT-2's
    bool singleDigits = false;
    bool wholeWordsFirst = false;
    bool composes = false;  ///< NFC
    bool begins = false;    ///< with BOS, where the file does not say
};

constexpr PreRow preRows[] = {
    {"gpt-2"},
    {"smollm", nullptr, true},
    {"llama-bpe", llama3Splitter, false, true, false, true},
    {"qwen2", qwen2Splitter, false, false, true},
};

const PreRow& preOf(const GgufKeys& keys) {
    const auto* name = keys.find<std::string>("tokenizer.ggml.pre");
    if (!name || *name == "default") return preRows[0];
    for (const PreRow& row : preRows)
        if (row.name == *name) return row;
    keys.refuse("tokenizer.ggml.pre", *name);
}

Ordered preTokenizerOf(const PreRow& row) {
    if (row.splitter)
        return {{"type", "Sequence"},
                {"pretokenizers",
                 {{{"type", "Split"}, {"pattern", {{"Regex", row.splitter().pattern}}}, {"behavior", "Isolated"}, {"invert", false}},
                  byteLevelJson(false)}}};
    if (row.singleDigits)
        return {{"type", "Sequence"}, {"pretokenizers", {{{"type", "Digits"}, {"individual_digits", true}}, byteLevelJson(true)}}};
    return byteLevelJson(true);
}

/// Kinds of tokens, by the number that files have for them.
constexpr std::int64_t controlToken = 3, ownToken = 4;

Ordered addedOf(const GgufKeys& keys, const std::vector<std::string>& pieces) {
    Ordered added = Ordered::array();
    const auto* kinds = keys.find<std::vector<std::int64_t>>("tokenizer.ggml.token_type");
    for (std::size_t id = 0; kinds && id < std::min(kinds->size(), pieces.size()); ++id) {
        if ((*kinds)[id] != controlToken && (*kinds)[id] != ownToken) continue;
        Ordered token = specialTokenJson(static_cast<int>(id), pieces[id]);
        token["special"] = (*kinds)[id] == controlToken;
        added.push_back(std::move(token));
    }
    return added;
}

Ordered mergesOf(const GgufKeys& keys) {
    Ordered merges = Ordered::array();
    for (const std::string& merge : keys.at<std::vector<std::string>>("tokenizer.ggml.merges")) {
        const std::size_t space = merge.find(' ', 1);  // a piece has one character at least
        if (space == std::string::npos) keys.refuse("tokenizer.ggml.merges", merge);
        merges.push_back({merge.substr(0, space), merge.substr(space + 1)});
    }
    return merges;
}

/// BOS before the text.
Ordered frameOf(const std::string& bos, std::int64_t id) {
    Ordered frame{{"type", "TemplateProcessing"}};
    frame["single"] = Ordered::array({{{"SpecialToken", {{"id", bos}, {"type_id", 0}}}}, {{"Sequence", {{"id", "A"}, {"type_id", 0}}}}});
    frame["pair"] = Ordered::array();
    frame["special_tokens"] = {{bos, {{"id", bos}, {"ids", Ordered::array({id})}, {"tokens", Ordered::array({bos})}}}};
    return frame;
}

void requireDifferent(const GgufKeys& keys, const std::vector<std::string>& pieces) {
    std::unordered_set<std::string_view> seen;
    for (const std::string& piece : pieces)
        if (!seen.insert(piece).second) keys.refuse("tokenizer.ggml.tokens", piece);
}

}  // namespace

std::string tokenizerOfGguf(const GgufKeys& keys) {
    const auto& model = keys.at<std::string>("tokenizer.ggml.model");
    if (model != "gpt2") keys.refuse("tokenizer.ggml.model", model);
    const auto& pieces = keys.at<std::vector<std::string>>("tokenizer.ggml.tokens");
    requireDifferent(keys, pieces);
    const PreRow& row = preOf(keys);
    Ordered parts;
    parts["added_tokens"] = addedOf(keys, pieces);
    if (row.composes) parts["normalizer"] = {{"type", "NFC"}};
    parts["pre_tokenizer"] = preTokenizerOf(row);
    parts["decoder"] = byteLevelJson(true);
    const auto* bos = keys.find<std::int64_t>("tokenizer.ggml.bos_token_id");
    const auto* begins = keys.find<bool>("tokenizer.ggml.add_bos_token");
    if (bos && (begins ? *begins : row.begins)) {
        if (*bos < 0 || *bos >= std::ssize(pieces)) keys.refuse("tokenizer.ggml.bos_token_id", std::to_string(*bos));
        parts["post_processor"] = frameOf(pieces[static_cast<std::size_t>(*bos)], *bos);
    }
    parts["model"] = bpeModelJson(vocabularyJson(pieces), mergesOf(keys));
    parts["model"]["ignore_merges"] = row.wholeWordsFirst;
    return tokenizerText(std::move(parts));
}

}  // namespace lab
