#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/data/tokenizers/tokenizer.h"

namespace lab {

struct ModelConfig;
struct TaskConfig;

/// One sentence or two, and whether special tokens stand about them.
struct FramedSentences {
    std::vector<int> first, second{};
    bool framed = false;

    bool operator==(const FramedSentences&) const = default;
};

/// The special tokens that stand about what a model of text reads: [CLS] a [SEP], [CLS] a [SEP] b [SEP], or one that begins a text.
class SentenceFrame {
public:
    /// Of a tokenizer without pieces nothing stands about a text.
    explicit SentenceFrame(const Tokenizer& tokenizer);

    /// Whether there is anything to add.
    bool exists() const { return !m_before.empty() || !m_after.empty(); }
    /// The tokenizer adds it unasked; else a person may.
    bool isUsual() const { return m_usual; }
    /// What the tokenizer puts, unasked, before a text that somebody goes on with: BOS; empty where it puts nothing there.
    std::vector<int> opening() const { return m_usual ? m_before : std::vector<int>(); }
    /// How many tokens of it stand before a text.
    std::size_t sizeBefore() const { return m_before.size(); }
    /// Whether it says where the second of two sentences begins.
    bool partsPairs() const { return !m_between.empty(); }

    /// A text as a model was trained to read it: framed where the tokenizer does so unasked.
    std::vector<int> usual(std::vector<int> text) const { return put({std::move(text), {}, exists() && isUsual()}); }
    /// What is read. Two sentences are told apart by the frame alone: they have one.
    std::vector<int> put(const FramedSentences& sentences) const;
    /// What of these tokens is frame, and what stands within; of a sequence that was cut off the end may be missing.
    FramedSentences taken(std::vector<int> tokens) const;

private:
    std::vector<int> m_before, m_between, m_after;
    bool m_usual = true;
};

/// Which sentence of several each token is of, as a model with segments reads it: how many ended before; empty of one without.
std::vector<int> segmentsOf(const ModelConfig& model, std::span<const int> tokens);
/// Whether the task's sequences of text have the tokens that frame a sentence, as those that a model made elsewhere has read.
bool readsFramed(const TaskConfig& task, const Tokenizer& tokenizer);
/// Whether a token stands for no text: [CLS], [MASK]. Of a tokenizer without pieces none does.
bool isSpecialToken(const Tokenizer& tokenizer, int token);
/// The token that a masked-word head fills in, where the tokenizer has one.
std::optional<int> maskToken(const Tokenizer& tokenizer);
/// The token that says that a text is over, where the tokenizer has one.
std::optional<int> endToken(const Tokenizer& tokenizer);

}  // namespace lab
