#include "ui/documents/session.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

#include "core/config/experiment_json.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/data/loaded_task.h"
#include "core/io/checkpoint.h"
#include "core/io/experiment_file.h"
#include "core/model/initialise.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "ui/documents/session_keeper.h"
#include "ui/runs/focus.h"
#include "ui/runs/workspace.h"

using namespace lab;

namespace {

/// A session without a window, and the answers a person would give.
class Desk : public SessionHost {
public:
    Desk() { session.setHost(this); }

    QString file(const QString& name) const { return folder.filePath(name); }
    void write(const QString& name, const QByteArray& text) const {
        QFile out(file(name));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(text);
    }
    void editSteps(int steps) {
        Experiment draft = session.draft();
        draft.training.steps = steps;
        session.setDraft(draft);
    }
    /// Small enough to train in no time.
    void openSmall() {
        saveExperiment(
            file(QStringLiteral("small.json")).toStdString(),
            smallExperiment({.name = "Small", .length = 4, .train = 64, .validation = 8, .d_model = 8, .steps = 20, .batch = 8}));
        QVERIFY(session.openFile(file(QStringLiteral("small.json"))));
    }
    void trainOneStep() {
        const auto before = session.run()->step();
        session.run()->stepOnce();
        QTRY_COMPARE(session.run()->step(), before + 1);
    }

    QTemporaryDir folder;
    Workspace workspace;
    Focus focus;
    Answer answer = Answer::cancel;
    int questions = 0;
    QString chosenPath;
    Session session{workspace, focus};

private:
    Answer askAboutChanges(const QString&) override {
        ++questions;
        return answer;
    }
    QString choosePath(const QString&) override { return chosenPath; }
};

}  // namespace

class SessionTest : public QObject {
    Q_OBJECT

    static void compareRuns(const Run& a, const Run& b) {
        QVERIFY(differences(a.experiment(), b.experiment()).empty());
        QCOMPARE(a.step(), b.step());
        QVERIFY(a.latest()->weights == b.latest()->weights);
        QCOMPARE(a.records().size(), b.records().size());
        for (std::size_t i = 0; i < a.records().size(); ++i) {
            QCOMPARE(a.records()[i].train.loss, b.records()[i].train.loss);
            QCOMPARE(a.records()[i].seconds, b.records()[i].seconds);
            QCOMPARE(a.records()[i].validation.has_value(), b.records()[i].validation.has_value());
        }
        QCOMPARE(a.history().size(), b.history().size());
        for (std::size_t i = 0; i < a.history().size(); ++i) {
            QCOMPARE(a.history().checkpoints()[i]->step, b.history().checkpoints()[i]->step);
            QVERIFY(a.history().checkpoints()[i]->weights == b.history().checkpoints()[i]->weights);
        }
        QCOMPARE(a.history().states().size(), b.history().states().size());
        for (std::size_t i = 0; i < a.history().states().size(); ++i) {
            QCOMPARE(a.history().states()[i]->step, b.history().states()[i]->step);
            QVERIFY(a.history().states()[i]->secondMoment == b.history().states()[i]->secondMoment);
        }
        QCOMPARE(a.history().bestStep(), b.history().bestStep());
    }

private slots:
    void aSavedSessionReopensWithItsPast() {
        Desk desk;
        desk.openSmall();
        desk.session.run()->train();
        QTRY_COMPARE(desk.session.run()->state(), Run::State::finished);
        Run* before = desk.session.run();
        before->pin(before->history().atOrBefore(7), QStringLiteral("seven"));
        desk.chosenPath = desk.file(QStringLiteral("small.session.safetensors"));
        QSignalSpy saved(&desk.session, &Session::saved);
        QVERIFY(desk.session.saveSession());
        QTRY_COMPARE(saved.size(), 1);

        Desk other;
        QVERIFY(other.session.openFile(desk.chosenPath));
        Run* run = other.session.run();
        QCOMPARE(run->step(), 20);
        QCOMPARE(run->records().size(), std::size_t{20});
        QCOMPARE(run->records()[11].train.loss, before->records()[11].train.loss);
        QCOMPARE(run->history().size(), before->history().size());
        QCOMPARE(run->history().bestStep(), before->history().bestStep());
        QCOMPARE(run->history().pins().at(7), std::string("seven"));
        QVERIFY(run->history().atOrBefore(7)->weights == before->history().atOrBefore(7)->weights);
        QVERIFY(!other.session.isModified());
    }

