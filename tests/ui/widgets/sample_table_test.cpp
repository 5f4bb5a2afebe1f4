#include "ui/widgets/sample_table.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QToolTip>
#include <QtTest>

#include "ui/widgets/theme.h"

using namespace lab;

class SampleTableTest : public QObject {
    Q_OBJECT

    static SampleTable::Row row(const QString& label, int cells, int wrong) {
        SampleTable::Row row;
        row.label = label;
        for (int i = 0; i < cells; ++i) row.cells.push_back({QString::number(i % 10), i == wrong, i == wrong ? "should be 7" : ""});
        row.right = wrong >= 0 ? cells - 1 : cells;
        return row;
    }

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void wrongCellsStandOnTheWrongBackground() {
        SampleTable table("step", 6);
        table.setRows({row("120", 16, 3), row("200", 16, -1)});
        table.resize(450, 130);
        const QImage image = table.grab().toImage();
        const auto corner = [&](int r, int c) { return image.pixelColor(table.cellRect(r, c).topLeft() + QPoint(1, 1)); };
        QCOMPARE(corner(0, 3), Theme::instance().color(Role::wrongBackground));
        QCOMPARE(corner(0, 4), Theme::instance().color(Role::screen));
        QCOMPARE(corner(1, 3), Theme::instance().color(Role::screen));
    }

    void shownRowIsTinted() {
        SampleTable table("step", 6);
        auto shown = row("1240", 16, -1);
        shown.shown = true;
        table.setRows({row("120", 16, 3), shown});
        table.resize(450, 130);
        QCOMPARE(table.grab().toImage().pixelColor(2, table.rowRect(1).center().y()), Theme::instance().color(Role::selection));
    }

    void longRowsKeepBothEnds() {
        SampleTable table("sample", 6);
        table.setRows({row("0", 64, -1)});
        table.resize(400, 130);
        QVERIFY(!table.cellRect(0, 0).isEmpty());
        QVERIFY(!table.cellRect(0, 63).isEmpty());
        QVERIFY(table.cellRect(0, 32).isEmpty());
        QVERIFY(table.cellRect(0, 63).right() < table.width() - 40);
        for (int i = 1; i < 64; ++i)
            if (!table.cellRect(0, i).isEmpty() && !table.cellRect(0, i - 1).isEmpty())
                QVERIFY(table.cellRect(0, i).left() > table.cellRect(0, i - 1).right());
    }

    void theCellThatIsFollowedStaysInSight() {
        for (const int width : {240, 400}) {
            SampleTable table("sample", 6);
            table.setRows({row("0", 64, -1), row("1", 12, -1)});
            table.resize(width, 130);
            for (const int followed : {0, 7, 12, 31, 32, 50, 58, 63, -1}) {
                table.setFollowed(followed);
                QVERIFY(!table.cellRect(0, 0).isEmpty());
                QVERIFY(!table.cellRect(0, 63).isEmpty());
                QVERIFY(followed < 0 || !table.cellRect(0, followed).isEmpty());
                QRect before;
                for (int i = 0; i < 64; ++i) {
                    const QRect cell = table.cellRect(0, i);
                    if (cell.isEmpty()) continue;
                    QVERIFY(before.isNull() || cell.left() > before.right());
                    QVERIFY(cell.right() < width - 40);
                    before = cell;
                }
            }
        }
    }

    void longWordsStayInTheirCells() {
        const QString word = QStringLiteral("Donaudampfschifffahrtsgesellschaft").repeated(3);
        SampleTable::Row row{.label = "0", .cells = {}, .right = 6};
        for (int i = 0; i < 6; ++i) row.cells.push_back({word, false, {}});
        for (const int width : {240, 400, 900}) {
            SampleTable table("sample", 6);
            table.setRows({row});
            table.resize(width, 130);
            QVERIFY(!table.cellRect(0, 0).isEmpty());
            QVERIFY(!table.cellRect(0, 5).isEmpty());
            QVERIFY(table.cellRect(0, 5).right() < width - 40);  // the count's column
            QHelpEvent help(QEvent::ToolTip, table.cellRect(0, 0).center(), table.mapToGlobal(table.cellRect(0, 0).center()));
            QCoreApplication::sendEvent(&table, &help);
            QCOMPARE(QToolTip::text(), word);
        }
    }

    void clickAndKeysActivate() {
        SampleTable table("step", 6);
        table.setRows({row("120", 16, 3), row("200", 16, -1), row("300", 16, -1)});
        table.resize(450, 130);
        QSignalSpy spy(&table, &SampleTable::activated);
        QTest::mouseClick(&table, Qt::LeftButton, {}, table.rowRect(1).center());
        QCOMPARE(spy.takeFirst()[0].toInt(), 1);
        QTest::mouseClick(&table, Qt::LeftButton, {}, QPoint(20, 125));
        QVERIFY(spy.isEmpty());
        QTest::keyClick(&table, Qt::Key_Down);
        QTest::keyClick(&table, Qt::Key_Return);
        QCOMPARE(spy.takeFirst()[0].toInt(), 2);
    }

    void saysItsRowsToScreenReaders() {
        SampleTable table("step", 6);
        table.setAccessibleName("Prediction over time");
        table.setRows({row("120", 16, 3), row("200", 16, -1)});
        QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(&table);
        QCOMPARE(accessible->text(QAccessible::Name), QStringLiteral("Prediction over time"));
        QStringList words;
        for (const SampleTable::Cell& cell : table.rows()[0].cells) words << cell.text;
        QVERIFY(accessible->text(QAccessible::Value).startsWith("step 120: 15 of 16 right: " + words.join(' ') + "; step 200"));
        // What screen readers hear is the description: AT-SPI has no words as values.
        QCOMPARE(accessible->text(QAccessible::Description), accessible->text(QAccessible::Value));
        QTest::keyClick(&table, Qt::Key_Down);
        QVERIFY(accessible->text(QAccessible::Description).startsWith("step 200: "));
    }
};

QTEST_MAIN(SampleTableTest)
#include "sample_table_test.moc"
