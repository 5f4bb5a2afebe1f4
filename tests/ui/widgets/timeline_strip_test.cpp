#include "ui/widgets/timeline_strip.h"

#include <QHelpEvent>
#include <QImage>
#include <QLineEdit>
#include <QSignalSpy>
#include <QToolTip>
#include <QtTest>
#include <algorithm>
#include <cmath>

#include "tests/patience.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

QImage stripPicture(QWidget& widget) {
    return widget.grab().toImage();
}

/// How many pixels of a colour a column of the picture has.
int countInColumn(const QImage& picture, int x, const QColor& color) {
    int count = 0;
    for (int y = 0; y < picture.height(); ++y) count += picture.pixelColor(x, y) == color;
    return count;
}

}  // namespace

class TimelineStripTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void theAxisGrowsInFewSteps();
    void clickAndDragAskForAStep();
    void noStepBeyondTheNewestIsAskedFor();
    void arrowsGoFromKeptStepToKeptStep();
    void showsThePlayheadWhereTheStepIs();
    void longTrainingsFillTheStrip();
    void flagsThinOutBeforeTheyCollide();
    void thePinUnderTheMouseIsTheNearest();
    void aPinIsNamedByKeyAndTheFocusStays();
    void aMarkStandsWhereTheLossFallsFastest();

private:
    static TimelineStrip* strip(std::int64_t newest, std::int64_t last = 1000);
};

void TimelineStripTest::init() {
    Theme::instance().setMode(Theme::Mode::light);
    Theme::instance().apply();
}

TimelineStrip* TimelineStripTest::strip(std::int64_t newest, std::int64_t last) {
    auto* strip = new TimelineStrip;
    strip->resize(814, strip->sizeHint().height());
    strip->clear(0, last);
    for (std::int64_t step = 1; step <= newest; ++step) strip->addLoss(step, 2.3 * std::exp(-static_cast<double>(step) / 100.0));
    strip->setShown(newest, newest);
    return strip;
}

void TimelineStripTest::theAxisGrowsInFewSteps() {
    const std::unique_ptr<TimelineStrip> it(strip(0, 3900));
    int changes = 0;
    double before = it->xOf(100);
    for (std::int64_t step = 1; step <= 3900; ++step) {
        it->setShown(step, step);
        QVERIFY(it->xOf(step) <= it->width());
        changes += it->xOf(100) != before;
        before = it->xOf(100);
    }
    QVERIFY(changes > 0 && changes <= 5);
    QVERIFY(std::abs(it->xOf(3900) - (it->width() - 7)) < 1);
}

void TimelineStripTest::clickAndDragAskForAStep() {
    const std::unique_ptr<TimelineStrip> it(strip(1000));
    QSignalSpy asked(it.get(), &TimelineStrip::stepRequested);
    QTest::mousePress(it.get(), Qt::LeftButton, {}, QPoint(qRound(it->xOf(300)), 20));
    QCOMPARE(asked.size(), 1);
    QVERIFY(std::abs(asked.back().front().toLongLong() - 300) <= 1);
    QTest::mouseMove(it.get(), QPoint(qRound(it->xOf(700)), 20));
    QTRY_COMPARE(asked.size(), 2);
    QVERIFY(std::abs(asked.back().front().toLongLong() - 700) <= 1);
    QTest::mouseRelease(it.get(), Qt::LeftButton, {}, QPoint(qRound(it->xOf(700)), 20));
}

void TimelineStripTest::noStepBeyondTheNewestIsAskedFor() {
    const std::unique_ptr<TimelineStrip> it(strip(600));
    QSignalSpy asked(it.get(), &TimelineStrip::stepRequested);
    QTest::mouseClick(it.get(), Qt::LeftButton, {}, QPoint(it->width() - 2, 20));
    QCOMPARE(asked.back().front().toLongLong(), 600);
    QTest::mouseClick(it.get(), Qt::LeftButton, {}, QPoint(0, 20));
    QCOMPARE(asked.back().front().toLongLong(), 0);
}

