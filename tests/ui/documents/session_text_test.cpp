// Long texts are read beside the window: what is open stays, and can be used, until they are there or nobody wants them any more. A pipe
// that nobody has written to yet is a text that takes as long as the test wants.

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/config/visitor.h"
#include "core/data/text_dataset.h"
#include "core/io/experiment_file.h"
#include "ui/documents/session.h"
#include "ui/documents/session_keeper.h"
#include "ui/runs/focus.h"
#include "ui/runs/workspace.h"

using namespace lab;

namespace {

QByteArray someText(int documents) {
    QByteArray text;
    for (int i = 0; i < documents; ++i)
        text += "The " + QByteArray::number(i) + " goats went over the bridge.\nOne of them stayed " + QByteArray::number(i * i) + ".\n\n";
    return text;
}

/// A text that is there once it is given.
class SlowText {
public:
    explicit SlowText(const QString& path) {
        const QByteArray name = path.toLocal8Bit();
        ::mkfifo(name.constData(), 0600);
        m_end = ::open(name.constData(), O_RDWR | O_CLOEXEC);
    }
    ~SlowText() { close(); }
    void give(const QByteArray& text) {
        QCOMPARE(::write(m_end, text.constData(), static_cast<std::size_t>(text.size())), text.size());
        // What nobody has read when the last end closes is gone.
        QTRY_COMPARE(waiting(), 0);
        close();
    }

private:
    int waiting() const {
        int bytes = 0;
        return ::ioctl(m_end, FIONREAD, &bytes) == 0 ? bytes : -1;
    }
    void close() {
        if (m_end >= 0) ::close(std::exchange(m_end, -1));
    }
    int m_end = -1;
};

class TextDesk : public SessionHost {
public:
    TextDesk() { session.setHost(this); }

    QString file(const char* name) const { return folder.filePath(QLatin1String(name)); }
    void write(const char* name, const QByteArray& text) const {
        QFile out(file(name));
        QVERIFY(out.open(QIODevice::WriteOnly) && out.write(text) == text.size());
    }
    Experiment experiment(const std::string& path) const {
        Experiment e;
        e.name = "Goats";
        e.task.kind = "text";
        e.task.path = path;
        e.task.seq_len = 8;
        e.task.text.tokenizer = "bytes";
        e.task.validation_size = 4;
        e.model.architecture = Architecture::decoder;
        e.model.d_model = 8;
        e.model.num_heads = 2;
        e.model.num_layers = 1;
        e.training.batch_size = 4;
        e.training.steps = 20;
        return e;
    }
    void openShort() {
        write("short.txt", someText(40));
        saveExperiment(file("short.json").toStdString(), experiment("short.txt"));
        QVERIFY(session.openFile(file("short.json")));
    }
    void trainOneStep() {
        const auto before = session.run()->step();
        session.run()->stepOnce();
        QTRY_COMPARE(session.run()->step(), before + 1);
    }
    void edit(const std::function<void(Experiment&)>& change) {
        Experiment draft = session.draft();
        change(draft);
        session.setDraft(draft);
    }
    JobPtr job() { return workspace.jobs().list().back(); }
    /// The window's thread is free, and what is open can be used, while a text is awaited.
    void works() {
        QVERIFY(session.isReading());
        QTRY_COMPARE(job()->state(), Job::State::running);
        int ticks = 0;
        QTimer timer;
        QObject::connect(&timer, &QTimer::timeout, &timer, [&ticks] { ++ticks; });
        timer.start(0);
        QTRY_VERIFY(ticks > 20);
        trainOneStep();
        QVERIFY(session.isReading());
    }

    QTemporaryDir folder;
    Workspace workspace;
    Focus focus;
    QString chosenPath;
    Session session{workspace, focus};

private:
    Answer askAboutChanges(const QString&) override { return Answer::discard; }
    QString choosePath(const QString&) override { return chosenPath; }
};

std::string pathOfRun(const Session& session) {
    return session.run()->experiment().task.path;
}

}  // namespace

class SessionTextTest : public QObject {
    Q_OBJECT

private slots:
    void anExperimentOnALongTextIsOpenedBesideTheWindow() {
        TextDesk desk;
        desk.openShort();
        saveExperiment(desk.file("slow.json").toStdString(), desk.experiment("slow.txt"));
        SlowText text(desk.file("slow.txt"));
        QSignalSpy opened(&desk.session, &Session::opened), failed(&desk.session, &Session::failed);
        QVERIFY(!desk.session.openFile(desk.file("slow.json")));
        desk.works();
        QCOMPARE(pathOfRun(desk.session), std::string("short.txt"));
        text.give(someText(50));
        QTRY_COMPARE(opened.size(), 1);
        QCOMPARE(pathOfRun(desk.session), std::string("slow.txt"));
        QCOMPARE(failed.size(), 0);
        QVERIFY(!desk.session.isReading());
    }

