#include "core/codes/code_report.h"

#include <QtTest>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/codes/code_json.h"
#include "core/codes/code_sentences.h"
#include "core/training/trainer.h"
#include "tests/core/codes/codes_testing.h"
#include "tests/core/sample_dataset.h"

using namespace lab;
using namespace lab::testing;
using codes::CodeReport;

namespace {

bool isAbout(double a, double b) {
    return std::abs(a - b) < 1e-9;
}

CodeReport reportOn(const CodedModel& coded, const codes::CodeQuestion& question = {}) {
    return *codes::codeReport(coded.coder, coded.task.experiment.task, coded.set, question);
}

}  // namespace

class CodeReportTest : public QObject {
    Q_OBJECT

private slots:
    /// Everything counted once more, pair by pair.
    void aReportIsWhatIsCountedSlowly() {
        const CodedModel coded;
        const CodeReport report = reportOn(coded);
        const std::size_t n = coded.set.samples.size();
        int exact = 0, right = 0, colliding = 0;
        std::int64_t pairs = 0;
        for (std::size_t i = 0; i < n; ++i) {
            int own = 0;
            for (std::size_t p = 0; p < 4; ++p) own += report.decoded[i][p] == coded.set.samples[i].targets[p];
            right += own;
            exact += own == 4;
            bool shares = false;
            for (std::size_t j = 0; j < n; ++j) {
                if (i == j || report.codes[i] != report.codes[j]) continue;
                shares = true;
                pairs += i < j;
            }
            colliding += shares;
        }
        QCOMPARE(report.sequences, static_cast<int>(n));
        QCOMPARE(report.exact, (Tally{exact, static_cast<int>(n)}));
        QCOMPARE(report.positions, (Tally{right, static_cast<int>(4 * n)}));
        QCOMPARE(report.colliding, colliding);
        QCOMPARE(report.collidingPairs, pairs);
        QVERIFY(colliding > 0);  // 27 codes
        QCOMPARE(std::ssize(report.collisions), std::min<std::ptrdiff_t>(200, pairs));
        for (const codes::Collision& each : report.collisions) {
            QVERIFY(each.first < each.second);
            QCOMPARE(report.codes[each.first], report.codes[each.second]);
            QVERIFY(each.number == codes::numberOf(report.shape, report.codes[each.first]));
            QVERIFY(!each.differing.empty() && !each.sameAnswer);
        }
        double bits = 0;
        for (std::size_t m = 0; m < 3; ++m) {
            double entropy = 0;
            for (int c = 0; c < 3; ++c) {
                const auto count = std::ranges::count_if(report.codes, [&](const codes::Code& code) { return code[m] == c; });
                QCOMPARE(report.usage[m].counts[static_cast<std::size_t>(c)], static_cast<int>(count));
                const double share = static_cast<double>(count) / static_cast<double>(n);
                if (count > 0) entropy -= share * std::log2(share);
            }
            QVERIFY(isAbout(report.usage[m].bits(), entropy) && isAbout(report.usage[m].perplexity(), std::exp2(entropy)));
            bits += entropy;
        }
        QVERIFY(isAbout(report.bitsUsed, bits) && isAbout(report.bitsRoom, 3 * std::log2(3)));
    }

    void perplexityByHand() {
        QVERIFY(isAbout(codes::usageOf({2, 2, 0, 0}).perplexity(), 2));
        QVERIFY(isAbout(codes::usageOf({2, 2, 0, 0}).bits(), 1));
        QCOMPARE(codes::usageOf({2, 2, 0, 0}).unused(), 2);
        QVERIFY(isAbout(codes::usageOf({5, 0}).perplexity(), 1) && codes::usageOf({5, 0}).bits() == 0);
        QVERIFY(isAbout(codes::usageOf({1, 1, 2}).bits(), 1.5));
        QVERIFY(isAbout(codes::usageOf({7, 7, 7, 7, 7}).perplexity(), 5));
    }

    /// 3 codes for some 60 sequences: all but 2 at the most share theirs, whatever the weights.
    void fewerCodesThanSequencesCollide() {
        const CodedModel coded(codedExperiment("fsq", {{"slots", 1}, {"levels", 3}}));
        const CodeReport report = reportOn(coded, {.mostCollisions = 7});
        QVERIFY(report.cannotBeInjective());
        QVERIFY(report.differentCodes <= 3 && report.colliding >= report.sequences - 2);
        QCOMPARE(report.collisions.size(), std::size_t{7});
        QVERIFY(report.collidingPairs > 7);
        QVERIFY(isAbout(report.chanceOfAll, 1 - std::pow(2.0 / 3, report.sequences - 1)));
        QVERIFY(!report.isLosslessHere());
        const std::string said = codes::injectivitySentence(report).english();
        QVERIFY2(said.find("pigeonhole") != said.npos, said.c_str());
        QVERIFY(codes::bitsSentence(report).english().find("no code can tell all apart") != std::string::npos);
    }

