#include "ui/widgets/export_panel.h"

#include <QApplication>
#include <QBuffer>
#include <QCheckBox>
#include <QClipboard>
#include <QDir>
#include <QImageReader>
#include <QMimeData>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/errors.h"
#include "core/base/random.h"
#include "tests/patience.h"
#include "ui/widgets/animated_gif.h"
#include "ui/widgets/animated_png.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/row_figure.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

MapPanel panelOf(float lift) {
    auto values = std::make_shared<std::vector<float>>(std::vector<float>{0.25F + lift, 0.75F - lift, 1.0F, 0.0F});
    MapPanel panel;
    panel.title = "layer 0, head 0";
    panel.block = "encoder.0.attention";
    panel.data = {2, 2, std::shared_ptr<const float>(values, values->data()), nullptr};
    panel.rowLabels = panel.columnLabels = {"a", "b"};
    return panel;
}

std::unique_ptr<Figure> mapOf(float lift) {
    auto figure = std::make_unique<MapFigure>();
    figure->title = "Reverse";
    figure->caption = "Reverse, step 10.";
    figure->quantity = "weight";
    figure->panels.push_back(panelOf(lift));
    return figure;
}

/// Three steps, each made a moment after it is asked for.
class ThreeSteps : public FilmSource {
public:
    int count() const override { return 3; }
    std::int64_t stepOf(int frame) const override { return 10 * frame; }
    void request(int frame) override {
        QMetaObject::invokeMethod(
            this, [this, frame] { emit ready(std::shared_ptr<const Figure>(mapOf(0.2F * static_cast<float>(frame)))); },
            Qt::QueuedConnection);
    }
};

std::vector<FigureOffer> offers() {
    return {{"All heads", "reverse-step-10-maps", [] { return mapOf(0); }, [] { return std::make_unique<ThreeSteps>(); }},
            {"Row", "reverse-step-10-row", [] {
                 auto figure = std::make_unique<RowFigure>();
                 figure->title = "Reverse";
                 figure->panel = panelOf(0);
                 figure->sum = 1;
                 return figure;
             }}};
}

