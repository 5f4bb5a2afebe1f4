#pragma once

#include <QString>
#include <memory>
#include <vector>

#include "ui/scenes/sequence_words.h"

namespace lab {

/// What a person types as the input of a model of vectors: points "0.62 1.1; 0.5 ?", or a whole picture as its bytes. What is right then is
/// not known.
class OwnVectors {
public:
    explicit OwnVectors(const Run& run) : m_words(run) {}

    /// "vectors of 2 numbers, parted by semicolons".
    QString rule() const;
    QString example() const;
    /// What one would type for this input.
    QString typed(const Input& input) const;
    /// The same of one position.
    QString typedAt(const Input& input, std::size_t position) const;
    /// Patches of a picture are changed all at once.
    bool isFixed() const { return m_words.pictures(); }

    /// Throw InputError with one sentence.
    Input parse(const QString& line) const;
    Input withVector(const Input& input, int position, const QString& text) const;
    Input withInserted(const Input& input, int position) const;  ///< a copy of its neighbour
    Input withRemoved(const Input& input, int position) const;
    /// The numbers of one vector; "?" is the 0 that waits for an answer.
    std::vector<float> parseVector(const QString& text) const;

private:
    Input inputOfVectors(std::vector<float> vectors) const;
    std::size_t width() const { return static_cast<std::size_t>(*m_words.model().input_dim); }
    void requireLength(std::size_t count) const;
    void requireFree(int position) const;

    SequenceWords m_words;
};

}  // namespace lab
