#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "core/data/loaded_task.h"

namespace lab {

struct ModelConfig;

/// Sentences to look at, a sample each: training, validation and test are the same. A decoder is asked for the next token, an encoder for
/// nothing. All that is longer than a model with a table of positions can read is cut off.
class SentencesDataset : public Dataset {
public:
    SentencesDataset(std::vector<Sample> samples, std::shared_ptr<const Tokenizer> tokenizer)
        : m_samples(std::move(samples)), m_tokenizer(std::move(tokenizer)) {}

    int trainSize() const override { return static_cast<int>(m_samples.size()); }
    int validationSize() const override { return trainSize(); }
    int testSize() const override { return 0; }
    Sample trainSample(int i) const override { return m_samples[static_cast<std::size_t>(i)]; }
    Sample validationSample(int i) const override { return trainSample(i); }
    Sample testSample(int i) const override { return trainSample(i); }
    const Tokenizer& tokenizer() const override { return *m_tokenizer; }

private:
    std::vector<Sample> m_samples;
    std::shared_ptr<const Tokenizer> m_tokenizer;
};

/// Sentences that come with the program: resources/sentences/NAME.txt, compiled in. One a line, or two with a tab between them.
struct SentencesText {
    std::string_view name;
    std::string_view text;
};
const std::vector<SentencesText>& sentencesTexts();

/// What a model reads for a line, with the tokens that frame a sentence, or two.
std::vector<int> framedSentence(const Tokenizer& tokenizer, std::string_view line);

/// The sentences of a text, one a line, as a model reads them. Throws InputError naming `place` and line.
std::vector<Sample> sentenceSamples(std::string_view text, const std::string& place, const Tokenizer& tokenizer, const ModelConfig& model);

/// Two hundred of them, each as a model reads it, cut off behind `longest` tokens: to find out what its heads usually do. Without those
/// that the tokenizer has no tokens for.
std::vector<std::vector<int>> usualSentences(const Tokenizer& tokenizer, std::size_t longest);

/// Reads task.sentences relative to `folder`, cuts it by the tokenizer that was kept or else by task.tokenizer, and completes the
/// experiment with what it says. Throws InputError naming file and line.
LoadedTask loadSentences(Experiment experiment, const KeptTokenizer& kept, const std::filesystem::path& folder, const Watch& watch = {});

}  // namespace lab
