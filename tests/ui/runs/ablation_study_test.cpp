#include "ui/runs/ablation_study.h"

#include <QtTest>
#include <algorithm>

#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/runs/focus.h"

using namespace lab;

namespace {

const std::vector<Intervention> headOff{{Intervention::Kind::headOff, "encoder.0.attention", 1, {}}};

std::vector<Sample> validationSamples(const Run& run, int count) {
    std::vector<Sample> samples;
    for (int i = 0; i < count; ++i) samples.push_back(run.dataset()->validationSample(i));
    return samples;
}

Run* trainedRun(Workspace& workspace) {
    Run* run = workspace.add(smallTask(30));
    run->train();
    return QTest::qWaitFor([run] { return run->state() == Run::State::finished; }, lab::patience) ? run : nullptr;
}

}  // namespace

class AblationStudyTest : public QObject {
    Q_OBJECT

private slots:
    void comparesTheModelWithAndWithoutAHead() {
        Workspace workspace;
        Run* run = trainedRun(workspace);
        QVERIFY(run);
        AblationStudy study;
        const Input input = tokensOnly({1, 4, 2, 2, 0, 3});
        study.look(run, run->latest(), input, headOff);
        QTRY_VERIFY(study.outcome());
        QCOMPARE(study.sampleCount(), 32);
        QVERIFY(study.ofValidation());
        const Weights& weights = run->latest()->weights;
        const auto samples = validationSamples(*run, 32);
        QCOMPARE(study.outcome()->unchanged.loss, evaluateWith(*run->model(), weights, samples, {})->loss);
        QCOMPARE(study.outcome()->changed.loss, evaluateWith(*run->model(), weights, samples, headOff)->loss);
        QVERIFY(study.outcome()->changed.loss != study.outcome()->unchanged.loss);
        Input changed = input;
        changed.interventions = headOff;
        QCOMPARE(study.outcome()->answer, predictions(run->model()->trace(weights, input)));
        QCOMPARE(study.outcome()->changedAnswer, predictions(run->model()->trace(weights, changed)));
        QCOMPARE(study.outcome()->step, run->step());
    }

    void theNewestQuestionIsAnswered() {
        Workspace workspace;
        Run* run = trainedRun(workspace);
        QVERIFY(run);
        AblationStudy study;
        const Input input = tokensOnly({1, 4, 2, 2, 0, 3});
        study.look(run, run->latest(), input, {});
        study.look(run, run->latest(), input, headOff);
        study.look(run, run->history().checkpoints().front(), input, headOff);
        QTRY_VERIFY(study.outcome() && study.outcome()->step == 0 && study.outcome()->interventions == headOff);
    }

    void ranksEveryHeadAndBlock() {
        Workspace workspace;
        Run* run = trainedRun(workspace);
        QVERIFY(run);
        AblationStudy study;
        study.rank(run, run->latest());
        QVERIFY(study.ranking());
        QTRY_VERIFY(!study.ranking());
        const AblationStudy::Ranking& ranked = study.ranked();
        QCOMPARE(ranked.entries.size(), std::size_t(3));  // two heads, and both
        QCOMPARE(ranked.done(), ranked.total());
        const auto samples = validationSamples(*run, 32);
        for (const AblationStudy::Entry& entry : ranked.entries)
            for (const auto kind : {Intervention::Kind::headOff, Intervention::Kind::headUniform}) {
                const auto& found = kind == Intervention::Kind::headOff ? entry.off : entry.uniform;
                const auto changes = ablationOf(*run->model(), entry.subject, kind);
                QCOMPARE(found->loss, evaluateWith(*run->model(), run->latest()->weights, samples, changes)->loss);
            }
    }

    void aCancelledRankingKeepsWhatItHasAndAResetForgets() {
        Workspace workspace;
        Run* run = trainedRun(workspace);
        QVERIFY(run);
        AblationStudy study;
        study.rank(run, run->latest());
        study.cancelRanking();
        QVERIFY(!study.ranking());
        QVERIFY(study.ranked().done() <= study.ranked().total());
        study.look(run, run->latest(), tokensOnly({1, 4, 2, 2, 0, 3}), {});
        QTRY_VERIFY(study.outcome());
        run->reset();
        QVERIFY(!study.outcome() && study.ranked().entries.empty());
    }

    void headChangesStayFromSampleToSampleAndLeaveWithTheRun() {
        Workspace workspace;
        Run* first = workspace.add(smallTask());
        Run* second = workspace.add(smallTask(60, 7));
        Focus focus;
        focus.setRun(first);
        focus.setHeadChanges(headOff);
        QCOMPARE(focus.input().interventions, headOff);
        QCOMPARE(focus.sampleIndex(), 0);
        focus.showSample(3);
        QCOMPARE(focus.input().interventions, headOff);
        focus.setInput(tokensOnly({1, 4, 2, 2, 0, 3}));
        QCOMPARE(focus.input().interventions, headOff);
        Input edited = focus.input();
        edited.interventions.push_back({Intervention::Kind::replace, "embedding", 0, {}});
        focus.setInput(edited);
        QCOMPARE(focus.input().interventions.size(), std::size_t(2));
        focus.setHeadChanges({});
        QCOMPARE(focus.input().interventions.size(), std::size_t(1));  // the edited tensor stays
        QCOMPARE(focus.input().interventions.front().name, std::string("embedding"));
        focus.setHeadChanges(headOff);
        focus.setRun(second);
        QVERIFY(focus.headChanges().empty() && focus.input().interventions.empty());
    }

    void theTraceFollowsTheSwitchAtOnce() {
        Workspace workspace;
        Run* run = trainedRun(workspace);
        QVERIFY(run);
        Focus focus;
        focus.setRun(run);
        QTRY_VERIFY(focus.trace());
        focus.setHeadChanges(headOff);
        QTRY_VERIFY(focus.trace());
        const Tensor& output = focus.trace()->at("encoder.0.attention.head_output");  // [2, 6, d_h]
        const auto half = static_cast<std::ptrdiff_t>(output.values.size() / 2);
        QVERIFY(std::all_of(output.values.begin() + half, output.values.end(), [](float x) { return x == 0.0F; }));
        QVERIFY(std::any_of(output.values.begin(), output.values.begin() + half, [](float x) { return x != 0.0F; }));
    }
};

QTEST_GUILESS_MAIN(AblationStudyTest)
#include "ablation_study_test.moc"
