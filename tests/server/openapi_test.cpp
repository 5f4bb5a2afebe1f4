#include "server/routes/openapi.h"

#include <QProcess>
#include <set>

#include "server/routes/route.h"
#include "tests/server/serving.h"

using namespace lab;
using namespace lab::server;

/// /openapi.json is what it says it is.
class OpenApiTest : public QObject {
    Q_OBJECT

private slots:
    void everyRouteIsAnOperation() {
        std::set<std::string> names;
        for (const auto& [path, methods] : m_document["paths"].items())
            for (const auto& [method, operation] : methods.items()) {
                const std::string where = method + " " + path;
                QVERIFY2(names.insert(operation["operationId"].get<std::string>()).second, where.c_str());
                QVERIFY2(!operation["summary"].get<std::string>().empty(), where.c_str());
                QVERIFY2(!operation["responses"].empty(), where.c_str());
                std::set<std::string> declared;
                for (const Json& parameter : operation.value("parameters", Json::array()))
                    if (parameter["in"] == "path") declared.insert(parameter["name"].get<std::string>());
                const std::vector<std::string> places = placesIn(path);
                QVERIFY2((declared == std::set<std::string>(places.begin(), places.end())), where.c_str());
            }
        QCOMPARE(names.size(), routes().size());
    }

    /// By openapi-spec-validator (PyPI), where it is.
    void isValid() {
        QProcess python;
        python.start("python3", {"-W", "ignore", "-c",
                                 "import json, sys\n"
                                 "try:\n    from openapi_spec_validator import validate\n"
                                 "except ImportError:\n    sys.exit(3)\n"
                                 "validate(json.load(sys.stdin))"});
        python.write(QByteArray::fromStdString(m_document.dump()));
        python.closeWriteChannel();
        if (!python.waitForFinished(patience) || python.exitCode() == 3) QSKIP("openapi-spec-validator is missing");
        QVERIFY2(python.exitCode() == 0, python.readAllStandardError().constData());
    }

    void isServed() {
        tests::Served served;
        QCOMPARE(served.json("GET", "/openapi.json"), m_document);
    }

private:
    const Json m_document = openApiOf(routes());
};

QTEST_GUILESS_MAIN(OpenApiTest)
#include "openapi_test.moc"