    void aCheckpointOnALongTextIsOpenedBesideTheWindow() {
        TextDesk desk;
        desk.openShort();
        desk.trainOneStep();
        QSignalSpy saved(&desk.session, &Session::saved), opened(&desk.session, &Session::opened), failed(&desk.session, &Session::failed);
        QVERIFY(desk.session.saveTo(desk.file("run.safetensors")));
        QTRY_COMPARE(saved.size(), 1);
        QVERIFY(QFile::remove(desk.file("short.txt")));
        SlowText text(desk.file("short.txt"));
        QVERIFY(!desk.session.openFile(desk.file("run.safetensors")));
        desk.works();
        text.give(someText(40));
        QTRY_COMPARE(opened.size(), 1);
        QCOMPARE(desk.session.run()->step(), 1);
        QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed[0][1].toString()));
    }

    void aSessionWithALongTextIsOpenedBesideTheWindow() {
        TextDesk desk;
        desk.write("long.txt", someText(3000));
        saveExperiment(desk.file("long.json").toStdString(), desk.experiment("long.txt"));
        QSignalSpy opened(&desk.session, &Session::opened), saved(&desk.session, &Session::saved);
        QVERIFY(!desk.session.openFile(desk.file("long.json")));
        QTRY_COMPARE(opened.size(), 1);
        desk.trainOneStep();
        desk.chosenPath = desk.file("all.session.safetensors");
        QVERIFY(desk.session.saveSession());
        QTRY_COMPARE(saved.size(), 1);
        for (const bool restored : {false, true}) {
            TextDesk other;
            other.openShort();
            QSignalSpy shown(&other.session, &Session::sessionOpened);
            bool told = false;
            const bool now = restored ? other.session.restoreSession(desk.chosenPath, [&told] { told = true; })
                                      : other.session.openFile(desk.chosenPath);
            QVERIFY(!now && other.session.isReading());
            QCOMPARE(pathOfRun(other.session), std::string("short.txt"));
            QTRY_COMPARE(shown.size(), 1);
            QCOMPARE(told, restored);
            QCOMPARE(other.session.run()->step(), 1);
            QCOMPARE(other.session.path().isEmpty(), false);
        }
    }

    void aNewRunOnALongTextFollows() {
        TextDesk desk;
        desk.openShort();
        Run* before = desk.session.run();
        SlowText text(desk.file("slow.txt"));
        desk.edit([](Experiment& draft) { draft.task.path = "slow.txt"; });
        QVERIFY(!desk.session.startNewRun());
        const JobPtr job = desk.job();
        desk.works();
        QVERIFY(!desk.session.startNewRun());
        QCOMPARE(desk.job(), job);  // it is under way already
        QCOMPARE(desk.session.run(), before);
        // What is edited meanwhile is the draft of the new run.
        desk.edit([](Experiment& draft) { draft.training.steps = 33; });
        text.give(someText(50));
        QTRY_COMPARE(pathOfRun(desk.session), std::string("slow.txt"));
        QCOMPARE(desk.session.run()->experiment().training.steps, 20);
        QCOMPARE(desk.session.draft().training.steps, 33);
        QVERIFY(desk.session.hasDraftChanges());
        QCOMPARE(desk.session.run()->step(), 0);
    }

    void trainingBeginsOnceTheTextIsThere() {
        TextDesk desk;
        desk.openShort();
        SlowText text(desk.file("slow.txt"));
        desk.edit([](Experiment& draft) { draft.task.path = "slow.txt"; });
        QVERIFY(!desk.session.startNewRun());
        desk.session.train();  // who asks for more gets more
        text.give(someText(50));
        QTRY_COMPARE(pathOfRun(desk.session), std::string("slow.txt"));
        QTRY_COMPARE(desk.session.run()->state(), Run::State::finished);
    }

    /// Another tokenizer of a long text that is open, and the same one again.
    void otherTextSettingsReadItBesideAndTheSameDoNot() {
        TextDesk desk;
        desk.write("long.txt", someText(3000));
        saveExperiment(desk.file("long.json").toStdString(), desk.experiment("long.txt"));
        QVERIFY(!desk.session.openFile(desk.file("long.json")));
        QTRY_VERIFY(desk.session.run());
        Run* before = desk.session.run();
        desk.edit([](Experiment& draft) { draft.training.optimizer.learning_rate = 0.001; });
        Run* same = desk.session.startNewRun();
        QVERIFY(same && same != before);
        desk.edit([](Experiment& draft) { draft.task.text.tokenizer = "characters"; });
        QVERIFY(!desk.session.startNewRun() && desk.session.isReading());
        QTRY_COMPARE(desk.session.run()->experiment().task.text.tokenizer, std::string("characters"));
        // Beside another run it has to be open first.
        QSignalSpy failed(&desk.session, &Session::failed);
        Experiment bytes = desk.session.experiment();
        bytes.task.text.tokenizer = "bytes";
        QVERIFY(desk.session.addBeside({bytes}).empty());
        QCOMPARE(failed.size(), 1);
        QCOMPARE(failed[0][1].toString(), QStringLiteral("task.path: this text is not open yet: start a new run with it first"));
        QCOMPARE(desk.session.addBeside({desk.session.experiment()}).size(), std::size_t{1});
    }

    void aBranchWithOtherTextFollows() {
        TextDesk desk;
        desk.openShort();
        desk.trainOneStep();
        Run* parent = desk.session.run();
        SlowText text(desk.file("slow.txt"));
        desk.edit([](Experiment& draft) { draft.task.path = "slow.txt"; });
        desk.session.continueFrom(1);
        QTRY_VERIFY(desk.session.isReading());
        QCOMPARE(desk.session.run(), parent);
        text.give(someText(50));
        QTRY_VERIFY(desk.session.run() != parent);
        QVERIFY(desk.session.run()->origin());
        QCOMPARE(pathOfRun(desk.session), std::string("slow.txt"));
        QTRY_COMPARE(desk.session.run()->state(), Run::State::finished);
    }

    void cancelLeavesEverythingAsItWas_data() {
        QTest::addColumn<QString>("what");
        for (const char* what : {"open", "new run", "train", "branch"}) QTest::newRow(what) << what;
    }
    void cancelLeavesEverythingAsItWas() {
        QFETCH(QString, what);
        TextDesk desk;
        desk.openShort();
        desk.trainOneStep();
        SlowText text(desk.file("slow.txt"));
        saveExperiment(desk.file("slow.json").toStdString(), desk.experiment("slow.txt"));
        if (what != "open") desk.edit([](Experiment& draft) { draft.task.path = "slow.txt"; });
        const Experiment draft = desk.session.draft();
        Run* run = desk.session.run();
        const std::vector<Run*> runs = desk.workspace.runs();
        QSignalSpy failed(&desk.session, &Session::failed), changed(&desk.session, &Session::documentChanged);
        if (what == "open") desk.session.openFile(desk.file("slow.json"));
        if (what == "new run") desk.session.startNewRun();
        if (what == "train") desk.session.train();
        if (what == "branch") desk.session.continueFrom(1);
        QTRY_VERIFY(desk.session.isReading());
        QTRY_COMPARE(desk.job()->state(), Job::State::running);
        desk.job()->cancel();
        QVERIFY(!desk.session.isReading());
        // The worker is free for others: the text was never given.
        const JobPtr next = desk.workspace.jobs().submit(QStringLiteral("next"), {}, [](JobContext&) { return 1; });
        QTRY_COMPARE(next->state(), Job::State::finished);
        QCOMPARE(desk.session.run(), run);
        QCOMPARE(desk.workspace.runs(), runs);
        QVERIFY(differences(desk.session.draft(), draft).empty());
        QCOMPARE(failed.size() + changed.size(), 0);
        QVERIFY(run->state() != Run::State::training);
        // And once more it is read.
        if (what == "open")
            desk.session.openFile(desk.file("slow.json"));
        else
            desk.session.startNewRun();
        text.give(someText(50));
        QTRY_COMPARE(pathOfRun(desk.session), std::string("slow.txt"));
    }

    void whoOpensOrLooksAtAnotherOneKeepsThat() {
        TextDesk desk;
        desk.openShort();
        Run* other = desk.session.addBeside({desk.session.experiment()}).front();
        SlowText text(desk.file("slow.txt"));
        const auto wish = [&] {
            desk.edit([](Experiment& draft) { draft.task.path = "slow.txt"; });
            desk.session.startNewRun();
            QVERIFY(desk.session.isReading());
        };
        wish();
        desk.focus.setRun(other);
        QVERIFY(!desk.session.isReading());
        wish();
        QVERIFY(desk.session.openPreset("copy"));
        QVERIFY(!desk.session.isReading());
        QCOMPARE(desk.session.presetName(), std::string("copy"));
    }

    void whatIsWrongWithALongTextIsSaid() {
        TextDesk desk;
        desk.openShort();
        Run* run = desk.session.run();
        SlowText text(desk.file("slow.txt"));
        desk.edit([](Experiment& draft) { draft.task.path = "slow.txt"; });
        QSignalSpy failed(&desk.session, &Session::failed);
        desk.session.startNewRun();
        text.give(QByteArray(1000, '\0'));
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][0].toString(), QStringLiteral("The new run cannot be started"));
        QCOMPARE(failed[0][1].toString(), QStringLiteral("slow.txt: is binary, not text: it is full of NUL bytes"));
        QCOMPARE(desk.session.run(), run);
    }
};

QTEST_GUILESS_MAIN(SessionTextTest)
#include "session_text_test.moc"
