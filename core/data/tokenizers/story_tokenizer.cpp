#include "core/data/tokenizers/story_tokenizer.h"

#include <nlohmann/json.hpp>

#include "core/data/tokenizers/pipeline/byte_table.h"
#include "core/data/tokenizers/pipeline/mapped_text.h"
#include "core/text/stories/story_vocabulary.h"

namespace lab {
namespace {

using OrderedJson = nlohmann::ordered_json;

std::string spelled(std::string_view token) {
    std::u32string characters;
    for (const char byte : token) characters += characterOfByte(static_cast<unsigned char>(byte));
    return utf8Of(characters);
}

}  // namespace

std::string storyTokenizer() {
    OrderedJson vocabulary = OrderedJson::object();
    int id = 0;
    for (const std::string& token : storyVocabulary()) vocabulary[spelled(token)] = id++;
    const OrderedJson byteLevel = {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", true}};
    return OrderedJson{{"version", "1.0"},
                       {"truncation", nullptr},
                       {"padding", nullptr},
                       {"added_tokens", OrderedJson::array()},
                       {"normalizer", nullptr},
                       {"pre_tokenizer", byteLevel},
                       {"post_processor", nullptr},
                       {"decoder", byteLevel},
                       {"model",
                        {{"type", "BPE"},
                         {"dropout", nullptr},
                         {"unk_token", nullptr},
                         {"continuing_subword_prefix", nullptr},
                         {"end_of_word_suffix", nullptr},
                         {"fuse_unk", false},
                         {"byte_fallback", false},
                         {"ignore_merges", true},
                         {"vocab", vocabulary},
                         {"merges", OrderedJson::array()}}}}
        .dump();
}

}  // namespace lab
