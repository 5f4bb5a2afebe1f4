#include "ui/widgets/plot/plot.h"

#include <QMouseEvent>
#include <QSignalSpy>
#include <QtTest>
#include <cmath>
#include <functional>

#include "tests/ui/widgets/painted_texts.h"
#include "tests/ui/widgets/picture_testing.h"
#include "ui/widgets/plot/plot_names.h"
#include "ui/widgets/plot/plot_picture.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

PlotSeries curve(const QString& name, Role role, int count, const std::function<double(double)>& y) {
    PlotSeries series{name, role};
    for (int i = 0; i < count; ++i) {
        series.x.push_back(i);
        series.y.push_back(y(i));
    }
    return series;
}

}  // namespace

class PlotTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void plotPlacesValuesAndReadsThem() {
        Plot plot("a plot");
        plot.resize(400, 200);
        PlotSeries series{"y", Role::series1};
        series.x = {0, 1, 2, 3, 4};
        series.y = {0, 2, 4, 6, 8};
        plot.setXRange(0, 4);
        plot.setYRange(std::pair(0.0, 8.0));
        plot.setSeries({series});
        QCOMPARE(plot.place(0, 0), plot.plotRect().bottomLeft());
        QCOMPARE(plot.place(4, 8), plot.plotRect().topRight());
        const QImage image = plot.grab().toImage();
        QVERIFY(inked(image, plot.place(2.5, 5), Theme::instance().color(Role::series1), 3) > 2);
        moveMouse(plot, plot.place(3, 1));
        QVERIFY(plot.crosshair().has_value());
        QCOMPARE(valueOf(plot), QStringLiteral("y 6.00"));
        QCOMPARE(plot.legend()->entries().front().value, QStringLiteral("6.00"));
    }

    void quietCurvesAreDrawnAndNotNamed() {
        Plot plot("a plot");
        plot.resize(400, 200);
        plot.setXRange(0, 4);
        plot.setYRange(std::pair(0.0, 8.0));
        PlotSeries loud = curve("loud", Role::series1, 5, [](double) { return 2; }),
                   quiet = curve("quiet", Role::muted, 5, [](double) { return 6; });
        quiet.quiet = true;
        plot.setSeries({loud, quiet});
        plot.setHand(1, "x = 1");
        QCOMPARE(plot.legend()->entries().size(), std::size_t{1});
        QCOMPARE(valueOf(plot), QStringLiteral("x = 1: loud 2.00"));
        QVERIFY(inked(plot.grab().toImage(), plot.place(3, 6), Theme::instance().color(Role::muted), 3) > 2);
    }

    void aSinglePointIsSeen() {
        for (const auto kind : {PlotScene::Kind::function, PlotScene::Kind::progress}) {
            Plot plot("a plot", kind);
            plot.resize(400, 200);
            plot.setXRange(0, 4);
            plot.setYRange(std::pair(0.0, 8.0));
            plot.setSeries({PlotSeries{.name = "y", .x = {2}, .y = {4}}});
            QVERIFY(inked(plot.grab().toImage(), plot.place(2, 4), Theme::instance().color(Role::series1), 3) > 2);
        }
    }

    void namesStandBesidePointsWhereThereIsRoom() {
        const auto picture = [](const std::vector<std::pair<std::size_t, QString>>& names) {
            Plot plot("a plot");
            plot.resize(400, 200);
            plot.setXRange(0, 4);
            plot.setYRange(std::pair(0.0, 8.0));
            PlotSeries points{.name = "y", .dots = true, .line = false, .x = {1, 1, 3}, .y = {4, 4, 2}};
            points.pointNames = names;
            plot.setSeries({points});
            return plot.grab().toImage();
        };
        const QImage none = picture({}), first = picture({{0, "the"}}), both = picture({{0, "the"}, {2, "wooden"}});
        QVERIFY(first != none);
        QVERIFY(both != first);
        QCOMPARE(picture({{0, "the"}, {2, QString(80, 'w')}}), first);  // wider than the plot
    }

    void namesStandAtTheEndsOfTheirCurves() {
        const auto room = [](const std::vector<PlotSeries>& series, bool atEnds) {
            Plot plot("a plot");
            plot.resize(400, 200);
            plot.setSeries(series);
            if (atEnds) plot.setNamesAtEnds();
            return std::pair(plot.plotRect(), plot.grab().toImage());
        };
        const auto rising = [](double by) { return [by](double x) { return 5 + by * x; }; };
        const std::vector<PlotSeries> apart{curve("upper", Role::series1, 9, rising(1)), curve("lower", Role::series2, 9, rising(-1))};
        const auto [plain, without] = room(apart, false);
        const auto [narrower, with] = room(apart, true);
        QVERIFY(narrower.right() < plain.right() - 20);
        const QColor ground = Theme::instance().color(Role::screen);
        const auto written = [&ground](const QImage& image, double right, double from, double to) {
            for (int y = static_cast<int>(from); y < static_cast<int>(to); ++y)
                for (int x = static_cast<int>(right) + 4; x < image.width(); ++x)
                    if (image.pixelColor(x, y) != ground) return true;
            return false;
        };
        const double middle = narrower.center().y();
        QVERIFY(written(with, narrower.right(), 0, 30) && written(with, narrower.right(), narrower.bottom() - 20, narrower.bottom() + 8));
        QVERIFY(!written(with, narrower.right(), middle - 30, middle + 30));
        // Names of curves that end in one place stand one below the other.
        const auto together = room({curve("one", Role::series1, 9, rising(0)), curve("two", Role::series2, 9, rising(0)),
                                    curve("up", Role::series3, 9, rising(1))},
                                   true);
        const double foot = together.first.bottom();
        QVERIFY(written(together.second, together.first.right(), foot - 10, foot + 8));
        QVERIFY(written(together.second, together.first.right(), foot - 26, foot - 12));
    }

    void handMovesByKeysAndMouse() {
        Plot plot("a plot");
        plot.resize(400, 200);
        PlotSeries series{"y", Role::series1};
        series.x = {-4, 4};
        series.y = {1, 1};
        plot.setXRange(-4, 4);
        plot.setSeries({series});
        plot.setHand(3, "m-n = 3");
        QSignalSpy moved(&plot, &Plot::handMoved);
        QTest::keyClick(&plot, Qt::Key_Right);
        QCOMPARE(moved.takeFirst().front().toDouble(), 4.0);
        QTest::keyClick(&plot, Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(moved.takeFirst().front().toDouble(), -4.0);
        QTest::mousePress(&plot, Qt::LeftButton, {}, plot.place(-2, 1).toPoint());
        QCOMPARE(moved.takeFirst().front().toDouble(), -2.0);
        QVERIFY(valueOf(plot).startsWith("m-n = 3: y 1.00"));
        plot.setHand(3, "m-n = 3", false);
        QTest::keyClick(&plot, Qt::Key_Right);
        QVERIFY(moved.isEmpty());
        QVERIFY(plot.crosshair().has_value());
    }

    void logarithmicAxesSpreadPowers() {
        Plot plot("a plot");
        plot.resize(400, 200);
        plot.setScales(AxisScale::linear, AxisScale::logarithmic);
        plot.setYRange(std::pair(1.0, 100.0));
        QVERIFY(std::abs(plot.place(0, 10).y() - plot.plotRect().center().y()) < 1e-9);
        plot.grab();
    }

    void keptPlotsLookLikeOthersWhateverChanges() {
        Plot kept("kept"), plain("plain");
        kept.show();  // what does not move is kept of a plot on the screen only
        const auto both = [&](const std::function<void(Plot&)>& change) {
            for (Plot* plot : {&kept, &plain}) change(*plot);
            return kept.grab().toImage() == plain.grab().toImage();
        };
        const auto seriesOf = [](double factor) {
            PlotSeries series{"curve"};
            for (int i = 0; i <= 20; ++i) {
                series.x.push_back(i);
                series.y.push_back(factor * std::sin(0.4 * i));
            }
            return std::vector{series};
        };
        QVERIFY(both([](Plot& plot) { plot.resize(320, 180); }));
        QVERIFY(both([&](Plot& plot) { plot.setXRange(0, 20), plot.setSeries(seriesOf(1)); }));
        const QImage first = kept.grab().toImage();
        QVERIFY(both([](Plot& plot) { plot.setHand(4, "x = 4"); }));
        QVERIFY(both([](Plot& plot) { plot.setHand(15, "x = 15"); }));
        QVERIFY(kept.grab().toImage() != first);
        QVERIFY(both([&](Plot& plot) { plot.setSeries(seriesOf(3)); }));
        QVERIFY(both([](Plot& plot) { plot.setShaded(std::pair(0.0, 9.0), "seen"); }));
        QVERIFY(both([](Plot& plot) { plot.setLevel(2.0, "level"); }));
        QVERIFY(both([](Plot& plot) { plot.setXTitle("tokens"); }));
        QVERIFY(both([](Plot& plot) { plot.resize(400, 150); }));
        Theme::instance().setMode(Theme::Mode::dark);
        QVERIFY(both([](Plot&) {}));
        Theme::instance().setMode(Theme::Mode::light);
        QVERIFY(both([](Plot&) {}));
    }

    void legendsInRowsShowEveryCurve() {
        PlotLegend legend;
        std::vector<PlotLegend::Entry> entries;
        for (const char* name : {"one", "two", "three", "four", "five", "six"}) entries.push_back({name, Role::series1, false, {}, {}});
        legend.setEntries(entries);
        const QSize row = legend.sizeHint();
        legend.setRows(2);
        QCOMPARE(legend.sizeHint().height(), 2 * row.height());
        QVERIFY(legend.sizeHint().width() < row.width());
    }

    void aNarrowLegendNamesEveryCurve() {
        PlotLegend legend;
        std::vector<PlotLegend::Entry> entries;
        for (int run = 1; run <= 8; ++run)
            entries.push_back({QStringLiteral("%1 of the eight runs").arg(run), Role::series1, false, "0.123", {}});
        legend.setEntries(entries);
        legend.resize(legend.sizeHint());
        QVERIFY(!legend.shownNames().join(QString()).contains(QChar(0x2026)));
        for (const int width : {900, 600, 440}) {
            legend.resize(width, legend.height());
            const QStringList names = legend.shownNames();
            QCOMPARE(names.size(), qsizetype{8});
            for (int run = 1; run <= 8; ++run)
                QVERIFY(names[run - 1].startsWith(QString::number(run)) && names[run - 1].endsWith(QChar(0x2026)));
            const QImage image = legend.grab().toImage();
            bool ink = false;  // of the last entry's sample
            for (int x = width - width / 8; x < width; ++x)
                ink |= image.pixelColor(x, legend.height() / 2) == Theme::instance().color(Role::series1);
            QVERIFY(ink);
        }
    }

    void longCurvesKeepTheirExtremesInAFewPointsAPx() {
        const PlotField field{{0, 0, 200, 100}, {AxisScale::linear, 0, 99999}, {AxisScale::linear, -1, 9}};
        const PlotSeries series = curve({}, Role::series1, 100000, [](double x) { return x == 43710 ? 9 : std::sin(x); });
        const QPolygonF points = field.points(series.values());
        QVERIFY(points.size() <= 2 * 200 + 4);
        QVERIFY(points.contains(field.place(43710, 9)));
        QCOMPARE(points.front(), field.place(0, 0));
        QCOMPARE(points.back(), field.place(99999, series.y.back()));
        QVERIFY(field.sparsePoints(series.values()).size() <= 103);
        // A part of it costs no more, and begins before its left end.
        PlotField part = field;
        part.x = {AxisScale::linear, 500, 510};
        QCOMPARE(part.points(series.values()).size(), 13);
    }

    void axesZoomAroundAPlaceAndPan() {
        for (const AxisScale scale : {AxisScale::linear, AxisScale::logarithmic}) {
            PlotAxis axis{scale, 1, 100};
            const double before = axis.share(20);
            axis.zoom(0.5, 20);
            QVERIFY(std::abs(axis.share(20) - before) < 1e-12);
            QVERIFY(axis.low > 1 && axis.high < 100);
            const double next = axis.at(1.25);
            axis.pan(0.25);
            QVERIFY(std::abs(axis.high - next) < 1e-9);
        }
    }

    void curvesOfATrainingAreReadAtTheirLastValuesAndByKeys() {
        Plot plot("runs", PlotScene::Kind::progress);
        plot.resize(400, 200);
        plot.setFlag([](double x) { return QString("step %1").arg(std::lround(x)); });
        plot.setSeries(
            {curve("a", Role::series1, 101, [](double x) { return x; }), curve("b", Role::series2, 51, [](double) { return 3; })});
        QCOMPARE(valueOf(plot), QStringLiteral("a 100.00, b 3.00"));
        QSignalSpy moved(&plot, &Plot::crosshairMoved);
        QTest::keyClick(&plot, Qt::Key_Left);
        QCOMPARE(valueOf(plot), QStringLiteral("step 99: a 99.00, b \u2013"));
        QTest::keyClick(&plot, Qt::Key_Left, Qt::ShiftModifier);
        QVERIFY(std::abs(*plot.crosshair() - 89) < 1e-9);
        QTest::keyClick(&plot, Qt::Key_Home);
        QCOMPARE(*plot.crosshair(), 0.0);
        QTest::keyClick(&plot, Qt::Key_End);
        QCOMPARE(*plot.crosshair(), 100.0);
        QCOMPARE(moved.size(), 4);
        QTest::keyClick(&plot, Qt::Key_Escape);
        QVERIFY(!plot.crosshair());
    }

    void paperShowsWhatTheScreenShowsWithoutTheCrosshair() {
        Plot plot("runs", PlotScene::Kind::progress);
        plot.resize(400, 200);
        plot.setLevel(20, "chance");
        plot.setSeries({curve("a", Role::series1, 101, [](double x) { return x; })});
        const QImage screen = plot.grab().toImage().convertToFormat(QImage::Format_RGB32);
        plot.setCrosshair(50);
        QVERIFY(plot.grab().toImage().convertToFormat(QImage::Format_RGB32) != screen);
        QImage paper(plot.size(), QImage::Format_RGB32);
        paper.fill(Theme::instance().color(Role::screen));
        QPainter painter(&paper);
        paintPlot(painter, plot.rect(), plot.scene());
        painter.end();
        QCOMPARE(paper, screen);
    }

    void wordsOfLevelsLieOnNoCurve() {
        Plot plot("a plot");
        plot.resize(400, 200);
        plot.setXRange(0, 100);
        plot.setYRange(std::pair(0.0, 10.0));
        plot.setSeries({curve({}, Role::series1, 101, [](double x) { return x > 50 ? 5.4 : 1; })});
        const auto picture = [&](const QString& words) {
            plot.setLevel(5, words);
            return plot.grab().toImage();
        };
        const QImage named = picture("a guess"), nameless = picture({});
        QVERIFY(named != nameless);
        const QRect aroundTheCurve(plot.place(52, 7).toPoint(), plot.place(100, 5.05).toPoint());
        QCOMPARE(named.copy(aroundTheCurve), nameless.copy(aroundTheCurve));
    }

    void linesEndAtTheAxesWithoutClipping() {
        PlotScene scene;
        scene.xRange = {20, 40};
        scene.yRange = {0, 10};
        scene.series = {curve("wave", Role::series1, 100, [](double x) { return 5 + 50 * std::sin(x); })};
        QImage image(300, 200, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        const PlotPicture picture(scene, scene.xAxis(), scene.yAxis(), image.rect());
        picture.paint(painter);
        QVERIFY(!painter.hasClipping());
        painter.end();
        const QRectF room = picture.field().room.adjusted(-6, -6, 6, 6);
        int inside = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                if (image.pixelColor(x, y) == Theme::instance().color(Role::series1)) {
                    QVERIFY(room.contains(QPointF(x, y)));
                    ++inside;
                }
        QVERIFY(inside > 100);
    }

    void labelsOfAnAxisDoNotTouch_data() {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<int>("height");
        QTest::addColumn<QStringList>("kept");
        // 4e3 lies close below 1e4 here; a power of ten goes first.
        QTest::newRow("a mark below a power") << 3.6e3 << 3e11 << 190 << QStringList{"1e4", "1e11"};
        QTest::newRow("a mark above a power") << 1e4 << 2.4e11 << 150 << QStringList{"1e4", "1e11"};
        QTest::newRow("more powers than lines") << 1e-9 << 1e30 << 160 << QStringList{QStringLiteral("1e\u22129")};
        QTest::newRow("less than two powers") << 0.9 << 9.9 << 110 << QStringList{"1", "2", "5"};
        QTest::newRow("room for all") << 3.6e3 << 3e5 << 300 << QStringList{"4e3", "1e4", "1e5", "3e5"};
    }
    /// A logarithmic axis upright and one lying: the rectangles of their letters are apart, wherever the ends of the range stand.
    void labelsOfAnAxisDoNotTouch() {
        QFETCH(double, low);
        QFETCH(double, high);
        QFETCH(int, height);
        QFETCH(QStringList, kept);
        for (const double scale : {1.0, 2.0}) {
            Theme::instance().setScale(scale);
            Plot plot("a plot");
            plot.resize(Theme::instance().px(240), Theme::instance().px(height));
            plot.setScales(AxisScale::logarithmic, AxisScale::logarithmic);
            plot.setXRange(64, 131072);
            plot.setYRange(std::pair(low, high));
            plot.setSeries({PlotSeries{.name = "y", .x = {64, 131072}, .y = {low, high}}});
            const std::vector<PaintedText> texts = paintedTexts(plot);
            QVERIFY(texts.size() > 4);
            for (std::size_t i = 0; i < texts.size(); ++i)
                for (std::size_t j = i + 1; j < texts.size(); ++j)
                    QVERIFY2(!texts[i].ink.intersects(texts[j].ink), qPrintable(texts[i].text + " / " + texts[j].text));
            for (const QString& text : kept) QVERIFY2(std::ranges::find(texts, text, &PaintedText::text) != texts.end(), qPrintable(text));
        }
        Theme::instance().setScale(1);
    }

    void namesLieOnNoCurveAndNotOnEachOther() {
        Plot plot("runs", PlotScene::Kind::progress);
        plot.resize(600, 300);
        std::vector<PlotSeries> series;
        for (int i = 0; i < 4; ++i)
            series.push_back(
                curve(QString("run %1").arg(i), Role::series1, 100, [i](double x) { return 1 + i + 0.1 * std::sin(x / 5 + i); }));
        NameField field{plot.plotRect(), 3, {}, {}};
        plot.setSeries(series);
        const PlotField axes = PlotPicture(plot.scene(), plot.scene().xAxis(), plot.scene().yAxis(), plot.rect()).field();
        for (const PlotSeries& each : series) field.tracks.push_back(trackOf(axes, each.values()));
        for (std::size_t i = 0; i < series.size(); ++i) {
            std::optional<std::pair<int, bool>> last;
            const auto place = placeName(field, field.tracks[i], {40, 14}, last);
            QVERIFY(place);
            for (const QRectF& other : field.taken) QVERIFY(!place->intersects(other));
            for (const PlotSeries& each : series)
                for (double x = place->left(); x <= place->right(); x += 2) {
                    const double y = axes.yOf(*each.values().valueAt(axes.xAt(x)));
                    QVERIFY(y <= place->top() || y >= place->bottom());
                }
            field.taken.push_back(*place);
        }
    }
};

QTEST_MAIN(PlotTest)
#include "plot_test.moc"
