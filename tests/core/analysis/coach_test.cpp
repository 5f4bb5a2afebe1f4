#include "core/analysis/coach.h"

#include <QtTest>
#include <cmath>

using namespace lab;

namespace {

TrainingStory midway() {
    TrainingStory story;
    story.step = 500;
    story.steps = 1000;
    story.warmupSteps = 50;
    story.recentLoss = 0.5;
    story.chanceLoss = std::log(10.0);
    story.learningRate = story.highestLearningRate = 0.001;
    return story;
}

std::vector<CoachEvaluation> evaluationsOf(const std::vector<double>& losses, double accuracy = 0.8, double trainStep = -0.01) {
    std::vector<CoachEvaluation> evaluations;
    for (std::size_t i = 0; i < losses.size(); ++i) {
        const auto number = static_cast<double>(i);
        evaluations.push_back({static_cast<std::int64_t>(100 * (i + 1)), losses[i], accuracy, 0.4 + number * trainStep});
    }
    return evaluations;
}

std::vector<HeadSight> sightsOf(const std::vector<HeadKind>& kinds) {
    std::vector<HeadSight> sights;
    for (std::size_t i = 0; i < kinds.size(); ++i) sights.push_back({static_cast<std::int64_t>(10 * i), kinds[i]});
    return sights;
}

std::vector<AdviceKind> kindsOf(const std::vector<Advice>& advice) {
    std::vector<AdviceKind> kinds;
    for (const Advice& each : advice) kinds.push_back(each.kind);
    return kinds;
}

}  // namespace

class CoachTest : public QObject {
    Q_OBJECT

private slots:
    void anOrdinaryTrainingNeedsNoAdvice() {
        TrainingStory story = midway();
        story.evaluations = evaluationsOf({0.9, 0.7, 0.6, 0.5});
        story.heads = {sightsOf({HeadKind::uniform, HeadKind::mixed, HeadKind::mixed, HeadKind::mixed})};
        QVERIFY(adviceOn(story).empty());
        QVERIFY(adviceOn(TrainingStory()).empty());
    }

    void validationThatRisesThreeTimesIsTold() {
        TrainingStory story = midway();
        story.evaluations = evaluationsOf({0.5, 0.4, 0.42, 0.45});
        QVERIFY(adviceOn(story).empty());  // twice
        story.evaluations = evaluationsOf({0.5, 0.4, 0.42, 0.45, 0.5});
        QCOMPARE(adviceOn(story), (std::vector<Advice>{{AdviceKind::validationRises, -1, 200, true}}));
        story.evaluations = evaluationsOf({0.5, 0.4, 0.42, 0.45, 0.5}, 0.8, 0.01);
        QCOMPARE(adviceOn(story), (std::vector<Advice>{{AdviceKind::validationRises, -1, 200, false}}));
        story.evaluations = evaluationsOf({0.5, 0.4, 0.42, 0.45, 0.5, 0.48});
        QVERIFY(adviceOn(story).empty());
    }

    void theNoiseOfASmallLossIsNoRise() {
        TrainingStory story = midway();
        story.evaluations = evaluationsOf({0.0010, 0.0011, 0.0012, 0.0013});
        QVERIFY(adviceOn(story).empty());
        story.evaluations = evaluationsOf({1.0, 1.001, 1.002, 1.003});
        QVERIFY(adviceOn(story).empty());
    }

    void aLossThatStandsAtChanceIsTold() {
        TrainingStory story = midway();
        story.recentLoss = 2.29;
        QCOMPARE(kindsOf(adviceOn(story)), std::vector{AdviceKind::atChance});
        story.warmupSteps = 400;  // only a hundred steps since
        QVERIFY(adviceOn(story).empty());
    }

    void aHeadThatFormedIsTold() {
        TrainingStory story = midway();
        using enum HeadKind;
        story.heads = {sightsOf({uniform, mixed, answer, answer}), sightsOf({uniform, mixed, answer, answer, answer})};
        QCOMPARE(adviceOn(story), (std::vector<Advice>{{AdviceKind::headFormed, 1, 20, false}}));
        story.heads = {sightsOf({answer, answer, answer, answer}),              // so from the beginning
                       sightsOf({answer, uniform, uniform, uniform}),           // what it does is no place
                       sightsOf({mixed, answer, answer, firstToken, answer})};  // now this, now that
        QVERIFY(adviceOn(story).empty());
    }

    void noHeadFormsInARunThatGuesses() {
        TrainingStory story = midway();
        story.recentLoss = 2.3;
        story.heads = {sightsOf({HeadKind::uniform, HeadKind::answer, HeadKind::answer, HeadKind::answer})};
        QCOMPARE(kindsOf(adviceOn(story)), std::vector{AdviceKind::atChance});
    }

    void whenNothingMoreWillHappenItIsTold() {
        TrainingStory story = midway();
        story.evaluations = evaluationsOf({0.1, 0.05, 0.04}, 1.0);
        QCOMPARE(kindsOf(adviceOn(story)), std::vector{AdviceKind::nothingMore});
        story.evaluations.front().accuracy = 0.999;
        QVERIFY(adviceOn(story).empty());
        story.learningRate = 0.000'009;
        QCOMPARE(kindsOf(adviceOn(story)), std::vector{AdviceKind::spent});
        story.step = story.steps;  // all steps are done, which the window says
        QVERIFY(adviceOn(story).empty());
    }

    void theMostTellingComesFirst() {
        TrainingStory story = midway();
        story.evaluations = evaluationsOf({0.1, 0.12, 0.14, 0.16}, 1.0);
        story.heads = {sightsOf({HeadKind::mixed, HeadKind::answer, HeadKind::answer, HeadKind::answer})};
        QCOMPARE(kindsOf(adviceOn(story)), (std::vector{AdviceKind::nothingMore, AdviceKind::validationRises, AdviceKind::headFormed}));
    }
};

QTEST_APPLESS_MAIN(CoachTest)
#include "coach_test.moc"
