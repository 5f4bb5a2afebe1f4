#include "core/learn/lesson_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/learn/lesson.h"

namespace lab {
namespace {

/// The language of "reverse.de.md" beside "reverse.json"; empty for any other file.
std::string languageOf(const std::filesystem::path& file, const std::filesystem::path& lesson) {
    const std::string name = utf8Text(file.filename()), begin = utf8Text(lesson.stem()) + ".", end = ".md";
    const bool belongs = name.size() > begin.size() + end.size() && name.starts_with(begin) && name.ends_with(end);
    return belongs ? name.substr(begin.size(), name.size() - begin.size() - end.size()) : std::string();
}

/// What a file of this program says that it is, "attention-lab/experiment"; empty for any other.
std::string formatOf(const std::filesystem::path& file) {
    try {
        const auto json = nlohmann::json::parse(readFile(file), nullptr, false);
        if (!json.is_object() || !json.contains("format") || !json["format"].is_string()) return {};
        const auto format = json["format"].get<std::string>();
        return format.starts_with("attention-lab/") ? format : std::string();
    } catch (const InputError&) {
        return {};
    }
}

constexpr std::string_view lessonFormat = "attention-lab/lesson";

/// Of this program, but no lesson: an experiment beside the lessons.
bool isSomethingElse(const std::filesystem::path& file) {
    const std::string format = formatOf(file);
    return !format.empty() && format != lessonFormat;
}

}  // namespace

bool isLessonFile(const std::filesystem::path& file) {
    return formatOf(file) == lessonFormat;
}

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

const LessonRow* courseLesson(std::string_view name) {
    if (const LessonRow* row = findLesson(name)) return row;
    const auto number = parseInteger(name);
    return number && *number >= 1 && *number <= std::ssize(lessons()) ? &lessons()[static_cast<std::size_t>(*number - 1)] : nullptr;
}

LessonRow lessonNamed(const std::string& name) {
    const std::filesystem::path file = pathFromUtf8(name);
    if (std::filesystem::exists(file)) return readLesson(file);
    if (const LessonRow* row = courseLesson(name)) return *row;
    std::string all;
    for (const LessonRow& row : lessons()) all += (all.empty() ? "" : ", ") + row.lesson.id;
    throw InputError(
        name,
        Message(LAB_TEXT("learn", "neither a file nor a lesson; lessons are 1 to %1, or by name: %2")).arg(std::ssize(lessons())).arg(all));
}

std::vector<FoundLesson> lessonsIn(const std::vector<std::filesystem::path>& folders) {
    std::vector<FoundLesson> found;
    std::error_code unreadable;
    for (const std::filesystem::path& folder : folders)
        for (const auto& entry : std::filesystem::directory_iterator(folder, unreadable))
            if (entry.path().extension() == ".json" && entry.is_regular_file(unreadable)) found.push_back({entry.path(), {}, {}});
    std::ranges::sort(found, {}, &FoundLesson::file);
    std::erase_if(found, [](const FoundLesson& each) { return isSomethingElse(each.file); });
    std::vector<std::string> ids;
    for (FoundLesson& each : found) {
        try {
            each.row = readLesson(each.file);
            const std::string& id = each.row.lesson.id;
            if (findLesson(id) || std::ranges::find(ids, id) != ids.end())
                throw InputError(utf8Text(each.file), Message(LAB_TEXT("learn", "%1 is the id of another lesson")).arg(id));
            ids.push_back(id);
        } catch (const InputError& error) {
            each.problem = error.message();
        }
    }
    return found;
}

}  // namespace lab
