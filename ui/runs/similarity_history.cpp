#include "ui/runs/similarity_history.h"

#include <QEvent>
#include <algorithm>
#include <chrono>

#include "core/config/experiment.h"
#include "core/runs/budget.h"

namespace lab {
namespace {

using SimilarityClock = std::chrono::steady_clock;
constexpr std::uint64_t similaritySeed = 2;

/// The ends first, then each 64th, each 32nd and so on; the next one last.
std::vector<CheckpointPtr> similarityOrder(const std::vector<CheckpointPtr>& missing) {
    std::vector<CheckpointPtr> order;
    std::vector<bool> taken(missing.size(), false);
    const auto take = [&](std::size_t i) {
        if (!taken[i]) order.push_back(missing[i]);
        taken[i] = true;
    };
    if (!missing.empty()) {
        take(missing.size() - 1);
        take(0);
    }
    for (std::size_t stride = 64; stride > 0; stride /= 2)
        for (std::size_t i = 0; i < missing.size(); i += stride) take(i);
    std::ranges::reverse(order);
    return order;
}

}  // namespace

SimilarityHistory::SimilarityHistory(QObject* parent) : QObject(parent) {
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &SimilarityHistory::measure);
}

void SimilarityHistory::look(Run* run, const Method& method) {
    if (run != m_run || method != m_method) {
        forget();
        for (auto& connection : m_connections) disconnect(connection);
        m_run = run;
        m_method = method;
        if (run) {
            m_connections[0] = connect(run, &Run::wasReset, this, &SimilarityHistory::forget);
            m_connections[1] = connect(run, &Run::stateChanged, this, &SimilarityHistory::plan);
        }
    }
    plan();
}

void SimilarityHistory::setWatched(bool watched) {
    m_watched = watched;
    if (watched) plan();
}

bool SimilarityHistory::eventFilter(QObject* view, QEvent* event) {
    if (event->type() == QEvent::Show || event->type() == QEvent::Hide) setWatched(event->type() == QEvent::Show);
    return QObject::eventFilter(view, event);
}

bool SimilarityHistory::settled() const {
    const bool training = m_run && m_run->state() == Run::State::training;
    return !m_run || !m_error.isEmpty() || training || (m_waiting.empty() && !m_busy);
}

void SimilarityHistory::forget() {
    m_task.cancel();
    m_rest.stop();
    m_busy = false;
    m_measured.clear();
    m_waiting.clear();
    m_error.clear();
    emit changed();
}

/// Finds out what is missing.
void SimilarityHistory::plan() {
    if (!m_run || !m_watched || m_busy || !m_error.isEmpty()) return;
    std::vector<CheckpointPtr> missing;
    for (const CheckpointPtr& checkpoint : m_run->history().checkpoints())
        if (!m_measured.contains(checkpoint->step)) missing.push_back(checkpoint);
    m_waiting = similarityOrder(missing);
    if (!m_rest.isActive()) measure();
}

void SimilarityHistory::measure() {
    if (!m_run || !m_watched || m_busy || m_waiting.empty()) return;
    m_busy = true;
    const bool training = m_run->state() == Run::State::training;
    m_task.request(
        [this, model = m_run->model(), task = m_run->experiment().task.functions, method = m_method, waiting = m_waiting, count = m_prompts,
         seconds = training ? budget::portionInTraining : budget::portion](const LatestTask::Wanted& wanted) -> LatestTask::Found {
            Portion portion;
            const auto start = SimilarityClock::now();
            const auto elapsed = [start] { return std::chrono::duration<double>(SimilarityClock::now() - start).count(); };
            const std::vector<FunctionPrompt> prompts = studyPrompts(task, similaritySeed, count);
            const auto cancelled = [&wanted] { return !wanted(); };
            for (auto next = waiting.rbegin(); next != waiting.rend() && (portion.measured.empty() || elapsed() < seconds); ++next) {
                const PromptAnswers answers(*model, (*next)->weights, task);
                const auto found = similarity(answers, method, prompts, cancelled);
                if (!found) break;
                portion.measured.emplace_back((*next)->step, *found);
            }
            portion.seconds = elapsed();
            return [this, portion] { take(portion); };
        },
        [this](const QString& message) {
            m_error = message;
            take({});
        });
}

void SimilarityHistory::take(const Portion& portion) {
    m_busy = false;
    for (const auto& [step, similarity] : portion.measured) m_measured.insert_or_assign(step, similarity);
    if (portion.measured.empty()) {
        // The method is undefined on such prompts: that does not change with the steps.
        m_waiting.clear();
        emit changed();
        return;
    }
    if (m_run && m_run->state() == Run::State::training)
        m_rest.start(budget::restAfter(portion.seconds, m_run->pace() > 0 ? budget::restPerWork : budget::restPerWorkAtFullSpeed));
    plan();
    emit changed();
}

}  // namespace lab
