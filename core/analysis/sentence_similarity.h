#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/model/model.h"

namespace lab {

/// The mean of the rows of a table [rows, width].
std::vector<double> meanRow(const Tensor& table);

/// a.b / (|a| |b|); 0 where one of them is 0.
double cosineOf(std::span<const double> a, std::span<const double> b);

/// Names of the trace tensors [T, d] that hold what a token has become: behind the embedding, behind each layer of the side that answers,
/// behind the last norm where there is one.
std::vector<std::string> hiddenStates(const Model& model, const Trace& trace);

/// Two sequences read by one model. A vector of a sequence is the mean over all its tokens, those that frame it included, as sentence
/// models are used; a cosine does not ask for its length.
struct SentenceSimilarity {
    std::vector<std::string> states;  ///< hiddenStates()
    std::vector<double> cosines;      ///< of the means, one a state
    int rows = 0, columns = 0;        ///< tokens of a, of b
    std::vector<float> ofTokens;      ///< [states, rows, columns] cosines of token with token

    std::span<const float> map(std::size_t state) const {
        const std::size_t size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
        return std::span(ofTokens).subspan(state * size, size);
    }
};

/// Both traces of `model`, with intermediates.
SentenceSimilarity similarityOf(const Model& model, const Trace& a, const Trace& b);

}  // namespace lab
