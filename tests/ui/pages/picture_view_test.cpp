#include "ui/pages/maps/picture_view.h"

#include <QSignalSpy>
#include <QtTest>
#include <cmath>

#include "core/analysis/rollout.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "tests/vector_tasks.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/pages/maps/maps_views.h"
#include "ui/pages/maps/overlay_grid.h"
#include "ui/scenes/overlay_picture.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

struct ShownPictures {
    explicit ShownPictures(const LoadedTask& task) : page(focus) {
        run = workspace.add(task);
        focus.setRun(run);
        page.resize(1180, 620);
        page.show();
    }
    PictureView& view() { return page.views().picture(); }
    bool open() {
        const bool ready = QTest::qWaitFor([this] { return focus.trace() && !page.views().metrics().empty(); }, patience);
        page.views().setView(MapsViews::View::picture);
        QCoreApplication::processEvents();
        return ready && !view().scene().empty();
    }
    float weight(int block, int head, int query, int key) const {
        const Tensor& weights = focus.trace()->at(run->model()->attentionBlocks()[static_cast<std::size_t>(block)].name + ".weights");
        return weights.values[static_cast<std::size_t>((head * weights.extent(1) + query) * weights.extent(2) + key)];
    }

    Workspace workspace;
    Focus focus;
    Run* run = nullptr;
    MapsPage page;
};

}  // namespace

/// Attention laid over the picture.
class PictureViewTest : public QObject {
    Q_OBJECT

private slots:
    void everyHeadAndTheRolloutOfTheClassToken() {
        ShownPictures shown(smallPictures());
        QVERIFY(shown.open());
        const OverlayScene& scene = shown.view().scene();
        QCOMPARE(scene.overlays.size(), std::size_t{6});  // two layers of two heads and a rollout each
        for (const AttentionOverlay& overlay : scene.overlays) {
            QCOMPARE(overlay.values.size(), std::size_t{16});
            double sum = *overlay.classValue;
            for (const float value : overlay.values) sum += static_cast<double>(value);
            QVERIFY(std::abs(sum - 1) < 1e-5);
        }
        const AttentionOverlay* one = scene.find(1, 1);
        for (int patch = 0; patch < 16; ++patch)
            QCOMPARE(one->values[static_cast<std::size_t>(patch)], shown.weight(1, 1, scene.query, patch + 1));
        const auto rolled = rollout(residualAttention(*shown.run->model(), *shown.focus.trace(), "encoder"));
        QCOMPARE(scene.find(1, -1)->values[3], static_cast<float>(rolled[1](scene.query, 4)));
    }

    void aClickedPatchIsTheQueryAndKeysMoveIt() {
        ShownPictures shown(smallPictures());
        QVERIFY(shown.open());
        OverlayPicture& picture = shown.view().picture();
        const QRectF field = patchField(picture.pictureRect(), shown.view().scene().frame, 6);
        QTest::mouseClick(&picture, Qt::LeftButton, {}, field.center().toPoint());
        QCOMPARE(shown.focus.selection().query, 7);
        QCOMPARE(shown.view().scene().queryPatch, 6);
        QCOMPARE(shown.view().scene().find(0, 0)->values[2], shown.weight(0, 0, 7, 3));
        picture.setFocus();
        QTest::keyClick(&picture, Qt::Key_Right);
        QCOMPARE(shown.focus.selection().query, 8);
        QTest::keyClick(&picture, Qt::Key_Down);
        QCOMPARE(shown.focus.selection().query, 12);
        QVERIFY(picture.property("labPictureValue").toString().contains("patch 11, row 2, column 3"));
        QTest::keyClick(&picture, Qt::Key_C);
        QCOMPARE(shown.focus.selection().query, 0);
        QCOMPARE(shown.view().scene().queryPatch, -1);
    }

    void aSmallPictureIsTakenIntoHand() {
        ShownPictures shown(smallPictures());
        QVERIFY(shown.open());
        OverlayGrid& grid = shown.view().grid();
        QTest::mouseClick(&grid, Qt::LeftButton, {}, grid.pictureRect(4).center().toPoint());  // layer 1, head 1
        QCOMPARE(shown.focus.selection().block, 1);
        QCOMPARE(shown.focus.selection().head, 1);
        QVERIFY(!shown.view().showsRollout());
        grid.setFocus();
        QTest::keyClick(&grid, Qt::Key_Right);
        QVERIFY(shown.view().showsRollout());
        QCOMPARE(shown.focus.selection().head, 1);
        QTest::keyClick(&grid, Qt::Key_Left);
        QVERIFY(!shown.view().showsRollout());
    }