void TimelineStripTest::arrowsGoFromKeptStepToKeptStep() {
    const std::unique_ptr<TimelineStrip> it(strip(1000));
    std::vector<std::int64_t> kept;
    for (std::int64_t step = 0; step <= 1000; step += 10) kept.push_back(step);
    it->setKeptSteps(kept);
    it->setShown(500, 1000);
    QSignalSpy asked(it.get(), &TimelineStrip::stepRequested);
    const auto press = [&](Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        QTest::keyClick(it.get(), key, modifiers);
        return asked.back().front().toLongLong();
    };
    QCOMPARE(press(Qt::Key_Left), 490);
    QCOMPARE(press(Qt::Key_Right), 510);
    QCOMPARE(press(Qt::Key_Left, Qt::ShiftModifier), 400);
    QCOMPARE(press(Qt::Key_Home), 0);
    QCOMPARE(press(Qt::Key_End), 1000);
    it->setShown(505, 1000);  // between two kept ones
    QCOMPARE(press(Qt::Key_Left), 500);
    QCOMPARE(press(Qt::Key_Right), 510);
    it->setShown(0, 1000);
    QCOMPARE(press(Qt::Key_Left), 0);
}

void TimelineStripTest::showsThePlayheadWhereTheStepIs() {
    const std::unique_ptr<TimelineStrip> it(strip(1000));
    const QColor accent = Theme::instance().color(Role::accent);
    it->setShown(400, 1000);
    const QImage picture = stripPicture(*it);
    QVERIFY(countInColumn(picture, qRound(it->xOf(400)), accent) > 20);
    QCOMPARE(countInColumn(picture, qRound(it->xOf(800)), accent), 0);
}

void TimelineStripTest::flagsThinOutBeforeTheyCollide() {
    const std::unique_ptr<TimelineStrip> it(strip(1000));
    it->setPins({{100, "a"}, {500, "b"}});
    QCOMPARE(it->flags(), (std::vector<std::int64_t>{100, 500}));
    std::vector<TimelineStrip::Pin> pins;
    for (std::int64_t step = 0; step <= 1000; step += 4) pins.push_back({step, QString::number(step)});
    it->setPins(pins);
    const std::vector<std::int64_t> flags = it->flags();
    QVERIFY(flags.size() > 20);
    QCOMPARE(flags.front(), 0);
    for (std::size_t i = 1; i < flags.size(); ++i) QVERIFY(it->xOf(flags[i]) - it->xOf(flags[i - 1]) >= 12);
    it->setShown(508, 1000);  // the one in hand keeps its flag
    const std::vector<std::int64_t> now = it->flags();
    QVERIFY(std::find(now.begin(), now.end(), 508) != now.end());
    for (std::size_t i = 1; i < now.size(); ++i) QVERIFY(it->xOf(now[i]) - it->xOf(now[i - 1]) >= 12);
    // A pin without a flag has the top of its pole, no more.
    it->setPins({{500, "flies"}, {505, "thinned out"}});
    it->setShown(1000, 1000);
    const QColor text = Theme::instance().color(Role::text);
    const QImage picture = stripPicture(*it);
    QVERIFY(countInColumn(picture, qRound(it->xOf(500)), text) > 25);
    QVERIFY(countInColumn(picture, static_cast<int>(it->xOf(505)), text) < 12);
}

