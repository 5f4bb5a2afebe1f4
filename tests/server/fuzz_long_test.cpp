#include <cstring>

#include "server/http/listener.h"
#include "tests/server/client.h"
#include "tests/server/request_fuzz.h"

using namespace lab;

/// The same a million times, and over sockets.
class FuzzLongTest : public QObject {
    Q_OBJECT

private slots:
    /// In quarters, which may run at the same time.
    void aMillionRequests_data() {
        QTest::addColumn<std::uint32_t>("first");
        for (std::uint32_t first = 2; first < 102; first += 25) QTest::addRow("%u", first) << first;
    }
    void aMillionRequests() {
        QFETCH(std::uint32_t, first);
        for (std::uint32_t seed = first; seed < first + 25; ++seed) {
            tests::Served served;
            tests::RequestFuzz fuzz(served, seed);
            for (int i = 0; i < 10'000; ++i) {
                const server::Request asked = fuzz.next();
                const std::string fault = tests::faultOf(served.ask(asked));
                QVERIFY2(fault.empty(), (asked.method + " " + asked.path + " " + asked.body + ": " + fault).c_str());
            }
        }
    }

    void twentyThousandOverSockets() {
        tests::Served served;
        const server::Listener listener({.spool = served.service().spool()}, served.desk());
        tests::RequestFuzz fuzz(served, 1000);
        for (int i = 0; i < 20'000; ++i) {
            const server::Request asked = fuzz.next();
            tests::Client client(listener.port());
            client.say(wireOf(asked));
            const std::string answer = client.answer();
            const int status = answer.size() > 12 ? std::stoi(answer.substr(9, 3)) : 0;
            QVERIFY2(status == 0 || (status >= 200 && status < 500) || status == 503,
                     (asked.method + " " + asked.path + ": " + answer).c_str());
        }
        tests::Client client(listener.port());
        client.say("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QVERIFY(client.answer().starts_with("HTTP/1.1 200"));
    }

private:
    static std::string percent(const std::string& text, const char* kept) {
        std::string out;
        for (const char c : text) {
            const bool plain =
                (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c != 0 && std::strchr(kept, c));
            char code[4];
            std::snprintf(code, sizeof code, "%%%02x", static_cast<unsigned char>(c));
            out += plain ? std::string(1, c) : std::string(code);
        }
        return out;
    }
    static std::string wireOf(const server::Request& asked) {
        std::string text = asked.method + " " + percent(asked.path, "/:._-{}");
        char mark = '?';
        for (const auto& [key, value] : asked.query) {
            text += mark + percent(key, "_-") + "=" + percent(value, "_-");
            mark = '&';
        }
        text += " HTTP/1.1\r\n";
        for (const auto& [key, value] : asked.headers)
            if (std::ranges::all_of(value, [](char c) { return c >= ' ' && c <= '~'; })) text += key + ": " + value + "\r\n";
        const std::string body = asked.spooled.empty() ? asked.body : readFile(asked.spooled);
        return text + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
};

QTEST_GUILESS_MAIN(FuzzLongTest)
#include "fuzz_long_test.moc"
