#include "core/learn/lesson.h"

#include <QTemporaryDir>
#include <QtTest>

#include "core/base/errors.h"

using namespace lab;

namespace {

std::string lessonWith(const std::string& steps, const std::string& more = {}) {
    return R"({"format": "attention-lab/lesson", "version": 1, "id": "one", "minutes": 5, )" + more + R"("steps": [)" + steps + "]}";
}

const std::string choice =
    R"({"id": "a", "predict": {"kind": "choice", "answers": [{"id": "x", "is": "1 > 2"}, {"id": "y", "is": "n > 2"}]},
        "do": {"action": "train.toggle", "until": "step >= 3"}, "check": ["train_loss < 2"]})";

const std::string texts =
    "# A title\n\nAbout it.\n\n## a\nIt is said,\n**here**.\n### question\nWhich?\n### answer x\nThis.\n### answer y\nThat.\n"
    "### reason x\nNo.\n### reason y\nYes.\n### hint\nLook.\n### hint\nLook again.\n### why\nSo.\n## try\nMore.\n";

std::string refusal(const std::function<void()>& act) {
    try {
        act();
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

/// Lessons as files.
class LessonTest : public QObject {
    Q_OBJECT

private slots:
    void readsALesson() {
        const Lesson lesson = parseLesson(lessonWith(choice, R"("preset": "reverse", "set": {"training.steps": 60}, )"));
        QCOMPARE(lesson.minutes, 5);
        QCOMPARE(lesson.set.at("training.steps"), std::string("60"));
        QCOMPARE(lesson.steps.size(), std::size_t{1});
        QCOMPARE(lesson.steps[0].step, std::string("latest"));
        QCOMPARE(lesson.steps[0].predict->answers[1].expression, std::string("n > 2"));
        QCOMPARE(lesson.steps[0].act->until, std::string("step >= 3"));
    }

    void saysWhatIsWrong_data() {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const std::string& json, const char* sentence) {
            QTest::newRow(name) << QString::fromStdString(json) << QString(sentence);
        };
        row("no JSON", "{", "lesson: not JSON");
        row("too deep", lessonWith(R"({"id": "a"})", R"("set": {"a": )" + std::string(200'000, '[') + std::string(200'000, ']') + "}, "),
            "lesson: not valid JSON here: nested more than 64 deep");
        row("minutes", R"({"format": "attention-lab/lesson", "version": 1, "id": "one", "minutes": 4294967295, "steps": []})",
            "lesson.minutes: expected a whole number");
        row("other format", R"({"format": "x", "version": 1})", "lesson.format: expected attention-lab/lesson, version 1");
        row("no steps", lessonWith(""), "lesson.steps: expected at least one");
        row("unknown key", lessonWith(R"({"id": "a", "shows": "maps"})"), "lesson.steps[0].shows: unknown key");
        row("same id", lessonWith(R"({"id": "a"}, {"id": "a"})"), "lesson.steps[1].id: a is the name of an earlier step");
        row("wrong step", lessonWith(R"({"id": "a", "step": "-1"})"), "lesson.steps[0].step: expected a number or latest");
        row("wrong check", lessonWith(R"({"id": "a", "check": ["1 +"]})"), "lesson.steps[0].check: 1 +: not understood at character 4");
        row("kind", lessonWith(R"({"id": "a", "predict": {"kind": "guess"}})"),
            "lesson.steps[0].predict.kind: expected choice, number, cell, bars, order or curve, got guess");
        row("one answer", lessonWith(R"({"id": "a", "predict": {"kind": "choice", "answers": [{"id": "x", "is": "1"}]}})"),
            "lesson.steps[0].predict.answers: expected at least two");
        row("no value", lessonWith(R"({"id": "a", "predict": {"kind": "number"}})"), "lesson.steps[0].predict.value: missing");
        row("nothing to do", lessonWith(R"({"id": "a", "do": {}})"), "lesson.steps[0].do: expected one of an action, settings or an input");
        row("until when", lessonWith(R"({"id": "a", "do": {"action": "train.toggle"}})"), "lesson.steps[0].do.until: missing");
        row("both", lessonWith(R"({"id": "a"})", R"("preset": "copy", "example": "padding", )"),
            "lesson.example: a lesson opens a preset or an example, not both");
    }
    void saysWhatIsWrong() {
        QFETCH(QString, json);
        QFETCH(QString, sentence);
        QCOMPARE(QString::fromStdString(refusal([&] { parseLesson(json.toStdString()); })), sentence);
    }

    void readsItsTexts() {
        const LessonTexts read = parseLessonTexts(texts, parseLesson(lessonWith(choice)));
        QCOMPARE(read.title, std::string("A title"));
        QCOMPARE(read.about, std::string("About it."));
        QCOMPARE(read.steps[0].say, std::string("It is said,\n**here**."));
        QCOMPARE(read.steps[0].answers.at("y"), std::string("That."));
        QCOMPARE(read.steps[0].hints.size(), std::size_t{2});
        QCOMPARE(read.tryNext, std::string("More."));
        QVERIFY(read.asks.empty());
        const LessonTexts asked = parseLessonTexts(texts + "## asks\n- Why?\n- Where?\n", parseLesson(lessonWith(choice)));
        QCOMPARE(asked.asks, std::string("- Why?\n- Where?"));
    }

    void saysWhatIsWrongWithTexts_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("no title") << "# A title\n"
                                  << ""
                                  << "line 2: expected the title, # and its words";
        QTest::newRow("unknown step") << "## a\n"
                                      << "## b\n"
                                      << "line 5: the lesson has no step b";
        QTest::newRow("unknown answer") << "### answer y"
                                        << "### answer z"
                                        << "line 12: step a has no answer z";
        QTest::newRow("unknown part") << "### why"
                                      << "### because"
                                      << "line 22: because: expected question, answer ID, reason ID, hint or why";
        QTest::newRow("twice") << "### answer y"
                               << "### answer x"
                               << "line 12: answer x is said twice";
        QTest::newRow("empty") << "Yes.\n"
                               << ""
                               << "line 16: reason y: nothing stands below it";
        QTest::newRow("no reason") << "### reason x\nNo.\n"
                                   << ""
                                   << "## a: ### reason x is missing";
        QTest::newRow("no question") << "### question\nWhich?\n"
                                     << ""
                                     << "## a: ### question is missing";
        QTest::newRow("no try") << "## try\nMore.\n"
                                << ""
                                << "one: ## try is missing";
        QTest::newRow("two titles") << "## try"
                                    << "# try"
                                    << "line 24: a lesson has one title";
    }
    void saysWhatIsWrongWithTexts() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, sentence);
        const QString changed = QString::fromStdString(texts).replace(from, to);
        const Lesson lesson = parseLesson(lessonWith(choice));
        QCOMPARE(QString::fromStdString(refusal([&] { parseLessonTexts(changed.toStdString(), lesson); })), sentence);
    }

    void oneOfOnesOwnLiesBesideItsTexts() {
        QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("own.json").toStdString();
        const auto write = [&folder](const char* name, const std::string& text) {
            QFile out(folder.filePath(name));
            QVERIFY(out.open(QIODevice::WriteOnly));
            out.write(QByteArray::fromStdString(text));
        };
        write("own.json", lessonWith(choice));
        QVERIFY(refusal([&] { readLesson(file); }).ends_with("own.json: no texts beside it, such as own.en.md"));
        write("own.fr.md", texts);
        write("other.de.md", "nothing");
        const LessonRow row = readLesson(file);
        QCOMPARE(row.lesson.id, std::string("one"));
        QCOMPARE(row.texts.size(), std::size_t{1});
        QVERIFY(row.texts.contains("fr"));
        write("own.de.md", "nothing");
        QVERIFY(refusal([&] { readLesson(file); }).find("own.de.md: line 1: expected the title") != std::string::npos);
        QVERIFY_EXCEPTION_THROWN(readLesson(folder.filePath("none.json").toStdString()), InputError);
    }

    void namesPartsOfTheWindowThatItHides() {
        const auto hiding = [](const std::string& part) {
            std::string json = lessonWith(choice);
            return json.insert(1, "\"hide\": [\"experiment\", \"" + part + "\"], ");
        };
        QCOMPARE(parseLesson(hiding("page.maps")).hide, (std::vector<std::string>{"experiment", "page.maps"}));
        QCOMPARE(QString::fromStdString(refusal([&] { parseLesson(hiding("settings")); })),
                 QString("lesson.hide: the window has no part settings"));
        QCOMPARE(QString::fromStdString(refusal([&] { parseLesson(hiding("lesson.text")); })),
                 QString("lesson.hide: a lesson cannot hide its own text"));
    }

    void aFolderIsReadWhateverIsInIt() {
        QTemporaryDir folder;
        const auto write = [&folder](const char* name, const std::string& text) {
            QFile out(folder.filePath(name));
            QVERIFY(out.open(QIODevice::WriteOnly));
            out.write(QByteArray::fromStdString(text));
        };
        for (const char* name : {"b.json", "c.json"}) write(name, lessonWith(choice));
        for (const char* name : {"b.en.md", "c.en.md"}) write(name, texts);
        write("a.json", "{");
        write("experiment.json", R"({"format": "attention-lab/experiment"})");
        write("notes.txt", "nothing");
        const std::vector<FoundLesson> found = lessonsIn({folder.path().toStdString()});
        QCOMPARE(found.size(), std::size_t{3});
        QVERIFY(QString::fromStdString(found[0].problem.english()).endsWith("a.json: lesson: not JSON"));
        QVERIFY(found[1].problem.empty());
        QCOMPARE(found[1].row.lesson.id, std::string("one"));
        QVERIFY(QString::fromStdString(found[2].problem.english()).endsWith("c.json: one is the id of another lesson"));
        QVERIFY(lessonsIn({folder.filePath("none").toStdString()}).empty());
    }

    void aLessonOfTheCourseIsFoundByItsNumber() {
        QCOMPARE(lessonNamed("1").lesson.id, lessons().front().lesson.id);
        QCOMPARE(lessonNamed(std::to_string(lessons().size())).lesson.id, lessons().back().lesson.id);
        QCOMPARE(lessonNamed("softmax").lesson.id, std::string("softmax"));
        const std::string none = refusal([] { lessonNamed("0"); });
        QVERIFY2(none.starts_with("0: neither a file nor a lesson; lessons are 1 to ") && none.find("softmax") != none.npos, none.c_str());
        QVERIFY(!courseLesson(std::to_string(lessons().size() + 1)));
    }

    void theCourseIsWhole() {
        QVERIFY(!lessons().empty());
        std::set<std::string> questions;
        for (const LessonRow& row : lessons()) {
            QCOMPARE(findLesson(row.lesson.id), &row);
            QVERIFY2(row.lesson.minutes >= 4 && row.lesson.minutes <= 10, row.lesson.id.c_str());
            for (const char* language : {"en", "de"}) {
                QVERIFY2(row.texts.contains(language), (row.lesson.id + " " + language).c_str());
                for (std::size_t i = 0; i < row.lesson.steps.size(); ++i)
                    QCOMPARE(row.texts.at(language).steps[i].hints.size(), row.texts.at("en").steps[i].hints.size());
            }
            for (const std::string& recalled : row.lesson.recall)
                QVERIFY2(questions.contains(recalled), (row.lesson.id + " recalls " + recalled).c_str());
            for (const LessonStep& step : row.lesson.steps)
                if (step.predict) questions.insert(row.lesson.id + "." + step.id);
        }
    }
};

QTEST_APPLESS_MAIN(LessonTest)
#include "lesson_test.moc"
