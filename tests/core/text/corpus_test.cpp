#include "core/text/corpus.h"

#include <QtTest>
#include <map>
#include <set>

#include "core/base/errors.h"
#include "core/base/random.h"
#include "core/base/utf8.h"
#include "core/text/documents.h"
#include "core/text/near_duplicates.h"
#include "core/text/repeated_text.h"
#include "core/text/sha256.h"
#include "core/text/text_statistics.h"
#include "core/text/words.h"

using namespace lab;

namespace {

std::string numbered(int documents, int from = 0) {
    std::string text;
    for (int i = from; i < from + documents; ++i)
        text += "Document " + std::to_string(i) + " tells of " + std::to_string(i * i) + " things.\n\n";
    return text;
}

Corpus corpusOf(const std::string& text, const CorpusSettings& settings = {}) {
    return makeCorpus({{"a.txt", text}}, settings);
}

CorpusSettings with(std::vector<std::string> rules) {
    CorpusSettings settings;
    settings.cleaning = std::move(rules);
    return settings;
}

std::map<std::string, TextSide> sidesOf(const Corpus& corpus) {
    std::map<std::string, TextSide> sides;
    for (const TextDocument& document : corpus.documents) sides[corpus.textOf(document)] = document.side;
    return sides;
}

QString sentenceOf(const std::vector<RawText>& texts, const CorpusSettings& settings = {}) {
    try {
        makeCorpus(texts, settings);
    } catch (const InputError& error) {
        return QString::fromUtf8(error.what());
    }
    return "no error";
}

std::vector<std::string> documentsIn(std::string_view text, bool atBlankLines = true) {
    std::vector<std::string> documents;
    for (const ByteRange& range : cutDocuments(text, {0, text.size()}, atBlankLines))
        documents.emplace_back(text.substr(range.begin, range.size()));
    return documents;
}

/// All that holds whatever the text is.
void checkCorpus(const Corpus& corpus, const std::vector<RawText>& texts, const CorpusSettings& settings) {
    QVERIFY(isUtf8(corpus.train) && isUtf8(corpus.validation));
    std::string version = versionText(settings) + "\n";
    for (std::size_t i = 0; i < corpus.documents.size(); ++i) {
        const TextDocument& document = corpus.documents[i];
        const std::string text = corpus.textOf(document);
        QVERIFY(!text.empty());
        version += text + "\n\n";
        const DocumentChange change = changeOf(corpus, texts, settings, i);
        QCOMPARE(change.clean, text);
        QCOMPARE(edited(change.raw, change.edits), text);
        QCOMPARE(change.raw.size(), std::size_t(document.rawEnd - document.rawBegin));
    }
    QCOMPARE(corpus.cleanHash, sha256Hex(version));
    QVERIFY(corpus.documents.size() < 20 || corpus.splitTail || (!corpus.train.empty() && !corpus.validation.empty()));
}

}  // namespace

class CorpusTest : public QObject {
    Q_OBJECT

private slots:
    void documentsAreCutAtBlankLines() {
        using Documents = std::vector<std::string>;
        QCOMPARE(documentsIn("\n\na\nb\n\n \t\nc"), (Documents{"a\nb", "c"}));
        QCOMPARE(documentsIn("a\r\n\r\nb\r\n"), (Documents{"a", "b"}));
        QCOMPARE(documentsIn("a\r\rb\rc"), (Documents{"a", "b\rc"}));
        QCOMPARE(documentsIn("a\n\u00A0\u200B\nb\n\uFEFF"), (Documents{"a", "b"}));
        QCOMPARE(documentsIn("  a\n\n\nb\n\n", false), (Documents{"  a\n\n\nb"}));
        QCOMPARE(documentsIn(" \n\r\n\t"), Documents{});
        QCOMPARE(documentsIn(""), Documents{});
    }

