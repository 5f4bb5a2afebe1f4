#include "ui/runs/focus.h"

#include <QSignalSpy>
#include <QtTest>

#include "core/data/loaded_task.h"
#include "core/model/decoding.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/runs/comparison.h"
#include "ui/runs/workspace.h"

using namespace lab;

namespace {

/// A run of this task, looked at.
struct Looked {
    explicit Looked(const LoadedTask& task) : run(workspace.add(task)) { focus.setRun(run); }

    Workspace workspace;
    Focus focus;
    Run* run;
};

}  // namespace

class FocusTest : public QObject {
    Q_OBJECT

private slots:
    void showsTheFirstSampleOfARun();
    void samplesWrapAround();
    void followsTheTrainingLive();
    void showsAnEarlierStepAndFollowsAgain();
    void aThinnedStepIsShownExactlyWhileTheTrainingGoesOn();
    void runningThroughShowsKeptSteps();
    void ownInputReplacesTheSample();
    void ownInputComesAlongToARunThatReadsItAlike();
    void saysWhyThereIsNoTrace();
    void oneChangedWeightChangesTheTrace();
    void keepsTheSelectionInside();
    void keepsTheKeyAmongTheSlots();
    void opensWhereThereIsSomethingToSee();
    void survivesTheRunsRemoval();
    void anotherRunsTraceNeverShows();
    void resetShowsTheInitialWeights();
    void gradientsOnRequest();
    void constantLookingChangesNoBit();
    void latestRequestWins();
    void aDecoderAnswersByItself_data();
    void aDecoderAnswersByItself();
    void theAnswerGrowsTokenByToken();
    void aTrainingIsAskedForAnswersNowAndThen();
    void anAnswerThatWaitsIsWrittenWithNewerWeights();
    void anOlderAnswerGivesWayToTheHand();
    void scrubbingLeavesTheTrainingItsTime();
    void twoInputsAreComparedUnderTheSameWeights();
};

void FocusTest::showsTheFirstSampleOfARun() {
    Workspace workspace;
    Focus focus;
    QVERIFY(!focus.run());
    QVERIFY(!focus.checkpoint());
    QSignalSpy traced(&focus, &Focus::traceChanged);
    Run* run = workspace.add(smallTask());
    focus.setRun(run);
    QCOMPARE(focus.shownStep(), 0);
    QVERIFY(focus.live());
    QCOMPARE(focus.sampleIndex(), 0);
    QVERIFY(focus.sampleIsValidation());
    QCOMPARE(focus.sampleCount(), 32);
    QCOMPARE(focus.input().tokens, run->dataset()->validationSample(0).tokens);
    QTRY_VERIFY(focus.trace());
    QCOMPARE(focus.traceStep(), 0);
    QVERIFY(focus.traceError().isEmpty());
    QCOMPARE(predictions(*focus.trace()).size(), std::size_t{6});
}

void FocusTest::samplesWrapAround() {
    Looked looked(smallTask());
    auto& [workspace, focus, run] = looked;
    focus.showSample(-1);
    QCOMPARE(focus.sampleIndex(), 31);
    focus.showSample(32);
    QCOMPARE(focus.sampleIndex(), 0);
}

void FocusTest::followsTheTrainingLive() {
    Looked looked(smallTask(1000));
    auto& [workspace, focus, run] = looked;
    QSignalSpy stepped(&focus, &Focus::stepChanged);
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
    QCOMPARE(focus.shownStep(), 1000);
    QTRY_COMPARE(focus.traceStep(), 1000);
    QVERIFY(stepped.size() > 1);
}

void FocusTest::showsAnEarlierStepAndFollowsAgain() {
    Looked looked(smallTask(150));
    auto& [workspace, focus, run] = looked;
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
    focus.showStep(107);
    QVERIFY(!focus.live());
    QCOMPARE(focus.shownStep(), 106);
    QCOMPARE(focus.wantedStep(), 107);
    QTRY_COMPARE(focus.traceStep(), 107);
    QCOMPARE(focus.shownStep(), 107);
    focus.followLive();
    QVERIFY(focus.live());
    QCOMPARE(focus.shownStep(), 150);
    QTRY_COMPARE(focus.traceStep(), 150);
}

