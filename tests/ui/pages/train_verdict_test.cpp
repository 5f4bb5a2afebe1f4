#include "ui/pages/train/train_verdict.h"

#include "core/config/validation.h"
#include "core/data/counting.h"
#include "core/data/text_loading.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/train/train_curves.h"
#include "ui/pages/train/train_page.h"
#include "ui/widgets/channel_strip.h"
#include "ui/widgets/figure.h"

using namespace lab;

namespace {

std::string tale(int from, int to) {
    std::string text;
    for (int i = from; i < to; ++i) text += "The " + std::to_string(i * i % 97) + " goats went over the bridge.\n\n";
    return text;
}

LoadedTask textTask(int steps) {
    Experiment e;
    e.name = "tale";
    e.task.kind = "text";
    e.task.path = "tale.txt";
    e.task.seq_len = 8;
    e.task.text.tokenizer = "characters";
    e.model.architecture = Architecture::decoder;
    e.model.d_model = 16;
    e.model.num_heads = 2;
    e.model.num_layers = 1;
    e.training.batch_size = 4;
    e.training.steps = steps;
    e.training.validate_every = 10;
    return loadText(resolved(e), std::make_shared<const Corpus>(partedCorpus(tale(0, 60), tale(300, 310), "raw", "clean")), {}, {});
}

/// Few samples, so that validation soon rises.
LoadedTask overfitting(int earlyStop) {
    Experiment e = smallExperiment({.name = "few", .train = 24, .validation = 64, .test = 0, .d_model = 32, .steps = 3000, .batch = 16});
    e.training.optimizer.learning_rate = 0.01;
    e.training.validate_every = 10;
    e.training.early_stop = earlyStop;
    return loadTask(e, {});
}

struct VerdictBench {
    explicit VerdictBench(const LoadedTask& task) : run(workspace.add(task)) {
        focus.setRun(run);
        page.resize(1100, 720);
        page.show();
    }
    bool train() {
        run->train();
        return QTest::qWaitFor([this] { return run->state() == Run::State::finished && page.catchUp(); }, lab::patience);
    }
    TrainVerdict& verdict() { return page.verdict(); }

    Workspace workspace;
    Focus focus;
    TrainPage page{focus};
    Run* run;
};

}  // namespace

class TrainVerdictTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void aTaskWithoutATextHasNothingToSayAtFirst() {
        VerdictBench bench(smallTask(40));
        QVERIFY(bench.train());
        QVERIFY(bench.verdict().counting().isEmpty() && !bench.run->counting());
        QVERIFY(bench.verdict().course().isEmpty() && !bench.verdict().isVisible());
    }

    void ngramsAreLinesWithNamesInTheCurveTheLegendAndTheExport() {
        VerdictBench bench(textTask(40));
        QVERIFY(bench.train());
        QTRY_VERIFY(bench.run->counting());
        QTRY_VERIFY(bench.page.catchUp());
        TrainCurves& curves = bench.page.curves();
        curves.replotNow();
        const LossUnit unit = lossUnitOf(*bench.run->dataset());
        QVERIFY(unit.bitsPerByte);
        QStringList names, legend;
        for (const auto& name : curves.scene().strips[static_cast<std::size_t>(curves.lossStrip())].names) names << name.text;
        for (const auto& row : curves.channel(curves.lossStrip())->rows()) legend << row.name;
        for (int n = 1; n <= 5; ++n) {
            const QString name = QString::fromStdString(ngramName(n).english());
            const QString value = QString::number(unit.of(bench.run->counting()->nats[static_cast<std::size_t>(n)]), 'f', 3);
            QVERIFY2(names.contains(name + ": " + value), qPrintable(names.join(" | ") + " lacks " + name + ": " + value));
            QVERIFY(legend.contains(name));
        }
        QVERIFY(curves.summary().contains("5-gram"));
        const FigureTable table = bench.page.figures()[0].make()->table();
        QCOMPARE(table.header.back(), std::string("5-gram_loss"));
        QCOMPARE(QString::fromStdString(table.rows[0].back()).toDouble(), bench.run->counting()->nats[5]);
    }

    void itIsSaidWhetherCountingIsBeatenAtTheStepShown() {
        VerdictBench bench(textTask(40));
        QVERIFY(bench.train());
        QTRY_VERIFY(!bench.verdict().counting().isEmpty());
        const auto sentenceAt = [&](std::size_t record) {
            return QString::fromStdString(
                countingSentence(bench.run->records()[record].validation->loss, *bench.run->counting(), lossUnitOf(*bench.run->dataset()))
                    .english());
        };
        QTRY_COMPARE(bench.verdict().counting(), sentenceAt(39));
        bench.focus.showStep(14);
        QTRY_COMPARE(bench.verdict().counting(), sentenceAt(9));
        bench.focus.showStep(5);
        QTRY_COMPARE(bench.verdict().counting(), QString());  // nothing was validated by then
    }

    void overfittingIsSaidFromTheThirdRiseOnWithTheStepOfTheBest() {
        VerdictBench bench(overfitting(6));
        QVERIFY(bench.train());
        QVERIFY(bench.run->stoppedEarly());
        const std::int64_t end = bench.run->step(), best = *bench.run->history().bestStep();
        QCOMPARE(end, best + 60);
        QTRY_VERIFY2(bench.verdict().course().startsWith("Validation rises: overfitting."), qPrintable(bench.verdict().course()));
        QVERIFY(bench.verdict().course().contains(QString("at step %1").arg(best)));
        QVERIFY(bench.verdict().course().contains("ended by itself") && bench.verdict().isVisible());
        bench.focus.showStep(best + 30);
        QTRY_VERIFY(bench.verdict().course().startsWith("Validation rises: overfitting.") && !bench.verdict().course().contains("ended"));
        bench.focus.showStep(best + 29);
        QTRY_VERIFY(!bench.verdict().course().contains("overfitting"));
        bench.run->reset();
        QTRY_COMPARE(bench.verdict().course(), QString());
    }
};

QTEST_MAIN(TrainVerdictTest)
#include "train_verdict_test.moc"