    void aTitleIsTheFirstWords() {
        QCOMPARE(titleOf("## The  little\tmouse\nand more"), std::string("The little mouse and more"));
        QCOMPARE(titleOf("A line that is long enough to stand\nalone here"), std::string("A line that is long enough to stand"));
        QCOMPARE(titleOf("In the beginning God created the heaven and the earth."),
                 std::string("In the beginning God created the heaven…"));
        QCOMPARE(titleOf("Once upon a time there was a clever little dog and"), std::string("Once upon a time there was a clever…"));
        QCOMPARE(titleOf(std::string(100, 'x')), std::string(40, 'x') + "…");
        QCOMPARE(titleOf(""), std::string());
    }

    void theSplitIsByHash() {
        const Corpus corpus = corpusOf(numbered(500));
        QCOMPARE(corpus.documents.size(), std::size_t(500));
        QVERIFY(!corpus.splitTail);
        for (const TextDocument& document : corpus.documents) {
            Sha256 hash;
            hash.add(corpus.textOf(document));
            QCOMPARE(document.side == TextSide::validation, hash.front() % 1000 < 100);
        }
        QVERIFY(corpus.validation.size() * 20 > corpus.train.size() && corpus.validation.size() * 5 < corpus.train.size());
        QVERIFY(corpus.train.starts_with("Document 0 tells of 0 things.\n\nDocument 1 tells"));
    }

    void appendedTextMovesNoDocument() {
        const auto before = sidesOf(corpusOf(numbered(300))),
                   after = sidesOf(corpusOf(numbered(40, 900) + numbered(300) + numbered(200, 2000)));
        for (const auto& [text, side] : before) QCOMPARE(after.at(text), side);
    }

    void equalDocumentsAreOnOneSide() {
        CorpusSettings settings = with({"line_ends"});
        const auto twice = corpusOf(numbered(200) + numbered(200), settings);
        QCOMPARE(twice.documents.size(), std::size_t(400));
        for (std::size_t i = 0; i < 200; ++i) QCOMPARE(twice.documents[i].side, twice.documents[i + 200].side);
        const auto once = corpusOf(numbered(200) + numbered(200));
        QCOMPARE(once.documents.size(), std::size_t(200));
        const CleaningCount& row = once.report.rows[static_cast<std::size_t>(CleaningRule::find("repeated_documents"))];
        QVERIFY(row.on);
        QCOMPARE(row.places, std::int64_t(200));
        QCOMPARE(row.bytes, std::int64_t(once.train.size() + once.validation.size() - 2 * 198));
    }

    void fewDocumentsAreSplitByTail() {
        const std::string text = numbered(19);
        const Corpus corpus = corpusOf(text);
        QVERIFY(corpus.splitTail);
        QCOMPARE(corpus.train + corpus.validation, text.substr(0, text.size() - 2));
        QVERIFY(corpus.validation.starts_with("Document 1"));
        QVERIFY(!corpus.notes.empty());
        QVERIFY(QString::fromStdString(corpus.notes[0].english()).startsWith("With 19 documents the end of the text"));
    }

    void theTailBeginsBehindALineEnd() {
        CorpusSettings settings;
        settings.splitTail = settings.documentsAreFiles = true;
        settings.validationShare = .5;
        const std::vector<RawText> texts{{"a", "one\ntwo\nthree\nfour\nfive\n"}};
        const Corpus corpus = makeCorpus(texts, settings);
        QCOMPARE(corpus.train, std::string("one\ntwo\n"));
        QCOMPARE(corpus.validation, std::string("three\nfour\nfive"));
        QCOMPARE(corpus.documents.size(), std::size_t(1));
        QCOMPARE(corpus.documents[0].side, TextSide::both);
        QCOMPARE(corpus.textOf(corpus.documents[0]), std::string("one\ntwo\nthree\nfour\nfive"));
        checkCorpus(corpus, texts, settings);
        QVERIFY(corpus.notes.empty());  // it was asked for
    }

