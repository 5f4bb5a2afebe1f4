#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace lab::server {

/// The body of an answer that goes on: whoever makes it pushes, the connection takes. Any thread. A client that does not read costs no
/// more than `most` bytes: then what is pushed is refused.
class Stream {
public:
    static constexpr std::size_t most = std::size_t{256} << 10;

    /// False when the client has gone, or reads too slowly to keep up.
    bool push(const std::string& text);
    /// The answer ends behind what was pushed.
    void close();
    /// Nobody reads any more.
    bool abandoned() const;

    // The connection's side.
    enum class Reading { some, nothingYet, end };
    struct Taken {
        Reading reading;
        std::size_t bytes;
    };
    /// At most `room` bytes. When there is nothing yet, `sleep` is called with the stream locked, so that no push is missed, and the next
    /// push or close calls `wake` once.
    Taken take(char* to, std::size_t room, const std::function<void()>& sleep, std::function<void()> wake);
    void abandon();

private:
    void wakeLocked();

    mutable std::mutex m_mutex;
    std::string m_waiting;
    std::function<void()> m_wake;
    bool m_closed = false, m_abandoned = false;
};
using StreamPtr = std::shared_ptr<Stream>;

}  // namespace lab::server
