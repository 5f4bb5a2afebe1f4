#include "core/data/text_cache.h"

#include <sys/resource.h>

#include <QtTest>
#include <csignal>
#include <fstream>
#include <functional>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/random.h"
#include "core/data/text_loading.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/data/tokenizers/pipeline/plain_tokenizers.h"

using namespace lab;

namespace fs = std::filesystem;

namespace {

std::string someText(int documents = 60) {
    std::string text;
    for (int i = 0; i < documents; ++i)
        text += "The " + std::to_string(i) + "  goats went over.\r\nOne stayed caf\u00E9 " + std::to_string(i * i) + ".\n\n";
    return text;
}

Experiment textExperiment(const std::string& tokenizer) {
    Experiment e;
    e.task.kind = "text";
    e.task.path = "text.txt;more.txt";
    e.task.seq_len = 8;
    e.task.text.tokenizer = tokenizer;
    e.task.text.pieces = 270;
    e.model.architecture = Architecture::decoder;
    return e;
}

std::vector<int> all(const TokenIds& ids) {
    return ids.part(0, ids.size());
}

QStringList namesIn(const fs::path& folder) {
    return QDir(QString::fromStdString(folder.string())).entryList(QDir::Files | QDir::Hidden);
}

const TextDataset& dataOf(const LoadedTask& task) {
    return dynamic_cast<const TextDataset&>(*task.dataset);
}

void compare(const TextDataset& a, const TextDataset& b) {
    QCOMPARE(all(a.train()), all(b.train()));
    QCOMPARE(all(a.validation()), all(b.validation()));
    QVERIFY(a.tokenizer().kept() == b.tokenizer().kept());
    const Corpus &one = a.corpus(), &other = b.corpus();
    QCOMPARE(one.train, other.train);
    QCOMPARE(one.validation, other.validation);
    QCOMPARE(one.rawHash, other.rawHash);
    QCOMPARE(one.cleanHash, other.cleanHash);
    QCOMPARE(one.rawBytes, other.rawBytes);
    QCOMPARE(one.latin1, other.latin1);
    QCOMPARE(one.splitTail, other.splitTail);
    QCOMPARE(one.repeated, other.repeated);
    QCOMPARE(one.notes.size(), other.notes.size());
    for (std::size_t i = 0; i < one.notes.size(); ++i) QCOMPARE(one.notes[i].english(), other.notes[i].english());
    for (std::size_t i = 0; i < one.report.rows.size(); ++i) {
        QCOMPARE(one.report.rows[i].on, other.report.rows[i].on);
        QCOMPARE(one.report.rows[i].places, other.report.rows[i].places);
        QCOMPARE(one.report.rows[i].bytes, other.report.rows[i].bytes);
    }
    QCOMPARE(one.documents.size(), other.documents.size());
    for (std::size_t i = 0; i < one.documents.size(); ++i) {
        const TextDocument &x = one.documents[i], &y = other.documents[i];
        QVERIFY(x.file == y.file && x.rawBegin == y.rawBegin && x.rawEnd == y.rawEnd && x.begin == y.begin && x.size == y.size &&
                x.tail == y.tail && x.side == y.side);
    }
}

}  // namespace

class TextCacheTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path folder() const { return m_folder.path().toStdString(); }
    fs::path cacheFolder() const { return folder() / "cache" / "texts"; }
    void write(const fs::path& path, const std::string& text) const { std::ofstream(path, std::ios::binary) << text; }
    LoadedTask load(const Experiment& e, const KeptTokenizer& kept = {}) const { return loadSavedTask(e, kept, folder()); }
    fs::path onlyFile() const {
        const QStringList names = namesIn(cacheFolder());
        return names.size() == 1 ? cacheFolder() / names.front().toStdString() : fs::path();
    }
    /// The tokens of a text that is its own key.
    static std::shared_ptr<TextTokens> tokensOf(const std::string& text) {
        auto tokens = std::make_shared<TextTokens>();
        tokens->corpus = std::make_shared<const Corpus>(makeCorpus({{"t", text}}, CorpusSettings()));
        tokens->tokenizer = std::make_shared<PieceTokenizer>(characterTokenizerJson(text), "t");
        tokens->train = encodeText(*tokens->tokenizer, tokens->corpus->train);
        tokens->validation = encodeText(*tokens->tokenizer, tokens->corpus->validation);
        return tokens;
    }
    static std::string keyOf(int number) { return sha(number); }
    static std::string sha(int number) { return QString::number(number, 16).rightJustified(64, '0').toStdString(); }

