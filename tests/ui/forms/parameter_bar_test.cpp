#include "ui/forms/parameter_bar.h"

#include <QTest>

using namespace lab;

class ParameterBarTest : public QObject {
    Q_OBJECT

private slots:
    /// Every group that there are parameters of, in words.
    void everyGroupIsNamed() {
        ParameterBar bar;
        QVERIFY(!bar.groups());
        ParameterGroups groups;
        groups.embedding = 1;
        groups.attention = 20;
        groups.feedForward = 300;
        groups.norm = 4000;
        groups.output = 50000;
        bar.setGroups(groups);
        QVERIFY(!bar.accessibleDescription().contains("bottleneck"));
        groups.bottleneck = 77;
        bar.setGroups(groups);
        const QString said = bar.accessibleDescription();
        for (const char* part : {"embedding 1", "attention 20", "feed-forward 300", "bottleneck 77", "norms "})
            QVERIFY2(said.contains(part), qPrintable(said));
        QCOMPARE(said.count(QLatin1Char('+')), 5);
        groups.attention = 0;
        groups.mixing = 5;
        bar.setGroups(groups);
        QVERIFY(bar.accessibleDescription().contains("mixing net 5"));
    }

    void saysHowManyAreActiveWhereNotAllAre() {
        ParameterBar bar;
        ParameterGroups groups;
        groups.feedForward = 300;
        bar.setGroups(groups, 300);
        QVERIFY(!bar.accessibleDescription().contains("one token"));
        bar.setGroups(groups, 120);
        QVERIFY(bar.accessibleDescription().contains("one token goes through 120 of them"));
    }

    void whatIsLeftOutStaysAsItWas() {
        ParameterBar bar;
        ParameterGroups groups;
        groups.bottleneck = 7;
        bar.setGroups(groups);
        bar.setGroups(std::nullopt);
        QVERIFY(bar.isStale());
        QCOMPARE(bar.groups()->bottleneck, std::size_t{7});
        bar.resize(bar.sizeHint());
        QVERIFY(!bar.grab().isNull());
    }
};

QTEST_MAIN(ParameterBarTest)
#include "parameter_bar_test.moc"
