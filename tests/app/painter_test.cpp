#include "app/commands/painter.h"

#include <QApplication>
#include <QTest>
#include <thread>

#include "core/base/errors.h"
#include "server/http/problem.h"

using namespace lab;

/// Pictures that are asked for on one thread and painted on another.
class PainterTest : public QObject {
    Q_OBJECT

private slots:
    void isPaintedWhereTheEventLoopRuns() {
        Painter painter;
        std::string picture;
        std::thread asking([&] {
            picture = painter.curves(subject(), {FigureFormat::svg, {}});
            QMetaObject::invokeMethod(qApp, &QApplication::quit, Qt::QueuedConnection);
        });
        QApplication::exec();
        asking.join();
        QVERIFY(picture.find("<svg") != std::string::npos && picture.find("Training of 'a name', steps 1 to 2 (r1).") != std::string::npos);
    }

    void whatGoesWrongIsToldToWhoAsks() {
        Painter painter;
        std::string told;
        server::PictureForm form{FigureFormat::png, {}};
        form.style.dots = 1000;
        std::thread asking([&] {
            try {
                painter.curves(subject(), form);
            } catch (const InputError& error) {
                told = error.what();
            }
            QMetaObject::invokeMethod(qApp, &QApplication::quit, Qt::QueuedConnection);
        });
        QApplication::exec();
        asking.join();
        QCOMPARE(told, std::string("the picture would be too large; choose a smaller scale"));
    }

    /// Whether it waits already or comes later: nobody is left waiting for an event loop that has ended.
    void atTheEndWhoWaitsIsRefused() {
        Painter painter;
        std::vector<int> statuses(8);
        std::vector<std::thread> asking;
        for (int& status : statuses)
            asking.emplace_back([&] {
                try {
                    painter.curves(subject(), {});
                } catch (const server::Refusal& refusal) {
                    status = refusal.status();
                }
            });
        painter.close();
        for (std::thread& thread : asking) thread.join();
        QCOMPARE(statuses, std::vector<int>(8, 503));
    }

private:
    static server::CurvesSubject subject() {
        return {"a name", "r1", LossKind::cross_entropy, {{1, 2.0, 0.5, {}, {}}, {2, 1.5, 0.6, {}, {}}}};
    }
};

QTEST_MAIN(PainterTest)
#include "painter_test.moc"
