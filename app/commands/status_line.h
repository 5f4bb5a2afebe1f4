#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace lab {

/// What a command is at, on standard error: on a terminal one line that is rewritten ten times a second, elsewhere a line now and then.
class StatusLine {
public:
    explicit StatusLine(bool quiet);
    ~StatusLine();
    StatusLine(const StatusLine&) = delete;
    StatusLine& operator=(const StatusLine&) = delete;

    bool isTerminal() const { return m_terminal; }
    /// Whether it is time for the next text; `now` asks for it before its time. Never when quiet.
    bool isDue(bool now = false);
    /// Characters that fit; a line that wraps could not be rewritten.
    std::size_t width() const;
    void show(const std::string& line);
    /// Ends the line, so that other text may follow.
    void finish();

private:
    using Clock = std::chrono::steady_clock;
    bool m_quiet;
    bool m_terminal;
    std::chrono::milliseconds m_interval;
    Clock::time_point m_due;
    std::string m_shown;  ///< what stands on the terminal's line
};

/// "1 240"
std::string groupedDigits(std::int64_t number);
/// "41 s", "3 min 05 s", "1 h 12 min"
std::string durationText(double seconds);
/// printf into a text of at most 200 characters.
[[gnu::format(printf, 1, 2)]] std::string formatted(const char* format, ...);

}  // namespace lab
