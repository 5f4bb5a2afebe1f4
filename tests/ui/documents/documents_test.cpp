#include "ui/documents/documents.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/config/experiment_json.h"
#include "core/config/visitor.h"
#include "core/data/loaded_task.h"
#include "core/io/checkpoint.h"
#include "core/io/experiment_file.h"
#include "ui/documents/session_keeper.h"
#include "ui/runs/focus.h"
#include "ui/runs/workspace.h"

using namespace lab;

namespace {

/// A workspace of one run, as the window has it, and the answers a person would give.
class Desk {
public:
    Desk()
        : documents([this](const LoadedTask& task, std::optional<TrainingState> start) {
              const std::vector<Run*> before = workspace.runs();
              Run* run = workspace.add(task, std::move(start));
              for (Run* other : before) workspace.remove(other);
              return run;
          }) {
        documents.setSessionStarter([this](std::vector<RunToRestore> ready, std::size_t) {
            for (Run* other : std::vector<Run*>(workspace.runs())) workspace.remove(other);
            std::vector<Run*> runs;
            for (RunToRestore& run : ready) runs.push_back(restore(workspace, std::move(run)));
            return runs;
        });
        documents.setBranchStarter([this](const LoadedTask& task, TrainingState start, const RunOrigin& origin) {
            return workspace.addBranch(task, std::move(start), origin);
        });
        documents.setQuestion([this](const QString&) {
            ++questions;
            return answer;
        });
        documents.setPathChooser([this](const QString&) { return chosenPath; });
    }

    QString file(const QString& name) const { return folder.filePath(name); }
    void write(const QString& name, const QByteArray& text) const {
        QFile out(file(name));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(text);
    }
    void editSteps(int steps) {
        Experiment draft = documents.draft();
        draft.training.steps = steps;
        documents.setDraft(draft);
    }
    /// Small enough to train in no time.
    void openSmall() {
        Experiment small;
        small.name = "Small";
        small.task.seq_len = 4;
        small.task.train_size = 64;
        small.task.validation_size = 8;
        small.model.d_model = 8;
        small.model.num_layers = 1;
        small.training.steps = 20;
        small.training.batch_size = 8;
        saveExperiment(file(QStringLiteral("small.json")).toStdString(), small);
        QVERIFY(documents.openFile(file(QStringLiteral("small.json"))));
    }
    void trainOneStep() {
        const auto before = documents.run()->step();
        documents.run()->stepOnce();
        QTRY_COMPARE(documents.run()->step(), before + 1);
    }

    QTemporaryDir folder;
    Workspace workspace;
    Documents::Answer answer = Documents::Answer::cancel;
    int questions = 0;
    QString chosenPath;
    Documents documents;
};

}  // namespace

class DocumentsTest : public QObject {
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
        desk.documents.run()->train();
        QTRY_COMPARE(desk.documents.run()->state(), Run::State::finished);
        Run* before = desk.documents.run();
        before->pin(before->history().atOrBefore(7), QStringLiteral("seven"));
        desk.chosenPath = desk.file(QStringLiteral("small.session.safetensors"));
        QSignalSpy saved(&desk.documents, &Documents::saved);
        QVERIFY(desk.documents.saveSession());
        QTRY_COMPARE(saved.size(), 1);

