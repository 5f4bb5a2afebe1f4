#include "ui/widgets/elided_texts.h"

#include <QHelpEvent>
#include <QToolTip>
#include <QtTest>

#include "ui/widgets/paint.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

const QString longName = QStringLiteral("Donaudampfschifffahrtsgesellschaft < Kapit\u00E4n");

/// Two lines of text, the second below.
class ElidedLines : public QWidget {
public:
    QString upper = longName, lower = QStringLiteral("short");

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        drawElided(painter, QRectF(10, 0, 80, 20), Qt::AlignLeft, upper);
        painter.translate(0, 20);
        drawElided(painter, QRectF(10, 0, 80, 20), Qt::AlignLeft, lower);
    }
};

QString tipAt(QWidget& widget, const QPoint& at) {
    QToolTip::showText(QPoint(), QStringLiteral("before"), &widget);
    QHelpEvent help(QEvent::ToolTip, at, widget.mapToGlobal(at));
    QCoreApplication::sendEvent(&widget, &help);
    return QToolTip::text();
}

}  // namespace

class ElidedTextsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void whatIsCutIsWholeInTheToolTip() {
        ElidedLines lines;
        lines.resize(200, 40);
        lines.show();
        QVERIFY(QTest::qWaitForWindowExposed(&lines));
        QTRY_COMPARE(tipAt(lines, {20, 10}), longName);
        QVERIFY(tipAt(lines, {20, 30}) != QStringLiteral("short"));
        QVERIFY(tipAt(lines, {150, 10}) != longName);
        std::swap(lines.upper, lines.lower);
        lines.repaint();
        QCOMPARE(tipAt(lines, {20, 30}), longName);
        QVERIFY(tipAt(lines, {20, 10}) != longName);
    }

    void itStandsBeforeWhatTheWidgetSays() {
        ElidedLines lines;
        lines.setToolTip(QStringLiteral("a help"));
        lines.resize(200, 40);
        lines.show();
        QVERIFY(QTest::qWaitForWindowExposed(&lines));
        QTRY_VERIFY(tipAt(lines, {20, 10}).contains(longName.toHtmlEscaped()));
        const QString said = tipAt(lines, {20, 10});
        QVERIFY(said.indexOf(QStringLiteral("a help")) > said.indexOf(longName.toHtmlEscaped()));
        QCOMPARE(tipAt(lines, {20, 30}), QStringLiteral("a help"));
        lines.setToolTip(QStringLiteral("all of ") + longName);
        QCOMPARE(tipAt(lines, {20, 10}), lines.toolTip());
    }

    void titlesOfPanelsToo() {
        PanelFrame panel(longName + QStringLiteral(" a_{0}"));
        panel.resize(120, 60);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        QTRY_COMPARE(tipAt(panel, {20, 10}), longName + QStringLiteral(" a_0"));
    }

    void aPictureNotesNothing() {
        QImage image(100, 20, QImage::Format_ARGB32_Premultiplied);
        QPainter painter(&image);
        drawElided(painter, QRectF(0, 0, 40, 20), Qt::AlignLeft, longName);
        QVERIFY(painter.isActive());
    }
};

QTEST_MAIN(ElidedTextsTest)
#include "elided_texts_test.moc"