void TimelineStripTest::thePinUnderTheMouseIsTheNearest() {
    const std::unique_ptr<TimelineStrip> it(strip(1000));
    it->setPins({{500, "first"}, {506, "second"}});  // some 5 px apart: one flag
    QCOMPARE(it->flags().size(), std::size_t{1});
    QSignalSpy asked(it.get(), &TimelineStrip::stepRequested);
    const auto click = [&](std::int64_t near) {
        QTest::mouseClick(it.get(), Qt::LeftButton, {}, QPoint(qRound(it->xOf(near)), 9));
        return asked.back().front().toLongLong();
    };
    QCOMPARE(click(500), 500);
    QCOMPARE(click(506), 506);
    const QPoint place(qRound(it->xOf(700)), it->height() / 2);
    const auto hover = [&] {
        QHelpEvent help(QEvent::ToolTip, place, it->mapToGlobal(place));
        QCoreApplication::sendEvent(it.get(), &help);
        return QToolTip::isVisible();
    };
    it->show();
    QVERIFY(hover());
    QTest::mousePress(it.get(), Qt::LeftButton, {}, place);
    QTRY_VERIFY(!QToolTip::isVisible());
    QVERIFY(!hover());  // while it is dragged nothing covers what is scrubbed
    QTest::mouseRelease(it.get(), Qt::LeftButton, {}, place);
    QSignalSpy wanted(it.get(), &TimelineStrip::pinWanted);
    QTest::mouseDClick(it.get(), Qt::LeftButton, {}, QPoint(qRound(it->xOf(506)), 9));
    QCOMPARE(wanted.size(), 0);  // it has one
    QTest::mouseDClick(it.get(), Qt::LeftButton, {}, QPoint(qRound(it->xOf(200)), it->height() / 2));
    QCOMPARE(wanted.size(), 1);
}

void TimelineStripTest::aPinIsNamedByKeyAndTheFocusStays() {
    const std::unique_ptr<TimelineStrip> it(strip(1000));
    it->setPins({{500, "pin 500"}});
    it->show();
    it->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(it.get()));
    QSignalSpy named(it.get(), &TimelineStrip::pinNamed);
    it->editName(300);  // no pin there
    auto* name = it->findChild<QLineEdit*>();
    QVERIFY(!name->isVisible());
    it->editName(500);
    QTRY_VERIFY(name->hasFocus());
    QTest::keyClicks(name, "first stripe");
    QTest::keyClick(name, Qt::Key_Return);
    QCOMPARE(named.size(), 1);
    QCOMPARE(named.front().at(0).toLongLong(), 500);
    QCOMPARE(named.front().at(1).toString(), QString("first stripe"));
    QVERIFY(it->hasFocus());
    it->editName(500);
    QTest::keyClicks(name, "never");
    QTest::keyClick(name, Qt::Key_Escape);
    QCOMPARE(named.size(), 1);
    QVERIFY(!name->isVisible() && it->hasFocus());
}

void TimelineStripTest::aMarkStandsWhereTheLossFallsFastest() {
    const std::unique_ptr<TimelineStrip> it(strip(1000));
    it->setShown(1000, 1000);
    const QImage before = stripPicture(*it);
    it->setFall(400, "falls here");
    QCOMPARE(it->fall(), std::optional<std::int64_t>(400));
    const QImage after = stripPicture(*it);
    const int x = qRound(it->xOf(400));
    int near = 0, elsewhere = 0;
    for (int row = 0; row < after.height(); ++row)
        for (int column = 0; column < after.width(); ++column)
            if (after.pixel(column, row) != before.pixel(column, row)) ++(std::abs(column - x) <= 7 ? near : elsewhere);
    QVERIFY(near >= 20);
    QCOMPARE(elsewhere, 0);
    it->clear(0, 100);
    QVERIFY(!it->fall());
}

void TimelineStripTest::longTrainingsFillTheStrip() {
    const std::unique_ptr<TimelineStrip> it(strip(0, 200'000));
    for (std::int64_t step = 1; step <= 200'000; ++step) it->addLoss(step, 1.0 + std::sin(static_cast<double>(step) / 20'000.0) * 0.5);
    it->setShown(200'000, 200'000);
    const QImage picture = stripPicture(*it);
    const QColor line = Theme::instance().color(Role::series1);
    int columns = 0;
    for (int x = 10; x < picture.width() - 20; ++x) {
        bool found = false;
        for (int y = 0; y < picture.height() && !found; ++y) {
            const QColor pixel = picture.pixelColor(x, y);
            found = std::abs(pixel.red() - line.red()) < 90 && pixel.blue() > pixel.red();
        }
        columns += found;
    }
    QVERIFY2(columns > picture.width() * 9 / 10, qPrintable(QString::number(columns)));
}

QTEST_MAIN(TimelineStripTest)
#include "timeline_strip_test.moc"