    void equalSequencesCountOnce() {
        const CodedModel coded(codedExperiment("fsq", {{"slots", 3}, {"levels", 3}}, 2, 2));
        QCOMPARE(coded.set.size(), 4);
        QCOMPARE(coded.set.repeated, coded.set.drawn - 4);
        const CodeReport report = reportOn(coded);
        QCOMPARE(report.sequences, 4);
        QCOMPARE(report.repeated, coded.set.repeated);
        QCOMPARE(report.exact.asked, 4);
    }

    void neededBitsSayWhereTheyComeFrom() {
        const CodedModel coded;
        const codes::BitsNeeded drawn = codes::bitsNeeded(coded.task.experiment.task, coded.set);
        QVERIFY(drawn.by == codes::NeededBy::alphabet && isAbout(drawn.bits, 4 * std::log2(5)));
        TaskConfig pairs = coded.task.experiment.task;
        pairs.kind = "pairs";
        const codes::BitsNeeded counted = codes::bitsNeeded(pairs, coded.set);
        QVERIFY(counted.by == codes::NeededBy::counted && isAbout(counted.bits, std::log2(coded.set.size())));
        QCOMPARE(codes::symbolsOf(coded.task.experiment.task, {}), (std::vector<int>{0, 1, 2, 3, 4}));
        const codes::SequenceSet two = codes::differentOnes({{{7, 2}, {0}, {1}}, {{2, 9}, {0}, {1}}, {{7, 2}, {0}, {2}}});
        QCOMPARE(two.size(), 2);
        QCOMPARE(two.repeated, 1);
        QCOMPARE(codes::symbolsOf(pairs, two), (std::vector<int>{2, 7, 9}));
    }

    void positionsThatAreNotAskedDoNotCount() {
        const Sample sample{{1, 2, 3}, {5, 1, 2}, {1, -1, 3}};
        QCOMPARE(codes::wrongPositions(sample, {1, 0, 3}), std::vector<int>());
        QCOMPARE(codes::wrongPositions(sample, {0, 0, 3}), std::vector<int>{0});
        QCOMPARE(codes::wrongPositions(sample, {1, 0}), std::vector<int>{2});
        QCOMPARE(codes::differingPositions({1, 2}, {1, 3, 4}), (std::vector<int>{1, 2}));
    }

    void aWatchEndsIt() {
        const CodedModel coded;
        int asked = 0;
        const auto second = [&](double) { return ++asked < 2; };
        QVERIFY(!codes::codeReport(coded.coder, coded.task, {}, second));
        std::vector<double> shares;
        QVERIFY(codes::codeReport(coded.coder, coded.task, {}, [&](double share) {
            shares.push_back(share);
            return true;
        }));
        QVERIFY(std::ranges::is_sorted(shares) && shares.back() == 1.0);
        codes::SequenceSet none;
        QVERIFY_THROWS_EXCEPTION(InputError, (void)codes::codeReport(coded.coder, coded.task.experiment.task, none));
    }

    /// At step 0 as at any other; training makes more positions readable.
    void trainingIsSeen() {
        Experiment experiment = codedExperiment("fsq", {{"slots", 4}, {"levels", 4}}, 3, 4);
        experiment.task.train_size = 2000;
        experiment.training.steps = 500;
        experiment.training.batch_size = 64;
        experiment.training.optimizer.learning_rate = 3e-3;
        experiment.training.validate_every = 500;
        const LoadedTask task = loadTask(experiment, {});
        const auto model = std::make_shared<const Model>(task.experiment.model);
        Trainer trainer(task.experiment, model, task.dataset, initialState(*model, task.experiment), 1);
        std::vector<codes::CodePoint> points;
        const auto look = [&] {
            const CodeReport report = *codes::codeReport(codes::Coder(model, trainer.state().weights), task);
            points.push_back(codes::pointOf(trainer.state().step, report));
        };
        look();
        while (!trainer.finished()) trainer.advance();
        look();
        QCOMPARE(points.front().step, 0);
        QCOMPARE(points.back().step, 500);
        QVERIFY2(points.back().positions > points.front().positions + 0.1,
                 qPrintable(QString("%1 -> %2").arg(points.front().positions).arg(points.back().positions)));
        QVERIFY(!codes::courseSentence(points).english().empty());
    }

    void jsonHasTheFigures() {
        const CodedModel coded;
        const CodeReport report = reportOn(coded);
        const codes::Json json = codes::reportJson(report, coded.set);
        QCOMPARE(json["slots"].get<int>(), 3);
        QCOMPARE(json["codes"].get<int>(), 3);
        QCOMPARE(json["exact"].get<double>(), report.exactShare());
        QCOMPARE(json["collisions"]["list"].size(), report.collisions.size());
        QCOMPARE(QString::fromStdString(json["collisions"]["list"][0]["number"].get<std::string>()),
                 QString::fromStdString(report.collisions[0].number.toDecimal()));
        QCOMPARE(json["usage"].size(), std::size_t{3});
        QCOMPARE(json["bits"]["needed_by"].get<std::string>(), std::string("alphabet"));
    }
};

QTEST_GUILESS_MAIN(CodeReportTest)
#include "code_report_test.moc"
