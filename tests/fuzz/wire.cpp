#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>

#include "server/http/listener.h"
#include "tests/fuzz/harness.h"
#include "tests/fuzz/quick_desk.h"

namespace lab::fuzz {
namespace {

const server::Listener& listener() {
    static const server::Listener one({.spool = scratch()}, QuickDesk::instance());
    return one;
}

class Connection {
public:
    explicit Connection(std::uint16_t port) : m_socket(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const linger atOnce{1, 0};  // no port is kept waiting
        setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
        const timeval moment{0, 20'000};  // what is not answered by then waits for more, or for its time to be over
        setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment);
        require(connect(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0, "the server takes connections");
    }
    ~Connection() { close(m_socket); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// All that comes back until the other end has closed, or nothing comes for a moment. What follows a request that was refused may find
    /// nobody who reads it.
    std::string answer(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t sent = send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) break;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        shutdown(m_socket, SHUT_WR);
        std::string text;
        std::array<char, 4096> part{};
        for (ssize_t count = 0; (count = recv(m_socket, part.data(), part.size(), 0)) > 0;)
            text.append(part.data(), static_cast<std::size_t>(count));
        return text;
    }

private:
    int m_socket;
};

}  // namespace

void wire(std::string_view bytes) {
    const std::string answer = Connection(listener().port()).answer(bytes);
    require(answer.empty() || answer.starts_with("HTTP/1."), "what comes back is HTTP");
    require(!answer.starts_with("HTTP/1.1 500"), "an answer says what was wrong: " + answer);
}

}  // namespace lab::fuzz
