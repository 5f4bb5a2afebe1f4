#include "core/data/text_dataset.h"

#include <algorithm>
#include <cassert>

namespace lab {

std::vector<ScoredBlock> scoredBlocks(std::size_t tokens, int length, TextWindows windows) {
    assert(length >= 1);
    std::vector<ScoredBlock> blocks;
    if (tokens < 2) return blocks;
    const std::size_t last = tokens - 1;  // the last token is only a target
    const auto whole = static_cast<std::size_t>(length);
    const std::size_t step = windows == TextWindows::overlapping ? std::max<std::size_t>(1, whole / 2) : whole;
    for (std::size_t scored = 0; scored < last;) {
        // The block that ends with what it scores, as far back as it reaches.
        const std::size_t end = std::min(last, blocks.empty() ? whole : scored + step);
        const std::size_t begin = end > whole ? end - whole : 0;
        blocks.push_back({begin, static_cast<int>(scored - begin)});
        scored = end;
    }
    return blocks;
}

Sample blockSample(const TokenIds& ids, const ScoredBlock& block, int length) {
    const std::size_t count = std::min(static_cast<std::size_t>(length), ids.size() - 1 - block.begin);
    Sample sample;
    sample.tokens = ids.part(block.begin, count);
    sample.targets = ids.part(block.begin + 1, count);
    std::fill_n(sample.targets.begin(), block.firstScored, -1);
    return sample;
}

TextDataset::TextDataset(std::shared_ptr<const TextTokens> text, int length, int validationSize)
    : CorpusDataset(std::move(text)), m_length(length), m_blocks(scoredBlocks(validation().size(), length, TextWindows::overlapping)) {
    m_validationSize = std::min(validationSize, blocks());
}

int TextDataset::trainSize() const {
    return static_cast<int>(train().size()) - m_length;
}

Sample TextDataset::trainSample(int i) const {
    return blockSample(train(), {static_cast<std::size_t>(i), 0}, m_length);
}

/// Evenly spread, the first one first.
const ScoredBlock& TextDataset::validationBlock(int i) const {
    return m_blocks[static_cast<std::size_t>(std::int64_t{i} * blocks() / m_validationSize)];
}

Sample TextDataset::validationSample(int i) const {
    return blockSample(validation(), validationBlock(i), m_length);
}

std::vector<unsigned char> TextDataset::scoredTokens() const {
    std::vector<unsigned char> scored(validation().size(), 0);
    for (int i = 0; i < m_validationSize; ++i) {
        const ScoredBlock& block = validationBlock(i);
        const std::size_t end = std::min(scored.size(), block.begin + static_cast<std::size_t>(m_length) + 1);
        std::fill(scored.begin() + static_cast<std::ptrdiff_t>(block.begin) + block.firstScored + 1,
                  scored.begin() + static_cast<std::ptrdiff_t>(end), static_cast<unsigned char>(1));
    }
    return scored;
}

Sample TextDataset::testSample(int i) const {
    return blockSample(validation(), m_blocks[static_cast<std::size_t>(i)], m_length);
}

std::optional<double> TextDataset::bytesPerToken() const {
    if (validation().size() == 0) return std::nullopt;
    return static_cast<double>(corpus().validation.size()) / static_cast<double>(validation().size());
}

}  // namespace lab