private slots:
    void init() {
        std::error_code error;
        fs::remove_all(folder() / "cache", error);
        write(folder() / "text.txt", someText());
        write(folder() / "more.txt", "One more caf\u00E9.\n\nAnd 12 more goats.\n");
        useTextCache(std::make_shared<const TextCache>(cacheFolder(), TextCache::usualBytes, 1));
    }
    void cleanup() { useTextCache(nullptr); }

    void whatComesFromTheCacheIsWhatWasMade_data() {
        QTest::addColumn<QString>("tokenizer");
        QTest::addColumn<bool>("tail");
        for (const char* name : {"characters", "bytes", "bpe", "own.json"})
            for (const bool tail : {false, true}) QTest::addRow("%s, %s", name, tail ? "tail" : "documents") << name << tail;
    }
    void whatComesFromTheCacheIsWhatWasMade() {
        QFETCH(QString, tokenizer);
        QFETCH(bool, tail);
        write(folder() / "own.json", characterTokenizerJson(someText() + "mrAd"));
        Experiment e = textExperiment(tokenizer.toStdString());
        e.task.text.split = tail ? TextSplit::tail : TextSplit::documents;
        useTextCache(nullptr);
        const LoadedTask plain = load(e);
        QVERIFY(!fs::exists(cacheFolder()));
        useTextCache(std::make_shared<const TextCache>(cacheFolder(), TextCache::usualBytes, 1));
        const LoadedTask first = load(e);
        QVERIFY(!onlyFile().empty());
        const auto longAgo = fs::file_time_type::clock::now() - std::chrono::hours(1000);
        fs::last_write_time(onlyFile(), longAgo);
        const LoadedTask again = load(e);
        QVERIFY2(fs::last_write_time(onlyFile()) > longAgo + std::chrono::hours(1), "it was not asked for");
        compare(dataOf(first), dataOf(plain));
        compare(dataOf(again), dataOf(plain));
        QVERIFY(fs::status(cacheFolder()).permissions() == fs::perms::owner_all);
    }

    void aKeptTokenizerIsTakenForItself() {
        const KeptTokenizer kept{{}, characterTokenizerJson(someText() + "mrAdXYZ")};
        const LoadedTask first = load(textExperiment("bpe"), kept), again = load(textExperiment("bpe"), kept);
        compare(dataOf(first), dataOf(again));
        QVERIFY(again.dataset->tokenizer().kept() == kept);
        QVERIFY(load(textExperiment("bpe")).dataset->tokenizer().kept() != kept);
        QCOMPARE(namesIn(cacheFolder()).size(), 2);
    }

    void whateverTokensHangOnMakesAnotherKey() {
        const CorpusSettings usual;
        const std::vector<RawText> texts{{"a", "one"}, {"b", "two"}};
        std::set<std::string> keys{textCacheKey(texts, "hash", usual, "bytes")};
        const auto add = [&](const std::vector<RawText>& raw, const std::string& hash, const CorpusSettings& settings,
                             const char* tokenizer) { QVERIFY(keys.insert(textCacheKey(raw, hash, settings, tokenizer)).second); };
        add(texts, "other", usual, "bytes");
        add({{"a", "onet"}, {"b", "wo"}}, "hash", usual, "bytes");
        add({{"a", "onetwo"}}, "hash", usual, "bytes");
        add(texts, "hash", usual, "characters");
        CorpusSettings other = usual;
        other.cleaning.pop_back();
        add(texts, "hash", other, "bytes");
        other = usual;
        other.documentsAreFiles = true;
        add(texts, "hash", other, "bytes");
        other = usual;
        other.splitTail = true;
        add(texts, "hash", other, "bytes");
        other = usual;
        other.validationShare = .2;
        add(texts, "hash", other, "bytes");
        // The names of files change nothing.
        QVERIFY(keys.contains(textCacheKey({{"x", "one"}, {"y", "two"}}, "hash", usual, "bytes")));
    }

    /// Of the same size and time as the one before.
    void anotherTextIsNeverTakenForIt() {
        const Experiment e = textExperiment("bytes");
        load(e);
        const auto time = fs::last_write_time(folder() / "text.txt");
        std::string changed = someText();
        changed[changed.find("goats")] = 'b';
        write(folder() / "text.txt", changed);
        fs::last_write_time(folder() / "text.txt", time);
        const Corpus corpus = dataOf(load(e)).corpus();
        QVERIFY((corpus.train + corpus.validation).find("boats") != std::string::npos);
        Experiment pieces = textExperiment("bpe");
        const int before = load(pieces).dataset->tokenizer().symbols();
        pieces.task.text.pieces = 280;
        QCOMPARE(load(pieces).dataset->tokenizer().symbols(), before + 10);
    }

    void shortTextsAreNotKept() {
        useTextCache(std::make_shared<const TextCache>(cacheFolder()));
        load(textExperiment("bytes"));
        QVERIFY(!fs::exists(cacheFolder()));
    }

    /// By the hundred: every one is made anew, and is sound then.
    void damagedFilesAreAsIfTheyWereNotThere() {
        const TextCache cache(cacheFolder());
        const auto text = tokensOf(someText(20));
        const std::string key = keyOf(1);
        QVERIFY(cache.keep(key, *text));
        const std::string good = readFile(cache.fileOf(key));
        QVERIFY(cache.find(key, nullptr, CorpusSettings()));
        const RandomStream random(3, "damage");
        for (std::uint64_t i = 0; i < 400; ++i) {
            std::string bad = good;
            const std::size_t at = random.below(4 * i, static_cast<std::uint32_t>(bad.size()));
            switch (i % 5) {
                case 0:
                    bad[at] = static_cast<char>(bad[at] ^ (1 << random.below(4 * i + 1, 8)));
                    break;
                case 1:
                    bad.resize(at);
                    break;
                case 2:
                    bad.insert(at, 1 + random.below(4 * i + 1, 9), 'x');
                    break;
                case 3:
                    bad.erase(at, 1 + random.below(4 * i + 1, 100));
                    break;
                default:
                    bad.replace(at, 16, 16, '\0');
                    break;
            }
            if (bad == good) continue;
            write(cache.fileOf(key), bad);
            QVERIFY2(!cache.find(key, nullptr, CorpusSettings()), qPrintable(QStringLiteral("damage %1 at %2").arg(i).arg(at)));
        }
        for (const std::string& foreign :
             {std::string(), std::string("{}"), std::string(1000, '\n'), std::string("attention-lab/text-cache/1")}) {
            write(cache.fileOf(key), foreign);
            QVERIFY(!cache.find(key, nullptr, CorpusSettings()));
        }
        write(cache.fileOf(keyOf(2)), good);
        QVERIFY2(!cache.find(keyOf(2), nullptr, CorpusSettings()), "another key's");
    }

    /// Every single byte of its lines and of its header, and some of what follows.
    void everyByteCounts() {
        const TextCache cache(cacheFolder());
        QVERIFY(cache.keep(keyOf(1), *tokensOf(someText(4))));
        const std::string good = readFile(cache.fileOf(keyOf(1)));
        for (std::size_t at = 0; at < good.size(); at += at < 1200 ? 3 : 41) {
            std::string bad = good;
            bad[at] = static_cast<char>(bad[at] ^ 1);
            write(cache.fileOf(keyOf(1)), bad);
            QVERIFY2(!cache.find(keyOf(1), nullptr, CorpusSettings()), qPrintable(QStringLiteral("byte %1").arg(at)));
        }
    }

    void aDamagedFileIsMadeAnew() {
        const Experiment e = textExperiment("bpe");
        const LoadedTask first = load(e);
        const std::string good = readFile(onlyFile());
        write(onlyFile(), good.substr(0, good.size() / 2));
        compare(dataOf(load(e)), dataOf(first));
        QCOMPARE(readFile(onlyFile()), good);
    }

    /// Its hashes are right, what it says cannot be.
    void impossibleContentIsNotTaken() {
        const TextCache cache(cacheFolder());
        const auto refuses = [&](const std::function<void(TextTokens&, Corpus&)>& spoil) {
            auto text = tokensOf(someText(20));
            Corpus corpus = *text->corpus;
            spoil(*text, corpus);
            text->corpus = std::make_shared<const Corpus>(std::move(corpus));
            return cache.keep(keyOf(3), *text) && !cache.find(keyOf(3), nullptr, CorpusSettings());
        };
        QVERIFY(!refuses([](TextTokens&, Corpus&) {}));
        QVERIFY(refuses([](TextTokens& text, Corpus&) { text.train.add(5000); }));
        QVERIFY(refuses([](TextTokens& text, Corpus&) { text.validation.add(70'000); }));
        QVERIFY(refuses([](TextTokens& text, Corpus&) { text.validation = TokenIds::of({}, {-1}); }));
        QVERIFY(refuses([](TextTokens&, Corpus& corpus) { corpus.documents.back().size += 1'000'000; }));
        QVERIFY(refuses([](TextTokens&, Corpus& corpus) { corpus.documents.front().file = 7; }));
        QVERIFY(refuses([](TextTokens&, Corpus& corpus) { corpus.documents.front().rawBegin = 4'000'000'000u; }));
        QVERIFY(refuses([](TextTokens&, Corpus& corpus) { corpus.documents.front().side = static_cast<TextSide>(9); }));
        QVERIFY(refuses([](TextTokens&, Corpus& corpus) { corpus.documents.clear(); }));
    }

    void whatWasNotAskedForLongestGoes() {
        const auto text = tokensOf(someText(20));
        const TextCache roomy(cacheFolder());
        QVERIFY(roomy.keep(keyOf(0), *text));
        const std::uint64_t each = fs::file_size(roomy.fileOf(keyOf(0)));
        write(cacheFolder() / "notes.txt", "a person's own");
        const TextCache cache(cacheFolder(), 3 * each + each / 2);
        const auto now = fs::file_time_type::clock::now();
        for (int i = 1; i <= 2; ++i) QVERIFY(cache.keep(keyOf(i), *text));
        for (int i = 0; i <= 2; ++i) fs::last_write_time(cache.fileOf(keyOf(i)), now - std::chrono::hours(10 - i));
        QVERIFY(cache.find(keyOf(0), nullptr, CorpusSettings()));  // which makes it the newest
        QVERIFY(cache.keep(keyOf(3), *text));
        QVERIFY(cache.has(keyOf(0)) && !cache.has(keyOf(1)) && cache.has(keyOf(2)) && cache.has(keyOf(3)));
        QVERIFY(fs::exists(cacheFolder() / "notes.txt"));
        QVERIFY2(!TextCache(cacheFolder(), 100).keep(keyOf(4), *text), "larger than all");
        QVERIFY(cache.has(keyOf(3)));
    }

    void whatAKilledProcessLeftGoes() {
        const TextCache cache(cacheFolder());
        fs::create_directories(cacheFolder());
        const fs::path old = cache.fileOf(keyOf(1)).string() + ".12-0.part", fresh = cache.fileOf(keyOf(1)).string() + ".13-0.part";
        for (const fs::path& path : {old, fresh}) write(path, "half");
        fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(2));
        QVERIFY(cache.keep(keyOf(2), *tokensOf(someText(4))));
        QVERIFY(!fs::exists(old) && fs::exists(fresh));
        QVERIFY(!cache.has(keyOf(1)));
    }

    void aFolderThatCannotBeWrittenIsNoTrouble() {
        fs::create_directories(folder() / "cache");
        write(folder() / "cache" / "texts", "a file");
        const LoadedTask task = load(textExperiment("bytes"));
        QVERIFY(task.dataset->trainSize() > 0);
        QVERIFY(!TextCache(cacheFolder()).keep(keyOf(1), *tokensOf(someText(4))));
    }

    void aFullDiskIsNoTrouble() {
        rlimit before{};
        QVERIFY(getrlimit(RLIMIT_FSIZE, &before) == 0);
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        rlimit small = before;
        small.rlim_cur = 2000;
        const auto text = tokensOf(someText());
        const TextCache cache(cacheFolder());
        QVERIFY(setrlimit(RLIMIT_FSIZE, &small) == 0);
        const bool kept = cache.keep(keyOf(1), *text);
        std::string problem;
        try {
            load(textExperiment("bytes"));
        } catch (const std::exception& error) {
            problem = error.what();
        }
        QVERIFY(setrlimit(RLIMIT_FSIZE, &before) == 0);
        std::signal(SIGXFSZ, handler);
        QVERIFY(!kept);
        QCOMPARE(problem, std::string());
        QCOMPARE(namesIn(cacheFolder()), QStringList());
    }

    void theWatchEndsIt() {
        const TextCache cache(cacheFolder());
        const auto text = tokensOf(someText());
        QVERIFY_EXCEPTION_THROWN(cache.keep(keyOf(1), *text, [](double) { return false; }), InputError);
        QCOMPARE(namesIn(cacheFolder()), QStringList());
        QVERIFY(cache.keep(keyOf(1), *text));
        QVERIFY_EXCEPTION_THROWN(cache.find(keyOf(1), nullptr, CorpusSettings(), [](double) { return false; }), InputError);
        QVERIFY(cache.has(keyOf(1)));
        // Shares only grow, from reading to keeping and from the cache.
        for (int time = 0; time < 2; ++time) {
            double last = 0;
            bool grew = true;
            loadTask(textExperiment("bpe"), folder(), [&](double share) {
                grew = grew && share >= last && share <= 1;
                last = share;
                return true;
            });
            QVERIFY2(grew && last > .9, qPrintable(QString::number(last)));
        }
    }
};

QTEST_GUILESS_MAIN(TextCacheTest)
#include "text_cache_test.moc"
