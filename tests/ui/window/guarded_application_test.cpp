#include "ui/window/guarded_application.h"

#include <QTest>
#include <functional>
#include <new>
#include <stdexcept>

#include "tests/patience.h"
#include "ui/widgets/error_strip.h"
#include "ui/window/main_window.h"

using namespace lab;

namespace {

/// Handles an event as somebody does whose work does not go.
class Thrower : public QObject {
public:
    explicit Thrower(std::function<void()> fail) : m_fail(std::move(fail)) {}
    bool event(QEvent*) override {
        m_fail();
        return true;
    }

private:
    std::function<void()> m_fail;
};

bool handleEventOf(std::function<void()> fail) {
    Thrower thrower(std::move(fail));
    QEvent event(QEvent::User);
    return QCoreApplication::sendEvent(&thrower, &event);
}

}  // namespace

class GuardedApplicationTest : public QObject {
    Q_OBJECT

    int m_count = 1;
    char m_name[5] = "test";
    char* m_words[2] = {m_name, nullptr};

private slots:
    void whatDoesNotFitIntoMemoryIsSaidInTheWindow_data() {
        QTest::addColumn<bool>("wasTooLong");
        QTest::newRow("no memory") << false;
        QTest::newRow("more than there can be") << true;
    }

    void whatDoesNotFitIntoMemoryIsSaidInTheWindow() {
        QFETCH(const bool, wasTooLong);
        GuardedApplication application(m_count, m_words);
        Workspace workspace;
        Focus focus;
        MainWindow window(workspace, focus);
        application.setWindow(window);
        window.show();
        QVERIFY(window.problem().isEmpty());
        QVERIFY(handleEventOf([wasTooLong] {
            if (wasTooLong) throw std::length_error("vector");
            throw std::bad_alloc();
        }));
        QTRY_COMPARE(window.problem(), QStringLiteral("There is not enough memory for it."));
        QVERIFY(window.findChild<ErrorStrip*>()->isVisible());
    }

    void anErrorOfTheProgramIsNotHidden() {
        GuardedApplication application(m_count, m_words);
        QVERIFY_EXCEPTION_THROWN(handleEventOf([] { throw std::logic_error("a mistake"); }), std::logic_error);
    }

    void withoutAWindowItGoesOn() {
        GuardedApplication application(m_count, m_words);
        QVERIFY(handleEventOf([] { throw std::bad_alloc(); }));
        bool wentOn = false;
        QMetaObject::invokeMethod(
            &application, [&wentOn] { wentOn = true; }, Qt::QueuedConnection);
        QTRY_VERIFY(wentOn);
    }
};

QTEST_APPLESS_MAIN(GuardedApplicationTest)
#include "guarded_application_test.moc"
