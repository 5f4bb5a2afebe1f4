#include "core/data/sentence_frame.h"

#include <QtTest>

#include "core/config/model_config.h"
#include "core/data/tokenizers/integer_tokenizer.h"
#include "core/data/tokenizers/pipeline/token_face.h"
#include "tests/core/pretrained/case_tokenizer.h"

using namespace lab;
using testing::tokenizerOfCase;

namespace {

/// "[CLS]|mira|lost": pieces that touch stand together, others are parted by a bar.
std::string joined(const PieceTokenizer& tokenizer, std::span<const int> ids) {
    std::string text;
    for (const ShownToken& token : shownTokens(tokenizer.pipeline(), ids))
        text += (text.empty() ? "" : token.touches ? "+" : "|") + token.face.text;
    return text;
}

}  // namespace

class SentenceFrameTest : public QObject {
    Q_OBJECT

private slots:
    void aFrameIsPutAndTaken() {
        const PieceTokenizer tokenizer = tokenizerOfCase("bert-mlm");
        const SentenceFrame frame(tokenizer);
        QVERIFY(frame.exists() && frame.isUsual() && frame.partsPairs());
        const FramedSentences one{{10, 11}, {}, true}, two{{10, 11}, {12}, true}, bare{{10, 11}, {}, false};
        QCOMPARE(frame.put(one), (std::vector<int>{2, 10, 11, 3}));
        QCOMPARE(frame.put(two), (std::vector<int>{2, 10, 11, 3, 12, 3}));
        QCOMPARE(frame.put(bare), (std::vector<int>{10, 11}));
        for (const FramedSentences& each : {one, two, bare}) QVERIFY(frame.taken(frame.put(each)) == each);
        QVERIFY(frame.taken({2, 10, 11}) == one);  // cut off
    }

    void aDecoderMayHaveATokenThatBeginsItsText() {
        const PieceTokenizer llama = tokenizerOfCase("llama-gqa"), gpt2 = tokenizerOfCase("gpt2");
        QVERIFY(SentenceFrame(llama).isUsual());
        const SentenceFrame wished(gpt2);
        QVERIFY(wished.exists() && !wished.isUsual() && !wished.partsPairs());
        const std::vector<int> framed = wished.put({{40, 41}, {}, true});
        QCOMPARE(framed.size(), std::size_t{3});
        QCOMPARE(gpt2.shown(framed.front()), std::string("<|endoftext|>"));
        QVERIFY(isSpecialToken(gpt2, framed.front()) && !isSpecialToken(gpt2, 40));
        const IntegerTokenizer integers(10);
        QVERIFY(!SentenceFrame(integers).exists() && !isSpecialToken(integers, 3) && !maskToken(integers));
    }

    void theTokenOfMaskedWordsIsFound() {
        QCOMPARE(maskToken(tokenizerOfCase("bert-mlm")), std::optional(4));
        const PieceTokenizer roberta = tokenizerOfCase("roberta");
        QCOMPARE(roberta.shown(maskToken(roberta).value()), std::string("<mask>"));
        QVERIFY(!maskToken(tokenizerOfCase("gpt2")));
    }

    void segmentsCountWhatEndedBefore() {
        ModelConfig model;
        model.segments = 2;
        model.segment_end = 3;
        const std::vector<int> pair{2, 10, 3, 11, 3, 12};
        QCOMPARE(segmentsOf(model, pair), (std::vector<int>{0, 0, 0, 1, 1, 1}));  // no third row: the last stays
        model.segments = 0;
        QVERIFY(segmentsOf(model, pair).empty());
    }

    void piecesOfAWordTouch() {
        const PieceTokenizer bert = tokenizerOfCase("bert-mlm"), gpt2 = tokenizerOfCase("gpt2");
        const std::vector<int> ids = SentenceFrame(bert).put({bert.encode("Mira lost gardens."), {}, true});
        const std::string words = joined(bert, ids);
        QVERIFY2(words.starts_with("[CLS]|mira|lost|ga+r+"), words.c_str());
        QVERIFY2(words.ends_with("|.|[SEP]"), words.c_str());
        const std::string blanks = joined(gpt2, gpt2.encode("Mira lost gardens, Mira."));
        QVERIFY2(blanks.starts_with("Mira| lost| +g+ar+"), blanks.c_str());
        QVERIFY2(blanks.ends_with("|,| Mira|."), blanks.c_str());
        // As a model writes them, not as the tokenizer would cut: letters say it.
        const std::vector<int> odd{gpt2.encode("M").front(), gpt2.encode("i").front(), gpt2.encode(" l").front()};
        QCOMPARE(joined(gpt2, odd), std::string("M+i| l"));
        QCOMPARE(joined(gpt2, gpt2.encode("\xE6\x9D\xB1")).find('|'), std::string::npos);  // bytes of one character
    }
};

QTEST_APPLESS_MAIN(SentenceFrameTest)
#include "sentence_frame_test.moc"
