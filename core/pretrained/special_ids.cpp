#include "core/pretrained/special_ids.h"

#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"

namespace lab {
namespace {

/// "[MASK]", or {"content": "[MASK]", ...}.
std::string contentOf(const ConfigReader& names, const char* key) {
    const auto found = names.json().find(key);
    if (found == names.json().end()) return {};
    if (found->is_string()) return found->get<std::string>();
    const bool object = found->is_object() && found->contains("content") && (*found)["content"].is_string();
    return object ? (*found)["content"].get<std::string>() : std::string();
}

/// Added tokens are found wherever they stand.
std::optional<int> idOf(const PieceTokenizer& tokenizer, const std::string& content) {
    if (content.empty()) return std::nullopt;
    const std::vector<int> ids = tokenizer.pipeline().ids(content);
    return ids.size() == 1 && tokenizer.pipeline().isSpecial(ids.front()) ? std::optional(ids.front()) : std::nullopt;
}

void fillByText(SpecialIds& ids, const ConfigReader& names, const PieceTokenizer& tokenizer) {
    const auto fill = [&](std::optional<int>& id, const char* key) {
        if (!id) id = idOf(tokenizer, contentOf(names, key));
    };
    fill(ids.bos, "bos_token");
    fill(ids.pad, "pad_token");
    fill(ids.unknown, "unk_token");
    fill(ids.cls, "cls_token");
    fill(ids.sep, "sep_token");
    fill(ids.mask, "mask_token");
    if (ids.eos.empty())
        if (const auto eos = idOf(tokenizer, contentOf(names, "eos_token"))) ids.eos = {*eos};
}

}  // namespace

SpecialIds specialIds(const ConfigReader& config, const PieceTokenizer& tokenizer, const std::filesystem::path& folder) {
    SpecialIds ids;
    const auto within = [&](const char* key) {
        std::vector<int> list = config.ids(key);
        std::erase_if(list, [&](int id) { return id >= tokenizer.symbols(); });  // of another vocabulary: a default that was never set
        return list;
    };
    const auto first = [&](const char* key) {
        const std::vector<int> list = within(key);
        return list.empty() ? std::nullopt : std::optional(list.front());
    };
    ids.bos = first("bos_token_id");
    ids.pad = first("pad_token_id");
    ids.eos = within("eos_token_id");
    if (folder.empty()) return ids;
    for (const char* name : {"special_tokens_map.json", "tokenizer_config.json"}) {
        std::error_code none;
        const std::filesystem::path path = folder / name;
        if (std::filesystem::is_regular_file(path, none)) fillByText(ids, ConfigReader::parsed(readFile(path), utf8Text(path)), tokenizer);
    }
    return ids;
}

}  // namespace lab
