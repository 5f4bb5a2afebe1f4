#include "core/goedel/parallels.h"

#include <QTest>
#include <set>

#include "tests/core/goedel/goedel_testing.h"

using namespace lab;
using namespace lab::goedel;
using namespace lab::goedel::testing;

namespace {

QString shownOf(std::string_view id, std::size_t row, const Symbols& symbols = piDigits, int size = 10) {
    const auto rows = findParallel(id)->shown(symbols, size);
    return row < rows.size() ? QString::fromStdString(rows[row].second.english()) : QString();
}

}  // namespace

class ParallelsTest : public QObject {
    Q_OBJECT

private slots:
    void everyRowIsJudgedWithAReason() {
        std::set<std::string_view> ids;
        std::set<Judgement> judgements;
        ParallelKind kind = ParallelKind::parallel;
        for (const Parallel& row : parallels()) {
            QVERIFY(ids.insert(row.id).second);
            QVERIFY(*row.claim.text && std::string_view(row.why.text).size() > 60);
            QVERIFY(row.kind >= kind);  // in the order of the kinds
            kind = row.kind;
            judgements.insert(row.judgement);
            QCOMPARE(findParallel(row.id), &row);
        }
        QVERIFY(kind == ParallelKind::speculation);
        QCOMPARE(judgements.size(), std::size_t(3));
        QVERIFY(!findParallel("consciousness"));
        for (const char* topic : {"proof-search", "storage", "transmission", "cryptography"}) QVERIFY2(findParallel(topic), topic);
        QCOMPARE(std::string(judgementText(Judgement::halfTrue).text), std::string("half true"));
        QCOMPARE(std::string(parallelKindText(ParallelKind::divergence).text), std::string("Divergences"));
    }

    void numbersAreShownOfEverySequence() {
        const std::vector<std::pair<Symbols, int>> sequences = {
            {{}, 10}, {{0}, 1}, {{0}, 2}, {{1}, 2}, {piDigits, 10}, {Symbols(40, 9), 10}, {someDigits(5000), 10}, {{4999}, 5000}};
        for (const Parallel& row : parallels())
            for (const auto& [symbols, size] : sequences) {
                if (!row.shown) continue;
                for (const auto& [what, howMuch] : row.shown(symbols, size))
                    QVERIFY2(!what.english().empty() && !howMuch.english().empty(), row.id.data());
            }
    }

    void numbersAreRight() {
        QCOMPARE(shownOf("symbols-to-numbers", 0), QString::fromStdString(groupedDigits(piNumber)));
        QCOMPARE(shownOf("symbols-to-numbers", 1), QStringLiteral("38"));
        QCOMPARE(shownOf("weighted-sum", 0), QStringLiteral("86.06"));
        QCOMPARE(shownOf("order", 1), QString::fromStdString(groupedDigits(goedelNumber({6, 2, 9, 5, 1, 4, 1, 3}).toDecimal(), 60, 15)));
        QCOMPARE(shownOf("order", 2), QStringLiteral("2^39"));
        QCOMPARE(shownOf("recoverable", 2), QStringLiteral("324, 216"));
        QCOMPARE(shownOf("similar", 1), QString::fromStdString(groupedDigits((decimal(piNumber) * 19).toDecimal(), 60, 15)));
        QCOMPARE(shownOf("similar", 2), QStringLiteral("19"));
        QCOMPARE(shownOf("similar", 2, {0, 9}), QStringLiteral("1/3"));
        QCOMPARE(shownOf("exact", 0), QStringLiteral("the number has the factor 3527 without 2: the primes of a sequence have no gap"));
        QCOMPARE(shownOf("storage", 0), QStringLiteral("125"));
        QCOMPARE(shownOf("storage", 1), QStringLiteral("27"));
        QCOMPARE(shownOf("storage", 2), QStringLiteral("26.58"));
        QCOMPARE(shownOf("transmission", 0), QStringLiteral("125"));
        QCOMPARE(shownOf("transmission", 1), QStringLiteral("0"));
        QCOMPARE(shownOf("transmission", 1, {0}), QStringLiteral("0"));  // 2 becomes 3, or 0
        QCOMPARE(shownOf("transmission", 1, {1}), QStringLiteral("1"));  // 4 becomes 5, 6, or 0: 6 is of 0 0
        QCOMPARE(shownOf("cryptography", 0), QStringLiteral("48"));
    }
};

QTEST_APPLESS_MAIN(ParallelsTest)
#include "parallels_test.moc"
