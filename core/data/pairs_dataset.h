#pragma once

#include <filesystem>

#include "core/data/loaded_task.h"
#include "core/data/pairs_file.h"

namespace lab {

/// A user's own pairs (FORMATS.md 4), held in memory.
class PairsDataset : public Dataset {
public:
    PairsDataset(std::vector<Sample> train, std::vector<Sample> validation, std::shared_ptr<const Tokenizer> tokenizer)
        : m_train(std::move(train)), m_validation(std::move(validation)), m_tokenizer(std::move(tokenizer)) {}

    int trainSize() const override { return static_cast<int>(m_train.size()); }
    int validationSize() const override { return static_cast<int>(m_validation.size()); }
    int testSize() const override { return 0; }
    Sample trainSample(int i) const override { return m_train[static_cast<std::size_t>(i)]; }
    Sample validationSample(int i) const override { return m_validation[static_cast<std::size_t>(i)]; }
    Sample testSample(int i) const override;
    const Tokenizer& tokenizer() const override { return *m_tokenizer; }

private:
    std::vector<Sample> m_train;
    std::vector<Sample> m_validation;
    std::shared_ptr<const Tokenizer> m_tokenizer;
};

/// Of the pairs file: input and target, and in between what an encoder-decoder's decoder reads.
int columnsOf(const Experiment& experiment);

/// Reads the files of a pairs task and completes the experiment with what they say. A model that reads pieces of text keeps its tokenizer:
/// then the columns are texts (core/data/text_pairs.h).
LoadedTask loadPairs(Experiment experiment, const std::filesystem::path& folder, const KeptTokenizer& kept = {});

/// The lines of a pairs task as its files have them, for where the files are not; the second is empty without task.validation_path.
struct PairsTexts {
    std::string train;
    std::string validation;
};
PairsTexts pairsTexts(const Dataset& pairs, const Experiment& experiment);
/// The same as reading the files that the texts were made of.
LoadedTask loadPairs(Experiment experiment, PairsTexts texts, const KeptTokenizer& kept = {});

/// Which samples are validated on: the last task.validation_size ones of the training where there are no others. Throws InputError where
/// nothing is left to learn from. `name` of the file.
struct PairsSplit {
    std::vector<Sample> train, validation;
};
PairsSplit splitPairs(Experiment& experiment, std::vector<Sample> train, std::optional<std::vector<Sample>> validation,
                      const std::string& name);

}  // namespace lab
