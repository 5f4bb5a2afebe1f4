#include "ui/widgets/token_strip.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QtTest>

#include "ui/widgets/meter.h"
#include "ui/widgets/pace_slider.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

using Verdict = PredictionChip::Verdict;

std::vector<TokenChip> digits(int count) {
    std::vector<TokenChip> chips;
    for (int i = 0; i < count; ++i) chips.push_back({QString::number(i % 10)});
    return chips;
}

QLineEdit* editorOf(TokenStrip& strip) {
    for (QLineEdit* editor : strip.findChildren<QLineEdit*>())
        if (!editor->isHidden()) return editor;
    return nullptr;
}

}  // namespace

class TokenStripTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void chipsHaveTheMeasuresOfTheDesign();
    void wordsGetTheRoomTheyNeed();
    void rightAndWrongDifferInMoreThanColour();
    void keysMoveAndEdit();
    void aRefusedTextStaysInTheEditor();
    void longRowsScrollToWhatIsEdited();
    void longRowsShowWhereTheAnswerBegins();
    void longRowsFollowTheRing();
    void keysChangeTheRow();
    void metersKeepTheirWidth();
    void paceTexts();
};

void TokenStripTest::initTestCase() {
    Theme::instance().setMode(Theme::Mode::light);
    Theme::instance().apply();
}

void TokenStripTest::chipsHaveTheMeasuresOfTheDesign() {
    TokenStrip strip;
    strip.setTokens(digits(16));
    strip.resize(strip.sizeHint());
    QCOMPARE(strip.tokenRect(0).size(), QSize(28, 26));
    QCOMPARE(strip.predictionRect(0).size(), QSize(28, 24));
    QCOMPARE(strip.tokenRect(1).left() - strip.tokenRect(0).left(), 30);
    QCOMPARE(strip.predictionRect(5).left(), strip.tokenRect(5).left());
    QVERIFY(strip.contentWidth() <= strip.width());
}

void TokenStripTest::wordsGetTheRoomTheyNeed() {
    TokenStrip strip;
    strip.setTokens({{"a"}, {"extraordinary"}, {"b"}});
    strip.setPredictions({{"a", Verdict::right}, {"b", Verdict::right}, {"long answer", Verdict::wrong}});
    QCOMPARE(strip.tokenRect(0).width(), 28);
    QVERIFY(strip.tokenRect(1).width() > 80);
    QVERIFY(strip.predictionRect(2).width() > 60);
    QCOMPARE(strip.tokenRect(2).left(), strip.predictionRect(2).left());
}

void TokenStripTest::rightAndWrongDifferInMoreThanColour() {
    TokenStrip strip;
    strip.setTokens(digits(2));
    strip.setPredictions({{"3", Verdict::right}, {"3", Verdict::wrong}});
    strip.resize(strip.sizeHint());
    const QImage picture = strip.grab().toImage().convertToFormat(QImage::Format_Grayscale8);
    // The underline is solid below what is right and dashed below what is wrong.
    const auto gaps = [&](int index) {
        const QRect rect = strip.predictionRect(index);
        int changes = 0;
        for (int x = rect.left() + 1; x <= rect.right(); ++x)
            changes += std::abs(picture.pixelColor(x, rect.bottom()).red() - picture.pixelColor(x - 1, rect.bottom()).red()) > 40;
        return changes;
    };
    QCOMPARE(gaps(0), 0);
    QVERIFY(gaps(1) >= 4);
}

void TokenStripTest::keysMoveAndEdit() {
    TokenStrip strip;
    strip.setTokens(digits(4));
    strip.resize(strip.sizeHint());
    strip.show();
    QSignalSpy edited(&strip, &TokenStrip::tokenEdited);
    QTest::keyClick(&strip, Qt::Key_Right);
    QTest::keyClick(&strip, Qt::Key_Right);
    QTest::keyClick(&strip, Qt::Key_Return);
    QVERIFY(strip.isEditing());
    QTest::keyClicks(editorOf(strip), "7");
    QTest::keyClick(editorOf(strip), Qt::Key_Tab);
    QCOMPARE(edited.size(), 1);
    QCOMPARE(edited.back()[0].toInt(), 2);
    QCOMPARE(edited.back()[1].toString(), QStringLiteral("7"));
    QVERIFY(strip.isEditing());  // the next one
    QTest::keyClick(editorOf(strip), Qt::Key_Backtab);
    QTest::keyClick(editorOf(strip), Qt::Key_Return);
    QVERIFY(!strip.isEditing());
    QCOMPARE(edited.size(), 1);  // nothing else was changed
}

void TokenStripTest::aRefusedTextStaysInTheEditor() {
    TokenStrip strip;
    strip.setTokens(digits(3));
    strip.setCheck([](int, const QString& text) { return text == "9" ? QString() : QStringLiteral("only 9"); });
    strip.resize(strip.sizeHint());
    strip.show();
    QSignalSpy edited(&strip, &TokenStrip::tokenEdited);
    QSignalSpy problems(&strip, &TokenStrip::editProblem);
    QTest::mouseClick(&strip, Qt::LeftButton, {}, strip.tokenRect(1).center());
    QTest::keyClicks(editorOf(strip), "4");
    QCOMPARE(problems.back().front().toString(), QStringLiteral("only 9"));
    QTest::keyClick(editorOf(strip), Qt::Key_Return);
    QVERIFY(strip.isEditing());
    QCOMPARE(edited.size(), 0);
    QTest::keyClick(editorOf(strip), Qt::Key_Escape);
    QVERIFY(!strip.isEditing());
    QVERIFY(problems.back().front().toString().isEmpty());
}

