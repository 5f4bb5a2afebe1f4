#include "server/http/listener.h"

#include "core/base/errors.h"
#include "tests/server/client.h"
#include "tests/server/serving.h"

using namespace lab;
using namespace lab::server;
using lab::tests::Client;
using lab::tests::Served;

/// The server over sockets.
class ListenerTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        m_served.emplace();
        m_listener.emplace(ListenerOptions{.spool = m_served->service().spool(), .connections = 40}, m_served->desk());
    }
    void cleanup() {
        m_listener.reset();
        m_served.reset();
    }

    void aConnectionAsksAgainAndAgain() {
        Client client(m_listener->port());
        for (int i = 0; i < 3; ++i) {
            client.say(get("/health"));
            const std::string answer = client.answer();
            QVERIFY2(answer.starts_with("HTTP/1.1 200"), answer.c_str());
            QVERIFY(answer.ends_with("{\"status\":\"ok\",\"runs\":0}"));
            QVERIFY(answer.find("X-Content-Type-Options: nosniff") != answer.npos);
        }
    }

    void refusalsComeBeforeTheBody() {
        Client client(m_listener->port());
        client.say("POST /api/v1/runs HTTP/1.1\r\nHost: evil.example\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n");
        QVERIFY(client.answer().starts_with("HTTP/1.1 403"));
        Client large(m_listener->port());
        large.say("POST /api/v1/runs HTTP/1.1\r\n" + headers() + "Content-Length: 99999999\r\n\r\n");
        QVERIFY(large.answer().starts_with("HTTP/1.1 413"));
    }

    /// A folder that is not there stands in for a disk that takes nothing.
    void anUploadThatCannotBeKeptIsRefused() {
        const Listener listener({.spool = m_served->path() / "nowhere"}, m_served->desk());
        Client client(listener.port());
        client.say("POST /api/v1/datasets?name=a HTTP/1.1\r\n" + headers() + "Content-Length: 3\r\n\r\none");
        const std::string answer = client.answer();
        QVERIFY2(answer.starts_with("HTTP/1.1 507"), answer.c_str());
        QVERIFY2(answer.find("there is no room for what was sent") != answer.npos, answer.c_str());
    }

    void aFloodIsCutOff() {
        Client chunks(m_listener->port());
        chunks.say("POST /api/v1/runs HTTP/1.1\r\n" + headers() + "Transfer-Encoding: chunked\r\n\r\n");
        const std::string chunk = "10000\r\n" + std::string(65536, ' ') + "\r\n";
        int sent = 0;
        while (sent < 1000 && chunks.say(chunk)) ++sent;
        QVERIFY2(sent < 1000, "the server went on reading");
        Client line(m_listener->port());
        const std::string piece(65536, 'x');
        sent = 0;
        while (sent < 1000 && line.say(piece)) ++sent;
        QVERIFY2(sent < 1000, "the server went on reading");
        Client other(m_listener->port());
        other.say(get("/health"));
        QVERIFY(other.answer().starts_with("HTTP/1.1 200"));
    }

    void halfSentRequestsKeepNobodyOut() {
        const std::string id = m_served->run();
        Client watcher(m_listener->port());
        watcher.say(get("/api/v1/runs/" + id + "/events"));
        watcher.hear("id: 0\n");
        std::vector<std::unique_ptr<Client>> halves;
        for (int i = 0; i < 200; ++i) {
            halves.push_back(std::make_unique<Client>(m_listener->port()));
            halves.back()->say("GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
        }
        for (int i = 0; i < 3; ++i) {
            Client other(m_listener->port());
            other.say(get("/health"));
            QVERIFY(other.answer().starts_with("HTTP/1.1 200"));
        }
        QVERIFY(halves.front()->hearAll().empty());  // it was told to go
        QVERIFY(m_listener->peers().front().connections <= 40);
        halves.clear();
        QTRY_COMPARE(m_listener->connections(), 1);
        m_served->ask("POST", "/api/v1/runs/" + id + ":resume");
        QVERIFY(watcher.hear("finished").find("finished") != std::string::npos);  // who listens stays
    }

    void notAllConnectionsMayBeStreams() {
        const std::string id = m_served->run();
        std::vector<std::unique_ptr<Client>> watchers;
        for (int i = 0; i < 20; ++i) {
            watchers.push_back(std::make_unique<Client>(m_listener->port()));
            watchers.back()->say(get("/api/v1/runs/" + id + "/events"));
            QVERIFY(watchers.back()->hear("id: 0\n").find("id: 0\n") != std::string::npos);
        }
        Client late(m_listener->port());
        late.say(get("/api/v1/runs/" + id + "/events"));
        const std::string answer = late.answer();
        QVERIFY(answer.starts_with("HTTP/1.1 503"));
        QVERIFY(answer.find("Retry-After") != answer.npos);
    }

    void nonsenseIsAnsweredOrCut_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("no verb") << QByteArray("\r\n\r\n");
        QTest::newRow("no version") << QByteArray("GET /\r\n\r\n");
        QTest::newRow("nul") << QByteArray("GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n", 38);
        QTest::newRow("bad length") << QByteArray("POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n");
        QTest::newRow("two lengths") << QByteArray(
            "POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}");
        QTest::newRow("bad chunk") << QByteArray(
            "POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
        QTest::newRow("percent") << QByteArray("GET /%zz%00 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    void nonsenseIsAnsweredOrCut() {
        QFETCH(QByteArray, bytes);
        Client client(m_listener->port());
        client.say(bytes.toStdString());
        client.say("\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        const std::string& heard = client.hearAll();
        QVERIFY2(heard.empty() || heard.starts_with("HTTP/1.1 4") || heard.starts_with("HTTP/1.1 200"), heard.c_str());
        Client other(m_listener->port());
        other.say(get("/health"));
        QVERIFY(other.answer().starts_with("HTTP/1.1 200"));
    }

    void aFileIsTakenAsItComes() {
        const std::string text(300'000, 'a');
        Client client(m_listener->port());
        client.say("POST /api/v1/datasets?name=long HTTP/1.1\r\n" + headers() + "Transfer-Encoding: chunked\r\n\r\n");
        for (std::size_t at = 0; at < text.size(); at += 30'000) client.say("7530\r\n" + text.substr(at, 30'000) + "\r\n");
        client.say("0\r\n\r\n");
        const std::string answer = client.answer();
        QVERIFY2(answer.starts_with("HTTP/1.1 201"), answer.c_str());
        QCOMPARE(readFile(m_served->path() / "data" / "long.1.txt"), text);
        QTRY_VERIFY(std::filesystem::is_empty(m_served->service().spool()));
    }

    void eventsComeWhileOthersAsk() {
        const std::string id = m_served->run();
        Client watcher(m_listener->port());
        watcher.say(get("/api/v1/runs/" + id + "/events"));
        QVERIFY(watcher.hear("id: 0\n").find("text/event-stream") != std::string::npos);
        Client other(m_listener->port());
        other.say("POST /api/v1/runs/" + id + ":resume HTTP/1.1\r\n" + headers() + "Content-Length: 0\r\n\r\n");
        QVERIFY(other.answer().starts_with("HTTP/1.1 200"));
        QVERIFY(watcher.hear("\"state\":\"finished\"").find("id: 12\n") != std::string::npos);
    }

    void watchersWhoGoAreForgotten() {
        const std::string id = m_served->run();
        for (int i = 0; i < 30; ++i) {
            Client watcher(m_listener->port());
            watcher.say(get("/api/v1/runs/" + id + "/events"));
            QVERIFY(watcher.hear("id: 0\n").find("id: 0\n") != std::string::npos);
        }
        m_served->ask("POST", "/api/v1/runs/" + id + ":resume");
        QVERIFY(m_served->reaches(id, "finished"));
        QTRY_COMPARE(m_served->service().runs.with(id, [](ServedRun& run) { return run.watchers.size(); }), std::size_t{0});
        QTRY_COMPARE(m_listener->connections(), 0);
    }

    void completionsStream() {
        const std::string id =
            m_served->json("POST", "/api/v1/runs", R"({"preset": "stories", "set": {"training.steps": 2}, "train": false})")["id"]
                .get<std::string>();
        const std::string body = Json{{"model", id}, {"prompt", "The"}, {"stream", true}, {"max_tokens", 20}}.dump();
        Client client(m_listener->port());
        client.say("POST /v1/completions HTTP/1.1\r\n" + headers() + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
        QVERIFY(client.hear("[DONE]").find("\"finish_reason\":\"length\"") != std::string::npos);
    }

    void itEndsWhileClientsListen() {
        const std::string id = m_served->run();
        Client watcher(m_listener->port());
        watcher.say(get("/api/v1/runs/" + id + "/events"));
        watcher.hear("id: 0\n");
        m_listener.reset();
        watcher.hearAll();  // the end comes
        Client late(1);
        QVERIFY(!late.say("x"));
    }

    void whatCannotBeListenedAtIsSaid() {
        QVERIFY_EXCEPTION_THROWN(Listener({.address = "nowhere", .spool = m_served->service().spool()}, m_served->desk()), InputError);
        QVERIFY_EXCEPTION_THROWN(Listener({.port = m_listener->port(), .spool = m_served->service().spool()}, m_served->desk()),
                                 InputError);
    }

private:
    static std::string headers() {
        return "Host: 127.0.0.1\r\nAuthorization: Bearer " + tests::servedToken + "\r\nContent-Type: application/json\r\n";
    }
    static std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\n" + headers() + "\r\n"; }

    std::optional<Served> m_served;
    std::optional<Listener> m_listener;
};

QTEST_GUILESS_MAIN(ListenerTest)
#include "listener_test.moc"
