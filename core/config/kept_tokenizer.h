#pragma once

#include <string>
#include <vector>

namespace lab {

/// What files keep of a tokenizer; both are empty when the experiment alone says all.
struct KeptTokenizer {
    std::vector<std::string> words;  ///< in the order of their ids (attention_lab.vocabulary)
    std::string pipeline;            ///< a tokenizer.json (attention_lab.tokenizer)

    bool empty() const { return words.empty() && pipeline.empty(); }
    bool operator==(const KeptTokenizer&) const = default;
};

}  // namespace lab
