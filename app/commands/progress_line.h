#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "app/commands/status_line.h"
#include "core/training/trainer.h"

namespace lab {

/// The progress of a training on standard error: on a terminal one line that is rewritten ten times a second, elsewhere a line now and
/// then.
class ProgressLine {
public:
    /// `model`: says what is measured, and what it reads.
    ProgressLine(const ModelConfig& model, std::int64_t startStep, std::int64_t lastStep, bool quiet);

    void update(const StepRecord& record);
    /// Ends the line, so that other text may follow.
    void finish() { m_line.finish(); }

private:
    std::string text(const StepRecord& record) const;
    double secondsLeft(const StepRecord& record) const;

    using Clock = std::chrono::steady_clock;
    const ModelConfig& m_model;
    std::int64_t m_startStep;
    std::int64_t m_lastStep;
    StatusLine m_line;
    Clock::time_point m_begin;
    std::optional<Evaluation> m_validation;
    double m_tokens = 0;   ///< since the start
    double m_seconds = 0;  ///< of computing
};

}  // namespace lab
