#include "ui/pages/text/text_page.h"

#include <QLineEdit>
#include <QSignalSpy>

#include "tests/ui/runs/run_fixture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"

using namespace lab;

class TextPageTest : public QObject {
    Q_OBJECT

    struct Bench {
        Workspace workspace;
        Focus focus;
        TextPage page{focus};

        Bench() {
            page.resize(1180, 620);
            page.show();
        }
        SegmentedControl& tabs() { return *page.findChild<SegmentedControl*>(QStringLiteral("text.header.tab")); }
    };

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void aPlaceNamesItsTab() {
        Bench bench;
        for (const QString& name : {QStringLiteral("write"), QStringLiteral("corpus"), QStringLiteral("tokens")}) {
            QVERIFY(bench.page.showStage(name, {}));
            QCOMPARE(bench.page.stage(), name);
            QVERIFY(bench.page.tab().isVisible());
        }
        QVERIFY(bench.page.showStage(QStringLiteral("tokens"), QStringLiteral("low low lower")));
        QCOMPARE(bench.page.findChild<QLineEdit*>(QStringLiteral("text.tokens.text"))->text(), QStringLiteral("low low lower"));
        QVERIFY(!bench.page.showStage(QStringLiteral("corpus"), QStringLiteral("x")));
        QVERIFY(bench.page.showStage(QStringLiteral("tokens"), {}));
        QVERIFY(!bench.page.showStage(QStringLiteral("nothing"), {}));
        QCOMPARE(bench.page.stage(), QStringLiteral("tokens"));
    }

    void ctrlTabGoesThroughTheTabs() {
        Bench bench;
        bench.page.showTab(QStringLiteral("corpus"));
        QVERIFY(QTest::qWaitForWindowActive(&bench.page));
        QTest::keyClick(&bench.page, Qt::Key_Tab, Qt::ControlModifier);
        QCOMPARE(bench.page.stage(), QStringLiteral("tokens"));
        for (int tab = 0; tab < 3; ++tab) QTest::keyClick(&bench.page, Qt::Key_Tab, Qt::ControlModifier);
        QCOMPARE(bench.page.stage(), QStringLiteral("corpus"));
        QCOMPARE(bench.tabs().current(), 0);
        QTest::keyClick(&bench.page, Qt::Key_Backtab, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(bench.page.stage(), QStringLiteral("sentences"));
    }

    void whatIsMissingLeadsToItsSetting() {
        Bench bench;
        bench.focus.setRun(bench.workspace.add(smallTask(5)));
        for (const QString& name : {QStringLiteral("corpus"), QStringLiteral("write")}) {
            bench.page.showTab(name);
            QSignalSpy wanted(&bench.page, &Page::settingWanted);
            auto* button = bench.page.findChild<QAbstractButton*>(QStringLiteral("text.%1.none.act").arg(name));
            if (!button) continue;  // the tab has more to show
            button->click();
            QCOMPARE(wanted.size(), 1);
        }
    }
};

QTEST_MAIN(TextPageTest)
#include "text_page_test.moc"
