#include "core/learn/lesson_writing.h"

#include <QTemporaryDir>
#include <QtTest>

#include "core/base/errors.h"
#include "core/base/files.h"

using namespace lab;

namespace {

LessonRow small() {
    LessonRow row = *findLesson("reverse");
    row.lesson.id = "own";
    return row;
}

QStringList said(const LessonRow& row) {
    QStringList lines;
    for (const LessonFault& fault : faultsOf(row))
        lines << QString("%1%2: %3")
                     .arg(fault.step ? QString::number(*fault.step) : QString("all"),
                          fault.language.empty() ? QString() : " " + QString::fromStdString(fault.language),
                          QString::fromStdString(fault.what.english()));
    return lines;
}

QStringList namesIn(const QTemporaryDir& folder) {
    return QDir(folder.path()).entryList(QDir::Files, QDir::Name);
}

}  // namespace

/// Lessons written back to their files.
class LessonWritingTest : public QObject {
    Q_OBJECT

private slots:
    void everyLessonReadsBack_data() {
        QTest::addColumn<QString>("id");
        for (const LessonRow& row : lessons()) QTest::newRow(row.lesson.id.c_str()) << QString::fromStdString(row.lesson.id);
    }
    void everyLessonReadsBack() {
        QFETCH(QString, id);
        const LessonRow& row = *findLesson(id.toStdString());
        QVERIFY(parseLesson(lessonJson(row.lesson)) == row.lesson);
        for (const auto& [language, texts] : row.texts)
            QVERIFY2(parseLessonTexts(lessonMarkdown(texts, row.lesson), row.lesson) == texts, language.c_str());
        QCOMPARE(said(row), QStringList());
        const LessonRow draft = readDraft(draftText(row));
        QVERIFY(draft.lesson == row.lesson);
        QVERIFY(draft.texts == row.texts);
    }

    void whatIsSeldomReadsBackToo() {
        LessonRow row = small();
        row.lesson.hide = {"train", "page.maps"};
        row.lesson.input = "3 1 4";
        row.lesson.recall = {"softmax.sum"};
        row.lesson.set = {{"model.num_heads", "2"}, {"model.attention.form", "\"kv\""}, {"training.frozen", "[\"embedding\"]"}};
        row.lesson.steps[0].act = LessonAct{{}, "step >= 3", {{"model.d_model", "16"}}, {}};
        row.lesson.steps[0].highlight = {"train.toggle", "maps.grid"};
        row.lesson.steps[0].cover = true;
        row.lesson.steps[1].cover = false;  // not the same as unset
        row.lesson.steps[0].predict = Prediction{Prediction::Kind::curve, {}, "list(i = 0..3, sin(i))", {}, {}, 0.1, -1.5, 2};
        row.lesson.steps[1].predict = Prediction{Prediction::Kind::cell, {}, {}, "0", "n-1", 0, 0, 1};
        QVERIFY(parseLesson(lessonJson(row.lesson)) == row.lesson);
        QVERIFY(readDraft(draftText(row)).lesson == row.lesson);
    }

    void namesFaultsAtTheirStep() {
        LessonRow row = small();
        row.lesson.minutes = 0;
        row.lesson.steps[0].predict->value = "max(";
        row.lesson.steps[1].id = "untrained";
        row.lesson.steps.emplace_back();
        row.texts["en"].steps.emplace_back();
        row.texts["en"].steps[0].say = "One\n## two";
        row.texts["en"].steps[1].why.clear();
        row.texts["de"].steps.emplace_back();
        row.texts["de"].tryNext.clear();
        row.texts["fr"].steps.resize(3);
        const QStringList faults = said(row);
        QVERIFY2(faults[0].startsWith("0: predict.value: max("), qPrintable(faults.join('\n')));
        QVERIFY(faults.contains("1: id: untrained is the name of an earlier step"));
        QVERIFY(faults.contains("2: id: missing"));
        QVERIFY(faults.contains("all de: ## try is missing"));
        QVERIFY(faults.filter("0 en: ").size() == 1);
        QVERIFY(faults.filter(" fr").isEmpty());  // a language without a text is none that is missing
    }

    void aNewLessonSaysWhatItWants() {
        QCOMPARE(said({}), (QStringList{"all: id: missing", "all: there is no text in any language"}));
        LessonRow row = small();
        row.lesson.id = "../own";
        QCOMPARE(said(row), QStringList{"all: id: expected a name that a file can have"});
        row = small();
        row.lesson.steps[1].act = LessonAct{};
        QCOMPARE(said(row), QStringList{"1: do: expected one of an action, settings or an input"});
        row = small();
        row.texts["de"].steps[1].answers.erase("even");
        QCOMPARE(said(row), QStringList{"1 de: ### answer even is missing"});
    }

    void aDraftKeepsWhatIsNoLessonYet() {
        LessonRow row = small();
        row.lesson.id.clear();
        row.lesson.steps[0].predict->value = "max(";
        row.lesson.steps[1].predict->answers.resize(1);
        row.lesson.steps[1].act = LessonAct{{}, "step >=", {}, {}};
        row.texts["en"].title = "# \u201cA\u201d";
        row.texts["en"].steps[0].say = "# one\n\n## two  ";
        row.texts["de"] = {};
        row.texts["de"].steps.resize(2);
        const LessonRow read = readDraft(draftText(row));
        QVERIFY(read.lesson == row.lesson);
        QVERIFY(read.texts == row.texts);
        for (const char* text :
             {"", "{}", "[1]", R"({"format": "attention-lab/lesson-draft", "version": 1, "lesson": {"steps": 3}, "texts": {}})"})
            QVERIFY_EXCEPTION_THROWN(readDraft(text), InputError);
        const auto withLesson = [](const std::string& more) {
            return R"({"format": "attention-lab/lesson-draft", "version": 1, "lesson": {"steps": [])" + more + R"(}, "texts": {}})";
        };
        QCOMPARE(readDraft(withLesson(R"(, "minutes": 1e300)")).lesson.minutes, 0);
        QVERIFY_EXCEPTION_THROWN(readDraft(withLesson(R"(, "set": {"a": )" + std::string(200'000, '[') + std::string(200'000, ']') + "}")),
                                 InputError);
    }

    void writesAllFilesOrNone() {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        LessonRow row = small();
        row.texts["fr"].steps.resize(row.lesson.steps.size());
        QVERIFY(filesInTheWay(row, path).empty());
        writeLesson(row, path);
        QCOMPARE(namesIn(folder), (QStringList{"own.de.md", "own.en.md", "own.json"}));
        QCOMPARE(filesInTheWay(row, path).size(), std::size_t{3});
        const LessonRow read = readLesson(path / "own.json");
        QVERIFY(read.lesson == row.lesson);
        QVERIFY(read.texts == small().texts);

        LessonRow faulty = row;
        faulty.texts["de"].title.clear();
        QVERIFY_EXCEPTION_THROWN(writeLesson(faulty, path), InputError);
        QVERIFY(readLesson(path / "own.json").texts == small().texts);

        LessonRow other = row;
        other.texts["de"].title = "Anders";
        std::filesystem::remove(path / "own.json");
        std::filesystem::create_directory(path / "own.json");  // the last file cannot be written
        QVERIFY_EXCEPTION_THROWN(writeLesson(other, path), InputError);
        QCOMPARE(readFile(path / "own.de.md"), lessonMarkdown(small().texts.at("de"), row.lesson));
    }
};

QTEST_MAIN(LessonWritingTest)
#include "lesson_writing_test.moc"
