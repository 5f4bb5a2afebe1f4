#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/training/trainer.h"

namespace lab {

/// The progress of a training on standard error: on a terminal one line that is rewritten ten times a second, elsewhere a line now and
/// then.
class ProgressLine {
public:
    ProgressLine(std::int64_t startStep, std::int64_t lastStep, bool quiet);
    ~ProgressLine();

    void update(const StepRecord& record);
    /// Ends the line, so that other text may follow.
    void finish();

private:
    std::string text(const StepRecord& record) const;
    double secondsLeft(const StepRecord& record) const;

    using Clock = std::chrono::steady_clock;
    std::int64_t m_startStep;
    std::int64_t m_lastStep;
    bool m_quiet;
    bool m_terminal;
    Clock::time_point m_begin;
    std::chrono::milliseconds m_interval;
    Clock::time_point m_due;
    std::optional<Evaluation> m_validation;
    double m_tokens = 0;   ///< since the start
    double m_seconds = 0;  ///< of computing
    std::string m_shown;   ///< what stands on the terminal's line
};

/// "1 240"
std::string groupedDigits(std::int64_t number);
/// "41 s", "3 min 05 s", "1 h 12 min"
std::string durationText(double seconds);

}  // namespace lab
