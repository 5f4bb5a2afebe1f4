#include "core/patterns/lsh.h"

#include <QTest>

#include "core/base/random.h"

using namespace lab;

namespace {

/// One line a query: x where it may look.
QString picture(const LshPairs& pairs, int n) {
    QStringList lines;
    for (int i = 0; i < n; ++i) {
        QString line;
        for (int j = 0; j < n; ++j) line += pairs.mayAttend(i, j) ? 'x' : '.';
        lines << line;
    }
    return lines.join(' ');
}

std::vector<double> randomVectors(int n, int width, std::uint64_t seed = 1) {
    std::vector<double> values;
    for (int i = 0; i < n * width; ++i) values.push_back(RandomStream(seed, "vectors").normal(static_cast<std::uint64_t>(i)));
    return values;
}

Visibility hashing(int buckets, int rounds, int chunk, double seed, bool causal = false, bool masked = false) {
    return Visibility({"lsh", {{"buckets", buckets}, {"rounds", rounds}, {"chunk", chunk}, {"seed", seed}}}, causal, masked);
}

}  // namespace

class LshTest : public QObject {
    Q_OBJECT

private slots:
    void whoMeetsWhom_data() {
        QTest::addColumn<QString>("buckets");  // one line a round
        QTest::addColumn<int>("chunk");
        QTest::addColumn<bool>("causal");
        QTest::addColumn<bool>("masked");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* buckets, int chunk, bool causal, bool masked, const char* expected) {
            QTest::newRow(name) << QString(buckets) << chunk << causal << masked << QString(expected);
        };
        row("buckets alone", "0101", 9, false, false, "x.x. .x.x x.x. .x.x");
        row("nobody looks at itself", "0101", 9, false, true, "..x. ...x x... .x..");
        row("whoever is alone does", "0120", 9, false, true, "...x .x.. ..x. x...");
        row("decoder", "0000", 9, true, false, "x... xx.. xxx. xxxx");
        row("decoder, nobody looks at itself", "0010", 9, true, true, "x... x... ..x. xx..");
        row("own chunk and the one before", "00000", 2, false, false, "xx... xx... xxxx. xxxx. ..xxx");
        row("chunks of the sorted order", "10010", 2, false, false,  // sorted: 1 2 | 4 0 | 3
            "x.... .xx.. .xx.. x..x. .xx.x");
        row("chunks of each bucket in a decoder", "10010", 2, true, false, "x.... .x... .xx.. x..x. .xx.x");
        row("chunks of one", "0000", 1, true, false, "x... xx.. .xx. ..xx");
        row("rounds join", "0011 0101", 9, false, false, "xxx. xx.x x.xx .xxx");
        row("a pair of both rounds is one pair", "0011 0011", 9, false, false, "xx.. xx.. ..xx ..xx");
        row("one position", "1", 3, false, true, "x");
    }
    void whoMeetsWhom() {
        QFETCH(QString, buckets);
        QFETCH(int, chunk);
        QFETCH(bool, causal);
        QFETCH(bool, masked);
        const QStringList rounds = buckets.split(' ');
        std::vector<int> all;
        for (const QString& round : rounds)
            for (const QChar c : round) all.push_back(c.digitValue());
        const LshNumbers numbers{4, static_cast<int>(rounds.size()), chunk, 0};
        QTEST(picture(LshPairs(numbers, all, causal, masked), static_cast<int>(rounds.front().size())), "expected");
    }

    void aLaterTokenChangesNoEarlierRowOfADecoder() {
        const int n = 40, width = 5;
        const std::vector<double> x = randomVectors(n, width);
        for (const bool masked : {false, true})
            for (const int chunk : {1, 3, 100}) {
                const LshNumbers numbers{6, 3, chunk, 8};
                const std::vector<double> directions = lshDirections(numbers, "layer", 0, width);
                const auto pairsOf = [&](int length) {
                    return LshPairs(numbers, lshBuckets(numbers, directions, x.data(), width, length, width), true, masked);
                };
                const LshPairs whole = pairsOf(n);
                for (int length = 1; length < n; ++length) {
                    const LshPairs some = pairsOf(length);
                    for (int i = 0; i < length; ++i)
                        for (int j = 0; j < length; ++j) QCOMPARE(some.mayAttend(i, j), whole.mayAttend(i, j));
                }
            }
    }

    void aBucketIsTheDirectionThatAVectorPointsAlongMost() {
        const LshNumbers numbers{8, 2, 4, 3};
        const int width = 3, half = 4;
        const std::vector<double> directions = lshDirections(numbers, "layer", 1, width);
        QCOMPARE(directions.size(), std::size_t{2 * 4 * 3});
        for (int round = 0; round < 2; ++round)
            for (int b = 0; b < half; ++b) {
                const double* direction = directions.data() + (round * half + b) * width;
                std::vector<double> along(direction, direction + width), against;
                for (double& value : along) value *= 7;  // lengths do not count
                for (const double value : along) against.push_back(-0.001 * value);
                double most = 0;  // the direction itself may be longer along another one
                int best = 0;
                for (int other = 0; other < half; ++other) {
                    double sum = 0;
                    for (int c = 0; c < width; ++c)
                        sum += along[std::size_t(c)] * directions[std::size_t((round * half + other) * width + c)];
                    if (std::abs(sum) > most) {
                        most = std::abs(sum);
                        best = sum > 0 ? other : other + half;
                    }
                }
                const auto bucketOf = [&](const std::vector<double>& x) {
                    return lshBuckets(numbers, directions, x.data(), width, 1, width)[std::size_t(round)];
                };
                QCOMPARE(bucketOf(along), best);
                QCOMPARE(bucketOf(against), (best + half) % (2 * half));
            }
    }

    /// In single precision as in double; equal vectors together in every round; more rounds leave the first ones as they were.
    void bucketsAreTheSameForEver() {
        const int n = 30, width = 6;
        std::vector<double> x = randomVectors(n, width);
        std::copy_n(x.begin(), width, x.begin() + 7 * width);
        const std::vector<float> single(x.begin(), x.end());
        const LshNumbers few{10, 2, 4, 3}, many{10, 5, 4, 3}, other{10, 2, 4, 4};
        const auto bucketsOf = [&](const LshNumbers& numbers, const char* layer = "layer", int head = 0) {
            return lshBuckets(numbers, lshDirections(numbers, layer, head, width), x.data(), width, n, width);
        };
        const std::vector<int> buckets = bucketsOf(few), more = bucketsOf(many);
        QVERIFY(std::equal(buckets.begin(), buckets.end(), more.begin()));
        QVERIFY(lshBuckets(few, lshDirections(few, "layer", 0, width), single.data(), width, n, width) == buckets);
        QVERIFY(bucketsOf(other) != buckets && bucketsOf(few, "another") != buckets && bucketsOf(few, "layer", 1) != buckets);
        for (int round = 0; round < 5; ++round) QCOMPARE(more[std::size_t(round * n)], more[std::size_t(round * n + 7)]);
        QVERIFY(*std::min_element(more.begin(), more.end()) >= 0 && *std::max_element(more.begin(), more.end()) < 10);
    }

    /// What is known without the vectors.
    void visibilityNamesAllThatMayBeSeen() {
        const Visibility encoder = hashing(4, 2, 3, 1, false, true), decoder = hashing(4, 2, 3, 1, true, true);
        QVERIFY(encoder.hashes() && !Visibility().hashes() && !encoder.isPlain() && !encoder.hidesNothing());
        QVERIFY(encoder.tellsPlacesApart(4));
        for (int i = 0; i < 6; ++i)
            for (int j = 0; j < 6; ++j) {
                QVERIFY(encoder.mayAttend(i, j, 6));
                QCOMPARE(decoder.mayAttend(i, j, 6), j <= i);
            }
        const LshNumbers numbers = lshNumbersOf(decoder);
        QCOMPARE(numbers.buckets, 4);
        QCOMPARE(numbers.rounds, 2);
        QCOMPARE(numbers.chunk, 3);
        QCOMPARE(numbers.seed, std::uint64_t{1});
    }

    void sharingABucketIsSaidApartFromChunks() {
        const std::vector<int> buckets{0, 0, 0, 1};
        const LshPairs pairs({2, 1, 1, 0}, buckets, false, false);
        QVERIFY(pairs.shareBucket(2, 0) && !pairs.mayAttend(2, 0) && !pairs.shareBucket(3, 0));
    }
};

QTEST_APPLESS_MAIN(LshTest)
#include "lsh_test.moc"