    void theBestStepIsSavedAsAStateOfItsOwn() {
        Desk desk;
        desk.openSmall();
        QSignalSpy saved(&desk.session, &Session::saved), failed(&desk.session, &Session::failed);
        QVERIFY(!desk.session.saveBest());  // nothing was validated
        QCOMPARE(failed.size(), 1);
        Run* run = desk.session.run();
        run->train();
        QTRY_COMPARE(run->state(), Run::State::finished);
        desk.chosenPath = desk.file(QStringLiteral("best.safetensors"));
        QVERIFY(desk.session.saveBest());
        QTRY_COMPARE(saved.size(), 1);
        QVERIFY(desk.session.path() != desk.chosenPath);  // the document stays what it is
        const std::int64_t best = *run->history().bestStep();
        Desk other;
        QVERIFY(other.session.openFile(desk.chosenPath));
        QCOMPARE(other.session.run()->step(), best);
        QVERIFY(other.session.run()->latest()->weights == run->history().atOrBefore(best)->weights);
        QCOMPARE(other.session.run()->bestUpTo(best), run->bestUpTo(best));
    }

    void aBestStepThatNoLongerComesIsSaid() {
        Desk desk;
        desk.openSmall();
        Run* run = desk.session.run();
        run->train();
        QTRY_COMPARE(run->state(), Run::State::finished);
        QSignalSpy saved(&desk.session, &Session::saved), failed(&desk.session, &Session::failed);
        desk.chosenPath = desk.file(QStringLiteral("best.safetensors"));
        QVERIFY(desk.session.saveBest());
        run->reset();
        QTRY_COMPARE(failed.size() + saved.size(), 1);  // in one of the two ways
        QCOMPARE(QFile::exists(desk.chosenPath), saved.size() == 1);
    }

    /// A state is one whatever its file is called, and is saved as one.
    void opensAStateByItsContent() {
        Desk desk;
        desk.openSmall();
        desk.trainOneStep();
        const QString state = desk.file(QStringLiteral("state.safetensors"));
        QSignalSpy saved(&desk.session, &Session::saved);
        QVERIFY(desk.session.saveTo(state));
        QTRY_COMPARE(saved.size(), 1);
        for (const char* name : {"state", "state.bin", "state.json", "state.txt"}) {
            Desk other;
            const QString copy = other.file(QLatin1String(name));
            QVERIFY(QFile::copy(state, copy));
            QVERIFY2(other.session.openFile(copy), name);
            QCOMPARE(other.session.run()->step(), 1);
            QCOMPARE(other.session.path(), QFileInfo(copy).absoluteFilePath());
            QVERIFY(other.session.saves() == Session::Saves::run);
            other.trainOneStep();
            QVERIFY(other.session.isModified());
            QSignalSpy written(&other.session, &Session::saved);
            QVERIFY(other.session.save());
            QTRY_COMPARE(written.size(), 1);
            Desk again;
            QVERIFY(again.session.openFile(copy));
            QCOMPARE(again.session.run()->step(), 2);
        }
    }

    void opensAPreset() {
        Desk desk;
        QVERIFY(desk.session.openPreset("reverse"));
        QCOMPARE(desk.session.title(), QStringLiteral("Reverse"));
        QCOMPARE(desk.session.presetName(), std::string("reverse"));
        QVERIFY(desk.session.run());
        QVERIFY(!desk.session.isModified());
        QVERIFY(!desk.session.experiment().model.vocab_size);  // derived values stay absent
    }

    void asksBeforeChangesAreLost() {
        Desk desk;
        QVERIFY(desk.session.openPreset("reverse"));
        QSignalSpy modified(&desk.session, &Session::modifiedChanged);
        desk.editSteps(77);
        QVERIFY(desk.session.isModified());
        QCOMPARE(modified.count(), 1);

        const Run* run = desk.session.run();
        QVERIFY(!desk.session.newExperiment());
        QVERIFY(!desk.session.mayClose());
        QCOMPARE(desk.questions, 2);
        QCOMPARE(desk.session.run(), run);
        QCOMPARE(desk.session.draft().training.steps, 77);

        desk.answer = SessionHost::Answer::discard;
        QVERIFY(desk.session.newExperiment());
        QVERIFY(!desk.session.isModified());
        QVERIFY(desk.session.mayClose());
        QCOMPARE(desk.questions, 3);
    }

