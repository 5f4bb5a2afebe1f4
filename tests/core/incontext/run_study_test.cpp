#include "core/incontext/run_study.h"

#include <QtTest>
#include <cmath>

#include "core/config/validation.h"
#include "core/incontext/closed_form.h"
#include "tests/regression_experiment.h"

using namespace lab;

namespace {

StudyQuestion allOf(int prompts) {
    StudyQuestion question;
    question.examples = question.shift = question.between = question.products = true;
    question.exampleCounts = {1, 3, 5};
    question.prompts = prompts;
    return question;
}

}  // namespace

class RunStudyTest : public QObject {
    Q_OBJECT

private slots:
    void theConstructionIsStudiedAsTheStepThatItIs() {
        const Experiment experiment = resolved(regressionExperiment());
        const Model model(experiment.model);
        const RunStudy study = studyRun(model, constructedWeights(model, experiment), experiment, allOf(4000));
        const FunctionMoments moments = *momentsOf(experiment.task.functions);
        const double expected = bestOneStepLoss(moments);
        QVERIFY2(std::abs(study.loss - expected) < 0.1 * expected, qPrintable(QString::number(study.loss)));
        QVERIFY(study.step && std::abs(study.step->eta / bestOneStep(moments) - 1) < 1e-4);
        QCOMPARE(study.byExamples.size(), 3U);
        QCOMPARE(study.byExamples.back().examples, 5);
        QVERIFY(study.whyNotBetween.empty());
        for (const InterpolatedLoss& point : study.between) QVERIFY(std::abs(point.loss / study.loss - 1) < 1e-4);
        QCOMPARE(study.inputShift.size(), shiftScales().size());
        // Scaling w scales truth and answer alike.
        for (const ShiftPoint& point : study.weightShift) QVERIFY(std::abs(point.ratio() / study.weightShift.front().ratio() - 1) < 1e-6);
        QVERIFY(study.exact.largestDifference < 1e-5);
    }

    void measuredShiftFollowsTheDerivedCurve() {
        const Experiment experiment = resolved(regressionExperiment());
        const Model model(experiment.model);
        const RunStudy study = studyRun(model, constructedWeights(model, experiment), experiment, allOf(6000));
        const FunctionMoments moments = *momentsOf(experiment.task.functions);
        const auto derived = inputShift(moments, bestOneStep(moments), shiftScales());
        for (std::size_t i = 0; i < derived.size(); ++i)
            QVERIFY2(std::abs(study.inputShift[i].ratio() / derived[i].ratio() - 1) < 0.12, qPrintable(QString::number(derived[i].scale)));
    }

    void productsStandBesideTheConstructionsWhateverTheirFactor() {
        HeadProducts head = constructedProducts(2, 5, 3.0);
        for (double& value : head.meeting) value *= -4;
        for (double& value : head.adding) value /= -4;
        const ComparedProducts compared = besideConstruction(head, 5, 3.0);
        QCOMPARE(compared.factor, -0.25);
        for (std::size_t i = 0; i < head.meeting.size(); ++i) {
            QVERIFY(std::abs(compared.model.meeting[i] - compared.constructed.meeting[i]) < 1e-12);
            QVERIFY(std::abs(compared.model.adding[i] - compared.constructed.adding[i]) < 1e-12);
        }
    }

    void cancelledItComesBack() {
        const Experiment experiment = resolved(regressionExperiment());
        const Model model(experiment.model);
        StudyQuestion question = allOf(50);
        question.cancelled = [] { return true; };
        QVERIFY(studyRun(model, constructedWeights(model, experiment), experiment, question).between.empty());
    }
};

QTEST_APPLESS_MAIN(RunStudyTest)
#include "run_study_test.moc"
