#include "core/data/pairs_dataset.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <unordered_set>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/built_in_pairs.h"
#include "core/data/text_pairs.h"

namespace lab {
namespace {

/// One file's samples and, per column, its largest ids.
struct ReadPairs {
    std::vector<Sample> samples;
    int largestToken = -1;   ///< of any column
    int largestTarget = -1;  ///< of the last column
    int longest = 0;
};

/// All words in the order of their first appearance; none when every token is an integer.
std::vector<std::string> wordsIn(const PairsFile& file, const std::optional<PairsFile>& second) {
    std::vector<std::string> words;
    if (file.hasIntegersOnly() && (!second || second->hasIntegersOnly())) return words;
    std::unordered_set<std::string_view> known;
    for (const PairsFile* each : {&file, second ? &*second : nullptr}) {
        if (!each) continue;
        for (const PairsLine& line : each->lines()) {
            for (const auto& column : line.columns) {
                for (const PairsToken& token : column) {
                    const bool none = &column == &line.columns.back() && token.text == "-1";
                    if (!none && known.insert(token.text).second) words.emplace_back(token.text);
                }
            }
        }
    }
    return words;
}

/// Ids of one column.
std::vector<int> idsOf(const PairsFile& file, const PairsLine& line, std::size_t column, const Tokenizer& tokenizer) {
    const bool target = column + 1 == line.columns.size();
    std::vector<int> ids;
    ids.reserve(line.columns[column].size());
    for (const PairsToken& token : line.columns[column]) {
        try {
            ids.push_back(tokenizer.encodeOne(token.text, target));
        } catch (const InputError& error) {
            throw InputError(file.place(line, token.column), error.message());
        }
    }
    return ids;
}

ReadPairs readPairs(const PairsFile& file, const Tokenizer& tokenizer) {
    ReadPairs pairs;
    for (const PairsLine& line : file.lines()) {
        Sample sample;
        const bool two = line.columns.size() == 2;
        sample.tokens = idsOf(file, line, 0, tokenizer);
        if (!two) sample.targetTokens = idsOf(file, line, 1, tokenizer);
        sample.targets = idsOf(file, line, line.columns.size() - 1, tokenizer);
        for (const auto* column : {&sample.tokens, &sample.targetTokens, &sample.targets}) {
            for (const int id : *column) pairs.largestToken = std::max(pairs.largestToken, id);
            pairs.longest = std::max(pairs.longest, static_cast<int>(column->size()));
        }
        for (const int id : sample.targets) pairs.largestTarget = std::max(pairs.largestTarget, id);
        pairs.samples.push_back(std::move(sample));
    }
    return pairs;
}

/// A given model.vocab_size or num_classes that some token exceeds is refused at the token.
void requireInside(const PairsFile& file, const ModelConfig& model, const ReadPairs& pairs) {
    for (std::size_t i = 0; i < pairs.samples.size(); ++i) {
        const PairsLine& line = file.lines()[i];
        const Sample& sample = pairs.samples[i];
        const auto require = [&](const std::vector<int>& ids, std::size_t column, int limit, const char* key) {
            for (std::size_t j = 0; j < ids.size(); ++j) {
                if (ids[j] < limit) continue;
                const PairsToken& token = line.columns[column][j];
                const SourceText problem = LAB_TEXT("data", "token %1 has the id %2, but %3 is %4");
                throw InputError(file.place(line, token.column), Message(problem).arg(token.text).arg(ids[j]).arg(key).arg(limit));
            }
        };
        require(sample.tokens, 0, *model.vocab_size, "model.vocab_size");
        require(sample.targetTokens, 1, *model.vocab_size, "model.vocab_size");
        require(sample.targets, line.columns.size() - 1, *model.num_classes, "model.num_classes");
        const auto length = static_cast<int>(std::max(sample.tokens.size(), sample.targetTokens.size()));
        if (model.isBounded() && length > *model.max_seq_len) {
            const SourceText problem = LAB_PLURAL("data", "the line has %n token(s), but model.max_seq_len is %1");
            throw InputError(file.place(line, 1), Message(problem).count(length).arg(*model.max_seq_len));
        }
    }
}

void deriveModel(ModelConfig& model, const std::vector<const ReadPairs*>& parts, const std::vector<std::string>& words) {
    int tokens = 0;
    int classes = 0;
    int longest = 0;
    for (const ReadPairs* part : parts) {
        tokens = std::max(tokens, part->largestToken + 1);
        classes = std::max(classes, part->largestTarget + 1);
        longest = std::max(longest, part->longest);
    }
    if (!words.empty()) tokens = classes = static_cast<int>(words.size());
    if (model.output.tied) classes = tokens = std::max(tokens, classes);
    if (model.output.tied && model.vocab_size) classes = *model.vocab_size;
    if (model.output.tied && model.num_classes) tokens = *model.num_classes;
    if (!model.vocab_size) model.vocab_size = tokens;
    if (!model.num_classes) model.num_classes = classes;
    if (!model.max_seq_len) model.max_seq_len = longest;
}

/// The last lines of the one file serve for validation.
std::vector<Sample> splitValidation(Experiment& experiment, std::vector<Sample>& samples, const std::string& name) {
    const auto lines = static_cast<int>(samples.size());
    if (!experiment.task.validation_size) experiment.task.validation_size = experiment.training.shuffle ? lines / 10 : 0;
    const int size = *experiment.task.validation_size;
    if (size >= lines) {
        const SourceText problem = LAB_PLURAL("data", "%1 leaves nothing to train on; %2 has %n line(s)");
        throw InputError("task.validation_size", Message(problem).arg(size).arg(name).count(lines));
    }
    std::vector<Sample> validation(samples.end() - size, samples.end());
    samples.resize(samples.size() - static_cast<std::size_t>(size));
    return validation;
}

void requireTrainable(const Experiment& experiment, const std::vector<Sample>& samples, const std::string& name) {
    const auto lines = static_cast<int>(samples.size());
    if (experiment.training.shuffle && experiment.training.batch_size > lines) {
        const SourceText problem = LAB_PLURAL("data", "%1 is larger than the %n training line(s) of %2; an epoch then has no whole batch");
        throw InputError("training.batch_size", Message(problem).arg(experiment.training.batch_size).arg(name).count(lines));
    }
}

LoadedTask madeOf(Experiment experiment, const PairsFile& file, const std::optional<PairsFile>& second) {
    const std::vector<std::string> words = wordsIn(file, second);
    auto tokenizer = tokenizerOf(experiment, {words, {}});
    ReadPairs train = readPairs(file, *tokenizer);
    ReadPairs validation = second ? readPairs(*second, *tokenizer) : ReadPairs();
    deriveModel(experiment.model, {&train, &validation}, words);
    if (words.empty()) tokenizer = tokenizerOf(experiment, {});  // now that it is known how many integers there are
    requireInside(file, experiment.model, train);
    if (second) requireInside(*second, experiment.model, validation);

    if (train.largestTarget < 0) throw InputError(file.name(), LAB_TEXT("data", "every target is -1, so there is nothing to learn"));
    PairsSplit split =
        splitPairs(experiment, std::move(train.samples), second ? std::optional(std::move(validation.samples)) : std::nullopt, file.name());
    return {std::move(experiment),
            std::make_shared<PairsDataset>(std::move(split.train), std::move(split.validation), std::move(tokenizer))};
}

bool readsTexts(const Experiment& experiment, const KeptTokenizer& kept) {
    return !kept.pipeline.empty() && columnsOf(experiment) == 2;
}

void addLine(std::string& text, const Sample& sample, bool twoSides, const Tokenizer& tokenizer) {
    text += tokenizer.decode(sample.tokens) + '\t';
    if (twoSides) text += tokenizer.decode(sample.targetTokens) + '\t';
    text += tokenizer.decode(sample.targets) + '\n';
}

}  // namespace

int columnsOf(const Experiment& experiment) {
    return experiment.model.architecture == Architecture::encoder_decoder ? 3 : 2;
}

Sample PairsDataset::testSample(int) const {
    assert(false && "pairs have no test set");
    return {};
}

PairsSplit splitPairs(Experiment& experiment, std::vector<Sample> train, std::optional<std::vector<Sample>> validation,
                      const std::string& name) {
    if (!validation)
        validation = splitValidation(experiment, train, name);
    else if (!experiment.task.validation_size)
        experiment.task.validation_size = static_cast<int>(validation->size());
    requireTrainable(experiment, train, name);
    return {std::move(train), std::move(*validation)};
}

LoadedTask loadPairs(Experiment experiment, const std::filesystem::path& folder, const KeptTokenizer& kept) {
    if (const BuiltInPairs* own = findBuiltInPairs(experiment.task.path)) {
        PairsTexts texts{std::string(own->text), {}};
        if (const std::string& other = experiment.task.validation_path; !other.empty())
            texts.validation = readFile(folder / pathFromUtf8(other));
        return loadPairs(std::move(experiment), std::move(texts), kept);
    }
    if (readsTexts(experiment, kept)) {
        const auto text = [&folder](const std::string& path) {
            return path.empty() ? std::string() : readFile(folder / pathFromUtf8(path));
        };
        PairsTexts texts{text(experiment.task.path), text(experiment.task.validation_path)};
        return loadTextPairs(std::move(experiment), std::move(texts), kept);
    }
    const PairsFile file(folder / pathFromUtf8(experiment.task.path), columnsOf(experiment));
    std::optional<PairsFile> second;
    if (!experiment.task.validation_path.empty())
        second.emplace(folder / pathFromUtf8(experiment.task.validation_path), columnsOf(experiment));
    return madeOf(std::move(experiment), file, second);
}

PairsTexts pairsTexts(const Dataset& pairs, const Experiment& experiment) {
    if (const auto* read = dynamic_cast<const TextPairsDataset*>(&pairs)) return read->texts();
    PairsTexts texts;
    const bool twoSides = columnsOf(experiment) == 3;
    for (int i = 0; i < pairs.trainSize(); ++i) addLine(texts.train, pairs.trainSample(i), twoSides, pairs.tokenizer());
    std::string& second = experiment.task.validation_path.empty() ? texts.train : texts.validation;
    for (int i = 0; i < pairs.validationSize(); ++i) addLine(second, pairs.validationSample(i), twoSides, pairs.tokenizer());
    return texts;
}

LoadedTask loadPairs(Experiment experiment, PairsTexts texts, const KeptTokenizer& kept) {
    if (readsTexts(experiment, kept)) return loadTextPairs(std::move(experiment), std::move(texts), kept);
    const PairsFile file(experiment.task.path, std::move(texts.train), columnsOf(experiment));
    std::optional<PairsFile> second;
    if (!experiment.task.validation_path.empty())
        second.emplace(experiment.task.validation_path, std::move(texts.validation), columnsOf(experiment));
    return madeOf(std::move(experiment), file, second);
}

}  // namespace lab
