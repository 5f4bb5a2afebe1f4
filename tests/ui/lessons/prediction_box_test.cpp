#include "ui/lessons/prediction_box.h"

#include <QAbstractButton>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QtTest>

#include "ui/runs/focus.h"
#include "ui/text/language.h"
#include "ui/widgets/theme.h"

using namespace lab;

/// Every kind of prediction: said by mouse and keys, then shown beside what is right.
class PredictionBoxTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void choice() {
        const std::unique_ptr<PredictionBox> box = made(Prediction::Kind::choice);
        QVERIFY(!box->said());
        QVERIFY(box->takeKey(Qt::Key_B));
        QCOMPARE(box->said()->answers, std::vector<std::string>{"y"});
        QVERIFY(box->takeKey(Qt::Key_Up));
        QCOMPARE(box->said()->answers, std::vector<std::string>{"x"});
        QTest::mouseClick(box->findChild<QAbstractButton*>("lesson.answer_2"), Qt::LeftButton);
        QCOMPARE(box->said()->answers, std::vector<std::string>{"y"});
        QVERIFY(!box->takeKey(Qt::Key_Q));
        box->reveal({{"x"}, {}});
        QVERIFY(labels(*box).contains("\u2713 Because"));
        QVERIFY(labels(*box).contains("You said this."));
        QVERIFY(!box->takeKey(Qt::Key_A));  // nothing can be changed any more
        QCOMPARE(box->said()->answers, std::vector<std::string>{"y"});
    }

    void number() {
        const std::unique_ptr<PredictionBox> box = made(Prediction::Kind::number, 0.5);
        auto* field = box->findChild<QLineEdit*>("lesson.number");
        QTest::keyClicks(field, "2,5");
        QCOMPARE(box->said()->numbers, std::vector<double>{2.5});
        box->reveal({{}, {3}});
        QVERIFY(labels(*box).contains("\u2713 You said 2.5: near enough, it is 3."));
        QVERIFY(field->isReadOnly());
        const auto verdict = [this](const char* typed, double right) {
            const std::unique_ptr<PredictionBox> one = made(Prediction::Kind::number, 0.05);
            QTest::keyClicks(one->findChild<QLineEdit*>("lesson.number"), typed);
            one->reveal({{}, {right}});
            return labels(*one);
        };
        QVERIFY(verdict("7", 7).contains("\u2713 You said 7: right."));
        QVERIFY(verdict("1.7", 1.7033).contains("\u2713 You said 1.7: right."));
        QVERIFY(verdict("2", 1.7).contains("\u00d7 You said 2, it is 1.7: off by 0.3."));
        QVERIFY(verdict("1.622", 1.62214).contains("\u2713 You said 1.622: right."));  // with the digits that were typed
        QVERIFY2(verdict("64", 768).contains("it is 768: off by 704."), qPrintable(verdict("64", 768)));
        QVERIFY(verdict("0", 1.13e-7).contains("\u2713 You said 0: right."));
        QVERIFY(verdict("-1", 0.00012).contains("You said \u22121, it is 0.00012: off by 1."));
        useLanguage("de");
        QVERIFY2(verdict("1.5", 385.25).contains("1,5") && verdict("1.5", 385.25).contains("385"), qPrintable(verdict("1.5", 385.25)));
        QVERIFY(!verdict("1.5", 385.25).contains("e+"));
        useLanguage("en");
        const std::unique_ptr<PredictionBox> wrong = made(Prediction::Kind::number, 0.5);
        QTest::keyClicks(wrong->findChild<QLineEdit*>("lesson.number"), "much");
        QVERIFY(!wrong->said());
        QVERIFY(labels(*wrong).contains("much is no number"));
    }

    void order() {
        const std::unique_ptr<PredictionBox> box = made(Prediction::Kind::order);
        QVERIFY(!box->said());
        auto* list = box->findChild<QListWidget*>("lesson.order");
        QKeyEvent asked(QEvent::ShortcutOverride, Qt::Key_Down, Qt::AltModifier);
        asked.ignore();
        QCoreApplication::sendEvent(list, &asked);
        QVERIFY(asked.isAccepted());  // no page's shortcut takes it
        QTest::keyClick(list, Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(box->said()->answers, (std::vector<std::string>{"y", "x"}));
        box->reveal({{"x", "y"}, {}});
        QVERIFY(labels(*box).contains("It is: First > Second."));
        const std::unique_ptr<PredictionBox> kept = made(Prediction::Kind::order);
        QTest::keyClick(kept->findChild<QListWidget*>("lesson.order"), Qt::Key_Return);
        QCOMPARE(kept->said()->answers, (std::vector<std::string>{"x", "y"}));
    }

    void drawing() {
        for (const Prediction::Kind kind : {Prediction::Kind::bars, Prediction::Kind::curve}) {
            const std::unique_ptr<PredictionBox> box = made(kind, 0.1);
            box->resize(400, box->sizeHint().height());
            QVERIFY(!box->said());
            QTest::mousePress(box.get(), Qt::LeftButton, {}, {10, 9});
            QCOMPARE(box->said()->numbers.size(), std::size_t{4});
            QVERIFY(box->said()->numbers[0] > 0.95);
            QTest::keyClick(box.get(), Qt::Key_Right);
            QTest::keyClick(box.get(), Qt::Key_Up);
            QCOMPARE(box->said()->numbers[1], 0.05);
            const QImage before = box->grab().toImage();
            box->reveal({{}, {0.5, 0.5, 0.5, 0.5}});
            QVERIFY(box->grab().toImage() != before);
            QTest::keyClick(box.get(), Qt::Key_Up);
            QCOMPARE(box->said()->numbers[1], 0.05);
            QVERIFY2(labels(*box).contains(", 0.05, 0, 0; it is 0.5, 0.5, 0.5, 0.5."), qPrintable(labels(*box)));
        }
    }

    void answersKeepTheirWidth() {
        const std::unique_ptr<PredictionBox> box = made(Prediction::Kind::choice);
        box->resize(200, 400);
        box->show();
        for (const QAbstractButton* card : box->findChildren<QAbstractButton*>()) QVERIFY(card->width() <= 200);
    }

private:
    static Prediction predicted(Prediction::Kind kind, double tolerance) {
        Prediction prediction;
        prediction.kind = kind;
        prediction.answers = {{"x", "2"}, {"y", "1"}};
        prediction.tolerance = tolerance;
        return prediction;
    }
    std::unique_ptr<PredictionBox> made(Prediction::Kind kind, double tolerance = 0) {
        m_prediction = predicted(kind, tolerance);
        return std::unique_ptr<PredictionBox>(makePredictionBox({m_prediction, m_texts, m_focus, 4}));
    }
    static QString labels(const QWidget& box) {
        QString all;
        for (const QLabel* label : box.findChildren<QLabel*>()) all += label->text() + "\n";
        return all.remove("<b>").remove("</b>");
    }

    Focus m_focus;
    Prediction m_prediction;
    const LessonStepTexts m_texts{"", "Which?", "", {{"x", "First"}, {"y", "Second"}}, {{"x", "Because"}, {"y", "Not so"}}, {}};
};

QTEST_MAIN(PredictionBoxTest)
#include "prediction_box_test.moc"
