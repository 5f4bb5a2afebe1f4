#include <algorithm>

#include "core/base/utf8.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"
#include "tests/fuzz/harness.h"

namespace lab::fuzz {
namespace {

int charactersOf(std::string_view utf8) {
    return static_cast<int>(std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

void cut(const TextPipeline& pipeline, std::string_view text) {
    const int characters = charactersOf(text);
    std::vector<std::size_t> wordStarts;
    std::vector<int> ids;
    for (const TextToken& token : pipeline.encode(text, &wordStarts)) {
        require(token.id >= 0 && token.id < pipeline.size(), "a token is one of the vocabulary");
        require(token.span.begin >= 0 && token.span.begin <= token.span.end && token.span.end <= characters, "a token lies in the text");
        pipeline.bytes(token.id);
        pipeline.piece(token.id);
        ids.push_back(token.id);
    }
    for (const std::size_t start : wordStarts) require(start <= ids.size(), "a word begins with a token, or has none");
    require(pipeline.ids(text) == ids, "ids alone are the same");
    require(isUtf8(pipeline.decode(ids, true)), "what is decoded is UTF-8");
    pipeline.framed(ids, ids);
    if (const auto lost = pipeline.firstLost(text)) require(lost->at >= 0 && lost->at < characters, "a lost character lies in the text");
}

}  // namespace

/// A tokenizer.json and a text.
void tokenizer(std::string_view bytes) {
    const auto parts = parted(bytes, 2);
    accepted([&] {
        const TextPipeline pipeline(parts[0], "input");
        if (isUtf8(parts[1])) cut(pipeline, parts[1]);
        cut(pipeline,
            "Two words, \xc3\xa9"
            "A\xcc\x8a\n 12!");
    });
}

}  // namespace lab::fuzz
