#pragma once

#include <QStringList>
#include <memory>
#include <span>

#include "core/config/model_config.h"
#include "core/data/dataset.h"
#include "core/model/trace.h"

namespace lab {

class Run;
struct PictureFrame;

/// What a trace has read, without its right answers.
Input inputOf(const Trace& trace);

/// "−0.96 | −0.45"; of more than three numbers the first, what is left out, and the last: "−0.96 … −0.45".
QString vectorText(std::span<const float> numbers);
/// All of them, with more digits, for screen readers and tool tips.
QString vectorInFull(std::span<const float> numbers);

/// How the positions of a run's sequences are written, and what it answers there, whatever they are: tokens, patches of a picture, points.
class SequenceWords {
public:
    explicit SequenceWords(const Run& run);

    bool vectors() const { return m_model.readsVectors(); }
    /// Answers are numbers, to which more or less is right.
    bool numbers() const { return m_model.answersNumbers(); }
    const PictureFrame* pictures() const { return m_dataset->pictures(); }
    const ModelConfig& model() const { return m_model; }
    const Tokenizer& tokenizer() const { return m_dataset->tokenizer(); }

    /// In a chip or beside a map: "9", a patch's place "r1 c2", "−0.96 | −0.45", "class".
    QString at(const Input& input, std::size_t position) const;
    /// In words: "patch 5, row 1, column 2"; numbers in full.
    QString spoken(const Input& input, std::size_t position) const;
    QStringList all(const Input& input, bool targetSide = false) const;
    QStringList all(const Trace& trace, bool targetSide) const;
    /// Which sentence of several a position is of, as the model reads it; empty where it tells none apart.
    std::vector<int> segments(const Input& input) const;
    /// Positions whose tokens stand for no text: [CLS], [SEP].
    std::vector<int> specials(const Input& input, bool targetSide = false) const;
    /// All of an input in a caption: its tokens, its points, "a picture of 28 × 28 pixels in 16 patches".
    QString caption(const Input& input, bool targetSide = false) const;
    QString caption(const Trace& trace, bool targetSide) const;
    /// A number that is asked for and not given: the last of the query of a prompt.
    bool isOpen(const Input& input, std::size_t position) const;
    bool isClassToken(const Input& input, std::size_t position) const;
    /// Of the patch that stands there; -1: none does.
    int patchAt(const Input& input, std::size_t position) const;
    std::span<const float> vectorAt(const Input& input, std::size_t position) const;

    /// Whether an answer is asked there: by the input's targets, else where the model's read-out is.
    bool asks(const Input& input, std::size_t position) const;
    /// A class in words: a token, the name of a kind of picture.
    QString classText(int id) const;
    /// The right answer; empty where none is known.
    QString truth(const Input& input, std::size_t position) const;
    /// What is right where numbers are asked.
    std::span<const float> valuesAt(const Input& input, std::size_t position) const;
    /// What a trace answers at a position in numbers; empty where it has none.
    std::span<const float> answeredAt(std::span<const float> answers, std::size_t position) const;

private:
    std::shared_ptr<const Dataset> m_dataset;
    ModelConfig m_model;
};

/// [positions, outputs]: what a model that answers numbers says; empty without a trace.
std::span<const float> answeredNumbers(const Trace* trace);

}  // namespace lab
