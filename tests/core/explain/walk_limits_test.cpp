#include "core/explain/walk_limits.h"

#include <QtTest>

#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

/// What has numbers that no stage explains says so instead of explaining those behind them wrongly.
class WalkLimitsTest : public QObject {
    Q_OBJECT

private slots:
    void formsWithoutAWalkSayWhy() {
        for (const auto& forms : {allForms(), reachForms(), segmentForms(), unitKeyForms(), globalProjectionForms()})
            for (const NamedConfig& form : forms)
                QVERIFY2(explain::whyNoWalk(form.config).empty() != form.config.attention.differential, form.name.c_str());
    }
};

QTEST_APPLESS_MAIN(WalkLimitsTest)
#include "walk_limits_test.moc"
