#include <QPainter>
#include <QtTest>
#include <cmath>

#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "tests/vector_tasks.h"
#include "ui/pages/compare/compare_maps.h"
#include "ui/pages/compare/compare_page.h"
#include "ui/scenes/overlay_picture.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/figure.h"
#include "ui/widgets/format.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

LoadedTask picturesOfSeed(const char* name, std::uint64_t seed) {
    Experiment experiment = smallPictures().experiment;
    experiment.name = name;
    experiment.training.seed = seed;
    return loadTask(experiment, {});
}

/// A shown page over runs that read pictures, of which the first is the window's.
struct ComparedRuns {
    explicit ComparedRuns(const std::vector<LoadedTask>& tasks) : page(focus, workspace) {
        for (const LoadedTask& task : tasks) workspace.add(task);
        focus.setRun(workspace.runs().front());
        page.resize(1164, 620);
        page.show();
    }
    CompareMaps& maps() { return page.maps(); }
    bool picture() {
        if (!QTest::qWaitFor([&] { return maps().ready() && maps().headShown(0) && maps().headShown(1); }, patience)) return false;
        maps().setPictured(true);
        return maps().picturesShown();
    }
    QWidget& control(const char* name) { return *page.findChild<QWidget*>(QLatin1String(name)); }

    Workspace workspace;
    Focus focus;
    ComparePage page;
};

}  // namespace

/// Attention of two runs laid over one picture, and how they differ.
class ComparePicturesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void theMapsLieOverOnePictureAndSoDoesTheirDifference() {
        ComparedRuns shown({picturesOfSeed("a", 1), picturesOfSeed("b", 2)});
        QVERIFY(shown.picture());
        const ComparedPictures& pictures = shown.maps().pictures();
        QCOMPARE(pictures.runs.size(), std::size_t{2});
        QCOMPARE(pictures.runs[0].picture, pictures.runs[1].picture);
        QVERIFY(pictures.runs[0].scaling == pictures.runs[1].scaling);
        QCOMPARE(pictures.change.scaling.kind, ColorMap::Kind::balance);
        const int query = pictures.runs[0].query;
        double largest = 0;
        for (int patch = 0; patch < 16; ++patch) {
            const double a = *weightOver(pictures.runs[0], patch), b = *weightOver(pictures.runs[1], patch);
            QCOMPARE(a, static_cast<double>(shown.maps().map(0).data().value(query, patch + 1)));
            QCOMPARE(b, static_cast<double>(shown.maps().map(1).data().value(query, patch + 1)));
            QVERIFY(std::abs(*weightOver(pictures.change, patch) - (b - a)) < 1e-7);
            largest = std::max(largest, std::abs(b - a));
        }
        QVERIFY(largest > 0 && pictures.change.scaling.high >= largest);
        QVERIFY(shown.maps().picture(0).isVisible() && shown.maps().differencePicture().isVisible());
        QVERIFY(shown.maps().map(0).isHidden());
        shown.maps().setPictured(false);
        QVERIFY(!shown.maps().picturesShown() && shown.maps().picture(0).isHidden() && shown.maps().map(0).isVisible());
    }

    void aClickedPatchIsAskedForInBoth() {
        ComparedRuns shown({picturesOfSeed("a", 1), picturesOfSeed("b", 2)});
        QVERIFY(shown.picture());
        const OverlayPicture& second = shown.maps().picture(1);
        const QRectF field = patchField(second.pictureRect(), second.scene().frame, 6);
        QTest::mouseClick(&shown.maps().picture(1), Qt::LeftButton, {}, field.center().toPoint());
        QCOMPARE(shown.focus.selection().query, 7);
        const auto asked = [&](int patch) {
            const auto& runs = shown.maps().pictures().runs;
            return runs.size() == 2 && runs[0].queryPatch == patch && runs[1].queryPatch == patch &&
                   shown.maps().pictures().change.queryPatch == patch;
        };
        QTRY_VERIFY(asked(6));
        static_cast<Button&>(shown.control("compare.maps.class")).click();
        QCOMPARE(shown.focus.selection().query, 0);
        QTRY_VERIFY(asked(-1));
    }

    void aPatchPointedAtIsReadInAllPictures() {
        ComparedRuns shown({picturesOfSeed("a", 1), picturesOfSeed("b", 2)});
        QVERIFY(shown.picture());
        emit shown.maps().picture(1).hovered(5);
        const auto value = [&](OverlayPicture& picture) { return static_cast<const MapCard*>(picture.parentWidget())->value(); };
        const ComparedPictures& pictures = shown.maps().pictures();
        for (int i = 0; i < 2; ++i) {
            QCOMPARE(shown.maps().picture(i).framedPatch(), 5);
            QCOMPARE(value(shown.maps().picture(i)), fixed(*weightOver(pictures.runs[static_cast<std::size_t>(i)], 5), 4));
        }
        QCOMPARE(value(shown.maps().differencePicture()), signedFixed(*weightOver(pictures.change, 5), 4));
        emit shown.maps().picture(1).hovered(-1);
        QCOMPARE(shown.maps().picture(0).framedPatch(), -1);
        QVERIFY(value(shown.maps().differencePicture()).isEmpty());
    }

    void figuresHaveEveryPatchOfEveryRun() {
        ComparedRuns shown({picturesOfSeed("a", 1), picturesOfSeed("b", 2)});
        QVERIFY(shown.picture());
        const auto offers = shown.maps().figures(QStringLiteral("x-"));
        QCOMPARE(offers.size(), std::size_t{2});
        const auto both = offers[0].make(), change = offers[1].make();
        QCOMPARE(both->table().rows.size(), std::size_t{2 * 16});
        QCOMPARE(change->table().rows.size(), std::size_t{16});
        QCOMPARE(change->table().header.back(), std::string("change"));
        QCOMPARE(change->title, QStringLiteral("b \u2212 a"));
        for (const auto& figure : {both.get(), change.get()}) {
            QVERIFY2(figure->caption.contains("class token") && figure->caption.contains("a, "), qPrintable(figure->caption));
            QImage image(figure->size().toSize(), QImage::Format_RGB32);
            QPainter painter(&image);
            figure->paint(painter);
        }
    }

    /// Only where all runs read pictures; what was chosen comes back with them.
    void tokensHaveNoPicture() {
        ComparedRuns shown({picturesOfSeed("a", 1), picturesOfSeed("b", 2)});
        QVERIFY(shown.picture());
        QVERIFY(shown.control("compare.maps.view").isVisible());
        Run* tokens = shown.workspace.add(smallTask());
        QTRY_VERIFY(!shown.maps().picturesShown() && !shown.control("compare.maps.view").isVisible());
        shown.page.removeRun(tokens);
        QTRY_VERIFY(shown.maps().picturesShown());
    }
};

QTEST_MAIN(ComparePicturesTest)
#include "compare_pictures_test.moc"
