#include "ui/widgets/metrics_figure.h"

#include <QTest>
#include <cmath>

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

}  // namespace

class MetricsFigureTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void drawsTheCurves() {
        const QImage image = metricsImage(training(1000, 200), "Reverse: training", "metrics.csv.", 1);
        QVERIFY(image.width() > 800 && image.height() > 500);
        const QRgb blue = Theme::instance().color(Role::series1).rgb();
        int pixels = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x) pixels += image.pixel(x, y) == blue;
        QVERIFY2(pixels > 500, qPrintable(QString::number(pixels)));
    }

    void otherNumbersMakeAnotherPicture() {
        QVERIFY(metricsImage(training(100, 20), "a", "b", 1) != metricsImage(training(100, 30), "a", "b", 1));
        QCOMPARE(metricsImage(training(100, 20), "a", "b", 1), metricsImage(training(100, 20), "a", "b", 1));
    }

    void twoDotsAPixelDoubleTheSize() {
        const std::vector<MetricsRow> rows = training(10, 5);
        QCOMPARE(metricsImage(rows, "a", "b", 2).size(), metricsImage(rows, "a", "b", 1).size() * 2);
    }
};

QTEST_MAIN(MetricsFigureTest)
#include "metrics_figure_test.moc"
