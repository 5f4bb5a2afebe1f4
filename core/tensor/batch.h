#pragma once

#include <vector>

namespace lab {

/// What `tokens` hold where the model reads vectors.
constexpr int vectorToken = 0, classToken = 1;

/// One sequence and what is to be said about it.
struct Sample {
    std::vector<int> tokens;
    std::vector<int> targetTokens;    ///< what the decoder of an encoder-decoder reads; empty otherwise
    std::vector<int> targets;         ///< one per position that gives logits; -1 = no loss there; where numbers are asked 0 counts
    std::vector<float> vectors = {};  ///< [tokens, input_dim] where tokens are vectors: what stands there, zeros at a class token
    std::vector<float> values = {};   ///< [targets, num_classes] where the answers are numbers
};

/// Sequences of one step, padded on the right to the longest.
struct Batch {
    static constexpr int padding = -1;  ///< token id of padding; never a word

    int sequences = 0;     ///< B
    int length = 0;        ///< T, of the longest
    int targetLength = 0;  ///< T2 of the decoder's side in an encoder-decoder, else 0

    std::vector<int> tokens;         ///< [B, T]
    std::vector<int> targetTokens;   ///< [B, T2]
    std::vector<int> targets;        ///< [B, T] or, with a decoder's side, [B, T2]; -1 = no loss
    std::vector<float> vectors;      ///< [B, T, input_dim], zeros in padding; empty for tokens
    std::vector<float> values;       ///< [B, outputLength(), num_classes], zeros in padding; empty for classes
    std::vector<int> lengths;        ///< [B], 1 .. T
    std::vector<int> targetLengths;  ///< [B], 1 .. T2; empty when T2 = 0

    /// Positions per sequence that give logits.
    int outputLength() const { return targetLength > 0 ? targetLength : length; }
};

/// Pads and joins; samples must be of one kind (all or none with target tokens) and not empty.
Batch makeBatch(const std::vector<Sample>& samples);

}  // namespace lab
