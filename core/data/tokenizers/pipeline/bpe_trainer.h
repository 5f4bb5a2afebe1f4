#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/data/tokenizers/pipeline/mapped_text.h"

namespace lab {

struct BpeSettings {
    int pieces = 512;                   ///< at the most, specials and the 256 bytes among them
    std::vector<std::string> specials;  ///< the first ids
};

/// What a training of byte-level BPE found.
struct TrainedBpe {
    std::vector<std::string> pieces;            ///< by id: specials, the 256 bytes in the order of their characters, merges
    std::vector<std::pair<int, int>> merges;    ///< of ids, in the order in which they were learned
    std::vector<std::int64_t> timesWhenMerged;  ///< how often each pair stood in the text then

    /// As a tokenizer.json: GPT-2's splitter before it, the specials as added tokens.
    std::string json(const BpeSettings& settings) const;
};

/// Learns byte-pair encoding (Sennrich 2016) of bytes, in words as GPT-2 cuts them (Radford 2019): again and again the pair that stands in
/// the text most often becomes a piece; of equally frequent pairs the one with the smaller ids, left before right.
class BpeTrainer {
public:
    /// Gathers the words of a text; several texts may follow one another.
    void read(std::string_view utf8);
    /// How many different words were read.
    std::size_t words() const { return m_times.size(); }
    /// `progress` gets the pieces that are there and stops the training by false; then nothing is returned. Ends early when no pair is
    /// left. Throws InputError when the settings leave no room for the bytes.
    std::optional<TrainedBpe> train(const BpeSettings& settings, const std::function<bool(int)>& progress = {}) const;

private:
    std::unordered_map<std::u32string, std::int64_t> m_times;
};

}  // namespace lab
