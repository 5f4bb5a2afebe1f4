#include "core/data/tokenizers/pipeline/plain_tokenizers.h"

#include <QtTest>

#include "core/base/errors.h"
#include "core/base/random.h"
#include "core/data/tokenizers/pipeline/text_pipeline.h"

using namespace lab;

namespace {

std::vector<int> idsIn(const TextPipeline& pipeline, const std::string& text) {
    std::vector<int> ids;
    for (const TextToken& token : pipeline.encode(text)) ids.push_back(token.id);
    return ids;
}

/// Characters of the whole of Unicode, without surrogates.
std::string drawnCharacters(std::uint64_t seed, int count) {
    const RandomStream random(seed, "characters");
    std::string text;
    for (int c = 0; c < count; ++c) {
        const auto draw = static_cast<char32_t>(random.below(static_cast<std::uint64_t>(c), 0x110000));
        if (draw < 0xD800 || draw >= 0xE000) text += utf8Of(draw);
    }
    return text;
}

}  // namespace

class PlainTokenizersTest : public QObject {
    Q_OBJECT

private slots:
    void charactersHaveIdsInTheirOrder() {
        const TextPipeline pipeline(characterTokenizerJson("na\u00EFve\n na"), "c");
        QCOMPARE(pipeline.size(), 7);  // \n, space, a, e, n, v, \u00EF
        QCOMPARE(idsIn(pipeline, "\n naev\u00EF"), (std::vector<int>{0, 1, 4, 2, 3, 5, 6}));
        QCOMPARE(pipeline.decode(std::vector<int>{4, 6, 1, 0, 5}), std::string("n\u00EF \nv"));
        QCOMPARE(pipeline.encode("a\u00EF")[1].span, (TextSpan{1, 2}));
    }

    void aLongTextOfAnyCharactersComesBack() {
        const std::string text = drawnCharacters(1, 60'000);  // longer than a portion
        const TextPipeline pipeline(characterTokenizerJson(text), "c");
        QVERIFY(!pipeline.firstLost(text));
        QCOMPARE(pipeline.decode(idsIn(pipeline, text)), text);
    }

    void aCharacterWithoutATokenIsFound() {
        const TextPipeline pipeline(characterTokenizerJson("abc d"), "c");
        QVERIFY(!pipeline.firstLost("d cab"));
        const auto lost = pipeline.firstLost("a\u00EFb");
        QVERIFY(lost);
        QCOMPARE(lost->character, std::string("\u00EF"));
        QCOMPARE(lost->at, 1);
        QCOMPARE(idsIn(pipeline, "a\u00EFb").size(), 2U);
    }

    void whereAPieceStandsForTheUnknownNothingIsLost() {
        const std::string json = R"({"model": {"type": "BPE", "unk_token": "?", "vocab": {"a": 0, "?": 1}, "merges": []}})";
        QVERIFY(!TextPipeline(json, "u").firstLost("axa"));
    }

    void anEmptyTextHasNoCharacters() {
        const TextPipeline pipeline(characterTokenizerJson(""), "c");
        QCOMPARE(pipeline.size(), 0);
        QCOMPARE(pipeline.firstLost("a")->at, 0);
    }

    void wordsAreTokens() {
        const TextPipeline pipeline(wordTokenizerJson({"the", "cat", "sat"}), "w");
        QCOMPARE(idsIn(pipeline, "the cat\n sat the"), (std::vector<int>{0, 1, 2, 0}));
        QCOMPARE(pipeline.decode(std::vector<int>{1, 2}), std::string("cat sat"));
        QCOMPARE(pipeline.firstLost("the dog")->at, 4);
        QVERIFY_EXCEPTION_THROWN(wordTokenizerJson({"a", "a"}), InputError);
        QVERIFY_EXCEPTION_THROWN(wordTokenizerJson({"a b"}), InputError);
        QVERIFY_EXCEPTION_THROWN(wordTokenizerJson({""}), InputError);
    }

    void bytesAreTheirIds() {
        const TextPipeline pipeline(byteTokenizerJson(), "b");
        QCOMPARE(pipeline.size(), 256);
        QCOMPARE(idsIn(pipeline, "a \n\u00EF"), (std::vector<int>{0x61, 0x20, 0x0A, 0xC3, 0xAF}));
        const std::string text = drawnCharacters(2, 5'000);
        QVERIFY(!pipeline.firstLost(text));
        QCOMPARE(pipeline.decode(idsIn(pipeline, text)), text);
        QCOMPARE(idsIn(pipeline, text).size(), text.size());
    }
};

QTEST_APPLESS_MAIN(PlainTokenizersTest)
#include "plain_tokenizers_test.moc"