    void aTrainedRunStaysAndIsBroughtBack() {
        Desk desk;
        desk.openSmall();
        desk.trainOneStep();
        Run* small = desk.session.run();
        small->setPace(1);
        small->train();
        const QString path = desk.session.path();
        QVERIFY(!desk.session.canBringBack());
        QVERIFY(desk.session.openPreset("swap"));
        QVERIFY(desk.session.openPreset("reverse"));  // that of swap was not trained: it is no loss
        QCOMPARE(desk.workspace.runs().size(), std::size_t{2});
        QCOMPARE(desk.workspace.runs().front(), small);
        QTRY_COMPARE(small->state(), Run::State::paused);
        QCOMPARE(desk.questions, 0);
        QCOMPARE(desk.session.presetName(), std::string("reverse"));

        QVERIFY(desk.session.bringBack());
        QCOMPARE(desk.session.run(), small);
        QCOMPARE(desk.focus.run(), small);
        QCOMPARE(desk.session.path(), path);
        QVERIFY(desk.session.presetName().empty());
        QCOMPARE(desk.session.baseline().task.seq_len, 4);
        QVERIFY(!desk.session.isModified());
        QCOMPARE(desk.workspace.runs().size(), std::size_t{1});
        QVERIFY(!desk.session.canBringBack());
        QVERIFY(!desk.session.bringBack());

        QVERIFY(desk.session.newExperiment());
        QVERIFY(desk.workspace.runs().front() == small && desk.session.run() != small);
        QVERIFY(desk.session.openFile(path));
        QCOMPARE(desk.workspace.runs().size(), std::size_t{2});
    }

    void aTrainedRunThatIsResetStaysAndIsBroughtBack() {
        Desk desk;
        desk.openSmall();
        Run* small = desk.session.run();
        const CheckpointPtr beginning = small->latest();
        desk.session.reset();
        QCOMPARE(desk.session.run(), small);  // nothing was trained: nothing is to be kept
        desk.trainOneStep();
        desk.editSteps(77);
        Input own = desk.focus.input();
        std::ranges::reverse(own.tokens);
        own.targets.clear();
        desk.focus.setInput(own);
        small->setPace(3);

        desk.session.reset();
        Run* again = desk.session.run();
        QVERIFY(again != small && desk.focus.run() == again);
        QCOMPARE(again->step(), 0);
        QVERIFY(again->latest()->weights == beginning->weights);
        QCOMPARE(again->pace(), 3.0);
        QCOMPARE(desk.focus.input().tokens, own.tokens);
        QCOMPARE(desk.session.draft().training.steps, 77);
        QCOMPARE(desk.session.experiment().training.steps, 20);
        QCOMPARE(small->step(), 1);
        desk.editSteps(20);
        QVERIFY(desk.session.bringBack());
        QCOMPARE(desk.session.run(), small);
        QCOMPARE(desk.session.draft().training.steps, 77);
        QCOMPARE(desk.workspace.runs().size(), std::size_t{1});
    }

    void aBranchIsResetToWhereItBegan() {
        Desk desk;
        desk.openSmall();
        desk.trainOneStep();
        const Run* parent = desk.session.run();
        desk.session.continueFrom(1);
        QTRY_VERIFY(desk.session.run() != parent && desk.session.run()->state() == Run::State::finished);
        desk.session.reset();
        QCOMPARE(desk.session.run()->step(), 1);
        QVERIFY(desk.session.run()->origin() == (RunOrigin{parent->name(), 1}));
        QCOMPARE(desk.workspace.runs().size(), std::size_t{3});
    }

    void theOldestRunsThatWereLeftMakeRoom() {
        Desk desk;
        desk.workspace.setHistoryBudget(std::size_t{3 * 16} << 20);
        QSignalSpy madeRoom(&desk.session, &Session::madeRoom);
        desk.openSmall();
        const QPointer<Run> first = desk.session.run();
        for (int left = 1; left <= 4; ++left) {
            desk.trainOneStep();
            const Run* trained = desk.session.run();
            desk.session.reset();
            QVERIFY(std::ranges::find(desk.workspace.runs(), trained) != desk.workspace.runs().end());
            QCOMPARE(madeRoom.size(), left > 3 ? 1 : 0);
        }
        QCOMPARE(desk.workspace.runs().size(), std::size_t{4});
        QTRY_VERIFY(!first);
        QVERIFY(madeRoom.front()[0].toString().contains(QStringLiteral("Small at step 1")));
        QVERIFY(madeRoom.front()[1].toString().contains(QStringLiteral("up to 3 of them")));
    }

