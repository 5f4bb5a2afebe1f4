#include "ui/pages/maps/bucket_strip.h"

#include <QCheckBox>
#include <QtTest>
#include <algorithm>

#include "core/data/loaded_task.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/runs/focus.h"

using namespace lab;

namespace {

LoadedTask hashingTask(const PatternConfig& pattern) {
    Experiment experiment = smallExperiment({.length = 9, .d_model = 8, .layers = 2, .heads = 2, .steps = 40});
    experiment.model.attention.form = AttentionForm::kv;
    experiment.model.attention.pattern = pattern;
    return loadTask(experiment, {});
}

PatternConfig hashed(int rounds) {
    return {"lsh", {{"buckets", 4}, {"rounds", static_cast<double>(rounds)}, {"chunk", 2}, {"seed", 3}}};
}

/// The page Maps on a run of its own, shown, with its first trace.
struct ShownBuckets {
    explicit ShownBuckets(const LoadedTask& task) : page(focus) {
        focus.setRun(workspace.add(task));
        page.resize(1180, 800);
        page.show();
    }

    bool ready() {
        return QTest::qWaitFor([this] { return focus.trace() && !page.figures().empty(); }, lab::patience);
    }
    bool lookAt(int block, int head) {
        focus.select({block, head, 0, 0});
        const QString title = QStringLiteral("Layer %1 \u00B7 head %2").arg(block).arg(head);
        return QTest::qWaitFor([&] { return strip().head().head == title; }, lab::patience);
    }
    BucketStrip& strip() { return *page.findChild<BucketStrip*>(); }
    QCheckBox& sorted() {
        const auto boxes = page.findChildren<QCheckBox*>();
        return **std::ranges::find_if(boxes, [](const QCheckBox* box) { return box->text() == QStringLiteral("Sorted by bucket"); });
    }
    QString value() { return strip().property("labPictureValue").toString(); }
    /// Of the trace: tensor BLOCK.buckets [H, rounds, T].
    int bucket(int layer, int head, int round, int position) {
        const Tensor& buckets = focus.trace()->at("encoder." + std::to_string(layer) + ".attention.buckets");
        const auto at = (head * buckets.extent(1) + round) * buckets.extent(2) + position;
        return static_cast<int>(buckets.values[static_cast<std::size_t>(at)]);
    }

    Workspace workspace;
    Focus focus;
    MapsPage page;
};

}  // namespace

class BucketStripTest : public QObject {
    Q_OBJECT

private slots:
    void bucketsOfTheHeadInHandStandBelowTheMaps() {
        ShownBuckets shown(hashingTask(hashed(2)));
        QVERIFY(shown.ready());
        for (const auto& [block, head] : {std::pair(0, 0), std::pair(1, 1)}) {
            QVERIFY(shown.lookAt(block, head));
            QVERIFY(shown.strip().isVisible() && shown.sorted().isVisible());
            QCOMPARE(shown.strip().picture().rows.size(), std::size_t{2});
            for (int round = 0; round < 2; ++round)
                for (int i = 0; i < shown.strip().picture().rows[0].length; ++i) {
                    const QString said = shown.strip().sentence(round, i);
                    QVERIFY2(said.startsWith(QStringLiteral("round %1, token %2").arg(round).arg(i)), qPrintable(said));
                    QVERIFY2(said.endsWith(QStringLiteral(": bucket %1").arg(shown.bucket(block, head, round, i))), qPrintable(said));
                }
        }
    }

    void sortedTheyStandByBucketThenPosition() {
        ShownBuckets shown(hashingTask(hashed(2)));
        QVERIFY(shown.ready());
        QVERIFY(shown.lookAt(0, 0));
        shown.sorted().click();
        QVERIFY(shown.strip().sorted());
        const auto& rounds = shown.strip().head().rounds;
        for (std::size_t r = 0; r < rounds.size(); ++r) {
            std::vector<std::pair<int, int>> order;
            for (const int i : rounds[r].order) order.emplace_back(rounds[r].buckets[static_cast<std::size_t>(i)], i);
            QVERIFY(std::ranges::is_sorted(order));
            for (std::size_t place = 0; place < order.size(); ++place) {
                const QString said = shown.strip().sentence(static_cast<int>(r), static_cast<int>(place));
                QVERIFY2(said.contains(QStringLiteral("token %1").arg(order[place].second)), qPrintable(said));
                QCOMPARE(shown.strip().picture().rows[r].tokens[place],
                         shown.strip().head().tokens[static_cast<std::size_t>(order[place].second)]);
            }
        }
        QTest::keyClick(&shown.strip(), Qt::Key_Right);
        QVERIFY(shown.value().startsWith(shown.strip().sentence(0, 1)));
        shown.sorted().click();
        QVERIFY(shown.strip().sentence(0, 1).contains(QStringLiteral("token 1")));
    }

    void ofManyRoundsTheFirstAreShownAndAllWritten() {
        ShownBuckets shown(hashingTask(hashed(7)));
        QVERIFY(shown.ready());
        QVERIFY(shown.lookAt(0, 0));
        QCOMPARE(shown.strip().picture().rows.size(), BucketStrip::mostRounds);
        QVERIFY(shown.strip().picture().heading().contains(QStringLiteral("the first 4 of 7 rounds")));
        const auto offers = shown.page.figures();
        QCOMPARE(offers.back().name, QStringLiteral("Buckets of each token"));
        const FigureTable table = offers.back().make()->table();
        QCOMPARE(table.header.size(), std::size_t{5});
        QCOMPARE(table.rows.size(), 7 * shown.strip().head().tokens.size());
        QCOMPARE(table.rows[1][3], std::to_string(shown.bucket(0, 0, 0, 1)));
    }

    void whereNothingIsHashedThereIsNone() {
        ShownBuckets shown(hashingTask({}));
        QVERIFY(shown.ready());
        QVERIFY(!shown.strip().isVisible() && !shown.sorted().isVisible());
        for (const FigureOffer& offer : shown.page.figures()) QVERIFY(offer.name != QStringLiteral("Buckets of each token"));
    }
};

QTEST_MAIN(BucketStripTest)
#include "bucket_strip_test.moc"
