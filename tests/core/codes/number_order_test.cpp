#include "core/codes/number_order.h"

#include <QtTest>
#include <nlohmann/json.hpp>

#include "core/codes/code_json.h"
#include "core/codes/code_sentences.h"
#include "core/goedel/goedel_number.h"
#include "tests/core/codes/codes_testing.h"

using namespace lab;
using namespace lab::testing;
using goedel::Natural;

namespace {

bool isNear(const std::optional<double>& a, double b) {
    return a && std::abs(*a - b) < 1e-9;
}

}  // namespace

class NumberOrderTest : public QObject {
    Q_OBJECT

private slots:
    void spearmanByHand() {
        QVERIFY(isNear(codes::rankCorrelation({1, 5, 9}, {2, 3, 100}), 1));
        QVERIFY(isNear(codes::rankCorrelation({1, 5, 9}, {7, 3, -1}), -1));
        QVERIFY(isNear(codes::rankCorrelation({1, 2, 3}, {1, 3, 2}), 0.5));
        // Ranks .5 .5 2 against 0 1 2: (1.5 * 1) / sqrt(1.5 * 2).
        QVERIFY(isNear(codes::rankCorrelation({4, 4, 8}, {1, 2, 3}), 1.5 / std::sqrt(3.0)));
        QVERIFY(!codes::rankCorrelation({4, 4, 4}, {1, 2, 3}));
    }

    /// Codes that spell the sequence, its first symbol the highest digit, have the order of a dictionary.
    void mixedRadixOfTheSequenceKeepsOrder() {
        const CodedModel coded(codedExperiment("fsq", {{"slots", 4}, {"levels", 5}}));
        codes::CodeReport report = *codes::codeReport(coded.coder, coded.task);
        for (std::size_t i = 0; i < report.codes.size(); ++i)
            report.codes[i] = codes::Code(coded.set.sequences[i].rbegin(), coded.set.sequences[i].rend());
        const auto order = codes::numberOrder(coded.coder, coded.task.experiment, coded.set, report);
        QVERIFY(isNear(order->learned.rankCorrelation, 1));
        QCOMPARE(order->learned.pairsInOrder, 1.0);
        QCOMPARE(order->sequences, coded.set.size());
        QCOMPARE(order->learned.moves, 4 * coded.set.size());
        QVERIFY(order->learned.mostBits <= report.bitsRoom + 1e-9);
    }

    void goedelsOrderIsThatOfItsNumbers() {
        const CodedModel coded;
        const codes::CodeReport report = *codes::codeReport(coded.coder, coded.task);
        const auto order = codes::numberOrder(coded.coder, coded.task.experiment, coded.set, report);
        int kept = 0, pairs = 0;
        std::size_t mostBits = 0;
        for (std::size_t i = 0; i < coded.set.sequences.size(); ++i) {
            const Natural own = goedel::goedelNumber(coded.set.sequences[i]);
            mostBits = std::max(mostBits, own.bits());
            for (std::size_t j = i + 1; j < coded.set.sequences.size(); ++j) {
                const Natural other = goedel::goedelNumber(coded.set.sequences[j]);
                ++pairs;
                kept += (own < other) == (coded.set.sequences[i] < coded.set.sequences[j]);
            }
        }
        QVERIFY(std::abs(order->goedel.pairsInOrder - static_cast<double>(kept) / pairs) < 1e-9);
        QVERIFY(std::abs(order->goedel.mostBits - static_cast<double>(mostBits)) <= 1);
        QVERIFY(order->goedel.lossless);
        // 1 - 1 / p of primes 2, 3, 5, 7.
        QVERIFY(order->goedel.medianMove >= 0.5 - 1e-9 && order->goedel.medianMove <= 6.0 / 7 + 1e-9);
        QCOMPARE(order->learned.lossless, report.isLosslessHere());
        QCOMPARE(codes::orderSentences(*order).size(), std::size_t{4});
        QVERIFY(codes::orderJson(*order)["goedel"]["lossless"].get<bool>());
        QVERIFY(!codes::numberOrder(coded.coder, coded.task.experiment, coded.set, report, {}, [](double) { return false; }));
    }

    void onlyWhatWasMeasuredIsCalledLossless() {
        codes::NumberOrder order;
        order.goedel.lossless = true;
        const auto last = [&] { return codes::orderSentences(order).back().english(); };
        QVERIFY(last().find("not lossless") != std::string::npos);
        order.learned.lossless = true;
        QVERIFY(last().find("lost nothing") != std::string::npos && last().find("Of others that says nothing") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(NumberOrderTest)
#include "number_order_test.moc"
