#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/io/adapter_file.h"
#include "core/io/checkpoint.h"
#include "core/model/trace.h"
#include "core/training/trainer.h"
#include "tests/patience.h"
#include "tests/ui/documents/foreign_desk.h"
#include "ui/documents/session.h"
#include "ui/runs/run_session.h"

using namespace lab;

/// Models of other programs as documents.
class ForeignModelTest : public QObject {
    Q_OBJECT

    static void writeWords(const QString& path) {
        QFile text(path);
        QVERIFY(text.open(QIODevice::WriteOnly));
        for (int i = 0; i < 200; ++i) text.write("Mira lost the key and the old owl found it again. ");
    }

private slots:
    void opensAsARunWithSentencesToLookAt_data() {
        QTest::addColumn<QString>("name");
        for (const QString& name : QDir(foreignCases).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) QTest::newRow(qPrintable(name)) << name;
    }
    void opensAsARunWithSentencesToLookAt() {
        QFETCH(QString, name);
        ForeignDesk desk;
        QSignalSpy opened(&desk.session, &Session::opened), failed(&desk.session, &Session::failed);
        desk.session.openFile(foreignCases + name);
        QTRY_VERIFY(!opened.isEmpty() || !failed.isEmpty());
        QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed.front().at(1).toString()));
        const Run* run = desk.session.run();
        QVERIFY(run && run->dataset()->validationSize() > 1);
        QCOMPARE(desk.session.title(), name);
        QVERIFY(desk.session.path().isEmpty());  // it is no file of ours
        const Sample sample = run->dataset()->validationSample(0);
        QVERIFY(sample.tokens.size() > 3);
        QTRY_VERIFY(desk.focus.trace());
        QVERIFY(desk.focus.trace()->find(run->model()->attentionBlocks().front().name + ".weights"));
        desk.workspace.stop();
    }

    void isSavedAsACheckpointAndOpensAgain() {
        ForeignDesk desk;
        QSignalSpy opened(&desk.session, &Session::opened);
        desk.session.openFile(foreignCases + "llama-gqa");
        QTRY_COMPARE(opened.size(), 1);
        const QTemporaryDir folder;
        const QString file = folder.filePath("own.safetensors");
        QVERIFY(desk.session.saveTo(file));
        QTRY_VERIFY(QFile::exists(file) && !desk.session.isModified());
        const Weights before = desk.session.run()->latest()->weights;
        ForeignDesk other;
        QSignalSpy openedAgain(&other.session, &Session::opened);
        other.session.openFile(file);
        QTRY_COMPARE(openedAgain.size(), 1);
        QCOMPARE(other.session.run()->latest()->weights, before);
        QCOMPARE(other.session.run()->dataset()->validationSample(0).tokens, desk.session.run()->dataset()->validationSample(0).tokens);
        desk.workspace.stop();
        other.workspace.stop();
    }

    /// By adapters, on a text that its own tokenizer cuts, beside the model as it was.
    void trainsOnATextFromTheForm() {
        ForeignDesk desk;
        QSignalSpy opened(&desk.session, &Session::opened), failed(&desk.session, &Session::failed), saved(&desk.session, &Session::saved);
        desk.session.openFile(foreignCases + "gpt2");
        QTRY_COMPARE(opened.size(), 1);
        Run* origin = desk.session.run();
        QVERIFY(origin->history().stateAtOrBefore(0)->firstMoment.empty());  // nothing is trained yet
        const QTemporaryDir folder;
        const QString text = folder.filePath("words.txt");
        writeWords(text);
        Experiment draft = desk.session.draft();
        draft.task.kind = "text";
        draft.task.path = text.toStdString();
        draft.task.seq_len = 8;
        draft.training.batch_size = 4;
        draft.training.steps = 6;
        draft.training.adapters.rank = 2;
        desk.session.setDraft(draft);
        desk.session.train();
        QTRY_VERIFY2(desk.session.run() != origin || !failed.isEmpty(),
                     failed.isEmpty() ? "" : qPrintable(failed.front().at(1).toString()));
        QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed.front().at(1).toString()));
        Run* run = desk.session.run();
        QTRY_COMPARE(run->state(), Run::State::finished);
        QVERIFY(run->origin() && run->origin()->parent == origin->name() && desk.workspace.runs().size() == 2);
        QVERIFY(run->dataset()->tokenizer().kept() == origin->dataset()->tokenizer().kept());
        const Weights &before = origin->latest()->weights, &after = run->latest()->weights;
        for (const Parameter& p : run->model()->layout().parameters()) {
            const bool adapted = p.name.ends_with("attention.query.weight") || p.name.ends_with("attention.value.weight");
            QVERIFY2(std::equal(at(before, p), at(before, p) + p.size, at(after, p)) != adapted, p.name.c_str());
        }
        const QString apart = folder.filePath("a.safetensors"), merged = folder.filePath("m.safetensors");
        QVERIFY(desk.session.saveAdaptersTo(apart, Session::Adapters::apart));
        QTRY_COMPARE(saved.size(), 1);
        QVERIFY(desk.session.saveAdaptersTo(merged, Session::Adapters::merged));
        QTRY_COMPARE(saved.size(), 2);
        const ParameterLayout& layout = run->model()->layout();
        const AdapterFile file = readAdapters(apart.toStdString());
        QCOMPARE(file.origin, origin->name().toStdString());
        QVERIFY(mergedWith(file, layout, before) == after);
        const CheckpointFile whole = readCheckpoint(merged.toStdString());
        QVERIFY(weightsOf(whole, layout) == after && !whole.experiment.training.adapters.any());
        desk.workspace.stop();
    }

    /// Settings that were changed go on with the weights, and a reset brings these back; a file of what came of them does not have them.
    void whatIsTrainedFurtherBeginsAgainWithTheWeightsOpened() {
        ForeignDesk desk;
        QSignalSpy failed(&desk.session, &Session::failed), saved(&desk.session, &Session::saved);
        desk.openCase("llama-gqa");
        const QTemporaryDir folder;
        Run* run = desk.fineTuned(folder.filePath("words.txt"));
        QVERIFY(run);
        const Weights opened = desk.workspace.runs().front()->latest()->weights;
        QVERIFY(run->latest()->weights != opened);
        const QString file = folder.filePath("further.safetensors");
        QVERIFY(desk.session.saveTo(file));
        QTRY_COMPARE(saved.size(), 1);
        desk.session.reset();
        QTRY_VERIFY(desk.session.run()->latest() && desk.session.run()->latest()->weights == opened);
        QVERIFY(failed.isEmpty());
        ForeignDesk other;
        QSignalSpy openedAgain(&other.session, &Session::opened), refused(&other.session, &Session::failed);
        other.session.openFile(file);
        QTRY_COMPARE(openedAgain.size(), 1);
        const Weights further = other.session.run()->latest()->weights;
        other.session.reset();
        QCOMPARE(refused.size(), 1);
        QVERIFY2(refused.front().at(1).toString().contains("Open that model again"), qPrintable(refused.front().at(1).toString()));
        QVERIFY(other.session.run()->latest()->weights == further);
        desk.workspace.stop();
        other.workspace.stop();
    }

    void whoCancelsKeepsWhatIsOpen() {
        ForeignDesk desk;
        desk.openCase("bert-bare");
        Run* before = desk.session.run();
        QSignalSpy opened(&desk.session, &Session::opened), failed(&desk.session, &Session::failed);
        QVERIFY(!desk.session.openFile(foreignCases + "gpt2"));
        const JobPtr job = desk.workspace.jobs().list().back();
        job->cancel();
        QTRY_VERIFY(job->ended());
        QVERIFY(opened.isEmpty() && failed.isEmpty());
        QCOMPARE(desk.session.run(), before);
        desk.workspace.stop();
    }

    /// An encoder, on what is hidden of a text that its own tokenizer cuts; one without a head says why not.
    void learnsMaskedWordsFromTheForm() {
        const QTemporaryDir folder;
        const QString text = folder.filePath("words.txt");
        writeWords(text);
        for (const char* name : {"bert-mlm", "bert-bare"}) {
            ForeignDesk desk;
            QSignalSpy opened(&desk.session, &Session::opened), failed(&desk.session, &Session::failed);
            desk.session.openFile(foreignCases + name);
            QTRY_COMPARE(opened.size(), 1);
            Run* origin = desk.session.run();
            Experiment draft = desk.session.draft();
            draft.task.kind = "masked";
            draft.task.path = text.toStdString();
            draft.training.batch_size = 4;
            draft.training.steps = 4;
            draft.training.adapters.rank = 2;
            desk.session.setDraft(draft);
            desk.session.train();
            QTRY_VERIFY(desk.session.run() != origin || !failed.isEmpty());
            if (!origin->model()->config().answersNumbers()) {
                QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed.front().at(1).toString()));
                Run* run = desk.session.run();
                QTRY_COMPARE(run->state(), Run::State::finished);
                QVERIFY(run->dataset()->tokenizer().kept() == origin->dataset()->tokenizer().kept());
                QVERIFY(run->records().back().validation);
                QVERIFY(run->latest()->weights != origin->latest()->weights);
                QVERIFY(desk.session.saveTo(folder.filePath("own.safetensors")));
                QTRY_VERIFY(!desk.session.isModified());
            } else {
                QVERIFY2(failed.front().at(1).toString().contains("no head that names tokens"),
                         qPrintable(failed.front().at(1).toString()));
            }
            desk.workspace.stop();
        }
    }

    /// Texts and their answers, cut by its own tokenizer; checkpoints and sessions keep them.
    void learnsPairsOfTextsFromTheForm() {
        const QTemporaryDir folder;
        QFile pairs(folder.filePath("pairs.tsv"));
        QVERIFY(pairs.open(QIODevice::WriteOnly));
        for (int i = 0; i < 40; ++i) pairs.write("Who lost the key?\tMira\n");
        pairs.close();
        ForeignDesk desk;
        QSignalSpy opened(&desk.session, &Session::opened), failed(&desk.session, &Session::failed);
        desk.session.openFile(foreignCases + "llama-gqa");
        QTRY_COMPARE(opened.size(), 1);
        Run* origin = desk.session.run();
        Experiment draft = desk.session.draft();
        draft.task.kind = "pairs";
        draft.task.path = pairs.fileName().toStdString();
        draft.training.batch_size = 4;
        draft.training.steps = 4;
        desk.session.setDraft(draft);
        desk.session.train();
        QTRY_VERIFY(desk.session.run() != origin || !failed.isEmpty());
        QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed.front().at(1).toString()));
        Run* run = desk.session.run();
        QTRY_COMPARE(run->state(), Run::State::finished);
        QVERIFY(run->dataset()->tokenizer().kept() == origin->dataset()->tokenizer().kept());
        const QString saved = folder.filePath("answers.safetensors");
        QVERIFY(desk.session.saveTo(saved));
        QTRY_VERIFY(!desk.session.isModified());
        ForeignDesk other;
        QSignalSpy again(&other.session, &Session::opened);
        other.session.openFile(saved);
        QTRY_COMPARE(again.size(), 1);
        QCOMPARE(other.session.run()->dataset()->trainSample(0).targets, run->dataset()->trainSample(0).targets);
        QVERIFY(other.session.run()->dataset()->tokenizer().kept() == origin->dataset()->tokenizer().kept());
        other.workspace.stop();
        desk.workspace.stop();
        QVERIFY(pairs.remove());  // a session has them
        const RunToRestore kept = prepared(sessionRunOf(*run, desk.workspace.finalState(run)), {});
        QCOMPARE(kept.task.dataset->trainSample(0).targets, run->dataset()->trainSample(0).targets);
        QVERIFY(kept.task.dataset->tokenizer().kept() == origin->dataset()->tokenizer().kept());
    }

    /// An encoder without a task has no answer to learn.
    void whatIsAskedForNothingIsNotTrained() {
        ForeignDesk desk;
        QSignalSpy opened(&desk.session, &Session::opened), failed(&desk.session, &Session::failed);
        desk.session.openFile(foreignCases + "bert-mlm");
        QTRY_COMPARE(opened.size(), 1);
        desk.session.train();
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY2(failed.front().at(1).toString().contains("nothing to train"), qPrintable(failed.front().at(1).toString()));
        QCOMPARE(desk.session.run()->state(), Run::State::paused);
        QVERIFY(!desk.session.saveAdapters(Session::Adapters::apart));
        desk.workspace.stop();
    }

    void aFolderThatIsNoneSaysWhy() {
        ForeignDesk desk;
        const QTemporaryDir folder;
        QFile config(folder.filePath("config.json"));
        QVERIFY(config.open(QIODevice::WriteOnly) && config.write("{\"model_type\": \"mamba\"}") > 0);
        config.close();
        QSignalSpy failed(&desk.session, &Session::failed);
        desk.session.openFile(folder.path());
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY2(failed.front().at(1).toString().contains("model.safetensors"), qPrintable(failed.front().at(1).toString()));
        QVERIFY(!desk.session.run());
    }
};

QTEST_MAIN(ForeignModelTest)
#include "foreign_model_test.moc"
