#include "core/data/tokenizers/pipeline/bpe_trainer.h"

#include <QtTest>
#include <map>

#include "core/base/errors.h"
#include "core/base/random.h"
#include "core/data/tokenizers/pipeline/bpe.h"
#include "core/data/tokenizers/pipeline/byte_table.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"

using namespace lab;

namespace {

/// Words of few letters, so that pairs are often equally frequent.
std::string drawnText(std::uint64_t seed, int words) {
    const RandomStream random(seed, "words");
    std::string text;
    for (int w = 0; w < words; ++w) {
        const auto at = static_cast<std::uint64_t>(w) * 16;
        for (std::uint32_t c = 0; c < 1 + random.below(at, 7); ++c) text += static_cast<char>('a' + random.below(at + 1 + c, 4));
        text += random.below(at + 15, 5) == 0 ? ", " : " ";
    }
    return text;
}

using WordsOfPieces = std::vector<std::pair<std::vector<int>, std::int64_t>>;

/// The slow, obvious way: all pairs counted anew for each merge.
std::vector<std::pair<int, int>> mergesCountedAnew(WordsOfPieces words, int first, int merges) {
    std::vector<std::pair<int, int>> found;
    while (static_cast<int>(found.size()) < merges) {
        std::map<std::pair<int, int>, std::int64_t> times;
        for (const auto& [pieces, count] : words)
            for (std::size_t i = 0; i + 1 < pieces.size(); ++i) times[{pieces[i], pieces[i + 1]}] += count;
        if (times.empty()) break;
        auto best = times.begin();  // a map is sorted: the first of equals has the smaller ids
        for (auto each = times.begin(); each != times.end(); ++each)
            if (each->second > best->second) best = each;
        const int id = first + static_cast<int>(found.size());
        found.push_back(best->first);
        for (auto& [pieces, count] : words)
            for (std::size_t i = 0; i + 1 < pieces.size(); ++i)
                if (pieces[i] == found.back().first && pieces[i + 1] == found.back().second) {
                    pieces[i] = id;
                    pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(i) + 1);
                }
    }
    return found;
}

/// As the trainer cuts and counts them: a space belongs to the word behind it, signs stand alone.
WordsOfPieces wordsOf(const std::string& text, const TrainedBpe& trained) {
    std::map<std::string, std::int64_t> times;
    std::string word;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!word.empty() && (text[i] == ' ' || text[i] == ',')) ++times[word], word.clear();
        word += text[i];
    }
    if (!word.empty()) ++times[word];
    WordsOfPieces words;
    for (const auto& [letters, count] : times) {
        std::vector<int> pieces;
        for (const char letter : letters) {
            const std::string piece = utf8Of(characterOfByte(static_cast<unsigned char>(letter)));
            pieces.push_back(static_cast<int>(std::ranges::find(trained.pieces, piece) - trained.pieces.begin()));
        }
        words.emplace_back(pieces, count);
    }
    return words;
}

}  // namespace

class BpeTrainerTest : public QObject {
    Q_OBJECT

private slots:
    void theMergesAreThoseCountedAnew() {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const std::string text = drawnText(seed, 300);
            BpeTrainer trainer;
            trainer.read(text);
            const TrainedBpe trained = *trainer.train({.pieces = 256 + 60, .specials = {}});
            QCOMPARE(trained.merges, mergesCountedAnew(wordsOf(text, trained), 256, 60));
        }
    }

    /// low, low, lower: the answer of Ask.
    void theExampleOfTheBook() {
        BpeTrainer trainer;
        trainer.read("low");
        trainer.read("low");
        trainer.read("lower");
        const TrainedBpe trained = *trainer.train({.pieces = 258, .specials = {}});
        QCOMPARE(trained.pieces[256], std::string("lo"));
        QCOMPARE(trained.pieces[257], std::string("low"));
        QCOMPARE(trained.timesWhenMerged, (std::vector<std::int64_t>{3, 3}));
    }

    void aTextReadInPartsIsTheSame() {
        const std::string text = drawnText(3, 40'000);  // longer than a portion
        BpeTrainer whole, parts;
        whole.read(text);
        const std::size_t cut = text.find(' ', text.size() / 2);
        parts.read(text.substr(0, cut));
        parts.read(text.substr(cut));
        QVERIFY(text.size() > (1 << 17));
        QCOMPARE(whole.train({.pieces = 400, .specials = {}})->pieces, parts.train({.pieces = 400, .specials = {}})->pieces);
    }

    void whatIsWrittenIsReadAgain() {
        BpeTrainer trainer;
        const std::string text = "Never the same river, never the same man: na\u00EFve, \u6771\u4EAC! " + drawnText(9, 200);
        trainer.read(text);
        const BpeSettings settings{.pieces = 400, .specials = {"<|endoftext|>"}};
        const TrainedBpe trained = *trainer.train(settings);
        QCOMPARE(trained.pieces[0], std::string("<|endoftext|>"));
        const TextPipeline pipeline(trained.json(settings), "t.json");
        QCOMPARE(pipeline.size(), 400);
        std::vector<int> ids;
        for (const TextToken& token : pipeline.encode(text + "<|endoftext|>")) ids.push_back(token.id);
        QCOMPARE(ids.back(), 0);
        QCOMPARE(pipeline.decode(ids), text);
        QCOMPARE(pipeline.decode(ids, true), text + "<|endoftext|>");
        QVERIFY(ids.size() * 2 < text.size());
    }

    void itEndsWhereNoPairIsLeftAndOnRequest() {
        BpeTrainer trainer;
        trainer.read("ab ab");
        const TrainedBpe trained = *trainer.train({.pieces = 1000, .specials = {}});
        QCOMPARE(trained.merges.size(), 2U);  // "ab", and "\u0120ab" of the space and it
        QVERIFY(!trainer.train({.pieces = 1000, .specials = {}}, [](int pieces) { return pieces < 257; }));
        QVERIFY_EXCEPTION_THROWN(trainer.train({.pieces = 255, .specials = {}}), InputError);
    }
};

QTEST_APPLESS_MAIN(BpeTrainerTest)
#include "bpe_trainer_test.moc"
