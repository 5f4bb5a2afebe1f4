#pragma once

#include "core/data/pairs_dataset.h"

namespace lab {

/// Pairs of texts for a model that reads pieces of text, with the texts that they were made of.
class TextPairsDataset : public PairsDataset {
public:
    TextPairsDataset(PairsSplit samples, std::shared_ptr<const Tokenizer> tokenizer, PairsTexts texts)
        : PairsDataset(std::move(samples.train), std::move(samples.validation), std::move(tokenizer)), m_texts(std::move(texts)) {}

    const PairsTexts& texts() const { return m_texts; }

private:
    PairsTexts m_texts;
};

/// A text that a decoder goes on with, and how: it reads both, a blank between them, and is asked for the tokens of the answer and for the
/// one that ends a text, where the tokenizer has one. What stands about a text stands about it too.
Sample continuedText(const Tokenizer& tokenizer, std::string_view text, std::string_view answer);
/// A text with gaps that an encoder fills: each mask token in it stands for one token of the answer, in their order. Throws InputError
/// where there are more or fewer.
Sample filledText(const Tokenizer& tokenizer, std::string_view text, std::string_view answer);

/// A pairs task whose lines are input TAB answer, both running text, cut by the tokenizer that was kept; for a decoder or an encoder.
/// Throws InputError naming file and line.
LoadedTask loadTextPairs(Experiment experiment, PairsTexts texts, const KeptTokenizer& kept);

}  // namespace lab
