#include <QFile>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

#include "tests/app/program.h"
#include "tests/patience.h"
#include "tests/server/client.h"

using namespace lab;
using Json = nlohmann::ordered_json;

/// The program serves what its other commands write.
class ServeTest : public QObject {
    Q_OBJECT

private slots:
    /// The same run by the command line, and over HTTP.
    void initTestCase() {
        QStringList training{"train", "reverse", "--quiet", "--out", "r.safetensors", "--metrics", "r1.csv"};
        for (const auto& [key, value] : m_set.items()) training << "--set" << QString::fromStdString(key + "=" + value.dump());
        EXPECT_STATUS(runProgram(training, m_folder.path()), 0);
        start();
        m_run = json("POST", "/api/v1/runs", Json{{"preset", "reverse"}, {"set", m_set}})["id"].get<std::string>();
        QTRY_COMPARE(json("GET", "/api/v1/runs/" + m_run)["state"], Json("finished"));
    }

    void cleanupTestCase() {
        m_server.terminate();
        QVERIFY(m_server.waitForFinished(patience));
        QCOMPARE(m_server.exitStatus(), QProcess::NormalExit);
        QCOMPARE(m_server.exitCode(), 0);
    }

    void mapsAreThoseThatRenderDraws_data() {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("body");
        QTest::newRow("all heads") << QStringList{"--view", "maps"} << "{}";
        QTest::newRow("head") << QStringList{"--view", "head", "--layer", "1", "--head", "1"}
                              << R"({"view": "head", "layer": 1, "head": 1})";
        QTest::newRow("scores") << QStringList{"--view", "head", "--quantity", "scores", "--dark"}
                                << R"({"view": "head", "quantity": "scores", "dark": true})";
        QTest::newRow("gradients") << QStringList{"--view", "maps", "--quantity", "gradient_of_weights", "--target", "5 1 4 1 3"}
                                   << R"({"quantity": "gradient_of_weights", "targets": [5, 1, 4, 1, 3]})";
        QTest::newRow("column") << QStringList{"--view", "head", "--width", "one-column", "--bare"}
                                << R"({"view": "head", "width": "one-column", "bare": true})";
        QTest::newRow("rope") << QStringList{"--view", "rope", "--query", "3", "--key", "1"} << R"({"view": "rope", "query": 3, "key": 1})";
    }
    void mapsAreThoseThatRenderDraws() {
        QFETCH(QStringList, options);
        QFETCH(QString, body);
        for (const char* format : {"svg", "png"}) {
            Json asked = Json::parse(body.toStdString());
            asked["input"] = "3 1 4 1 5";
            asked["format"] = format;
            const QByteArray served = content("POST", "/api/v1/runs/" + m_run + "/maps", asked);
            const QByteArray drawn = rendered(QStringList{"r.safetensors", "--input", "3 1 4 1 5"} + options, format);
            QVERIFY(drawn.size() > 100);
            QVERIFY2(served == drawn, served.left(300).constData());
        }
    }

    void curvesAreThoseThatRenderDraws() {
        const QString metrics = QString::fromStdString(m_run);
        QVERIFY(QFile::copy(m_folder.filePath("r1.csv"), m_folder.filePath(metrics)));
        for (const char* format : {"svg", "png"}) {
            const QByteArray drawn = rendered({"r.safetensors", "--view", "curves", "--metrics", metrics}, format);
            QVERIFY(drawn.size() > 100);
            for (int again = 0; again < 2; ++again) QVERIFY(content("GET", "/api/v1/runs/" + m_run + "/curves?format=" + format) == drawn);
        }
        const QByteArray pdf = content("GET", "/api/v1/runs/" + m_run + "/curves?format=pdf&width=two-columns");
        QVERIFY(pdf.startsWith("%PDF-1.") && pdf.contains("/ToUnicode"));
    }

    void walksAreThoseThatExplainWrites() {
        Json asked{{"input", "3 1 4 1 5"}, {"targets", {5, 1, 4, 1, 3}}, {"head", 1}, {"query", 2}};
        EXPECT_STATUS(runProgram({"explain", "r.safetensors", "--input", "3 1 4 1 5", "--target", "5 1 4 1 3", "--head", "1", "--query",
                                  "2", "--out", "walk.md"},
                                 m_folder.path()),
                      0);
        QCOMPARE(content("POST", "/api/v1/runs/" + m_run + "/explain", asked), read("walk.md"));
    }

    void whatCannotBePaintedIsSaid() {
        const std::string answer =
            asked("POST", "/api/v1/runs/" + m_run + "/maps", Json{{"input", "3 1 4"}, {"view", "head"}, {"head", 2}});
        QVERIFY2(answer.starts_with("HTTP/1.1 422 "), answer.c_str());
        QVERIFY(answer.find("has no head 2, only 0 to 1") != std::string::npos && answer.find("\"/head\"") != std::string::npos);
    }

private:
    void start() {
        prepareProgram(m_server, {"serve", "--listen", "127.0.0.1:0", "--data", "served", "--quiet"}, m_folder.path());
        m_server.start();
        while (m_server.canReadLine() || m_server.waitForReadyRead(patience))
            if (m_server.canReadLine()) break;
        m_port = m_server.readLine().trimmed().split(':').last().toUShort();
        QVERIFY(m_port != 0);
        m_token = read("served/token").trimmed().toStdString();
    }

    /// The whole answer.
    std::string asked(const std::string& method, const std::string& path, const Json& body = {}) const {
        tests::Client client(m_port);
        const std::string text = body.is_null() ? std::string() : body.dump();
        client.say(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(m_port) + "\r\nAuthorization: Bearer " + m_token +
                   "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text);
        return client.answer();
    }
    QByteArray content(const std::string& method, const std::string& path, const Json& body = {}) const {
        const std::string answer = asked(method, path, body);
        return QByteArray::fromStdString(answer.substr(std::min(answer.size(), answer.find("\r\n\r\n") + 4)));
    }
    Json json(const std::string& method, const std::string& path, const Json& body = {}) const {
        return Json::parse(content(method, path, body).toStdString());
    }

    QByteArray rendered(const QStringList& arguments, const char* format) {
        const QString file = QStringLiteral("drawn.") + QLatin1String(format);
        const ProgramResult result = runProgram(QStringList{"render"} + arguments + QStringList{"--out", file}, m_folder.path());
        if (result.status != 0) qWarning("%s", qPrintable(result.errors));
        return read(file);
    }
    QByteArray read(const QString& name) const {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    const Json m_set{
        {"training.steps", 40}, {"training.batch_size", 16}, {"model.num_heads", 2}, {"model.num_layers", 2}, {"task.test_size", 16}};
    QTemporaryDir m_folder;
    QProcess m_server;
    std::uint16_t m_port = 0;
    std::string m_token, m_run;
};

QTEST_GUILESS_MAIN(ServeTest)
#include "serve_test.moc"
