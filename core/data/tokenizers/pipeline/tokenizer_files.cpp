#include "core/data/tokenizers/pipeline/tokenizer_files.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/limits.h"
#include "core/base/utf8.h"
#include "core/data/tokenizers/pipeline/tokenizer_json.h"

namespace lab {
namespace {

using OrderedJson = nlohmann::ordered_json;
using Ids = std::map<std::string, int, std::less<>>;

constexpr const char* configName = "tokenizer_config.json";
constexpr const char* addedName = "added_tokens.json";
constexpr const char* specialsName = "special_tokens_map.json";

Message lineOf(const std::string& file, std::size_t line) {
    return Message(LAB_TEXT("tokens", "%1: line %2")).arg(file).arg(std::to_string(line));
}

/// act(line, number from 1); a line ends with \n, or \r\n where the first one does.
template <class Act>
void eachLine(std::string_view text, const Act& act) {
    const std::size_t first = text.find('\n');
    const bool carriage = first != std::string_view::npos && first > 0 && text[first - 1] == '\r';
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (carriage && line.ends_with('\r')) line.remove_suffix(1);
        act(line, number);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

OrderedJson objectOf(std::string_view text, const std::string& file) {
    if (text.empty()) return OrderedJson::object();
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded() || !json.is_object()) throw InputError(file, LAB_TEXT("tokens", "not a JSON object"));
    return json;
}

Ids idsOf(std::string_view text, const std::string& file) {
    Ids ids;
    const nlohmann::json json = text.empty() ? nlohmann::json::object() : nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded() || !json.is_object()) throw InputError(file, LAB_TEXT("tokens", "not a JSON object"));
    for (const auto& [piece, id] : json.items()) {
        if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= std::uint64_t{mostRows})
            throw InputError(file, Message(LAB_TEXT("tokens", "'%1' has no id from 0 to %2")).arg(piece).arg(mostRows - 1));
        ids[piece] = id.get<int>();
    }
    return ids;
}

/// "[UNK]", or {"content": "[UNK]", ...}.
std::string tokenIn(const OrderedJson& config, const char* key, const std::string& usual) {
    if (!config.contains(key)) return usual;
    const OrderedJson& value = config[key];
    if (value.is_string()) return value.get<std::string>();
    const bool object = value.is_object() && value.contains("content") && value["content"].is_string();
    return object ? value["content"].get<std::string>() : usual;
}

bool flagIn(const OrderedJson& config, const char* key, bool usual) {
    return config.contains(key) && config[key].is_boolean() ? config[key].get<bool>() : usual;
}

/// What the files say of settings: tokenizer_config.json before special_tokens_map.json.
OrderedJson settingsOf(const TokenizerExtras& extras) {
    OrderedJson config = objectOf(extras.config, configName);
    const OrderedJson specials = objectOf(extras.specials, specialsName);
    for (const auto& [key, value] : specials.items())
        if (!config.contains(key)) config[key] = value;
    return config;
}

/// A special token, and how blanks beside it are taken, if the files say so.
struct ListedToken {
    std::string content;
    OrderedJson manner = OrderedJson::object();
};

/// `key`: as in tokenIn. One that is written as an object says how it is found.
ListedToken specialIn(const OrderedJson& config, const char* key, const std::string& usual) {
    ListedToken token{tokenIn(config, key, usual)};
    if (!config.contains(key) || !config[key].is_object()) return token;
    for (const char* flag : {"single_word", "lstrip", "rstrip", "normalized"})
        if (config[key].contains(flag)) token.manner[flag] = flagIn(config[key], flag, false);
    return token;
}

/// Special tokens that are in the vocabulary, and what added_tokens.json adds to it.
OrderedJson addedTokens(const std::vector<ListedToken>& specials, const Ids& ids, const TokenizerExtras& extras) {
    std::map<int, OrderedJson> tokens;
    for (const ListedToken& special : specials) {
        const auto found = ids.find(special.content);
        if (found == ids.end()) continue;
        OrderedJson& token = tokens.try_emplace(found->second, specialTokenJson(found->second, special.content)).first->second;
        token.update(special.manner);
    }
    for (const auto& [content, id] : idsOf(extras.added, addedName)) {
        OrderedJson token = specialTokenJson(id, content);
        token["special"] = std::ranges::find(specials, content, &ListedToken::content) != specials.end();
        tokens.insert_or_assign(id, std::move(token));
    }
    OrderedJson list = OrderedJson::array();
    for (auto& [id, token] : tokens) list.push_back(std::move(token));
    return list;
}

