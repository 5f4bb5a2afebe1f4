// A window whose run is paused does nothing until somebody touches it: neither timers nor painting.

#include <QAbstractEventDispatcher>
#include <QApplication>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/documents/session_keeper.h"
#include "ui/window/cursor_rest.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"

using namespace lab;

namespace {

/// Counts what an application that waits would not do.
class Wakes : public QObject {
public:
    Wakes() { qApp->installEventFilter(this); }

    QStringList seen;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::Timer || event->type() == QEvent::Paint || event->type() == QEvent::UpdateRequest)
            seen += QStringLiteral("%1 of %2 %3")
                        .arg(event->type())
                        .arg(QLatin1String(watched->metaObject()->className()), watched->objectName());
        return false;
    }
};

/// Longer than any timer that could be meant to run on.
constexpr int period = 1200;

/// What happened in one period; it is over when a thread of its own has slept, without a timer in this one.
QStringList wakesOfAPeriod() {
    Wakes wakes;
    bool over = false;
    QThread* sleeper = QThread::create([] { QThread::msleep(period); });
    QObject::connect(sleeper, &QThread::finished, sleeper, [&over] { over = true; });
    sleeper->start();
    while (!over) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    sleeper->wait();
    delete sleeper;
    return wakes.seen;
}

/// What was begun may end; then nothing happens.
QStringList wakesWhenSettled() {
    QElapsedTimer clock;
    clock.start();
    QStringList wakes = wakesOfAPeriod();
    while (!wakes.isEmpty() && clock.elapsed() < lab::patience / 6) wakes = wakesOfAPeriod();
    return wakes;
}

#define VERIFY_IDLE()                                             \
    do {                                                          \
        const QStringList wakes = wakesWhenSettled();             \
        QVERIFY2(wakes.isEmpty(), qPrintable(wakes.join(u'\n'))); \
    } while (false)

struct IdleDesk {
    QTemporaryDir home;
    Workspace workspace;
    Focus focus;
    MainWindow window{workspace, focus};
    FileActions files{window, home.filePath(QStringLiteral("settings.ini")), home.filePath(QStringLiteral("session.safetensors"))};
    Run* run = nullptr;

    IdleDesk() {
        run = window.session().openTask(smallTask(100'000));
        window.resize(1280, 800);
        window.show();
        window.activateWindow();
    }
    void trainAndPause() {
        run->train();
        QTRY_VERIFY(run->step() > 5);
        run->pause();
        QTRY_COMPARE(run->state(), Run::State::paused);
    }
};

}  // namespace

class IdleTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        qputenv("ATTENTION_LAB_AUTOSAVE_SECONDS", "0.05");  // a timer that ran on would be seen
    }

    void aTrainingIsNoIdleWindow() {
        IdleDesk desk;
        desk.run->train();
        QVERIFY(!wakesOfAPeriod().isEmpty());
        desk.run->pause();
    }

    void aPausedWindowDoesNotWakeOnAnyPage() {
        IdleDesk desk;
        CursorRest cursorRest(std::chrono::milliseconds(50));
        desk.trainAndPause();
        for (int page = 0; page < static_cast<int>(desk.window.pages().size()); ++page) {
            desk.window.showPage(page);
            const QStringList wakes = wakesWhenSettled();
            QVERIFY2(wakes.isEmpty(), qPrintable(QStringLiteral("page %1:\n%2").arg(page).arg(wakes.join(u'\n'))));
        }
    }

    void aMinimisedWindowDoesNotWake() {
        IdleDesk desk;
        desk.trainAndPause();
        desk.window.showMinimized();
        VERIFY_IDLE();
    }

    void theSessionIsKeptAllTheSame() {
        IdleDesk desk;
        VERIFY_IDLE();
        QSignalSpy saved(&desk.files.keeper(), &SessionKeeper::saved);
        desk.trainAndPause();
        QTRY_VERIFY(!saved.isEmpty());
        VERIFY_IDLE();
        saved.clear();
        desk.run->pin(desk.run->latest(), QStringLiteral("a pin"));
        QTRY_COMPARE(saved.size(), 1);
    }

    void aCursorBlinksUntilTheHandRests_data() {
        QTest::addColumn<bool>("line");
        QTest::newRow("line") << true;
        QTest::newRow("text") << false;
    }

    void aCursorBlinksUntilTheHandRests() {
        QFETCH(bool, line);
        QApplication::setCursorFlashTime(100);
        QWidget window;
        QWidget* field = line ? static_cast<QWidget*>(new QLineEdit(&window)) : new QPlainTextEdit(&window);
        window.show();
        window.activateWindow();
        field->setFocus();
        QTRY_VERIFY(field->hasFocus());
        QVERIFY(!wakesOfAPeriod().isEmpty());
        {
            CursorRest rest(std::chrono::milliseconds(50));
            QTRY_VERIFY(rest.isResting());
            VERIFY_IDLE();
            QTest::keyClick(field, Qt::Key_A);
            QVERIFY(!rest.isResting());
            QCOMPARE(QApplication::cursorFlashTime(), 100);
            QTRY_VERIFY(rest.isResting());
        }
        QCOMPARE(QApplication::cursorFlashTime(), 100);  // as it was
    }
};

QTEST_MAIN(IdleTest)
#include "idle_long_test.moc"
