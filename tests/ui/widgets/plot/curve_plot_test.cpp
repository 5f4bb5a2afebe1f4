#include "ui/widgets/plot/curve_plot.h"

#include <QAccessible>
#include <QWheelEvent>
#include <QtTest>
#include <cmath>

#include "core/analysis/smoothing.h"
#include "ui/widgets/format.h"

using namespace lab;

/// A loss strip (logarithmic) with a smoothed and a validation curve, and an accuracy strip, 912 x 422.
class CurvePlotTest : public QObject {
    Q_OBJECT

    struct Plot : CurvePlot {
        int loss, accuracy, train, validation, tokens;

        Plot() {
            loss = addStrip({"Loss", {}, 192, true, AxisScale::logarithmic, true, {}, {0.02, 4}});
            accuracy = addStrip({"Accuracy", "%", 113, true, AxisScale::linear, true, {{-1.5, 102}}, {}});
            CurveStyle style;
            style.format = [](double value) { return fixed(value, 4); };
            style.strip = loss;
            style.name = "train";
            style.drawing = CurveDrawing::smoothed;
            style.rawBehind = style.labelled = true;
            train = addCurve(style);
            style.name = "validation";
            style.role = Role::series3;
            style.drawing = CurveDrawing::line;
            style.rawBehind = false;
            style.squares = true;
            validation = addCurve(style);
            style.strip = accuracy;
            style.name = "tokens";
            style.role = Role::series1;
            style.squares = false;
            tokens = addCurve(style);
            setReference(loss, std::log(10.0), "chance: ln 10 = 2.303", true);
            setEmptyText("Press Space to train", "Curves appear here.");
            resize(912, 422);
            show();
        }

        static double lossAt(int step) { return 2.3 * std::exp(-step / 100.0) + (step % 2 ? 0.02 : 0.03); }

        void fill(int from, int to) {
            for (int step = from; step <= to; ++step) {
                append(train, step, lossAt(step));
                append(tokens, step, 100.0 * step / to);
                if (step % 50 == 0) append(validation, step, 0.9 * lossAt(step));
            }
            replotNow();
        }

        QPoint at(int strip, double step, double value) const { return place(strip, step, value).toPoint(); }
        void hover(const QPoint& point) {
            QMouseEvent move(QEvent::MouseMove, point, canvas()->mapToGlobal(point), Qt::NoButton, Qt::NoButton, {});
            QApplication::sendEvent(canvas(), &move);
        }
    };

