#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/message.h"

namespace lab {

/// What a person says before it is seen. What is right is never written down: it is calculated from the run when it is revealed
/// (core/learn/expression.h), so that a lesson cannot say what its run does not show.
struct Prediction {
    enum class Kind {
        choice,  ///< one of the answers: the one whose expression holds
        number,  ///< `value`, within `tolerance`
        cell,    ///< `row` and `column` of a map
        bars,    ///< each number of the list `value`, within `tolerance`
        order,   ///< the answers, the one with the largest value first
        curve    ///< the list `value` as a line over its places, within `tolerance` on average
    };
    struct Answer {
        std::string id;  ///< what the texts call it
        std::string expression;

        bool operator==(const Answer&) const = default;
    };

    Kind kind = Kind::choice;
    std::vector<Answer> answers;
    std::string value, row, column;
    double tolerance = 0;
    double from = 0, to = 1;  ///< between which bars and curves are drawn

    bool operator==(const Prediction&) const = default;
};

/// Whether what is right takes passes of the model (StreamFunction).
bool asksStream(const Prediction& prediction);

/// What a person does, and what the program does in their place who asks it to, or where nobody is.
struct LessonAct {
    std::string action;                      ///< by the name of the window's actions: "train.toggle"; empty: any way serves
    std::string until;                       ///< an expression
    std::map<std::string, std::string> set;  ///< instead of an action: a new run with these settings
    std::string input;                       ///< instead of an action: what the model reads

    bool operator==(const LessonAct&) const = default;
};

struct LessonStep {
    std::string id;
    std::string show;                    ///< a place: "maps?head=0&query=5"
    std::string step;                    ///< of the training, a number or latest
    std::vector<std::string> highlight;  ///< names of actions and widgets
    std::optional<bool> cover;           ///< true: the page is hidden while it is asked, also where something has to be done before it is
                                         ///< seen; false: never, as the question is about it; unset: where its answer stands there
    std::optional<Prediction> predict;
    std::optional<LessonAct> act;
    std::vector<std::string> checks;  ///< what holds behind the act; each an expression

    bool operator==(const LessonStep&) const = default;
};

/// A lesson without its texts, which stand beside it in a file a language.
struct Lesson {
    std::string id;
    int minutes = 0;
    std::string preset, example;  ///< at most one: what it opens; neither: whatever is open
    bool opened = false;          ///< a language model that is open already is taken in place of the preset
    std::map<std::string, std::string> set;
    std::string input;              ///< that the model reads at first; empty: its first validation sample
    std::vector<std::string> hide;  ///< what the window does without while the lesson is open, of windowParts()
    std::vector<LessonStep> steps;
    std::vector<std::string> recall;  ///< questions of earlier lessons that are asked again: "reverse.even"

    bool operator==(const Lesson&) const = default;
};

/// What is said at one step, in a small Markdown (**bold**, *emphasis*, `code`, lists, d_{model}).
struct LessonStepTexts {
    std::string say, question, why;
    std::map<std::string, std::string> answers, reasons;  ///< by the answer's id
    std::vector<std::string> hints;

    bool operator==(const LessonStepTexts&) const = default;
};

struct LessonTexts {
    std::string title, about;
    std::vector<LessonStepTexts> steps;  ///< as many as the lesson has
    std::string tryNext;                 ///< the one thing to try behind it
    std::string asks = {};               ///< questions that it answers, each a line "- Why ...?"; whoever asks so is led here

    bool operator==(const LessonTexts&) const = default;
};

/// Throws InputError with the key that is wrong.
Lesson parseLesson(std::string_view json);
/// Reads "# Title", "## step", "### question", "### answer ID", "### reason ID", "### hint", "### why", last "## try", and "## asks".
/// Throws InputError with the line that is wrong, or the text that is missing.
LessonTexts parseLessonTexts(std::string_view markdown, const Lesson& lesson);

struct LessonFile {
    std::string_view name, text;  ///< "3-reverse", or of a language's texts "3-reverse.de"
};
/// resources/lessons/*, compiled in.
const std::vector<LessonFile>& lessonFiles();

struct LessonRow {
    Lesson lesson;
    std::map<std::string, LessonTexts> texts;  ///< by language: "en"
};
/// A lesson of one's own, its texts beside it: NAME.json, NAME.en.md. Throws InputError naming the file and the place in it.
LessonRow readLesson(const std::filesystem::path& file);
/// The lesson of this id, or of this number in the course, from 1; null when there is none.
const LessonRow* courseLesson(std::string_view name);
/// The file of this name, else the lesson of this id or number. Throws InputError, which says what lessons there are.
LessonRow lessonNamed(const std::string& name);

/// A file of a folder: a lesson, or why it is none.
struct FoundLesson {
    std::filesystem::path file;
    LessonRow row;
    Message problem;  ///< empty where there is nothing wrong
};
/// The lessons of folders by their files' names; files that say they are something else of this program are passed over. Ids are
/// unique, those of the program's own included.
std::vector<FoundLesson> lessonsIn(const std::vector<std::filesystem::path>& folders);

/// All that come with the program, in the order of their files.
const std::vector<LessonRow>& lessons();
/// Null when there is none of this id.
const LessonRow* findLesson(std::string_view id);

}  // namespace lab
