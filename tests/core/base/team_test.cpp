#include "core/base/team.h"

#include <QtTest>

#include <atomic>
#include <fstream>
#include <numeric>

#include "core/base/threads.h"
#include "tests/sanitized.h"

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

using namespace lab;

class TeamTest : public QObject {
    Q_OBJECT

private slots:
    /// Work after work, each by each of them once, and all of it done when share() returns.
    void eachDoesItsPart() {
        for (const int members : {-1, 1, 2, 5}) {
            Team team(members);
            std::vector<int> parts(static_cast<std::size_t>(team.members()));
            QCOMPARE(team.members(), std::max(members, 1));
            constexpr int rounds = 500;
            for (int round = 0; round < rounds; ++round) {
                team.share([&](int member) { ++parts[static_cast<std::size_t>(member)]; });
                QCOMPARE(std::accumulate(parts.begin(), parts.end(), 0), (round + 1) * team.members());
            }
            QCOMPARE(parts, std::vector<int>(parts.size(), rounds));
        }
    }

#if defined(__linux__) && !defined(LAB_SANITIZED)
    /// Where the system gives no thread more, those that are there do all of it; the program does not end.
    void whereThereIsNoRoomFewerDoIt() {
        constexpr int wanted = 200;
        std::ifstream pages("/proc/self/statm");
        rlim_t size = 0;
        pages >> size;
        rlimit before{};
        getrlimit(RLIMIT_AS, &before);
        rlimit little = before;
        little.rlim_cur = size * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + (rlim_t{48} << 20);
        setrlimit(RLIMIT_AS, &little);
        const int had = threadsToBeHad(wanted);
        int members = 0;
        std::atomic<int> parts = 0;
        {
            Team team(wanted);
            members = team.members();
            team.share([&](int) { ++parts; });
        }
        setrlimit(RLIMIT_AS, &before);
        QVERIFY2(had >= 1 && had < wanted, qPrintable(QString::number(had)));
        QVERIFY2(members >= 1 && members < wanted, qPrintable(QString::number(members)));
        QCOMPARE(parts.load(), members);
        QCOMPARE(threadsToBeHad(3), 3);
    }
#endif
};

QTEST_APPLESS_MAIN(TeamTest)
#include "team_test.moc"
