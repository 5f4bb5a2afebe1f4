#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "core/config/architecture.h"
#include "core/data/answer_ends.h"
#include "core/data/dataset.h"
#include "core/data/sentence_frame.h"
#include "core/model/trace.h"
#include "core/tasks/task_config.h"
#include "ui/runs/run.h"
#include "ui/scenes/sequence_words.h"
#include "ui/window/own_vectors.h"

namespace lab {

/// How a run's tokens are written, and how what a person types becomes an input of it.
class OwnInput {
public:
    explicit OwnInput(const Run& run);

    /// "3", a word, "SEP".
    QString text(int token) const;
    /// Tokens are pieces of running text: how it goes on is no question with one right answer.
    bool isText() const { return tokenizer().isText(); }
    /// Characters of every token a person types, if they all have as many; else 0.
    int tokenLength() const;
    /// "integers 0 to 9": what may be typed.
    QString rule() const;
    /// An example of the right length.
    QString example() const;

    /// How positions and answers are written.
    const SequenceWords& words() const { return m_words; }
    /// Of a model that reads vectors; else null.
    const OwnVectors* vectors() const { return m_vectors.get(); }
    /// What a person would type for this input; of two sentences `second` gets the second.
    QString typedLine(const Input& input, QString* second = nullptr) const;
    /// The input of a typed line, of two sentences (only where readsPairs), one position of it typed anew, one more that is a copy of its
    /// neighbour. `framed`: with the special tokens about it, where canFrame. Throw InputError.
    Input inputTyped(const QString& line, const QString& second = {}, bool framed = true) const;
    Input withTyped(const Input& input, int index, const QString& text) const;
    Input withCopy(const Input& input, int index) const;
    /// Throws InputError where a text is nothing that could stand at a position.
    void check(const QString& text) const;

    /// Special tokens may stand about a text, or not.
    bool canFrame() const { return m_frame.exists() && isSentence(); }
    /// Whether they do so unasked.
    bool framesUnasked() const { return m_frame.isUsual(); }
    bool isFramedText(const Input& input) const { return canFrame() && m_frame.taken(input.tokens).framed; }
    /// `input` with them, or without. Of two sentences without them one is left.
    Input withFrame(const Input& input, bool framed) const;
    /// A second sentence can be told from the first.
    bool readsPairs() const { return canFrame() && m_architecture == Architecture::encoder && m_frame.partsPairs(); }
    /// "[MASK]" of a model that fills in masked words; else empty.
    QString maskName() const;
    bool isMaskToken(const Input& input, int index) const;
    /// `input` with [MASK] in the place of a token, which is what is asked there then; or with the token again.
    Input withMaskToken(const Input& input, int index) const;

    /// One token; throws InputError.
    int parseToken(const QString& text) const;
    /// A whole line: tokens between blanks or commas; single digits may stand together. Throws InputError with one sentence.
    std::vector<int> parse(const QString& line) const;

    /// What the model reads for these tokens, with the right answer where the task knows one; the decoder of an encoder-decoder reads what
    /// begins an answer, and then its own words. Throws InputError.
    Input inputFor(const std::vector<int>& tokens) const;
    /// The decoder of an encoder-decoder reads its own words of own input.
    bool readsItself(const Input& input) const;
    /// `input` as it is read behind BOS once the decoder has said so much: everything but a last word that ends the answer.
    Input answered(const Input& input, const std::vector<int>& said) const;
    /// A decoder that says what comes next: its words can be read on and on.
    bool canContinue() const;
    /// `input` with one more token; the same where it cannot be read, or there is no room.
    Input continued(const Input& input, int token) const;
    /// `input` with one token replaced; the answer follows where the task knows it.
    Input withToken(const Input& input, int index, int token) const;
    /// `input` with one more token before position `index`, or behind the last one. Throws InputError in a decoder's answer.
    Input withInserted(const Input& input, int index, int token) const;
    /// `input` without one of its tokens. Throws InputError for the only one and in a decoder's answer.
    Input withRemoved(const Input& input, int index) const;
    /// `input` with one token hidden from every query, or seen again.
    Input withMask(const Input& input, int index, bool masked) const;
    /// The tokens a person would type for this input: without separator and answer.
    std::vector<int> typedPart(const Input& input) const;

private:
    const Tokenizer& tokenizer() const { return m_dataset->tokenizer(); }
    bool isFramed() const;  ///< the decoder reads x SEP y
    /// Reads running text as it is, and nothing else.
    bool isSentence() const { return !m_vectors && isText() && !twoSides() && !isFramed(); }
    std::vector<int> encoded(const QString& text) const;
    Input sentenceInput(std::vector<int> tokens) const;
    Input withPieces(const Input& input, int index, const QString& text) const;
    bool twoSides() const { return specOf(m_architecture).twoSides(); }
    std::vector<int> rightAnswers(const Input& input) const;
    QStringList withoutSeparator(QStringList texts) const;
    bool knows(int token) const;
    void requireLength(int n) const;
    Input restarted(Input input) const;

    SequenceWords m_words;
    std::unique_ptr<const OwnVectors> m_vectors;
    TaskConfig m_task;
    Architecture m_architecture;
    std::shared_ptr<const Dataset> m_dataset;
    ModelConfig m_model;
    SentenceFrame m_frame;
    AnswerEnds m_ends;  ///< of pairs with two sides
    int m_vocabulary = 0;
    int m_longest = 0;  ///< sequence that can be read
};

}  // namespace lab
