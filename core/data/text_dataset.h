#pragma once

#include "core/data/dataset.h"
#include "core/data/token_ids.h"
#include "core/text/corpus.h"

namespace lab {

/// Where a block of a text begins and which of its tokens are scored: [first scored, length).
struct ScoredBlock {
    std::size_t begin = 0;
    int firstScored = 0;
};

/// How a text is read when it is scored.
enum class TextWindows {
    overlapping,  ///< by half: of each block the second half is scored, of the first one all, so that tokens have half a block behind them
    disjoint,     ///< block by block, all of each
};

/// Blocks of `length` tokens that score each token but the first of `tokens` once; the last block ends with the text. Empty when the text
/// has fewer than two tokens; a text shorter than a block is one shorter block.
std::vector<ScoredBlock> scoredBlocks(std::size_t tokens, int length, TextWindows windows);

/// The block as a sample: each token's target is the next one, -1 where nothing is scored.
Sample blockSample(const TokenIds& ids, const ScoredBlock& block, int length);

/// A text and what its tokens are: what data sets of any block length share.
struct TextTokens {
    std::shared_ptr<const Corpus> corpus;
    std::shared_ptr<const Tokenizer> tokenizer;
    TokenIds train, validation;
};

/// A data set whose sequences are blocks of a text.
class CorpusDataset : public Dataset {
public:
    explicit CorpusDataset(std::shared_ptr<const TextTokens> text) : m_text(std::move(text)) {}

    const Tokenizer& tokenizer() const override { return *m_text->tokenizer; }
    bool drawsBlocks() const override { return true; }

    /// The text, cleaned and cut.
    const Corpus& corpus() const { return *m_text->corpus; }
    const TokenIds& train() const { return m_text->train; }
    const TokenIds& validation() const { return m_text->validation; }
    const std::shared_ptr<const TextTokens>& text() const { return m_text; }

private:
    std::shared_ptr<const TextTokens> m_text;
};

/// Running text whose next token is asked for. Training samples are all blocks of task.seq_len tokens, each beginning one token later;
/// validation reads overlapping blocks, task.validation_size of them evenly spread, and the test all of them.
class TextDataset : public CorpusDataset {
public:
    /// What is trained on has at least length + 1 tokens, what is validated on at least 2.
    TextDataset(std::shared_ptr<const TextTokens> text, int length, int validationSize);

    int trainSize() const override;
    int validationSize() const override { return m_validationSize; }
    int testSize() const override { return m_validationSize < blocks() ? blocks() : 0; }
    Sample trainSample(int i) const override;
    Sample validationSample(int i) const override;
    Sample testSample(int i) const override;
    std::optional<double> bytesPerToken() const override;

    /// Of each token of the validation text whether validationSample() asks for it: 1 or 0.
    std::vector<unsigned char> scoredTokens() const;
    /// Overlapping ones of the validation.
    int blocks() const { return static_cast<int>(m_blocks.size()); }

private:
    const ScoredBlock& validationBlock(int i) const;

    int m_length, m_validationSize;
    std::vector<ScoredBlock> m_blocks;
};

}  // namespace lab