void FocusTest::aThinnedStepIsShownExactlyWhileTheTrainingGoesOn() {
    Workspace workspace;
    Focus focus;
    const LoadedTask task = smallTask(100'000);
    Run* run = workspace.add(task);
    focus.setRun(run);
    run->train();
    QTRY_VERIFY(run->step() > 600);
    focus.showStep(509);
    QCOMPARE(focus.shownStep(), 500);
    focus.showStep(511);
    focus.showStep(507);
    QTRY_COMPARE(focus.shownStep(), 507);
    QCOMPARE(run->state(), Run::State::training);
    const auto model = std::make_shared<const Model>(task.experiment.model);
    Trainer alone(task.experiment, model, task.dataset, initialState(*model, task.experiment));
    while (alone.state().step < 507) alone.advance();
    QVERIFY(sameBits(focus.checkpoint()->weights, alone.state().weights));
    QTRY_COMPARE(focus.traceStep(), 507);
    focus.showStep(-4);
    QCOMPARE(focus.shownStep(), 0);
    QCOMPARE(focus.wantedStep(), 0);
}

void FocusTest::runningThroughShowsKeptSteps() {
    Looked looked(smallTask(150));
    auto& [workspace, focus, run] = looked;
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
    focus.showKeptStep(107);
    QCOMPARE(focus.shownStep(), 106);
    QCOMPARE(focus.wantedStep(), 106);
    QVERIFY(!focus.live());
}

void FocusTest::ownInputReplacesTheSample() {
    Looked looked(smallTask());
    auto& [workspace, focus, run] = looked;
    QTRY_VERIFY(focus.trace());
    QSignalSpy changed(&focus, &Focus::inputChanged);
    focus.setInput(tokensOnly({1, 2, 3}));
    QCOMPARE(changed.size(), 1);
    QCOMPARE(focus.sampleIndex(), -1);
    QVERIFY(!focus.trace());  // the old one is of another input
    QTRY_VERIFY(focus.trace());
    QCOMPARE(predictions(*focus.trace()).size(), std::size_t{3});
    focus.setInput(tokensOnly({1, 2, 3}));
    QCOMPARE(changed.size(), 1);
}

void FocusTest::ownInputComesAlongToARunThatReadsItAlike() {
    Looked looked(smallTask());
    auto& [workspace, focus, run] = looked;
    Input own = tokensOnly({1, 2, 3});
    own.targets = {3, 2, 1};
    own.masked = {false, true, false};
    focus.setInput(own);
    focus.setRun(workspace.add(smallTask(60, 7)));  // other weights
    QCOMPARE(focus.sampleIndex(), -1);
    QVERIFY(focus.input() == own);
    QTRY_VERIFY(focus.trace());
    QCOMPARE(predictions(*focus.trace()).size(), std::size_t{3});

    focus.setRun(workspace.add(smallTask(60, 7, Architecture::decoder)));
    QCOMPARE(focus.sampleIndex(), 0);
    focus.setInput(tokensOnly({1, 2, 3}));
    Experiment other = smallTask(60, 7, Architecture::decoder).experiment;
    other.task.kind = "sort";  // another right answer
    focus.setRun(workspace.add(loadTask(other, {})));
    QCOMPARE(focus.sampleIndex(), 0);

    Experiment learned = smallTask().experiment;
    learned.model.position.kind = PositionKind::learned;
    focus.setRun(workspace.add(loadTask(learned, {})));
    focus.setInput(tokensOnly({1, 2, 3, 4, 1, 2}));
    learned.task.seq_len = 4;
    learned.model.max_seq_len.reset();
    focus.setRun(workspace.add(loadTask(learned, {})));  // has no place for all of it
    QCOMPARE(focus.sampleIndex(), 0);
}

void FocusTest::saysWhyThereIsNoTrace() {
    Looked looked(smallTask());
    auto& [workspace, focus, run] = looked;
    focus.setInput(tokensOnly({1, 77}));
    QTRY_VERIFY(!focus.traceError().isEmpty());
    QVERIFY2(focus.traceError().contains(QStringLiteral("77")), qPrintable(focus.traceError()));
    QVERIFY(!focus.trace());
    focus.showSample(3);
    QTRY_VERIFY(focus.trace());
    QVERIFY(focus.traceError().isEmpty());
}

void FocusTest::oneChangedWeightChangesTheTrace() {
    const LoadedTask task = smallTask();
    const Model model(task.experiment.model);
    TrainingState changed = initialState(model, task.experiment);
    at(changed.weights, *model.layout().find("encoder.0.attention.query.weight"))[3] += 0.5F;
    Looked looked(task);
    auto& [workspace, focus, run] = looked;
    QTRY_VERIFY(focus.trace());
    const auto before = focus.trace()->at("logits").values;
    focus.setRun(workspace.add(task, changed));
    QVERIFY(!focus.trace());
    QTRY_VERIFY(focus.trace());
    QVERIFY(before != focus.trace()->at("logits").values);
}

void FocusTest::keepsTheSelectionInside() {
    Looked looked(smallTask());
    auto& [workspace, focus, run] = looked;
    QSignalSpy selected(&focus, &Focus::selectionChanged);
    focus.select({.block = 9, .head = 9, .query = 99, .key = -4});
    QCOMPARE(focus.selection(), (Selection{0, 1, 5, 0}));
    QCOMPARE(selected.size(), 1);
    focus.setInput(tokensOnly({1, 2}));
    QCOMPARE(focus.selection(), (Selection{0, 1, 1, 0}));
}

/// Of a decoder that looks at slots, fewer than tokens or more.
void FocusTest::keepsTheKeyAmongTheSlots() {
    for (const double slotCount : {2.0, 9.0}) {
        Experiment experiment = smallExperiment({.vocabulary = 5, .steps = 5});
        experiment.task.kind = "copy";
        experiment.model.architecture = Architecture::encoder_decoder;
        experiment.model.bottleneck = {"fsq", {{"slots", slotCount}, {"levels", 5}}};
        Looked looked(loadTask(experiment, {}));
        auto& [workspace, focus, run] = looked;
        QTRY_VERIFY(focus.trace());
        const auto& blocks = run->model()->attentionBlocks();
        for (int block = 0; block < static_cast<int>(blocks.size()); ++block) {
            focus.select({.block = block, .head = 0, .query = 0, .key = 99});
            QCOMPARE(focus.selection().key, blocks[static_cast<std::size_t>(block)].cross ? static_cast<int>(slotCount) - 1 : 5);
        }
    }
}

void FocusTest::opensWhereThereIsSomethingToSee() {
    Looked looked(smallTask(5, 42, Architecture::decoder));
    auto& [workspace, focus, run] = looked;
    QTRY_VERIFY(focus.trace());
    const Selection opened = focus.selection();
    QVERIFY(opened.query > 0);  // the first query sees only itself
    QVERIFY(focus.input().targets[static_cast<std::size_t>(opened.query)] >= 0);
    const Tensor& weights = focus.trace()->at(run->model()->attentionBlocks()[0].name + ".weights");
    const auto weight = [&](int key) { return weights.values[static_cast<std::size_t>(opened.query * weights.extent(2) + key)]; };
    for (int key = 0; key < weights.extent(2); ++key) QVERIFY(weight(key) <= weight(opened.key));
    focus.select({});  // what a person chooses stays
    focus.showSample(1);
    QTRY_VERIFY(focus.trace());
    QCOMPARE(focus.selection(), Selection());
}

void FocusTest::survivesTheRunsRemoval() {
    Looked looked(smallTask(1'000'000));
    auto& [workspace, focus, run] = looked;
    run->train();
    QTRY_VERIFY(focus.traceStep() > 0);
    workspace.remove(run);
    QTRY_VERIFY(!focus.run());
    QVERIFY(!focus.trace());
    QCOMPARE(focus.shownStep(), 0);
    focus.showStep(3);
    focus.showSample(1);
    focus.followLive();
}

void FocusTest::anotherRunsTraceNeverShows() {
    Workspace workspace;
    Focus focus;
    const LoadedTask task = smallTask();
    Run* first = workspace.add(task);
    LoadedTask wider = task;
    wider.experiment.model.d_model = 32;
    wider.experiment.model.head_dim.reset();  // they follow it
    wider.experiment.model.embedding_dim.reset();
    Run* second = workspace.add(wider);
    const auto width = [&] { return focus.trace()->find("encoder.0.attention.query"); };
    std::size_t wrong = 0;
    connect(&focus, &Focus::traceChanged, this, [&] {
        if (!focus.trace()) return;
        const std::size_t expected = focus.run() == first ? 6 * 16 : 6 * 32;
        wrong += width()->values.size() != expected;
    });
    for (int i = 0; i < 50; ++i) {
        focus.setRun(i % 2 == 0 ? first : second);
        QTest::qWait(0);
    }
    QTRY_VERIFY(focus.trace());
    QCOMPARE(wrong, std::size_t{0});
}

void FocusTest::resetShowsTheInitialWeights() {
    Looked looked(smallTask());
    auto& [workspace, focus, run] = looked;
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
    focus.showStep(10);
    run->reset();
    QVERIFY(focus.live());
    QCOMPARE(focus.shownStep(), 0);
    QTRY_COMPARE(focus.traceStep(), 0);
}

void FocusTest::gradientsOnRequest() {
    Looked looked(smallTask());
    auto& [workspace, focus, run] = looked;
    QTRY_VERIFY(focus.trace());
    const std::string name = "gradient.encoder.0.attention.query.weight";
    QVERIFY(!focus.trace()->contains(name));
    focus.setWantsGradients(true);
    QTRY_VERIFY(focus.trace() && focus.trace()->contains(name));
    focus.setInput(tokensOnly({1, 2, 3}));  // without targets there is nothing to differentiate
    QTRY_VERIFY(focus.trace());
    QVERIFY(!focus.trace()->contains(name));
}

void FocusTest::constantLookingChangesNoBit() {
    const LoadedTask task = smallTask(1500);
    Workspace workspace;
    Focus focus;
    focus.setWantsGradients(true);
    Run* run = workspace.add(task);
    focus.setRun(run);
    int looks = 0;
    connect(&focus, &Focus::traceChanged, this, [&] {
        ++looks;
        focus.showSample(looks);
        if (looks % 4 == 0) focus.showStep(looks);
        if (looks % 4 == 2) focus.followLive();
    });
    run->train();
    QTRY_COMPARE_WITH_TIMEOUT(run->state(), Run::State::finished, lab::patience);  // the training stands aside for each look by hand
    QVERIFY(looks > 3);
    QVERIFY(sameBits(run->latest()->weights, trainedAlone(task)));
}

void FocusTest::latestRequestWins() {
    const LoadedTask task = smallTask();
    const auto model = std::make_shared<const Model>(task.experiment.model);
    const auto checkpoint = std::make_shared<Checkpoint>(Checkpoint{0, initialState(*model, task.experiment).weights});
    Inspector inspector;
    QSignalSpy ready(&inspector, &Inspector::traceReady);
    std::vector<int> last;
    connect(&inspector, &Inspector::traceReady, this, [&](const CheckpointPtr&, const Input& input) { last = input.tokens; });
    for (int i = 0; i < 200; ++i) inspector.request(model, checkpoint, tokensOnly({i % 5, (i / 5) % 5}), {}, {});
    QTRY_VERIFY(!inspector.busy());
    QTRY_COMPARE(last, (std::vector<int>{199 % 5, (199 / 5) % 5}));
    QCOMPARE(ready.size(), 1);
}

void FocusTest::aDecoderAnswersByItself_data() {
    QTest::addColumn<int>("architecture");
    QTest::addColumn<int>("begins");
    QTest::newRow("encoder") << static_cast<int>(Architecture::encoder) << 0;
    QTest::newRow("decoder") << static_cast<int>(Architecture::decoder) << 6;
    QTest::newRow("encoder-decoder") << static_cast<int>(Architecture::encoder_decoder) << 0;
}

void FocusTest::aDecoderAnswersByItself() {
    QFETCH(int, architecture);
    QFETCH(int, begins);
    Looked looked(smallTask(5, 42, static_cast<Architecture>(architecture)));
    auto& [workspace, focus, run] = looked;
    QVERIFY(focus.answer().empty());
    QTRY_VERIFY(!focus.answer().empty() && !focus.answering());
    QCOMPARE(focus.answer(), answer(run->model(), run->latest()->weights, focus.input()));
    for (std::size_t i = 0; i < focus.answer().size(); ++i) {
        const bool expected = static_cast<int>(i) >= begins && focus.input().targets[i] >= 0;
        QCOMPARE(focus.answer()[i] >= 0, expected);
    }
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
    QTRY_COMPARE(focus.answer(), answer(run->model(), run->latest()->weights, focus.input()));
    focus.showSample(1);
    QVERIFY(focus.answer().empty());
}

void FocusTest::theAnswerGrowsTokenByToken() {
    Workspace workspace;
    Focus focus;
    Run* run = workspace.add(smallTask(5, 42, Architecture::decoder));
    std::vector<std::vector<int>> seen;
    std::vector<bool> writing;
    connect(&focus, &Focus::answerChanged, this, [&] {
        if (focus.answer().empty()) return;
        seen.push_back(focus.answer());
        writing.push_back(focus.answering());
    });
    focus.setRun(run);
    QTRY_VERIFY(!focus.answer().empty() && !focus.answering());
    QVERIFY(seen.size() >= 2 && writing.front() && !writing.back());
    const auto said = [](const std::vector<int>& answer) {
        return std::count_if(answer.begin(), answer.end(), [](int t) { return t >= 0; });
    };
    QCOMPARE(said(seen.front()), std::ptrdiff_t{1});
    QCOMPARE(said(seen.back()), std::ptrdiff_t{6});
    for (const auto& soFar : seen)
        for (std::size_t i = 0; i < soFar.size(); ++i) QVERIFY(soFar[i] < 0 || soFar[i] == seen.back()[i]);
    // Newer weights: the old answer stays until the new one is whole.
    seen.clear();
    run->train();
    QTRY_COMPARE(run->state(), Run::State::finished);
    QTRY_COMPARE(focus.answer(), answer(run->model(), run->latest()->weights, focus.input()));
    for (const auto& whole : seen) QCOMPARE(said(whole), std::ptrdiff_t{6});
}

/// It takes many times as long to write an answer as to look at the maps.
void FocusTest::aTrainingIsAskedForAnswersNowAndThen() {
    Experiment experiment = smallTask().experiment;
    experiment.task.seq_len = 150;
    experiment.model = {};
    experiment.model.architecture = Architecture::decoder;
    experiment.model.d_model = 32;
    experiment.model.num_layers = 2;
    experiment.model.num_heads = 2;
    experiment.training.steps = 1'000'000;
    experiment.training.batch_size = 2;
    Workspace workspace;
    Focus focus;
    Run* run = workspace.add(loadTask(experiment, {}));
    run->setPace(0);
    focus.setRun(run);
    QTRY_VERIFY(!focus.answer().empty() && !focus.answering());
    QSignalSpy traces(&focus, &Focus::traceChanged), answers(&focus, &Focus::answerChanged);
    run->train();
    QTRY_VERIFY_WITH_TIMEOUT(traces.size() >= 20 && answers.size() >= 1, lab::patience);
    QVERIFY(answers.size() < traces.size());
    run->pause();
    QTRY_COMPARE_WITH_TIMEOUT(run->state(), Run::State::paused, lab::patience);
    QTRY_COMPARE(focus.answer(), answer(run->model(), run->latest()->weights, focus.input()));
    QTRY_VERIFY(focus.answersTrace() && focus.traceStep() == run->step());
}

void FocusTest::anAnswerThatWaitsIsWrittenWithNewerWeights() {
    const LoadedTask task = smallTask(60, 42, Architecture::decoder);
    const auto model = std::make_shared<const Model>(task.experiment.model);
    const auto checkpoint = [&](std::int64_t step) {
        return std::make_shared<Checkpoint>(Checkpoint{step, initialState(*model, task.experiment).weights});
    };
    Input input = tokensOnly({1, 4, 2, 2, 0, 3});
    input.targets.assign(input.tokens.size(), 0);
    Inspector inspector;
    std::vector<std::int64_t> answered;
    connect(&inspector, &Inspector::answerReady, this, [&](const CheckpointPtr& of) { answered.push_back(of->step); });
    bool inherited = false;
    for (std::int64_t step = 1; step < 100 && !inherited; step += 2) {
        answered.clear();
        inspector.request(model, checkpoint(0), tokensOnly(std::vector<int>(300, 1)), {}, {.answer = false});  // takes a while
        inspector.request(model, checkpoint(step), input, {}, {.answer = true});
        inspector.request(model, checkpoint(step + 1), input, {}, {.answer = false});
        QTRY_VERIFY(!answered.empty());
        inherited = answered.front() == step + 1;
    }
    QVERIFY(inherited);
}

/// While a hand scrubs, no picture waits for what a decoder would have answered before.
void FocusTest::anOlderAnswerGivesWayToTheHand() {
    const LoadedTask task = smallTask(60, 42, Architecture::decoder);
    const auto model = std::make_shared<const Model>(task.experiment.model);
    const auto checkpoint = [&](std::int64_t step) {
        return std::make_shared<Checkpoint>(Checkpoint{step, initialState(*model, task.experiment).weights});
    };
    Input input;
    for (int i = 0; i < 300; ++i) input.tokens.push_back(i % 5);  // takes a while to answer
    input.targets.assign(input.tokens.size(), 0);
    Inspector inspector;
    QSignalSpy traces(&inspector, &Inspector::traceReady);
    std::vector<std::int64_t> answered;
    connect(&inspector, &Inspector::answerReady, this, [&](const CheckpointPtr& of) { answered.push_back(of->step); });
    bool gaveWay = false;
    for (std::int64_t step = 0; step < 100 && !gaveWay; step += 2) {
        inspector.request(model, checkpoint(step), input, {}, {.patient = false});
        QVERIFY(traces.wait());  // now it answers
        inspector.request(model, checkpoint(step + 1), input, {}, {.patient = false});
        QTRY_VERIFY(!answered.empty() && answered.back() == step + 1);
        gaveWay = std::find(answered.begin(), answered.end(), step) == answered.end();
    }
    QVERIFY(gaveWay);
}

void FocusTest::scrubbingLeavesTheTrainingItsTime() {
    const LoadedTask task = smallTask(400);
    Looked looked(task);
    auto& [workspace, focus, run] = looked;
    run->train();
    int looks = 0;
    while (run->state() != Run::State::finished) {
        focus.showStep(++looks % 2 ? 0 : run->step());
        QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
        QVERIFY(looks < 10'000'000);
    }
    QVERIFY(sameBits(run->latest()->weights, trainedAlone(task)));
}

/// However far a run in training has come meanwhile.
void FocusTest::twoInputsAreComparedUnderTheSameWeights() {
    Workspace workspace;
    Run* run = workspace.add(smallTask(400));
    Focus focus;
    focus.setRun(run);
    focus.showSample(3);
    QTRY_VERIFY(focus.trace());
    const Input kept = tokensOnly({1, 4, 2, 2, 0, 3});
    Comparison& comparison = focus.comparison();
    comparison.keep(kept, QStringLiteral("own"));
    int looked = 0;
    connect(&comparison, &Comparison::traceChanged, this, [&] {
        const CheckpointPtr weights = comparison.trace() ? run->history().atOrBefore(comparison.step()) : nullptr;
        if (!weights || weights->step != comparison.step()) return;
        const auto expected = [&](const Input& input) {
            return run->model()->trace(weights->weights, input).at("encoder.0.attention.weights").values;
        };
        QCOMPARE(comparison.trace()->at("encoder.0.attention.weights").values, expected(kept));
        QVERIFY(comparison.counterpart());
        QCOMPARE(comparison.counterpart()->at("encoder.0.attention.weights").values, expected(focus.input()));
        ++looked;
    });
    run->train();
    QTRY_COMPARE_WITH_TIMEOUT(run->state(), Run::State::finished, lab::patience);
    QTRY_COMPARE(comparison.step(), std::int64_t{400});
    QVERIFY(looked > 1);
    // Another input under the same weights: both are anew.
    const auto before = comparison.counterpart();
    focus.showSample(5);
    QTRY_VERIFY(comparison.counterpart() == focus.trace() && comparison.counterpart() != before);
    comparison.drop();
    QVERIFY(!comparison.counterpart() && !comparison.trace());
}

QTEST_GUILESS_MAIN(FocusTest)
#include "focus_test.moc"
