#include "core/base/platform.h"

#include <QtTest>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/sanitized.h"

using namespace lab;

namespace {

constexpr std::size_t megabyte = std::size_t{1} << 20;

/// Of this process, in bytes; 0 where the system does not say.
std::size_t residentBytes() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        std::size_t kilobytes = 0;
        if (word == "VmRSS:" && status >> kilobytes) return kilobytes << 10;
    }
    return 0;
}

/// Large blocks with small ones that outlive them in between, as a history has them.
std::vector<std::vector<char>> fill(std::vector<std::unique_ptr<int>>& small, int count) {
    std::vector<std::vector<char>> large;
    for (int i = 0; i < count; ++i) {
        large.emplace_back(megabyte, 'x');
        small.push_back(std::make_unique<int>(i));
    }
    return large;
}

}  // namespace

class PlatformTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsFreedGoesBackToTheSystem() {
#if !defined(__GLIBC__) || defined(LAB_SANITIZED)
        QSKIP("Another memory management.");
#endif
        returnFreedMemory();
        constexpr int count = 100;
        std::vector<std::unique_ptr<int>> small;
        fill(small, 4).clear();  // the first large block that is freed is where the library changes its mind by itself
        const std::size_t before = residentBytes();
        auto large = fill(small, count);
        const std::size_t full = residentBytes();
        QVERIFY(full > before + count * megabyte / 2);
        large.clear();
        QVERIFY2(residentBytes() < before + count * megabyte / 10, qPrintable(QString::number(residentBytes() >> 20)));
    }

#if defined(__linux__)
    void aThreadHasAnAccountOfItsOwn() {
        const double before = threadSeconds();
        while (threadSeconds() < before + 0.02) {
        }
        double otherThread = 1;
        std::thread([&] { otherThread = threadSeconds(); }).join();
        QVERIFY2(otherThread < threadSeconds(), qPrintable(QString::number(otherThread)));
    }
#endif
};

QTEST_APPLESS_MAIN(PlatformTest)
#include "platform_test.moc"
