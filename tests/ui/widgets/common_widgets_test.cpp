#include <QAccessible>
#include <QHelpEvent>
#include <QLabel>
#include <QScrollArea>
#include <QSignalSpy>
#include <QVBoxLayout>
#include <QtTest>
#include <algorithm>

#include "tests/patience.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/error_strip.h"
#include "ui/widgets/page_header.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/wrapped_text.h"

using namespace lab;

namespace {

QColor shownPixel(QWidget& widget, const QPoint& at) {
    const QImage image = widget.grab().toImage();
    return image.pixelColor(at * image.devicePixelRatio());
}

/// Counts the paintings of a widget.
class PaintSpy : public QObject {
public:
    explicit PaintSpy(QWidget* widget) { widget->installEventFilter(this); }
    int count = 0;

protected:
    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() == QEvent::Paint) ++count;
        return false;
    }
};

/// Counts how often what is scrolled gets another size, and ends it where it would not end.
class ResizeSpy : public QObject {
public:
    static constexpr int many = 50;
    explicit ResizeSpy(QScrollArea& area) : m_area(area) { area.widget()->installEventFilter(this); }
    int count = 0;

protected:
    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() == QEvent::Resize && ++count == many) m_area.setWidgetResizable(false);
        return false;
    }

private:
    QScrollArea& m_area;
};

/// In the order of the choices, whichever lies on top.
QList<QRadioButton*> segmentsOf(const SegmentedControl& control) {
    QList<QRadioButton*> segments = control.findChildren<QRadioButton*>();
    std::sort(segments.begin(), segments.end(), [](const QWidget* a, const QWidget* b) { return a->x() < b->x(); });
    return segments;
}

class WatchedPanel : public PanelFrame {
public:
    using PanelFrame::PanelFrame;
    QRegion painted;

protected:
    void paintEvent(QPaintEvent* event) override {
        painted += event->region();
        PanelFrame::paintEvent(event);
    }
};

}  // namespace

class CommonWidgetsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void aPanelsTextsAreDrawnAnewWhenAControlGoes() {
        WatchedPanel panel("Row 0");
        panel.setNote("amber: type or drag");
        auto* first = new Button("Undo");
        auto* second = new Button("Softmax lab");
        panel.addControl(first);
        panel.addControl(second);
        panel.resize(400, 200);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        panel.painted = {};
        second->hide();
        QTRY_VERIFY(panel.painted.contains(QRect(20, 4, 200, 16)));
    }

    void segmentsAreChosenByMouseAndArrows() {
        SegmentedControl control({"scores", "weights", "mask"}, "Stage");
        control.show();
        QVERIFY(QTest::qWaitForWindowActive(&control));
        QSignalSpy chosen(&control, &SegmentedControl::chosen);
        const auto stops = [&control] {
            QList<int> result;
            const auto segments = segmentsOf(control);
            for (int i = 0; i < segments.size(); ++i)
                if ((segments[i]->focusPolicy() & Qt::TabFocus) != 0) result << i;
            return result;
        };
        QCOMPARE(stops(), QList<int>{0});  // Tab comes to the choice that is on
        control.setCurrent(2);
        QCOMPARE(stops(), QList<int>{2});
        control.setCurrent(0);
        QCOMPARE(control.current(), 0);
        const auto segments = segmentsOf(control);
        QTest::mouseClick(segments[1], Qt::LeftButton);
        QCOMPARE(control.current(), 1);
        QCOMPARE(chosen.last(), (QVariantList{1}));
        segments[1]->setFocus();
        QTest::keyClick(segments[1], Qt::Key_Right);
        QCOMPARE(control.current(), 2);
        control.setCurrent(0);
        QCOMPARE(chosen.count(), 2);  // the program's own choice is silent
        QCOMPARE(control.current(), 0);
    }

    void segmentsAreNamedAndKeepTheirPlace() {
        SegmentedControl control({"scores", "weights"}, "Stage");
        const auto segments = segmentsOf(control);
        QCOMPARE(segments[1]->accessibleName(), QStringLiteral("Stage: weights"));
        const QRect before = segments[1]->geometry();
        control.setCurrent(1);
        QCOMPARE(segments[1]->geometry(), before);
        control.setChoiceEnabled(0, false, "why not");
        QVERIFY(!segments[0]->isEnabled());
        QCOMPARE(segments[0]->toolTip(), QStringLiteral("why not"));
    }

    void panelKeepsTheGroundOfItsContentInEachTheme() {
        PanelFrame panel("Title");
        panel.setContent(new QWidget);
        panel.resize(300, 200);
        panel.show();
        for (const auto mode : {Theme::Mode::dark, Theme::Mode::light}) {
            Theme::instance().setMode(mode);
            for (const bool onScreen : {false, true}) {
                panel.setOnScreen(onScreen);
                const QColor ground = Theme::instance().color(onScreen ? Role::screen : Role::panel);
                for (const QPoint at : {QPoint(150, 100), QPoint(1, 60), QPoint(150, 198)}) QCOMPARE(shownPixel(panel, at), ground);
            }
        }
    }

    void aChangeInTheContentDoesNotRepaintTheFrame() {
        PanelFrame panel("Title");
        auto* content = new QWidget;
        panel.setContent(content);
        panel.resize(300, 200);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        QCoreApplication::processEvents();
        PaintSpy frame(&panel), inside(content);
        content->update();
        QTRY_VERIFY(inside.count > 0);
        QCOMPARE(frame.count, 0);
        panel.setNote("new");
        QTRY_VERIFY(frame.count > 0);
    }

    void panelShowsItsContentBelowTheTitle() {
        PanelFrame panel("All heads");
        panel.setSubtitle("4 layers");
        auto* content = new QWidget;
        panel.setContent(content);
        panel.addControl(new Button("Export"));
        panel.resize(300, 200);
        panel.show();
        QCOMPARE(content->geometry(), QRect(1, 29, 298, 168));
        QCOMPARE(panel.accessibleName(), QStringLiteral("All heads"));
        QCOMPARE(shownPixel(panel, {150, 100}), Theme::instance().color(Role::screen));
        QCOMPARE(shownPixel(panel, {200, 4}), Theme::instance().color(Role::panel));
        panel.setTinted(true);
        QCOMPARE(shownPixel(panel, {200, 4}), Theme::instance().color(Role::selection));
    }

    void everythingGrowsWithTheScale() {
        Button button("Export");
        PageHeader header;
        const QSize before = button.sizeHint();
        Theme::instance().setScale(2.0);
        QCOMPARE(button.height(), 48);
        QVERIFY(button.sizeHint().width() > before.width() * 3 / 2);
        QCOMPARE(header.height(), 72);
        Theme::instance().setScale(1.0);
        QCOMPARE(button.sizeHint(), before);
    }

    void primaryButtonIsAmber() {
        PrimaryButton button("Train");
        button.setKeycap("Space");
        button.resize(button.sizeHint());
        QCOMPARE(button.height(), 40);
        QCOMPARE(shownPixel(button, {button.width() / 2, 3}), Theme::instance().color(Role::fill));
        button.setEnabled(false);
        QCOMPARE(shownPixel(button, {button.width() / 2, 3}), Theme::instance().color(Role::track));
    }

    void buttonWidthCanBeFixedForSeveralTexts() {
        Button button("Train");
        button.setWidthFor({"Train", "Pause training"});
        const QSize train = button.sizeHint();
        button.setText("Pause training");
        QCOMPARE(button.sizeHint(), train);
    }

    void iconButtonHasAName() {
        Button button(Glyph::chevronLeft, "Previous sample");
        QCOMPARE(button.accessibleName(), QStringLiteral("Previous sample"));
        QCOMPARE(button.sizeHint().width(), button.sizeHint().height());
    }

    void emptyStateOffersItsAction() {
        EmptyState empty("No run is open", "Choose a preset.", "Open");
        QSignalSpy activated(&empty, &EmptyState::activated);
        QTest::mouseClick(empty.button(), Qt::LeftButton);
        QCOMPARE(activated.count(), 1);
        QCOMPARE(empty.accessibleName(), QStringLiteral("No run is open"));
    }

    void anEmptyStateWithLongWordsSettlesInAScrollArea() {
        const QString longWord(60, 'w');
        auto* page = new QWidget;
        auto* column = new QVBoxLayout(page);
        auto* empty = new EmptyState(longWord, "Several words, and " + longWord, longWord);
        column->addWidget(empty);
        QScrollArea area;
        area.setWidgetResizable(true);
        area.setWidget(page);
        ResizeSpy spy(area);
        for (const int width : {300, 1200, 500}) {
            area.resize(width, 300);
            area.show();
            QCoreApplication::processEvents();
            QVERIFY2(spy.count < ResizeSpy::many, "the page grows without end");
            QCOMPARE(page->width(), std::max(page->minimumSizeHint().width(), area.viewport()->width()));
        }
        QVERIFY(empty->width() >= empty->button()->sizeHint().width());
    }

    void theLinesOfAnEmptyStateStayShortAndInTheMiddle() {
        EmptyState empty("No run is open", QString("many words ").repeated(30), "Open");
        for (const int width : {300, 900}) {
            empty.resize(width, 400);
            empty.show();
            QVERIFY(QTest::qWaitForWindowExposed(&empty));
            QTRY_COMPARE(empty.width(), width);
            for (const QLabel* label : empty.findChildren<QLabel*>()) {
                QCOMPARE(label->width(), std::min(Theme::instance().px(320), width - 2 * Theme::instance().px(16)));
                QVERIFY(std::abs(label->geometry().center().x() - width / 2) <= 1);
                QVERIFY(label->height() >= label->heightForWidth(label->width()));
            }
        }
    }

    void anElidedLabelGivesWayAndSaysTheWholeOfIt() {
        ElidedLabel label("Play: one stage in", TextSize::caption, Role::muted);
        const auto askedForHelp = [&] {
            QHelpEvent help(QEvent::ToolTip, {2, 2}, label.mapToGlobal(QPoint(2, 2)));
            QCoreApplication::sendEvent(&label, &help);
            return label.toolTip();
        };
        label.resize(label.sizeHint());
        QCOMPARE(askedForHelp(), QString());
        label.resize(40, label.height());
        QCOMPARE(label.width(), 40);
        QCOMPARE(askedForHelp(), label.text());
        const QImage picture = label.grab().toImage();
        label.setText("Play: other words");
        QCOMPARE(label.grab().toImage(), picture);  // "Play..." of both
    }

    void aWrappedTextTellsThatItIsCut() {
        WrappedText text(2);
        const QString whole = QStringLiteral("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen");
        text.resize(600, text.height());
        text.setText(QStringLiteral("one two"));
        text.show();
        QCOMPARE(text.shownText(), QStringLiteral("one two"));
        text.setText(whole);
        text.resize(140, text.height());
        QVERIFY2(text.shownText().endsWith(QChar(0x2026)) && text.shownText().startsWith(QStringLiteral("one two")),
                 qPrintable(text.shownText()));
        QCOMPARE(text.text(), whole);
        QCOMPARE(text.label().toolTip(), whole);
        QCOMPARE(text.label().accessibleName(), whole);
        const qsizetype inTwoLines = text.shownText().size();
        text.setGrowing();
        text.resize(140, 4 * text.height());
        QVERIFY(text.shownText().size() > inTwoLines);
        text.resize(600, text.height());
        QCOMPARE(text.shownText(), whole);
    }

    void aPagesTitleStaysBesideItsControls() {
        PageHeader header;
        header.setDetailGivesWay();
        QWidget controls;
        controls.setMinimumWidth(200);
        header.addControl(&controls);
        header.setText(QStringLiteral("Codes"), QStringLiteral("a detail that is longer than the title"));
        const int least = header.minimumSizeHint().width();
        QVERIFY2(least > 230 && least < 300, qPrintable(QString::number(least)));
        header.setText(QStringLiteral("A code over training"));
        QVERIFY(header.minimumSizeHint().width() > least);
        controls.setParent(nullptr);
    }

    void errorStripHasTheWrongEdge() {
        ErrorStrip strip;
        strip.setTexts("Stopped at step 318", "Step 312 is kept.");
        strip.resize(300, 120);
        QCOMPARE(shownPixel(strip, {1, 60}), Theme::instance().color(Role::wrong));
        QSignalSpy clicked(strip.addAction("Go to step 312"), &QPushButton::clicked);
        QTest::mouseClick(strip.findChild<Button*>(), Qt::LeftButton);
        QCOMPARE(clicked.count(), 1);
    }

    void badgeOfTheNeededPatternIsInverted() {
        Badge badge("mirror", Badge::Kind::needed);
        badge.resize(badge.sizeHint());
        QCOMPARE(shownPixel(badge, {2, badge.height() / 2}), Theme::instance().color(Role::text));
    }
};

QTEST_MAIN(CommonWidgetsTest)
#include "common_widgets_test.moc"
