#include "app/commands/sweep_progress.h"

#include <cstdio>

namespace lab {
namespace {

std::string values(const Sweep& sweep, int run) {
    std::string text;
    for (const std::string& cell : cellsOf(sweep, run)) text += (text.empty() ? "" : " ") + cell;
    return text;
}

std::string accuracyText(const RunResult& result) {
    if (result.diverged()) return "diverged after step " + groupedDigits(result.steps);
    if (result.testAccuracy) return formatted("test accuracy %.2f %%", 100 * *result.testAccuracy);
    if (result.validationAccuracy) return formatted("validation accuracy %.2f %%", 100 * *result.validationAccuracy);
    return formatted("training loss %.4f", *result.trainLoss);
}

}  // namespace

SweepProgress::SweepProgress(const SweepResults& results, const std::vector<int>& runs, bool quiet)
    : m_sweep(results.sweep()), m_line(quiet), m_quiet(quiet), m_total(static_cast<int>(runs.size())) {
    for (const int run : runs) {
        if (results.isFinished(run)) {
            ++m_done;
            continue;
        }
        const Experiment experiment = experimentOf(m_sweep, run);
        m_workLeft += workOfStep(experiment) * experiment.training.steps;
    }
}

void SweepProgress::begun(int run) {
    const Experiment experiment = experimentOf(m_sweep, run);
    m_inHand[run] = {workOfStep(experiment), 0, experiment.training.steps, 0};
}

void SweepProgress::stepped(int run, const StepRecord& record) {
    InHand& hand = m_inHand[run];
    hand.step = record.step;
    hand.loss = record.train.loss;
    m_workDone += hand.workOfStep;
    m_workLeft -= hand.workOfStep;
    if (m_line.isTerminal() && m_line.isDue()) m_line.show(statusText().substr(0, m_line.width()));
}

void SweepProgress::ended(int run, const RunResult& result) {
    const InHand& hand = m_inHand[run];
    m_workLeft -= hand.workOfStep * static_cast<double>(hand.steps - hand.step);  // of a run that diverged
    m_inHand.erase(run);
    ++m_done;
    if (m_quiet) return;
    if (m_line.isTerminal()) m_line.show({});
    std::fprintf(stderr, "%s%s\n", m_line.isTerminal() ? "\r" : "", endText(run, result).c_str());
    std::fflush(stderr);
}

std::string SweepProgress::endText(int run, const RunResult& result) const {
    return formatted("%d of %d: ", m_done, m_total) + values(m_sweep, run) + ": " + accuracyText(result) + ", " +
           formatted("%.1f s", result.seconds) + (m_done < m_total ? "; " + timeLeft() : std::string());
}

std::string SweepProgress::statusText() const {
    std::string text = formatted("%d of %d runs done, ", m_done, m_total) + timeLeft() + "; now";
    for (const auto& [run, hand] : m_inHand)
        text += formatted(" [%s step %s / %s loss %.3f]", values(m_sweep, run).c_str(), groupedDigits(hand.step).c_str(),
                          groupedDigits(hand.steps).c_str(), hand.loss);
    return text;
}

std::string SweepProgress::timeLeft() const {
    if (m_workDone <= 0) return "time left unknown";
    const double elapsed = std::chrono::duration<double>(Clock::now() - m_begin).count();
    return durationText(elapsed / m_workDone * m_workLeft) + " left";
}

}  // namespace lab