    void anEndlessLineIsPartedBetweenWordsOrCharacters() {
        CorpusSettings settings;
        settings.validationShare = .25;
        QCOMPARE(makeCorpus({{"a", "some words on one line with no end"}}, settings).validation, std::string("with no end"));
        std::string letters;
        for (int i = 0; i < 40; ++i) letters += "\u00E9";
        const Corpus corpus = makeCorpus({{"a", letters}}, settings);
        QCOMPARE(corpus.validation.size(), std::size_t(20));
        QCOMPARE(sentenceOf({{"a", "\u00E9"}}), QString("the text is too short to be parted into training and validation"));
        settings.validationShare = 0;
        QCOMPARE(makeCorpus({{"a", "\u00E9"}}, settings).train, std::string("\u00E9"));
    }

    void filesCanBeTheDocuments() {
        CorpusSettings settings;
        settings.documentsAreFiles = true;
        const std::vector<RawText> texts{{"a", "\none\n\ntwo\n\n\n\n\n\nthree\n"}, {"b", "four"}};
        const Corpus corpus = makeCorpus(texts, settings);
        QCOMPARE(corpus.documents.size(), std::size_t(2));
        QCOMPARE(corpus.textOf(corpus.documents[0]), std::string("one\n\ntwo\n\n\nthree"));
        QCOMPARE(corpus.documents[1].file, 1u);
        checkCorpus(corpus, texts, settings);
    }

    void whatIsNoUtf8IsRefusedOrReadAsLatin1() {
        const std::vector<RawText> texts{{"old.txt", numbered(1) + "d\xE9j\xE0 vu"}};
        QCOMPARE(
            sentenceOf(texts),
            QString("old.txt: is not UTF-8 at byte %1; the rule latin1 of the cleaning reads it as Latin-1").arg(numbered(1).size() + 1));
        const CorpusSettings settings = with({"latin1"});
        const Corpus corpus = makeCorpus(texts, settings);
        QVERIFY((corpus.train + corpus.validation).ends_with("d\u00E9j\u00E0 vu"));
        QCOMPARE(corpus.report.rows[0].places, std::int64_t(2));
        QCOMPARE(corpus.latin1, std::vector<bool>{true});
        QCOMPARE(corpus.rawHash, sha256Hex(texts[0].bytes));
        checkCorpus(corpus, texts, settings);
        QVERIFY(!makeCorpus({{"new.txt", "\u00E9t\u00E9 and more"}}, settings).latin1[0]);  // UTF-8 stays what it is
    }

    void whatIsLeftOfNothingIsRefused() {
        QCOMPARE(sentenceOf({{"a.txt", " \n\n\t\r\n"}}), QString("a.txt: after cleaning nothing is left"));
        QCOMPARE(sentenceOf({{"a.txt", "\n"}, {"b.txt", "\uFEFF"}}), QString("the text: after cleaning nothing is left"));
        QCOMPARE(sentenceOf({{"a.txt", "too short"}}, with({"short_documents"})), QString("a.txt: after cleaning nothing is left"));
    }

    void marksAndFramesOfFilesGo() {
        const std::string book =
            "\uFEFFThe Project Gutenberg EBook\n\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\nBy hand\n\nText it is.\n\n*** END OF "
            "THIS PROJECT GUTENBERG EBOOK X ***\nLicence";
        const Corpus corpus = corpusOf(book, with({"bom", "gutenberg"}));
        QCOMPARE(corpus.train + corpus.validation, std::string("By hand\n\nText it is."));
        const auto places = [](const Corpus& of, const char* rule) {
            return of.report.rows[static_cast<std::size_t>(CleaningRule::find(rule))].places;
        };
        QCOMPARE(places(corpus, "bom"), std::int64_t(1));
        QCOMPARE(places(corpus, "gutenberg"), std::int64_t(2));
        QCOMPARE(places(corpusOf("see *** START OF THE x\n\nb", with({"gutenberg"})), "gutenberg"), std::int64_t(0));
        QVERIFY((corpusOf("\uFEFFa b", with({}))).train.starts_with("\uFEFF"));
    }