QByteArray content(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class ExportPanelTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("attention-lab-test");
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void init() {
        m_panel = std::make_unique<ExportPanel>(offers);
        m_panel->show();
    }

    void theFolderProposedExists_data() {
        QTest::addColumn<QString>("lastUsed");
        QTest::newRow("never exported") << QString();
        QTest::newRow("the last folder has vanished") << m_folder.filePath("vanished");
        QTest::newRow("the last folder is there") << m_folder.path();
    }

    void theFolderProposedExists() {
        QFETCH(QString, lastUsed);
        QSettings().setValue("export/folder", lastUsed);
        ExportPanel panel(offers);
        panel.show();
        const QFileInfo proposed(panel.path());
        QVERIFY2(proposed.dir().exists(), qPrintable(panel.path()));
        QCOMPARE(proposed.absolutePath() == lastUsed, QFileInfo(lastUsed).isDir());
        QSettings().remove("export/folder");
    }

    void suggestsANameAndSavesEachFormat() {
        QVERIFY(m_panel->path().endsWith("reverse-step-10-maps.svg"));
        m_panel->setPath(m_folder.filePath("a.svg"));
        const QByteArray beginnings[] = {"<?xml", "%PDF-1.", "\x89PNG", "block,layer,head"};
        for (int i = 0; i < 4; ++i) {
            m_panel->choose(0, static_cast<ExportPanel::Choice>(i));
            m_panel->save();
            QVERIFY2(m_panel->problem().isEmpty(), qPrintable(m_panel->problem()));
            QVERIFY(m_panel->result().contains(m_panel->path()));
            QVERIFY(content(m_panel->path()).startsWith(beginnings[i]));
        }
        QVERIFY(m_panel->path().endsWith("a.csv"));
    }

    void aPictureIsAsWideAsAColumnAndBareWhenAsked() {
        m_panel->setPath(m_folder.filePath("column.svg"));
        const auto widths = m_panel->findChildren<SegmentedControl*>();
        const auto width = std::find_if(widths.begin(), widths.end(), [](auto* control) { return control->accessibleName() == "Width"; });
        QVERIFY(width != widths.end());
        (*width)->setCurrent(static_cast<int>(FigureWidth::oneColumn));
        for (QCheckBox* box : m_panel->findChildren<QCheckBox*>())
            if (box->accessibleName() == "With title and caption") box->click();
        m_panel->save();
        const auto figure = offers()[0].make();
        FigureStyle style;
        style.sheet = {FigureWidth::oneColumn, false};
        QCOMPARE(content(m_folder.filePath("column.svg")), figureBytes(*figure, FigureFormat::svg, style));
        QVERIFY(content(m_folder.filePath("column.svg")).contains("width=\"84mm\""));
    }

    void aFileIsReplacedOnlyWhenAsked() {
        const QString path = m_folder.filePath("kept.svg");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("kept") == 4);
        file.close();
        m_panel->setPath(path);
        m_panel->save();
        QVERIFY(m_panel->problem().contains("stays as it is"));
        QCOMPARE(content(path), QByteArray("kept"));
        for (Button* button : m_panel->findChildren<Button*>())
            if (button->text() == "Replace") button->click();
        QVERIFY(m_panel->problem().isEmpty() && content(path).startsWith("<?xml"));
    }

    /// While a run trains the name proposed follows its step.
    void whatWasSavedIsReadWhileTheNameFollowsTheStep() {
        QSettings().setValue("export/folder", m_folder.path());
        int step = 10;
        ExportPanel panel([&step] {
            std::vector<FigureOffer> all = offers();
            for (FigureOffer& offer : all) offer.fileName.replace("10", QString::number(step));
            return all;
        });
        panel.show();
        panel.save();
        const QString saved = panel.path();
        QVERIFY(saved.endsWith("reverse-step-10-maps.svg") && panel.result().contains(saved));
        step = 20;
        panel.sync();
        QVERIFY(panel.path().endsWith("reverse-step-20-maps.svg"));
        QVERIFY(panel.result().contains(saved));
        panel.setPath(m_folder.filePath("b.svg"));
        QCOMPARE(panel.result(), QString());
        QSettings().remove("export/folder");
    }

    /// An offer to replace one file does not become one to replace another.
    void anOfferToReplaceGoesWithItsName() {
        QSettings().setValue("export/folder", m_folder.path());
        QString name = "again-1";
        ExportPanel panel([&name] {
            std::vector<FigureOffer> all = offers();
            for (FigureOffer& offer : all) offer.fileName = name;
            return all;
        });
        panel.show();
        panel.save();
        panel.save();
        QVERIFY(panel.problem().contains("stays as it is"));
        name = "again-2";
        panel.sync();
        QCOMPARE(panel.problem(), QString());
        QSettings().remove("export/folder");
    }

    void whatCannotBeWrittenIsOneSentence_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("reason");
        QTest::newRow("vanished folder") << m_folder.filePath("gone/a.svg") << "No such file or directory";
        QTest::newRow("not a folder") << "/dev/null/a.svg"
                                      << "Not a directory";
        QTest::newRow("no such place") << "/proc/a.svg"
                                       << "cannot be written";
    }

    void whatCannotBeWrittenIsOneSentence() {
        QFETCH(QString, path);
        QFETCH(QString, reason);
        m_panel->setPath(path);
        m_panel->save();
        QVERIFY2(m_panel->problem().contains(reason) && m_panel->problem().contains("a.svg"), qPrintable(m_panel->problem()));
        QVERIFY(m_panel->result().isEmpty());
    }

    void copiesPictureAndNumbers() {
        m_panel->choose(1, ExportPanel::Choice::png);
        m_panel->copyPicture();
        const QImage image = QApplication::clipboard()->image();
        const auto figure = offers()[1].make();
        QCOMPARE(image.size(), figureImage(*figure).size());
        QVERIFY(QApplication::clipboard()->mimeData()->data("image/svg+xml").contains(">sum 1.000<"));
        m_panel->copyTable();
        QVERIFY(QApplication::clipboard()->text().endsWith("\t0\ta\t1\tb\t1\t0.75\n"));
    }

    void framesAreNamedByTheirSteps() {
        m_panel->setPath(m_folder.filePath("frames"));
        m_panel->choose(0, ExportPanel::Choice::frames);
        m_panel->save();
        QVERIFY(m_panel->filming());
        QTRY_VERIFY(!m_panel->filming());
        QVERIFY2(m_panel->problem().isEmpty(), qPrintable(m_panel->problem()));
        const QDir frames(m_folder.filePath("frames"));
        QCOMPARE(frames.entryList(QDir::Files), (QStringList{"step-000000000.png", "step-000000010.png", "step-000000020.png"}));
        QVERIFY(QImage(frames.filePath("step-000000010.png")) != QImage(frames.filePath("step-000000020.png")));
    }

    void aFilmIsOneAnimatedFile() {
        m_panel->setPath(m_folder.filePath("film.png"));
        m_panel->choose(0, ExportPanel::Choice::film);
        m_panel->save();
        QTRY_VERIFY(!m_panel->filming());
        const QByteArray film = content(m_folder.filePath("film.png"));
        QCOMPARE(film.count("acTL"), qsizetype(1));
        QCOMPARE(film.count("fcTL"), qsizetype(3));
        QImage first(m_folder.filePath("film.png"));
        first.setDevicePixelRatio(2);
        QCOMPARE(first, figureImage(*mapOf(0)));
    }

    void aGifHasEveryPictureWithItsTimeAndItsColours() {
        m_panel->setPath(m_folder.filePath("film"));
        m_panel->choose(0, ExportPanel::Choice::film);
        m_panel->setFilm(FilmFormat::gif);
        QVERIFY(m_panel->path().endsWith("film.gif"));
        m_panel->setFilmCut(0, 20, 3, 1.5);
        m_panel->save();
        QTRY_VERIFY(!m_panel->filming());
        QVERIFY2(m_panel->problem().isEmpty(), qPrintable(m_panel->problem()));
        QImageReader reader(m_folder.filePath("film.gif"));
        QCOMPARE(reader.format(), QByteArray("gif"));
        QCOMPARE(reader.imageCount(), 3);
        for (int frame = 0; frame < 3; ++frame) {
            const QImage read = reader.read().convertToFormat(QImage::Format_RGB32);
            const QImage drawn = figureImage(*mapOf(0.2F * static_cast<float>(frame))).convertToFormat(QImage::Format_RGB32);
            QCOMPARE(read.size(), drawn.size());
            int farthest = 0;
            for (int y = 0; y < read.height(); ++y)
                for (int x = 0; x < read.width(); ++x) {
                    const QColor a = read.pixelColor(x, y), b = drawn.pixelColor(x, y);
                    farthest =
                        std::max({farthest, std::abs(a.red() - b.red()), std::abs(a.green() - b.green()), std::abs(a.blue() - b.blue())});
                }
            QVERIFY2(farthest <= 24, qPrintable(QString::number(farthest)));
        }
        const QByteArray bytes = content(m_folder.filePath("film.gif"));
        QCOMPARE(bytes.count(QByteArray("\x21\xF9\x04\x04\x32\x00", 6)), qsizetype(2));  // half a second each
        QCOMPARE(bytes.count(QByteArray("\x21\xF9\x04\x04\xC8\x00", 6)), qsizetype(1));  // the last one rests
    }

    void manyColoursAreCompressedWithoutLoss() {
        QImage noise(97, 61, QImage::Format_RGB32);  // longer than a table of codes lasts
        const RandomStream random(3, "noise");
        for (int y = 0; y < noise.height(); ++y)
            for (int x = 0; x < noise.width(); ++x) {
                const int grey = static_cast<int>(random.uniform(static_cast<std::uint64_t>(y * noise.width() + x)) * 256.0) & 0xFF;
                noise.setPixel(x, y, qRgb(grey, grey, grey));
            }
        AnimatedGif gif(100);
        gif.add(noise);
        QBuffer buffer;
        buffer.setData(gif.bytes());
        QVERIFY(buffer.open(QIODevice::ReadOnly));
        QCOMPARE(QImageReader(&buffer, "gif").read().convertToFormat(QImage::Format_RGB32), noise);
        QVERIFY_THROWS_EXCEPTION(InputError, gif.add(QImage(3, 3, QImage::Format_RGB32)));
    }

    void aFilmIsCutToStepsAndPictures() {
        const std::vector<std::int64_t> steps{0, 10, 20, 30, 40, 50};
        QCOMPARE(chosenFrames(steps, 0, 50, 6), (std::vector{0, 1, 2, 3, 4, 5}));
        QCOMPARE(chosenFrames(steps, 10, 45, 99), (std::vector{1, 2, 3, 4}));
        QCOMPARE(chosenFrames(steps, 0, 50, 3), (std::vector{0, 3, 5}));
        QCOMPARE(chosenFrames(steps, 0, 50, 1), std::vector{5});
        QVERIFY(chosenFrames(steps, 11, 19, 5).empty());
        QCOMPARE(millisecondsEach(6.0, 3), 2000);
        QCOMPARE(millisecondsEach(0.1, 1000), 20);
        m_panel->setPath(m_folder.filePath("cut"));
        m_panel->choose(0, ExportPanel::Choice::frames);
        m_panel->setFilmCut(10, 20, 1, 1.0);
        m_panel->save();
        QTRY_VERIFY(!m_panel->filming());
        QCOMPARE(QDir(m_folder.filePath("cut")).entryList(QDir::Files), QStringList{"step-000000020.png"});
    }

    void aVideoIsMadeWhereTheProgramIs() {
        const FilmFormatSpec& video = filmFormat(FilmFormat::mp4);
        if (!video.available()) QSKIP("ffmpeg is not installed");
        const auto writer = video.make({std::filesystem::path(m_folder.filePath("film.mp4").toStdString()), 100, 200});
        for (int frame = 0; frame < 3; ++frame) writer->add(figureImage(*mapOf(0.2F * static_cast<float>(frame))), frame);
        writer->finish();
        QCOMPARE(content(m_folder.filePath("film.mp4")).mid(4, 4), QByteArray("ftyp"));
    }

    void aFilmWithoutAFolderIsRefusedBeforeItIsDrawn() {
        m_panel->setPath(m_folder.filePath("nowhere/film.png"));
        m_panel->choose(0, ExportPanel::Choice::film);
        m_panel->save();
        QVERIFY(!m_panel->filming());  // at once: no step was drawn
        QVERIFY2(m_panel->problem().contains(QLatin1String("no such folder")), qPrintable(m_panel->problem()));
    }

    void theFolderOfferedFirstIsThere() {
        QSettings().setValue("export/folder", m_folder.filePath("gone"));
        ExportPanel panel(offers);
        panel.show();
        QVERIFY2(QFileInfo(QFileInfo(panel.path()).absolutePath()).isDir(), qPrintable(panel.path()));
    }

    void stoppingAFilmWritesNothing() {
        m_panel->setPath(m_folder.filePath("stopped.png"));
        m_panel->choose(0, ExportPanel::Choice::film);
        m_panel->save();
        m_panel->save();
        QVERIFY(!m_panel->filming());
        QCoreApplication::processEvents();
        QVERIFY(!QFile::exists(m_folder.filePath("stopped.png")));
    }

    void framesOfOneSizeOnly() {
        const QByteArray small = figureBytes(*mapOf(0), FigureFormat::png, {1, false}), large = figureBytes(*mapOf(0), FigureFormat::png);
        QVERIFY_THROWS_EXCEPTION(InputError, animatedPng({small, large}, 40, 100));
        QVERIFY_THROWS_EXCEPTION(InputError, animatedPng({"nothing"}, 40, 100));
    }

    void namesSuitFiles() {
        QCOMPARE(fileNameOf("Reverse, 2 layers · head 0 (keys)"), QString("reverse-2-layers-head-0-keys"));
        QCOMPARE(fileNameOf("//"), QString("picture"));
    }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<ExportPanel> m_panel;
};

QTEST_MAIN(ExportPanelTest)
#include "export_panel_test.moc"
