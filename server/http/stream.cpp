#include "server/http/stream.h"

#include <algorithm>
#include <utility>

namespace lab::server {

bool Stream::push(const std::string& text) {
    const std::lock_guard lock(m_mutex);
    if (m_abandoned || m_closed || m_waiting.size() + text.size() > most) return false;
    m_waiting += text;
    wakeLocked();
    return true;
}

void Stream::close() {
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    wakeLocked();
}

bool Stream::abandoned() const {
    const std::lock_guard lock(m_mutex);
    return m_abandoned;
}

Stream::Taken Stream::take(char* to, std::size_t room, const std::function<void()>& sleep, std::function<void()> wake) {
    const std::lock_guard lock(m_mutex);
    if (m_waiting.empty()) {
        if (m_closed) return {Reading::end, 0};
        m_wake = std::move(wake);
        sleep();
        return {Reading::nothingYet, 0};
    }
    const std::size_t bytes = std::min(room, m_waiting.size());
    std::copy_n(m_waiting.data(), bytes, to);
    m_waiting.erase(0, bytes);
    return {Reading::some, bytes};
}

void Stream::abandon() {
    const std::lock_guard lock(m_mutex);
    m_abandoned = true;
    m_wake = nullptr;
    m_waiting = {};
}

void Stream::wakeLocked() {
    if (const auto wake = std::exchange(m_wake, nullptr)) wake();
}

}  // namespace lab::server
