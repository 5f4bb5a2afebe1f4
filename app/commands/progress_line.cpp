#include "app/commands/progress_line.h"

#include "app/commands/measure_text.h"

namespace lab {
namespace {

std::string rateText(double perSecond, bool vectors) {
    const char* what = vectors ? "vectors" : "tokens";
    if (perSecond >= 1e6) return formatted("%.2f M %s/s", perSecond / 1e6, what);
    if (perSecond >= 1e3) return formatted("%.0f k %s/s", perSecond / 1e3, what);
    return formatted("%.0f %s/s", perSecond, what);
}

}  // namespace

ProgressLine::ProgressLine(const ModelConfig& model, std::int64_t startStep, std::int64_t lastStep, bool quiet)
    : m_model(model), m_startStep(startStep), m_lastStep(lastStep), m_line(quiet), m_begin(Clock::now()) {}

void ProgressLine::update(const StepRecord& record) {
    m_tokens += record.tokens;
    m_seconds += record.seconds;
    if (record.validation) m_validation = record.validation;
    if (m_line.isDue(record.step == m_lastStep)) m_line.show(text(record));
}

std::string ProgressLine::text(const StepRecord& record) const {
    const std::string begin = "step " + groupedDigits(record.step) + " / " + groupedDigits(m_lastStep) +
                              formatted("  loss %.4f  ", record.train.loss) + measureText(m_model, record.train.accuracy);
    const std::string validation = m_validation ? formatted("  validation %.2f %%", 100 * m_validation->accuracy) : std::string();
    std::string end;
    if (m_seconds > 0) end.append("  ").append(rateText(m_tokens / m_seconds, m_model.readsVectors()));
    if (record.step < m_lastStep) end.append("  ").append(durationText(secondsLeft(record))).append(" left");
    const std::size_t width = m_line.width();
    const bool fits = begin.size() + validation.size() + end.size() <= width;
    return ((fits ? begin + validation : begin) + end).substr(0, width);
}

double ProgressLine::secondsLeft(const StepRecord& record) const {
    const double elapsed = std::chrono::duration<double>(Clock::now() - m_begin).count();
    const auto done = static_cast<double>(record.step - m_startStep);
    return elapsed / done * static_cast<double>(m_lastStep - record.step);
}

}  // namespace lab
