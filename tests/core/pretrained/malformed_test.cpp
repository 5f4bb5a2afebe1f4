#include <QtTest>

#include <sys/resource.h>

#include "tests/core/pretrained/malformed.h"

using namespace lab;
using namespace lab::testing;

namespace {

/// The most that was ever resident, MB.
double peakMegabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

class MalformedTest : public QObject {
    Q_OBJECT

private slots:
    void eachIsRefusedWithASentenceOrOpens() {
        MalformedModels models(1);
        openPretrained(pretrainedFolder / "gpt2");
        const double before = peakMegabytes();
        int refused = 0;
        for (int i = 0; i < 500; ++i) {
            const std::string sentence = models.next();
            refused += !sentence.empty();
            QVERIFY2(sentence.find('\n') == std::string::npos && sentence.size() < 2000, sentence.c_str());
        }
        QVERIFY2(refused > 250, std::to_string(refused).c_str());
        QVERIFY2(peakMegabytes() - before < 200, std::to_string(peakMegabytes() - before).c_str());
    }
};

QTEST_APPLESS_MAIN(MalformedTest)
#include "malformed_test.moc"
