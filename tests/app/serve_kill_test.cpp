#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/files.h"
#include "core/base/number_text.h"
#include "tests/app/program.h"
#include "tests/patience.h"
#include "tests/server/client.h"

using namespace lab;
using Json = nlohmann::ordered_json;

namespace {

const std::string newRunBody =
    R"({"preset": "copy", "set": {"training.steps": 40, "training.batch_size": 4, "training.validate_every": 8, "training.seed": 5}})";

/// `attention-lab serve` as a process.
class ServerProcess {
public:
    explicit ServerProcess(const QString& folder) {
        prepareProgram(m_process, {"serve", "--listen", "127.0.0.1:0", "--data", "served", "--quiet"}, folder);
        m_process.start();
        QString said;
        while (said.count('\n') < 2 && m_process.waitForReadyRead(patience)) said += QString::fromUtf8(m_process.readAllStandardOutput());
        m_port = said.section('\n', 0, 0).section(':', -1).toUShort();
        m_token = std::string(trimmed(readFile((folder + "/served/token").toStdString())));
    }
    ~ServerProcess() { end(SIGTERM); }

    void end(int signal) {
        if (m_process.state() == QProcess::NotRunning) return;
        ::kill(static_cast<pid_t>(m_process.processId()), signal);
        m_process.waitForFinished(patience);
    }
    std::string request(const std::string& method, const std::string& path, const std::string& content = {},
                        const std::string& more = {}) const {
        return method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + m_token +
               "\r\nContent-Type: application/json\r\n" + more + "Content-Length: " + std::to_string(content.size()) + "\r\n\r\n" + content;
    }
    /// What stands behind the headers of an answer of 2xx; else empty.
    std::string ask(const std::string& asked) const {
        tests::Client client(m_port);
        client.say(asked);
        const std::string answer = client.answer();
        return answer.starts_with("HTTP/1.1 20") ? answer.substr(answer.find("\r\n\r\n") + 4) : std::string();
    }
    bool finishes(const std::string& run) const {
        return QTest::qWaitFor([&] { return ask(request("GET", "/api/v1/runs/" + run)).find("\"finished\"") != std::string::npos; },
                               patience);
    }
    std::uint16_t port() const { return m_port; }

private:
    QProcess m_process;
    std::uint16_t m_port = 0;
    std::string m_token;
};

std::string idOf(const std::string& made) {
    return made.empty() ? std::string() : Json::parse(made).value("id", std::string());
}

}  // namespace

/// What a server has answered with 2xx is there after kill -9.
class ServeKillTest : public QObject {
    Q_OBJECT

private slots:
    void nothingAnsweredIsLost() {
        std::set<std::string> runs, files;
        std::string keyed;
        for (int kill = 0; kill < 6; ++kill) {
            ServerProcess server(m_folder.path());
            const std::string number = std::to_string(kill);
            runs.insert(idOf(server.ask(server.request("POST", "/api/v1/runs", newRunBody, "Idempotency-Key: k" + number + "\r\n"))));
            const std::string file = server.ask(server.request("POST", "/api/v1/datasets?name=d" + number, "one two three " + number));
            QVERIFY(!file.empty());
            files.insert(Json::parse(file).value("file", std::string()));
            const std::string again = idOf(server.ask(server.request("POST", "/api/v1/runs", newRunBody, "Idempotency-Key: k0\r\n")));
            if (kill == 0) keyed = again;
            QCOMPARE(again, keyed);  // known behind every kill
            if (kill % 2 == 1) QVERIFY(server.finishes(keyed));
            tests::Client unheard(server.port());
            unheard.say(server.request("POST", "/api/v1/runs", newRunBody));
            server.end(SIGKILL);
        }
        QVERIFY(!runs.contains({}));
        const ServerProcess server(m_folder.path());
        const std::string listed = server.ask(server.request("GET", "/api/v1/runs"));
        const std::string kept = server.ask(server.request("GET", "/api/v1/datasets"));
        for (const std::string& run : runs) QVERIFY2(listed.find(run) != std::string::npos, (run + " of " + listed).c_str());
        for (const std::string& file : files) QVERIFY2(kept.find(file) != std::string::npos, (file + " of " + kept).c_str());
        std::set<std::string> ends;
        for (const std::string& run : runs) {
            server.ask(server.request("POST", "/api/v1/runs/" + run + ":resume"));
            QVERIFY(server.finishes(run));
            ends.insert(server.ask(server.request("GET", "/api/v1/runs/" + run + "/checkpoints/40")));
        }
        QCOMPARE(ends.size(), std::size_t{1});  // all of them were the same training, killed or not
        QVERIFY(ends.begin()->size() > 1000);
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(ServeKillTest)
#include "serve_kill_test.moc"