        Desk other;
        QVERIFY(other.documents.openFile(desk.chosenPath));
        Run* run = other.documents.run();
        QCOMPARE(run->step(), 20);
        QCOMPARE(run->records().size(), std::size_t{20});
        QCOMPARE(run->records()[11].train.loss, before->records()[11].train.loss);
        QCOMPARE(run->history().size(), before->history().size());
        QCOMPARE(run->history().bestStep(), before->history().bestStep());
        QCOMPARE(run->history().pins().at(7), std::string("seven"));
        QVERIFY(run->history().atOrBefore(7)->weights == before->history().atOrBefore(7)->weights);
        QVERIFY(!other.documents.isModified());
    }

    void opensAPreset() {
        Desk desk;
        QVERIFY(desk.documents.openPreset("reverse"));
        QCOMPARE(desk.documents.title(), QStringLiteral("Reverse"));
        QCOMPARE(desk.documents.presetName(), std::string("reverse"));
        QVERIFY(desk.documents.run());
        QVERIFY(!desk.documents.isModified());
        QVERIFY(!desk.documents.experiment().model.vocab_size);  // derived values stay absent
    }

    void asksBeforeChangesAreLost() {
        Desk desk;
        QVERIFY(desk.documents.openPreset("reverse"));
        QSignalSpy modified(&desk.documents, &Documents::modifiedChanged);
        desk.editSteps(77);
        QVERIFY(desk.documents.isModified());
        QCOMPARE(modified.count(), 1);

        const Run* run = desk.documents.run();
        QVERIFY(!desk.documents.newExperiment());
        QVERIFY(!desk.documents.mayClose());
        QCOMPARE(desk.questions, 2);
        QCOMPARE(desk.documents.run(), run);
        QCOMPARE(desk.documents.draft().training.steps, 77);

        desk.answer = Documents::Answer::discard;
        QVERIFY(desk.documents.newExperiment());
        QVERIFY(!desk.documents.isModified());
        QVERIFY(desk.documents.mayClose());
        QCOMPARE(desk.questions, 3);
    }

    void savesWhenTheAnswerIsSave() {
        Desk desk;
        QVERIFY(desk.documents.openPreset("reverse"));
        desk.editSteps(77);
        desk.answer = Documents::Answer::save;
        QVERIFY(!desk.documents.mayClose());  // no path was chosen
        desk.chosenPath = desk.file(QStringLiteral("mine.json"));
        QVERIFY(desk.documents.mayClose());
        QCOMPARE(loadExperiment(desk.chosenPath.toStdString()).training.steps, 77);
        QVERIFY(!desk.documents.isModified());
        QVERIFY(desk.documents.hasDraftChanges());  // the run is what it was
    }

    void anExperimentSurvivesSavingAndOpening() {
        Desk desk;
        QVERIFY(desk.documents.openPreset("reverse"));
        desk.editSteps(123);
        const Experiment edited = desk.documents.draft();
        QVERIFY(desk.documents.saveTo(desk.file(QStringLiteral("a.json"))));
        QCOMPARE(desk.documents.title(), QStringLiteral("a.json"));
        QVERIFY(desk.documents.newExperiment());
        QVERIFY(desk.documents.openFile(desk.file(QStringLiteral("a.json"))));
        QVERIFY(differences(desk.documents.experiment(), edited).empty());
        desk.editSteps(124);
        QVERIFY(desk.documents.save());  // to the same file, without asking where
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
        QVERIFY(desk.documents.openPreset("reverse"));
        const Run* run = desk.documents.run();
        QSignalSpy failed(&desk.documents, &Documents::failed);
        QSignalSpy changed(&desk.documents, &Documents::documentChanged);
        desk.write(name, text);
        QVERIFY(!desk.documents.openFile(desk.file(name)));
        QCOMPARE(failed.count(), 1);
        QVERIFY2(failed[0][1].toString().contains(sentence), qPrintable(failed[0][1].toString()));
        QCOMPARE(changed.count(), 0);
        QCOMPARE(desk.documents.run(), run);
        QCOMPARE(desk.documents.title(), QStringLiteral("Reverse"));
    }

    void aMissingFileIsExplained() {
        Desk desk;
        QSignalSpy failed(&desk.documents, &Documents::failed);
        QVERIFY(!desk.documents.openFile(desk.file(QStringLiteral("none.json"))));
        QCOMPARE(failed.count(), 1);
    }

    void aDraftBecomesAnotherRun() {
        Desk desk;
        QVERIFY(desk.documents.openPreset("reverse"));
        desk.editSteps(50);
        QVERIFY(desk.documents.hasDraftChanges());
        QCOMPARE(desk.documents.run()->experiment().training.steps, 3900);
        Run* run = desk.documents.startNewRun();
        QVERIFY(run);
        QCOMPARE(run->experiment().training.steps, 50);
        QVERIFY(!desk.documents.hasDraftChanges());
        QVERIFY(desk.documents.isModified());  // in no file yet
        QCOMPARE(desk.documents.baseline().training.steps, 3900);
    }

    void aRunTooLargeForTheMemoryIsRefusedBeforeItIsMade() {
        Desk desk;
        QVERIFY(desk.documents.openPreset("reverse"));
        Run* before = desk.documents.run();
        Experiment draft = desk.documents.draft();
        draft.model.d_model = 16384;
        draft.model.d_ff = 65536;
        draft.model.num_layers = 256;
        desk.documents.setDraft(draft);
        QSignalSpy failed(&desk.documents, &Documents::failed);
        QVERIFY(!desk.documents.startNewRun());
        QCOMPARE(failed.size(), 1);
        QVERIFY2(failed[0][1].toString().contains(QStringLiteral("of memory, but this computer has")), qPrintable(failed[0][1].toString()));
        QCOMPARE(desk.documents.run(), before);
    }

    /// One file holds all that a run needs, also the person's own pairs.
    void aSessionOfPairsOpensWhereTheirFileIsNot() {
        Desk desk;
        QByteArray lines;
        for (int i = 0; i < 40; ++i) lines += "the cat sat\tle chat assis\na dog ran\tun chien court\n";
        desk.write(QStringLiteral("pairs.tsv"), lines);
        QVERIFY(desk.documents.openFile(desk.file(QStringLiteral("pairs.tsv"))));
        desk.editSteps(6);
        QVERIFY(desk.documents.startNewRun());
        Run* run = desk.documents.run();
        desk.trainOneStep();
        desk.trainOneStep();
        desk.chosenPath = desk.file(QStringLiteral("words.session.safetensors"));
        QSignalSpy saved(&desk.documents, &Documents::saved);
        QVERIFY(desk.documents.saveSession());
        QTRY_COMPARE(saved.size(), 1);
        run->train();
        QTRY_COMPARE(run->state(), Run::State::finished);

        Desk other;
        QVERIFY(QFile::copy(desk.chosenPath, other.file(QStringLiteral("moved.safetensors"))));
        QVERIFY(other.documents.openFile(other.file(QStringLiteral("moved.safetensors"))));
        Run* again = other.documents.run();
        QCOMPARE(again->dataset()->tokenizer().words(), run->dataset()->tokenizer().words());
        QCOMPARE(again->dataset()->trainSize(), run->dataset()->trainSize());
        QCOMPARE(again->step(), 2);
        again->train();
        QTRY_COMPARE(again->state(), Run::State::finished);
        QVERIFY(again->latest()->weights == run->latest()->weights);
    }

    void aCheckpointContinuesWhereItWasSaved() {
        Desk desk;
        desk.openSmall();
        desk.trainOneStep();
        desk.trainOneStep();
        QSignalSpy saved(&desk.documents, &Documents::saved);
        const QString file = desk.file(QStringLiteral("run.safetensors"));
        QVERIFY(desk.documents.saveTo(file));
        QTRY_COMPARE(saved.count(), 1);
        QVERIFY(!desk.documents.isModified());
        const CheckpointFile checkpoint = readCheckpoint(file.toStdString());
        QCOMPARE(checkpoint.step, std::optional<std::int64_t>(2));

        QVERIFY(desk.documents.openPreset("reverse"));
        QVERIFY(desk.documents.openFile(file));
        QCOMPARE(desk.documents.run()->step(), std::int64_t{2});
        QVERIFY(!desk.documents.experiment().model.num_kv_heads);  // editable: derived values are absent again
        QVERIFY(!desk.documents.isModified());
        desk.trainOneStep();
        QVERIFY(desk.documents.isModified());
    }

    void closingWaitsForACheckpointToBeSaved() {
        Desk desk;
        desk.openSmall();
        const QString file = desk.file(QStringLiteral("run.safetensors"));
        QSignalSpy saved(&desk.documents, &Documents::saved);
        QVERIFY(desk.documents.saveTo(file));
        QTRY_COMPARE(saved.count(), 1);
        desk.trainOneStep();
        QSignalSpy ready(&desk.documents, &Documents::readyToClose);
        desk.answer = Documents::Answer::save;
        QVERIFY(!desk.documents.mayClose());
        QTRY_COMPARE(ready.count(), 1);
        QVERIFY(desk.documents.mayClose());
        QCOMPARE(desk.questions, 1);
        QCOMPARE(readCheckpoint(file.toStdString()).step, std::optional<std::int64_t>(1));
    }

    void aPairsFileMakesAnExperimentAndItsPathMovesAlong() {
        Desk desk;
        QByteArray lines;
        for (int i = 0; i < 40; ++i) lines += "1 2 3\t3 2 1\n";
        desk.write(QStringLiteral("pairs.tsv"), lines);
        QVERIFY(desk.documents.openFile(desk.file(QStringLiteral("pairs.tsv"))));
        QVERIFY(desk.documents.experiment().task.kind == "pairs");
        QVERIFY(QDir(desk.folder.path()).mkdir(QStringLiteral("below")));
        const QString file = desk.file(QStringLiteral("below/mine.json"));
        QVERIFY(desk.documents.saveTo(file));
        QCOMPARE(loadExperiment(file.toStdString()).task.path, std::string("../pairs.tsv"));
        QVERIFY(desk.documents.startNewRun());
    }

    void aSessionIsThereAtTheNextStart() {
        Desk desk;
        desk.openSmall();
        desk.trainOneStep();
        desk.editSteps(33);
        const QString session = desk.file(QStringLiteral("session.safetensors"));
        {
            SessionKeeper keeper(desk.documents, desk.workspace, session);
            QVERIFY(!keeper.last());
            desk.workspace.stop();
            QCOMPARE(keeper.saveAtEnd(), QString());
        }
        Desk next;
        SessionKeeper keeper(next.documents, next.workspace, session);
        QCOMPARE(keeper.last()->step, 1);
        QVERIFY(keeper.restoreLast());
        QCOMPARE(next.documents.run()->step(), std::int64_t{1});
        QCOMPARE(next.documents.path(), desk.documents.path());
        QVERIFY(differences(next.documents.experiment(), desk.documents.experiment()).empty());
        QCOMPARE(next.documents.draft().training.steps, 33);
        QSignalSpy failed(&next.documents, &Documents::failed);
        next.answer = Documents::Answer::discard;
        QVERIFY(!next.documents.restoreSession(desk.file(QStringLiteral("small.json"))));
        QCOMPARE(failed.size(), 1);
        QCOMPARE(next.documents.run()->step(), std::int64_t{1});
    }

    /// Parent and branch with every bit that they had, also on a machine that knows nothing of the files they came from.
    void allRunsOfASessionComeBackBitForBit() {
        Desk desk;
        desk.openSmall();
        Run* parent = desk.documents.run();
        parent->train();
        QTRY_COMPARE(parent->state(), Run::State::finished);
        parent->pin(parent->history().atOrBefore(13), QStringLiteral("thirteen"));
        QSignalSpy branched(&desk.documents, &Documents::branchStarted);
        desk.documents.continueFrom(7);
        QTRY_COMPARE(branched.size(), 1);
        Run* branch = desk.documents.run();
        branch->setName(QStringLiteral("the branch"));
        branch->setSeries(4);
        desk.trainOneStep();
        desk.trainOneStep();
        desk.chosenPath = desk.file(QStringLiteral("both.session.safetensors"));
        QSignalSpy saved(&desk.documents, &Documents::saved);
        QVERIFY(desk.documents.saveSession());
        QTRY_COMPARE(saved.size(), 1);
        QVERIFY(!desk.documents.isModified());

        Desk other;
        const QString moved = other.file(QStringLiteral("moved.safetensors"));
        QVERIFY(QFile::copy(desk.chosenPath, moved));
        QVERIFY(QFile::remove(desk.file(QStringLiteral("small.json"))));
        QVERIFY(other.documents.openFile(moved));
        QVERIFY(!other.documents.isModified());
        const std::vector<Run*> runs = other.workspace.runs();
        QCOMPARE(runs.size(), std::size_t{2});
        QCOMPARE(other.documents.run(), runs[1]);
        QCOMPARE(runs[1]->name(), QStringLiteral("the branch"));
        QCOMPARE(runs[1]->origin(), std::optional(RunOrigin{parent->name(), 7}));
        QCOMPARE(runs[1]->series(), 4);
        QCOMPARE(runs[0]->series(), parent->series());
        QCOMPARE(runs[0]->state(), Run::State::finished);
        const std::vector<Run*> before = {parent, branch};
        for (std::size_t i = 0; i < runs.size(); ++i) compareRuns(*before[i], *runs[i]);
        QCOMPARE(runs[0]->history().pins().at(13), std::string("thirteen"));

        // The branch still begins where it left its parent, and goes on to what the parent became.
        runs[1]->train();
        QTRY_COMPARE(runs[1]->state(), Run::State::finished);
        QVERIFY(runs[1]->latest()->weights == parent->latest()->weights);
        runs[1]->reset();
        QCOMPARE(runs[1]->step(), 7);
        QVERIFY(runs[1]->latest()->weights == parent->history().atOrBefore(7)->weights);
    }
};

QTEST_GUILESS_MAIN(DocumentsTest)
#include "documents_test.moc"
