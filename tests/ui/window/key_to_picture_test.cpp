#include <QSettings>
#include <QtTest>
#include <algorithm>
#include <set>

#include "core/model/decoding.h"
#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/train/live_map.h"
#include "ui/pages/train/train_curves.h"
#include "ui/pages/train/train_page.h"
#include "ui/widgets/format.h"
#include "ui/widgets/meter.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/timeline_strip.h"
#include "ui/widgets/token_strip.h"
#include "ui/window/input_bar.h"
#include "ui/window/main_window.h"
#include "ui/window/timeline_bar.h"

using namespace lab;

namespace {

struct KeyDesk {
    Workspace workspace;
    Focus focus;
    MainWindow window{workspace, focus};
    Run* run;

    KeyDesk() : run(window.session().openTask(smallTask(4000))) {
        window.resize(1280, 800);
        window.show();
        window.showPage(0);
    }

    TimelineStrip& strip() { return window.timeline().strip(); }
    TrainPage& page() { return *window.findChild<TrainPage*>(); }
    QString stepShown() {
        for (const Meter* meter : window.findChildren<Meter*>())
            if (meter->label() == "Step shown") return meter->value();
        return {};
    }
};

/// The first head's weights of these weights, computed by nobody but the model.
std::vector<float> mapOf(const Run& run, const Weights& weights, const Input& input) {
    const Trace trace = run.model()->trace(weights, input);
    const Tensor& map = trace.at("encoder.0.attention.weights");
    return {map.values.data(), map.values.data() + map.extent(1) * map.extent(2)};
}

std::vector<float> shownMap(const LiveMap& map) {
    std::vector<float> values;
    for (int r = 0; r < map.data().rows; ++r)
        for (int c = 0; c < map.data().columns; ++c) values.push_back(map.data().value(r, c));
    return values;
}

/// The small task's tokens are numbers.
QStringList wordsOf(const std::vector<int>& ids) {
    QStringList words;
    for (const int id : ids) words << QString::number(id);
    return words;
}

QStringList shownPredictions(const KeyDesk& desk) {
    QStringList words;
    for (const PredictionChip& chip : desk.window.findChild<InputBar*>()->strip().predictions()) words << chip.text;
    return words;
}

}  // namespace

/// A key on the timeline, and everything in the window is of the step it asked for, while the training goes on.
class KeyToPictureTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void everyPartShowsTheStepOfTheKey() {
        KeyDesk desk;
        desk.run->setPace(400);  // goes on through the whole test
        desk.run->train();
        QTRY_VERIFY(desk.run->step() > 120 && desk.run->history().size() > 20);
        QTest::keyClick(&desk.strip(), Qt::Key_End);
        QVERIFY(!desk.focus.live());
        struct Press {
            Qt::Key key;
            Qt::KeyboardModifiers modifiers;
        };
        std::set<std::int64_t> seen;
        for (const Press press : {Press{Qt::Key_Home, {}}, Press{Qt::Key_Right, {}}, Press{Qt::Key_Right, Qt::ShiftModifier},
                                  Press{Qt::Key_Right, Qt::ShiftModifier}, Press{Qt::Key_Left, {}}}) {
            QTest::keyClick(&desk.strip(), press.key, press.modifiers);
            const CheckpointPtr asked = desk.focus.checkpoint();
            QCOMPARE(desk.focus.wantedStep(), asked->step);  // it is kept: nothing has to be recomputed
            seen.insert(asked->step);
            const Input input = desk.focus.input();
            const std::vector<float> map = mapOf(*desk.run, asked->weights, input);
            QTRY_COMPARE(shownMap(desk.page().map()), map);
            QCOMPARE(desk.page().map().moment(), QString("step %1").arg(grouped(asked->step)));
            QTRY_COMPARE(shownPredictions(desk), wordsOf(answer(desk.run->model(), asked->weights, input)));
            QTRY_COMPARE(desk.stepShown(), grouped(asked->step));
            desk.page().curves().replotNow();
            const CurveScene& scene = desk.page().curves().scene();
            QVERIFY(scene.shown.has_value());
            QTRY_VERIFY(std::any_of(desk.page().overTime().rows().begin(), desk.page().overTime().rows().end(),
                                    [&](const auto& row) { return row.shown && row.label == grouped(asked->step); }));
        }
        QCOMPARE(seen.size(), std::size_t{5});
        QCOMPARE(static_cast<int>(desk.run->state()), static_cast<int>(Run::State::training));
        const std::int64_t then = desk.run->step();
        QTRY_VERIFY(desk.run->step() > then);  // looking did not hold it up
        desk.window.actions().find("time.follow")->trigger();
        QTRY_VERIFY(desk.focus.live() && desk.focus.shownStep() > then);
    }

    void aPictureAskedForDoesNotWaitForTheNextFrame() {
        KeyDesk desk;
        desk.run->train();
        QTRY_VERIFY(desk.run->history().size() > 20);
        desk.run->pause();
        QTRY_VERIFY(desk.run->state() == Run::State::paused && desk.focus.traceStep() == desk.run->step());
        QSignalSpy traces(&desk.focus, &Focus::traceChanged), pictures(&desk.page(), &Page::refreshed);
        emit desk.focus.stepChanged();
        QTRY_VERIFY(pictures.size() > 0);  // a frame that nobody asked for has just been drawn
        qsizetype before = -1;             // pictures when the trace came: a frame may be due in the same moment
        connect(&desk.focus, &Focus::traceChanged, this, [&] {
            if (desk.focus.traceStep() == 1 && before < 0) before = pictures.size();
        });
        desk.focus.showStep(1);
        while (desk.focus.traceStep() != 1) QVERIFY(traces.wait());
        QCoreApplication::sendPostedEvents();
        QVERIFY(pictures.size() > before);
    }
};

QTEST_MAIN(KeyToPictureTest)
#include "key_to_picture_test.moc"
