#include "ui/lessons/lesson_recorder.h"

#include <QSignalSpy>
#include <QtTest>

using namespace lab;

namespace {

Place at(const QString& text) {
    return *Place::parse(text);
}

}  // namespace

/// What is done in the window as steps of a lesson.
class LessonRecorderTest : public QObject {
    Q_OBJECT

private slots:
    void lookingAroundOnAPageIsOneStep() {
        LessonRow row;
        row.texts["en"] = {};
        LessonRecorder recorder(row);
        recorder.look(at("maps?head=1"));  // not recorded yet
        QVERIFY(row.lesson.steps.empty());
        recorder.begin(at("train"));
        recorder.look(at("train"));
        QVERIFY(row.lesson.steps.empty());
        recorder.look(at("maps?block=encoder.0.attention&head=0&query=1&key=2"));
        recorder.look(at("maps?step=0&block=encoder.0.attention&head=0&query=3&key=2"));
        QCOMPARE(row.lesson.steps.size(), std::size_t{1});
        QCOMPARE(row.texts.at("en").steps.size(), std::size_t{1});
        QCOMPARE(row.lesson.steps[0].show, std::string("maps?block=encoder.0.attention&head=0&query=3&key=2"));
        QCOMPARE(row.lesson.steps[0].step, std::string("0"));
        recorder.look(at("explain?stage=softmax"));
        QCOMPARE(row.lesson.steps.size(), std::size_t{2});
        QCOMPARE(row.lesson.steps[1].step, std::string("latest"));
        recorder.nextStep();
        recorder.look(at("explain?stage=mix"));
        QCOMPARE(row.lesson.steps.size(), std::size_t{3});
    }

    void whatIsDoneEndsItsStep() {
        LessonRow row;
        LessonRecorder recorder(row);
        const QSignalSpy recorded(&recorder, &LessonRecorder::recorded);
        recorder.begin(at("maps?head=0"));
        recorder.act("view.larger");  // leads nowhere
        QCOMPARE(recorded.count(), 0);
        recorder.act("train.toggle");
        recorder.act("train.toggle");  // and paused
        recorder.trained(120);
        QCOMPARE(row.lesson.steps.size(), std::size_t{1});
        QCOMPARE(row.lesson.steps[0].act->action, std::string("train.toggle"));
        QCOMPARE(row.lesson.steps[0].act->until, std::string("step >= 120"));
        QCOMPARE(row.lesson.steps[0].highlight, std::vector<std::string>{"train.toggle"});
        QCOMPARE(row.lesson.steps[0].show, std::string("maps?head=0"));
        recorder.look(at("maps?head=1"));
        recorder.start({{"model.num_heads", "2"}});
        recorder.trained(7);
        QCOMPARE(row.lesson.steps.size(), std::size_t{2});
        QCOMPARE(row.lesson.steps[1].act->set, (std::map<std::string, std::string>{{"model.num_heads", "2"}}));
        QCOMPARE(row.lesson.steps[1].act->until, std::string("step >= 7"));
        recorder.act("input.next");
        recorder.read("3 1 4");
        recorder.read("3 1 5");
        QCOMPARE(row.lesson.steps.size(), std::size_t{3});
        QCOMPARE(row.lesson.steps[2].act->input, std::string("3 1 5"));
        QCOMPARE(row.lesson.steps[2].highlight, std::vector<std::string>{"input.next"});
        recorder.end();
        recorder.act("train.step");
        recorder.look(at("train"));
        QCOMPARE(row.lesson.steps.size(), std::size_t{3});
    }

    void whatTheWindowDoesByItselfIsNoStep() {
        LessonRow row;
        LessonRecorder recorder(row);
        recorder.begin(at("maps?head=0"));
        recorder.drift(at("maps?head=1"));
        recorder.look(at("maps?head=1"));
        QVERIFY(row.lesson.steps.empty());
    }

    void stepsAreRecordedBehindThoseThatAreThere() {
        LessonRow row;
        LessonStep there;
        there.id = "step-2";
        row.lesson.steps = {there};
        LessonRecorder recorder(row);
        recorder.begin(at("train"));
        recorder.look(at("maps"));
        QCOMPARE(row.lesson.steps.size(), std::size_t{2});
        QVERIFY(row.lesson.steps[0] == there);
        QCOMPARE(row.lesson.steps[1].id, std::string("step-3"));
    }
};

QTEST_APPLESS_MAIN(LessonRecorderTest)
#include "lesson_recorder_test.moc"
