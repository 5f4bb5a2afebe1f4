#include "server/http/guard.h"

using namespace lab;
using namespace lab::server;

/// Nobody comes in by another name, from another site, or without the token.
class GuardTest : public QObject {
    Q_OBJECT

private slots:
    void onlyThisComputersNamesAreHosts_data() {
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("status");
        QTest::newRow("address") << "127.0.0.1" << 0;
        QTest::newRow("port") << "127.0.0.1:8127" << 0;
        QTest::newRow("name") << "localhost:1" << 0;
        QTest::newRow("v6") << "[::1]:8127" << 0;
        QTest::newRow("rebound") << "evil.example:8127" << 403;
        QTest::newRow("looks like it") << "127.0.0.1.evil.example" << 403;
        QTest::newRow("user") << "localhost@evil.example" << 403;
        QTest::newRow("open bracket") << "[::1" << 403;
        QTest::newRow("none") << "" << 400;
    }
    void onlyThisComputersNamesAreHosts() {
        QFETCH(QString, host);
        QFETCH(int, status);
        QCOMPARE(statusOf({true, {}}, {{"host", host.toStdString()}}), status);
    }

    void aHostIsNeeded() { QCOMPARE(statusOf({true, {}}, {}), 400); }

    void behindAProxyAnyNameMayBe() { QCOMPARE(statusOf({false, {}}, {{"host", "lab.example"}}), 0); }

    void otherSitesMayNotAsk_data() {
        QTest::addColumn<QString>("origin");
        QTest::addColumn<int>("status");
        QTest::newRow("own") << "http://127.0.0.1:8127" << 0;
        QTest::newRow("notebook") << "http://localhost:8888" << 0;
        QTest::newRow("other") << "https://evil.example" << 403;
        QTest::newRow("null") << "null" << 403;
        QTest::newRow("empty") << "" << 403;
    }
    void otherSitesMayNotAsk() {
        QFETCH(QString, origin);
        QFETCH(int, status);
        QCOMPARE(statusOf({true, {}}, {{"host", "127.0.0.1:8127"}, {"origin", origin.toStdString()}}), status);
    }

    void theTokenIsAsked_data() {
        QTest::addColumn<QString>("given");
        QTest::addColumn<int>("status");
        QTest::newRow("right") << "Bearer secret-secret-secret" << 0;
        QTest::newRow("none") << "" << 401;
        QTest::newRow("shorter") << "Bearer secret-secret" << 401;
        QTest::newRow("longer") << "Bearer secret-secret-secret2" << 401;
        QTest::newRow("other") << "Bearer secret-secret-secreT" << 401;
        QTest::newRow("basic") << "Basic secret-secret-secret" << 401;
    }
    void theTokenIsAsked() {
        QFETCH(QString, given);
        QFETCH(int, status);
        Fields headers{{"host", "localhost"}};
        if (!given.isEmpty()) headers["authorization"] = given.toStdString();
        QCOMPARE(statusOf({true, "secret-secret-secret"}, headers), status);
        QCOMPARE(statusOf({true, "secret-secret-secret"}, headers, false), 0);
    }

    void secretsAreComparedAsAWhole() {
        QVERIFY(sameSecret("abc", "abc"));
        QVERIFY(!sameSecret("abd", "abc") && !sameSecret("", "abc") && !sameSecret("abcd", "abc") && !sameSecret("ab", "abc"));
        const std::string token = newToken();
        QCOMPARE(token.size(), std::size_t{64});
        QVERIFY(token != newToken());
    }

    void loopbackIsKnown() {
        QVERIFY(isLoopback("127.0.0.1") && isLoopback("127.1.2.3") && isLoopback("::1"));
        QVERIFY(!isLoopback("0.0.0.0") && !isLoopback("::") && !isLoopback("192.168.0.1"));
    }

private:
    /// 0: comes in.
    static int statusOf(const Guard& guard, const Fields& headers, bool needsToken = true) {
        Request request;
        request.headers = headers;
        try {
            guard.check(request, needsToken);
            return 0;
        } catch (const Refusal& refusal) {
            return refusal.status();
        }
    }
};

QTEST_APPLESS_MAIN(GuardTest)
#include "guard_test.moc"
