#include "ui/pages/maps/expert_strip.h"

#include <QtTest>

#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/runs/focus.h"

using namespace lab;

namespace {

LoadedTask taskOf(FeedForwardKind kind) {
    Experiment experiment = smallExperiment({.vocabulary = 5, .d_model = 8, .layers = 2, .heads = 1, .steps = 40});
    experiment.model.feed_forward.kind = kind;
    return loadTask(experiment, {});
}

/// The page Maps on a run of its own, shown, with its first trace.
struct ShownStrip {
    explicit ShownStrip(const LoadedTask& task) : page(focus) {
        focus.setRun(workspace.add(task));
        page.resize(1180, 700);
        page.show();
    }

    bool ready() {
        return QTest::qWaitFor([this] { return focus.trace() && !page.figures().empty(); }, lab::patience);
    }
    ExpertStrip& strip() { return *page.findChild<ExpertStrip*>(); }
    QString value() { return strip().property("labPictureValue").toString(); }

    Workspace workspace;
    Focus focus;
    MapsPage page;
};

}  // namespace

class ExpertStripTest : public QObject {
    Q_OBJECT

private slots:
    void expertsOfEachTokenStandBelowTheMaps() {
        ShownStrip shown(taskOf(FeedForwardKind::experts));
        QVERIFY(shown.ready());
        QVERIFY(shown.strip().isVisible());
        QCOMPARE(shown.strip().rows().size(), std::size_t{2});
        const Trace& trace = *shown.focus.trace();
        const Tensor &chosen = trace.at("encoder.1.feed_forward.experts"), &gates = trace.at("encoder.1.feed_forward.gates");
        QCOMPARE(shown.strip().rows()[1].choices.positions(), static_cast<int>(trace.tokens.size()));
        const QString said = shown.strip().sentence(1, 1);
        const QString expert = QStringLiteral("expert %1 (gate %2)");
        for (const std::size_t place : {2, 3})
            QVERIFY2(said.contains(expert.arg(chosen.values[place]).arg(static_cast<double>(gates.values[place]), 0, 'f', 2)),
                     qPrintable(said));
    }

    void keysAndClicksGoFromCellToCell() {
        ShownStrip shown(taskOf(FeedForwardKind::experts));
        QVERIFY(shown.ready());
        ExpertStrip& strip = shown.strip();
        QVERIFY(shown.value().startsWith(strip.sentence(0, 0)));
        QTest::keyClick(&strip, Qt::Key_Down);
        QTest::keyClick(&strip, Qt::Key_Right);
        QVERIFY(shown.value().startsWith(strip.sentence(1, 1)));
        QTest::keyClick(&strip, Qt::Key_Down);  // there is no further row
        QVERIFY(shown.value().startsWith(strip.sentence(1, 1)));
        QTest::mouseClick(&strip, Qt::LeftButton, {}, strip.cellRect(0, 2).center().toPoint());
        QVERIFY(shown.value().startsWith(strip.sentence(0, 2)));
    }

    void thePictureForPaperHasTheNumbers() {
        ShownStrip shown(taskOf(FeedForwardKind::experts));
        QVERIFY(shown.ready());
        const auto offers = shown.page.figures();
        QCOMPARE(offers.back().name, QStringLiteral("Experts of each token"));
        const FigureTable table = offers.back().make()->table();
        const auto length = shown.focus.trace()->tokens.size();
        QCOMPARE(table.header.size(), std::size_t{3 + 2 * 2});
        QCOMPARE(table.rows.size(), 2 * length);
        const float chosen = shown.focus.trace()->at("encoder.1.feed_forward.experts").values[2];
        QCOMPARE(table.rows[length + 1][3], std::to_string(static_cast<int>(chosen)));
    }

    void withoutExpertsThereIsNone() {
        ShownStrip shown(taskOf(FeedForwardKind::dense));
        QVERIFY(shown.ready());
        QVERIFY(!shown.strip().isVisible());
        for (const FigureOffer& offer : shown.page.figures()) QVERIFY(offer.name != QStringLiteral("Experts of each token"));
    }
};

QTEST_MAIN(ExpertStripTest)
#include "expert_strip_test.moc"