void TokenStripTest::longRowsScrollToWhatIsEdited() {
    TokenStrip strip;
    strip.setTokens(digits(200));
    strip.resize(400, strip.sizeHint().height());
    strip.show();
    QVERIFY(!strip.rect().contains(strip.tokenRect(150)));
    QTest::keyClick(&strip, Qt::Key_End);
    QVERIFY(strip.rect().contains(strip.tokenRect(199)));
    QTest::keyClick(&strip, Qt::Key_Home);
    QVERIFY(strip.rect().contains(strip.tokenRect(0)));
}

void TokenStripTest::longRowsShowWhereTheAnswerBegins() {
    TokenStrip strip;
    strip.resize(20 * 30, strip.sizeHint().height());
    strip.show();
    strip.setTokens(digits(33));
    std::vector<PredictionChip> predictions(33);
    for (std::size_t i = 16; i < 32; ++i) predictions[i] = {QStringLiteral("1"), Verdict::right, {}};
    strip.setPredictions(predictions);
    QVERIFY(strip.predictionRect(16).left() >= 0);
    QVERIFY(strip.predictionRect(31).right() <= strip.width());
    // Where the row fits, it stands at its beginning; and what the hand has scrolled stays.
    strip.resize(40 * 30, strip.height());
    QVERIFY(strip.tokenRect(0).left() >= 0);
    strip.resize(20 * 30, strip.height());
    strip.setFocus();
    QTest::keyClick(&strip, Qt::Key_Home);
    predictions[20].verdict = Verdict::wrong;
    strip.setPredictions(predictions);
    QVERIFY(strip.tokenRect(0).left() >= 0);
}

void TokenStripTest::longRowsFollowTheRing() {
    TokenStrip strip;
    strip.resize(20 * 30, strip.sizeHint().height());
    strip.show();
    strip.setTokens(digits(64));
    for (const int ring : {5, 60, 33, 0}) {
        strip.setRing(ring);
        QVERIFY(strip.rect().contains(strip.tokenRect(ring)));
        std::vector<PredictionChip> predictions(64);
        for (std::size_t i = 30; i < 64; ++i) predictions[i] = {QString::number(ring % 10), Verdict::right, {}};
        strip.setPredictions(predictions);
        QVERIFY(strip.rect().contains(strip.tokenRect(ring)));
    }
}

void TokenStripTest::keysChangeTheRow() {
    TokenStrip strip;
    strip.setTokens(digits(5));
    QSignalSpy inserted(&strip, &TokenStrip::insertWanted), removed(&strip, &TokenStrip::removeWanted),
        masked(&strip, &TokenStrip::maskWanted);
    QTest::keyClick(&strip, Qt::Key_Right);
    QTest::keyClick(&strip, Qt::Key_Insert);
    QTest::keyClick(&strip, Qt::Key_Insert, Qt::ShiftModifier);
    QTest::keyClick(&strip, Qt::Key_Delete);
    QTest::keyClick(&strip, Qt::Key_M);
    QCOMPARE(inserted, (QList<QVariantList>{{1}, {2}}));
    QCOMPARE(removed, (QList<QVariantList>{{1}}));
    QCOMPARE(masked, (QList<QVariantList>{{1}}));
    QCOMPARE(strip.accessibleDescription(), QStringLiteral("position 1: 1"));
    strip.setReadOnly(true);
    QTest::keyClick(&strip, Qt::Key_Delete);
    QTest::keyClick(&strip, Qt::Key_Return);
    QCOMPARE(removed.count(), 1);
    QVERIFY(!strip.isEditing());
}

void TokenStripTest::metersKeepTheirWidth() {
    Meter meter(QStringLiteral("Step"));
    meter.setWidest(QStringLiteral("3 900"), QStringLiteral("/ 3 900"));
    const QSize size = meter.sizeHint();
    QCOMPARE(size.height(), 40);
    for (const char* value : {"1", "99", "3 900"}) {
        meter.setValue(QLatin1String(value), QStringLiteral("/ 3 900"));
        QCOMPARE(meter.sizeHint(), size);
    }
}

void TokenStripTest::paceTexts() {
    QCOMPARE(PaceSlider::textOf(0), QStringLiteral("full speed"));
    QCOMPARE(PaceSlider::textOf(1), QStringLiteral("1 step/s"));
    QCOMPARE(PaceSlider::textOf(60), QStringLiteral("60 steps/s"));
    PaceSlider slider;
    slider.setPace(60);
    const int position = slider.value();
    slider.setPace(0);
    QCOMPARE(slider.value(), slider.maximum());
    slider.setPace(61);
    QCOMPARE(slider.value(), position);
    QCOMPARE(slider.pace(), 61.0);
}

QTEST_MAIN(TokenStripTest)
#include "token_strip_test.moc"
