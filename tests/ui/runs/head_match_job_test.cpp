#include "ui/runs/head_match_job.h"

#include <QSignalSpy>
#include <QtTest>

#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"

using namespace lab;

namespace {

std::vector<Input> inputsOf(const LoadedTask& task, int count) {
    std::vector<Input> inputs;
    for (int i = 0; i < count; ++i) inputs.push_back(tokensOnly(task.dataset->validationSample(i).tokens));
    return inputs;
}

CheckpointPtr weightsOf(const LoadedTask& task, const Model& model, std::uint64_t seed) {
    Experiment experiment = task.experiment;
    experiment.training.seed = seed;
    return std::make_shared<Checkpoint>(Checkpoint{0, initialState(model, experiment).weights});
}

}  // namespace

class HeadMatchJobTest : public QObject {
    Q_OBJECT

private slots:
    void givesWhatMatchingTheTracesGives();
    void saysWhenModelsCannotReadTheSame();
    void onlyTheLatestListCounts();
};

void HeadMatchJobTest::givesWhatMatchingTheTracesGives() {
    const LoadedTask task = smallTask();
    const auto model = std::make_shared<const Model>(task.experiment.model);
    const HeadMatchQuestion question{model, model, weightsOf(task, *model, 1), weightsOf(task, *model, 2)};
    const auto inputs = inputsOf(task, 3);
    HeadMatchJob job;
    job.ask({question}, inputs);
    QTRY_COMPARE(job.answers().size(), std::size_t{1});
    HeadMatching expected(*model, *model);
    for (const Input& input : inputs)
        expected.add(model->trace(question.weightsA->weights, input), model->trace(question.weightsB->weights, input));
    const HeadMatching& matching = *job.answers().front().matching;
    QCOMPARE(matching.inputs(), 3);
    for (int row = 0; row < 2; ++row)
        for (int column = 0; column < 2; ++column) QCOMPARE(matching.overlap(row, column), expected.overlap(row, column));
}

void HeadMatchJobTest::saysWhenModelsCannotReadTheSame() {
    const LoadedTask task = smallTask();
    const auto model = std::make_shared<const Model>(task.experiment.model);
    Experiment smaller = task.experiment;
    smaller.task.vocab_size = 2;
    smaller.model.vocab_size.reset();
    smaller.model.num_classes.reset();
    const LoadedTask other = loadTask(smaller, {});
    const auto otherModel = std::make_shared<const Model>(other.experiment.model);
    HeadMatchJob job;
    job.ask({{model, otherModel, weightsOf(task, *model, 1), weightsOf(other, *otherModel, 1)}}, {tokensOnly({4, 4, 4, 4, 4, 4})});
    QTRY_COMPARE(job.answers().size(), std::size_t{1});
    QVERIFY(!job.answers().front().matching);
}

void HeadMatchJobTest::onlyTheLatestListCounts() {
    const LoadedTask task = smallTask();
    const auto model = std::make_shared<const Model>(task.experiment.model);
    const auto inputs = inputsOf(task, 2);
    HeadMatchJob job;
    HeadMatchQuestion last;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        last = {model, model, weightsOf(task, *model, 1), weightsOf(task, *model, seed)};
        job.ask({last}, inputs);
    }
    QTRY_VERIFY(!job.answers().empty() && job.answers().front().question == last);
    QSignalSpy again(&job, &HeadMatchJob::answered);
    job.ask({last}, inputs);
    QCoreApplication::processEvents();
    QCOMPARE(again.size(), 0);
}

QTEST_GUILESS_MAIN(HeadMatchJobTest)
#include "head_match_job_test.moc"