    void aDraftStaysWithItsRun() {
        Desk desk;
        desk.openSmall();
        Run* small = desk.session.run();
        Run* beside = desk.session.addBeside({desk.session.experiment()}).front();
        desk.editSteps(77);
        desk.focus.setRun(beside);
        QCOMPARE(desk.session.draft().training.steps, 20);
        desk.focus.setRun(small);
        QCOMPARE(desk.session.draft().training.steps, 77);
        QVERIFY(desk.session.isModified());
    }

    void nobodyIsAskedForAFileThatCannotBeRead() {
        Desk desk;
        QVERIFY(desk.session.openPreset("reverse"));
        desk.editSteps(77);
        desk.answer = SessionHost::Answer::discard;
        QSignalSpy failed(&desk.session, &Session::failed);
        desk.write(QStringLiteral("x.json"), "{ ");
        desk.write(QStringLiteral("x.safetensors"), "abc");
        for (const char* name : {"x.json", "x.safetensors", "none.json"}) QVERIFY(!desk.session.openFile(desk.file(QLatin1String(name))));
        QVERIFY(!desk.session.openPreset("none"));
        QVERIFY(!desk.session.restoreSession(desk.file(QStringLiteral("x.safetensors"))));
        QCOMPARE(failed.count(), 5);
        QCOMPARE(desk.questions, 0);
        QCOMPARE(desk.session.draft().training.steps, 77);
    }

    void whatIsSavedIsWhatCountsAsChanged() {
        Desk desk;
        desk.openSmall();
        QCOMPARE(desk.session.saves(), Session::Saves::settings);
        desk.trainOneStep();
        QVERIFY(!desk.session.isModified());  // the settings are in the file
        QSignalSpy saved(&desk.session, &Session::saved);
        QVERIFY(desk.session.saveTo(desk.file(QStringLiteral("run.safetensors"))));
        QTRY_COMPARE(saved.count(), 1);
        QCOMPARE(desk.session.saves(), Session::Saves::run);
        Run* beside = desk.session.addBeside({desk.session.experiment()}).front();
        QVERIFY(!desk.session.isModified());  // the run is in the file
        desk.chosenPath = desk.file(QStringLiteral("all.session.safetensors"));
        QVERIFY(desk.session.saveSession());
        QTRY_COMPARE(saved.count(), 2);
        QCOMPARE(desk.session.saves(), Session::Saves::session);
        QVERIFY(!desk.session.isModified());
        beside->stepOnce();
        QTRY_COMPARE(beside->step(), 1);
        QVERIFY(desk.session.isModified());  // a step of another run is not in the file
        QVERIFY(desk.session.save());
        QTRY_COMPARE(saved.count(), 3);
        QVERIFY(!desk.session.isModified());
        QSignalSpy modified(&desk.session, &Session::modifiedChanged);
        desk.session.addBeside({desk.session.experiment()});
        QVERIFY(desk.session.isModified());
        QCOMPARE(modified.count(), 1);
    }

    void savesWhenTheAnswerIsSave() {
        Desk desk;
        QVERIFY(desk.session.openPreset("reverse"));
        desk.editSteps(77);
        desk.answer = SessionHost::Answer::save;
        QVERIFY(!desk.session.mayClose());  // no path was chosen
        desk.chosenPath = desk.file(QStringLiteral("mine.json"));
        QVERIFY(desk.session.mayClose());
        QCOMPARE(loadExperiment(desk.chosenPath.toStdString()).training.steps, 77);
        QVERIFY(!desk.session.isModified());
        QVERIFY(desk.session.hasDraftChanges());  // the run is what it was
    }

    void anExperimentSurvivesSavingAndOpening() {
        Desk desk;
        QVERIFY(desk.session.openPreset("reverse"));
        desk.editSteps(123);
        const Experiment edited = desk.session.draft();
        QVERIFY(desk.session.saveTo(desk.file(QStringLiteral("a.json"))));
        QCOMPARE(desk.session.title(), QStringLiteral("a.json"));
        QVERIFY(desk.session.newExperiment());
        QVERIFY(desk.session.openFile(desk.file(QStringLiteral("a.json"))));
        QVERIFY(differences(desk.session.experiment(), edited).empty());
        desk.editSteps(124);
        QVERIFY(desk.session.save());  // to the same file, without asking where
        QCOMPARE(loadExperiment(desk.file(QStringLiteral("a.json")).toStdString()).training.steps, 124);
    }

