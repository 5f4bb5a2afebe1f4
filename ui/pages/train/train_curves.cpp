#include "ui/pages/train/train_curves.h"

#include <cmath>

#include "core/config/experiment.h"
#include "ui/pages/train/percent_axis.h"
#include "ui/scenes/guess_lines.h"
#include "ui/scenes/measure_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

constexpr double milestoneSmoothing = 0.8;
constexpr double leastFactorOfText = 3;

CurveStyle curveStyle(int strip, const QString& name, Role role, CurveDrawing drawing, double width,
                      std::function<QString(double)> format) {
    CurveStyle result;
    result.strip = strip;
    result.name = name;
    result.role = role;
    result.drawing = drawing;
    result.width = width;
    result.labelled = !name.isEmpty() && drawing != CurveDrawing::noisy;
    result.format = std::move(format);
    return result;
}

std::function<QString(double)> decimals(int count) {
    return [count](double value) { return fixed(value, count); };
}

}  // namespace

TrainCurves::TrainCurves(QWidget* parent) : CurvePlot(parent) {
    m_loss = addStrip({tr("Loss"), {}, 192, true, AxisScale::logarithmic, true, {}, {0.02, 4}});
    m_accuracy = addStrip({tr("Accuracy"), QStringLiteral("%"), 113, true, AxisScale::linear, true, {{percentLow, percentHigh}}, {}});
    m_rate = addStrip({tr("Learning rate"), {}, 48, false, AxisScale::linear, true, {}, {0, 1}});
    m_norm = addStrip({tr("Gradient norm"), {}, 48, false, AxisScale::linear, true, {}, {0, 1}});
    CurveStyle loss = curveStyle(m_loss, tr("train"), Role::series1, CurveDrawing::smoothed, 2.2, decimals(4));
    loss.rawBehind = true;
    CurveStyle validation = curveStyle(m_loss, tr("validation"), Role::series3, CurveDrawing::line, 2, decimals(4));
    validation.squares = true;
    addCurve(loss);
    addCurve(validation);
    addCurve(curveStyle(m_accuracy, tr("tokens"), Role::series1, CurveDrawing::smoothed, 2.2, decimals(1)));
    validation.strip = m_accuracy;
    validation.format = decimals(1);
    addCurve(validation);
    addCurve(curveStyle(m_accuracy, tr("whole seq."), Role::series4, CurveDrawing::smoothed, 1.8, decimals(1)));
    addCurve(curveStyle(m_rate, {}, Role::series5, CurveDrawing::line, 1.4, [](double rate) { return scientific(rate, 2); }));
    addCurve(curveStyle(m_norm, {}, Role::series5, CurveDrawing::noisy, 1.4, decimals(2)));
}

void TrainCurves::setRun(Run* run) {
    if (run == m_run) return;
    disconnect(m_resetConnection);
    m_run = run;
    restart();
    if (!run) return;
    m_resetConnection = connect(run, &Run::wasReset, this, &TrainCurves::restart);
    describeRun();
}

/// A checkpoint carries no records: an opened run begins with empty curves though it has learned.
void TrainCurves::describeEmptiness() {
    const QString measure = m_run ? measurePhrase(measureOf(m_run->experiment().model)) : measurePhrase(LossKind::cross_entropy);
    const QString drawn = tr("Loss, %1, learning rate and gradient norm are drawn here while the model learns.").arg(measure);
    const std::int64_t step = m_run && m_run->latest() ? m_run->latest()->step : 0;
    const QString noCurves = tr("A checkpoint keeps weights and no curves. More steps make a new run.");
    if (m_run && m_run->stoppedEarly())
        setEmptyText(tr("It ended by itself at step %1 (training.early_stop)").arg(grouped(step)), noCurves);
    else if (m_run && step >= m_run->experiment().training.steps)
        setEmptyText(counted(LAB_PLURAL("train", "All %1 step(s) are done"), step, {grouped(step)}), noCurves);
    else if (step > 0)
        setEmptyText(tr("Press Space to go on from step %1").arg(grouped(step)), drawn);
    else
        setEmptyText(tr("Press Space to train"), drawn);
}

void TrainCurves::restart() {
    clear();
    describeEmptiness();
    m_taken = 0;
    const double guessed = m_run ? m_run->guesses().uniform.accuracy : 0.5;
    std::vector<double> levels;
    for (double way : {0.125, 0.375, 0.625, 0.875}) levels.push_back(guessed + way * (1 - guessed));
    m_milestones = FirstPassings(levels, milestoneSmoothing);
}

void TrainCurves::describeRun() {
    const Experiment& experiment = m_run->experiment();
    m_unit = lossUnitOf(*m_run->dataset());
    setStripTitle(m_loss, m_unit.bitsPerByte ? tr("Loss, bits a byte") : tr("Loss"));
    setStripTitle(m_accuracy, measureTitle(measureOf(experiment.model)));
    setName(trainAccuracy, experiment.model.readsVectors() ? tr("train") : tr("tokens"));
    // Bits a byte of a text end near 1, not near 0.
    setLeastFactor(m_loss, m_unit.bitsPerByte ? leastFactorOfText : CurveStrip().leastFactor);
    describeGuesses();
    setExpectedSteps(experiment.training.steps);
    setEmptyRange(m_loss, 0.02, m_unit.of(m_run->guesses().uniform.loss) * 1.9);
    setEmptyRange(m_rate, 0, experiment.training.optimizer.learning_rate * 1.1);
    const double clip = experiment.training.clip_norm;
    const QString name = clip > 0 ? tr("clip %1").arg(brief(clip, 4)) : tr("not clipped");
    setName(gradientNorm, name);
    if (clip > 0) {
        setReference(m_norm, clip, name, false);
        setEmptyRange(m_norm, 0, clip * 1.1);
    } else {
        clearReference(m_norm);
    }
}

/// Where a text is learned n-grams take the place of the commonest answer, as soon as they are counted.
void TrainCurves::describeGuesses() {
    const CountingBaselines* counting = m_run->counting();
    m_counted = counting != nullptr;
    for (const bool accuracy : {false, true}) {
        const int strip = accuracy ? m_accuracy : m_loss;
        clearReference(strip);
        const auto lines =
            m_counted && !accuracy ? countedLines(m_run->guesses(), *counting, m_unit) : guessLines(m_run->guesses(), accuracy, m_unit);
        for (const GuessLine& guess : lines) addReference(strip, guess.value, guess.label, !accuracy, guess.name, !guess.best);
    }
}

void TrainCurves::follow() {
    if (!m_run) return;
    if (!m_counted && m_run->counting()) describeGuesses();
    const auto& records = m_run->records();
    for (; m_taken < records.size(); ++m_taken) {
        const StepRecord& record = records[m_taken];
        append(trainLoss, record.step, m_unit.of(record.train.loss));
        append(trainAccuracy, record.step, 100 * record.train.accuracy);
        // A metrics file does not say.
        if (!m_unit.bitsPerByte && !std::isnan(record.train.sequenceAccuracy) && judgesSequences(m_run->experiment().model))
            append(sequenceAccuracy, record.step, 100 * record.train.sequenceAccuracy);
        append(learningRate, record.step, record.learningRate);
        append(gradientNorm, record.step, record.gradientNorm);
        m_milestones.add(record.step, record.train.accuracy);
        if (!record.validation) continue;
        append(validationLoss, record.step, m_unit.of(record.validation->loss));
        append(validationAccuracy, record.step, 100 * record.validation->accuracy);
    }
}

}  // namespace lab
