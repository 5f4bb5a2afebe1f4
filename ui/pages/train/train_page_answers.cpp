// What the model says: to one sample through time, and to others at the shown step.

#include <algorithm>

#include "core/data/dataset.h"
#include "core/model/sample_input.h"
#include "ui/pages/train/moments.h"
#include "ui/pages/train/picture_samples.h"
#include "ui/pages/train/text_over_time.h"
#include "ui/pages/train/train_curves.h"
#include "ui/pages/train/train_page.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/sample_figure.h"
#include "ui/widgets/segmented.h"

namespace lab {

/// One of the two tables, every token of it, and position by position as numbers.
std::unique_ptr<Figure> TrainPage::answersFigure(bool overTime) const {
    const auto& rows = (overTime ? m_overTime : m_moreSamples)->rows();
    if (!m_run || rows.empty()) return nullptr;
    auto figure = std::make_unique<SampleFigure>();
    figure->title = m_run->name();
    figure->labels = overTime ? tr("step") : tr("sample");
    figure->rows = rows;
    figure->leastRows = tableRows;
    const QString what = overTime ? tr("What '%1' answers to %2 as it learns.").arg(m_run->name(), m_overTimeFrame->subtitle())
                         : focus().sampleIsValidation()
                             ? tr("What '%1' answers to validation samples after step %2.").arg(m_run->name(), grouped(focus().shownStep()))
                             : tr("What '%1' answers to training samples after step %2.").arg(m_run->name(), grouped(focus().shownStep()));
    figure->caption =
        sentences({what, m_run->experiment().model.answersNumbers()
                             ? tr("In brackets the truth.")
                             : tr("Struck out: not the target; at the right how many of the positions asked for are right.")});
    figure->numbers.header = {overTime ? "step" : "sample", "position", "predicted", "target", "right"};
    for (const PredictionAnswer& answer : m_log.answers()) {
        if ((answer.question.tag < firstSampleTag) != overTime) continue;
        const std::int64_t label = overTime ? answer.question.checkpoint->step : answer.question.tag - firstSampleTag;
        const Input& input = answer.question.input;
        const SequenceWords words(*m_run);
        for (std::size_t i = 0; i < answer.predicted.size(); ++i) {
            if (!words.asks(input, i)) continue;
            const bool judged = !input.targets.empty() && !words.numbers();
            const std::string right = !judged ? "" : answer.predicted[i] == input.targets[i] ? "1" : "0";
            figure->numbers.rows.push_back({std::to_string(label), std::to_string(i), saidAt(words, answer, i).toStdString(),
                                            words.truth(input, i).toStdString(), right});
        }
    }
    return figure;
}

void TrainPage::askForPredictions() {
    if (!m_run || !focus().checkpoint()) return;
    const auto moments =
        momentsToShow(m_run->history(), m_curves->milestones().steps(), focus().checkpoint(), m_curves->crosshair(), tableRows);
    if (learnsText()) return m_texts->showMoments(focus(), moments);
    std::vector<PredictionQuestion> questions;
    for (const auto& checkpoint : moments) questions.push_back({checkpoint, focus().input(), int(questions.size())});
    const Dataset& samples = *m_run->dataset();
    if (ranks()) m_ranking.ask({m_run->model(), focus().checkpoint(), m_run->dataset(), focus().sampleIsValidation()});
    for (const int index : moreIndices()) {
        const Sample sample = focus().sampleIsValidation() ? samples.validationSample(index) : samples.trainSample(index);
        questions.push_back({focus().checkpoint(), inputOf(sample), firstSampleTag + index});
    }
    m_log.ask(m_run->model(), std::move(questions));
    showPredictions();
}

void TrainPage::showPredictions() {
    std::vector<SampleTable::Row> overTime, more;
    m_overTimeSteps.clear();
    m_moreIndices.clear();
    const auto crosshair = m_curves->crosshair();
    const CheckpointPtr marked = crosshair && m_run ? m_run->history().atOrBefore(*crosshair) : nullptr;
    std::int64_t shown = listsPictures() && focus().checkpoint() ? focus().checkpoint()->step : -1;
    for (const auto& answer : m_log.answers())
        if (answer.question.tag >= firstSampleTag) shown = answer.question.checkpoint->step;
    for (const auto& answer : m_log.answers()) {
        if (!m_run) break;  // it was closed while its answers were on their way
        const std::int64_t step = answer.question.checkpoint->step;
        if (answer.question.tag >= firstSampleTag) {
            m_moreIndices.push_back(answer.question.tag - firstSampleTag);
            more.push_back(rowOf(answer, grouped(m_moreIndices.back())));
        } else {
            m_overTimeSteps.push_back(step);
            overTime.push_back(rowOf(answer, grouped(step)));
            overTime.back().shown = step == shown;
            overTime.back().marked = marked && marked->step == step;
        }
    }
    m_overTime->setFollowed(answerCell(focus().selection().query));
    m_overTime->setRows(std::move(overTime));
    m_moreSamples->setRows(std::move(more));
}

/// Whether samples are asked for by their loss.
bool TrainPage::ranks() const {
    return listsPictures() || m_order->current() == 1;
}

/// The six that come next, or those with the largest loss; none where all pictures are listed.
std::vector<int> TrainPage::moreIndices() const {
    const int count = focus().sampleCount();
    std::vector<int> indices;
    if (listsPictures()) return indices;
    if (m_order->current() == 0) {
        for (int i = 1; i <= std::min(tableRows, count - 1); ++i) indices.push_back((focus().sampleIndex() + i) % count);
        return indices;
    }
    for (const SampleRanking::Ranked& ranked : m_ranking.ranked())
        if (std::ssize(indices) < tableRows && ranked.index < count) indices.push_back(ranked.index);
    return indices;
}

/// What the model of that moment says at a position.
QString TrainPage::saidAt(const SequenceWords& words, const PredictionAnswer& answer, std::size_t position) const {
    return words.numbers() ? vectorText(words.answeredAt(answer.numbers, position)) : words.classText(answer.predicted[position]);
}

/// Which of a row's cells is the answer at this position; -1: none is asked there.
int TrainPage::answerCell(int position) const {
    const auto& targets = focus().input().targets;
    if (targets.empty()) return position;
    if (position >= std::ssize(targets) || targets[static_cast<std::size_t>(position)] < 0) return -1;
    return static_cast<int>(std::count_if(targets.begin(), targets.begin() + position, [](int target) { return target >= 0; }));
}

SampleTable::Row TrainPage::rowOf(const PredictionAnswer& answer, const QString& label) const {
    SampleTable::Row row;
    row.label = label;
    const auto& targets = answer.question.input.targets;
    const SequenceWords words(*m_run);
    row.judged = !targets.empty() && !words.numbers();
    for (std::size_t i = 0; i < answer.predicted.size(); ++i) {
        if (!words.asks(answer.question.input, i)) continue;
        const QString said = saidAt(words, answer, i), truth = words.truth(answer.question.input, i);
        const bool wrong = row.judged && answer.predicted[i] != targets[i];
        row.right += wrong || !row.judged ? 0 : 1;
        if (wrong && words.tokenizer().isText() && !words.vectors())
            row.cells.push_back({said, false, tr("position %1: %2, the text has %3").arg(i).arg(said, truth), true});
        else if (wrong)
            row.cells.push_back({said, true, tr("position %1: %2, should be %3").arg(i).arg(said, truth)});
        else
            row.cells.push_back(
                {said, false,
                 words.numbers() && !truth.isEmpty() ? tr("position %1: %2, the truth is %3").arg(i).arg(said, truth) : QString()});
        if (words.vectors() && words.numbers() && !truth.isEmpty()) row.cells.back().text = tr("%1 (%2)").arg(said, truth);
    }
    return row;
}

/// What is known of all samples, which may be some steps old while the run trains.
void TrainPage::showPictures() {
    const RankingQuestion& answered = m_ranking.answeredQuestion();
    if (!listsPictures() || !answered.checkpoint || answered.dataset != m_run->dataset()) return;
    m_pictures->setSamples(*m_run, answered.validation, m_ranking.ranked(), focus().sampleIndex());
    const auto count = std::ssize(m_ranking.ranked());
    const QString step = grouped(answered.checkpoint->step);
    m_picturesFrame->setSubtitle(answered.validation
                                     ? counted(LAB_PLURAL("train", "%1 validation sample(s) at step %2"), count, {grouped(count), step})
                                     : counted(LAB_PLURAL("train", "%1 training sample(s) at step %2"), count, {grouped(count), step}));
}

}  // namespace lab
