#include "ui/window/action_table.h"

#include <QLineEdit>
#include <QListWidget>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/widgets/theme.h"
#include "ui/window/ask_palette.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"

using namespace lab;

/// The table of actions, what is made of it, and the palette.
class ActionTableTest : public QObject {
    Q_OBJECT

    struct ActionDesk {
        QTemporaryDir folder;
        Workspace workspace;
        Focus focus;
        MainWindow window{workspace, focus};
        FileActions files{window, folder.filePath("settings.ini"), folder.filePath("session.safetensors")};

        AskPalette* palette() {
            window.show();
            window.actions().find("help.ask")->trigger();
            return window.findChild<AskPalette*>();
        }
    };

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void namesAreWellFormedAndUnique() {
        static const QRegularExpression form("^[a-z]+\\.[a-z_]+$");
        QStringList names;
        for (const ActionRow& row : actionTable()) {
            QVERIFY2(form.match(row.id).hasMatch(), row.id);
            QVERIFY2(QLatin1String(row.keys).isEmpty() == keysOf(row).isEmpty() && !keysOf(row).contains(QKeySequence()), row.id);
            QVERIFY2(actionGroups().contains(groupOf(row)), row.id);
            names += row.id;
        }
        QCOMPARE(names.removeDuplicates(), 0);
    }

    void everyRowIsAnActionOfTheWindow() {
        ActionDesk desk;
        for (const ActionRow& row : actionTable()) {
            const QAction* action = desk.window.actions().find(row.id);
            QVERIFY2(action, row.id);
            if (QLatin1String(row.id) == QLatin1String("file.save"))
                QVERIFY2(action->text().startsWith(textOf(row)), qPrintable(action->text()));  // and says what it saves
            else
                QCOMPARE(action->text(), textOf(row));
            QCOMPARE(action->shortcuts(), keysOf(row));
        }
    }

    void thePaletteDoesWhatIsFound() {
        ActionDesk desk;
        Run* run = desk.window.session().openTask(smallTask(20));
        AskPalette* palette = desk.palette();
        QVERIFY(palette);
        QVERIFY(palette->list().count() > static_cast<int>(actionTable().size()) - 10);
        QTest::keyClicks(&palette->field(), "pause TRAIN");
        QVERIFY(palette->list().count() >= 1);
        const auto atOnce = [palette] { return palette->list().item(palette->list().currentRow())->text().endsWith("(Space)"); };
        for (int i = 0; i < palette->list().count() && !atOnce(); ++i) QTest::keyClick(&palette->field(), Qt::Key_Down);
        QVERIFY(atOnce());
        QTest::keyClick(&palette->field(), Qt::Key_Return);
        QTRY_COMPARE(run->state(), Run::State::finished);
        QTRY_VERIFY(!desk.window.findChild<AskPalette*>());
    }

    void thePaletteMovesAndFindsNothing() {
        ActionDesk desk;
        AskPalette* palette = desk.palette();
        QCOMPARE(palette->list().currentRow(), 0);
        QTest::keyClick(&palette->field(), Qt::Key_Down);
        QCOMPARE(palette->list().currentRow(), 1);
        QTest::keyClicks(&palette->field(), "xylophone");
        QCOMPARE(palette->list().count(), 0);
        QTest::keyClick(&palette->field(), Qt::Key_Return);
        QVERIFY(palette->isVisible());
        QTest::keyClick(&palette->field(), Qt::Key_Escape);
        QTRY_VERIFY(!desk.window.findChild<AskPalette*>());
    }
};

QTEST_MAIN(ActionTableTest)
#include "action_table_test.moc"
