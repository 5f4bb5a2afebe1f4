#include "ui/window/coach.h"

#include <algorithm>

#include "core/analysis/answer_sources.h"
#include "core/analysis/run_comparison.h"
#include "core/config/experiment.h"
#include "core/data/guessing.h"
#include "core/runs/budget.h"
#include "ui/scenes/head_names.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice_strip.h"

namespace lab {
namespace {

constexpr std::size_t recentSteps = 20;

}  // namespace

Coach::Coach(Focus& focus, NoticeStrip& strip, QObject* parent) : QObject(parent), m_focus(focus), m_strip(strip) {
    m_strip.hide();
    m_rests.setSingleShot(true);
    m_rests.setInterval(budget::reading);
    connect(&m_rests, &QTimer::timeout, this, &Coach::look);
    connect(&m_focus, &Focus::runChanged, this, &Coach::watchRun);
    connect(&m_focus, &Focus::inputChanged, this, &Coach::forgetHeads);
    connect(&m_focus, &Focus::traceChanged, this, &Coach::lookAtHeads);
    connect(&m_measure, &HeadMeasure::measured, this, &Coach::noteHeads);
    watchRun();
}

void Coach::say(const QString& sentence, const QString& detail) {
    m_strip.setTexts(sentence, detail);
    m_strip.clearActions();
    connect(m_strip.addAction(tr("Close")), &QAbstractButton::clicked, &m_strip, &QWidget::hide);
    m_strip.show();
    m_isOfRun = false;
    m_standing.reset();
    m_sinceSaid.start();
}

void Coach::watchRun() {
    for (const auto& connection : m_connections) disconnect(connection);
    m_connections.clear();
    m_run = m_focus.run();
    begin();
    if (!m_run) return;
    m_connections = {connect(m_run, &Run::metricsExtended, this,
                             [this] {
                                 if (!m_rests.isActive()) m_rests.start();
                             }),
                     connect(m_run, &Run::wasReset, this, &Coach::begin)};
}

/// What is still measured of another run or input would be taken for this one's.
void Coach::forgetHeads() {
    m_story.heads.clear();
    m_measure.look(nullptr, {}, nullptr, 0);
}

/// What was said of another run, or before it began anew, is no longer true.
void Coach::begin() {
    m_story = {};
    forgetHeads();
    m_taken = m_evaluated = 0;
    m_lossSince = 0;
    if (m_isOfRun) m_strip.hide();
    m_said.clear();
    m_rests.stop();
    if (!m_run) return;
    const TrainingConfig& training = m_run->experiment().training;
    m_story.steps = training.steps;
    m_story.warmupSteps = warmupSteps(*training.schedule.kind, training.schedule.numbers, training.steps);
}

void Coach::takeRecords() {
    const auto& records = m_run->records();
    for (; m_taken < records.size(); ++m_taken) {
        const StepRecord& record = records[m_taken];
        m_lossSince += record.train.loss;
        m_story.highestLearningRate = std::max(m_story.highestLearningRate, record.learningRate);
        if (!record.validation) continue;
        m_story.evaluations.push_back({record.step, record.validation->loss, record.validation->accuracy,
                                       m_lossSince / static_cast<double>(m_taken + 1 - m_evaluated)});
        m_evaluated = m_taken + 1;
        m_lossSince = 0;
    }
    const std::size_t recent = std::min(recentSteps, records.size());
    m_story.recentLoss = 0;
    for (std::size_t i = records.size() - recent; i < records.size(); ++i)
        m_story.recentLoss += records[i].train.loss / static_cast<double>(recent);
    m_story.step = records.back().step;
    m_story.learningRate = records.back().learningRate;
}

void Coach::look() {
    if (!m_run || m_run->records().empty()) return;
    takeRecords();
    m_story.chanceLoss = m_run->guesses().uniform.loss;
    keepTrue();
    if (m_run->state() != Run::State::training) return;
    if (m_strip.isVisible() && m_sinceSaid.isValid() && m_sinceSaid.elapsed() < budget::adviceStays.count()) return;
    for (const Advice& advice : adviceOn(m_story)) {
        // Of many heads that come to do the same the first is news.
        const int what = advice.head < 0 ? 0 : static_cast<int>(m_story.heads[static_cast<std::size_t>(advice.head)].back().kind);
        if (!m_said.insert({advice.kind, what}).second) continue;
        const auto [sentence, detail] = wordsOf(advice);
        say(sentence, detail);
        m_isOfRun = true;
        if (advice.kind == AdviceKind::atChance) m_standing = advice.kind;
        return;
    }
}

/// A loss that stands still is told with the step that has come by now, and not behind the one at which it fell.
void Coach::keepTrue() {
    if (!m_standing || m_strip.isHidden()) return;
    const std::vector<Advice> all = adviceOn(m_story);
    const auto same = std::ranges::find(all, *m_standing, &Advice::kind);
    if (same == all.end()) return m_strip.hide();
    const auto [sentence, detail] = wordsOf(*same);
    m_strip.setTexts(sentence, detail);
}

void Coach::lookAtHeads() {
    const auto trace = m_focus.trace();
    if (!m_run || !trace || !m_focus.live() || m_run->state() != Run::State::training || !m_focus.headChanges().empty()) return;
    if (static_cast<int>(std::max(trace->tokens.size(), trace->targetTokens.size())) > budget::longestMeasured) return;
    m_measure.look(m_run->model(), m_run->experiment().task, trace, m_focus.traceStep(), true);
}

void Coach::noteHeads() {
    const std::vector<HeadMetrics>& metrics = m_measure.metrics();
    m_story.heads.resize(metrics.size());
    for (std::size_t head = 0; head < metrics.size(); ++head) {
        std::vector<HeadSight>& sights = m_story.heads[head];
        if (sights.empty() || sights.back().step < m_measure.step()) sights.push_back({m_measure.step(), headKind(metrics[head])});
    }
}

std::pair<QString, QString> Coach::wordsOf(const Advice& advice) const {
    switch (advice.kind) {
        case AdviceKind::nothingMore:
            return {tr("All validation answers were right in the last %1 evaluations").arg(inARow),
                    m_run->experiment().model.attends()
                        ? tr("More steps make the loss smaller, hardly the answers better. Maps shows how it is done.")
                        : tr("More steps make the loss smaller, hardly the answers better.")};
        case AdviceKind::spent:
            return {tr("The learning rate has fallen to a hundredth of its highest"), tr("The steps that are left change little.")};
        case AdviceKind::validationRises: {
            const auto best = m_run->history().bestStep();
            const QString kept =
                best ? tr("Step %1, with the lowest validation loss, stays on the timeline.").arg(grouped(*best)) : QString();
            return {advice.learnsByHeart
                        ? tr("The validation loss has risen since step %1, the training loss has not").arg(grouped(advice.since))
                        : tr("The validation loss has risen since step %1, as the training loss has").arg(grouped(advice.since)),
                    (advice.learnsByHeart ? tr("So it looks when a model learns its samples by heart: overfitting.")
                                          : tr("So it looks when learning_rate is too large.")) +
                        QLatin1Char(' ') + kept};
        }
        case AdviceKind::headFormed:
            return wordsOfHead(advice);
        case AdviceKind::atChance:
            break;
    }
    const QString still = m_run && m_run->guesses().numbers ? tr("After %1 steps the loss is still that of always answering 0, %2")
                                                            : tr("After %1 steps the loss is still that of a uniform guess, %2");
    return {still.arg(grouped(m_story.step), fixed(m_story.chanceLoss, 3)),
            tr("Some tasks stay there for hundreds of steps and then fall at once. If this one does not, try another learning_rate.")};
}

std::pair<QString, QString> Coach::wordsOfHead(const Advice& advice) const {
    const Experiment& experiment = m_run->experiment();
    const auto index = static_cast<std::size_t>(advice.head);
    const HeadPlace at = headPlaces(*m_run->model())[index];
    const AttentionBlock& block = m_run->model()->attentionBlocks()[static_cast<std::size_t>(at.block)];
    const HeadBadge badge =
        headBadge(m_measure.metrics()[index], sourcePattern(experiment.task, experiment.model.architecture), block.cross);
    return {tr("A head has formed, %1: %2").arg(shortHeadName(block, at.head, experiment.model.architecture), badge.text),
            tr("Seen so since step %1 on the input shown then, and not at the look before.").arg(grouped(advice.since))};
}

}  // namespace lab
