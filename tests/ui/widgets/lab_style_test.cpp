#include "ui/widgets/lab_style.h"

#include <QCheckBox>
#include <QListWidget>
#include <QMenu>
#include <QScrollArea>
#include <QScrollBar>
#include <QSlider>
#include <QStyleOptionSlider>
#include <QTableWidget>
#include <QToolTip>
#include <QtTest>

#include "ui/widgets/theme.h"

using namespace lab;

namespace {

QImage pictureOf(QWidget& widget) {
    widget.show();
    [[maybe_unused]] const bool exposed = QTest::qWaitForWindowExposed(&widget);
    widget.setAttribute(Qt::WA_UnderMouse, false);  // wherever the pointer is
    const QImage image = widget.grab().toImage().convertToFormat(QImage::Format_RGB32);
    return image;
}

QColor colorOf(Role role) {
    return Theme::instance().color(role);
}

}  // namespace

/// What Fusion would draw in its own way.
class LabStyleTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase_data() {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<double>("scale");
        QTest::newRow("light") << false << 1.0;
        QTest::newRow("dark") << true << 1.0;
        QTest::newRow("twice as large") << false << 2.0;
    }

    void init() {
        QFETCH_GLOBAL(bool, dark);
        QFETCH_GLOBAL(double, scale);
        Theme::instance().setScale(scale);
        Theme::instance().setMode(dark ? Theme::Mode::dark : Theme::Mode::light);
        Theme::instance().apply();
    }

    void cleanupTestCase() {
        Theme::instance().setScale(1.0);
        Theme::instance().setMode(Theme::Mode::light);
    }

    void aCheckBoxHasAFrameAndATickInTheThemesColours() {
        QCheckBox box(QStringLiteral("sorted"));
        box.resize(box.sizeHint());
        const int side = Theme::instance().px(14);
        const auto has = [&](const QImage& image, Role role) {
            const QRect square(0, (box.height() - side) / 2, side, side);
            for (int y = square.top(); y <= square.bottom(); ++y)
                for (int x = square.left(); x <= square.right(); ++x)
                    if (image.pixelColor(x, y) == colorOf(role)) return true;
            return false;
        };
        const QImage off = pictureOf(box);
        QVERIFY(has(off, Role::controlBorder) && has(off, Role::control) && !has(off, Role::accent));
        box.setChecked(true);
        const QImage on = pictureOf(box);
        QVERIFY(has(on, Role::accent) && has(on, Role::selection));
        QVERIFY(on.copy(0, 0, side, box.height()) != off.copy(0, 0, side, box.height()));
    }

    void aScrollBarIsAHandleWithoutArrows() {
        QScrollBar bar(Qt::Vertical);
        bar.setRange(0, 100);
        bar.setPageStep(50);
        const int wide = Theme::instance().px(12);
        QCOMPARE(bar.sizeHint().width(), wide);
        bar.resize(wide, 300);
        bar.setValue(100);
        const QImage image = pictureOf(bar);
        QCOMPARE(image.pixelColor(wide / 2, 20), colorOf(Role::panel));
        QCOMPARE(image.pixelColor(wide / 2, 250), colorOf(Role::controlBorder));
        QCOMPARE(image.pixelColor(wide / 2, 203 + Theme::instance().px(4)), colorOf(Role::controlBorder));
        QCOMPARE(image.pixelColor(1, 250), colorOf(Role::panel));
        bar.setRange(0, 100000);
        bar.setPageStep(1);
        QStyleOptionSlider option;
        option.initFrom(&bar);
        option.orientation = Qt::Vertical;
        option.maximum = 100000;
        option.pageStep = 1;
        QCOMPARE(bar.style()->subControlRect(QStyle::CC_ScrollBar, &option, QStyle::SC_ScrollBarSlider, &bar).height(),
                 Theme::instance().px(24));
    }

    void theWholeHandleCanBeDragged() {
        QScrollBar bar(Qt::Vertical);
        bar.setRange(0, 100);
        bar.setPageStep(100);
        bar.resize(bar.sizeHint().width(), 300);
        bar.show();
        QTest::mousePress(&bar, Qt::LeftButton, {}, {5, 10});
        QTest::mouseMove(&bar, {5, 400});
        QTest::mouseRelease(&bar, Qt::LeftButton, {}, {5, 400});
        QCOMPARE(bar.value(), 100);
    }

    void aSliderIsFilledUpToItsHandle() {
        QSlider slider(Qt::Horizontal);
        slider.setRange(0, 100);
        slider.setValue(50);
        slider.resize(300, 40);
        const QImage image = pictureOf(slider);
        QCOMPARE(image.pixelColor(75, 20), colorOf(Role::accent));
        QCOMPARE(image.pixelColor(225, 20), colorOf(Role::track));
        QCOMPARE(image.pixelColor(150, 20), colorOf(Role::control));
        QTest::mousePress(&slider, Qt::LeftButton, {}, {150, 20});
        QTest::mouseMove(&slider, {400, 20});
        QTest::mouseRelease(&slider, Qt::LeftButton, {}, {400, 20});
        QCOMPARE(slider.value(), 100);
    }

    void aMenuMarksWhatIsChosen() {
        QMenu menu;
        QAction* first = menu.addAction(QStringLiteral("First of all"));
        first->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_O));
        first->setShortcutVisibleInContextMenu(true);
        QAction* second = menu.addAction(QStringLiteral("Second"));
        second->setCheckable(true);
        second->setChecked(true);
        QAction* separator = menu.addSeparator();
        QAction* third = menu.addAction(QStringLiteral("Not now"));
        third->setEnabled(false);
        menu.addMenu(QStringLiteral("More"))->addAction(QStringLiteral("inner"));
        menu.setActiveAction(first);
        const QImage image = pictureOf(menu);
        const auto edgeOf = [&](QAction* action) {
            return image.pixelColor(menu.actionGeometry(action).right() - 1, menu.actionGeometry(action).center().y());
        };
        QCOMPARE(edgeOf(first), colorOf(Role::selection));
        QCOMPARE(edgeOf(second), colorOf(Role::panel));
        QCOMPARE(image.pixelColor(0, image.height() / 2), colorOf(Role::controlBorder));
        bool line = false;
        for (int y = menu.actionGeometry(separator).top(); y <= menu.actionGeometry(separator).bottom(); ++y)
            line |= image.pixelColor(image.width() / 2, y) == colorOf(Role::hairline);
        QVERIFY(line);
        QVERIFY(menu.actionGeometry(third).height() >= QFontMetrics(menu.font()).height() + Theme::instance().px(8));
    }

    void tablesAndListsHaveNoFrame() {
        QTableWidget table(3, 3);
        table.resize(400, 300);
        table.setItem(0, 0, new QTableWidgetItem(QStringLiteral("word")));
        const QImage image = pictureOf(table);
        QCOMPARE(image.pixelColor(0, image.height() - 1), colorOf(Role::screen));
        QListWidget list;
        list.addItem(QStringLiteral("line"));
        QCOMPARE(pictureOf(list).pixelColor(0, list.height() - 1), colorOf(Role::screen));
    }

    void aToolTipIsAPanel() {
        QWidget owner;
        owner.show();
        QVERIFY(QTest::qWaitForWindowExposed(&owner));
        QToolTip::showText(owner.mapToGlobal(QPoint(5, 5)), QStringLiteral("what it is"), &owner);
        QWidget* tip = nullptr;
        for (QWidget* widget : QApplication::topLevelWidgets())
            if (widget->isVisible() && widget->inherits("QTipLabel")) tip = widget;
        QVERIFY(tip);
        const QImage image = pictureOf(*tip);
        QCOMPARE(image.pixelColor(0, image.height() / 2), colorOf(Role::controlBorder));
        QCOMPARE(image.pixelColor(3, 3), colorOf(Role::panel));
        QToolTip::hideText();
    }
};

QTEST_MAIN(LabStyleTest)
#include "lab_style_test.moc"
