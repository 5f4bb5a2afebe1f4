#include "core/data/repeated_tokens.h"

#include "core/base/random.h"

namespace lab {

std::vector<Sample> repeatedTokens(const std::vector<int>& alphabet, std::optional<int> first, int length, int count, std::uint64_t seed) {
    const RandomStream random(seed, "repeated tokens");
    std::vector<Sample> samples;
    std::uint64_t drawn = 0;
    for (int s = 0; s < count; ++s) {
        std::vector<int> half;
        for (int i = 0; i < length; ++i) half.push_back(alphabet[random.below(drawn++, static_cast<std::uint32_t>(alphabet.size()))]);
        Sample sample;
        if (first) sample.tokens.push_back(*first);
        for (int twice = 0; twice < 2; ++twice) sample.tokens.insert(sample.tokens.end(), half.begin(), half.end());
        sample.targets.assign(sample.tokens.begin() + 1, sample.tokens.end());
        sample.targets.push_back(-1);
        samples.push_back(std::move(sample));
    }
    return samples;
}

}  // namespace lab