    static bool near(const QColor& a, const QColor& b) {
        return std::abs(a.red() - b.red()) + std::abs(a.green() - b.green()) + std::abs(a.blue() - b.blue()) < 60;
    }

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::dark);
        Theme::instance().apply();
    }

    void emptyPlotHasAxesAndSaysWhatToDo() {
        Plot plot;
        plot.setExpectedSteps(3900);
        plot.replotNow();
        QVERIFY(plot.isEmpty());
        QCOMPARE(plot.scene().emptyTitle, QStringLiteral("Press Space to train"));
        QCOMPARE(plot.stepRange().second, 3900.0);
        QVERIFY(!plot.scene().steps.empty());
        QVERIFY(!plot.reading(plot.train));
        QCOMPARE(plot.channel(plot.loss)->rows()[0].value, QStringLiteral("–"));
    }

    void axesFollowTheData() {
        Plot plot;
        plot.fill(1, 300);
        QCOMPARE(plot.stepRange(), (std::pair{0.0, 300.0}));
        const auto [low, high] = plot.valueRange(plot.loss);
        QVERIFY(low < Plot::lossAt(300) && low > 0.001);
        QVERIFY(high > std::log(10.0) && high < 30);
        QVERIFY(plot.scene().emptyTitle.isEmpty());
        plot.fill(301, 600);
        QCOMPARE(plot.stepRange().second, 600.0);
    }

    void logarithmicAxesAreLogarithmic() {
        Plot plot;
        plot.fill(1, 1000);
        plot.setStepAxis(AxisScale::logarithmic);
        plot.replotNow();
        QCOMPARE(plot.stepRange().first, 1.0);
        const auto x = [&](double step) { return plot.place(plot.loss, step, 1).x(); };
        const auto y = [&](double value) { return plot.place(plot.loss, 1, value).y(); };
        const double decade = x(10) - x(1);
        QVERIFY(decade > 50);
        QVERIFY(std::abs(x(1000) - x(100) - decade) < 1e-6);
        QVERIFY(std::abs((y(0.1) - y(1)) - (y(0.01) - y(0.1))) < 1e-6);
        plot.setValueAxis(plot.loss, AxisScale::linear);
        plot.replotNow();
        QCOMPARE(plot.valueRange(plot.loss).first, 0.0);
        QVERIFY(std::abs((y(0) - y(1)) - (y(1) - y(2))) < 1e-6);
    }

    void smoothedCurveIsTheDebiasedAverageAndOffIsTheRawOne() {
        Plot plot;
        plot.fill(1, 200);
        std::vector<double> raw;
        for (int step = 1; step <= 200; ++step) raw.push_back(Plot::lossAt(step));
        plot.setCrosshair(120);
        for (double factor : {0.98, 0.93}) {
            plot.setSmoothing(factor);
            QCOMPARE(plot.reading(plot.train)->value, exponentialAverage(raw, factor)[119]);
            QCOMPARE(plot.reading(plot.train)->raw, raw[119]);
        }
        QCOMPARE(plot.channel(plot.loss)->rows().size(), 3u);  // train, raw, validation
        plot.setSmoothing(0);
        plot.replotNow();
        QCOMPARE(plot.reading(plot.train)->value, raw[119]);
        QCOMPARE(plot.channel(plot.loss)->rows().size(), 2u);
    }

    void crosshairReadsTheRecordUnderTheMouseInEveryStrip() {
        Plot plot;
        plot.fill(1, 200);
        plot.setSmoothing(0);
        plot.replotNow();
        QSignalSpy changed(&plot, &CurvePlot::crosshairChanged);
        plot.hover(plot.at(plot.accuracy, 137, 40));
        QCOMPARE(plot.crosshair().value(), 137);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(plot.channel(plot.loss)->caption(), QStringLiteral("at step 137"));
        QCOMPARE(plot.channel(plot.loss)->rows()[0].value, fixed(Plot::lossAt(137), 4));
        QCOMPARE(plot.channel(plot.loss)->rows()[1].value, fixed(0.9 * Plot::lossAt(100), 4));  // the last validation before it
        QCOMPARE(plot.reading(plot.validation)->step, 100);
        QCOMPARE(plot.scene().flag, QStringLiteral("step 137"));
        QVERIFY(plot.accessibleDescription().contains(fixed(Plot::lossAt(137), 4)));
        QCOMPARE(QAccessible::queryAccessibleInterface(&plot)->role(), QAccessible::Graphic);
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(plot.canvas(), &leave);
        QVERIFY(!plot.crosshair());
        QCOMPARE(plot.channel(plot.loss)->caption(), QStringLiteral("at step 200"));
        QCOMPARE(plot.channel(plot.loss)->rows()[0].value, fixed(Plot::lossAt(200), 4));
    }

    void keysMoveTheCrosshair() {
        Plot plot;
        plot.fill(1, 200);
        QTest::keyClick(&plot, Qt::Key_Left);
        QCOMPARE(plot.crosshair().value(), 200);
        QTest::keyClick(&plot, Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(plot.crosshair().value(), 190);
        QTest::keyClick(&plot, Qt::Key_Home);
        QCOMPARE(plot.crosshair().value(), 1);
        QTest::keyClick(&plot, Qt::Key_Right);
        QCOMPARE(plot.crosshair().value(), 2);
        QTest::keyClick(&plot, Qt::Key_End);
        QCOMPARE(plot.crosshair().value(), 200);
        QTest::keyClick(&plot, Qt::Key_Escape);
        QVERIFY(!plot.crosshair());
    }

    void wheelZoomsAllStripsAndDoubleClickFits() {
        Plot plot;
        plot.fill(1, 400);
        const QPoint point = plot.at(plot.loss, 200, 0.5);
        QWheelEvent wheel(point, plot.canvas()->mapToGlobal(point), {}, {0, 240}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QApplication::sendEvent(plot.canvas(), &wheel);
        QVERIFY(!plot.fitted());
        const auto [low, high] = plot.stepRange();
        QVERIFY(low > 0 && high < 400 && low < 200 && high > 200);
        QCOMPARE(plot.place(plot.accuracy, low, 0).x(), plot.place(plot.loss, low, 1).x());
        QCOMPARE(plot.place(plot.accuracy, high, 0).x(), plot.place(plot.loss, high, 1).x());
        plot.fill(401, 500);  // while zoomed the axes stay
        QCOMPARE(plot.stepRange(), (std::pair{low, high}));
        QTest::mouseDClick(plot.canvas(), Qt::LeftButton, {}, point);
        plot.replotNow();
        QVERIFY(plot.fitted());
        QCOMPARE(plot.stepRange(), (std::pair{0.0, 500.0}));
    }

    void wheelOverTheValueAxisZoomsTheValues() {
        Plot plot;
        plot.fill(1, 400);
        const auto before = plot.valueRange(plot.loss);
        const QPoint point(20, plot.at(plot.loss, 200, 0.5).y());
        QWheelEvent wheel(point, plot.canvas()->mapToGlobal(point), {}, {0, 240}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QApplication::sendEvent(plot.canvas(), &wheel);
        QCOMPARE(plot.stepRange(), (std::pair{0.0, 400.0}));
        QVERIFY(plot.valueRange(plot.loss).first > before.first && plot.valueRange(plot.loss).second < before.second);
    }

    void dragPans() {
        Plot plot;
        plot.fill(1, 400);
        plot.setStepRange(100, 200);
        plot.replotNow();
        const QPoint from = plot.at(plot.loss, 150, 0.5), to = plot.at(plot.loss, 130, 0.5);
        QTest::mousePress(plot.canvas(), Qt::LeftButton, {}, from);
        QMouseEvent move(QEvent::MouseMove, to, plot.canvas()->mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
        QApplication::sendEvent(plot.canvas(), &move);
        QTest::mouseRelease(plot.canvas(), Qt::LeftButton, {}, to);
        QVERIFY(std::abs(plot.stepRange().first - 120) < 1.5);
        QVERIFY(std::abs(plot.stepRange().second - 220) < 1.5);
    }

    void chanceLineIsNamedAndDrawnAtItsValue() {
        Plot plot;
        plot.fill(1, 400);
        const auto& names = plot.scene().strips[0].names;
        QVERIFY(std::any_of(names.begin(), names.end(), [](const auto& name) { return name.text == "chance: ln 10 = 2.303"; }));
        const QImage image = plot.canvas()->grab().toImage();
        const QPoint line = plot.at(plot.loss, 200, std::log(10.0));
        int dotted = 0;
        for (int x = line.x(); x < line.x() + 60; ++x) {
            int brightest = 0;
            for (int y = line.y() - 1; y <= line.y() + 1; ++y) brightest = std::max(brightest, qGray(image.pixel(x, y)));
            dotted += brightest > 100;
        }
        QVERIFY2(dotted > 8 && dotted < 40, qPrintable(QString::number(dotted)));
    }

    void curveIsPaintedWhereItsValuesAre() {
        Plot plot;
        plot.fill(1, 400);
        const QImage image = plot.canvas()->grab().toImage();
        for (int step : {110, 230, 320}) {
            plot.setCrosshair(step);
            const QPoint point = plot.at(plot.loss, step, plot.reading(plot.train)->value);
            QVERIFY(near(image.pixelColor(point), Theme::instance().color(Role::series1)));
            QVERIFY(!near(image.pixelColor(point - QPoint(0, 14)), Theme::instance().color(Role::series1)));
        }
    }

    void noNameLiesUnderWhatAnEmptyPlotSays() {
        Plot plot;
        for (const QSize size : {QSize(460, 300), QSize(700, 360), QSize(1200, 700)}) {
            plot.resize(size);
            plot.setExpectedSteps(3900);
            plot.replotNow();
            const CurveScene& scene = plot.scene();
            const QRect box = emptyBox(scene.strips[0].plot, scene.emptyTitle, scene.emptyHelp);
            for (const auto& name : scene.strips[0].names) QVERIFY2(!name.rect.intersects(box), qPrintable(name.text));
        }
        QCOMPARE(plot.scene().strips[0].names.size(), std::size_t{1});  // where there is room
    }

    void namesStandBesideTheirCurves() {
        Plot plot;
        plot.fill(1, 400);
        const auto& strip = plot.scene().strips[0];
        const auto name = std::find_if(strip.names.begin(), strip.names.end(), [](const auto& n) { return n.text == "train"; });
        QVERIFY(name != strip.names.end());
        QVERIFY(QRectF(strip.plot).contains(name->rect));
        QCOMPARE(name->color, Theme::instance().color(Role::series1));
    }

    void shownStepIsALineInEveryStrip() {
        Plot plot;
        plot.fill(1, 400);
        plot.setShownStep(250);
        plot.replotNow();
        QVERIFY(std::abs(*plot.scene().shown - plot.at(0, 250, 1).x()) <= 1);
        const QImage image = plot.grab().toImage();
        for (int strip : {0, 1}) {
            const QRect rect = plot.scene().strips[std::size_t(strip)].plot;
            QVERIFY(near(image.pixelColor(int(*plot.scene().shown), rect.top() + 20), Theme::instance().color(Role::accent)));
        }
    }

    void clearForgetsTheData() {
        Plot plot;
        plot.fill(1, 50);
        plot.clear();
        plot.replotNow();
        QVERIFY(plot.isEmpty());
        QVERIFY(!plot.scene().emptyTitle.isEmpty());
        plot.fill(1, 3);
        QCOMPARE(plot.reading(plot.tokens)->step, 3);
    }

    void themeChangesColours() {
        Plot plot;
        plot.fill(1, 50);
        Theme::instance().setMode(Theme::Mode::light);
        plot.replotNow();
        QCOMPARE(plot.canvas()->grab().toImage().pixelColor(80, 150), Theme::instance().color(Role::screen));
        Theme::instance().setMode(Theme::Mode::dark);
    }
};

QTEST_MAIN(CurvePlotTest)
#include "curve_plot_test.moc"
