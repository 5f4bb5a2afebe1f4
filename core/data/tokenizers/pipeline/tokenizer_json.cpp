#include "core/data/tokenizers/pipeline/tokenizer_json.h"

#include <nlohmann/json.hpp>

namespace lab {

using TokenizerJson = nlohmann::ordered_json;

std::string tokenizerText(TokenizerJson parts) {
    TokenizerJson whole{{"version", "1.0"}, {"truncation", nullptr}, {"padding", nullptr}, {"added_tokens", TokenizerJson::array()}};
    for (const char* key : {"added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model"})
        if (parts.contains(key))
            whole[key] = std::move(parts[key]);
        else if (!whole.contains(key))
            whole[key] = nullptr;
    return whole.dump(2) + "\n";
}

TokenizerJson specialTokenJson(int id, const std::string& content) {
    return {{"id", id},        {"content", content},  {"single_word", false}, {"lstrip", false},
            {"rstrip", false}, {"normalized", false}, {"special", true}};
}

TokenizerJson byteLevelJson(bool regex) {
    return {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", regex}};
}

TokenizerJson vocabularyJson(const std::vector<std::string>& pieces) {
    TokenizerJson vocab = TokenizerJson::object();
    // Past the ordered map, which looks through all of its keys for each new one.
    std::vector<TokenizerJson::object_t::value_type>& rows = vocab.get_ref<TokenizerJson::object_t&>();
    rows.reserve(pieces.size());
    for (std::size_t id = 0; id < pieces.size(); ++id) rows.emplace_back(pieces[id], id);
    return vocab;
}

TokenizerJson bpeModelJson(TokenizerJson vocab, TokenizerJson merges) {
    TokenizerJson model{{"type", "BPE"},
                        {"dropout", nullptr},
                        {"unk_token", nullptr},
                        {"continuing_subword_prefix", nullptr},
                        {"end_of_word_suffix", nullptr},
                        {"fuse_unk", false},
                        {"byte_fallback", false},
                        {"ignore_merges", false}};
    model["vocab"] = std::move(vocab);
    model["merges"] = std::move(merges);
    return model;
}

}  // namespace lab