/// The settings, completed by what RoBERTa's tokenizer takes for granted where the vocabulary is of its kind: its names, and a mask that is
/// one with the blank before it, as words are.
OrderedJson withRobertasNames(OrderedJson config, const Ids& ids) {
    constexpr std::pair<const char*, const char*> names[]{{"bos_token", "<s>"},    {"eos_token", "</s>"}, {"unk_token", "<unk>"},
                                                          {"pad_token", "<pad>"},  {"cls_token", "<s>"},  {"sep_token", "</s>"},
                                                          {"mask_token", "<mask>"}};
    const auto there = [&ids](const auto& name) { return ids.contains(name.second); };
    if (!std::ranges::all_of(names, there)) return config;
    for (const auto& [key, name] : names)
        if (!config.contains(key)) config[key] = name;
    if (config["mask_token"].is_string()) config["mask_token"] = {{"content", config["mask_token"]}, {"lstrip", true}};
    return config;
}

OrderedJson bertFrame(const std::string& before, int beforeId, const std::string& after, int afterId) {
    const auto token = [](const std::string& name) { return OrderedJson{{"SpecialToken", {{"id", name}, {"type_id", 0}}}}; };
    const auto named = [](const std::string& name, int id) {
        return OrderedJson{{"id", name}, {"ids", OrderedJson::array({id})}, {"tokens", OrderedJson::array({name})}};
    };
    OrderedJson frame{{"type", "TemplateProcessing"}};
    frame["single"] = OrderedJson::array({token(before), OrderedJson{{"Sequence", {{"id", "A"}, {"type_id", 0}}}}, token(after)});
    frame["pair"] = OrderedJson::array();
    frame["special_tokens"] = {{before, named(before, beforeId)}, {after, named(after, afterId)}};
    return frame;
}

bool isFile(const std::filesystem::path& path) {
    std::error_code none;
    return std::filesystem::is_regular_file(path, none);
}

std::string readIfThere(const std::filesystem::path& path) {
    return isFile(path) ? readFile(path) : std::string();
}

/// "gpt2-vocab.json" beside "gpt2-merges.txt": the other one's name.
std::filesystem::path partnerOf(const std::filesystem::path& path, const std::string& ending, const std::string& other) {
    const std::string name = utf8Text(path.filename());
    return path.parent_path() / pathFromUtf8(name.substr(0, name.size() - ending.size()) + other);
}

std::filesystem::path fileIn(const std::filesystem::path& folder) {
    for (const char* name : {"tokenizer.json", "vocab.txt", "vocab.json"})
        if (isFile(folder / name)) return folder / name;
    throw InputError(utf8Text(folder), LAB_TEXT("tokens", "there is no tokenizer.json, vocab.txt or vocab.json in this folder"));
}

}  // namespace

std::string tokenizerOfVocabulary(std::string_view lines, const TokenizerExtras& extras, const std::string& file) {
    std::vector<std::string> pieces;
    Ids ids;
    eachLine(lines, [&](std::string_view line, std::size_t number) {
        if (!isUtf8(line)) throw InputError(lineOf(file, number), LAB_TEXT("tokens", "not UTF-8"));
        const auto [found, isNew] = ids.try_emplace(std::string(line), static_cast<int>(number) - 1);
        if (!isNew)
            throw InputError(lineOf(file, number),
                             Message(LAB_TEXT("tokens", "'%1' stands in line %2 already")).arg(std::string(line)).arg(found->second + 1));
        pieces.emplace_back(line);
    });
    const OrderedJson config = settingsOf(extras);
    const std::string unknown = tokenIn(config, "unk_token", "[UNK]");
    if (!ids.contains(unknown))
        throw InputError(file, Message(LAB_TEXT("tokens", "the piece for unknown words, '%1', is not among its lines")).arg(unknown));
    const std::string first = tokenIn(config, "cls_token", "[CLS]"), last = tokenIn(config, "sep_token", "[SEP]");
    OrderedJson parts;
    parts["added_tokens"] = addedTokens(
        {specialIn(config, "pad_token", "[PAD]"), specialIn(config, "unk_token", "[UNK]"), specialIn(config, "cls_token", "[CLS]"),
         specialIn(config, "sep_token", "[SEP]"), specialIn(config, "mask_token", "[MASK]")},
        ids, extras);
    parts["normalizer"] = {{"type", "BertNormalizer"},
                           {"clean_text", true},
                           {"handle_chinese_chars", flagIn(config, "tokenize_chinese_chars", true)},
                           {"strip_accents", nullptr},
                           {"lowercase", flagIn(config, "do_lower_case", true)}};
    if (config.contains("strip_accents") && config["strip_accents"].is_boolean())
        parts["normalizer"]["strip_accents"] = config["strip_accents"];
    parts["pre_tokenizer"] = {{"type", "BertPreTokenizer"}};
    if (ids.contains(first) && ids.contains(last)) parts["post_processor"] = bertFrame(first, ids[first], last, ids[last]);
    parts["decoder"] = {{"type", "WordPiece"}, {"prefix", "##"}, {"cleanup", true}};
    parts["model"] = {
        {"type", "WordPiece"}, {"unk_token", unknown}, {"continuing_subword_prefix", "##"}, {"max_input_chars_per_word", 100}};
    parts["model"]["vocab"] = vocabularyJson(pieces);
    return tokenizerText(std::move(parts));
}

