#include "core/lessons/lesson_play.h"

#include <QtTest>

#include "core/base/errors.h"
#include "core/lessons/revealed.h"

using namespace lab;

namespace {

Lesson lessonWith(const std::string& steps, const std::string& opens = R"("preset": "reverse")") {
    return parseLesson(R"({"format": "attention-lab/lesson", "version": 1, "id": "one", "minutes": 5, )" + opens + R"(,
        "set": {"training.steps": 20, "training.validate_every": 5}, "steps": [)" +
                       steps + "]}");
}

QStringList said(const std::vector<LessonFinding>& findings) {
    QStringList lines;
    for (const LessonFinding& finding : findings)
        lines << QString("%1 %2: %3").arg(finding.good ? "good" : "fault", finding.step.c_str(), finding.what.english().c_str());
    return lines;
}

}  // namespace

class LessonPlayTest : public QObject {
    Q_OBJECT

private slots:
    void trainsAndChecks() {
        const Lesson lesson = lessonWith(R"(
            {"id": "before", "step": "0", "check": ["step == 0 and n == 16"]},
            {"id": "train", "do": {"action": "train.toggle", "until": "step >= 7"},
             "predict": {"kind": "choice", "answers": [{"id": "seven", "is": "step == 7"}, {"id": "more", "is": "step > 7"}]},
             "check": ["validation_loss > 0 and model.num_heads == 1", "train_loss < 0"]},
            {"id": "back", "step": "0", "predict": {"kind": "number", "value": "step"}},
            {"id": "other", "do": {"set": {"model.num_heads": 2}, "until": "step >= 1"}, "check": ["model.num_heads == 2 and step == 1"]})");
        QCOMPARE(said(playLesson(lesson)),
                 (QStringList{"good before: step == 0 and n == 16 holds", "good train: right is seven",
                              "good train: validation_loss > 0 and model.num_heads == 1 holds", "fault train: train_loss < 0 does not hold",
                              "good back: right is 0", "good other: model.num_heads == 2 and step == 1 holds"}));
    }

    void saysWhatItsRunDoesNotShow() {
        QCOMPARE(said(playLesson(lessonWith(R"({"id": "a", "do": {"action": "train.toggle", "until": "train_accuracy > 2"}})"))),
                 QStringList{"fault a: train_accuracy > 2 does not come about"});
        QCOMPARE(said(playLesson(lessonWith(
                     R"({"id": "a", "predict": {"kind": "choice", "answers": [{"id": "x", "is": "1"}, {"id": "y", "is": "2 > 1"}]}})"))),
                 QStringList{"fault a: x and y hold at the same time"});
        QCOMPARE(
            said(playLesson(lessonWith(R"({"id": "a", "check": ["encoder.7.attention.weights[0, 0, 0] > 0"]})"))),
            QStringList{"fault a: encoder.7.attention.weights[0, 0, 0] > 0: encoder.7.attention.weights: there is no such value here"});
        QVERIFY_EXCEPTION_THROWN(playLesson(lessonWith(R"({"id": "a"})", R"("preset": "nothing")")), InputError);
    }

    void readsWhatIsTyped() {
        QCOMPARE(said(playLesson(lessonWith(R"({"id": "a", "do": {"input": "3 1 4"}, "check": ["n == 3"]})"))),
                 QStringList{"good a: n == 3 holds"});
    }

    void opensAnExample() {
        const Lesson lesson = parseLesson(R"({"format": "attention-lab/lesson", "version": 1, "id": "one", "minutes": 5,
            "example": "padding", "steps": [{"id": "a", "check": ["abs(sum(encoder.0.attention.weights[0, 0]) - 1) < 1e-5"]}]})");
        for (const LessonFinding& finding : playLesson(lesson)) QVERIFY2(finding.good, finding.what.english().c_str());
    }

    void whatWasRightIsReadAgain() {
        const Prediction number{Prediction::Kind::bars, {}, "0", {}, {}, 0};
        const Prediction choice{Prediction::Kind::choice, {{"a", "1"}, {"b", "0"}}, {}, {}, {}, 0};
        const Revealed bars{{}, {0.25, -1, 3}}, one{{"b"}, {}};
        QCOMPARE(revealedFrom(number, bars.text()), std::optional(bars));
        QCOMPARE(revealedFrom(choice, one.text()), std::optional(one));
        for (const char* wrong : {"", "c", "a, c", "1"}) QVERIFY(!revealedFrom(choice, wrong));
        QVERIFY(!revealedFrom(number, "0.5, x"));
    }

    void tellsRightFromWrong() {
        Prediction number{Prediction::Kind::number, {}, "3", {}, {}, 0.5};
        const Revealed three = revealed(number, {});
        QVERIFY(isRight(number, {{}, {3.5}}, three));
        QVERIFY(!isRight(number, {{}, {3.6}}, three));
        Prediction order{Prediction::Kind::order, {{"a", "1"}, {"b", "3"}, {"c", "2"}}, {}, {}, {}, 0};
        QCOMPARE(revealed(order, {}).answers, (std::vector<std::string>{"b", "c", "a"}));
        QVERIFY(!isRight(order, {{"c", "b", "a"}, {}}, revealed(order, {})));
        Prediction bars{Prediction::Kind::bars, {}, "softmax(0, 0)", {}, {}, 0.1};
        QVERIFY(isRight(bars, {{}, {0.45, 0.55}}, revealed(bars, {})));
        QVERIFY(!isRight(bars, {{}, {0.35, 0.5}}, revealed(bars, {})));
        QVERIFY(!isRight(bars, {{}, {0.5}}, revealed(bars, {})));
        Prediction curve{Prediction::Kind::curve, {}, "(0, 1, 2)", {}, {}, 0.25};
        QVERIFY(isRight(curve, {{}, {0, 1.5, 2}}, revealed(curve, {})));
        Prediction cell{Prediction::Kind::cell, {}, {}, "2", "5", 0};
        QVERIFY(isRight(cell, {{}, {2, 5}}, revealed(cell, {})));
        QVERIFY(!isRight(cell, {{}, {2, 4}}, revealed(cell, {})));
    }
};

QTEST_APPLESS_MAIN(LessonPlayTest)
#include "lesson_play_test.moc"
