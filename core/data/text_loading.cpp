#include "core/data/text_loading.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>
#include <tuple>
#include <utility>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform.h"
#include "core/base/platform_files.h"
#include "core/base/threads.h"
#include "core/data/masked_dataset.h"
#include "core/data/text_cache.h"
#include "core/data/text_dataset.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/data/tokenizers/pipeline/bpe_trainer.h"
#include "core/data/tokenizers/pipeline/plain_tokenizers.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"
#include "core/tasks/masked_config.h"
#include "core/tasks/model_tokens.h"
#include "core/text/code_points.h"
#include "core/text/raw_place.h"
#include "core/text/sha256.h"

namespace lab {
namespace {

constexpr int usualValidationBlocks = 400;

/// Where the part that begins at `from` ends: at a place where the text may be cut; where there is none for long, at a character.
std::size_t partEnd(std::string_view text, std::size_t from, TextCuts cuts, std::size_t partBytes) {
    if (cuts == TextCuts::nowhere || text.size() - from <= 2 * partBytes) return text.size();
    constexpr std::size_t longest = 4;  // parts
    const std::size_t last = std::min(text.size(), from + longest * partBytes);
    const std::size_t end = cutPlace(text, from + partBytes, last, cuts);
    return end != std::string_view::npos ? end : last < text.size() ? startOfCodePoint(text, last) : last;
}

std::vector<std::string_view> partsOf(std::string_view text, TextCuts cuts, std::size_t partBytes = encodedAtOnce) {
    std::vector<std::string_view> parts;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = partEnd(text, from, cuts, partBytes);
        parts.push_back(text.substr(from, end - from));
        from = end;
    }
    return parts;
}

/// Tokens of no text that the task needs, in a tokenizer that is made for it.
std::vector<std::string> learnedSpecials(const TaskConfig& task) {
    return isMasked(task) ? std::vector{std::string(learnedMask)} : std::vector<std::string>();
}

std::string learnedBpe(const TaskConfig& task, const Corpus& corpus, const Watch& watch) {
    BpeTrainer trainer;
    for (const std::string_view part : partsOf(corpus.train, TextCuts::beforeLineEnds)) {
        trainer.read(part);
        tellWatch(watch, 0, "task.path");
    }
    BpeSettings settings;
    settings.specials = learnedSpecials(task);
    settings.pieces = task.text.pieces + static_cast<int>(settings.specials.size());
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
    if (model.isBounded() && *model.max_seq_len < experiment.task.seq_len)
        throw InputError("task.seq_len", Message(LAB_TEXT("data",
                                                          "%1 is more than model.max_seq_len %2, behind which this model knows no "
                                                          "positions; use at most %2"))
                                             .arg(experiment.task.seq_len)
                                             .arg(*model.max_seq_len));
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

/// Of a side of a corpus.
class LostInSideError : public InputError {
public:
    LostInSideError(const LostInTextError& error, bool inValidation, const SourceText& side)
        : InputError(Message(side), error.message()), m_error(error), m_inValidation(inValidation) {}

    std::size_t at() const { return m_error.at(); }
    const std::string& character() const { return m_error.character(); }
    bool inValidation() const { return m_inValidation; }

private:
    LostInTextError m_error;
    bool m_inValidation;
};

std::size_t byteOfCharacter(std::string_view utf8, int character) {
    std::size_t at = 0;
    for (int k = 0; k < character && at < utf8.size(); ++k) at += codePointAt(utf8, at).bytes;
    return at;
}

/// Parts of a text, which several threads take one after the other.
class PartsToEncode {
public:
    PartsToEncode(const Tokenizer& tokenizer, std::string_view text, const Watch& watch, std::size_t partBytes)
        : m_tokenizer(tokenizer),
          m_watch(watch),
          m_textBytes(text.size()),
          m_parts(partsOf(text, tokenizer.cuts(), partBytes)),
          m_encoded(m_parts.size()) {}

    std::size_t count() const { return m_parts.size(); }

    /// Until no part is left or one has failed; one thread of them tells the watch.
    void run(bool tells) {
        for (std::size_t i = m_next++; i < m_parts.size() && !m_failed; i = m_next++) {
            try {
                encode(i);
                if (tells) tellWatch(m_watch, static_cast<double>(i + 1) / static_cast<double>(m_parts.size()), "task.path");
            } catch (...) {
                const std::lock_guard lock(m_mutex);
                if (!m_failure || i < m_failedPart) m_failure = std::current_exception(), m_failedPart = i;
                m_failed = true;
            }
        }
    }

    /// To be called once: each part goes as soon as it has its place.
    TokenIds ids() {
        if (m_failure) std::rethrow_exception(m_failure);
        TokenIds ids;
        std::size_t all = 0;
        for (const TokenIds& part : m_encoded) all += part.size();
        ids.reserve(all);
        for (TokenIds& part : m_encoded) {
            for (std::size_t i = 0; i < part.size(); ++i) ids.add(part[i]);
            part = {};
        }
        return ids;
    }

private:
    void encode(std::size_t i) {
        try {
            const std::vector<int> ids = m_tokenizer.encode(m_parts[i]);
            m_encoded[i].reserve(ids.size());
            for (const int id : ids) m_encoded[i].add(id);
        } catch (const NoTokenError& error) {
            const auto before = static_cast<std::size_t>(m_parts[i].data() - m_parts.front().data());
            throw LostInTextError({m_parts.front().data(), m_textBytes}, before + byteOfCharacter(m_parts[i], error.at()),
                                  error.character());
        }
    }

    const Tokenizer& m_tokenizer;
    const Watch& m_watch;
    std::size_t m_textBytes;
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

namespace {

/// One that is there without the text; null: it is to be learned from it.
std::shared_ptr<const Tokenizer> givenTokenizer(const TaskConfig& task, const std::filesystem::path& folder) {
    const std::string& wanted = task.text.tokenizer;
    if (wanted == characterTokens || wanted == bpeTokens) return nullptr;
    if (wanted == modelTokens)
        throw InputError("task.tokenizer", LAB_TEXT("data", "model is the tokenizer of a model that was opened: open that model first"));
    if (wanted == byteTokens) return std::make_shared<PieceTokenizer>(byteTokenizerJson(learnedSpecials(task)), wanted);
    return std::make_shared<PieceTokenizer>(readFile(folder / pathFromUtf8(wanted)), wanted);
}

std::shared_ptr<const Tokenizer> learnedTokenizer(const TaskConfig& task, const Corpus& corpus, const Watch& watch) {
    if (task.text.tokenizer == bpeTokens) return std::make_shared<PieceTokenizer>(learnedBpe(task, corpus, watch), task.text.tokenizer);
    CharacterSet characters;
    for (const std::string_view text : {std::string_view(corpus.train), std::string_view(corpus.validation)})
        for (const std::string_view part : partsOf(text, TextCuts::anywhere)) {
            characters.add(part);
            tellWatch(watch, static_cast<double>(part.data() + part.size() - text.data()) / static_cast<double>(text.size()), "task.path");
        }
    return std::make_shared<PieceTokenizer>(characterTokenizerJson(characters, learnedSpecials(task)), task.text.tokenizer);
}

}  // namespace

LostInTextError::LostInTextError(std::string_view text, std::size_t at, std::string character)
    : LostInTextError(placeIn(text, at), at, std::move(character)) {}

LostInTextError::LostInTextError(TextPlace place, std::size_t at, std::string character)
    : InputError(Message(LAB_TEXT("data", "line %1, character %2: '%3' has no token in this vocabulary"))
                     .arg(place.line)
                     .arg(place.column)
                     .arg(character)),
      m_at(at),
      m_character(std::make_shared<const std::string>(std::move(character))) {}

std::shared_ptr<const Tokenizer> textTokenizer(const TaskConfig& task, const Corpus& corpus, const std::filesystem::path& folder,
                                               const Watch& watch) {
    auto given = givenTokenizer(task, folder);
    return given ? given : learnedTokenizer(task, corpus, watch);
}

TokenIds encodeText(const Tokenizer& tokenizer, std::string_view text, const Watch& watch, std::size_t partBytes) {
    PartsToEncode work(tokenizer, text, watch, partBytes);
    std::vector<std::jthread> others;
    const std::size_t useful = std::min<std::size_t>(static_cast<std::size_t>(processorCount()), work.count());
    for (std::size_t i = 1; i < useful; ++i) addThread(others, [&work] { work.run(false); });
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

namespace {

// Shares of the whole work.
constexpr double wasRead = .05, wasHashed = .08, wasCleaned = .5, wasLearned = .7, wasCut = .95;

std::shared_ptr<const TextTokens> cutText(const TaskConfig& task, std::shared_ptr<const Corpus> corpus,
                                          std::shared_ptr<const Tokenizer> given, const Watch& watch) {
    auto text = std::make_shared<TextTokens>();
    text->tokenizer = given ? std::move(given) : learnedTokenizer(task, *corpus, partOfWatch(watch, 0, .5));
    const double bytes = static_cast<double>(corpus->train.size() + corpus->validation.size());
    const double trained = .5 + .5 * static_cast<double>(corpus->train.size()) / std::max(bytes, 1.0);
    const auto side = [&](const std::string& part, const SourceText& name, const Watch& partWatch) {
        try {
            return encodeText(*text->tokenizer, part, partWatch);
        } catch (const LostInTextError& error) {
            throw LostInSideError(error, &part == &corpus->validation, name);
        }
    };
    text->train = side(corpus->train, LAB_TEXT("data", "the training text"), partOfWatch(watch, .5, trained));
    text->validation = side(corpus->validation, LAB_TEXT("data", "the validation text"), partOfWatch(watch, trained, 1));
    text->corpus = std::move(corpus);
    return text;
}

/// Of a text that lies in files: read, or as it was kept when it was read before.
class TextInFiles {
public:
    TextInFiles(const TaskConfig& task, const std::filesystem::path& folder, const Watch& watch)
        : m_task(task), m_settings(corpusSettings(task)), m_folder(folder), m_watch(watch), m_cache(textCache()) {}

    std::shared_ptr<const TextTokens> tokens(const std::shared_ptr<const Tokenizer>& given) {
        if (auto found = readOrFind(given)) return found;
        auto corpus =
            std::make_shared<const Corpus>(makeCorpus(std::exchange(m_texts, {}), m_settings, partOfWatch(m_watch, wasHashed, wasCleaned)));
        try {
            auto text = cutText(m_task, corpus, given, partOfWatch(m_watch, wasCleaned, wasCut));
            if (!m_key.empty()) m_cache->keep(m_key, *text, partOfWatch(m_watch, wasCut, 1));
            return text;
        } catch (const LostInSideError& error) {
            throw inItsFile(error, *corpus);
        }
    }

private:
    /// What was kept takes the place of what was read: a long text is not in memory twice.
    std::shared_ptr<const TextTokens> readOrFind(const std::shared_ptr<const Tokenizer>& given) {
        for (const bool first : {true, false}) {
            m_texts = readTexts(m_task.path, m_folder, partOfWatch(m_watch, 0, wasRead));
            std::size_t bytes = 0;
            for (const RawText& text : m_texts) bytes += text.bytes.size();
            if (!m_cache || !m_cache->isWorthIt(bytes)) return nullptr;
            m_key = key(given);
            if (!first || !m_cache->has(m_key)) return nullptr;
            m_texts.clear();
            if (auto found = m_cache->find(m_key, given, m_settings, partOfWatch(m_watch, wasHashed, 1))) return found;
        }
        return nullptr;
    }

    std::string key(const std::shared_ptr<const Tokenizer>& given) const {
        Sha256 raw;
        constexpr std::size_t perHash = 8 << 20;
        for (const RawText& text : m_texts)
            for (std::size_t at = 0; at < text.bytes.size(); at += perHash) {
                raw.add(std::string_view(text.bytes).substr(at, perHash));
                tellWatch(m_watch, wasRead, text.name);
            }
        std::string tokenizer = m_task.text.tokenizer;
        if (given)
            tokenizer = "given:" + sha256Hex(given->kept().pipeline);
        else if (tokenizer == bpeTokens)
            tokenizer += " " + std::to_string(m_task.text.pieces);
        for (const std::string& special : given ? std::vector<std::string>() : learnedSpecials(m_task)) tokenizer += " " + special;
        return textCacheKey(m_texts, raw.hex(), m_settings, tokenizer);
    }

    /// The files are read once more: while a text is cut, only what came of them is there. Where they have changed the place in the clean
    /// text has to do.
    InputError inItsFile(const LostInSideError& error, const Corpus& corpus) const {
        const std::vector<RawText> texts = readTexts(m_task.path, m_folder, m_watch);
        Sha256 raw;
        for (const RawText& text : texts) raw.add(text.bytes);
        if (raw.hex() != corpus.rawHash) return error;
        const RawPlace place = rawPlaceOf(corpus, texts, m_settings, error.inValidation(), error.at());
        return {place.file, LostInTextError(place.place, error.at(), error.character()).message()};
    }

    const TaskConfig& m_task;
    CorpusSettings m_settings;
    const std::filesystem::path& m_folder;
    const Watch& m_watch;
    std::shared_ptr<const TextCache> m_cache;
    std::vector<RawText> m_texts;
    std::string m_key;  ///< empty: the cache is not used
};

}  // namespace

LoadedTask loadText(Experiment experiment, const KeptTokenizer& kept, const std::filesystem::path& folder, const Watch& watch) {
    const auto given = kept.empty() ? givenTokenizer(experiment.task, folder) : tokenizerOf(experiment, kept);
    auto text = TextInFiles(experiment.task, folder, watch).tokens(given);
    return loadText(std::move(experiment), std::move(text));
}

LoadedTask loadText(Experiment experiment, std::shared_ptr<const Corpus> corpus, const KeptTokenizer& kept,
                    const std::filesystem::path& folder, const Watch& watch) {
    const auto given = kept.empty() ? givenTokenizer(experiment.task, folder) : tokenizerOf(experiment, kept);
    auto text = cutText(experiment.task, std::move(corpus), given, watch);
    return loadText(std::move(experiment), std::move(text));
}

namespace {

LoadedTask maskedText(Experiment experiment, std::shared_ptr<const TextTokens> text) {
    std::optional<int>& size = experiment.task.validation_size;
    auto dataset = std::make_shared<MaskedDataset>(std::move(text), experiment.task, size.value_or(usualValidationBlocks));
    size = dataset->validationSize();
    return {std::move(experiment), std::move(dataset)};
}

}  // namespace

LoadedTask loadText(Experiment experiment, std::shared_ptr<const TextTokens> text) {
    completeModel(experiment, text->tokenizer->symbols());
    requireBlocks(experiment, text->train, text->validation);
    if (isMasked(experiment.task)) return maskedText(std::move(experiment), std::move(text));
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
    const auto* data = dynamic_cast<const CorpusDataset*>(known.dataset.get());
    return data && experiment.task.kind == known.experiment.task.kind && sameText(experiment.task, known.experiment.task) ? data->text()
                                                                                                                          : nullptr;
}

}  // namespace lab
