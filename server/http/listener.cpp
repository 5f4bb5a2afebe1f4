#include "server/http/listener.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>

#include "core/base/errors.h"
#include "server/http/connections.h"
#include "server/http/exchange.h"
#include "server/http/workers.h"

namespace lab::server {
namespace {

constexpr std::size_t bytesOfConnection = std::size_t{32} << 10;  // headers are shorter, or 431
constexpr std::size_t bytesOfPiece = std::size_t{16} << 10;
constexpr unsigned onTheirWayOut = 64;  // connections that were told to go, and are open still

std::string lowerCase(const char* text) {
    std::string result = text;
    std::ranges::transform(result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

MHD_Result addHeader(void* to, MHD_ValueKind, const char* name, const char* value) {
    static_cast<Request*>(to)->headers[lowerCase(name)] = value ? value : "";
    return MHD_YES;
}
MHD_Result addQuery(void* to, MHD_ValueKind, const char* name, const char* value) {
    static_cast<Request*>(to)->query[name] = value ? value : "";
    return MHD_YES;
}

Request requestOf(MHD_Connection* connection, const char* url, const char* method) {
    Request request;
    request.method = method;
    request.path = url;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, addHeader, &request);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, addQuery, &request);
    return request;
}

/// A stream's reader, as libmicrohttpd holds it.
struct Reader {
    StreamPtr stream;
    MHD_Connection* connection;
};

ssize_t readStream(void* reader, std::uint64_t, char* to, std::size_t room) {
    const auto& [stream, connection] = *static_cast<Reader*>(reader);
    const Stream::Taken taken = stream->take(
        to, room, [c = connection] { MHD_suspend_connection(c); }, [c = connection] { MHD_resume_connection(c); });
    if (taken.reading == Stream::Reading::end) return MHD_CONTENT_READER_END_OF_STREAM;
    return static_cast<ssize_t>(taken.bytes);
}

void freeReader(void* reader) {
    static_cast<Reader*>(reader)->stream->abandon();
    delete static_cast<Reader*>(reader);
}

MHD_Response* made(const Response& response, MHD_Connection* connection) {
    MHD_Response* result = nullptr;
    if (response.stream)
        result = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, bytesOfPiece, readStream, new Reader{response.stream, connection},
                                                   freeReader);
    else if (response.part)
        result = MHD_create_response_from_fd_at_offset64(response.part->length, response.part->file, response.part->offset);
    else
        result = MHD_create_response_from_buffer(response.body.size(), const_cast<char*>(response.body.data()), MHD_RESPMEM_MUST_COPY);
    if (!result) return nullptr;
    if (response.stream || response.part || !response.body.empty()) MHD_add_response_header(result, "Content-Type", response.type.c_str());
    for (const auto& [name, value] : response.headers) MHD_add_response_header(result, name.c_str(), value.c_str());
    return result;
}

MHD_Result queue(MHD_Connection* connection, const Response& response) {
    MHD_Response* answer = made(response, connection);
    if (!answer) return MHD_NO;
    const MHD_Result result = MHD_queue_response(connection, static_cast<unsigned>(response.status), answer);
    MHD_destroy_response(answer);
    return result;
}

int socketOf(MHD_Connection* connection) {
    const MHD_ConnectionInfo* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : MHD_INVALID_SOCKET;
}

bool hasGone(int socket) {
    char byte = 0;
    return recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/// In numbers, without the port.
std::string peerOf(MHD_Connection* connection) {
    const MHD_ConnectionInfo* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!info || !info->client_addr) return {};
    char text[INET6_ADDRSTRLEN] = "";
    if (info->client_addr->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(info->client_addr)->sin6_addr, text, sizeof text);
    else
        inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(info->client_addr)->sin_addr, text, sizeof text);
    return text;
}

