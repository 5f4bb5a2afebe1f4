#include "tests/server/request_fuzz.h"

using namespace lab;

/// Whatever is asked, the answer is one.
class FuzzTest : public QObject {
    Q_OBJECT

private slots:
    void everyRequestIsAnswered() {
        tests::Served served;
        tests::RequestFuzz fuzz(served, 1);
        std::map<int, int> statuses;
        for (int i = 0; i < 4000; ++i) {
            const server::Request asked = fuzz.next();
            const server::Response response = served.ask(asked);
            ++statuses[response.status];
            const std::string fault = tests::faultOf(response);
            QVERIFY2(fault.empty(), (asked.method + " " + asked.path + " " + asked.body + ": " + fault).c_str());
        }
        for (const int status : {200, 201, 400, 401, 404, 405, 415, 422}) QVERIFY2(statuses[status] > 0, std::to_string(status).c_str());
    }
};

QTEST_GUILESS_MAIN(FuzzTest)
#include "fuzz_test.moc"
