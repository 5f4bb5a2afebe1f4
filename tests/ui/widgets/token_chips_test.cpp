#include "ui/widgets/token_chips.h"

#include <QSignalSpy>
#include <QtTest>

#include "tests/ui/widgets/picture_testing.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

std::vector<TextChip> sentence() {
    return {{.text = " the"}, {.text = " g"}, {.text = "ar", .touches = true}, {.text = "den", .touches = true}, {.text = "."}};
}

std::vector<TextChip> manyWords(int count) {
    std::vector<TextChip> chips;
    for (int i = 0; i < count; ++i) chips.push_back({.text = QStringLiteral(" word"), .below = QString::number(i)});
    return chips;
}

QImage painted(const TextChip& chip, ChipLook look = {}) {
    QImage image(textChipWidth(chip, look.size), textChipHeight(look.size), QImage::Format_RGB32);
    image.fill(Theme::instance().color(Role::screen));
    QPainter painter(&image);
    paintTextChip(painter, image.rect(), chip, look);
    return image;
}

}  // namespace

class TokenChipsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void piecesOfAWordTouchAndWordsStandApart() {
        TokenChips chips(QStringLiteral("Tokens"));
        chips.setChips(sentence());
        chips.resize(600, chips.heightForWidth(600));
        QCOMPARE(chips.chipRect(2).left(), chips.chipRect(1).right() + 1);
        QCOMPARE(chips.chipRect(3).left(), chips.chipRect(2).right() + 1);
        QCOMPARE(chips.chipRect(1).left(), chips.chipRect(0).right() + 1 + 2);
        QCOMPARE(chips.chipRect(4).left(), chips.chipRect(3).right() + 1 + 2);
    }

    void heightsAreThoseOfTheDesign() {
        QCOMPARE(textChipHeight(ChipSize::bar), 26);
        QCOMPARE(textChipHeight(ChipSize::page), 24);
        QCOMPARE(textChipHeight(ChipSize::table), 19);
    }

    void linesBreakAtTheEdgeAndAtLineEnds() {
        TokenChips chips(QStringLiteral("Tokens"));
        chips.setChips(manyWords(40));
        chips.resize(300, chips.heightForWidth(300));
        for (int i = 0; i < 40; ++i) QVERIFY(chips.rect().contains(chips.chipRect(i)));
        QVERIFY(chips.heightForWidth(300) > chips.heightForWidth(600));
        chips.setChips({{.text = QStringLiteral("a")}, {.text = QStringLiteral("\n")}, {.text = QStringLiteral("b")}});
        QVERIFY(chips.chipRect(2).top() > chips.chipRect(1).top());
        QCOMPARE(chips.chipRect(0).top(), chips.chipRect(1).top());
    }

    void aBlankIsAMarkAndNoLetter() {
        const TextChip with{.text = QStringLiteral(" a")}, without{.text = QStringLiteral("a")};
        QVERIFY(textChipWidth(with, ChipSize::page) > textChipWidth(without, ChipSize::page));
        QVERIFY(painted({.text = QStringLiteral("\n")}) != painted({.text = QStringLiteral(" ")}));
        QVERIFY(painted({.text = QStringLiteral("\t")}) != painted({.text = QStringLiteral(" ")}));
        QCOMPARE(chipSpoken(with), QStringLiteral("space a"));
        QCOMPARE(chipSpoken({.text = QStringLiteral("C3"), .kind = TextChip::Kind::bytes}), QStringLiteral("bytes C3"));
        QCOMPARE(chipSpoken({.text = QStringLiteral("\n")}), QStringLiteral("line end"));
    }

    void kindsDifferInMoreThanColour() {
        const QString text = QStringLiteral("AB");
        const QImage plain = painted({.text = text}), bytes = painted({.text = text, .kind = TextChip::Kind::bytes});
        QVERIFY(textChipWidth({.text = text, .kind = TextChip::Kind::bytes}, ChipSize::page) <
                textChipWidth({.text = text}, ChipSize::page));
        QVERIFY(bytes != plain);
        QVERIFY(painted({.text = text, .kind = TextChip::Kind::special}) != bytes);
        QVERIFY(textChipWidth({.text = text, .inside = true}, ChipSize::page) > textChipWidth({.text = text}, ChipSize::page));
    }

    void bitsFillByTheMapsColours() {
        QCOMPARE(chipFill(0).rgb(), ColorMap::themed(ColorMap::Kind::trace).color(0));
        QCOMPARE(chipFill(mostChipBits).rgb(), ColorMap::themed(ColorMap::Kind::trace).color(1));
        TokenChips chips(QStringLiteral("Tokens"));
        chips.resize(200, 60);
        chips.setChips({{.text = QStringLiteral("a"), .bits = 16.0}});
        const QPoint inside = chips.chipRect(0).topLeft() + QPoint(3, 4);
        const auto pixel = [&] { return chips.grab().toImage().pixelColor(inside); };
        QCOMPARE(pixel(), chipFill(16));
        chips.setColouring(TokenChips::Colouring::byToken);
        QCOMPARE(pixel(), chipShade(0));
        QCOMPARE(chipShade(0), chipShade(5));
        QVERIFY(chipShade(0) != chipShade(1));
        chips.setColouring(TokenChips::Colouring::off);
        QCOMPARE(pixel(), Theme::instance().color(Role::screen));
    }

    void aLongTextIsCutInTheMiddle() {
        const TextChip chip{.text = QStringLiteral(" Donaudampfschifffahrtsgesellschaft")};
        QVERIFY(isChipCut(chip, ChipSize::page));
        QVERIFY(textChipWidth(chip, ChipSize::page) <= 160);
        QVERIFY(!isChipCut({.text = QStringLiteral(" garden")}, ChipSize::page));
        QVERIFY(textChipWidth({.text = QString(100'000, QLatin1Char('x'))}, ChipSize::page) <= 160);
    }

    void theMouseHoversAndChooses() {
        TokenChips chips(QStringLiteral("Tokens"));
        chips.setChips(sentence());
        chips.resize(600, 60);
        chips.show();
        QSignalSpy hovered(&chips, &TokenChips::hoverChanged), chosen(&chips, &TokenChips::chipChosen);
        moveMouse(chips, chips.chipRect(2).center());
        QTRY_COMPARE(chips.hovered(), 2);
        QTest::mouseClick(&chips, Qt::LeftButton, {}, chips.chipRect(3).center());
        QCOMPARE(chips.chosen(), 3);
        QCOMPARE(chosen.takeFirst()[0].toInt(), 3);
        QTest::mouseClick(&chips, Qt::LeftButton, {}, QPoint(590, 50));
        QCOMPARE(chips.chosen(), 3);
        QVERIFY(!hovered.isEmpty());
    }

    void keysGoFromChipToChip() {
        TokenChips chips(QStringLiteral("Tokens"));
        chips.setChips(manyWords(40));
        chips.resize(300, chips.heightForWidth(300));
        chips.show();
        QTest::keyClick(&chips, Qt::Key_Right);
        QCOMPARE(chips.cursor(), 1);
        QTest::keyClick(&chips, Qt::Key_Down);
        QCOMPARE(chips.chipRect(chips.cursor()).left(), chips.chipRect(1).left());
        QVERIFY(chips.chipRect(chips.cursor()).top() > chips.chipRect(1).top());
        QTest::keyClick(&chips, Qt::Key_Up);
        QCOMPARE(chips.cursor(), 1);
        QTest::keyClick(&chips, Qt::Key_End);
        QCOMPARE(chips.cursor(), 39);
        QTest::keyClick(&chips, Qt::Key_Home);
        QCOMPARE(chips.cursor(), 0);
        QSignalSpy chosen(&chips, &TokenChips::chipChosen);
        QTest::keyClick(&chips, Qt::Key_Return);
        QCOMPARE(chosen.size(), 1);
        QVERIFY(valueOf(chips).contains("token 1 of 40"));
    }

    void aLongTextIsQuickToPaint() {
        TokenChips chips(QStringLiteral("Tokens"));
        chips.setChips(manyWords(50'000));
        chips.resize(600, chips.heightForWidth(600));
        QImage image(600, 40, QImage::Format_RGB32);
        chips.render(&image, QPoint(), QRegion(0, chips.height() / 2, 600, 40));
        QCOMPARE(chips.chipAt(chips.chipRect(44'444).center()), 44'444);
    }
};

QTEST_MAIN(TokenChipsTest)
#include "token_chips_test.moc"
