#include "core/codes/lengths.h"

#include <QtTest>

#include "core/base/errors.h"
#include "core/codes/code_sentences.h"
#include "tests/core/codes/codes_testing.h"

using namespace lab;
using namespace lab::testing;

class LengthsTest : public QObject {
    Q_OBJECT

private slots:
    void sinusoidalPositionsReadAllLengths() {
        const CodedModel coded;
        const auto rows = codes::byLength(coded.coder, coded.task.experiment, {2, 4, 9}, 40);
        QCOMPARE(rows->size(), std::size_t{3});
        for (const codes::LengthRow& row : *rows) {
            QVERIFY2(row.isMeasured(), row.cannot.english().c_str());
            QCOMPARE(row.exact.asked, row.sequences);
            QCOMPARE(row.positions.asked, row.sequences * row.length);
            QCOMPARE(row.trained, row.length == 4);
            QVERIFY(std::abs(row.bitsNeeded - row.length * std::log2(5)) < 1e-9);
        }
        QVERIFY((*rows)[0].sequences <= 25);
        // At the trained length it is the test set.
        const auto report = codes::codeReport(coded.coder, coded.task, {.sequences = 40});
        QCOMPARE((*rows)[1].exact, report->exact);
        QCOMPARE((*rows)[1].colliding, report->colliding);
        QVERIFY(codes::lengthSentence(*rows).english().find("At the trained length 4, ") == 0);
    }

    void learnedPositionsEnd() {
        Experiment experiment = codedExperiment();
        experiment.model.position.kind = PositionKind::learned;
        const CodedModel coded(experiment);
        const auto rows = codes::byLength(coded.coder, coded.task.experiment, {3, 4, 5}, 10);
        QVERIFY((*rows)[0].isMeasured() && (*rows)[1].isMeasured());
        const std::string why = (*rows)[2].cannot.english();
        QVERIFY2(why.find("learned positions") != why.npos, why.c_str());
        QVERIFY(codes::lengthSentence(*rows).english().find("Length 5 cannot be tried") != std::string::npos);
    }

    void whatHasNoOtherLengthsIsRefused() {
        const CodedModel coded;
        Experiment pairs = coded.task.experiment;
        pairs.task.kind = "pairs";
        QVERIFY_THROWS_EXCEPTION(InputError, (void)codes::byLength(coded.coder, pairs, {4}));
        QVERIFY(!codes::byLength(coded.coder, coded.task.experiment, {4}, 40, [](double) { return false; }));
    }

    void lengthsStandAroundTheTrainedOne() {
        QCOMPARE(codes::lengthsAround(8), (std::vector<int>{4, 6, 7, 8, 9, 10, 12, 16}));
        QCOMPARE(codes::lengthsAround(1), (std::vector<int>{1, 2, 3}));
    }
};

QTEST_GUILESS_MAIN(LengthsTest)
#include "lengths_test.moc"
