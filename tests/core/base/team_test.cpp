#include "core/base/team.h"

#include <QtTest>

#include <numeric>

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
};

QTEST_APPLESS_MAIN(TeamTest)
#include "team_test.moc"