    void repeatedLinesAreDropped() {
        const std::string text =
            "A line that is long enough\nshort\nfirst\n\nA line that is long enough\nshort\nand the last line that stands\n\nA line that "
            "is long enough\n\nshort\nA line that is long enough";
        const CorpusSettings settings = with({"repeated_lines"});
        const std::vector<RawText> texts{{"a", text}};
        const Corpus corpus = makeCorpus(texts, settings);
        QCOMPARE(corpus.train + corpus.validation,
                 std::string("A line that is long enough\nshort\nfirst\n\nshort\nand the last line that stands\n\nshort"));
        checkCorpus(corpus, texts, settings);
    }

    void theFrontOfALongDocumentCanBeLookedAt() {
        std::string text;
        for (int i = 0; i < 1000; ++i) text += "line\r\nwith\u00A0more \u00E9\r\n";
        const std::vector<RawText> texts{{"a", text}};
        const Corpus corpus = makeCorpus(texts, {});
        const DocumentChange front = changeOf(corpus, texts, {}, 0, 1000);
        QVERIFY(!front.whole && front.raw.size() <= 1000 && front.raw.size() > 500);
        QCOMPARE(edited(front.raw, front.edits), front.clean);
        QVERIFY(corpus.textOf(corpus.documents[0]).starts_with(front.clean.substr(0, front.clean.size() - 1)));
        const DocumentChange whole = changeOf(corpus, texts, {}, 0, text.size());
        QVERIFY(whole.whole);
        QCOMPARE(whole.clean, corpus.textOf(corpus.documents[0]));
        std::string accents;
        while (accents.size() < 3000) accents += "\u00E9";
        const std::vector<RawText> endless{{"a", accents}};
        QCOMPARE(changeOf(makeCorpus(endless, {}), endless, {}, 0, 1001).raw.size(), std::size_t(1000));
    }

    void theVersionFollowsTextAndRules() {
        QCOMPARE(versionText(with({"nfc", "bom"})), std::string(R"({"cleaning":["bom","nfc"],"documents":"blank_lines"})"));
        const std::string hash = corpusOf(numbered(30)).cleanHash;
        QCOMPARE(corpusOf(numbered(30)).cleanHash, hash);
        QCOMPARE(corpusOf(numbered(30) + "\n\n").cleanHash, hash);  // the same clean text
        QVERIFY(corpusOf(numbered(30) + "\n\n").rawHash != corpusOf(numbered(30)).rawHash);
        QVERIFY(corpusOf(numbered(31)).cleanHash != hash);
        QVERIFY(corpusOf(numbered(30), with({"bom"})).cleanHash != hash);
        CorpusSettings tail;
        tail.splitTail = true;
        QCOMPARE(corpusOf(numbered(30), tail).cleanHash, hash);  // the split is stated by itself
    }

    void repetitionBetweenTheSidesIsSaid() {
        const std::string passage = "these are the very same words of a passage that is told again and again in this book";
        QCOMPARE(repeatedShare(passage, passage), 1.0);
        QCOMPARE(repeatedShare("entirely other words stand here and none of them are those of before", passage), 0.0);
        QCOMPARE(repeatedShare(passage, "few words"), 0.0);
        // Against a set of all runs of words.
        std::string train, validation;
        const RandomStream random(2, "repeated");
        for (std::uint64_t i = 0; i < 3000; ++i)
            (i % 3 ? train : validation) += std::to_string(random.below(i, 2)) + (i % 50 ? " " : " stop ");
        const auto runs = [](const std::string& text) {
            std::vector<std::string> words, result;
            forEachWord(text, [&](std::size_t begin, std::size_t end) { words.push_back(text.substr(begin, end - begin)); });
            for (std::size_t i = 0; i + 8 <= words.size(); ++i) {
                result.emplace_back();
                for (std::size_t w = 0; w < 8; ++w) result.back() += words[i + w] + " ";
            }
            return result;
        };
        const auto trained = runs(train), asked = runs(validation);
        const std::set<std::string> known(trained.begin(), trained.end());
        const auto found = std::ranges::count_if(asked, [&](const std::string& run) { return known.contains(run); });
        QVERIFY(found > 0 && found < std::ssize(asked));
        QCOMPARE(repeatedShare(train, validation), static_cast<double>(found) / static_cast<double>(asked.size()));
        std::string twice;
        for (int i = 0; i < 100; ++i) twice += passage + ", " + std::to_string(i) + ".\n\n";
        const Corpus corpus = corpusOf(twice);
        QVERIFY(corpus.repeated > .3);
        QVERIFY(QString::fromStdString(corpus.notes.back().english()).contains("runs of eight words stand in the training text too"));
    }

