#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "app/serving/session_runs.h"
#include "core/base/platform_files.h"
#include "server/http/request.h"
#include "ui/window/serving.h"

namespace lab {

/// Who asked for what since the server was started. Any thread.
class VisitorsBook {
public:
    void add(const server::Request& request, int status);
    void clear();
    Serving::Visitors read() const;

private:
    mutable std::mutex m_mutex;
    std::vector<Serving::Client> m_clients;
    std::vector<Serving::Asked> m_asked;
};

/// Serves a window's session on this computer's own address.
class SessionServing : public Serving {
    Q_OBJECT

public:
    /// What clients upload goes to `folder`, where runs on it find it again at the next start; of several windows each has one of its own.
    SessionServing(Session& session, std::filesystem::path folder);
    ~SessionServing() override;

    State state() const override { return m_state; }
    int usualPort() const override;
    void start(int port) override;
    void stop() override;
    QString address() const override;
    QString token() const override { return m_token; }
    QString command() const override;
    Visitors visitors() const override;

private:
    struct Server;
    void takeFolder();
    void setState(State state);

    Session& m_session;
    std::filesystem::path m_folder;
    std::unique_ptr<FileLock> m_lock;
    VisitorsBook m_book;
    std::unique_ptr<SessionRuns> m_runs;
    std::unique_ptr<Server> m_server;
    QString m_token;
    State m_state = State::off;
    GuiPost m_post;
    std::thread m_ending;  ///< of a server that was stopped
};

}  // namespace lab
