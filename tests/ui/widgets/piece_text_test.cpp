#include "ui/widgets/piece_text.h"

#include <QPainter>
#include <QtTest>

#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

QImage drawn(const QString& text) {
    QImage image(120, 24, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setFont(Theme::instance().font(TextSize::text));
    painter.setPen(Qt::black);
    drawElided(painter, image.rect(), Qt::AlignLeft, text);
    return image;
}

}  // namespace

class PieceTextTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void aPieceShowsItsBlanksAsMarks() {
        const std::vector<PieceRun> runs = pieceRuns(QStringLiteral(" cat\n"));
        QCOMPARE(runs.size(), std::size_t{3});
        QVERIFY(runs[0].mark == PieceRun::Mark::blank && runs[2].mark == PieceRun::Mark::lineEnd);
        QCOMPARE(runs[1].letters, QStringLiteral("cat"));
        QCOMPARE(pieceRuns(QStringLiteral("\x01")).front().letters, QStringLiteral("01"));
    }

    void aSignIsDrawnAndNoLetter() {
        const QString named = QStringLiteral("behind \u2423cat");
        QVERIFY(hasPieceMarks(named) && !hasPieceMarks(QStringLiteral("behind the cat")));
        const std::vector<PieceRun> runs = namedPieceRuns(named);
        QCOMPARE(runs.size(), std::size_t{3});
        QCOMPARE(runs[0].letters, QStringLiteral("behind "));  // blanks between words are blanks
        QVERIFY(runs[1].mark == PieceRun::Mark::blank);
        const QFont font = Theme::instance().font(TextSize::text);
        QVERIFY(pieceWidth(font, QStringLiteral("\u2423cat")) > textWidth(font, QStringLiteral("cat")));
        QVERIFY(drawn(QStringLiteral("\u2423cat")) != drawn(QStringLiteral("cat")));
    }

    void whatIsTooWideEndsInAnEllipsis() {
        const QImage cut = drawn(QStringLiteral("\u2423") + QStringLiteral("w").repeated(60));
        QVERIFY(cut.pixelColor(119, 12) == QColor(Qt::white));  // nothing reaches beyond
        QVERIFY(cut != drawn(QStringLiteral("w").repeated(60)));
    }
};

QTEST_MAIN(PieceTextTest)
#include "piece_text_test.moc"
