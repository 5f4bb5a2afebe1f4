#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>

#include "core/sweep/run_sweep.h"
#include "server/http/listener.h"
#include "tests/server/serving.h"

using namespace lab;

/// resources/help/http.md does what it says, line by line, and leaves no route out.
class HttpHelpTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_page = readFile(std::string(LAB_SOURCE_DIR) + "/resources/help/http.md"); }

    void everyLineWorks() {
        if (QStandardPaths::findExecutable("curl").isEmpty()) QSKIP("curl is missing");
        tests::Served served;
        trainState(served.path());
        const server::Listener listener({.spool = served.service().spool()}, served.desk());
        const QString script = "set -e -o pipefail\ncurl() { command curl --fail-with-body \"$@\"; }\ncd '" +
                               QString::fromStdString(served.path().string()) + "'\n" + blocks("sh");
        QVERIFY(script.count("curl") > 25);
        QProcess shell;
        shell.setProcessEnvironment(environment(listener.port()));
        shell.start("bash", {"-c", script});
        QVERIFY(shell.waitForFinished(patience));
        QVERIFY2(shell.exitCode() == 0, (shell.readAllStandardOutput().right(1500) + shell.readAllStandardError()).constData());
    }

    void pythonNeedsNoClientOfOurs() {
        QProcess python;
        python.start("python3", {"-c", "import requests"});
        if (!python.waitForFinished(patience) || python.exitCode() != 0) QSKIP("python3-requests is missing");
        tests::Served served;
        const server::Listener listener({.spool = served.service().spool()}, served.desk());
        trainState(served.path());
        python.setWorkingDirectory(QString::fromStdString(served.path().string()));
        python.setProcessEnvironment(environment(listener.port()));
        python.start("python3", {"-c", blocks("python")});
        QVERIFY(python.waitForFinished(patience));
        QVERIFY2(python.exitCode() == 0, python.readAllStandardError().constData());
        QVERIFY(python.readAllStandardOutput().startsWith("20 "));
    }

    void noRouteIsLeftOut() {
        for (const server::Route& route : server::routes()) {
            const QString place("\\\\\\{[a-z]+\\\\\\}");
            const QString path = QRegularExpression::escape(QString::fromStdString(route.path));
            const auto address = [&](const char* instead, const char* end) {
                return QRegularExpression(QString(path).replace(QRegularExpression(place), instead) + end,
                                          QRegularExpression::MultilineOption);
            };
            QVERIFY2(isCurled(route, address("[^/ :\"]+", "([?\" ]|$)")), (route.method + " " + route.path).c_str());
            const QRegularExpression called = address("(\\{[a-z]+\\}|[a-z0-9]+)", "\"");
            QVERIFY2(isCalled(route, called), ("Python: " + route.method + " " + route.path).c_str());
        }
    }

private:
    bool isCurled(const server::Route& route, const QRegularExpression& address) const {
        for (const QString& line : blocks("sh").split('\n')) {
            const bool posts = line.contains(" -d ") || line.contains("--data-binary") || line.contains("-X POST");
            const QString method = line.contains("-X DELETE") ? "DELETE" : line.contains("-X PUT") ? "PUT" : posts ? "POST" : "GET";
            if (method == QString::fromStdString(route.method) && address.match(line).hasMatch()) return true;
        }
        return false;
    }
    bool isCalled(const server::Route& route, const QRegularExpression& address) const {
        const QString call = QString::fromStdString(route.method).toLower() + "(";
        for (const QString& line : blocks("python").split('\n'))
            if (line.contains(call + "\"") || line.contains(call + "f\""))
                if (address.match(line).hasMatch()) return true;
        return false;
    }
    /// state.safetensors, which a worker of one's own has.
    static void trainState(const std::filesystem::path& folder) {
        const Sweep sweep = parseSweep(R"({"format": "attention-lab/sweep", "version": 1, "base": "copy", "set": {"training.steps": 2},
            "grid": {"training.seed": [1]}})",
                                       {});
        SweepResults results(sweep, folder / "own.csv");
        runSweep(results, {0}, 1, 1, {}, {});
        std::filesystem::rename(results.folder().checkpoint(0), folder / "state.safetensors");
    }
    QString blocks(const char* language) const {
        QString all;
        const std::string begin = std::string("```") + language + "\n";
        for (std::size_t at = m_page.find(begin); at != m_page.npos; at = m_page.find(begin, at)) {
            at += begin.size();
            const std::size_t end = m_page.find("```", at);
            all += QString::fromStdString(m_page.substr(at, end - at));
            at = end + 3;
        }
        return all;
    }
    static QProcessEnvironment environment(int port) {
        QProcessEnvironment all = QProcessEnvironment::systemEnvironment();
        all.insert("URL", "http://127.0.0.1:" + QString::number(port));
        all.insert("TOKEN", QString::fromStdString(tests::servedToken));
        all.insert("no_proxy", "*");
        return all;
    }

    std::string m_page;
};

QTEST_GUILESS_MAIN(HttpHelpTest)
#include "http_help_test.moc"
