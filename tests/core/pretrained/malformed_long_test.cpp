#include <QtTest>

#include <sys/resource.h>

#include "tests/core/pretrained/malformed.h"

using namespace lab;
using namespace lab::testing;

namespace {

/// The most that was ever resident, MB.
double mostMegabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

class MalformedLongTest : public QObject {
    Q_OBJECT

private slots:
    void eachIsRefusedWithASentenceOrOpens() {
        MalformedModels models(20);
        openPretrained(pretrainedFolder / "gpt2");
        const double before = mostMegabytes();
        int refused = 0;
        for (int i = 0; i < 20000; ++i) {
            const std::string sentence = models.next();
            refused += !sentence.empty();
            QVERIFY2(sentence.find('\n') == std::string::npos && sentence.size() < 2000, sentence.c_str());
        }
        QVERIFY2(refused > 10000, std::to_string(refused).c_str());
        QVERIFY2(mostMegabytes() - before < 200, std::to_string(mostMegabytes() - before).c_str());
    }
};

QTEST_APPLESS_MAIN(MalformedLongTest)
#include "malformed_long_test.moc"
