#include "core/training/growth.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>
#include <algorithm>
#include <cmath>

#include "core/config/validation.h"
#include "core/training/bench_plan.h"

using namespace lab;

namespace {

const GrowthCurve& curveNamed(std::string_view name) {
    for (const GrowthCurve& curve : growthCurves())
        if (curve.name == name) return curve;
    qFatal("no such curve");
}

double exponentOfSum(const GrowthCurve& curve, const std::vector<GrowthPart>& parts) {
    std::vector<double> sums(curve.values.size(), 0.0);
    for (const GrowthPart& part : parts)
        for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += part.amounts[i];
    return exponentOf(curve.values, sums);
}

const GrowthPart& partNamed(const std::vector<GrowthPart>& parts, std::string_view name) {
    for (const GrowthPart& part : parts)
        if (part.name == name) return part;
    qFatal("no such part");
}

/// As if every step took so many seconds for a multiply-add, and each round so much longer than the one before.
BenchReport invented(const GrowthCurve& curve, double exponent) {
    BenchReport report{"A Processor", "v3", {{2, 284}}, {}};
    for (const BenchRow& row : growthRows({&curve}, 2)) {
        BenchResult result{row};
        const double value = curve.values[report.results.size()];
        result.roundSeconds = {1e-6 * std::pow(value, exponent), 2e-6 * std::pow(value, exponent), 3e-6 * std::pow(value, exponent + 0.1)};
        result.stepSeconds = result.roundSeconds[1];
        result.memoryBytes = 1000 * value;
        report.results.push_back(result);
    }
    return report;
}

}  // namespace

class GrowthTest : public QObject {
    Q_OBJECT

private slots:
    void theExponentOfAPowerIsItself() {
        const std::vector<int> values = {1, 2, 4, 8, 16};
        QCOMPARE(exponentOf(values, {3, 3, 3, 3, 3}), 0.0);
        QCOMPARE(exponentOf(values, {3, 6, 12, 24, 48}), 1.0);
        QCOMPARE(exponentOf(values, {2, 8, 32, 128, 512}), 2.0);
    }

    void onlyTheUpperHalfCounts() {
        QCOMPARE(exponentOf({1, 2, 4, 8}, {7, 7, 4, 8}), 1.0);
        QCOMPARE(exponentOf({1, 2, 4, 8, 16}, {9, 9, 4, 8, 16}), 1.0);
        QCOMPARE(exponentOf({2}, {5}), 0.0);
    }

    void everyCurveGrowsInOneNumberAlone() {
        QStringList names;
        for (const GrowthCurve& curve : growthCurves()) {
            names += QString::fromUtf8(curve.name.data(), static_cast<int>(curve.name.size()));
            QVERIFY(std::is_sorted(curve.values.begin(), curve.values.end()));
            for (const int value : curve.values) validate(curve.at(value));
        }
        QCOMPARE(names, (QStringList{"n", "d", "L", "batch", "V"}));
        QCOMPARE(benchLength(curveNamed("n").at(128)), 128);
        QCOMPARE(curveNamed("d").at(128).model.d_model, 128);
        QCOMPARE(curveNamed("L").at(3).model.num_layers, 3);
        QCOMPARE(curveNamed("batch").at(7).training.batch_size, 7);
        QCOMPARE(*curveNamed("V").at(1000).model.vocab_size, 1000);
    }

    void whatIsExpectedOfTimeFollowsFromTheMultiplyAdds() {
        const auto expected = [](const char* name) { return exponentOfSum(curveNamed(name), growthTimeParts(curveNamed(name))); };
        QVERIFY(expected("n") > 1.2 && expected("n") < 2);
        QVERIFY(expected("d") > 1.5 && expected("d") < 2);
        QVERIFY(expected("L") > 0.95 && expected("L") < 1);
        QCOMPARE(expected("batch"), 1.0);
        QVERIFY(expected("V") > 0.5 && expected("V") < 1);
    }

