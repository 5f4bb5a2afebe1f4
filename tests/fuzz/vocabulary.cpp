#include "core/data/tokenizers/pipeline/text_pipeline.h"
#include "core/data/tokenizers/pipeline/tokenizer_files.h"
#include "tests/fuzz/harness.h"

namespace lab::fuzz {
namespace {

void use(const std::string& json) {
    const TextPipeline pipeline(json, "input");
    pipeline.decode(pipeline.ids("Two words \xc3\xa9"));
}

}  // namespace

/// vocab.txt or vocab.json, merges.txt, tokenizer_config.json, added_tokens.json, special_tokens_map.json.
void vocabulary(std::string_view bytes) {
    const auto parts = parted(bytes, 5);
    const TokenizerExtras extras{std::string(parts[2]), std::string(parts[3]), std::string(parts[4])};
    accepted([&] { use(tokenizerOfVocabulary(parts[0], extras, "vocab.txt")); });
    accepted([&] { use(tokenizerOfMerges(parts[0], parts[1], extras, "vocab.json", "merges.txt")); });
}

}  // namespace lab::fuzz
