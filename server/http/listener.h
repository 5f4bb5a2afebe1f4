#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/http/connections.h"
#include "server/http/request.h"
#include "server/http/response.h"

namespace lab::server {

/// Whoever knows what is asked for. Both are called on the listener's threads, several at once.
class Front {
public:
    enum class Body { none, memory, file };
    /// What is made of a request whose headers have come and whose body has not.
    struct Admission {
        std::optional<Response> refusal;
        Body body = Body::none;
        std::size_t most = 0;  ///< bytes of the body
        bool slow = false;     ///< answered by a worker, while other requests go on
    };

    virtual ~Front() = default;
    virtual Admission admit(Request& request) noexcept = 0;
    virtual Response answer(const Request& request) noexcept = 0;
    /// The answer when as many slow requests wait as may.
    virtual Response busy() noexcept = 0;
    /// The answer when a body that is taken as a file cannot be kept.
    virtual Response full() noexcept { return busy(); }
};

constexpr std::uint16_t usualPort = 8127;

struct ListenerOptions {
    std::string address = "127.0.0.1";  ///< IPv4 or IPv6, in numbers
    std::uint16_t port = 0;             ///< 0: one that is free
    std::filesystem::path spool;        ///< where bodies that are taken as files lie meanwhile
    unsigned connections = 256;         ///< more make others go that only wait; half of them may be streams
    std::chrono::seconds timeout{30};   ///< of a connection on which nothing happens
    int workers = 1;                    ///< threads for slow requests
    std::size_t queue = 16;             ///< slow requests that may wait
};

/// HTTP/1.1 by libmicrohttpd on threads of its own.
class Listener {
public:
    /// Throws InputError when the address cannot be listened at.
    Listener(const ListenerOptions& options, Front& front);
    ~Listener();  ///< ends streams, answers what is under way, closes

    std::uint16_t port() const;
    int connections() const;  ///< open now
    std::vector<Connections::Peer> peers() const;

private:
    struct Implementation;
    std::unique_ptr<Implementation> m_implementation;
};

}  // namespace lab::server
