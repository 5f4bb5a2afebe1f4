#include "ui/widgets/icon.h"

#include <QTest>

using namespace lab;

namespace {

/// The colour of the most opaque pixel.
QColor inkOf(const QPixmap& picture) {
    const QImage image = picture.toImage();
    QColor best(Qt::transparent);
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (image.pixelColor(x, y).alpha() > best.alpha()) best = image.pixelColor(x, y);
    return best;
}

}  // namespace

class IconTest : public QObject {
    Q_OBJECT

private slots:
    void init() { Theme::instance().setMode(Theme::Mode::light); }

    void everyIconCanBeDrawn() {
        const QStringList names = iconNames();
        for (const char* needed : {"train", "maps", "explain", "positions", "compare", "menu", "play", "pause", "step", "reset", "monitor"})
            QVERIFY2(names.contains(QLatin1String(needed)), needed);
        for (const QString& name : names) QVERIFY2(inkOf(iconPixmap(name)).alpha() > 200, qPrintable(name));
    }

    void takesTheColourOfItsRole() {
        QCOMPARE(inkOf(iconPixmap(QStringLiteral("pause"), Role::accent)).rgb(), Theme::instance().color(Role::accent).rgb());
    }

    void followsTheThemeWithoutBeingMadeAnew() {
        const QIcon pause = icon(QStringLiteral("pause"));
        const QRgb light = inkOf(pause.pixmap(20)).rgb();
        QCOMPARE(light, Theme::instance().color(Role::text).rgb());
        Theme::instance().setMode(Theme::Mode::dark);
        QCOMPARE(inkOf(pause.pixmap(20)).rgb(), Theme::instance().color(Role::text).rgb());
        QVERIFY(inkOf(pause.pixmap(20)).rgb() != light);
    }

    void isFaintWhenDisabled() {
        const QColor ink = inkOf(icon(QStringLiteral("play")).pixmap(20, QIcon::Disabled));
        QVERIFY(ink.alpha() > 90 && ink.alpha() < 140);  // 45 %
    }

    void theProgramHasAnIcon() {
        QVERIFY(!applicationIcon().isNull());
        QVERIFY(inkOf(applicationIcon().pixmap(64)).alpha() == 255);
    }
};

QTEST_MAIN(IconTest)
#include "icon_test.moc"