std::string tokenizerOfMerges(std::string_view vocabulary, std::string_view merges, const TokenizerExtras& extras,
                              const std::string& vocabularyFile, const std::string& mergesFile) {
    const Ids ids = idsOf(vocabulary, vocabularyFile);
    OrderedJson list = OrderedJson::array();
    eachLine(merges, [&](std::string_view line, std::size_t number) {
        if (line.empty() || (number == 1 && line.starts_with("#version"))) return;
        const std::size_t space = line.find(' ');
        if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos || !isUtf8(line))
            throw InputError(lineOf(mergesFile, number), LAB_TEXT("tokens", "not two pieces with a space between them"));
        const std::string left(line.substr(0, space)), right(line.substr(space + 1));
        for (const std::string& piece : {left, right, left + right})
            if (!ids.contains(piece))
                throw InputError(lineOf(mergesFile, number), Message(LAB_TEXT("tokens", "'%1' is not in the vocabulary")).arg(piece));
        list.push_back({left, right});
    });
    const OrderedJson config = withRobertasNames(settingsOf(extras), ids);
    std::vector<ListedToken> specials{{"<|endoftext|>"}};
    for (const char* key : {"bos_token", "eos_token", "unk_token", "pad_token", "cls_token", "sep_token", "mask_token"})
        specials.push_back(specialIn(config, key, "<|endoftext|>"));
    OrderedJson parts;
    parts["added_tokens"] = addedTokens(specials, ids, extras);
    parts["pre_tokenizer"] = parts["decoder"] = byteLevelJson(true);
    parts["pre_tokenizer"]["add_prefix_space"] = flagIn(config, "add_prefix_space", false);
    parts["post_processor"] = byteLevelJson(true);
    parts["post_processor"]["trim_offsets"] = false;
    const std::string first = tokenIn(config, "cls_token", ""), last = tokenIn(config, "sep_token", "");
    if (ids.contains(first) && ids.contains(last))  // RoBERTa's
        parts["post_processor"] = {{"type", "RobertaProcessing"},
                                   {"sep", OrderedJson::array({last, ids.at(last)})},
                                   {"cls", OrderedJson::array({first, ids.at(first)})},
                                   {"trim_offsets", true},
                                   {"add_prefix_space", flagIn(config, "add_prefix_space", false)}};
    std::vector<std::pair<int, std::string>> order;
    for (const auto& [piece, id] : ids) order.emplace_back(id, piece);
    std::ranges::sort(order);
    OrderedJson vocab = OrderedJson::object();
    std::vector<OrderedJson::object_t::value_type>& rows = vocab.get_ref<OrderedJson::object_t&>();  // all keys differ
    for (const auto& [id, piece] : order) rows.emplace_back(piece, id);
    parts["model"] = bpeModelJson(std::move(vocab), std::move(list));
    return tokenizerText(std::move(parts));
}

std::string readTokenizer(const std::filesystem::path& path, const Watch& watch) {
    std::error_code none;
    if (std::filesystem::is_directory(path, none)) return readTokenizer(fileIn(path), watch);
    const std::string name = utf8Text(path.filename());
    const TokenizerExtras extras{readIfThere(path.parent_path() / configName), readIfThere(path.parent_path() / addedName),
                                 readIfThere(path.parent_path() / specialsName)};
    if (name.ends_with("vocab.txt")) return tokenizerOfVocabulary(readFile(path, watch), extras, utf8Text(path));
    for (const auto& [ending, other, given] : {std::tuple{"vocab.json", "merges.txt", 0}, std::tuple{"merges.txt", "vocab.json", 1}}) {
        if (!name.ends_with(ending)) continue;
        const std::filesystem::path partner = partnerOf(path, ending, other);
        const std::filesystem::path &vocabulary = given == 0 ? path : partner, &merges = given == 0 ? partner : path;
        return tokenizerOfMerges(readFile(vocabulary, watch), readFile(merges, watch), extras, utf8Text(vocabulary), utf8Text(merges));
    }
    return readFile(path, watch);
}

}  // namespace lab