/// Of an address in numbers; throws InputError.
sockaddr_storage socketAddress(const std::string& address, std::uint16_t port) {
    sockaddr_storage result{};
    auto* v4 = reinterpret_cast<sockaddr_in*>(&result);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&result);
    if (inet_pton(AF_INET, address.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
    } else if (inet_pton(AF_INET6, address.c_str(), &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
    } else {
        throw InputError(address, LAB_TEXT("server", "expected an address in numbers, such as 127.0.0.1 or ::1"));
    }
    return result;
}

}  // namespace

struct Listener::Implementation {
    Implementation(const ListenerOptions& given, Front& of)
        : options(given), front(of), connections(given.connections), workers(given.workers, given.queue) {}

    static MHD_Result access(void* self, MHD_Connection* connection, const char* url, const char* method, const char*, const char* piece,
                             std::size_t* bytes, void** state) {
        return static_cast<Implementation*>(self)->serve(connection, url, method, piece, bytes, state);
    }
    static void cameOrLeft(void* self, MHD_Connection* connection, void**, MHD_ConnectionNotificationCode code) {
        Connections& connections = static_cast<Implementation*>(self)->connections;
        const int socket = socketOf(connection);
        if (code == MHD_CONNECTION_NOTIFY_CLOSED)
            connections.left(socket);
        else if (const auto goes = connections.came(socket, peerOf(connection)))
            shutdown(*goes, SHUT_RDWR);
    }
    static void completed(void* self, MHD_Connection* connection, void** state, MHD_RequestTerminationCode) {
        auto* exchange = static_cast<Exchange*>(*state);
        static_cast<Implementation*>(self)->forget(exchange);
        static_cast<Implementation*>(self)->connections.waits(socketOf(connection));
        delete exchange;
        *state = nullptr;
    }

    MHD_Result serve(MHD_Connection* connection, const char* url, const char* method, const char* piece, std::size_t* bytes, void** state);
    MHD_Result begin(MHD_Connection* connection, const char* url, const char* method, void** state);
    MHD_Result finish(MHD_Connection* connection, Exchange& exchange);
    MHD_Result send(MHD_Connection* connection, Exchange& exchange);
    bool opens(Exchange& exchange, int socket);
    void forget(Exchange* exchange);

    const ListenerOptions options;
    Front& front;
    Connections connections;
    MHD_Daemon* daemon = nullptr;
    std::atomic<bool> ending = false;
    std::mutex streaming;
    struct Open {
        StreamPtr stream;
        int socket;
    };
    std::map<Exchange*, Open> streams;
    Workers workers;
};

MHD_Result Listener::Implementation::begin(MHD_Connection* connection, const char* url, const char* method, void** state) {
    auto exchange = std::make_unique<Exchange>(requestOf(connection, url, method));
    exchange->admission() = front.admit(exchange->request());
    if (ending) exchange->response = front.busy();
    Front::Admission& admission = exchange->admission();
    if (!exchange->response && admission.refusal) exchange->response = std::move(*admission.refusal);
    if (!exchange->response && admission.body == Front::Body::file && !exchange->spoolTo(options.spool)) exchange->response = front.full();
    Exchange* begun = exchange.release();
    *state = begun;
    return begun->response ? send(connection, *begun) : MHD_YES;
}

MHD_Result Listener::Implementation::send(MHD_Connection* connection, Exchange& exchange) {
    if (exchange.response->stream && !opens(exchange, socketOf(connection))) {
        exchange.response->stream->abandon();
        exchange.response = front.busy();
    }
    return queue(connection, *exchange.response);
}

/// False when as many are open as may be.
bool Listener::Implementation::opens(Exchange& exchange, int socket) {
    const std::lock_guard lock(streaming);
    const std::size_t most = options.connections / 2;
    if (streams.size() >= most)  // that a reader has gone is noticed by writing to it, which may be long ago
        std::erase_if(streams, [](const auto& open) {
            const bool gone = hasGone(open.second.socket);
            if (gone) open.second.stream->close();
            return gone;
        });
    if (streams.size() >= most) return false;
    streams[&exchange] = {exchange.response->stream, socket};
    return true;
}

