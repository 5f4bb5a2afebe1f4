#include "core/data/tokenizers/tokenizer.h"

#include <QtTest>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/data/tokenizers/integer_tokenizer.h"
#include "core/data/tokenizers/word_tokenizer.h"

using namespace lab;

namespace {

QString refusalOf(const Tokenizer& tokenizer, const char* text, bool target = false) {
    try {
        tokenizer.encode(text, target);
        return {};
    } catch (const InputError& error) {
        return QString::fromUtf8(error.what());
    }
}

std::shared_ptr<const Tokenizer> tokenizerFor(const char* task, Architecture architecture) {
    Experiment experiment;
    experiment.task.kind = std::string_view(task);
    experiment.task.vocab_size = 10;
    experiment.model.architecture = architecture;
    return tokenizerOf(resolved(experiment), {});
}

}  // namespace

class TokenizerTest : public QObject {
    Q_OBJECT

private slots:
    void integersAreTheirIds() {
        const IntegerTokenizer tokenizer(10);
        QCOMPARE(tokenizer.encode(" 3  1\t4 "), (std::vector{3, 1, 4}));
        QCOMPARE(tokenizer.encode(""), std::vector<int>());
        QCOMPARE(tokenizer.encode("12 -1", true), (std::vector{12, -1}));  // the model may have more rows than the data symbols
        QCOMPARE(tokenizer.decode({3, 1, -1}), std::string("3 1 -1"));
        QCOMPARE(tokenizer.shown(12), std::string("12"));
        QCOMPARE(tokenizer.symbols(), 10);
        QCOMPARE(tokenizer.rule().english(), std::string("integers 0 to 9"));
        QVERIFY(tokenizer.kept().words.empty());
        QCOMPARE(tokenizer.encodeOne("16777215"), IntegerTokenizer::largestId);
    }

    void wordsHaveTheirPlaceAsId() {
        const WordTokenizer tokenizer({"the", "cat", "sat", "the", "down"});
        QCOMPARE(tokenizer.encode("cat the\nsat -1", true), (std::vector{1, 0, 2, -1}));
        QCOMPARE(tokenizer.encode("down"), std::vector{4});
        QCOMPARE(tokenizer.decode({1, 4, 7}), std::string("cat down 7"));
        QCOMPARE(tokenizer.shown(2), std::string("sat"));
        QCOMPARE(tokenizer.shown({0, -1}), (std::vector<std::string>{"the", "-1"}));
        QCOMPARE(tokenizer.rule().english(), std::string("words of the vocabulary, such as the, cat, sat"));
        QCOMPARE(tokenizer.kept().words.size(), std::size_t{5});
    }

    void whatIsNoTokenIsNamedWithItsPlace() {
        const IntegerTokenizer integers(10);
        const WordTokenizer words({"a", "b"});
        QCOMPARE(refusalOf(words, "a cat"), QString("token 1: 'cat' is not in the vocabulary"));
        QCOMPARE(refusalOf(words, "cat a dog"),
                 QString("token 0: 'cat' is not in the vocabulary; token 2: 'dog' is not in the vocabulary"));
        QCOMPARE(refusalOf(words, "k k k k k k k k k k k").count(QLatin1String("token ")), 8);
        QCOMPARE(refusalOf(words, "-1"), QString("token 0: '-1' is not in the vocabulary"));
        QCOMPARE(refusalOf(integers, "1 x"), QString("token 1: 'x' is not an integer"));
        QCOMPARE(refusalOf(integers, "1 2.5"), QString("token 1: '2.5' is not an integer"));
        QCOMPARE(refusalOf(integers, "-1"), QString("token 0: -1 is out of range; tokens are integers from 0 to 16777215"));
        QCOMPARE(refusalOf(integers, "16777216"), QString("token 0: 16777216 is out of range; tokens are integers from 0 to 16777215"));
        QCOMPARE(refusalOf(integers, "1 99999999999999999999"),
                 QString("token 1: 99999999999999999999 is out of range; tokens are integers from 0 to 16777215"));
        QCOMPARE(refusalOf(integers, "1 -2", true),
                 QString("token 1: -2 is out of range; tokens are integers from 0 to 16777215, or -1 for no loss"));
    }

    void theSpecialTokenHasANameAndAnId() {
        const auto decoder = tokenizerFor("reverse", Architecture::decoder);
        QCOMPARE(decoder->special()->id, 10);
        QCOMPARE(decoder->shown(10), std::string("SEP"));
        QCOMPARE(decoder->written(10), std::string("10"));
        QCOMPARE(decoder->encode("3 1 sep 1 SEP 10"), (std::vector{3, 1, 10, 1, 10, 10}));
        QVERIFY(decoder->isSpecial("Sep") && !decoder->isSpecial("sepp") && !decoder->isSpecial("BOS"));
        QCOMPARE(decoder->symbols(), 10);
        QCOMPARE(tokenizerFor("reverse", Architecture::encoder_decoder)->shown(10), std::string("BOS"));
        const auto encoder = tokenizerFor("reverse", Architecture::encoder);
        QVERIFY(!encoder->special());
        QCOMPARE(encoder->shown(10), std::string("10"));
        QCOMPARE(refusalOf(*encoder, "3 SEP"), QString("token 1: 'SEP' is not an integer"));
        QVERIFY(!tokenizerFor("repeat", Architecture::decoder)->special());
    }

    void aRunsTokenizerIsOfItsWords() {
        Experiment experiment;
        experiment.task.kind = "pairs";
        experiment.model.vocab_size = 30;
        QCOMPARE(tokenizerOf(experiment, {})->symbols(), 30);
        QCOMPARE(tokenizerOf(experiment, {{"x", "y"}, {}})->encode("y x"), (std::vector{1, 0}));
    }

    void whatIsDecodedIsEncodedAgain() {
        const WordTokenizer words({"\u4E8C", "3", "b"});
        const IntegerTokenizer integers(10, SpecialToken{10, "SEP"});
        for (const std::vector<int>& tokens : {std::vector{2, 0, 1}, std::vector{1}, std::vector<int>{}})
            QCOMPARE(words.encode(words.decode(tokens)), tokens);
        QCOMPARE(integers.encode(integers.decode({3, 10, 5})), (std::vector{3, 10, 5}));
    }
};

QTEST_APPLESS_MAIN(TokenizerTest)
#include "tokenizer_test.moc"
