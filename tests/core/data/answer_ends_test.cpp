#include "core/data/answer_ends.h"

#include <QTest>

#include "core/data/pairs_dataset.h"

using namespace lab;

namespace {

AnswerEnds endsOf(const std::string& pairs) {
    Experiment experiment;
    experiment.task.kind = "pairs";
    experiment.task.path = "two.tsv";
    experiment.model.architecture = Architecture::encoder_decoder;
    experiment.training.shuffle = false;
    experiment.training.batch_size = 1;
    return answerEnds(*loadPairs(experiment, PairsTexts{pairs, {}}).dataset);
}

}  // namespace

class AnswerEndsTest : public QObject {
    Q_OBJECT

private slots:
    void whatAllAnswersBeginAndEndWithIsFound() {
        const AnswerEnds ends = endsOf("5\t9 1 2\t1 2 8\n6\t9 3\t3 8\n");
        QCOMPARE(ends.begin, 9);
        QCOMPARE(ends.end, std::optional(8));
        QCOMPARE(ends.longest, 3);
    }

    void anEndIsNowhereElse() {
        QCOMPARE(endsOf("5\t9 1 2\t1 2 8\n6\t9 3\t3 7\n").end, std::nullopt);
        QCOMPARE(endsOf("5\t9 8 2\t8 2 8\n6\t9 3\t3 8\n").end, std::nullopt);
        QCOMPARE(endsOf("5\t9 1\t1 -1\n6\t9 3\t3 -1\n").end, std::nullopt);
    }

    void mostAnswersBeginWithIt() { QCOMPARE(endsOf("5\t1 1\t1 2\n6\t9 3\t3 4\n7\t9 3\t3 4\n").begin, 9); }
};

QTEST_APPLESS_MAIN(AnswerEndsTest)
#include "answer_ends_test.moc"
