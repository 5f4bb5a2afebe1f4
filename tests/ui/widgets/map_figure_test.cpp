#include "ui/widgets/map_figure.h"

#include <QTest>

#include "ui/widgets/theme.h"

using namespace lab;

namespace {

/// n x n weights with all of them on the anti-diagonal.
MapPanel mirror(int n, const QString& title) {
    auto values = std::make_shared<std::vector<float>>(static_cast<std::size_t>(n) * n, 0.0F);
    for (int i = 0; i < n; ++i) (*values)[static_cast<std::size_t>(i) * n + (n - 1 - i)] = 1.0F;
    MapPanel panel;
    panel.title = title;
    panel.data = {n, n, std::shared_ptr<const float>(values, values->data()), nullptr};
    for (int i = 0; i < n; ++i) {
        panel.rowLabels += QString::number(i % 10);
        panel.columnLabels += QString::number(i % 10);
    }
    return panel;
}

MapFigure figureOf(int n, int panels, int columns) {
    MapFigure figure;
    figure.title = "Reverse: attention weights";
    figure.caption = "Reverse, step 3 900. Input 3 1 4 1 5 9 2 6.";
    figure.quantity = "weight";
    figure.columns = columns;
    for (int i = 0; i < panels; ++i) figure.panels.push_back(mirror(n, QString("layer 0, head %1").arg(i)));
    return figure;
}

/// Pixels of the picture that have this colour.
int count(const QImage& image, QRgb color) {
    int pixels = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) pixels += image.pixel(x, y) == color;
    return pixels;
}

}  // namespace

class MapFigureTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void sizeFollowsTheDots() {
        const MapFigure figure = figureOf(8, 1, 1);
        QCOMPARE(figure.image(2).size(), (figure.size() * 2).toSize());
        QVERIFY(figure.size().width() < 700);
    }

    void panelsStandInTheirGrid() {
        const QSizeF one = figureOf(16, 2, 2).size(), wide = figureOf(16, 4, 4).size(), square = figureOf(16, 4, 2).size();
        QVERIFY(wide.width() > one.width() && wide.height() == one.height());
        QVERIFY(square.width() == one.width() && square.height() > one.height());
    }

    void cellsShowTheirValues() {
        const MapFigure figure = figureOf(16, 2, 2);
        const QImage image = figure.image(1);
        const int full = count(image, figure.scaling.color(1.0));
        // Two maps of 16 cells of 14 x 14 px, less what frames cover.
        QVERIFY2(full > 2 * 16 * 14 * 14 * 8 / 10, qPrintable(QString::number(full)));
    }

    void aChangedNumberChangesThePicture() {
        MapFigure figure = figureOf(8, 1, 1);
        const QImage before = figure.image(1);
        auto values = std::make_shared<std::vector<float>>(64, 0.125F);
        figure.panels[0].data.values = std::shared_ptr<const float>(values, values->data());
        QVERIFY(figure.image(1) != before);
    }

    void longSequencesStayWithinReason() {
        const MapFigure figure = figureOf(600, 1, 1);
        QVERIFY(figure.size().width() < 900);
        QVERIFY(!figure.image(1).isNull());
    }
};

QTEST_MAIN(MapFigureTest)
#include "map_figure_test.moc"
