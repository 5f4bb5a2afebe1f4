#pragma once

#include <vector>

namespace lab {

// Weights as a person may ask to see them; never what the model computed with.

/// Which keys soak up weight that says nothing of the sentence: the first position, and tokens that stand for no text.
std::vector<bool> sinkKeys(const std::vector<bool>& special, int keys);

/// `weights` [rows, keys]: each row divided by what it leaves on keys that are no sinks, whose columns then add up to 1; the sinks' own
/// columns stay as they are. A row that leaves nothing keeps its zeros.
std::vector<float> withoutSinks(const float* weights, int rows, const std::vector<bool>& sink);

/// Where words begin among `size` tokens: indices, the first of them 0.
using WordStarts = std::vector<int>;

/// [words, words]: columns of a word's pieces are added up, its rows averaged, so that a row still adds up to what it did. `weights` is
/// [rows, keys]; `allowed`, of the same shape, may be null: cells that are infinite there take no part, and a cell of words without any
/// that does is minus infinity.
std::vector<float> joinedWords(const float* weights, const float* allowed, int rows, int keys, const WordStarts& rowWords,
                               const WordStarts& keyWords);

/// The word that a token is a piece of.
int wordOf(const WordStarts& words, int token);

}  // namespace lab
