#include "ui/widgets/map/map_figure.h"

#include <QDir>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "ui/widgets/figure_file.h"
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
        QCOMPARE(figureImage(figure, {2, false}).size(), (figure.size() * 2).toSize());
        QVERIFY(figure.size().width() < 700);
    }

    void vectorsHoldTextAndARectangleForEachCell() {
        const auto rectangles = [](int n) { return figureBytes(figureOf(n, 1, 1), FigureFormat::svg).count("<rect"); };
        QCOMPARE(rectangles(16) - rectangles(4), qsizetype(16 * 16 - 4 * 4));
        QCOMPARE(rectangles(64) - rectangles(4), qsizetype(64 * 64 - 4 * 4));
        const QByteArray svg = figureBytes(figureOf(16, 2, 2), FigureFormat::svg);
        for (const char* text : {">Reverse: attention weights<", ">layer 0, head 1<", ">query<", ">key<", ">weight<", ">.25<", "step 3"})
            QVERIFY2(svg.contains(text), text);
        QVERIFY(!svg.contains("<image"));
    }

    void columnsOfAPageAreAsWideAsTheySay() {
        const MapFigure figure = figureOf(16, 4, 4);
        for (const FigureWidth width : {FigureWidth::oneColumn, FigureWidth::twoColumns}) {
            FigureStyle style;
            style.sheet.width = width;
            const double millimetres = style.sheet.millimetres();
            QVERIFY(figureBytes(figure, FigureFormat::svg, style)
                        .contains(QByteArray("<svg width=\"%1mm\"").replace("%1", QByteArray::number(millimetres))));
            const QImage image = figureImage(figure, style);
            QVERIFY(std::abs(image.width() * 1000.0 / image.dotsPerMeterX() - millimetres) < 0.2);
        }
    }

    /// 11 px of a picture 84 mm wide are 8 pt, 7 px are 5 pt.
    void everyTokenStandsInAColumnInReadableLetters_data() {
        QTest::addColumn<int>("tokens");
        QTest::newRow("16") << 16;
        QTest::newRow("32") << 32;
    }

    void everyTokenStandsInAColumnInReadableLetters() {
        QFETCH(int, tokens);
        MapFigure figure = figureOf(tokens, 1, 1);
        for (int i = 0; i < tokens; ++i) figure.panels[0].columnLabels[i] = QString("w%1").arg(i);
        FigureStyle style;
        style.sheet.width = FigureWidth::oneColumn;
        const QString svg = QString::fromUtf8(figureBytes(figure, FigureFormat::svg, style));
        for (int i = 0; i < tokens; ++i) QVERIFY2(svg.contains(QString(">w%1<").arg(i)), qPrintable(QString::number(i)));
        const QRegularExpression size("<text[^>]*font-size=\"([0-9.]+)\"");
        auto found = size.globalMatch(svg);
        QVERIFY(found.hasNext());
        while (found.hasNext()) {
            const double pixels = found.next().captured(1).toDouble();
            QVERIFY2(pixels >= smallestLabelPixels && pixels <= printTextPixels, qPrintable(QString::number(pixels)));
        }
    }

    void titleAndCaptionMayBeLeftOut() {
        const MapFigure figure = figureOf(8, 1, 1);
        FigureStyle bare;
        bare.sheet.words = false;
        const QByteArray svg = figureBytes(figure, FigureFormat::svg, bare);
        QVERIFY(!svg.contains(">Reverse: attention weights</text>") && svg.contains(">query<"));
        QVERIFY(figure.size(bare.sheet).height() < figure.size().height());
    }

    void whatIsMaskedIsHatched() {
        const auto pictureOf = [](float score) {
            MapFigure figure = figureOf(4, 1, 1);
            auto scores = std::make_shared<std::vector<float>>(16, 0.0F);
            (*scores)[1] = score;
            figure.panels[0].data.allowedScores = std::shared_ptr<const float>(scores, scores->data());
            return figureBytes(figure, FigureFormat::svg);
        };
        const QByteArray plain = pictureOf(0.0F), masked = pictureOf(-std::numeric_limits<float>::infinity());
        QVERIFY(!plain.contains(">masked<") && masked.contains(">masked<"));
        const QByteArray hatch = Theme::instance().color(Role::hairline).name().toUtf8();
        QVERIFY(masked.count(hatch) > plain.count(hatch));
    }

    void largeMapsAreOnePicture() {
        const QByteArray svg = figureBytes(figureOf(100, 1, 1), FigureFormat::svg);
        QCOMPARE(svg.count("<image"), qsizetype(1));
    }

    void pdfHoldsTextOnOnePage() {
        const QByteArray pdf = figureBytes(figureOf(16, 2, 2), FigureFormat::pdf);
        QVERIFY(pdf.startsWith("%PDF-1.") && pdf.trimmed().endsWith("%%EOF"));
        QVERIFY(pdf.contains("/ToUnicode") && pdf.contains("/Count 1") && !pdf.contains("/Subtype /Image"));
    }

    void paperIsLightWhateverTheWindowShows() {
        const MapFigure figure = figureOf(8, 1, 1);
        const QImage light = figureImage(figure);
        Theme::instance().setMode(Theme::Mode::dark);
        Theme::instance().setScale(1.5);
        const QImage fromDark = figureImage(figure);
        const bool stillDark = Theme::instance().dark() && Theme::instance().scale() == 1.5;
        Theme::instance().setScale(1);
        Theme::instance().setMode(Theme::Mode::light);
        QVERIFY(stillDark && fromDark == light);
        QVERIFY(figureImage(figure, {2, true}) != light);
    }

    void tableHoldsEveryCell() {
        MapFigure figure = figureOf(3, 1, 1);
        auto values = std::make_shared<std::vector<float>>(std::vector<float>{0.1F, 0.2F, 0.7F, 1e-9F, 1, 0, 0.25F, 0.25F, 0.5F});
        figure.panels[0].data.values = std::shared_ptr<const float>(values, values->data());
        figure.panels[0].rowLabels = {"a,b", "\"", "c"};
        figure.panels[0].block = "encoder.0.attention";
        const std::string csv = csvText(figure.table());
        QVERIFY2(csv.starts_with("block,layer,head,query,query_token,key,key_token,allowed,weight\n"
                                 "encoder.0.attention,0,0,0,\"a,b\",0,0,1,0.1\n"),
                 csv.c_str());
        QVERIFY2(
            csv.find("encoder.0.attention,0,0,1,\"\"\"\",0,0,1,1e-09\n") != std::string::npos || csv.find(",1,1e-9\n") != std::string::npos,
            csv.c_str());
        QCOMPARE(std::count(csv.begin(), csv.end(), '\n'), 10);
    }

    void whatCannotBeWrittenIsSaidAndNothingIsLost() {
        QTemporaryDir folder;
        const QString old = folder.filePath("old.svg");
        QFile file(old);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("kept") == 4);
        file.close();
        const auto message = [](const QString& path) -> std::string {
            try {
                writeFigure(pathFromUtf8(path.toStdString()), figureOf(4, 1, 1), FigureFormat::svg);
            } catch (const InputError& error) {
                return error.what();
            }
            return {};
        };
        QVERIFY(message(folder.filePath("gone/new.svg")).find("new.svg: cannot be written: ") != std::string::npos);
        QVERIFY(message("/dev/full").find("/dev/full: cannot be written: No space left") != std::string::npos);
        QVERIFY(message(old).empty());
        QVERIFY(file.open(QIODevice::ReadOnly) && file.readAll().startsWith("<?xml"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
    }

    void panelsStandInTheirGrid() {
        const QSizeF one = figureOf(16, 2, 2).size(), wide = figureOf(16, 4, 4).size(), square = figureOf(16, 4, 2).size();
        QVERIFY(wide.width() > one.width() && wide.height() == one.height());
        QVERIFY(square.width() == one.width() && square.height() > one.height());
    }

    void cellsShowTheirValues() {
        const MapFigure figure = figureOf(16, 2, 2);
        const QImage image = figureImage(figure, {1, false});
        const int full = count(image, figure.scaling.color(1.0));
        // Two maps of 16 cells of 14 x 14 px, less what frames cover.
        QVERIFY2(full > 2 * 16 * 14 * 14 * 8 / 10, qPrintable(QString::number(full)));
    }

    void aChangedNumberChangesThePicture() {
        MapFigure figure = figureOf(8, 1, 1);
        const QImage before = figureImage(figure, {1, false});
        auto values = std::make_shared<std::vector<float>>(64, 0.125F);
        figure.panels[0].data.values = std::shared_ptr<const float>(values, values->data());
        QVERIFY(figureImage(figure, {1, false}) != before);
    }

    void longSequencesStayWithinReason() {
        const MapFigure figure = figureOf(600, 1, 1);
        QVERIFY(figure.size().width() < 900);
        QVERIFY(!figureImage(figure, {1, false}).isNull());
    }
};

QTEST_MAIN(MapFigureTest)
#include "map_figure_test.moc"
