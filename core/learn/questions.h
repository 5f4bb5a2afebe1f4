#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// Where the program shows an answer: one of an example's id, a comparison's key file, or a place ("explain?stage=mix"), the last on the
/// run that is open or on a preset opened beside it.
struct QuestionTarget {
    std::string preset, comparison, example, place;

    bool operator==(const QuestionTarget&) const = default;
};

/// A number that an answer says, and the calculation that gives it (core/learn/expression.h), or where it was measured.
struct SaidNumber {
    std::string said, is, source;
};

/// A question in a learner's words (SPEC.md 11), answered in three sentences and shown.
struct LearnerQuestion {
    std::string id, topic, ask;
    std::vector<std::string> also;  ///< how else one may ask
    std::string answer;
    std::vector<SaidNumber> numbers;
    QuestionTarget show;
    int pending = 0;      ///< the issue that brings the page it belongs to; 0: the page is there
    std::string example;  ///< of a pending one: a line worked through, until then
};

struct QuestionText {
    std::string_view name, json;
};
/// resources/questions/*.json, compiled in.
const std::vector<QuestionText>& questionTexts();

/// Of one file. Throws InputError with the question's id and the key that is wrong.
std::vector<LearnerQuestion> parseQuestions(std::string_view json);

/// All that come with the program, in the order of their files.
const std::vector<LearnerQuestion>& learnerQuestions();

}  // namespace lab
