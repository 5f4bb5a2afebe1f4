#include "core/learn/lesson.h"

#include "core/learn/lesson_writing.h"
#include "tests/fuzz/harness.h"

namespace lab::fuzz {
namespace {

void readDraftOf(std::string_view text) {
    LessonRow row;
    if (!accepted([&] { row = readDraft(text); })) return;
    faultsOf(row);
    require(readDraft(draftText(row)).texts == row.texts, "a draft's texts are kept");
    require(readDraft(draftText(row)).lesson == row.lesson, "a draft is kept");
}

}  // namespace

/// A lesson and its texts, or a draft.
void lesson(std::string_view bytes) {
    const auto parts = parted(bytes, 2);
    readDraftOf(parts[0]);
    Lesson lesson;
    if (!accepted([&] { lesson = parseLesson(parts[0]); })) return;
    require(parseLesson(lessonJson(lesson)) == lesson, "a lesson is written as it is read");
    LessonTexts texts;
    if (!accepted([&] { texts = parseLessonTexts(parts[1], lesson); })) return;
    require(parseLessonTexts(lessonMarkdown(texts, lesson), lesson) == texts, "texts are written as they are read");
}

}  // namespace lab::fuzz
