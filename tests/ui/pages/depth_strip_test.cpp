#include "ui/pages/maps/depth_strip.h"

#include <QtTest>

#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/runs/focus.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

LoadedTask taskOfDepth(DepthKind kind, Architecture architecture = Architecture::encoder) {
    Experiment experiment = smallExperiment({.vocabulary = 5, .d_model = 8, .layers = 4, .heads = 1, .steps = 40});
    experiment.model.architecture = architecture;
    experiment.model.num_decoder_layers = 3;
    experiment.model.depth.kind = kind;
    experiment.model.depth.halting_bias = -0.5;  // some steps, not all
    return loadTask(experiment, {});
}

/// The page Maps on a run of its own, shown, with its first trace.
struct ShownDepth {
    explicit ShownDepth(const LoadedTask& task) : page(focus) {
        focus.setRun(workspace.add(task));
        page.resize(1180, 700);
        page.show();
    }

    bool ready() {
        return QTest::qWaitFor([this] { return focus.trace() && !page.figures().empty(); }, lab::patience);
    }
    DepthStrip& strip() { return *page.findChild<DepthStrip*>(); }
    QString value() { return strip().property("labPictureValue").toString(); }
    std::vector<StackDepth> depths() { return depthsOf(focus.run()->model()->config(), *focus.trace()); }
    bool showsItsTrace() {
        const auto wanted = depths();
        if (strip().rows().size() != wanted.size()) return false;
        for (std::size_t i = 0; i < wanted.size(); ++i)
            if (!(strip().rows()[i].depth == wanted[i])) return false;
        return true;
    }

    Workspace workspace;
    Focus focus;
    MapsPage page;
};

}  // namespace

class DepthStripTest : public QObject {
    Q_OBJECT

private slots:
    void stepsOfEachTokenStandBelowTheMaps() {
        ShownDepth shown(taskOfDepth(DepthKind::act));
        QVERIFY(shown.ready());
        QVERIFY(shown.strip().isVisible());
        QCOMPARE(shown.strip().rows().size(), std::size_t{1});
        QVERIFY(shown.showsItsTrace());
        const Trace& trace = *shown.focus.trace();
        QCOMPARE(shown.strip().rows()[0].tokens.size(), trace.tokens.size());
        const QString said = shown.strip().sentence(0, 2);
        const double steps = static_cast<double>(trace.at("encoder.steps").values[2]);
        QVERIFY2(said.startsWith(QStringLiteral("token 2")), qPrintable(said));
        QVERIFY2(said.contains(QStringLiteral("step %1 of at most 4").arg(steps, 0, 'f', 0)), qPrintable(said));
        QVERIFY2(said.contains(QString::number(static_cast<double>(trace.at("encoder.0.share").values[2]), 'f', 2)), qPrintable(said));
        const double cost = static_cast<double>(trace.at("encoder.ponder").values[2]);
        QVERIFY2(said.endsWith(QStringLiteral("N + R = %1").arg(cost, 0, 'f', 2)), qPrintable(said));
    }

    void anotherInputHasItsOwn() {
        ShownDepth shown(taskOfDepth(DepthKind::act));
        QVERIFY(shown.ready());
        const auto before = shown.focus.trace();
        shown.focus.showSample(shown.focus.sampleIndex() + 1);
        QVERIFY(
            QTest::qWaitFor([&] { return shown.focus.trace() && shown.focus.trace() != before && shown.showsItsTrace(); }, lab::patience));
    }

    void eachStackHasItsRow() {
        ShownDepth shown(taskOfDepth(DepthKind::act, Architecture::encoder_decoder));
        QVERIFY(shown.ready());
        QCOMPARE(shown.strip().rows().size(), std::size_t{2});
        QVERIFY(shown.showsItsTrace());
        QTest::keyClick(&shown.strip(), Qt::Key_Down);
        QTest::keyClick(&shown.strip(), Qt::Key_Right);
        QVERIFY(shown.value().startsWith(shown.strip().sentence(1, 1)));
        QVERIFY2(shown.value().startsWith(QStringLiteral("decoder, token 1")), qPrintable(shown.value()));
        QTest::mouseClick(&shown.strip(), Qt::LeftButton, {}, shown.strip().cellRect(0, 2).center().toPoint());
        QVERIFY(shown.value().startsWith(shown.strip().sentence(0, 2)));
    }

    void thePictureForPaperHasTheNumbers() {
        ShownDepth shown(taskOfDepth(DepthKind::act));
        QVERIFY(shown.ready());
        const auto offers = shown.page.figures();
        QCOMPARE(offers.back().name, QStringLiteral("Steps of each token"));
        const FigureTable table = offers.back().make()->table();
        const Trace& trace = *shown.focus.trace();
        QCOMPARE(table.header.size(), std::size_t{5 + 4});
        QCOMPARE(table.rows.size(), trace.tokens.size());
        QCOMPARE(table.rows[1][3], std::to_string(static_cast<int>(trace.at("encoder.steps").values[1])));
    }

    /// More steps stand out more, in both themes.
    void cellsAreColouredByTheirSteps() {
        ShownDepth shown(taskOfDepth(DepthKind::act));
        QVERIFY(shown.ready());
        DepthRow row = shown.strip().rows()[0];
        row.depth.steps.assign(row.depth.steps.size(), 1);
        row.depth.steps[1] = row.depth.limit;
        const Theme::Mode before = Theme::instance().mode();
        for (const Theme::Mode mode : {Theme::Mode::light, Theme::Mode::dark}) {
            Theme::instance().setMode(mode);
            shown.strip().setRows({});
            shown.strip().setRows({row});
            shown.strip().show();
            shown.strip().resize(900, shown.strip().sizeHint().height());
            const QImage image = shown.strip().grab().toImage();
            const double dots = image.devicePixelRatio();
            const auto corner = [&](int token) {
                const QPointF at = shown.strip().cellRect(0, token).topLeft() + QPointF(3, 3);
                return image.pixelColor((at * dots).toPoint());
            };
            QVERIFY(corner(3) == corner(2));
            QVERIFY(corner(3) != corner(1));
        }
        Theme::instance().setMode(before);
    }

    void whereNothingHaltsThereIsNone() {
        for (const DepthKind kind : {DepthKind::layers, DepthKind::tied}) {
            ShownDepth shown(taskOfDepth(kind));
            QVERIFY(shown.ready());
            QVERIFY(!shown.strip().isVisible());
            for (const FigureOffer& offer : shown.page.figures()) QVERIFY(offer.name != QStringLiteral("Steps of each token"));
        }
    }
};

QTEST_MAIN(DepthStripTest)
#include "depth_strip_test.moc"
