#include "ui/pages/memory/pattern_pad.h"

#include <QSignalSpy>
#include <QtTest>

#include "ui/pages/memory/pattern_picture.h"
#include "ui/pages/memory/pattern_shelf.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

/// A pad whose picture follows the hand.
struct Desk {
    PatternPad pad{QStringLiteral("Pad"), 8};
    Pattern pattern = blankPattern(16, 16, "drawing");
    int strokes = 0;

    Desk() {
        pad.setDrawable(true);
        pad.setPattern(&pattern);
        pad.resize(pad.sizeHint());
        pad.show();
        QObject::connect(&pad, &PatternPad::strokeBegun, &pad, [this] { ++strokes; });
        QObject::connect(&pad, &PatternPad::drawn, &pad, [this](int pixel, bool on) {
            pattern.states[static_cast<std::size_t>(pixel)] = on ? 1 : -1;
            pad.setPattern(&pattern);
        });
    }
    QPoint at(int pixel) const { return pad.rectOf(pixel).center().toPoint(); }
    bool on(int pixel) const { return pattern.states[static_cast<std::size_t>(pixel)] > 0; }
};

}  // namespace

class PatternPadTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void theLeftButtonSetsAndTheRightOneClears() {
        Desk desk;
        QTest::mouseClick(&desk.pad, Qt::LeftButton, {}, desk.at(37));
        QVERIFY(desk.on(37));
        QTest::mouseClick(&desk.pad, Qt::LeftButton, {}, desk.at(37));
        QVERIFY(desk.on(37));
        QTest::mouseClick(&desk.pad, Qt::RightButton, {}, desk.at(37));
        QVERIFY(!desk.on(37));
        QCOMPARE(desk.pad.pixel(), 37);
        QCOMPARE(desk.strokes, 3);
    }

    void aQuickStrokeHasNoGaps() {
        Desk desk;
        QTest::mousePress(&desk.pad, Qt::LeftButton, {}, desk.at(32));
        QMouseEvent move(QEvent::MouseMove, desk.at(47), desk.pad.mapToGlobal(desk.at(47)), Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&desk.pad, &move);
        QTest::mouseRelease(&desk.pad, Qt::LeftButton, {}, desk.at(47));
        for (int pixel = 32; pixel < 48; ++pixel) QVERIFY2(desk.on(pixel), qPrintable(QString::number(pixel)));
        QCOMPARE(onCount(desk.pattern.states), 16);
        QCOMPARE(desk.strokes, 1);
    }

    void arrowsAndSpaceDrawWithoutAMouse() {
        Desk desk;
        desk.pad.setPixel(0);
        QTest::keyClick(&desk.pad, Qt::Key_Right);
        QTest::keyClick(&desk.pad, Qt::Key_Down);
        QCOMPARE(desk.pad.pixel(), 17);
        QTest::keyClick(&desk.pad, Qt::Key_Space);
        QVERIFY(desk.on(17));
        QTest::keyClick(&desk.pad, Qt::Key_Space);
        QVERIFY(!desk.on(17));
        QTest::keyClick(&desk.pad, Qt::Key_Left);
        QTest::keyClick(&desk.pad, Qt::Key_Left);
        QCOMPARE(desk.pad.pixel(), 16);
        QTest::keyClick(&desk.pad, Qt::Key_End);
        QCOMPARE(desk.pad.pixel(), 31);
        QTest::keyClick(&desk.pad, Qt::Key_Up);
        QTest::keyClick(&desk.pad, Qt::Key_Up);
        QCOMPARE(desk.pad.pixel(), 15);
    }

    void spaceIsThePadsWhileItIsDrawnOn() {
        Desk desk;
        QKeyEvent space(QEvent::ShortcutOverride, Qt::Key_Space, {});
        space.ignore();
        QCoreApplication::sendEvent(&desk.pad, &space);
        QVERIFY(space.isAccepted());
        desk.pad.setDrawable(false);
        QKeyEvent again(QEvent::ShortcutOverride, Qt::Key_Space, {});
        again.ignore();
        QCoreApplication::sendEvent(&desk.pad, &again);
        QVERIFY(!again.isAccepted());
    }

    void shiftWithAnArrowMovesThePicture() {
        Desk desk;
        QSignalSpy shifted(&desk.pad, &PatternPad::shiftWanted);
        QTest::keyClick(&desk.pad, Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(shifted.size(), 1);
        QCOMPARE(shifted[0][0].toInt(), 0);
        QCOMPARE(shifted[0][1].toInt(), -1);
    }

    void aPadToChooseOnDrawsNothing() {
        Desk desk;
        desk.pad.setDrawable(false);
        QSignalSpy chosen(&desk.pad, &PatternPad::pixelChosen);
        QTest::mouseClick(&desk.pad, Qt::LeftButton, {}, desk.at(100));
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].toInt(), 100);
        QCOMPARE(onCount(desk.pattern.states), 0);
    }

    void aScreenReaderHearsThePixel() {
        Desk desk;
        desk.pad.setPixel(0);
        QTest::keyClick(&desk.pad, Qt::Key_Space);
        QVERIFY(desk.pad.accessibleDescription().contains(QLatin1String("1 of 256 pixels on")));
        QVERIFY(desk.pad.accessibleDescription().contains(QLatin1String("row 0, column 0: on")));
        Pattern other = blankPattern(16, 16);
        desk.pad.setRight(&other);
        QVERIFY(desk.pad.accessibleDescription().contains(QLatin1String("1 wrong")));
    }

    void wrongPixelsBearARedCross() {
        Desk desk;
        const auto reds = [&desk] {
            const QImage image = desk.pad.grab().toImage();
            int count = 0;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x) count += image.pixelColor(x, y) == Theme::instance().color(Role::wrongBackground);
            return count;
        };
        QCOMPARE(reds(), 0);
        Pattern other = desk.pattern;
        other.states[5] = 1;
        desk.pad.setRight(&other);
        QVERIFY(reds() > 0);
    }

    void theShelfIsWalkedByKeys() {
        PatternShelf shelf;
        shelf.resize(Theme::instance().px(58) * 4, 300);
        const std::vector<Pattern> patterns = randomPatterns(10, 16, 16, 0, 1);
        shelf.setPatterns(patterns, std::vector<double>(10, 0.5), 0);
        shelf.show();
        QSignalSpy chosen(&shelf, &PatternShelf::chosen), removal(&shelf, &PatternShelf::removalWanted);
        QTest::keyClick(&shelf, Qt::Key_Down);
        QCOMPARE(chosen.last()[0].toInt(), 4);
        QTest::keyClick(&shelf, Qt::Key_End);
        QCOMPARE(chosen.last()[0].toInt(), 9);
        QTest::mouseClick(&shelf, Qt::LeftButton, {}, shelf.cardRect(6).center());
        QCOMPARE(chosen.last()[0].toInt(), 6);
        QTest::keyClick(&shelf, Qt::Key_Delete);
        QCOMPARE(removal.size(), 1);
        QVERIFY(shelf.accessibleDescription().startsWith(QLatin1String("1, 1 of 10")));
    }
};

QTEST_MAIN(PatternPadTest)
#include "pattern_pad_test.moc"
