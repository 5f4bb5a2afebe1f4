#include "ui/lessons/lesson_editor.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QtTest>

#include "ui/lessons/lesson_form.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

struct Desk {
    Desk() { editor.show(); }
    template <class Control>
    Control& the(const QString& name) {
        auto* found = editor.findChild<Control*>(name);
        if (!found) qFatal("no %s", qPrintable(name));
        return *found;
    }
    void type(const QString& name, const QString& text) { the<QLineEdit>(name).setText(text); }
    void write(const QString& name, const QString& text) { the<QPlainTextEdit>(name).setPlainText(text); }
    void press(const QString& name) { the<QAbstractButton>(name).click(); }
    /// The form of what the step has from now on stands.
    void choose(const QString& name, int index) {
        auto& box = the<QComboBox>(name);
        box.setCurrentIndex(index);
        emit box.activated(index);
        QCoreApplication::processEvents();
    }
    QStringList lines() {
        QStringList all;
        auto& list = the<QListWidget>("write.steps");
        for (int i = 0; i < list.count(); ++i) all << list.item(i)->text();
        return all;
    }
    QString labels() {
        QStringList all;
        for (const QLabel* label : editor.findChildren<QLabel*>())
            if (label->isVisible()) all << label->text();
        return all.join('\n');
    }

    LessonEditor editor{{"train.toggle", "train.step", "input.next"}};
};

}  // namespace

/// A lesson is written by hand.
class LessonEditorTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void aLessonIsWrittenFromNothing() {
        Desk desk;
        QVERIFY(!desk.editor.faults().empty());
        desk.type("write.id", "own");
        desk.type("write.minutes", "3");
        desk.type("write.preset", "reverse");
        for (const char* language : {"en", "de"})
            for (const char* text : {"title", "about", "try"})
                desk.write(QString("write.%1.%2").arg(text, language), QString("%1 in %2").arg(text, language));
        desk.press("write.add");
        desk.type("write.step", "look");
        desk.type("write.show", "maps?block=encoder.0.attention&head=0&query=2&key=5");
        for (const char* language : {"en", "de"}) desk.write(QString("write.say.") + language, "Said of W_{Q}.");
        desk.choose("write.act", 1);
        desk.type("write.until", "step >= 2");
        desk.choose("write.kind", 2);  // a number
        QCOMPARE(desk.editor.row().lesson.steps[0].predict->value, std::string("encoder.0.attention.weights[0, 2, 5]"));
        desk.type("write.tolerance", "0,05");
        for (const char* language : {"en", "de"}) {
            desk.write(QString("write.question.") + language, "How much?");
            desk.write(QString("write.why.") + language, "So.");
        }
        desk.press("write.hint");
        QCoreApplication::processEvents();
        desk.write("write.hint_1.en", "Think.");
        desk.write("write.check", "step == 2\n\nn == 16");
        QCOMPARE(desk.editor.faults().size(), std::size_t{0});