    void aSampleOfALongTextIsCloseToTheWhole() {
        std::string train, validation;
        for (int i = 0; i < 120000; ++i) {
            const std::string sentence = "w" + std::to_string(i) + " one two three four five six seven w" + std::to_string(i) + " ";
            validation += sentence;
            if (i % 4 == 0) train += sentence;
        }
        const double share = repeatedShare(train, validation);
        QVERIFY2(std::abs(share - .25 * 2 / 9) < .004, qPrintable(QString::number(share)));
    }

    void documentsThatAreNearlyTheSameAreFound() {
        const RandomStream random(9, "near");
        std::vector<std::string> documents;
        const auto drawn = [&](std::uint64_t document) {
            std::string text;
            for (std::uint64_t w = 0; w < 120; ++w) text += "w" + std::to_string(random.below(document * 1000 + w, 400)) + " ";
            return text;
        };
        for (std::uint64_t d = 0; d < 60; ++d) documents.push_back(drawn(d));
        documents.push_back(documents[7] + "and three more");  // .97 of its runs
        documents.push_back("w1 " + documents[20].substr(documents[20].find(' ') + 1));
        documents.push_back(documents[3].substr(0, documents[3].size() / 2) + drawn(99).substr(0, 200));  // half of it
        documents.push_back("few words alone");
        documents.push_back("few words only");
        std::string text;
        for (const std::string& document : documents) text += document + "\n\n";
        const Corpus corpus = corpusOf(text);
        const auto near = nearDuplicates(corpus);
        QCOMPARE(near.size(), std::size_t(2));
        QCOMPARE(near[0].document, 60u);
        QCOMPARE(near[0].of, 7u);
        QCOMPARE(near[0].share, 118.0 / 121);
        QCOMPARE(near[1].of, 20u);
        QVERIFY(nearDuplicates(corpus, .3).size() >= 2);
        QVERIFY(nearDuplicates(corpus, .99).empty());
        QVERIFY_EXCEPTION_THROWN(nearDuplicates(corpusOf(std::string(600000, 'x') + " y"), .9, [](double) { return false; }), InputError);
    }

    void theWatchMayEndIt() {
        std::string text;
        for (int i = 0; text.size() < 6000000; ++i) text += "word" + std::to_string(i) + (i % 20 ? " " : "\n\n");
        int told = 0;
        double last = 0;
        bool forwards = true;
        const Corpus corpus = makeCorpus({{"a.txt", text}}, {}, [&](double share) {
            forwards = forwards && share >= last && share <= 1;
            last = share;
            return ++told > 0;
        });
        QVERIFY(told > 5 && forwards);
        for (int stop = 1; stop <= told; stop += 3) {
            int count = 0;
            try {
                makeCorpus({{"a.txt", text}}, {}, [&](double) { return ++count < stop; });
                QFAIL("it went on");
            } catch (const InputError& error) {
                QVERIFY(QString(error.what()).endsWith("reading was left off"));
            }
        }
        QVERIFY_EXCEPTION_THROWN(textStatistics(corpus, [](double) { return false; }), InputError);
    }

