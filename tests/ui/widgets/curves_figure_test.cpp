#include "ui/widgets/curves_figure.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "ui/widgets/clipped_line.h"
#include "ui/widgets/figure_file.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

std::vector<MetricsRow> training(int steps, double slowness) {
    std::vector<MetricsRow> rows;
    for (int step = 1; step <= steps; ++step) {
        MetricsRow row;
        row.step = step;
        row.trainLoss = 2.3 * std::exp(-step / slowness) + 0.05 * std::sin(step);
        row.trainAccuracy = 1 - std::exp(-step / slowness);
        if (step % 50 == 0) {
            row.validationLoss = row.trainLoss;
            row.validationAccuracy = row.trainAccuracy;
        }
        row.learningRate = 0.001 * (1 - double(step) / steps);
        row.gradientNorm = 1 + 0.3 * std::cos(3 * step);
        rows.push_back(row);
    }
    return rows;
}

QImage imageOf(const std::vector<MetricsRow>& rows, double dots) {
    return figureImage(*metricsFigure(rows, "Accuracy", "Reverse: training", "metrics.csv."), {dots, false});
}

}  // namespace

class CurvesFigureTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void drawsTheCurves() {
        const QImage image = imageOf(training(1000, 200), 1);
        QVERIFY(image.width() > 800 && image.height() > 500);
        const QRgb blue = Theme::instance().color(Role::series1).rgb();
        int pixels = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x) pixels += image.pixel(x, y) == blue;
        QVERIFY2(pixels > 500, qPrintable(QString::number(pixels)));
    }

    void otherNumbersMakeAnotherPicture() {
        QVERIFY(imageOf(training(100, 20), 1) != imageOf(training(100, 30), 1));
        QCOMPARE(imageOf(training(100, 20), 1), imageOf(training(100, 20), 1));
    }

    void vectorsHoldTextAndNoPicture() {
        const auto figure = metricsFigure(training(20000, 200), "Accuracy", "Reverse: training", "metrics.csv.");
        const QByteArray svg = figureBytes(*figure, FigureFormat::svg);
        for (const char* text : {">Reverse: training<", ">Loss<", ">Gradient norm<", ">validation<", "at step 20"})
            QVERIFY2(svg.contains(text), text);
        QVERIFY(!svg.contains("<image"));
        QVERIFY2(svg.size() < 1000000, qPrintable(QString::number(svg.size())));
        QVERIFY(figureBytes(*figure, FigureFormat::pdf).contains("/ToUnicode"));
    }

    void numbersAreTheMetricsThemselves() {
        const auto rows = training(60, 20);
        const auto figure = metricsFigure(rows, "Accuracy", "a", "b");
        QTemporaryDir folder;
        const std::filesystem::path path = std::filesystem::path(folder.path().toStdString()) / "m.csv";
        writeFigure(path, *figure, FigureFormat::csv);
        QVERIFY(readMetrics(path) == rows);
        figure->sequenceAccuracy.assign(rows.size(), 0.5);
        writeFigure(path, *figure, FigureFormat::csv);
        QVERIFY(readMetrics(path) == rows);
        QVERIFY(csvText(figure->table()).find("train_sequence_accuracy\n") != std::string::npos);
    }

    void linesStayInTheirRoom() {
        const QRectF room(0, 0, 10, 10);
        const auto parts = clippedLine({QPointF(-5, 5), QPointF(5, 5), QPointF(5, 20), QPointF(8, 20), QPointF(8, 1)}, room);
        QCOMPARE(parts.size(), std::size_t(2));
        QCOMPARE(parts[0], QPolygonF({QPointF(0, 5), QPointF(5, 5), QPointF(5, 10)}));
        QCOMPARE(parts[1], QPolygonF({QPointF(8, 10), QPointF(8, 1)}));
        QCOMPARE(clippedLine({QPointF(1, 1), QPointF(2, std::nan("")), QPointF(3, 1), QPointF(4, 1)}, room).size(), std::size_t(1));
    }

    void thinningKeepsTheExtremes() {
        QPolygonF line;
        for (int i = 0; i < 1000; ++i) line << QPointF(i / 100.0, i == 437 ? 99 : i % 7);
        const QPolygonF thin = thinnedLine(line, 2);
        QVERIFY(thin.size() <= 20 * 4 && thin.contains(QPointF(4.37, 99)) && thin.front() == line.front() && thin.back() == line.back());
    }

    void twoDotsAPixelDoubleTheSize() {
        const std::vector<MetricsRow> rows = training(10, 5);
        QCOMPARE(imageOf(rows, 2).size(), imageOf(rows, 1).size() * 2);
    }
};

QTEST_MAIN(CurvesFigureTest)
#include "curves_figure_test.moc"
