#include "ui/widgets/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QFontDatabase>
#include <QLineEdit>
#include <QVBoxLayout>
#include <QtTest>
#include <set>
#include <vector>

#include "tests/patience.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/focus_ring.h"

using namespace lab;

namespace {

double contrastOf(Role text, Role surface) {
    return contrast(Theme::instance().color(text).rgb(), Theme::instance().color(surface).rgb());
}

/// What is seen before what, and how well at least.
struct Sight {
    std::vector<Role> fronts, grounds;
    double least;
};

const std::vector<Role> grounds{Role::window, Role::panel, Role::screen, Role::control};
const std::vector<Role> touched{Role::hover, Role::pressed, Role::selection};
const std::vector<Sight> sights{
    {{Role::text}, grounds, 10.0},
    {{Role::muted}, grounds, 5.4},
    {{Role::text, Role::muted, Role::accent, Role::right, Role::wrong}, grounds, 4.5},
    {{Role::text, Role::muted, Role::accent, Role::right, Role::wrong}, touched, 4.5},
    {{Role::text, Role::muted, Role::wrong}, {Role::wrongBackground}, 4.5},
    {{Role::series1}, {Role::screen}, 4.5},  // curves have their names in it
    {{Role::onFill}, {Role::fill}, 10.0},
    {{Role::controlBorder, Role::fillBorder}, grounds, 3.0},
    {{Role::series1, Role::series2, Role::series3, Role::series4, Role::series5}, {Role::screen}, 3.6},
    {{Role::series1, Role::series2, Role::series3, Role::series4, Role::series5, Role::right}, {Role::panel, Role::track}, 3.0},
};
/// Between parts that are told apart without them.
const std::vector<Role> decoration{Role::hairline, Role::grid};

}  // namespace

class ThemeTest : public QObject {
    Q_OBJECT

private slots:
    void cleanup() {
        Theme::instance().setFontFamily({});
        Theme::instance().setScale(1.0);
        Theme::instance().setMode(Theme::Mode::light);
    }

    void modeChangesColours() {
        Theme& theme = Theme::instance();
        theme.setMode(Theme::Mode::light);
        QCOMPARE(theme.color(Role::screen), QColor(0xFF, 0xFF, 0xFF));
        QCOMPARE(theme.color(Role::accent), QColor(0x8F, 0x47, 0x00));
        theme.setMode(Theme::Mode::dark);
        QVERIFY(theme.dark());
        QCOMPARE(theme.color(Role::screen), QColor(0x0E, 0x10, 0x13));
        QCOMPARE(theme.color(Role::series5), QColor(0x9A, 0xA3, 0xAF));
    }

    /// WCAG 2: texts 4.5, what is drawn and has to be told from its ground 3. Bold words of the theme are too small for less.
    void contrastsHold() {
        QStringList low;
        for (const auto mode : {Theme::Mode::light, Theme::Mode::dark}) {
            Theme::instance().setMode(mode);
            for (const Sight& sight : sights)
                for (const Role front : sight.fronts)
                    for (const Role ground : sight.grounds)
                        if (contrastOf(front, ground) < sight.least)
                            low << QString("%1: role %2 on role %3: %4")
                                       .arg(Theme::instance().dark() ? "dark" : "light")
                                       .arg(static_cast<int>(front))
                                       .arg(static_cast<int>(ground))
                                       .arg(contrastOf(front, ground));
        }
        QCOMPARE(low.join('\n'), QString());
    }

    void noRoleIsLeftOut() {
        std::set<Role> looked(decoration.begin(), decoration.end());
        for (const Sight& sight : sights)
            for (const auto& roles : {sight.fronts, sight.grounds}) looked.insert(roles.begin(), roles.end());
        QCOMPARE(looked.size(), static_cast<std::size_t>(Role::series5) + 1);
    }

    void scaleMultipliesMeasuresAndFonts() {
        Theme& theme = Theme::instance();
        QCOMPARE(theme.px(28), 28);
        const int size = theme.font(TextSize::token).pixelSize();
        QCOMPARE(size, 15);
        theme.setScale(2.0);
        QCOMPARE(theme.px(28), 56);
        QCOMPARE(theme.font(TextSize::token).pixelSize(), 30);
    }

    void onlyTwoWeightsAreUsed() {
        QCOMPARE(Theme::instance().font(TextSize::text).weight(), QFont::Normal);
        QCOMPARE(Theme::instance().font(TextSize::text, true).weight(), QFont::Bold);
    }

