#include "app/commands/progress_line.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace lab {
namespace {

constexpr std::chrono::milliseconds terminalInterval{100};
constexpr std::chrono::milliseconds logInterval{5000};

template <class... Values>
std::string formatted(const char* format, Values... values) {
    char buffer[200];
    const int length = std::snprintf(buffer, sizeof buffer, format, values...);
    return std::string(buffer, static_cast<std::size_t>(std::clamp(length, 0, static_cast<int>(sizeof buffer) - 1)));
}

/// Characters that fit into one line, less the last place, which some terminals wrap after.
std::size_t terminalWidth() {
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2) return 79;
    return size.ws_col - std::size_t{1};
}

std::string rateText(double tokensPerSecond) {
    if (tokensPerSecond >= 1e6) return formatted("%.2f M tokens/s", tokensPerSecond / 1e6);
    if (tokensPerSecond >= 1e3) return formatted("%.0f k tokens/s", tokensPerSecond / 1e3);
    return formatted("%.0f tokens/s", tokensPerSecond);
}

}  // namespace

std::string groupedDigits(std::int64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, 1, ' ');
    return digits;
}

std::string durationText(double seconds) {
    const auto whole = static_cast<long long>(std::ceil(seconds));
    if (whole < 60) return formatted("%lld s", whole);
    if (whole < 3600) return formatted("%lld min %02lld s", whole / 60, whole % 60);
    return formatted("%lld h %02lld min", whole / 3600, whole / 60 % 60);
}

ProgressLine::ProgressLine(std::int64_t startStep, std::int64_t lastStep, bool quiet)
    : m_startStep(startStep),
      m_lastStep(lastStep),
      m_quiet(quiet),
      m_terminal(isatty(STDERR_FILENO) != 0),
      m_begin(Clock::now()),
      m_interval(m_terminal ? terminalInterval : logInterval),
      m_due(m_begin + m_interval) {}

ProgressLine::~ProgressLine() {
    finish();
}

void ProgressLine::update(const StepRecord& record) {
    m_tokens += record.tokens;
    m_seconds += record.seconds;
    if (record.validation) m_validation = record.validation;
    if (m_quiet) return;
    const Clock::time_point now = Clock::now();
    if (now < m_due && record.step != m_lastStep) return;
    m_due = now + m_interval;
    std::string line = text(record);
    if (m_terminal) {
        std::string blank(m_shown.size() > line.size() ? m_shown.size() - line.size() : 0, ' ');
        std::fprintf(stderr, "\r%s%s", line.c_str(), blank.c_str());
        m_shown = std::move(line);
    } else {
        std::fprintf(stderr, "%s\n", line.c_str());
    }
    std::fflush(stderr);
}

void ProgressLine::finish() {
    if (!m_shown.empty()) std::fputc('\n', stderr);
    m_shown.clear();
}

std::string ProgressLine::text(const StepRecord& record) const {
    const std::string begin = "step " + groupedDigits(record.step) + " / " + groupedDigits(m_lastStep) +
                              formatted("  loss %.4f  accuracy %.2f %%", record.train.loss, 100 * record.train.accuracy);
    const std::string validation = m_validation ? formatted("  validation %.2f %%", 100 * m_validation->accuracy) : std::string();
    std::string end;
    if (m_seconds > 0) end.append("  ").append(rateText(m_tokens / m_seconds));
    if (record.step < m_lastStep) end.append("  ").append(durationText(secondsLeft(record))).append(" left");
    if (!m_terminal) return begin + validation + end;
    // A line that wraps could not be rewritten.
    const std::size_t width = terminalWidth();
    const bool fits = begin.size() + validation.size() + end.size() <= width;
    return ((fits ? begin + validation : begin) + end).substr(0, width);
}

double ProgressLine::secondsLeft(const StepRecord& record) const {
    const double elapsed = std::chrono::duration<double>(Clock::now() - m_begin).count();
    const auto done = static_cast<double>(record.step - m_startStep);
    return elapsed / done * static_cast<double>(m_lastStep - record.step);
}

}  // namespace lab
