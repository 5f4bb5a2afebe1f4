#include <QImage>
#include <QPainter>
#include <QTest>

#include "ui/pages/codes/code_dial.h"
#include "ui/pages/codes/code_flow.h"
#include "ui/pages/codes/code_flow_paint.h"
#include "ui/pages/codes/usage_map.h"
#include "ui/widgets/paint.h"

using namespace lab;

namespace {

CodeFlowScene flowOf(int slotCount, int codes, int length = 8) {
    CodeFlowScene scene;
    scene.shape.slotCount = slotCount;
    scene.shape.codes = codes;
    scene.kind = QStringLiteral("Finite scalar quantisation");
    scene.encoder = scene.decoder = QStringLiteral("2 layers, d 64");
    for (int i = 0; i < length; ++i) {
        scene.sequence << QString::number(i % 10);
        scene.written.push_back({QString::number(i % 10)});
    }
    for (int slot = 0; slot < slotCount; ++slot) scene.code.push_back(slot % codes);
    scene.turned = scene.code;
    scene.verdict = QStringLiteral("\u2713 8 of 8");
    return scene;
}

QImage pictureOf(const CodeFlowScene& scene, const QSize& size) {
    QImage image(size, QImage::Format_ARGB32_Premultiplied);
    image.fill(Theme::instance().color(Role::screen));
    QPainter painter(&image);
    paintCodeFlow(painter, QRectF(QPointF(), QSizeF(size)), scene);
    return image;
}

bool hasColor(const QImage& image, const QColor& color) {
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (image.pixelColor(x, y) == color) return true;
    return false;
}

}  // namespace

class LearnedDialsTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().setScale(1);
        Theme::instance().apply();
    }
    void cleanupTestCase() { Theme::instance().setScale(1); }

    void theMarksStandOn270Degrees() {
        const QRectF square(0, 0, 100, 100);
        QCOMPARE(dialCodeAt(square, 17, {50, 5}), 8);    // above: the middle one
        QCOMPARE(dialCodeAt(square, 17, {20, 80}), 0);   // lower left
        QCOMPARE(dialCodeAt(square, 17, {80, 80}), 16);  // lower right
        QCOMPARE(dialCodeAt(square, 17, {45, 99}), 0);   // in the gap below, the nearer end
        QCOMPARE(dialCodeAt(square, 17, {55, 99}), 16);
        QCOMPARE(dialCodeAt(square, 17, {51, 51}), -1);  // near the middle
    }

    void everySlotHasItsRoom_data() {
        QTest::addColumn<int>("slotCount");
        QTest::addColumn<int>("codes");
        QTest::newRow("picture") << 8 << 16;
        QTest::newRow("preset") << 12 << 4;
        QTest::newRow("many") << 24 << 16;
        QTest::newRow("most") << 64 << 256;
        QTest::newRow("bits") << 24 << 2;
        QTest::newRow("most bits") << 64 << 2;
        QTest::newRow("one") << 1 << 3;
    }

    void everySlotHasItsRoom() {
        QFETCH(int, slotCount);
        QFETCH(int, codes);
        const CodeFlowScene scene = flowOf(slotCount, codes);
        for (const double scale : {1.0, 2.0}) {
            Theme::instance().setScale(scale);
            Theme::instance().apply();
            double heightBefore = 0;
            for (int width = 1400; width >= 520; width -= 40) {
                const QRectF room(0, 0, width * scale, 0);
                const CodeFlowLayout layout = CodeFlowLayout::of(scene, room);
                // Else a page that scrolls could flicker between two widths.
                QVERIFY2(layout.height >= heightBefore, qPrintable(QString::number(width)));
                heightBefore = layout.height;
                QCOMPARE(static_cast<int>(layout.slotRooms.size()), slotCount);
                for (std::size_t slot = 0; slot < layout.slotRooms.size(); ++slot) {
                    const QRectF& own = layout.slotRooms[slot];
                    QVERIFY(own.left() >= layout.sequence.room.right() && own.right() <= layout.written.room.left());
                    QVERIFY(own.bottom() <= layout.height && own.adjusted(-1, -1, 1, 1).contains(layout.dialRect(slot)));
                    if (slot > 0) QVERIFY(!own.adjusted(1, 1, -1, -1).intersects(layout.slotRooms[slot - 1]));
                }
                QVERIFY2(layout.written.room.right() <= room.right() + 1, qPrintable(QString::number(width)));
            }
        }
    }

    void theFewDialsOfThePictureAreLarge() {
        const CodeFlowLayout layout = CodeFlowLayout::of(flowOf(8, 16), QRectF(0, 0, 1162, 0));
        QVERIFY(layout.large && !layout.encoder.isEmpty());
        QCOMPARE(layout.slotRooms.front().top(), layout.slotRooms.back().top());
        QCOMPARE(layout.sequence.places.size(), std::size_t(8));
    }

    void aLongSequenceTellsWhatItLeavesOut() {
        const CodeFlowLayout layout = CodeFlowLayout::of(flowOf(8, 16, 60), QRectF(0, 0, 1162, 0));
        QVERIFY(layout.sequence.left > 0);
        QCOMPARE(static_cast<int>(layout.sequence.places.size()) + layout.sequence.left, 60);
    }

    void whatIsWrongIsRed() {
        CodeFlowScene scene = flowOf(3, 3);
        const QColor red = Theme::instance().color(Role::wrongBackground);
        QVERIFY(!hasColor(pictureOf(scene, {1162, 142}), red));
        scene.written[2].changed = true;
        QVERIFY(hasColor(pictureOf(scene, {1162, 142}), red));
        scene.written[2].changed = false;
        scene.written[2].wrong = true;
        QVERIFY(hasColor(pictureOf(scene, {1162, 142}), red));
    }

    void everyFormIsPainted() {
        for (const bool dark : {false, true}) {
            Theme::instance().setMode(dark ? Theme::Mode::dark : Theme::Mode::light);
            Theme::instance().apply();
            for (const auto& [slotCount, codes] : {std::pair(8, 16), std::pair(64, 256), std::pair(24, 2)}) {
                CodeFlowScene scene = flowOf(slotCount, codes);
                scene.turned[0] = 1;
                const QImage image = pictureOf(scene, {700, 300});
                QVERIFY(hasColor(image, Theme::instance().color(Role::series1)));  // the pointer is data, so blue
            }
        }
    }

    void withoutACodeItSaysWhy() {
        CodeFlow flow;
        CodeFlowScene scene = flowOf(3, 3);
        scene.code.clear();
        scene.turned.clear();
        scene.emptyText = QStringLiteral("The sequence is too long.");
        flow.setScene(scene);
        flow.resize(900, 142);
        flow.show();
        QVERIFY(!flow.grab().isNull());
        QVERIFY(flow.accessibleDescription().contains(scene.emptyText));
        QTest::keyClick(&flow, Qt::Key_Up);
        QTest::mouseClick(&flow, Qt::LeftButton, {}, flow.dialRect(0).center());
        QTest::mouseClick(&flow, Qt::LeftButton, {}, flow.dialRect(0).center() + QPoint(0, -20));
        QCOMPARE(flow.slot(), 0);
    }

    void theKeysWalkTheUsage() {
        auto report = std::make_shared<codes::CodeReport>();
        report->shape.slotCount = 2;
        report->shape.codes = 3;
        report->sequences = 10;
        report->usage = {codes::usageOf({5, 5, 0}), codes::usageOf({1, 2, 7})};
        UsageMap map;
        map.resize(400, 140);
        map.show();
        map.setScene({report, {1, 2}, 0});
        QTest::keyClick(&map, Qt::Key_Down);
        QTest::keyClick(&map, Qt::Key_End);
        QVERIFY2(map.accessibleDescription().contains(QStringLiteral("7 of 10")), qPrintable(map.accessibleDescription()));
        int slot = -1;
        connect(&map, &UsageMap::slotChosen, this, [&slot](int chosen) { slot = chosen; });
        QTest::keyClick(&map, Qt::Key_Return);
        QCOMPARE(slot, 1);
        QTest::mouseClick(&map, Qt::LeftButton, {}, map.cellRect(0, 1).center().toPoint());
        QCOMPARE(slot, 0);
        QVERIFY(map.accessibleDescription().contains(QStringLiteral("5 of 10")));
        QCOMPARE(usageScaling(*report).high, 1.0);
    }
};

QTEST_MAIN(LearnedDialsTest)
#include "learned_dials_test.moc"