    void partsHaveTheirOwnExponentsAndShares() {
        const std::vector<GrowthPart> n = growthTimeParts(curveNamed("n")), d = growthTimeParts(curveNamed("d"));
        QCOMPARE(partNamed(n, "projections").exponent, 1.0);
        QCOMPARE(partNamed(n, "pairs").exponent, 2.0);
        QCOMPARE(partNamed(d, "projections").exponent, 2.0);
        QCOMPARE(partNamed(d, "pairs").exponent, 1.0);
        double shares = 0;
        for (const GrowthPart& part : n) shares += part.share;
        QCOMPARE(shares, 1.0);
        // d 64, n 2048, a layer: 4 d^2 n in projections, 2 n^2 d in pairs
        QCOMPARE(partNamed(n, "pairs").share / partNamed(n, "projections").share, 2048.0 / (2 * 64));
    }

    void whatIsExpectedOfMemoryIsMadeOfItsParts() {
        const std::vector<GrowthPart> n = growthMemoryParts(curveNamed("n"), 2), batch = growthMemoryParts(curveNamed("batch"), 2);
        QVERIFY(partNamed(n, "vectors").exponent < 0.2);
        QVERIFY(partNamed(n, "pairs").exponent > 1);
        QCOMPARE(partNamed(batch, "rows").exponent, 0.0);  // a shard is as long as before
        const std::vector<GrowthPart> one = growthMemoryParts(curveNamed("n"), 1);
        QCOMPARE(2 * partNamed(one, "rows").amounts.back(), partNamed(n, "rows").amounts.back());
    }

    void aReportHasTheMedianOfTheRoundsExponents() {
        const GrowthCurve& curve = curveNamed("n");
        const std::vector<GrowthResult> results = growthOf({&curve}, invented(curve, 1.5));
        QCOMPARE(results.size(), std::size_t{1});
        const GrowthFit& time = results[0].time;
        QCOMPARE(time.exponent, 1.5);
        QCOMPARE(time.lowest, 1.5);
        QCOMPARE(time.highest, 1.6);
        QCOMPARE(time.expected, exponentOfSum(curve, growthTimeParts(curve)));
        QCOMPARE(results[0].memory.exponent, 1.0);
    }

    void whereMemoryIsUnknownNothingIsSaidOfIt() {
        const GrowthCurve& curve = curveNamed("d");
        BenchReport report = invented(curve, 1.5);
        for (BenchResult& result : report.results) result.memoryBytes = 0;
        const std::vector<GrowthResult> results = growthOf({&curve}, report);
        QVERIFY(results[0].memory.parts.empty());
        const QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(growthJson(report, results))).object();
        QVERIFY(!json["curves"].toArray()[0].toObject().contains("memory"));
    }

    void theJsonHasTheKeysOfTheFormat() {
        const GrowthCurve& curve = curveNamed("batch");
        const BenchReport report = invented(curve, 1);
        const QJsonObject json =
            QJsonDocument::fromJson(QByteArray::fromStdString(growthJson(report, growthOf({&curve}, report)))).object();
        QCOMPARE(json.keys(), (QStringList{"curves", "isa", "processor"}));
        const QJsonObject one = json["curves"].toArray()[0].toObject();
        QCOMPARE(one.keys(), (QStringList{"grows", "kept", "memory", "memory_mb", "step_ms", "threads", "time", "values"}));
        QCOMPARE(one["time"].toObject().keys(), (QStringList{"expected", "exponent", "highest", "lowest", "parts"}));
        QCOMPARE(one["time"].toObject()["expected"].toDouble(), 1.0);
        const QJsonObject part = one["time"].toObject()["parts"].toArray()[0].toObject();
        QCOMPARE(part.keys(), (QStringList{"exponent", "name", "share"}));
    }
};

QTEST_APPLESS_MAIN(GrowthTest)
#include "growth_test.moc"
