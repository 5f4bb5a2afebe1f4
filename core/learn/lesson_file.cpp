#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/learn/lesson.h"

namespace lab {
namespace {

/// The language of "reverse.de.md" beside "reverse.json"; empty for any other file.
std::string languageOf(const std::filesystem::path& file, const std::filesystem::path& lesson) {
    const std::string name = utf8Text(file.filename()), begin = utf8Text(lesson.stem()) + ".", end = ".md";
    const bool belongs = name.size() > begin.size() + end.size() && name.starts_with(begin) && name.ends_with(end);
    return belongs ? name.substr(begin.size(), name.size() - begin.size() - end.size()) : std::string();
}

}  // namespace

LessonRow readLesson(const std::filesystem::path& file) {
    LessonRow row;
    const std::string json = readFile(file);
    try {
        row.lesson = parseLesson(json);
    } catch (const InputError& error) {
        throw InputError(utf8Text(file), error.message());
    }
    const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    std::error_code unreadable;
    for (const auto& entry : std::filesystem::directory_iterator(folder, unreadable)) {
        const std::string language = languageOf(entry.path(), file);
        if (language.empty()) continue;
        const std::string markdown = readFile(entry.path());
        try {
            row.texts[language] = parseLessonTexts(markdown, row.lesson);
        } catch (const InputError& error) {
            throw InputError(utf8Text(entry.path()), error.message());
        }
    }
    if (row.texts.empty())
        throw InputError(utf8Text(file),
                         Message(LAB_TEXT("learn", "no texts beside it, such as %1")).arg(utf8Text(file.stem()) + ".en.md"));
    return row;
}

}  // namespace lab
