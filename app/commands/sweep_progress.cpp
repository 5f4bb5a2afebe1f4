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

/// "copy kv 1: test 71.80 %, 2.1 s"
std::string resultText(const Sweep& sweep, int run, const RunResult& result) {
    return values(sweep, run) + ": " + accuracyText(result, experimentOf(sweep, run).task.kind->loss) + ", " +
           formatted("%.1f s", result.seconds);
}

/// What is being trained.
std::string inHandText(const Sweep& sweep, const RemainingWork& work) {
    std::string text;
    for (const RunInHand& hand : work.inHand())
        text += formatted(" [%s step %s / %s loss %.3f]", values(sweep, hand.run).c_str(), groupedDigits(hand.step).c_str(),
                          groupedDigits(hand.steps).c_str(), hand.loss);
    return text;
}

/// A line of its own, above the one that changes.
void tell(StatusLine& line, const std::string& text) {
    if (line.isTerminal()) line.show({});
    std::fprintf(stderr, "%s%s\n", line.isTerminal() ? "\r" : "", text.c_str());
    std::fflush(stderr);
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
    tell(m_line, endText(run, result));
}

std::string SweepProgress::endText(int run, const RunResult& result) const {
    return formatted("%d of %d: ", doneCount(), totalCount()) + resultText(m_sweep, run, result) +
           (doneCount() < totalCount() ? "; " + timeLeft() : std::string());
}

std::string SweepProgress::statusText() const {
    return formatted("%d of %d runs done, ", doneCount(), totalCount()) + timeLeft() + "; now" + inHandText(m_sweep, m_work);
}

std::string SweepProgress::timeLeft() const {
    const std::optional<double> left = m_work.secondsLeft(std::chrono::duration<double>(Clock::now() - m_begin).count());
    return left ? durationText(*left) + " left" : "time left unknown";
}

void SharedProgress::stepped(int run, const StepRecord& record) {
    m_work.stepped(run, record);
    if (!m_line.isTerminal() || !m_line.isDue()) return;
    const std::string text = formatted("%d of %d runs done; now", finishedCount(), m_sweep.runCount()) + inHandText(m_sweep, m_work);
    m_line.show(text.substr(0, m_line.width()));
}

void SharedProgress::ended(int run, const RunResult& result) {
    m_work.ended(run);
    if (!m_quiet) tell(m_line, formatted("%d of %d: ", finishedCount(), m_sweep.runCount()) + resultText(m_sweep, run, result));
}

}  // namespace lab
