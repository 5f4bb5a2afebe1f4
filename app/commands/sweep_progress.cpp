#include "app/commands/sweep_progress.h"

#include <cstdio>

#include "app/commands/measure_text.h"

namespace lab {
namespace {

std::string values(const Sweep& sweep, int run) {
    std::string text;
    for (const std::string& cell : cellsOf(sweep, run)) text += (text.empty() ? "" : " ") + cell;
    return text;
}

std::string accuracyText(const RunResult& result, LossKind loss) {
    if (result.diverged()) return "diverged after step " + groupedDigits(result.steps);
    if (result.testAccuracy) return "test " + measureText(loss, *result.testAccuracy);
    if (result.validationAccuracy) return "validation " + measureText(loss, *result.validationAccuracy);
    return formatted("training loss %.4f", *result.trainLoss);
}

RemainingWork workOfRuns(const SweepResults& results, const std::vector<int>& runs) {
    std::vector<int> open;
    for (const int run : runs)
        if (!results.isFinished(run)) open.push_back(run);
    return {results.sweep(), open, static_cast<int>(runs.size() - open.size())};
}

}  // namespace

SweepProgress::SweepProgress(const SweepResults& results, const std::vector<int>& runs, bool quiet)
    : m_sweep(results.sweep()), m_line(quiet), m_quiet(quiet), m_work(workOfRuns(results, runs)) {}

void SweepProgress::begun(int run) {
    m_work.begun(run);
}

void SweepProgress::stepped(int run, const StepRecord& record) {
    m_work.stepped(run, record);
    if (m_line.isTerminal() && m_line.isDue()) m_line.show(statusText().substr(0, m_line.width()));
}

void SweepProgress::ended(int run, const RunResult& result) {
    m_work.ended(run);
    if (m_quiet) return;
    if (m_line.isTerminal()) m_line.show({});
    std::fprintf(stderr, "%s%s\n", m_line.isTerminal() ? "\r" : "", endText(run, result).c_str());
    std::fflush(stderr);
}

std::string SweepProgress::endText(int run, const RunResult& result) const {
    return formatted("%d of %d: ", doneCount(), totalCount()) + values(m_sweep, run) + ": " +
           accuracyText(result, experimentOf(m_sweep, run).task.kind->loss) + ", " + formatted("%.1f s", result.seconds) +
           (doneCount() < totalCount() ? "; " + timeLeft() : std::string());
}

std::string SweepProgress::statusText() const {
    std::string text = formatted("%d of %d runs done, ", doneCount(), totalCount()) + timeLeft() + "; now";
    for (const RunInHand& hand : m_work.inHand())
        text += formatted(" [%s step %s / %s loss %.3f]", values(m_sweep, hand.run).c_str(), groupedDigits(hand.step).c_str(),
                          groupedDigits(hand.steps).c_str(), hand.loss);
    return text;
}

std::string SweepProgress::timeLeft() const {
    const std::optional<double> left = m_work.secondsLeft(std::chrono::duration<double>(Clock::now() - m_begin).count());
    return left ? durationText(*left) + " left" : "time left unknown";
}

}  // namespace lab
