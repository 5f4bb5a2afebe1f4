#include "core/writing/text_loss.h"

#include <QTest>

#include "core/base/errors.h"
#include "core/ops/softmax_row.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

std::shared_ptr<const Model> guessingModel(PositionKind position = PositionKind::rope) {
    ModelConfig c = llamaLike();
    c.num_classes = c.vocab_size;
    c.position.kind = position;
    return std::make_shared<const Model>(c);
}

/// -log p of token i of a text, given what its window shows of the past: from `first` on.
double natsOf(const Model& model, const Weights& weights, const std::vector<int>& text, std::size_t i, std::size_t first) {
    const std::vector<int> past(text.begin() + static_cast<std::ptrdiff_t>(first), text.begin() + static_cast<std::ptrdiff_t>(i));
    const Tensor logits = model.trace(weights, {past, {}, {}, {}, {}}).at("logits");
    const std::size_t classes = static_cast<std::size_t>(logits.extent(1));
    const auto row = softmaxRow(std::span(logits.values).last(classes));
    return -std::log(row.probability(static_cast<std::size_t>(text[i])));
}

TokenIds idsOf(const std::vector<int>& tokens) {
    TokenIds ids;
    for (const int token : tokens) ids.add(token);
    return ids;
}

/// Where the block of `windows` begins that scores token i of so many, in blocks of 12.
std::size_t firstOf(std::size_t tokens, std::size_t i, TextWindows windows) {
    for (const ScoredBlock& block : scoredBlocks(tokens, 12, windows))
        if (i > block.begin + static_cast<std::size_t>(block.firstScored) && i <= block.begin + 12) return block.begin;
    return std::string::npos;
}

}  // namespace

class TextLossTest : public QObject {
    Q_OBJECT

private slots:
    void everyTokenCountsOnceWithThePastOfItsWindow() {
        for (const int length : {2, 5, 12, 13, 24, 25, 31, 40}) {
            const auto model = guessingModel();
            const Weights weights = randomWeights<float>(*model, 4);
            const std::vector<int> text = randomTokens(5, length, 7);
            double disjoint = 0, overlap = 0;
            for (std::size_t i = 1; i < text.size(); ++i) {
                disjoint += natsOf(*model, weights, text, i, firstOf(text.size(), i, TextWindows::disjoint));
                overlap += natsOf(*model, weights, text, i, firstOf(text.size(), i, TextWindows::overlapping));
            }
            const auto apart = textLoss(*model, weights, idsOf(text), 99, 0, TextWindows::disjoint);
            const auto halved = textLoss(*model, weights, idsOf(text), 99, 0, TextWindows::overlapping);
            QCOMPARE(apart->tokens, std::int64_t{length - 1});
            QCOMPARE(halved->tokens, std::int64_t{length - 1});
            QVERIFY2(std::abs(apart->nats - disjoint) < 1e-4 * disjoint, qPrintable(QString::number(length)));
            QVERIFY2(std::abs(halved->nats - overlap) < 1e-4 * overlap, qPrintable(QString::number(length)));
        }
    }

    void aWindowMayBeShorterButNotLongerThanPositions() {
        const auto model = guessingModel(PositionKind::learned);
        const Weights weights = randomWeights<float>(*model, 4);
        const std::vector<int> text = randomTokens(5, 40, 7);
        const double twelve = textLoss(*model, weights, idsOf(text), 1, 12, TextWindows::disjoint)->nats;
        QCOMPARE(textLoss(*model, weights, idsOf(text), 1, 100, TextWindows::disjoint)->nats, twelve);
        QVERIFY(textLoss(*model, weights, idsOf(text), 1, 4, TextWindows::disjoint)->nats != twelve);
    }

    void itsMeasures() {
        const TextLoss loss{std::log(2.0) * 30, 10, 20, 4};
        QVERIFY(std::abs(loss.bitsPerByte() - 1.5) < 1e-12);
        QVERIFY(std::abs(loss.perplexity() - 8) < 1e-12);
        QVERIFY(std::abs(loss.accuracy() - 0.4) < 1e-12);
    }

    void itIsLeftWhenNobodyWaits() {
        const auto model = guessingModel();
        const Weights weights = randomWeights<float>(*model, 4);
        QVERIFY(
            !textLoss(*model, weights, idsOf(randomTokens(5, 40, 7)), 1, 0, TextWindows::overlapping, [](std::int64_t) { return false; }));
    }

    void refusesWhatGuessesNoText() {
        const auto model = guessingModel();
        const Weights weights = randomWeights<float>(*model, 4);
        const std::vector<int> one{3}, text = randomTokens(5, 9, 5);
        QVERIFY_THROWS_EXCEPTION(InputError, textLoss(*model, weights, idsOf(one), 1, 0, TextWindows::overlapping));
        const Model encoder(smallConfig());
        QVERIFY_THROWS_EXCEPTION(InputError,
                                 textLoss(encoder, randomWeights<float>(encoder, 4), idsOf(text), 1, 0, TextWindows::overlapping));
    }
};

QTEST_APPLESS_MAIN(TextLossTest)
#include "text_loss_test.moc"
