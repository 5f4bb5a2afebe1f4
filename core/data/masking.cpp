#include "core/data/masking.h"

#include <algorithm>
#include <cmath>

#include "core/base/errors.h"
#include "core/data/sentence_frame.h"

namespace lab {
namespace {

/// Of ten chosen tokens.
constexpr std::uint32_t choices = 10, masks = 8, others = 1;

}  // namespace

int requiredMask(const Tokenizer& tokenizer) {
    if (const auto mask = maskToken(tokenizer)) return *mask;
    throw InputError("task.tokenizer",
                     LAB_TEXT("data", "it has no mask token, [MASK] or <mask>, that could stand in a word's place; use another tokenizer"));
}

Masking::Masking(const Tokenizer& tokenizer, double share)
    : m_mask(requiredMask(tokenizer)), m_share(share), m_isSpecial(static_cast<std::size_t>(tokenizer.symbols())) {
    for (int id = 0; id < tokenizer.symbols(); ++id) {
        m_isSpecial[static_cast<std::size_t>(id)] = isSpecialToken(tokenizer, id);
        if (!m_isSpecial[static_cast<std::size_t>(id)]) m_ordinary.push_back(id);
    }
}

int Masking::shownFor(int token, std::uint32_t tenth, const RandomStream& random, std::uint64_t number) const {
    if (tenth < masks) return m_mask;
    if (tenth >= masks + others) return token;
    return m_ordinary[random.below(number, static_cast<std::uint32_t>(m_ordinary.size()))];
}

Sample Masking::masked(std::vector<int> tokens, const RandomStream& random) const {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < tokens.size(); ++i)
        if (!m_isSpecial[static_cast<std::size_t>(tokens[i])]) places.push_back(i);
    Sample sample;
    sample.targets.assign(tokens.size(), -1);
    const auto wanted = static_cast<std::size_t>(std::lround(m_share * static_cast<double>(places.size())));
    const std::size_t count = std::min(places.size(), std::max<std::size_t>(1, wanted));
    std::uint64_t number = 0;
    for (std::size_t k = 0; k < count; ++k) {
        std::swap(places[k], places[k + random.below(number++, static_cast<std::uint32_t>(places.size() - k))]);
        const std::size_t at = places[k];
        const std::uint32_t tenth = random.below(number++, choices);
        sample.targets[at] = tokens[at];
        tokens[at] = shownFor(tokens[at], tenth, random, number++);
    }
    sample.tokens = std::move(tokens);
    return sample;
}

}  // namespace lab
