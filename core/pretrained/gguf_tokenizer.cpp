#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "core/data/tokenizers/pipeline/mapped_text.h"
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

/// BOS in front of texts, where the file says so, or does not say and such models begin with it.
void addFrame(Ordered& parts, const GgufKeys& keys, const std::vector<std::string>& pieces, bool usual) {
    const auto* bos = keys.find<std::int64_t>("tokenizer.ggml.bos_token_id");
    const auto* begins = keys.find<bool>("tokenizer.ggml.add_bos_token");
    if (!bos || !(begins ? *begins : usual)) return;
    if (*bos < 0 || *bos >= std::ssize(pieces)) keys.refuse("tokenizer.ggml.bos_token_id", std::to_string(*bos));
    parts["post_processor"] = frameOf(pieces[static_cast<std::size_t>(*bos)], *bos);
}

std::string bytePairs(const GgufKeys& keys, const std::vector<std::string>& pieces) {
    const PreRow& row = preOf(keys);
    Ordered parts;
    parts["added_tokens"] = addedOf(keys, pieces);
    if (row.composes) parts["normalizer"] = {{"type", "NFC"}};
    parts["pre_tokenizer"] = preTokenizerOf(row);
    parts["decoder"] = byteLevelJson(true);
    addFrame(parts, keys, pieces, row.begins);
    parts["model"] = bpeModelJson(vocabularyJson(pieces), mergesOf(keys));
    parts["model"]["ignore_merges"] = row.wholeWordsFirst;
    return tokenizerText(std::move(parts));
}

/// Two pieces that make a third.
struct ScoredMerge {
    std::size_t left, right;
    float score;
    std::size_t leftLength, rightLength;  ///< characters
};

/// SentencePiece joins the pair whose piece has the highest score: of every way to cut a piece in two, ordered as the transformers library
/// orders them.
Ordered mergesByScore(const std::vector<std::string>& pieces, const std::vector<float>& scores) {
    std::unordered_map<std::string_view, std::size_t> ids;
    for (std::size_t id = 0; id < pieces.size(); ++id) ids.emplace(pieces[id], id);
    std::vector<ScoredMerge> found;
    for (std::size_t id = 0; id < pieces.size(); ++id) {
        const std::string_view piece = pieces[id];
        const auto before = found.size();
        const std::size_t length = charactersOf(piece).size();
        std::size_t characters = 0;
        for (std::size_t cut = 1; cut < piece.size(); ++cut) {
            if ((static_cast<unsigned char>(piece[cut]) & 0xC0) == 0x80) continue;  // within a character
            ++characters;
            const auto left = ids.find(piece.substr(0, cut)), right = ids.find(piece.substr(cut));
            if (left == ids.end() || right == ids.end()) continue;
            found.push_back({left->second, right->second, scores[id], characters, length - characters});
        }
        std::ranges::sort(found.begin() + static_cast<std::ptrdiff_t>(before), found.end(), {},
                          [](const ScoredMerge& m) { return std::pair(m.left, m.right); });
    }
    std::ranges::stable_sort(found, std::greater{}, [](const ScoredMerge& m) { return std::tuple(m.score, m.leftLength, m.rightLength); });
    Ordered merges = Ordered::array();
    for (const ScoredMerge& m : found) merges.push_back({pieces[m.left], pieces[m.right]});
    return merges;
}

constexpr const char* blankSign = "\u2581";

/// Blanks as signs, one before the first word.
Ordered blanksAsSigns(bool begins) {
    Ordered steps = Ordered::array();
    if (begins) steps.push_back({{"type", "Prepend"}, {"prepend", blankSign}});
    steps.push_back({{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", blankSign}});
    return {{"type", "Sequence"}, {"normalizers", std::move(steps)}};
}

Ordered signsAsBlanks(bool begins) {
    Ordered steps = Ordered::array();
    steps.push_back({{"type", "Replace"}, {"pattern", {{"String", blankSign}}}, {"content", " "}});
    steps.push_back({{"type", "ByteFallback"}});
    steps.push_back({{"type", "Fuse"}});
    if (begins) steps.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
    return {{"type", "Sequence"}, {"decoders", std::move(steps)}};
}

std::string scoredPieces(const GgufKeys& keys, const std::vector<std::string>& pieces) {
    const auto& scores = keys.at<std::vector<float>>("tokenizer.ggml.scores");
    if (scores.size() != pieces.size()) keys.refuse("tokenizer.ggml.scores", std::to_string(scores.size()));
    const auto* prefix = keys.find<bool>("tokenizer.ggml.add_space_prefix");
    const bool begins = !prefix || *prefix;
    Ordered parts;
    parts["added_tokens"] = addedOf(keys, pieces);
    parts["normalizer"] = blanksAsSigns(begins);
    parts["decoder"] = signsAsBlanks(begins);
    addFrame(parts, keys, pieces, true);
    parts["model"] = bpeModelJson(vocabularyJson(pieces), mergesByScore(pieces, scores));
    const auto* unknown = keys.find<std::int64_t>("tokenizer.ggml.unknown_token_id");
    const std::int64_t id = unknown ? *unknown : 0;
    if (id < 0 || id >= std::ssize(pieces)) keys.refuse("tokenizer.ggml.unknown_token_id", std::to_string(id));
    parts["model"]["unk_token"] = pieces[static_cast<std::size_t>(id)];
    parts["model"]["fuse_unk"] = true;
    parts["model"]["byte_fallback"] = true;
    return tokenizerText(std::move(parts));
}

}  // namespace

std::string tokenizerOfGguf(const GgufKeys& keys) {
    const auto& model = keys.at<std::string>("tokenizer.ggml.model");
    if (model != "gpt2" && model != "llama") keys.refuse("tokenizer.ggml.model", model);
    const auto& pieces = keys.at<std::vector<std::string>>("tokenizer.ggml.tokens");
    requireDifferent(keys, pieces);
    return model == "gpt2" ? bytePairs(keys, pieces) : scoredPieces(keys, pieces);
}

}  // namespace lab
