#include <QLabel>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>

#include "tests/ui/widgets/painted_texts.h"
#include "tests/ui/window/trained_desk.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/theme.h"

using namespace lab;
using lab::testing::TrainedDesk;

namespace {

constexpr double leastContrast = 4.5, leastOfLarge = 3.0;  // WCAG 2
constexpr int large = 24, largeBold = 19;                  // px, of 18 and 14 points

/// What the letters stand on: the commonest colour around them that is not their own.
QRgb groundOf(const QImage& picture, const PaintedText& text) {
    const QRect room = text.ink.toAlignedRect().adjusted(-2, -2, 2, 2) & picture.rect();
    QHash<QRgb, int> counts;
    for (int y = room.top(); y <= room.bottom(); ++y)
        for (int x = room.left(); x <= room.right(); ++x) ++counts[picture.pixel(x, y)];
    counts.remove(text.color.rgb());
    const auto most = std::max_element(counts.cbegin(), counts.cend());
    return most == counts.cend() ? text.color.rgb() : most.key();
}

double leastOf(const QFont& font) {
    return font.pixelSize() >= (font.bold() ? largeBold : large) ? leastOfLarge : leastContrast;
}

}  // namespace

/// Every text that any page writes can be read on what it stands on, in both themes. (What each colour is good for: theme_test.)
class ContrastTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(m_home.isValid());
        qputenv("XDG_CONFIG_HOME", m_home.path().toUtf8());
        Theme::instance().apply();
    }
    void cleanup() { Theme::instance().setMode(Theme::Mode::light); }

    void lettersThatAreTooFaintAreFound() {
        QWidget paper;
        paper.resize(200, 40);
        QPalette palette;
        palette.setColor(QPalette::Window, Qt::white);
        paper.setPalette(palette);
        auto* label = new QLabel(QStringLiteral("faint"), &paper);
        for (const auto& [ink, complaints] : {std::pair{0xFFAAAAAA, 1}, std::pair{0xFF555555, 0}}) {
            palette.setColor(QPalette::WindowText, QColor::fromRgb(ink));
            label->setPalette(palette);
            paper.show();
            m_faint.clear();
            look(paper, QStringLiteral("paper"));
            QCOMPARE(m_faint.size(), complaints);
        }
    }

    void everyTextCanBeRead_data() {
        QTest::addColumn<Theme::Mode>("mode");
        QTest::addColumn<Architecture>("architecture");
        QTest::newRow("light, encoder") << Theme::Mode::light << Architecture::encoder;
        QTest::newRow("dark, encoder") << Theme::Mode::dark << Architecture::encoder;
        QTest::newRow("light, both sides") << Theme::Mode::light << Architecture::encoder_decoder;
        QTest::newRow("dark, both sides") << Theme::Mode::dark << Architecture::encoder_decoder;
    }
    void everyTextCanBeRead() {
        QFETCH(const Theme::Mode, mode);
        QFETCH(const Architecture, architecture);
        Theme::instance().setMode(mode);
        TrainedDesk desk(architecture);
        Theme::instance().setMode(mode);  // the desk has read its settings
        m_faint.clear();
        m_read = 0;
        desk.forEveryChoice([&](const QString& where) { look(desk.window, where); });
        QVERIFY2(m_read > 1000, qPrintable(QString::number(m_read)));
        QVERIFY2(m_faint.isEmpty(), qPrintable(QString("%1 of %2:\n").arg(m_faint.size()).arg(m_read) + m_faint.join('\n')));
    }

private:
    void look(QWidget& whole, const QString& where) {
        QCoreApplication::processEvents();
        const QImage picture = whole.grab().toImage();
        int all = 0, faintAlpha = 0, hidden = 0, outside = 0;
        for (const PaintedText& text : paintedTexts(whole)) {
            ++all;
            faintAlpha += text.color.alpha() < 255;
            hidden += !text.inView;
            outside += !QRectF(picture.rect()).contains(text.ink);
            // What is switched off is see-through.
            if (text.color.alpha() < 255 || !text.inView || !QRectF(picture.rect()).contains(text.ink)) continue;
            ++m_read;
            const QRgb ground = groundOf(picture, text);
            const double has = contrast(text.color.rgb(), ground);
            if (has >= leastOf(text.font)) continue;
            const QString line = QString("%1: '%2' %3 on %4: %5")
                                     .arg(where, text.text, text.color.name(), QColor::fromRgb(ground).name())
                                     .arg(has, 0, 'f', 2);
            if (!m_faint.contains(line)) m_faint << line;
        }
        qInfo("%s: all %d alpha %d hidden %d outside %d", qPrintable(where), all, faintAlpha, hidden, outside);
    }

    QTemporaryDir m_home;
    QStringList m_faint;
    int m_read = 0;
};

QTEST_MAIN(ContrastTest)
#include "contrast_test.moc"