    void countsAreThoseOfTheCleanText() {
        const Corpus corpus = corpusOf("the cat and the dog\n\nThe end, the end.\n\n\u00E9t\u00E9 \u4E2D\u6587", with({}));
        const TextStatistics counts = textStatistics(corpus);
        QCOMPARE(counts.documents, 3);
        QCOMPARE(counts.characters, 19 + 17 + 6);
        QCOMPARE(counts.words, 5 + 4 + 3);
        QCOMPARE(counts.ranks.front(), (WordCount{"the", 3}));
        QCOMPARE(counts.ranks[1], (WordCount{"end", 2}));
        QCOMPARE(counts.ranks[2], (WordCount{"The", 1}));  // equals by their bytes
        QCOMPARE(counts.differentWords(), 9);
        QCOMPARE(counts.rareWords(), 9);
        QCOMPARE(counts.commonestShare(), 1.0);
        std::set<char32_t> seen;
        for (const TextDocument& document : corpus.documents)
            for (const char32_t c : QString::fromStdString(corpus.textOf(document)).toStdU32String()) seen.insert(c);
        QCOMPARE(counts.differentCharacters, std::int64_t(seen.size()));
        // The tail's split cuts the last document: a word that lies across would count twice, so it is cut between words.
        QCOMPARE(counts.ofDocument.size(), std::size_t(3));
        QCOMPARE(counts.ofDocument[0], (DocumentCount{19, 5}));
    }

    void lengthsStandInBarsOfRoundWidth() {
        std::vector<DocumentCount> documents;
        for (std::uint32_t i = 203; i < 980; i += 7) documents.push_back({i, 1});
        const LengthBars bars = lengthBars(documents);
        QCOMPARE(bars.width, 50);
        QCOMPARE(bars.first, 200);
        QCOMPARE(bars.counts.size(), std::size_t(16));
        QCOMPARE(std::accumulate(bars.counts.begin(), bars.counts.end(), std::int64_t(0)), std::int64_t(documents.size()));
        QCOMPARE(lengthBars({{5, 1}}).counts, std::vector<std::int64_t>{1});
        QVERIFY(lengthBars({}).counts.empty());
        QVERIFY(lengthBars({{1, 1}, {4000000000u, 1}}).counts.size() <= 20);
    }

    /// Whatever the bytes are: a corpus of which all holds, or one sentence.
    void brokenTextsGiveACorpusOrASentence() {
        const std::vector<std::string> parts{"word ",    "\n",         "\n\n",
                                             "\r",       "\r\n",       std::string(1, '\0'),
                                             "\xFF",     "\xC3",       "\uFEFF",
                                             "e\u0301",  "\u00A0",     "\u200B",
                                             "&amp;",    "\u201C",     "A long line that stands here twice\n",
                                             "\xE2\x80", "\U0001F600", "  "};
        for (std::uint64_t seed = 0; seed < 600; ++seed) {
            const RandomStream random(seed, "broken");
            std::vector<RawText> texts(1 + random.below(0, 3));
            for (std::size_t t = 0; t < texts.size(); ++t) {
                texts[t].name = std::string(1, static_cast<char>('a' + t));
                const std::uint32_t count = random.below(1 + t, 80);
                // Most without bytes that are no UTF-8.
                for (std::uint32_t i = 0; i < count; ++i) {
                    const std::string& part = parts[random.below(100 + 100 * t + i, static_cast<std::uint32_t>(parts.size()))];
                    if (seed % 4 == 0 || isUtf8(part)) texts[t].bytes += part;
                }
            }
            CorpusSettings settings = with({});
            std::uint64_t at = 1000;
            for (const CleaningRule& rule : CleaningRule::table())
                if (random.below(at++, 2)) settings.cleaning.emplace_back(rule.name);
            settings.documentsAreFiles = random.below(at++, 3) == 0;
            settings.splitTail = random.below(at++, 3) == 0;
            try {
                const Corpus corpus = makeCorpus(texts, settings);
                checkCorpus(corpus, texts, settings);
                textStatistics(corpus);
            } catch (const InputError& error) {
                QVERIFY(std::string_view(error.what()).size() > 10);
            }
        }
    }
};

QTEST_APPLESS_MAIN(CorpusTest)
#include "corpus_test.moc"