void Listener::Implementation::forget(Exchange* exchange) {
    const std::lock_guard lock(streaming);
    streams.erase(exchange);
}

/// The body is whole: answers, now or by a worker that wakes the connection again.
MHD_Result Listener::Implementation::finish(MHD_Connection* connection, Exchange& exchange) {
    connections.asked(socketOf(connection), exchange.request().method + " " + exchange.request().path);
    if (exchange.response) return send(connection, exchange);
    if (!exchange.bodyEnds()) {
        exchange.response = front.full();
        return send(connection, exchange);
    }
    if (!exchange.admission().slow) {
        exchange.response = front.answer(exchange.request());
        return send(connection, exchange);
    }
    MHD_suspend_connection(connection);
    const bool taken = workers.add([this, connection, &exchange] {
        Response response = front.answer(exchange.request());
        const auto produce = std::move(response.produce);
        const StreamPtr stream = response.stream;
        exchange.response = std::move(response);
        MHD_resume_connection(connection);  // from here on the exchange may go at any time
        if (produce) produce(*stream);
    });
    if (!taken) {
        exchange.response = front.busy();
        MHD_resume_connection(connection);
    }
    return MHD_YES;
}

/// Called with the headers, with each piece of the body, behind it, and again when a worker has woken the connection.
MHD_Result Listener::Implementation::serve(MHD_Connection* connection, const char* url, const char* method, const char* piece,
                                           std::size_t* bytes, void** state) {
    if (!*state) return begin(connection, url, method, state);
    auto& exchange = *static_cast<Exchange*>(*state);
    if (*bytes == 0) return finish(connection, exchange);
    const bool taken = exchange.response || exchange.take({piece, *bytes});
    *bytes = 0;
    return taken ? MHD_YES : MHD_NO;
}

Listener::Listener(const ListenerOptions& options, Front& front) : m_implementation(std::make_unique<Implementation>(options, front)) {
    const sockaddr_storage address = socketAddress(options.address, options.port);
    const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
                           (address.ss_family == AF_INET6 ? static_cast<unsigned>(MHD_USE_IPv6) : 0U);
    Implementation* self = m_implementation.get();
    errno = 0;
    self->daemon = MHD_start_daemon(flags, options.port, nullptr, nullptr, &Implementation::access, self, MHD_OPTION_SOCK_ADDR, &address,
                                    MHD_OPTION_CONNECTION_LIMIT, options.connections + onTheirWayOut, MHD_OPTION_CONNECTION_TIMEOUT,
                                    static_cast<unsigned>(options.timeout.count()), MHD_OPTION_CONNECTION_MEMORY_LIMIT, bytesOfConnection,
                                    MHD_OPTION_NOTIFY_CONNECTION, &Implementation::cameOrLeft, self, MHD_OPTION_NOTIFY_COMPLETED,
                                    &Implementation::completed, self, MHD_OPTION_END);
    if (!self->daemon)
        throw InputError(options.address + ":" + std::to_string(options.port),
                         Message(LAB_TEXT("server", "cannot be listened at: %1")).arg(std::strerror(errno)));
}

Listener::~Listener() {
    Implementation& self = *m_implementation;
    self.ending = true;
    if (const MHD_socket closed = MHD_quiesce_daemon(self.daemon); closed != MHD_INVALID_SOCKET) close(closed);
    self.workers.end();
    {
        const std::lock_guard lock(self.streaming);
        for (auto& [exchange, open] : self.streams) open.stream->close();
    }
    MHD_stop_daemon(self.daemon);
}

std::uint16_t Listener::port() const {
    const MHD_DaemonInfo* info = MHD_get_daemon_info(m_implementation->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

std::vector<Connections::Peer> Listener::peers() const {
    return m_implementation->connections.peers();
}

int Listener::connections() const {
    const MHD_DaemonInfo* info = MHD_get_daemon_info(m_implementation->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    return info ? static_cast<int>(info->num_connections) : 0;
}

}  // namespace lab::server
