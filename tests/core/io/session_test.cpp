#include "core/io/session.h"

#include <QtTest>
#include <cmath>
#include <limits>

#include "core/base/errors.h"

#ifdef Q_OS_UNIX
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace lab;

namespace {

Session someSession(int rows) {
    Session session;
    session.firstStep = 3;
    for (const int step : {3, 4, 90})
        session.moments.push_back({step, std::make_shared<const Weights>(64, 0.1f * static_cast<float>(step))});
    session.pins[4] = "four \u00B7 \"quoted\"";
    for (int i = 0; i < rows; ++i)
        session.rows.push_back({std::exp(-i * 0.731), 1.0 / (i + 3), std::numeric_limits<double>::quiet_NaN(), 3e-5 * i});
    return session;
}

}  // namespace

class SessionTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::filesystem::path file(const char* name) const { return std::filesystem::path(m_folder.path().toStdString()) / name; }

    static void write(const std::filesystem::path& path, const Session& session) {
        NamedTensors tensors;
        Metadata metadata;
        addSession(tensors, metadata, session);
        writeSafetensors(path, tensors, metadata);
    }
    static Session read(const std::filesystem::path& path, std::size_t flatSize = 64) {
        const TensorFile content = readSafetensors(path);
        return readSession(content.tensors, content.metadata, flatSize, path.filename().string());
    }

private slots:
    void comesBackToTheLastBit() {
        const Session session = someSession(40);
        write(file("a.safetensors"), session);
        const Session again = read(file("a.safetensors"));
        QCOMPARE(again.firstStep, 3);
        QCOMPARE(again.pins, session.pins);
        QCOMPARE(again.moments.size(), session.moments.size());
        for (std::size_t i = 0; i < session.moments.size(); ++i) {
            QCOMPARE(again.moments[i].step, session.moments[i].step);
            QVERIFY(*again.moments[i].weights == *session.moments[i].weights);
        }
        QCOMPARE(again.rows.size(), session.rows.size());
        for (std::size_t i = 0; i < session.rows.size(); ++i)
            for (std::size_t c = 0; c < session.rows[i].size(); ++c)
                QVERIFY(again.rows[i][c] == session.rows[i][c] || (std::isnan(again.rows[i][c]) && std::isnan(session.rows[i][c])));
    }

    void aFileWithoutASessionIsAnEmptyOne() {
        writeSafetensors(file("plain.safetensors"), {});
        QVERIFY(read(file("plain.safetensors")).moments.empty());
    }

    void whatContradictsItselfIsRefused() {
        write(file("b.safetensors"), someSession(2));
        QVERIFY_EXCEPTION_THROWN(read(file("b.safetensors"), 65), InputError);
        for (const char* bad : {"[]", "{\"first_step\": 0, \"kept\": [5, 4], \"pins\": {}}", "{\"first_step\": -1}", "nonsense"}) {
            writeSafetensors(file("c.safetensors"), {}, {{"attention_lab.session", bad}});
            QVERIFY_EXCEPTION_THROWN(read(file("c.safetensors")), InputError);
        }
    }

    /// A process that saves without end is killed at 200 random moments: what was saved before always opens, whole.
    void killedWhileSavingLosesNothingThatWasSaved() {
#ifndef Q_OS_UNIX
        QSKIP("needs kill");
#else
        const auto path = file("killed.safetensors");
        write(path, someSession(1));
        std::size_t last = 1;
        for (int round = 0; round < 200; ++round) {
            const pid_t child = ::fork();
            if (child == 0) {
                for (std::size_t rows = last + 1;; ++rows) write(path, someSession(static_cast<int>(rows)));
            }
            ::usleep(static_cast<useconds_t>(round * 7919 % 4001));
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            const Session session = read(path);
            QVERIFY(session.rows.size() >= last);
            QCOMPARE(session.moments.size(), std::size_t{3});
            last = session.rows.size() > 500 ? 1 : session.rows.size();
            if (last == 1) write(path, someSession(1));
        }
        QVERIFY(read(path).pins.contains(4));
#endif
    }
};

QTEST_APPLESS_MAIN(SessionTest)
#include "session_test.moc"
