#include "ui/pages/train/train_page.h"

#include <cmath>

#include "core/data/loaded_task.h"
#include "core/model/decoding.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/train/live_map.h"
#include "ui/pages/train/train_curves.h"
#include "ui/widgets/format.h"
#include "ui/widgets/page_header.h"
#include "ui/widgets/segmented.h"

using namespace lab;

class TrainPageTest : public QObject {
    Q_OBJECT

    /// A page in sight with a small run.
    struct Bench {
        Workspace workspace;
        Focus focus;
        TrainPage page{focus};
        Run* run;

        explicit Bench(int steps = 60) : run(workspace.add(smallTask(steps))) {
            run->setName("small");
            focus.setRun(run);
            page.resize(928, 620);
            page.show();
        }
        void train() {
            run->train();
            QTRY_COMPARE(run->state(), Run::State::finished);
            QTRY_COMPARE(page.curves().reading(TrainCurves::trainLoss)->step, run->experiment().training.steps);
        }
    };

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::dark);
        Theme::instance().apply();
    }

    void beforeTrainingItSaysWhatToDo() {
        Bench bench;
        bench.page.curves().replotNow();
        QCOMPARE(bench.page.curves().scene().emptyTitle, QStringLiteral("Press Space to train"));
        QCOMPARE(bench.page.curves().stepRange().second, 60.0);
        QTRY_COMPARE(bench.page.overTime().rows().size(), 1u);
        QCOMPARE(bench.page.overTime().rows()[0].label, QStringLiteral("0"));
        QTRY_COMPARE(bench.page.moreSamples().rows().size(), 6u);
    }

    void curvesAreTheRecords() {
        Bench bench;
        bench.train();
        auto& curves = bench.page.curves();
        curves.setCrosshair(40);
        const StepRecord& record = bench.run->records()[39];
        QCOMPARE(curves.reading(TrainCurves::trainLoss)->raw, record.train.loss);
        QCOMPARE(curves.reading(TrainCurves::trainAccuracy)->raw, 100 * record.train.accuracy);
        QCOMPARE(curves.reading(TrainCurves::sequenceAccuracy)->raw, 100 * record.train.sequenceAccuracy);
        QCOMPARE(curves.reading(TrainCurves::validationLoss)->raw, record.validation->loss);
        QCOMPARE(curves.reading(TrainCurves::learningRate)->raw, record.learningRate);
        QCOMPARE(curves.reading(TrainCurves::gradientNorm)->raw, record.gradientNorm);
        const auto& rows = curves.channel(curves.lossStrip())->rows();
        QCOMPARE(rows[1].value, fixed(record.train.loss, 4));
    }

    void exportsItsCurvesForPaper() {
        Bench bench;
        QVERIFY(bench.page.figures().empty());
        bench.train();
        bench.page.curves().setStepAxis(AxisScale::logarithmic);
        const auto offers = bench.page.figures();
        QCOMPARE(offers[0].fileName, QString("small-step-60-curves"));
        const auto figure = offers[0].make();
        QVERIFY(figure->caption.contains("steps 1 to 60"));
        const FigureTable table = figure->table();
        QCOMPARE(table.rows.size(), std::size_t(60));
        QCOMPARE(std::stod(table.rows[39][1]), bench.run->records()[39].train.loss);
        QCOMPARE(table.header.back(), std::string("train_sequence_accuracy"));
        // The window is dark, paper is light.
        const QImage image = figureImage(*figure, {1, false});
        QCOMPARE(image.pixelColor(2, 2), QColor(Qt::white));
        QVERIFY(figureBytes(*figure, FigureFormat::svg).contains(">uniform guess: ln 5 = 1.609<"));
    }

    void exportsItsAnswersTokenByToken() {
        Bench bench;
        bench.focus.showSample(2);
        bench.train();
        QTRY_VERIFY(!bench.page.overTime().rows().empty() && bench.page.overTime().rows().back().label == "60");
        QTRY_COMPARE(bench.page.moreSamples().rows().size(), 6u);
        QTRY_COMPARE(bench.focus.traceStep(), 60);
        const auto offers = bench.page.figures();
        QCOMPARE(offers.size(), std::size_t(4));
        QCOMPARE(offers[1].fileName, QString("small-step-60-prediction"));
        QCOMPARE(offers[2].fileName, QString("small-step-60-samples"));
        const auto figure = offers[1].make();
        const FigureTable table = figure->table();
        QCOMPARE(table.header, (std::vector<std::string>{"step", "position", "predicted", "target", "right"}));
        // The rows of the last step are what the model itself says.
        const Sample sample = bench.run->dataset()->validationSample(2);
        Input input = tokensOnly(sample.tokens);
        const auto said = answer(bench.run->model(), bench.run->latest()->weights, input);
        std::size_t seen = 0, right = 0;
        for (const auto& row : table.rows) {
            if (row[0] != "60") continue;
            const auto i = std::size_t(std::stoi(row[1]));
            QCOMPARE(row[2], std::to_string(said[i]));  // this task's tokens are numbers
            QCOMPARE(row[3], std::to_string(sample.targets[i]));
            QCOMPARE(row[4], std::string(said[i] == sample.targets[i] ? "1" : "0"));
            ++seen;
            right += said[i] == sample.targets[i];
        }
        QCOMPARE(seen, sample.targets.size());
        const QByteArray svg = figureBytes(*figure, FigureFormat::svg);
        QVERIFY(svg.contains(QString(">%1/%2<").arg(right).arg(seen).toUtf8()));
        QVERIFY(!svg.contains("clip-path"));
        QCOMPARE(offers[2].make()->table().header[0], std::string("sample"));
    }

    void exportsTheSmallMapWithItsNumbers() {
        Bench bench;
        bench.train();
        QTRY_COMPARE(bench.focus.traceStep(), 60);
        QTRY_VERIFY(!bench.page.map().data().empty());
        bench.focus.select({0, 1, 0, 0});
        QTRY_VERIFY(bench.page.map().head().contains("head 1"));
        const FigureTable table = bench.page.figures().back().make()->table();
        const Tensor& weights = bench.focus.trace()->at("encoder.0.attention.weights");
        QCOMPARE(table.header[7], std::string("allowed"));
        QCOMPARE(table.rows.size(), std::size_t(36));
        for (std::size_t i = 0; i < 36; ++i) QCOMPARE(std::stof(table.rows[i].back()), weights.values[36 + i]);
    }

    void everyPictureIsAFunctionOfTheStep() {
        Bench bench;
        bench.train();
        QTRY_VERIFY(!bench.page.overTime().rows().empty() && bench.page.overTime().rows().back().label == "60");
        QTRY_COMPARE(bench.page.moreSamples().rows().size(), 6u);
        QTRY_COMPARE(bench.focus.traceStep(), 60);
        for (const FigureOffer& offer : bench.page.allFigures()) {
            QVERIFY2(offer.makeFilm, qPrintable(offer.name));
            const auto film = offer.makeFilm();
            QCOMPARE(film->count(), int(bench.run->history().size()));
            QSignalSpy failures(film.get(), &FilmSource::failed);
            QSizeF size;
            for (const int frame : {0, film->count() / 2, film->count() - 1}) {
                std::shared_ptr<const Figure> figure;
                const auto watch = connect(film.get(), &FilmSource::ready, this, [&](auto made) { figure = made; });
                film->request(frame);
                QVERIFY(!figure);  // not before it returns
                QTRY_VERIFY2(figure || !failures.empty(), qPrintable(offer.name));
                disconnect(watch);
                QVERIFY2(figure, qPrintable(failures.empty() ? offer.name : failures[0][0].toString()));
                QCOMPARE(bench.focus.shownStep(), film->stepOf(frame));
                if (frame == 0) size = figure->size();
                QCOMPARE(figure->size(), size);
                if (offer.name == "Prediction over time") QCOMPARE(figure->table().rows.back()[0], std::to_string(film->stepOf(frame)));
            }
        }
        QVERIFY(bench.focus.live());  // as it was before
    }

    void aFilmEndsWhenTheHandTakesOver() {
        Bench bench;
        bench.train();
        const auto film = bench.page.allFigures().front().makeFilm();
        QSignalSpy failures(film.get(), &FilmSource::failed);
        film->request(0);
        bench.focus.showStep(60);
        QTRY_COMPARE(failures.size(), 1);
        QVERIFY(failures[0][0].toString().contains("Another step"));
        const auto hidden = bench.page.allFigures().front().makeFilm();
        QSignalSpy others(hidden.get(), &FilmSource::failed);
        bench.page.hide();
        hidden->request(1);
        QTRY_COMPARE(others.size(), 1);
        QVERIFY(others[0][0].toString().contains("page"));
    }

    void theUniformGuessIsNamedForTheTask() {
        Bench bench;
        auto& curves = bench.page.curves();
        curves.replotNow();
        const auto named = [&](int strip, const QString& text) {
            const auto& names = curves.scene().strips[std::size_t(strip)].names;
            return std::any_of(names.begin(), names.end(), [&](const auto& name) { return name.text == text; });
        };
        QVERIFY(named(0, "uniform guess: ln 5 = 1.609"));
        QVERIFY(named(1, "uniform guess: 20 %"));
    }

    void predictionsAreTheModelsAndTurnRight() {
        Bench bench(400);
        bench.focus.showSample(3);
        bench.train();
        const Sample sample = bench.run->dataset()->validationSample(3);
        QTRY_COMPARE(bench.page.overTime().rows().size(), 6u);
        QTRY_COMPARE(bench.page.overTime().rows().back().label, QStringLiteral("400"));
        const auto& last = bench.page.overTime().rows().back();
        QVERIFY(last.shown);
        Input input;
        input.tokens = sample.tokens;
        const auto said = predictions(bench.run->model()->trace(bench.run->history().last()->weights, input));
        int right = 0;
        for (std::size_t i = 0; i < said.size(); ++i) {
            QCOMPARE(last.cells[i].text, QString::number(said[i]));
            QCOMPARE(last.cells[i].wrong, said[i] != sample.targets[i]);
            right += said[i] == sample.targets[i];
        }
        QCOMPARE(last.right, right);
        QCOMPARE(bench.page.overTime().rows().front().label, QStringLiteral("0"));
        QVERIFY(last.right > bench.page.overTime().rows().front().right);
        QCOMPARE(bench.page.moreSamples().rows()[0].label, QStringLiteral("4"));
    }

    void crosshairMarksItsRow() {
        Bench bench;
        bench.train();
        bench.page.curves().setCrosshair(33);
        const auto marked = [&] {
            for (const auto& row : bench.page.overTime().rows())
                if (row.marked) return row.label;
            return QString();
        };
        QTRY_COMPARE(marked(), QStringLiteral("33"));
    }

    void rowsLeadToTheirStepAndSample() {
        Bench bench;
        bench.train();
        QTRY_COMPARE(bench.page.overTime().rows().size(), 6u);
        QTRY_COMPARE(bench.page.moreSamples().rows().size(), 6u);
        emit bench.page.overTime().activated(0);
        QCOMPARE(bench.focus.shownStep(), 0);
        QVERIFY(!bench.focus.live());
        emit bench.page.moreSamples().activated(2);
        QCOMPARE(bench.focus.sampleIndex(), 3);
    }

    void liveMapIsHeadZeroOfTheTrace() {
        Bench bench;
        QTRY_VERIFY(bench.focus.trace());
        QTRY_VERIFY(!bench.page.map().data().empty());
        const Tensor& weights = bench.focus.trace()->at(bench.run->model()->attentionBlocks()[0].name + ".weights");
        QCOMPARE(bench.page.map().data().rows, int(weights.extent(1)));
        QCOMPARE(bench.page.map().data().value(1, 2), weights.values[std::size_t(weights.extent(2)) + 2]);
        QCOMPARE(bench.page.map().head(), QStringLiteral("layer 0, head 0"));
        QVERIFY(bench.page.map().data().allowedScores);
    }

    void anOpenedCheckpointDoesNotAskForMoreThanItHas() {
        Bench bench;
        TrainingState state = initialState(*bench.run->model(), bench.run->experiment());
        state.step = bench.run->experiment().training.steps;
        bench.focus.setRun(bench.workspace.add(LoadedTask{bench.run->experiment(), bench.run->dataset()}, state));
        QTRY_COMPARE(bench.page.curves().scene().emptyTitle, QStringLiteral("All 60 steps are done"));
    }

    void controlsChangeTheAxes() {
        Bench bench;
        bench.train();
        QList<SegmentedControl*> controls;
        for (const char* name : {"train.header.step_axis", "train.header.loss_axis", "train.header.smoothing"})
            controls << bench.page.findChild<SegmentedControl*>(QLatin1String(name));
        emit controls[0]->chosen(1);
        QCOMPARE(bench.page.curves().stepAxis(), AxisScale::logarithmic);
        emit controls[1]->chosen(1);
        QCOMPARE(bench.page.curves().valueAxis(bench.page.curves().lossStrip()), AxisScale::linear);
        emit controls[2]->chosen(0);
        QCOMPARE(bench.page.curves().smoothing(), 0.0);
    }

    void resetEmptiesTheCurves() {
        Bench bench;
        bench.train();
        bench.run->reset();
        QTRY_VERIFY(bench.page.curves().isEmpty());
        QTRY_COMPARE(bench.page.overTime().rows().size(), 1u);
    }

    void headerSaysWhatItIs() {
        Bench bench;
        auto* header = bench.page.findChild<PageHeader*>();
        QTRY_COMPARE(header->title(), QStringLiteral("small"));
        QCOMPARE(header->detail(), QStringLiteral("1 layer, 2 heads · seed 42 · ready"));
    }
};

QTEST_MAIN(TrainPageTest)
#include "train_page_test.moc"
