#include "core/data/text_loading.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>
#include <tuple>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform.h"
#include "core/base/platform_files.h"
#include "core/data/text_dataset.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/data/tokenizers/pipeline/bpe_trainer.h"
#include "core/data/tokenizers/pipeline/plain_tokenizers.h"

namespace lab {
namespace {

constexpr std::size_t bytesPerPart = std::size_t{1} << 18;
constexpr int usualValidationBlocks = 400;

bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Where the part that begins at `from` ends: before a line end that follows a letter, where every splitter cuts as it would in the whole
/// text; in a text without one, before a blank or at a character.
std::size_t partEnd(std::string_view text, std::size_t from) {
    if (text.size() - from <= 2 * bytesPerPart) return text.size();
    const std::size_t wanted = from + bytesPerPart, last = from + 2 * bytesPerPart;
    for (std::size_t i = wanted; i < last; ++i)
        if (text[i] == '\n' && isLetter(text[i - 1])) return i;
    if (const std::size_t blank = text.substr(0, last).find(' ', wanted); blank != std::string_view::npos) return blank;
    std::size_t end = last;
    while ((static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
    return end;
}

std::vector<std::string_view> partsOf(std::string_view text) {
    std::vector<std::string_view> parts;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = partEnd(text, from);
        parts.push_back(text.substr(from, end - from));
        from = end;
    }
    return parts;
}

std::string learnedBpe(const TaskConfig& task, const Corpus& corpus, const Watch& watch) {
    BpeTrainer trainer;
    for (const std::string_view part : partsOf(corpus.train)) {
        trainer.read(part);
        tellWatch(watch, 0, "task.path");
    }
    BpeSettings settings;
    settings.pieces = task.text.pieces;
    const auto trained = trainer.train(settings, [&](int pieces) { return !watch || watch(1.0 * pieces / settings.pieces); });
    if (!trained) throw InputError("task.tokenizer", LAB_TEXT("data", "the learning of its pieces was stopped"));
    return trained->json(settings);
}

/// model.vocab_size, num_classes and max_seq_len, where the experiment leaves them open.
void completeModel(Experiment& experiment, int symbols) {
    ModelConfig& model = experiment.model;
    if (!model.vocab_size) model.vocab_size = symbols;
    if (!model.num_classes) model.num_classes = *model.vocab_size;
    if (!model.max_seq_len) model.max_seq_len = experiment.task.seq_len;
    for (const auto& [path, size] : {std::pair("model.vocab_size", *model.vocab_size), std::pair("model.num_classes", *model.num_classes)})
        if (size < symbols)
            throw InputError(path, Message(LAB_TEXT("data", "%1 is too small; the tokenizer has %2 pieces")).arg(size).arg(symbols));
}

/// Blocks need one token more than they are long, for the last target.
void requireBlocks(const Experiment& experiment, const TokenIds& train, const TokenIds& validation) {
    const std::size_t least = static_cast<std::size_t>(experiment.task.seq_len) + 1;
    const SourceText problem =
        LAB_TEXT("data",
                 "%1 tokens are left to train on and %2 to validate on, but a block of task.seq_len %3 needs %4 of the one "
                 "and 2 of the other; use a longer text or a shorter block");
    constexpr std::size_t most = std::numeric_limits<int>::max();
    if (train.size() > most || validation.size() > most)
        throw InputError("task.path",
                         Message(LAB_TEXT("data", "the text has more than %1 tokens; use larger pieces or a part of it")).arg(most));
    if (train.size() < least || validation.size() < 2)
        throw InputError("task.path", Message(problem).arg(train.size()).arg(validation.size()).arg(experiment.task.seq_len).arg(least));
}

/// Parts of a text, which several threads take one after the other.
class PartsToEncode {
public:
    PartsToEncode(const Tokenizer& tokenizer, std::string_view text, const Watch& watch)
        : m_tokenizer(tokenizer), m_watch(watch), m_parts(partsOf(text)), m_encoded(m_parts.size()) {}

    std::size_t count() const { return m_parts.size(); }

    /// Until no part is left or one has failed; one thread of them tells the watch.
    void run(bool tells) {
        for (std::size_t i = m_next++; i < m_parts.size() && !m_failed; i = m_next++) {
            try {
                for (const int id : m_tokenizer.encode(m_parts[i])) m_encoded[i].add(id);
                if (tells) tellWatch(m_watch, static_cast<double>(i + 1) / static_cast<double>(m_parts.size()), "task.path");
            } catch (...) {
                const std::lock_guard lock(m_mutex);
                if (!m_failure || i < m_failedPart) m_failure = std::current_exception(), m_failedPart = i;
                m_failed = true;
            }
        }
    }

    TokenIds ids() const {
        if (m_failure) std::rethrow_exception(m_failure);
        TokenIds ids;
        for (const TokenIds& part : m_encoded)
            for (std::size_t i = 0; i < part.size(); ++i) ids.add(part[i]);
        return ids;
    }

private:
    const Tokenizer& m_tokenizer;
    const Watch& m_watch;
    std::vector<std::string_view> m_parts;
    std::vector<TokenIds> m_encoded;
    std::atomic<std::size_t> m_next = 0;
    std::atomic<bool> m_failed = false;
    std::exception_ptr m_failure;  ///< of the first part that failed
    std::size_t m_failedPart = 0;
    std::mutex m_mutex;  ///< of the failure
};

}  // namespace

CorpusSettings corpusSettings(const TaskConfig& task) {
    CorpusSettings settings;
    if (task.text.cleaning) settings.cleaning = *task.text.cleaning;
    settings.documentsAreFiles = task.text.documents == DocumentCut::files;
    settings.splitTail = task.text.split == TextSplit::tail;
    settings.validationShare = task.text.validation_share;
    return settings;
}

std::shared_ptr<const Tokenizer> textTokenizer(const TaskConfig& task, const Corpus& corpus, const std::filesystem::path& folder,
                                               const Watch& watch) {
    const std::string& wanted = task.text.tokenizer;
    if (wanted == characterTokens)
        return std::make_shared<PieceTokenizer>(characterTokenizerJson(corpus.train + corpus.validation), wanted);
    if (wanted == byteTokens) return std::make_shared<PieceTokenizer>(byteTokenizerJson(), wanted);
    if (wanted == bpeTokens) return std::make_shared<PieceTokenizer>(learnedBpe(task, corpus, watch), wanted);
    return std::make_shared<PieceTokenizer>(readFile(folder / pathFromUtf8(wanted)), wanted);
}

TokenIds encodeText(const Tokenizer& tokenizer, std::string_view text, const Watch& watch) {
    PartsToEncode work(tokenizer, text, watch);
    std::vector<std::jthread> others;
    const std::size_t useful = std::min<std::size_t>(static_cast<std::size_t>(processorCount()), work.count());
    for (std::size_t i = 1; i < useful; ++i) others.emplace_back([&work] { work.run(false); });
    work.run(true);
    others.clear();  // joined
    return work.ids();
}

namespace {

void addDocuments(std::vector<TextDocument>& documents, std::string_view text, TextSide side) {
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find("\n\n", begin), text.size());
        TextDocument document;
        document.begin = static_cast<std::uint32_t>(begin);
        document.size = static_cast<std::uint32_t>(end - begin);
        document.side = side;
        documents.push_back(document);
        begin = end + 2;
    }
}

}  // namespace

