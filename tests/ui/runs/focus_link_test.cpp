#include "ui/runs/focus_link.h"

#include <QtTest>

#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"

using namespace lab;

namespace {

/// Two runs, one behind each focus.
class Pair {
public:
    explicit Pair(int stepsOfFirst = 40, int stepsOfSecond = 40)
        : first(workspace.add(smallTask(stepsOfFirst))), second(workspace.add(smallTask(stepsOfSecond, 7))), link(leader, follower) {
        leader.setRun(first);
        link.setRun(second);
    }

    void train() {
        workspace.trainAll();
        QTRY_COMPARE(first->state(), Run::State::finished);
        QTRY_COMPARE(second->state(), Run::State::finished);
    }

    Workspace workspace;
    Run* first;
    Run* second;
    Focus leader, follower;
    FocusLink link;
};

}  // namespace

class FocusLinkTest : public QObject {
    Q_OBJECT

private slots:
    void theFollowerIsWhereTheLeaderIs();
    void theLeaderComesWhereTheFollowerGoes();
    void anotherDataSetIsAskedTheSameTokens();
    void aShorterRunStaysAtItsEndAndPullsNobodyBack();
    void whileInactiveNothingFollows();
};

void FocusLinkTest::theFollowerIsWhereTheLeaderIs() {
    Pair pair;
    pair.train();
    pair.leader.showStep(13);
    QTRY_COMPARE(pair.follower.shownStep(), 13);
    QVERIFY(!pair.follower.live());
    pair.leader.showSample(5);
    QCOMPARE(pair.follower.sampleIndex(), 5);
    QCOMPARE(pair.follower.input(), pair.leader.input());
    pair.leader.select({0, 1, 2, 3});
    QCOMPARE(pair.follower.selection(), pair.leader.selection());
    pair.leader.setInput(tokensOnly({4, 3, 2, 1, 0, 1}));
    QCOMPARE(pair.follower.input(), pair.leader.input());
    QCOMPARE(pair.follower.sampleIndex(), -1);
    pair.leader.followLive();
    QVERIFY(pair.follower.live());
    QCOMPARE(pair.follower.shownStep(), 40);
    QCOMPARE(pair.follower.run(), pair.second);
}

void FocusLinkTest::theLeaderComesWhereTheFollowerGoes() {
    Pair pair;
    pair.train();
    pair.follower.showStep(20);
    QTRY_COMPARE(pair.leader.shownStep(), 20);
    pair.follower.showSample(3);
    QCOMPARE(pair.leader.sampleIndex(), 3);
    pair.follower.select({0, 0, 4, 2});
    QCOMPARE(pair.leader.selection(), pair.follower.selection());
    pair.follower.followLive();
    QVERIFY(pair.leader.live());
}

void FocusLinkTest::anotherDataSetIsAskedTheSameTokens() {
    Pair pair;
    Experiment other = smallTask(40).experiment;
    other.task.seed = 99;
    Run* third = pair.workspace.add(loadTask(other, {}));
    pair.link.setRun(third);
    QCOMPARE(pair.follower.input(), pair.leader.input());
    QCOMPARE(pair.follower.sampleIndex(), -1);
    QCOMPARE(pair.leader.sampleIndex(), 0);
}

void FocusLinkTest::aShorterRunStaysAtItsEndAndPullsNobodyBack() {
    Pair pair(40, 15);
    pair.train();
    pair.leader.showStep(33);
    QTRY_COMPARE(pair.leader.shownStep(), 33);
    QCOMPARE(pair.follower.shownStep(), 15);
    pair.second->reset();  // the follower's run has only step 0 now
    QVERIFY(pair.follower.live());
}

void FocusLinkTest::whileInactiveNothingFollows() {
    Pair pair;
    pair.train();
    pair.link.setActive(false);
    pair.leader.showStep(10);
    QTRY_COMPARE(pair.leader.shownStep(), 10);
    QVERIFY(pair.follower.live());
    pair.link.setActive(true);
    QTRY_COMPARE(pair.follower.shownStep(), 10);
}

QTEST_GUILESS_MAIN(FocusLinkTest)
#include "focus_link_test.moc"
