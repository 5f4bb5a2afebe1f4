#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace lab::server {

/// Who is connected. When more are than may be, one goes that the server waits for: of the peer that holds most of them, the one that has
/// been waited for longest. So half-sent requests, however many, keep nobody out for longer than it takes to come. Any thread.
class Connections {
public:
    explicit Connections(std::size_t most) : m_most(most) {}

    /// One has come; gives the socket of the one that has to go for it, which may be its own.
    std::optional<int> came(int socket, const std::string& peer);
    /// Its request has come whole: from here to the next waits() it does not have to go.
    void asked(int socket, const std::string& what);
    /// Its answer has gone.
    void waits(int socket);
    void left(int socket);

    struct Peer {
        std::string address;  ///< in numbers, without the port
        int connections = 0;
        std::string asked = {};  ///< "GET /health": what it asked for last
    };
    /// Who has come last is last.
    std::vector<Peer> peers() const;

private:
    struct One {
        std::string peer;
        std::uint64_t since = 0;  ///< the how manieth event began what it does now
        bool waiting = true;
        std::string asked = {};
    };
    std::map<std::string, int> countByPeer() const;

    const std::size_t m_most;
    mutable std::mutex m_mutex;
    std::uint64_t m_events = 0;
    std::map<int, One> m_open;  ///< by socket
};

}  // namespace lab::server
