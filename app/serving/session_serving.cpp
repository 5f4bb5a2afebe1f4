#include "app/serving/session_serving.h"

#include <algorithm>

#include "app/commands/painter.h"
#include "server/http/listener.h"
#include "server/routes/front_desk.h"
#include "server/service/service.h"

namespace lab {
namespace {

constexpr const char* ownAddress = "127.0.0.1";
constexpr std::size_t mostClients = 16, mostAsked = 100;
constexpr qsizetype longestName = 60, longestPath = 200;

/// What a client says, as one line of a window.
QString line(const std::string& text, qsizetype most) {
    QString shown = QString::fromUtf8(text).simplified();
    shown.removeIf([](QChar c) { return !c.isPrint(); });
    return shown.size() > most ? shown.left(most - 1) + QChar(0x2026) : shown;
}

}  // namespace

void VisitorsBook::add(const server::Request& request, int status) {
    const std::string* name = request.header("user-agent");
    const QString client = name ? line(*name, longestName) : QString();
    const std::lock_guard lock(m_mutex);
    const auto known = std::ranges::find(m_clients, client, &Serving::Client::name);
    const qint64 before = known == m_clients.end() ? 0 : known->requests;
    if (known != m_clients.end()) m_clients.erase(known);
    if (m_clients.size() == mostClients) m_clients.erase(m_clients.begin());
    m_clients.push_back({client, before + 1});
    if (m_asked.size() == mostAsked) m_asked.erase(m_asked.begin());
    m_asked.push_back({QDateTime::currentDateTime(), line(request.method + " " + request.path, longestPath), status, client});
}

void VisitorsBook::clear() {
    const std::lock_guard lock(m_mutex);
    m_clients.clear();
    m_asked.clear();
}

Serving::Visitors VisitorsBook::read() const {
    const std::lock_guard lock(m_mutex);
    return {0, m_clients, m_asked};
}

struct SessionServing::Server {
    Server(const std::filesystem::path& folder, SessionRuns& runs, VisitorsBook& book, int port, const std::string& token)
        : service({.folder = folder, .pictures = &painter}, runs),
          desk(service, {true, token}, [&book](const server::Request& request, int status) { book.add(request, status); }),
          listener({.address = ownAddress, .port = static_cast<std::uint16_t>(port), .spool = service.spool(), .workers = 2}, desk) {}

    Painter painter;  ///< on the window's own thread
    server::Service service;
    server::FrontDesk desk;
    server::Listener listener;
};

SessionServing::SessionServing(Session& session, std::filesystem::path folder) : m_session(session), m_folder(std::move(folder)) {}

SessionServing::~SessionServing() {
    stop();
    if (m_ending.joinable()) m_ending.join();
}

int SessionServing::usualPort() const {
    return server::usualPort;
}

/// The first that no other window has: "served", "served-2".
void SessionServing::takeFolder() {
    const std::filesystem::path first = m_folder;
    for (int number = 2; !m_lock; ++number) {
        std::filesystem::create_directories(m_folder);
        auto lock = std::make_unique<FileLock>(m_folder / "lock");
        if (lock->isHeld())
            m_lock = std::move(lock);
        else
            (m_folder = first) += "-" + std::to_string(number);
    }
}

void SessionServing::start(int port) {
    if (m_state != State::off) return;
    takeFolder();
    if (!m_runs) m_runs = std::make_unique<SessionRuns>(m_session, m_folder / "data", server::ServiceOptions().mostRuns);
    m_book.clear();
    const std::string token = server::newToken();
    m_runs->open();
    try {
        m_server = std::make_unique<Server>(m_folder, *m_runs, m_book, port, token);
    } catch (...) {
        m_runs->close();
        throw;
    }
    m_token = QString::fromStdString(token);
    setState(State::on);
}

/// Requests under way may take a while, and so they end on a thread of their own.
void SessionServing::stop() {
    if (m_state != State::on) return;
    m_runs->close();
    m_server->service.end();
    m_server->painter.close();
    m_token.clear();
    m_ending = std::thread([this, server = std::move(m_server)]() mutable {
        server.reset();
        m_post.post([this] {
            m_ending.join();
            setState(State::off);
        });
    });
    setState(State::ending);
}

void SessionServing::setState(State state) {
    m_state = state;
    emit stateChanged();
}

QString SessionServing::address() const {
    return m_server ? QStringLiteral("http://%1:%2").arg(QLatin1String(ownAddress)).arg(m_server->listener.port()) : QString();
}

QString SessionServing::command() const {
    return m_server ? QStringLiteral("curl -H \"Authorization: Bearer %1\" %2/api/v1/runs").arg(m_token, address()) : QString();
}

Serving::Visitors SessionServing::visitors() const {
    Visitors visitors = m_book.read();
    if (m_server) visitors.connections = m_server->listener.connections();
    return visitors;
}

}  // namespace lab
