#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace lab::tests {

/// A connection that says what a test wants it to say, right or wrong.
class Client {
public:
    explicit Client(std::uint16_t port) : m_socket(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        m_open = connect(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    ~Client() { close(m_socket); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// False when the other side has closed.
    bool say(const std::string& text) {
        for (std::size_t sent = 0; m_open && sent < text.size();) {
            const ssize_t bytes = send(m_socket, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
            m_open = bytes > 0;
            sent += m_open ? static_cast<std::size_t>(bytes) : 0;
        }
        return m_open;
    }
    /// Reads until the text holds `words`, or the other side closes.
    const std::string& hear(const std::string& words) {
        while (m_heard.find(words) == m_heard.npos && read()) {
        }
        return m_heard;
    }
    const std::string& hearAll() {
        while (read()) {
        }
        return m_heard;
    }
    /// A whole answer whose length it says, and what stood before it is forgotten.
    std::string answer() {
        m_heard.erase(0, m_end);
        const std::size_t head = hear("\r\n\r\n").find("\r\n\r\n");
        const std::size_t length = m_heard.find("Content-Length: ");
        if (head == m_heard.npos) return m_heard;
        m_end = head + 4 + (length < head ? std::stoul(m_heard.substr(length + 16)) : 0);
        while (m_heard.size() < m_end && read()) {
        }
        return m_heard.substr(0, m_end);
    }

private:
    bool read() {
        pollfd waits{m_socket, POLLIN, 0};
        if (poll(&waits, 1, 60'000) <= 0) return false;
        char room[65536];
        const ssize_t bytes = recv(m_socket, room, sizeof room, 0);
        if (bytes > 0) m_heard.append(room, static_cast<std::size_t>(bytes));
        return bytes > 0;
    }

    int m_socket;
    bool m_open = false;
    std::string m_heard;
    std::size_t m_end = 0;
};

}  // namespace lab::tests
