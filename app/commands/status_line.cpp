#include "app/commands/status_line.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <limits>

#include "core/runs/budget.h"

namespace lab {

std::string formatted(const char* format, ...) {
    char buffer[201];
    std::va_list values;
    va_start(values, format);
    const int length = std::vsnprintf(buffer, sizeof buffer, format, values);
    va_end(values);
    return std::string(buffer, static_cast<std::size_t>(std::clamp(length, 0, static_cast<int>(sizeof buffer) - 1)));
}

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

StatusLine::StatusLine(bool quiet)
    : m_quiet(quiet),
      m_terminal(isatty(STDERR_FILENO) != 0),
      m_interval(m_terminal ? budget::terminal : budget::log),
      m_due(Clock::now() + m_interval) {}

StatusLine::~StatusLine() {
    finish();
}

bool StatusLine::isDue(bool now) {
    if (m_quiet) return false;
    const Clock::time_point time = Clock::now();
    if (time < m_due && !now) return false;
    m_due = time + m_interval;
    return true;
}

std::size_t StatusLine::width() const {
    if (!m_terminal) return std::numeric_limits<std::size_t>::max();
    winsize size{};
    // Less the last place, which some terminals wrap after.
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2) return 79;
    return size.ws_col - std::size_t{1};
}

void StatusLine::show(const std::string& line) {
    if (m_terminal) {
        const std::string blank(m_shown.size() > line.size() ? m_shown.size() - line.size() : 0, ' ');
        std::fprintf(stderr, "\r%s%s", line.c_str(), blank.c_str());
        m_shown = line;
    } else {
        std::fprintf(stderr, "%s\n", line.c_str());
    }
    std::fflush(stderr);
}

void StatusLine::finish() {
    if (!m_shown.empty()) std::fputc('\n', stderr);
    m_shown.clear();
}

}  // namespace lab
