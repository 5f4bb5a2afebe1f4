#include "ui/pages/train/picture_samples.h"

#include <QHeaderView>
#include <QPainter>
#include <QScrollBar>
#include <QtTest>

#include "core/model/sample_input.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "tests/vector_tasks.h"
#include "ui/pages/train/train_page.h"
#include "ui/scenes/patch_pictures.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

/// The page Train over a run whose samples are listed.
struct ListedPictures {
    explicit ListedPictures(const LoadedTask& task) {
        run = workspace.add(task);
        focus.setRun(run);
        page.resize(1164, 700);
        page.show();
    }
    PictureSamples& table() { return page.pictures(); }
    bool listed() {
        return QTest::qWaitFor([this] { return !table().samples().empty() && table().places().size() == table().samples().size(); },
                               patience);
    }
    const SampleRanking::Ranked& sample(std::size_t place) { return table().samples()[table().places()[place]]; }
    void press(int column) {
        const auto* header = table().horizontalHeader();
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, {header->sectionViewportPosition(column) + 5, header->height() / 2});
    }

    Workspace workspace;
    Focus focus;
    Run* run = nullptr;
    TrainPage page{focus};
};

}  // namespace

/// A wrong answer is found by sorting the samples.
class PictureSamplesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void everySampleStandsThereTheWorstFirst() {
        ListedPictures shown(smallPictures());
        QVERIFY(shown.listed());
        QVERIFY(shown.table().isVisible() && !shown.page.moreSamples().isVisible());
        QCOMPARE(static_cast<int>(shown.table().places().size()), shown.run->dataset()->validationSize());
        for (std::size_t place = 1; place < shown.table().places().size(); ++place)
            QVERIFY(shown.sample(place - 1).loss >= shown.sample(place).loss);
        const std::size_t worst = shown.table().places().front();
        const auto& columns = shown.table().columns();
        const Sample sample = shown.run->dataset()->validationSample(shown.sample(0).index);
        const SequenceWords words(*shown.run);
        QCOMPARE(columns[PictureSamples::truthColumn].cell(worst).text, words.classText(shown.sample(0).truth));
        QCOMPARE(columns[PictureSamples::saidColumn].cell(worst).text, words.classText(shown.sample(0).said));
        QCOMPARE(shown.table().picture(worst), pictureImage(*words.pictures(), patchesOf(words, inputOf(sample))));
    }

    void theWrongOnesStandTogether() {
        ListedPictures shown(smallPictures());
        QVERIFY(shown.listed());
        shown.press(PictureSamples::rightColumn);
        QCOMPARE(shown.table().sortColumn(), static_cast<int>(PictureSamples::rightColumn));
        for (std::size_t place = 1; place < shown.table().places().size(); ++place)
            QVERIFY(shown.sample(place - 1).right <= shown.sample(place).right);
        QCOMPARE(shown.sample(0).right, 0);  // nothing is learned: there is one
        QCOMPARE(shown.table().verticalScrollBar()->value(), 0);
        shown.press(PictureSamples::indexColumn);
        QCOMPARE(shown.sample(3).index, 3);
    }

    void aClickTakesASampleIntoTheWindow() {
        ListedPictures shown(smallPictures());
        QVERIFY(shown.listed());
        const int wanted = shown.sample(1).index;
        const QRect row = shown.table().visualRect(shown.table().model()->index(1, PictureSamples::lossColumn));
        QTest::mouseClick(shown.table().viewport(), Qt::LeftButton, {}, row.center());
        QCOMPARE(shown.focus.sampleIndex(), wanted);
        const Input expected = inputOf(shown.run->dataset()->validationSample(wanted));
        QVERIFY(shown.focus.input().vectors == expected.vectors);
        const int next = shown.sample(2).index;
        shown.table().setFocus();
        QTest::keyClick(&shown.table(), Qt::Key_Down);
        QCOMPARE(shown.focus.sampleIndex(), next);
    }

    /// The thumbnail is in its row, pixel for pixel in colour.
    void picturesAreDrawn() {
        ListedPictures shown(smallPictures());
        QVERIFY(shown.listed());
        const auto drawn = [&](std::size_t row) {
            QImage image(60, 30, QImage::Format_RGB32);
            image.fill(Qt::magenta);
            QPainter painter(&image);
            shown.table().columns()[PictureSamples::pictureColumn].paint(painter, QRectF(0, 0, 60, 30), row);
            return image;
        };
        QVERIFY(drawn(0).pixelColor(5, 5) != QColor(Qt::magenta) && drawn(0).pixelColor(55, 5) == QColor(Qt::magenta));
        QVERIFY(drawn(0) != drawn(1));
    }

    /// Tokens and numbers keep the six samples.
    void onlyPicturesAreListed() {
        ListedPictures shown(smallPrompts());
        QTRY_VERIFY(!shown.page.moreSamples().rows().empty());
        QVERIFY(shown.page.moreSamples().isVisible() && !shown.table().isVisible());
        shown.focus.setRun(shown.workspace.add(smallPictures()));
        QVERIFY(shown.listed());
        QTRY_VERIFY(shown.table().isVisible() && !shown.page.moreSamples().isVisible());
        shown.focus.setRun(shown.workspace.add(smallTask()));
        QTRY_VERIFY(!shown.table().isVisible() && shown.table().samples().empty());
    }
};

QTEST_MAIN(PictureSamplesTest)
#include "picture_samples_test.moc"