    void aMalformedFileIsExplainedAndNothingIsLost_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("no JSON") << QStringLiteral("x.json") << QByteArray("{ \"format\": ") << QStringLiteral("x.json");
        QTest::newRow("unknown key") << QStringLiteral("x.json")
                                     << QByteArray(R"({"format": "attention-lab/experiment", "version": 1, "model": {"heads": 3}})")
                                     << QStringLiteral("model.heads");
        QTest::newRow("impossible") << QStringLiteral("x.json")
                                    << QByteArray(R"({"format": "attention-lab/experiment", "version": 1, "model": {"num_heads": 3}})")
                                    << QStringLiteral("model.num_heads");
        QTest::newRow("no checkpoint") << QStringLiteral("x.safetensors") << QByteArray("abc") << QStringLiteral("x.safetensors");
        QTest::newRow("bad pairs") << QStringLiteral("x.tsv") << QByteArray("1 2 3\n") << QStringLiteral("x.tsv");
    }
    void aMalformedFileIsExplainedAndNothingIsLost() {
        QFETCH(QString, name);
        QFETCH(QByteArray, text);
        QFETCH(QString, sentence);
        Desk desk;
        QVERIFY(desk.session.openPreset("reverse"));
        const Run* run = desk.session.run();
        QSignalSpy failed(&desk.session, &Session::failed);
        QSignalSpy changed(&desk.session, &Session::documentChanged);
        desk.write(name, text);
        QVERIFY(!desk.session.openFile(desk.file(name)));
        QCOMPARE(failed.count(), 1);
        QVERIFY2(failed[0][1].toString().contains(sentence), qPrintable(failed[0][1].toString()));
        QCOMPARE(changed.count(), 0);
        QCOMPARE(desk.session.run(), run);
        QCOMPARE(desk.session.title(), QStringLiteral("Reverse"));
    }

    void aMissingFileIsExplained() {
        Desk desk;
        QSignalSpy failed(&desk.session, &Session::failed);
        QVERIFY(!desk.session.openFile(desk.file(QStringLiteral("none.json"))));
        QCOMPARE(failed.count(), 1);
    }

    void aDraftBecomesAnotherRun() {
        Desk desk;
        QVERIFY(desk.session.openPreset("reverse"));
        desk.editSteps(50);
        QVERIFY(desk.session.hasDraftChanges());
        QCOMPARE(desk.session.run()->experiment().training.steps, 3900);
        Run* run = desk.session.startNewRun();
        QVERIFY(run);
        QCOMPARE(run->experiment().training.steps, 50);
        QVERIFY(!desk.session.hasDraftChanges());
        QVERIFY(desk.session.isModified());  // in no file yet
        QCOMPARE(desk.session.baseline().training.steps, 3900);
    }

    void aRunTooLargeForTheMemoryIsRefusedBeforeItIsMade() {
        Desk desk;
        QVERIFY(desk.session.openPreset("reverse"));
        Run* before = desk.session.run();
        Experiment draft = desk.session.draft();
        draft.model.d_model = 16384;
        draft.model.d_ff = 65536;
        draft.model.num_layers = 256;
        desk.session.setDraft(draft);
        QSignalSpy failed(&desk.session, &Session::failed);
        QVERIFY(!desk.session.startNewRun());
        QCOMPARE(failed.size(), 1);
        QVERIFY2(failed[0][1].toString().contains(QStringLiteral("of memory, but this computer has")), qPrintable(failed[0][1].toString()));
        QCOMPARE(desk.session.run(), before);
    }

    /// One file holds all that a run needs, also the person's own pairs.
    void aSessionOfPairsOpensWhereTheirFileIsNot() {
        Desk desk;
        QByteArray lines;
        for (int i = 0; i < 40; ++i) lines += "the cat sat\tle chat assis\na dog ran\tun chien court\n";
        desk.write(QStringLiteral("pairs.tsv"), lines);
        QVERIFY(desk.session.openFile(desk.file(QStringLiteral("pairs.tsv"))));
        desk.editSteps(6);
        QVERIFY(desk.session.startNewRun());
        Run* run = desk.session.run();
        desk.trainOneStep();
        desk.trainOneStep();
        desk.chosenPath = desk.file(QStringLiteral("words.session.safetensors"));
        QSignalSpy saved(&desk.session, &Session::saved);
        QVERIFY(desk.session.saveSession());
        QTRY_COMPARE(saved.size(), 1);
        run->train();
        QTRY_COMPARE(run->state(), Run::State::finished);

        Desk other;
        QVERIFY(QFile::copy(desk.chosenPath, other.file(QStringLiteral("moved.safetensors"))));
        QVERIFY(other.session.openFile(other.file(QStringLiteral("moved.safetensors"))));
        Run* again = other.session.run();
        QCOMPARE(again->dataset()->tokenizer().kept() == run->dataset()->tokenizer().kept(), true);
        QCOMPARE(again->dataset()->trainSize(), run->dataset()->trainSize());
        QCOMPARE(again->step(), 2);
        again->train();
        QTRY_COMPARE(again->state(), Run::State::finished);
        QVERIFY(again->latest()->weights == run->latest()->weights);
    }

    /// It can be looked at all the same.
    void otherDataUnderTheSameNameAreSaid() {
        Desk desk;
        QByteArray lines;
        for (int i = 0; i < 40; ++i) lines += "1 2 3\t3 2 1\n";
        desk.write(QStringLiteral("pairs.tsv"), lines);
        QVERIFY(desk.session.openFile(desk.file(QStringLiteral("pairs.tsv"))));
        desk.trainOneStep();
        QSignalSpy saved(&desk.session, &Session::saved), failed(&desk.session, &Session::failed);
        const QString file = desk.file(QStringLiteral("run.safetensors"));
        QVERIFY(desk.session.saveTo(file));
        QTRY_COMPARE(saved.count(), 1);
        QVERIFY(desk.session.openFile(file));
        QVERIFY(failed.isEmpty());
        desk.write(QStringLiteral("pairs.tsv"), lines + "1 2 2\t2 2 1\n");
        QVERIFY(desk.session.openFile(file));
        QCOMPARE(failed.count(), 1);
        QVERIFY2(failed[0][1].toString().contains(QStringLiteral("40 lines then, 41 now")), qPrintable(failed[0][1].toString()));
        QCOMPARE(desk.session.run()->step(), 1);
    }

    void aCheckpointContinuesWhereItWasSaved() {
        Desk desk;
        desk.openSmall();
        desk.trainOneStep();
        desk.trainOneStep();
        QSignalSpy saved(&desk.session, &Session::saved);
        const QString file = desk.file(QStringLiteral("run.safetensors"));
        QVERIFY(desk.session.saveTo(file));
        QTRY_COMPARE(saved.count(), 1);
        QVERIFY(!desk.session.isModified());
        const CheckpointFile checkpoint = readCheckpoint(file.toStdString());
        QCOMPARE(checkpoint.step, std::optional<std::int64_t>(2));

        QVERIFY(desk.session.openPreset("reverse"));
        QVERIFY(desk.session.openFile(file));
        QCOMPARE(desk.session.run()->step(), std::int64_t{2});
        QVERIFY(!desk.session.experiment().model.num_kv_heads);  // editable: derived values are absent again
        QVERIFY(!desk.session.isModified());
        desk.trainOneStep();
        QVERIFY(desk.session.isModified());
    }

    /// Some 13 MB.
    static void saveLarge(const Desk& desk) {
        Experiment large;
        large.name = "Large";
        large.task.seq_len = 4;
        large.model.d_model = 8;
        large.model.num_layers = 1;
        large.model.vocab_size = 400'000;
        large = resolved(large);
        const Model model(large.model);
        writeCheckpoint(desk.file(QStringLiteral("large.safetensors")).toStdString(), large, {}, model.layout(),
                        initialWeights(model, large.training.seed));
    }

    void aLargeFileIsReadBesideTheWindow() {
        Desk desk;
        saveLarge(desk);
        desk.openSmall();
        QSignalSpy opened(&desk.session, &Session::opened);
        QVERIFY(!desk.session.openFile(desk.file(QStringLiteral("large.safetensors"))));
        QCOMPARE(desk.session.experiment().name, std::string("Small"));  // until it is there
        QCOMPARE(desk.workspace.jobs().active(), 1);
        const JobPtr job = desk.workspace.jobs().list().back();
        QTRY_COMPARE(opened.size(), 1);
        QCOMPARE(job->total(), 100);  // it was told how far it is
        QCOMPARE(desk.session.experiment().name, std::string("Large"));
        QCOMPARE(desk.session.title(), QStringLiteral("large.safetensors"));
    }

    /// It claims more data than any memory holds: told by its header.
    void aLargeFileOfAnotherProgramCostsNothing() {
        Desk desk;
        desk.openSmall();
        const qint64 bytes = qint64{1} << 38;
        const QByteArray header =
            QStringLiteral(R"({"x": {"dtype": "F32", "shape": [%1], "data_offsets": [0, %2]}})").arg(bytes / 4).arg(bytes).toUtf8();
        desk.write(QStringLiteral("foreign.safetensors"), QByteArray(1, static_cast<char>(header.size())) + QByteArray(7, '\0') + header);
        QFile file(desk.file(QStringLiteral("foreign.safetensors")));
        QVERIFY(file.resize(8 + header.size() + bytes));
        QSignalSpy failed(&desk.session, &Session::failed);
        QVERIFY(!desk.session.openFile(file.fileName()));
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY2(failed[0][1].toString().contains(QStringLiteral("is no checkpoint of this program")), qPrintable(failed[0][1].toString()));
        QCOMPARE(desk.session.experiment().name, std::string("Small"));
    }

    void whoOpensAnotherOneOrCancelsKeepsThat() {
        Desk desk;
        saveLarge(desk);
        desk.openSmall();
        QSignalSpy opened(&desk.session, &Session::opened), failed(&desk.session, &Session::failed);
        const QString file = desk.file(QStringLiteral("large.safetensors"));
        desk.session.openFile(file);
        QVERIFY(desk.session.openPreset("copy"));
        desk.session.openFile(file);
        desk.workspace.jobs().list().back()->cancel();
        QFile broken(file);
        QVERIFY(broken.resize(broken.size() - 1));
        desk.session.openFile(file);  // comes behind the others
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY2(failed[0][0].toString().contains(QStringLiteral("large.safetensors cannot be opened")),
                 qPrintable(failed[0][0].toString()));
        QVERIFY(opened.isEmpty());
        QCOMPARE(desk.session.presetName(), std::string("copy"));
    }

    void closingWaitsForACheckpointToBeSaved() {
        Desk desk;
        desk.openSmall();
        const QString file = desk.file(QStringLiteral("run.safetensors"));
        QSignalSpy saved(&desk.session, &Session::saved);
        QVERIFY(desk.session.saveTo(file));
        QTRY_COMPARE(saved.count(), 1);
        desk.trainOneStep();
        QSignalSpy ready(&desk.session, &Session::readyToClose);
        desk.answer = SessionHost::Answer::save;
        QVERIFY(!desk.session.mayClose());
        QTRY_COMPARE(ready.count(), 1);
        QVERIFY(desk.session.mayClose());
        QCOMPARE(desk.questions, 1);
        QCOMPARE(readCheckpoint(file.toStdString()).step, std::optional<std::int64_t>(1));
    }

    void aPairsFileMakesAnExperimentAndItsPathMovesAlong() {
        Desk desk;
        QByteArray lines;
        for (int i = 0; i < 40; ++i) lines += "1 2 3\t3 2 1\n";
        desk.write(QStringLiteral("pairs.tsv"), lines);
        QVERIFY(desk.session.openFile(desk.file(QStringLiteral("pairs.tsv"))));
        QVERIFY(desk.session.experiment().task.kind == "pairs");
        QVERIFY(QDir(desk.folder.path()).mkdir(QStringLiteral("below")));
        const QString file = desk.file(QStringLiteral("below/mine.json"));
        QVERIFY(desk.session.saveTo(file));
        QCOMPARE(loadExperiment(file.toStdString()).task.path, std::string("../pairs.tsv"));
        QVERIFY(desk.session.startNewRun());
    }

    void aSessionIsThereAtTheNextStart() {
        Desk desk;
        desk.openSmall();
        desk.trainOneStep();
        desk.editSteps(33);
        const QString session = desk.file(QStringLiteral("session.safetensors"));
        {
            SessionKeeper& keeper = desk.session.keepIn(session);
            QVERIFY(!keeper.last());
            desk.workspace.stop();
            QCOMPARE(keeper.saveAtEnd(), QString());
            desk.session.keepIn(desk.file(QStringLiteral("another.safetensors")));  // lets go of the first
        }
        Desk next;
        SessionKeeper& keeper = next.session.keepIn(session);
        QCOMPARE(keeper.last()->step, 1);
        QVERIFY(keeper.restoreLast());
        QCOMPARE(next.session.run()->step(), std::int64_t{1});
        QCOMPARE(next.session.path(), desk.session.path());
        QVERIFY(differences(next.session.experiment(), desk.session.experiment()).empty());
        QCOMPARE(next.session.draft().training.steps, 33);
        QSignalSpy failed(&next.session, &Session::failed);
        next.answer = SessionHost::Answer::discard;
        QVERIFY(!next.session.restoreSession(desk.file(QStringLiteral("small.json"))));
        QCOMPARE(failed.size(), 1);
        QCOMPARE(next.session.run()->step(), std::int64_t{1});
    }

    void ownInputIsKeptBesideABranch() {
        Desk desk;
        desk.openSmall();
        Run* parent = desk.session.run();
        parent->train();
        QTRY_COMPARE(parent->state(), Run::State::finished);
        Input own;
        own.tokens = {1, 0, 1, 1};
        desk.focus.setInput(own);
        desk.session.continueFrom(7);
        QTRY_VERIFY(desk.session.run() != parent);
        QCOMPARE(desk.focus.run(), desk.session.run());
        QCOMPARE(desk.focus.sampleIndex(), -1);
        QCOMPARE(desk.focus.input().tokens, own.tokens);
    }

    /// Parent and branch with every bit that they had, also on a machine that knows nothing of the files they came from.
    void allRunsOfASessionComeBackBitForBit() {
        Desk desk;
        desk.openSmall();
        Run* parent = desk.session.run();
        parent->train();
        QTRY_COMPARE(parent->state(), Run::State::finished);
        parent->pin(parent->history().atOrBefore(13), QStringLiteral("thirteen"));
        desk.session.continueFrom(7);
        QTRY_VERIFY(desk.session.run() != parent);
        Run* branch = desk.session.run();
        QCOMPARE(desk.focus.run(), branch);
        QTRY_COMPARE(branch->state(), Run::State::finished);
        branch->setName(QStringLiteral("the branch"));
        branch->setSeries(4);
        desk.chosenPath = desk.file(QStringLiteral("both.session.safetensors"));
        QSignalSpy saved(&desk.session, &Session::saved);
        QVERIFY(desk.session.saveSession());
        QTRY_COMPARE(saved.size(), 1);
        QVERIFY(!desk.session.isModified());

        Desk other;
        const QString moved = other.file(QStringLiteral("moved.safetensors"));
        QVERIFY(QFile::copy(desk.chosenPath, moved));
        QVERIFY(QFile::remove(desk.file(QStringLiteral("small.json"))));
        QVERIFY(other.session.openFile(moved));
        QVERIFY(!other.session.isModified());
        const std::vector<Run*> runs = other.workspace.runs();
        QCOMPARE(runs.size(), std::size_t{2});
        QCOMPARE(other.session.run(), runs[1]);
        QCOMPARE(runs[1]->name(), QStringLiteral("the branch"));
        QCOMPARE(runs[1]->origin(), std::optional(RunOrigin{parent->name(), 7}));
        QCOMPARE(runs[1]->series(), 4);
        QCOMPARE(runs[0]->series(), parent->series());
        QCOMPARE(runs[0]->state(), Run::State::finished);
        const std::vector<Run*> before = {parent, branch};
        for (std::size_t i = 0; i < runs.size(); ++i) compareRuns(*before[i], *runs[i]);
        QCOMPARE(runs[0]->history().pins().at(13), std::string("thirteen"));

        // The branch still begins where it left its parent, and goes on to what the parent became.
        QVERIFY(runs[1]->latest()->weights == parent->latest()->weights);
        runs[1]->reset();
        QCOMPARE(runs[1]->step(), 7);
        QVERIFY(runs[1]->latest()->weights == parent->history().atOrBefore(7)->weights);
        runs[1]->train();
        QTRY_COMPARE(runs[1]->state(), Run::State::finished);
        QVERIFY(runs[1]->latest()->weights == parent->latest()->weights);
    }
};

QTEST_GUILESS_MAIN(SessionTest)
#include "session_test.moc"