    /// More weight is farther from the screen's colour, and the picture shines through.
    void coloursAreThoseOfTheScale() {
        ShownPictures shown(smallPictures());
        QVERIFY(shown.open());
        OverlayPicture& picture = shown.view().picture();
        const OverlayScene& scene = shown.view().scene();
        const AttentionOverlay& overlay = *scene.find(shown.focus.selection().block, shown.focus.selection().head);
        picture.setStrength(OverlayStrength::weights);
        const QImage weights = picture.grab().toImage();
        const double dots = picture.devicePixelRatioF();
        for (const int patch : {0, 5, 15}) {
            const QPointF at = patchField(picture.pictureRect(), scene.frame, patch).center() * dots;
            QCOMPARE(weights.pixel(at.toPoint()) | 0xFF000000U,
                     scene.scaling.color(static_cast<double>(overlay.values[static_cast<std::size_t>(patch)])) | 0xFF000000U);
        }
        picture.setStrength(OverlayStrength::picture);
        const QImage plain = picture.grab().toImage();
        const QPointF middle = patchField(picture.pictureRect(), scene.frame, 5).center();
        const QPointF pixel = (middle - picture.pictureRect().topLeft()) / picture.pictureRect().width() * scene.frame.width;
        QCOMPARE(plain.pixel((middle * dots).toPoint()) | 0xFF000000U,
                 scene.picture.pixel(static_cast<int>(pixel.x()), static_cast<int>(pixel.y())) | 0xFF000000U);
    }

    void whatIsUnderTheMouseIsRead() {
        ShownPictures shown(smallPictures());
        QVERIFY(shown.open());
        OverlayPicture& picture = shown.view().picture();
        const QRectF field = patchField(picture.pictureRect(), shown.view().scene().frame, 9);
        QTest::mouseMove(&picture, field.center().toPoint() + QPoint(1, 0));
        QTest::mouseMove(&picture, field.center().toPoint());
        QTRY_COMPARE_WITH_TIMEOUT(picture.hoveredPatch(), 9, patience);
        QVERIFY2(picture.reading().startsWith("patch 9, row 2, column 1: "), qPrintable(picture.reading()));
    }

    void figuresHaveEveryPatch() {
        ShownPictures shown(smallPictures());
        QVERIFY(shown.open());
        const auto offers = shown.page.figures();
        QCOMPARE(offers.size(), std::size_t{2});
        const auto one = offers[0].make();
        QCOMPARE(one->table().rows.size(), std::size_t{16});
        QCOMPARE(offers[1].make()->table().rows.size(), std::size_t{6 * 16});
        QVERIFY(one->caption.contains("class token"));
    }

    void onlyPicturesHaveIt() {
        ShownPictures shown(smallPictures());
        QVERIFY(shown.open());
        QCOMPARE(shown.page.stage(), QStringLiteral("picture"));
        shown.focus.setRun(shown.workspace.add(smallPrompts()));
        QTRY_VERIFY_WITH_TIMEOUT(shown.page.views().view() == MapsViews::View::maps, patience);
        QVERIFY(!PictureView::isFor(shown.focus.run()));
        QVERIFY(!shown.page.views().showNamed("picture"));
    }

    /// Products reach below 0: zero is the screen, and the scale says how far it goes.
    void weightsOfAnySignHaveABalancedScale() {
        ShownPictures shown(smallPrompts());
        QVERIFY(QTest::qWaitFor([&] { return shown.focus.trace() && !shown.page.views().metrics().empty(); }, patience));
        shown.page.setEnlarged(true);
        QCoreApplication::processEvents();
        const auto bars = shown.page.findChildren<ColorScaleBar*>();
        const auto balanced = std::ranges::count_if(bars, [](const ColorScaleBar* bar) {
            return bar->isVisible() && bar->scaling().kind == ColorMap::Kind::balance && bar->scaling().low == -bar->scaling().high;
        });
        QVERIFY(balanced > 0);
    }
};

QTEST_MAIN(PictureViewTest)
#include "picture_view_test.moc"
