#include "core/data/tokenizers/token_roles.h"

#include <QtTest>

#include "core/data/sentences_dataset.h"
#include "core/data/tokenizers/integer_tokenizer.h"
#include "core/data/tokenizers/pipeline/plain_tokenizers.h"
#include "tests/core/pretrained/case_tokenizer.h"

using namespace lab;
using testing::tokenizerOfCase;

namespace {

/// "the|skipper": its words without blanks.
QString wordsOf(const Tokenizer& tokenizer, const std::vector<int>& tokens) {
    const TokenRoles roles = tokenRoles(tokenizer, tokens);
    QStringList words;
    for (std::size_t word = 0; word < roles.wordStarts.size(); ++word) {
        const auto from = tokens.begin() + roles.wordStarts[word];
        const auto to = word + 1 < roles.wordStarts.size() ? tokens.begin() + roles.wordStarts[word + 1] : tokens.end();
        words << QString::fromStdString(tokenizer.decode({from, to})).trimmed();
    }
    return words.join(QLatin1Char('|'));
}

}  // namespace

class TokenRolesTest : public QObject {
    Q_OBJECT

private slots:
    void piecesOfAWordBelongTogether_data() {
        QTest::addColumn<QByteArray>("name");
        for (const char* name : {"bert-mlm", "gpt2", "roberta", "llama-gqa", "qwen3"}) QTest::newRow(name) << QByteArray(name);
    }
    void piecesOfAWordBelongTogether() {
        QFETCH(QByteArray, name);
        const PieceTokenizer tokenizer = tokenizerOfCase(name.constData());
        const std::string text = "watching quiet bridges sleepingred letters";
        QCOMPARE(wordsOf(tokenizer, tokenizer.encode(text)), QStringLiteral("watching|quiet|bridges|sleepingred|letters"));
        QVERIFY(tokenizer.encode(text).size() > 5);
    }

    void tokensThatFrameASentenceAreSpecial() {
        const PieceTokenizer tokenizer = tokenizerOfCase("bert-mlm");
        const std::vector<int> tokens = framedSentence(tokenizer, "the boat");
        const TokenRoles roles = tokenRoles(tokenizer, tokens);
        QVERIFY(roles.special.front() && roles.special.back());
        QVERIFY(!roles.special[1]);
        QCOMPARE(roles.wordStarts.front(), 0);
        QCOMPARE(roles.wordStarts.back(), static_cast<int>(tokens.size()) - 1);
    }

    void otherTokensAreWordsEach() {
        const PieceTokenizer bytes(byteTokenizerJson(), "bytes");
        QCOMPARE(tokenRoles(bytes, bytes.encode("boat")).wordStarts.size(), std::size_t{4});
        const IntegerTokenizer numbers(10);
        const TokenRoles roles = tokenRoles(numbers, std::vector<int>{4, 4, 7});
        QCOMPARE(roles.wordStarts, (std::vector<int>{0, 1, 2}));
        QCOMPARE(roles.special, std::vector<bool>(3, false));
    }

    void twoHundredSentencesComeWithTheProgram() {
        const PieceTokenizer tokenizer = tokenizerOfCase("bert-mlm");
        const auto sentences = usualSentences(tokenizer, 16);
        QCOMPARE(sentences.size(), std::size_t{200});
        QCOMPARE(std::set(sentences.begin(), sentences.end()).size(), sentences.size());
        for (const std::vector<int>& tokens : sentences) QVERIFY(tokens.size() > 2 && tokens.size() <= 16);
    }
};

QTEST_APPLESS_MAIN(TokenRolesTest)
#include "token_roles_test.moc"
