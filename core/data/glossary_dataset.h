#pragma once

#include <string_view>

#include "core/config/dictionary_kind.h"
#include "core/data/dataset.h"
#include "core/tasks/glossary.h"

namespace lab {

/// What a made-up word means in one dictionary: a value of each slot, 0 .. valuesOfSlot - 1.
struct GlossaryEntry {
    int word = 0;  ///< number, not id
    std::vector<int> meaning;

    bool operator==(const GlossaryEntry&) const = default;
};

/// One dictionary and a text that asks about it.
struct GlossaryPage {
    std::vector<GlossaryEntry> entries;
    std::vector<int> text;     ///< ids: for each question its distractors, what is asked, the word
    std::vector<int> targets;  ///< classes; -1 where nothing is asked: everywhere but at the word
};

enum class GlossaryPart { train, validation, test };

/// The part that a word with a meaning may be met in. No word is met with the same meaning in two parts.
GlossaryPart partOf(const GlossaryConfig& config, const GlossaryEntry& entry);

/// Dictionary and text number i of a part, a pure function of (config, seed, part, i). Words of a dictionary are drawn without repetition,
/// the meaning of each among those of its part, the questions among the entries, with repetition.
GlossaryPage glossaryPage(const GlossaryConfig& config, std::uint64_t seed, GlossaryPart part, int i);

/// The page as a model reads it that is given its dictionary so.
Sample glossarySample(const GlossaryConfig& config, const GlossaryPage& page, DictionaryKind kind);

/// Pages of made-up dictionaries, drawn when they are asked for.
class GlossaryDataset : public Dataset {
public:
    /// `experiment` resolved and valid.
    explicit GlossaryDataset(const Experiment& experiment);

    int trainSize() const override { return m_task.train_size; }
    int validationSize() const override { return m_task.validation_size.value_or(0); }
    int testSize() const override { return m_task.test_size; }
    Sample trainSample(int i) const override { return sample(GlossaryPart::train, i); }
    Sample validationSample(int i) const override { return sample(GlossaryPart::validation, i); }
    Sample testSample(int i) const override { return sample(GlossaryPart::test, i); }
    const Tokenizer& tokenizer() const override { return *m_tokenizer; }

private:
    Sample sample(GlossaryPart part, int i) const;

    TaskConfig m_task;
    GlossaryConfig m_config;
    DictionaryKind m_kind;
    std::shared_ptr<const Tokenizer> m_tokenizer;
};

}  // namespace lab
