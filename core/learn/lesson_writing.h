#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/message.h"
#include "core/learn/lesson.h"

// Lessons that are being written: as files, and as what is not yet a lesson.

namespace lab {

/// The lesson as its file, from which parseLesson makes the same.
std::string lessonJson(const Lesson& lesson);
/// Its texts as a language's file, from which parseLessonTexts makes the same; text that is empty is left out.
std::string lessonMarkdown(const LessonTexts& texts, const Lesson& lesson);

/// What keeps a lesson from being opened.
struct LessonFault {
    std::optional<std::size_t> step;  ///< none: it is about the lesson as a whole
    std::string language;             ///< of the texts it is about; empty: it is about none
    Message what;
};
/// The first one of each step, of what stands for the whole lesson, and both again of each language that has a text. What only its run can
/// tell playLesson finds.
std::vector<LessonFault> faultsOf(const LessonRow& row);

/// Without the languages that have no text at all.
LessonRow withoutEmptyTexts(LessonRow row);

/// Writes FOLDER/ID.json and FOLDER/ID.LANGUAGE.md, all of them or none. Throws InputError: a fault, or a file that cannot be written.
void writeLesson(const LessonRow& row, const std::filesystem::path& folder);
/// What writeLesson would write over.
std::vector<std::filesystem::path> filesInTheWay(const LessonRow& row, const std::filesystem::path& folder);

/// A lesson as it stands, faults and all, in one text; readDraft makes the same of it. Throws InputError when it is none.
std::string draftText(const LessonRow& row);
LessonRow readDraft(std::string_view text);

}  // namespace lab
