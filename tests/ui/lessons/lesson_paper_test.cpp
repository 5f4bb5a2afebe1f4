#include "ui/lessons/lesson_paper.h"

#include <QImage>
#include <QPainter>
#include <QTemporaryDir>
#include <QtTest>

#include "core/base/errors.h"
#include "ui/widgets/paper.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

constexpr int wide = 744, high = 1053;  // a page in logical px

/// A question of every kind, each of whose answers only the run knows.
LessonRow everyKind() {
    const std::string map = R"("show": "maps?block=encoder.0.attention&head=0&stage=weights")";
    LessonRow row;
    row.lesson = parseLesson(R"json({"format": "attention-lab/lesson", "version": 1, "id": "one", "minutes": 5, "preset": "reverse",
        "set": {"training.steps": 20}, "steps": [
        {"id": "choice", "predict": {"kind": "choice", "answers": [{"id": "x", "is": "n == 16"}, {"id": "y", "is": "n == 3"}]}},
        {"id": "order", "predict": {"kind": "order", "answers": [{"id": "x", "is": "1"}, {"id": "y", "is": "n"}]}},
        {"id": "number", "predict": {"kind": "number", "value": "n", "tolerance": 1}},
        {"id": "cell", )json" +
                             map + R"json(, "predict": {"kind": "cell", "row": "3", "column": "n-4"}},
        {"id": "bars", "predict": {"kind": "bars", "value": "encoder.0.attention.weights[0, 0]", "tolerance": 0.1}},
        {"id": "curve", "predict": {"kind": "curve", "value": "list(i = 0..7, sin(i))", "tolerance": 0.1, "from": -1}},
        {"id": "train", "show": "train", "do": {"action": "train.toggle", "until": "step >= 3"}}]})json");
    LessonTexts texts;
    texts.title = "Every kind, d_{k}";
    texts.about = "All of them.";
    texts.tryNext = "Try.";
    for (const LessonStep& step : row.lesson.steps) {
        LessonStepTexts words;
        words.say = "Said of " + step.id + ": **bold** W_{Q}.";
        if (step.predict) words.question = "What is it?";
        words.why = "Because.";
        for (const char* id : {"x", "y"}) {
            words.answers[id] = std::string("Answer ") + id;
            words.reasons[id] = std::string("Reason ") + id;
        }
        texts.steps.push_back(words);
    }
    row.texts = {{"en", texts}};
    return row;
}

LessonPaper played(LessonPaper::Kind kind) {
    LessonPaper paper;
    paper.row = everyKind();
    paper.kind = kind;
    LessonPlayOptions options;
    options.seen = [&paper](const LessonView& view) { paper.views.push_back(view); };
    playLesson(paper.row.lesson, options);
    return paper;
}

/// All pages, one after the other.
std::vector<QImage> painted(const LessonPaper& paper) {
    const PrintTheme theme;
    const LessonPages pages(paper);
    std::vector<QImage> images;
    for (int page = 0; page < pages.count(); ++page) {
        QImage image(wide, high, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        painter.translate(paper::margin, paper::margin);
        paintPaper(painter, {pages.title(), pages.count(), [&](QPainter& on, int which) { pages.paint(on, which); }}, page);
        images.push_back(image);
    }
    return images;
}

}  // namespace

/// A lesson as hand-out and solution.
class LessonPaperTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void aHandoutTellsNoAnswer() {
        LessonPaper paper = played(LessonPaper::Kind::handout);
        QCOMPARE(paper.views.size(), paper.row.lesson.steps.size());
        const std::vector<QImage> told = painted(paper);
        for (LessonView& view : paper.views)
            if (view.right) {
                std::ranges::reverse(view.right->answers);
                if (!view.right->answers.empty()) view.right->answers.front() = view.right->answers.front() == "x" ? "y" : "x";
                for (double& number : view.right->numbers) number += 0.5;
            }
        QVERIFY(painted(paper) == told);
    }

    void aSolutionTellsAllOfThem_data() {
        QTest::addColumn<int>("step");
        for (int step = 0; step < 6; ++step) QTest::newRow(everyKind().lesson.steps[static_cast<std::size_t>(step)].id.c_str()) << step;
    }
    void aSolutionTellsAllOfThem() {
        QFETCH(int, step);
        LessonPaper paper = played(LessonPaper::Kind::solution);
        const std::vector<QImage> told = painted(paper);
        paper.views[static_cast<std::size_t>(step)].right.reset();
        QVERIFY(painted(paper) != told);
    }

    void aSolutionShowsTheMapAndTheCurves() {
        LessonPaper paper = played(LessonPaper::Kind::solution);
        const std::vector<QImage> told = painted(paper);
        for (const std::size_t shown : {std::size_t{3}, std::size_t{6}}) {
            LessonPaper without = paper;
            without.row.lesson.steps[shown].show.clear();
            QVERIFY(painted(without) != told);
        }
    }

    void whatIsWrittenStaysOnItsPage() {
        for (const auto kind : {LessonPaper::Kind::handout, LessonPaper::Kind::solution}) {
            const std::vector<QImage> pages = painted(played(kind));
            QVERIFY(pages.size() > 1);
            for (const QImage& page : pages) {
                const int margin = static_cast<int>(paper::margin) - 4;
                for (int y = 0; y < high; ++y)
                    for (int x = 0; x < wide; ++x)
                        if (x < margin || x >= wide - margin || y < margin || y >= high - margin)
                            QCOMPARE(page.pixel(x, y), qRgb(255, 255, 255));
            }
        }
    }

    void onlyWhatNeedsItsRunIsPlayed() {
        Lesson lesson = everyKind().lesson;
        QVERIFY(needsItsRun(lesson, LessonPaper::Kind::handout));
        QVERIFY(needsItsRun(lesson, LessonPaper::Kind::solution));
        lesson.steps.resize(3);
        QVERIFY(!needsItsRun(lesson, LessonPaper::Kind::handout));
    }

    void theFileIsAPdfOrStaysAsItWas() {
        const QTemporaryDir folder;
        const QString file = folder.filePath("paper.pdf");
        writeLessonPaper(file, played(LessonPaper::Kind::solution));
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QByteArray pdf = written.readAll();
        QVERIFY(pdf.startsWith("%PDF"));
        QVERIFY(pdf.count("/Type /Page\n") > 1);
        QVERIFY_EXCEPTION_THROWN(writeLessonPaper(folder.filePath("none/paper.pdf"), played(LessonPaper::Kind::handout)), InputError);
    }
};

QTEST_MAIN(LessonPaperTest)
#include "lesson_paper_test.moc"