        const LessonRow& row = desk.editor.row();
        QVERIFY(parseLesson(lessonJson(row.lesson)) == row.lesson);
        QCOMPARE(row.lesson.steps[0].act->action, std::string("train.toggle"));
        QCOMPARE(row.lesson.steps[0].predict->tolerance, 0.05);
        QCOMPARE(row.lesson.steps[0].checks, (std::vector<std::string>{"step == 2", "n == 16"}));
        QCOMPARE(row.texts.at("en").steps[0].hints, std::vector<std::string>{"Think."});
        QCOMPARE(row.texts.at("de").title, std::string("title in de"));
        for (const LessonFinding& finding : playLesson(row.lesson)) QVERIFY2(finding.good, finding.what.english().c_str());
    }

    void answersComeAndGo() {
        Desk desk;
        desk.press("write.add");
        desk.choose("write.kind", 1);
        QCOMPARE(desk.editor.row().lesson.steps[0].predict->answers.size(), std::size_t{2});
        desk.write("write.answer_2.en", "Second");
        desk.type("write.is_2", "n > 2");
        desk.press("write.more");
        QCoreApplication::processEvents();
        desk.press("write.less_1");
        QCoreApplication::processEvents();
        QCOMPARE(desk.editor.row().lesson.steps[0].predict->answers.front().expression, std::string("n > 2"));
        QCOMPARE(desk.the<QPlainTextEdit>("write.answer_1.en").toPlainText(), QString("Second"));
        desk.choose("write.kind", 5);  // an order of the same
        QCOMPARE(desk.editor.row().lesson.steps[0].predict->answers.front().expression, std::string("n > 2"));
        QVERIFY(!desk.editor.findChild<QPlainTextEdit*>("write.reason_1.en"));
        desk.choose("write.kind", 0);
        QVERIFY(!desk.editor.row().lesson.steps[0].predict);
    }

    void stepsMoveWithTheirTexts() {
        Desk desk;
        desk.editor.setRow(*findLesson("reverse"));
        const LessonRow before = desk.editor.row();
        QVERIFY2(desk.lines()[1].startsWith("1. untrained"), qPrintable(desk.lines()[1]));
        desk.editor.choose(1);
        QVERIFY(!desk.the<QAbstractButton>("write.down").isEnabled());
        desk.press("write.up");
        QCOMPARE(desk.editor.step(), std::optional<std::size_t>(0));
        QCOMPARE(desk.editor.row().lesson.steps[0].id, std::string("anti-diagonal"));
        QVERIFY(desk.editor.row().texts.at("de").steps[0] == before.texts.at("de").steps[1]);
        QVERIFY(desk.editor.faults().empty());
        desk.press("write.remove");
        QCOMPARE(desk.editor.row().lesson.steps.size(), std::size_t{1});
        QVERIFY(desk.editor.row().texts.at("en").steps[0] == before.texts.at("en").steps[0]);
    }

    void aFaultIsNamedAtItsStep() {
        Desk desk;
        desk.editor.setRow(*findLesson("reverse"));
        desk.editor.choose(0);
        desk.type("write.value", "max(");
        QVERIFY(desk.lines()[1].endsWith(QChar(0x00d7)));
        QVERIFY(!desk.lines()[2].endsWith(QChar(0x00d7)));
        QVERIFY2(desk.labels().contains("predict.value: max("), qPrintable(desk.labels()));
        desk.editor.choose(1);
        QVERIFY(!desk.labels().contains("predict.value"));
        QVERIFY(!desk.editor.isWhole());
        QCOMPARE(desk.editor.step(), std::optional<std::size_t>(0));
        desk.type("write.value", "1");
        desk.type("write.show", "maps?head=left");
        QVERIFY2(desk.labels().contains("show: expected a place of the window"), qPrintable(desk.labels()));
        desk.type("write.show", "maps?head=0");
        QVERIFY(desk.editor.isWhole());
        desk.editor.setFindings({{"anti-diagonal", false, Message::verbatim("not so")}});
        QVERIFY(desk.lines()[2].endsWith(QChar(0x00d7)));
        desk.type("write.value", "2");  // what was found is of another lesson
        QVERIFY(!desk.lines()[2].endsWith(QChar(0x00d7)));
    }

    void theTextIsShownAsTheLessonWillShowIt() {
        Desk desk;
        desk.write("write.about.de", "Die Matrix W_{Q} ist **gelernt**.");
        QVERIFY2(desk.labels().contains("<b>gelernt</b>"), qPrintable(desk.labels()));
        QVERIFY(desk.labels().contains("<sub>"));
    }

    void startingOverIsAskedFor() {
        Desk desk;
        desk.editor.setRow(*findLesson("reverse"));
        const QSignalSpy changed(&desk.editor, &LessonEditor::changed);
        desk.press("write.new");
        QCOMPARE(desk.editor.row().lesson.id, std::string("reverse"));
        desk.press("write.new");
        QVERIFY(desk.editor.row().lesson == Lesson{});
        QCOMPARE(changed.count(), 1);
    }

    void lookingAtEveryStepChangesNothing() {
        for (const char* id : {"reverse", "training", "rope", "dot-products"}) {  // every kind of question
            const LessonRow& each = *findLesson(id);
            Desk desk;
            desk.editor.setRow(each);
            for (std::size_t i = 0; i < each.lesson.steps.size(); ++i) desk.editor.choose(i);
            QVERIFY(desk.editor.row().lesson == each.lesson);
            QVERIFY2(desk.editor.faults().empty(), each.lesson.id.c_str());
            for (const auto& [language, texts] : each.texts)
                QCOMPARE(lessonMarkdown(desk.editor.row().texts.at(language), each.lesson), lessonMarkdown(texts, each.lesson));
        }
    }
};

QTEST_MAIN(LessonEditorTest)
#include "lesson_editor_test.moc"
