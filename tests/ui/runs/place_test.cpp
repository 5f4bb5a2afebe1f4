#include "ui/runs/place.h"

#include <QTest>

#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"

using namespace lab;

class PlaceTest : public QObject {
    Q_OBJECT

private slots:
    void aPlaceIsReadAsItWasWritten_data() {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", "maps", "explain?stage=mix", "?step=0", "maps?run=Reverse&step=120&block=encoder.0.attention&head=1",
                                 "explain?query=3&key=0&stage=weights&cell=weights:0,3", "train?run=a%20%26%20b%3D%25%3F%C3%A9"})
            QTest::newRow(text) << text;
    }
    void aPlaceIsReadAsItWasWritten() {
        QFETCH(QString, text);
        const auto place = Place::parse(text);
        QVERIFY(place);
        QCOMPARE(place->text(), text);
        QCOMPARE(Place::parse(place->text()), place);
    }

    void namesMayHoldAnything() {
        Place place;
        place.page = "train";
        place.run = "a & b=%?\u00E9";
        QCOMPARE(Place::parse(place.text()), std::optional(place));
    }

    void whatIsNoPlaceIsRefused_data() {
        QTest::addColumn<QString>("text");
        for (const char* text : {"maps?steps=1", "maps?step=-1", "maps?step=1.5", "maps?step=", "maps?head=x", "maps?head=1&head=2",
                                 "maps?step=99999999999999999999", "maps?head=4294967296", "maps?stage=", "maps?=1", "maps?step=01"})
            QTest::newRow(text) << text;
    }
    void whatIsNoPlaceIsRefused() {
        QFETCH(QString, text);
        QVERIFY(!Place::parse(text));
    }

    void aPlaceIsLookedAt() {
        Workspace workspace;
        Focus focus;
        Run* first = workspace.add(smallTask(20));
        Run* second = workspace.add(smallTask(20));
        first->setName("first");
        second->setName("second");
        focus.setRun(second);
        first->train();
        QTRY_COMPARE(first->state(), Run::State::finished);
        const auto place = Place::parse("maps?run=first&step=7&block=encoder.0.attention&head=1&query=2&key=3");
        QCOMPARE(show(focus, workspace.runs(), *place), QString());
        QCOMPARE(focus.run(), first);
        QCOMPARE(focus.wantedStep(), std::int64_t{7});
        QCOMPARE(focus.selection(), (Selection{0, 1, 2, 3}));
        QCOMPARE(placeOf(focus).text(), place->text().mid(4));
        // What is not said stays.
        QCOMPARE(show(focus, workspace.runs(), *Place::parse("?key=1")), QString());
        QCOMPARE(focus.selection(), (Selection{0, 1, 2, 1}));
        QCOMPARE(focus.wantedStep(), std::int64_t{7});
    }

    /// The cell that tells something is still found for who only went to a page.
    void toGoToAPageIsNoChoiceOfACell() {
        Workspace workspace;
        Run* run = workspace.add(smallTask(1000));
        run->train();
        QTRY_COMPARE(run->state(), Run::State::finished);
        const auto lookedAt = [&](const Selection& start, const char* place) {
            Focus focus;
            focus.setRun(run);
            focus.suggest(start);
            show(focus, workspace.runs(), *Place::parse(place));
            [&focus] { QTRY_VERIFY(focus.trace()); }();
            return focus.selection();
        };
        Selection empty;
        {
            Focus focus;
            focus.setRun(run);
            QTRY_VERIFY(focus.trace());
            const Tensor& weights = focus.trace()->at("encoder.0.attention.weights");
            const auto weakest = std::ranges::min_element(weights.values) - weights.values.begin();
            const auto keys = static_cast<std::ptrdiff_t>(weights.extent(2)), row = weakest / keys;
            empty = {0, static_cast<int>(row / keys), static_cast<int>(row % keys), static_cast<int>(weakest % keys)};
        }
        QVERIFY(lookedAt(empty, "maps") != empty);
        const std::string chosen = "maps?query=" + std::to_string(empty.query);
        QCOMPARE(lookedAt(empty, chosen.c_str()), empty);
    }

    void whatIsNotThereIsSaidAndChangesNothing_data() {
        QTest::addColumn<QString>("text");
        for (const char* text : {"?run=nobody", "?block=decoder.7.attention", "?head=2", "?step=1000", "?key=1&head=9"})
            QTest::newRow(text) << text;
    }
    void whatIsNotThereIsSaidAndChangesNothing() {
        QFETCH(QString, text);
        Workspace workspace;
        Focus focus;
        focus.setRun(workspace.add(smallTask(20)));
        const Place before = placeOf(focus);
        QVERIFY(!show(focus, workspace.runs(), *Place::parse(text)).isEmpty());
        QCOMPARE(placeOf(focus), before);
    }
};

QTEST_GUILESS_MAIN(PlaceTest)
#include "place_test.moc"