Corpus partedCorpus(std::string train, std::string validation, std::string rawHash, std::string cleanHash) {
    Corpus corpus;
    corpus.train = std::move(train);
    corpus.validation = std::move(validation);
    corpus.rawHash = std::move(rawHash);
    corpus.cleanHash = std::move(cleanHash);
    corpus.rawBytes = corpus.train.size() + corpus.validation.size();
    addDocuments(corpus.documents, corpus.train, TextSide::train);
    addDocuments(corpus.documents, corpus.validation, TextSide::validation);
    return corpus;
}

LoadedTask loadText(Experiment experiment, const KeptTokenizer& kept, const std::filesystem::path& folder, const Watch& watch) {
    auto corpus =
        std::make_shared<const Corpus>(makeCorpus(readTexts(experiment.task.path, folder, watch), corpusSettings(experiment.task), watch));
    return loadText(std::move(experiment), std::move(corpus), kept, folder, watch);
}

LoadedTask loadText(Experiment experiment, std::shared_ptr<const Corpus> corpus, const KeptTokenizer& kept,
                    const std::filesystem::path& folder, const Watch& watch) {
    auto text = std::make_shared<TextTokens>();
    text->tokenizer = kept.empty() ? textTokenizer(experiment.task, *corpus, folder, watch) : tokenizerOf(experiment, kept);
    text->train = encodeText(*text->tokenizer, corpus->train, watch);
    text->validation = encodeText(*text->tokenizer, corpus->validation, watch);
    text->corpus = std::move(corpus);
    return loadText(std::move(experiment), std::move(text));
}

LoadedTask loadText(Experiment experiment, std::shared_ptr<const TextTokens> text) {
    completeModel(experiment, text->tokenizer->symbols());
    requireBlocks(experiment, text->train, text->validation);
    const int length = experiment.task.seq_len;
    const auto blocks = static_cast<int>(
        std::min<std::size_t>(scoredBlocks(text->validation.size(), length, TextWindows::overlapping).size(), mostCounted));
    int& size = experiment.task.validation_size.emplace(std::min(experiment.task.validation_size.value_or(usualValidationBlocks), blocks));
    auto dataset = std::make_shared<TextDataset>(std::move(text), length, size);
    return {std::move(experiment), std::move(dataset)};
}

namespace {

/// What of a task its text and tokens hang on.
bool sameText(const TaskConfig& a, const TaskConfig& b) {
    const auto parts = [](const TaskConfig& task) {
        return std::tie(task.path, task.text.documents, task.text.cleaning, task.text.split, task.text.validation_share,
                        task.text.tokenizer, task.text.pieces);
    };
    return parts(a) == parts(b);
}

}  // namespace

std::shared_ptr<const TextTokens> textInCommon(const Experiment& experiment, const LoadedTask& known) {
    const auto* data = dynamic_cast<const TextDataset*>(known.dataset.get());
    return data && experiment.task.kind == known.experiment.task.kind && sameText(experiment.task, known.experiment.task) ? data->text()
                                                                                                                          : nullptr;
}

}  // namespace lab
