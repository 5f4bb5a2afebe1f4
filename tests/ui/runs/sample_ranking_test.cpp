#include "ui/runs/sample_ranking.h"

#include <QSignalSpy>
#include <QtTest>
#include <set>

#include "core/data/dataset.h"
#include "core/model/sample_input.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "tests/vector_tasks.h"

using namespace lab;

/// The samples that a model gets most wrong come first.
class SampleRankingTest : public QObject {
    Q_OBJECT

private slots:
    void everySampleByItsLoss_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("tokens") << 0;
        QTest::newRow("pictures") << 1;
        QTest::newRow("numbers") << 2;
    }
    void everySampleByItsLoss() {
        QFETCH(int, kind);
        Workspace workspace;
        Run* run = workspace.add(kind == 0 ? smallTask() : kind == 1 ? smallPictures() : smallPrompts());
        SampleRanking ranking;
        ranking.ask({run->model(), run->history().checkpoints().front(), run->dataset(), true});
        QTRY_VERIFY_WITH_TIMEOUT(ranking.ready(), patience);
        const auto& ranked = ranking.ranked();
        QCOMPARE(static_cast<int>(ranked.size()), run->dataset()->validationSize());
        std::set<int> seen;
        for (std::size_t i = 0; i < ranked.size(); ++i) {
            const Input input = inputOf(run->dataset()->validationSample(ranked[i].index));
            const Trace trace = run->model()->trace(run->history().checkpoints().front()->weights, input, {.intermediates = false});
            QCOMPARE(ranked[i].loss, static_cast<double>(trace.at("loss").values.front()));
            QVERIFY(i == 0 || ranked[i - 1].loss >= ranked[i].loss);
            QCOMPARE(ranked[i].asked, kind == 1 ? 1 : 0);  // a picture is of one class, and no number is right or wrong
            if (kind == 1) QCOMPARE(ranked[i].said, predictions(trace).front());
            if (kind == 1) QCOMPARE(ranked[i].truth, input.targets.front());
            QCOMPARE(ranked[i].right, kind == 1 && ranked[i].said == ranked[i].truth ? 1 : 0);
            seen.insert(ranked[i].index);
        }
        QCOMPARE(seen.size(), ranked.size());
        QVERIFY(ranked.front().loss > ranked.back().loss);
    }

    void theNewestQuestionIsAnsweredInTheEnd() {
        Workspace workspace;
        Run* run = workspace.add(smallPictures());
        SampleRanking ranking;
        const CheckpointPtr first = run->history().checkpoints().front();
        ranking.ask({run->model(), first, run->dataset(), true});
        ranking.ask({run->model(), first, run->dataset(), false});
        QTRY_VERIFY_WITH_TIMEOUT(ranking.ready(), patience);
        QVERIFY(!ranking.answeredQuestion().validation);
        QCOMPARE(static_cast<int>(ranking.ranked().size()), run->dataset()->trainSize());
        ranking.forget();
        QVERIFY(ranking.ranked().empty());
    }
};

QTEST_GUILESS_MAIN(SampleRankingTest)
#include "sample_ranking_test.moc"
