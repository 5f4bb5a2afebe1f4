#pragma once

#include <chrono>

#include "core/base/watched_reading.h"
#include "server/http/problem.h"

namespace lab::server {

/// Ends what would keep the others waiting.
class TimeLimit {
public:
    static constexpr std::chrono::seconds most{10};

    /// Asked again and again by the work; true: it ends.
    bool reached() { return m_reached = m_reached || std::chrono::steady_clock::now() > m_end; }
    Watch watch() {
        return [this](double) { return !reached(); };
    }
    /// Throws Refusal 422 when the work was ended.
    void require() const {
        if (m_reached) refuse();
    }
    [[noreturn]] static void refuse() {
        throw Refusal(422, Message(LAB_TEXT("server", "this takes more than %1 seconds here; ask for less")).arg(most.count()));
    }

private:
    std::chrono::steady_clock::time_point m_end = std::chrono::steady_clock::now() + most;
    bool m_reached = false;
};

}  // namespace lab::server
