#include "core/memory/evidence.h"

#include <QtTest>
#include <cmath>

#include "core/base/errors.h"
#include "core/base/random.h"
#include "core/memory/concepts.h"
#include "core/memory/gram_mixing.h"

using namespace lab;

namespace {

std::string refusal(const std::string& text) {
    try {
        parseConcepts(text);
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

class EvidenceTest : public QObject {
    Q_OBJECT

private slots:
    void truthIsShareAndAmount() {
        const Truth truth = truthOf({2, 3});
        QCOMPARE(truth.frequency, 2.0 / 3);
        QCOMPARE(truth.confidence, 0.75);
        QVERIFY(std::isnan(truthOf({}).frequency));
        QCOMPARE(truthOf({}).confidence, 0.0);
        QCOMPARE(truthOf({}).expectation(), 0.5);
        QCOMPARE(truthOf({1, 1}).expectation(), 0.75);
        QCOMPARE(truthOf({0, 1}).expectation(), 0.25);
    }

    void revisionOfTruthsIsAddingOfEvidence() {
        for (int a = 0; a <= 6; ++a)
            for (int p = 0; p <= a; ++p)
                for (int b = 0; b <= 6; ++b)
                    for (int q = 0; q <= b; ++q) {
                        const Truth sum = truthOf({double(p + q), double(a + b)}),
                                    rule = revised(truthOf({double(p), double(a)}), truthOf({double(q), double(b)}));
                        QVERIFY(std::abs(sum.confidence - rule.confidence) < 1e-12);
                        if (a + b > 0) QVERIFY(std::abs(sum.frequency - rule.frequency) < 1e-12);
                        const Evidence back = evidenceOf(truthOf({double(p), double(a)}));
                        QVERIFY(std::abs(back.total - a) < 1e-12 && (a == 0 || std::abs(back.positive - p) < 1e-12));
                    }
    }

    void eventsAreRead() {
        const ConceptStream stream = parseConcepts("bird, flies\n\n2 x bird; - ;flies bird\r\n");
        QCOMPARE(stream.names, (std::vector<std::string>{"bird", "flies"}));
        QCOMPARE(stream.events, (std::vector<std::vector<int>>{{0, 1}, {0}, {0}, {}, {0, 1}}));
        QCOMPARE(conceptText(stream), std::string("bird flies\n2 x bird\n-\nbird flies\n"));
        QCOMPARE(parseConcepts(conceptText(stream)), stream);
        QCOMPARE(static_cast<int>(firstEvents(stream, 2).events.size()), 2);
        QCOMPARE(parseConcepts("1 x a x").events, (std::vector<std::vector<int>>{{0, 1}}));
        QCOMPARE(parseConcepts(conceptText(parseConcepts("1 x a x"))), parseConcepts("1 x a x"));
        QVERIFY(parseConcepts("").events.empty());
    }

    void badEventsGetASentenceWithTheLine() {
        QCOMPARE(refusal("a b\n0 x a"), std::string("line 2: “0” before x is no number from 1 to 5000"));
        QCOMPARE(refusal("many x a"), std::string("line 1: “many” before x is no number from 1 to 5000"));
        QCOMPARE(refusal("a\n3 x"), std::string("line 2: nothing stands behind x"));
        QCOMPARE(refusal("a;5000 x b"), std::string("line 1: more than 5000 events"));
        QVERIFY(refusal("a b c d e f g h i j k l\nm").starts_with("line 2: “m” would be one concept more than 12"));
        QVERIFY(refusal(std::string(25, 'a')).starts_with("line 1: a name has more than"));
        QCOMPARE(refusal("\xff"), std::string("the text is not UTF-8"));
    }

    void pairsAreCounted() {
        const ConceptStream stream = parseConcepts("a b\n2 x a\n3 x b\n4 x -\n");
        const PairCounts counts = countPair(stream, 0, 1);
        QCOMPARE(counts, (PairCounts{1, 2, 3, 4}));
        QCOMPARE(counts.events(), 10);
        QCOMPARE(hebbWeight(counts, NodeStates::zeroOne), 1.0);
        QCOMPARE(hebbWeight(counts, NodeStates::plusMinus), 0.0);  // 1 + 4 - 2 - 3
        QCOMPARE(evidenceOf(counts), (Evidence{1, 3}));
    }

    /// Hebb's rule one event after the other, as it is written, against the counts.
    void theWeightIsHebbsSum() {
        ConceptStream stream{{"a", "b", "c"}, {}};
        for (std::uint64_t e = 0; e < 60; ++e) {
            stream.events.emplace_back();
            for (int c = 0; c < 3; ++c)
                if (RandomStream(3, "events").bits(e * 3 + static_cast<std::uint64_t>(c)) % 3 == 0) stream.events.back().push_back(c);
        }
        for (const NodeStates states : {NodeStates::zeroOne, NodeStates::plusMinus})
            for (int a = 0; a < 3; ++a)
                for (int b = 0; b < 3; ++b) {
                    if (a == b) continue;
                    double w = 0;
                    const PairHistory history = pairHistory(stream, a, b, states);
                    QCOMPARE(history.weight.size(), stream.events.size() + 1);
                    for (std::size_t e = 0; e < stream.events.size(); ++e) {
                        const auto x = [&](int c) {
                            const bool on = std::ranges::find(stream.events[e], c) != stream.events[e].end();
                            return on ? 1.0 : states == NodeStates::zeroOne ? 0.0 : -1.0;
                        };
                        w += x(a) * x(b);
                        QCOMPARE(history.weight[e + 1], w);
                    }
                    QCOMPARE(hebbWeight(countPair(stream, a, b), states), w);
                    QCOMPARE(history.confidence.back(), truthOf(evidenceOf(countPair(stream, a, b))).confidence);
                }
    }

    void aRareButCertainPairIsRankedDifferently() {
        const ConceptStream stream = parseConcepts(conceptExample());
        const std::vector<PairRow> rows = pairRows(stream, NodeStates::zeroOne);
        const std::vector<OrderConflict> conflicts = orderConflicts(rows);
        QVERIFY(!conflicts.empty());
        for (const OrderConflict& c : conflicts) {
            const PairRow& heavier = rows[static_cast<std::size_t>(c.heavier)];
            const PairRow& surer = rows[static_cast<std::size_t>(c.surer)];
            QVERIFY(heavier.weight > surer.weight && surer.truth.expectation() > heavier.truth.expectation());
        }
        const auto row = [&](const std::string& a, const std::string& b) {
            return *std::ranges::find_if(rows, [&](const PairRow& r) {
                return stream.names[static_cast<std::size_t>(r.first)] == a && stream.names[static_cast<std::size_t>(r.second)] == b;
            });
        };
        const PairRow often = row("bird", "flies"), rare = row("penguin", "swims");
        QVERIFY(often.weightRank < rare.weightRank && often.evidenceRank > rare.evidenceRank);
        QCOMPARE(rare.truth.frequency, 1.0);
        QVERIFY(rare.truth.confidence < often.truth.confidence);
        const QString said = QString::fromStdString(conflictText(stream, rows, conflicts.front()).english());
        QVERIFY2(said.startsWith("Hebb puts "), qPrintable(said));
        QCOMPARE(orderAgreements(rows) > 0, true);
        // Both are counted once each, so agreements, conflicts and ties make all pairs of rows.
        QVERIFY(orderAgreements(rows) + static_cast<int>(conflicts.size()) <= static_cast<int>(rows.size() * (rows.size() - 1) / 2));
    }

    void revisionJoinsWhatWasCutApart() {
        const ConceptStream stream = parseConcepts(conceptExample());
        const int count = static_cast<int>(stream.events.size());
        for (int cut = 0; cut <= count + 1; ++cut) {
            const RevisionCheck check = checkRevision(stream, 0, 1, cut);
            QCOMPARE(check.before.total + check.after.total, check.together.total);
            QVERIFY(check.difference < 1e-12);
        }
        QCOMPARE(checkRevision(stream, 0, 1, 0).truthBefore.confidence, 0.0);
        QCOMPARE(checkRevision(stream, 0, 1, count).truthAfter.confidence, 0.0);
    }

    void gramMixingByHand() {
        const StoredVectors x{3, 2, {1, 0, 1, 1, 0, -2}};
        const GramMixing raw = gramMixing(x, GramWeights::raw, 1);
        QCOMPARE(raw.products, (std::vector<double>{1, 1, 0, 1, 2, -2, 0, -2, 4}));
        QCOMPARE(raw.mixed, (std::vector<double>{2, 1, 3, 6, -2, -10}));
        QCOMPARE(raw.hebb, (std::vector<double>{2, 1, 1, 5}));
        QCOMPARE(raw.differenceToHebb, 0.0);
        QCOMPARE(productByHand(x, 1, 2), std::string("1 · 0 + 1 · (−2) = −2"));
        QCOMPARE(mixtureByHand(x, raw, 1, 1), std::string("1 · 0 + 2 · 1 + (−2) · (−2) = 6"));
    }

    void softmaxedRowsAreUpdatesOfTheModernNet() {
        const StoredVectors x = randomVectors(4, 3, 2);
        for (const auto& [kind, beta, used] : {std::tuple{GramWeights::softmax, 5.0, 1.0}, {GramWeights::withBeta, 2.5, 2.5}}) {
            const GramMixing mixing = gramMixing(x, kind, beta);
            const ModernNet net(x, used);
            for (int i = 0; i < 3; ++i) {
                const std::vector<double> next = net.update({x.row(i), x.row(i) + 2});
                QVERIFY(distanceOf(next, {mixing.mixed.begin() + 2 * i, mixing.mixed.begin() + 2 * i + 2}) < 1e-12);
                QVERIFY(std::abs(mixing.rowSums[static_cast<std::size_t>(i)] - 1) < 1e-12);
            }
            QVERIFY(mixing.differenceToHebb > 1e-3);
        }
    }
};

QTEST_APPLESS_MAIN(EvidenceTest)
#include "evidence_test.moc"
