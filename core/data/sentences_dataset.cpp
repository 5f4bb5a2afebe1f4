#include "core/data/sentences_dataset.h"

#include <algorithm>
#include <cassert>

#include "core/base/files.h"
#include "core/base/utf8.h"
#include "core/data/text_loading.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"

namespace lab {
namespace {

constexpr std::size_t mostSentences = 100'000;

struct SentenceLine {
    std::string_view text;
    std::size_t number = 1;
};

/// Those that hold anything.
std::vector<SentenceLine> sentenceLines(std::string_view text) {
    std::vector<SentenceLine> lines;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.find_first_not_of(" \t") != line.npos) lines.push_back({line, number});
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::vector<SentenceLine> requireSentences(std::string_view text, const std::string& place) {
    std::vector<SentenceLine> lines = sentenceLines(text);
    if (lines.empty()) throw InputError(place, LAB_TEXT("data", "there is no sentence in it"));
    if (lines.size() > mostSentences)
        throw InputError(place, Message(LAB_TEXT("data", "has %1 lines; %2 are allowed")).arg(lines.size()).arg(mostSentences));
    return lines;
}

std::vector<std::vector<int>> sentenceTokens(std::string_view text, const std::string& place, const Tokenizer& tokenizer) {
    std::vector<std::vector<int>> sequences;
    for (const SentenceLine& line : requireSentences(text, place)) {
        const Message at = Message(LAB_TEXT("data", "%1: line %2")).arg(place).arg(line.number);
        if (!isUtf8(line.text)) throw InputError(at, LAB_TEXT("data", "not UTF-8"));
        try {
            sequences.push_back(framedSentence(tokenizer, line.text));
        } catch (const InputError& error) {
            throw InputError(at, error.message());
        }
        if (sequences.back().empty()) throw InputError(at, LAB_TEXT("data", "its tokenizer makes no tokens of it"));
    }
    return sequences;
}

std::shared_ptr<const Tokenizer> sentenceTokenizer(const Experiment& experiment, const KeptTokenizer& kept, std::string_view text,
                                                   const std::filesystem::path& folder, const Watch& watch) {
    if (!kept.empty()) return tokenizerOf(experiment, kept);
    return textTokenizer(experiment.task, partedCorpus(std::string(text), {}, {}, {}), folder, watch);
}

Sample sentenceSample(std::vector<int> tokens, const ModelConfig& model) {
    const std::size_t most = model.isBounded() ? static_cast<std::size_t>(*model.max_seq_len) : tokens.size();
    if (tokens.size() > most) tokens.resize(most);
    std::vector<int> targets(tokens.size(), -1);
    if (model.architecture == Architecture::decoder) std::copy(tokens.begin() + 1, tokens.end(), targets.begin());
    Sample sample{std::move(tokens), {}, std::move(targets)};
    if (model.answersNumbers()) sample.values.resize(sample.targets.size() * static_cast<std::size_t>(*model.num_classes));
    return sample;
}

void completeBySentences(Experiment& experiment, const Tokenizer& tokenizer, std::size_t longest) {
    ModelConfig& model = experiment.model;
    if (!model.vocab_size) model.vocab_size = tokenizer.symbols();
    if (!model.num_classes) model.num_classes = *model.vocab_size;
    if (!model.max_seq_len) model.max_seq_len = static_cast<int>(longest);
    if (*model.vocab_size < tokenizer.symbols())
        throw InputError(
            "model.vocab_size",
            Message(LAB_TEXT("data", "%1 is too small; the tokenizer has %2 pieces")).arg(*model.vocab_size).arg(tokenizer.symbols()));
}

}  // namespace

std::vector<int> framedSentence(const Tokenizer& tokenizer, std::string_view line) {
    const auto* pieces = dynamic_cast<const PieceTokenizer*>(&tokenizer);
    const std::size_t tab = line.find('\t');
    std::vector<int> first = tokenizer.encode(line.substr(0, tab));
    if (!pieces) return first;
    if (tab == line.npos) return pieces->pipeline().framed(std::move(first));
    return pieces->pipeline().framed(std::move(first), tokenizer.encode(line.substr(tab + 1)));
}

std::vector<Sample> sentenceSamples(std::string_view text, const std::string& place, const Tokenizer& tokenizer, const ModelConfig& model) {
    std::vector<Sample> samples;
    for (std::vector<int>& tokens : sentenceTokens(text, place, tokenizer)) samples.push_back(sentenceSample(std::move(tokens), model));
    return samples;
}

std::vector<std::vector<int>> usualSentences(const Tokenizer& tokenizer, std::size_t longest) {
    const auto text = std::ranges::find(sentencesTexts(), std::string_view("usual"), &SentencesText::name);
    assert(text != sentencesTexts().end());
    std::vector<std::vector<int>> sentences;
    for (const SentenceLine& line : sentenceLines(text->text)) {
        try {
            std::vector<int> tokens = framedSentence(tokenizer, line.text);
            if (tokens.size() > longest) tokens.resize(longest);
            if (!tokens.empty()) sentences.push_back(std::move(tokens));
        } catch (const InputError&) {
            continue;  // of another script, it may be
        }
    }
    return sentences;
}

LoadedTask loadSentences(Experiment experiment, const KeptTokenizer& kept, const std::filesystem::path& folder, const Watch& watch) {
    const std::string& path = experiment.task.text.sentences;
    const std::string text = path.empty() ? std::string(sentencesTexts().front().text) : readFile(folder / pathFromUtf8(path), watch);
    const std::string place = path.empty() ? "task.sentences" : path;
    requireSentences(text, place);
    const auto tokenizer = sentenceTokenizer(experiment, kept, text, folder, watch);
    std::vector<std::vector<int>> sequences = sentenceTokens(text, place, *tokenizer);
    const std::size_t longest = std::ranges::max(sequences, {}, &std::vector<int>::size).size();
    completeBySentences(experiment, *tokenizer, longest);
    std::vector<Sample> samples;
    for (std::vector<int>& tokens : sequences) samples.push_back(sentenceSample(std::move(tokens), experiment.model));
    experiment.task.validation_size = static_cast<int>(samples.size());
    return {std::move(experiment), std::make_shared<SentencesDataset>(std::move(samples), tokenizer)};
}

}  // namespace lab