    void bodyTextOfAWideFontIsOneSizeSmaller() {
        if (!QFontDatabase::families().contains(QStringLiteral("DejaVu Sans"))) QSKIP("DejaVu Sans is not installed");
        Theme::instance().setFontFamily(QStringLiteral("DejaVu Sans"));
        QCOMPARE(Theme::instance().font(TextSize::text).pixelSize(), 12);
        QCOMPARE(Theme::instance().font(TextSize::token).pixelSize(), 15);
    }

    void applicationTakesThePalette() {
        Theme::instance().setMode(Theme::Mode::dark);
        Theme::instance().apply();
        QCOMPARE(QApplication::palette().color(QPalette::Base), Theme::instance().color(Role::screen));
        QCOMPARE(QApplication::palette().color(QPalette::Highlight), Theme::instance().color(Role::selection));
        Theme::instance().setMode(Theme::Mode::light);  // after apply() a change is applied at once
        QCOMPARE(QApplication::palette().color(QPalette::Base), Theme::instance().color(Role::screen));
    }

    void whoFollowsIsCalledOnceAChangeAndBehindWhatIsInside() {
        Theme::instance().apply();
        QWidget outer;
        auto* inner = new QWidget(&outer);
        auto* another = new QWidget(inner);
        QStringList called;
        for (QWidget* widget : {&outer, another, inner})
            whenThemed(widget, [&called, widget, &outer, inner] {
                called << (widget == &outer ? "outer" : widget == inner ? "inner" : "innermost");
                widget->setFont(Theme::instance().font(TextSize::token));  // whoever follows changes its own style as well
                widget->setStyleSheet(QStringLiteral("color: %1").arg(Theme::instance().color(Role::text).name()));
            });
        whenThemed(inner, [&called] { called << "inner, behind"; });
        const QStringList all{"innermost", "inner", "inner, behind", "outer"};
        Theme::instance().setMode(Theme::Mode::dark);
        QCOMPARE(called, all);
        QCoreApplication::processEvents();
        QCOMPARE(called, all);
        Theme::instance().setScale(2.0);
        QCoreApplication::processEvents();
        QCOMPARE(called, all + all);
    }

    void whoFollowsMayTakeAwayWhatIsInside() {
        Theme::instance().apply();
        QWidget outer;
        auto* inner = new QWidget(&outer);
        QPointer<QWidget> innermost = new QWidget(inner);
        int called = 0;
        whenThemed(inner, [&] { delete innermost; });
        whenThemed(innermost, [&] { ++called; });
        followTheme(&outer, [&] { ++called; });
        QCOMPARE(called, 1);
        Theme::instance().setMode(Theme::Mode::dark);
        QVERIFY(!innermost);
        QCOMPARE(called, 3);
        Theme::instance().setMode(Theme::Mode::light);
        QCOMPARE(called, 4);
    }

    /// With its letters, not when Qt comes to tell of them.
    void aBoxTakesItsSizeAtOnce() {
        Theme::instance().apply();
        QWidget window;
        auto* box = new QComboBox(&window);
        box->addItem("weights");
        window.show();
        const QSize before = box->minimumSizeHint();
        const int letters = box->font().pixelSize();
        Theme::instance().setScale(2.0);
        QCOMPARE(box->font().pixelSize(), 2 * letters);
        QVERIFY(box->minimumSizeHint().height() > before.height());
        Theme::instance().setScale(1.0);
        QCOMPARE(box->minimumSizeHint(), before);
        QCoreApplication::processEvents();
        QCOMPARE(box->minimumSizeHint(), before);
    }

    void focusedFieldWearsTheRing() {
        Theme::instance().apply();
        QWidget window;
        auto* layout = new QVBoxLayout(&window);
        layout->setContentsMargins(20, 20, 20, 20);
        auto* first = new QLineEdit(&window);
        auto* second = new QLineEdit(&window);
        layout->addWidget(first);
        layout->addWidget(second);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        first->setFocus();
        const auto ringAt = [&](QWidget* field) {
            return window.grab().toImage().pixelColor(field->geometry().center().x(), field->y() - 2);
        };
        QTRY_COMPARE(ringAt(first), Theme::instance().color(Role::accent));
        QTest::keyClick(first, Qt::Key_Tab);
        QTRY_COMPARE(ringAt(second), Theme::instance().color(Role::accent));
        QVERIFY(FocusRing::byKeyboard());
        QVERIFY(ringAt(first) != Theme::instance().color(Role::accent));
    }
};

QTEST_MAIN(ThemeTest)
#include "theme_test.moc"
