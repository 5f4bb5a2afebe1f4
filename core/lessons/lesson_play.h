#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/message.h"
#include "core/learn/lesson.h"

namespace lab {

/// What was found at a step of a lesson that was played without a window.
struct LessonFinding {
    std::string step;
    bool good = true;  ///< false: the lesson says what its run does not show
    Message what;
};

struct LessonPlayOptions {
    std::optional<std::int64_t> seed;  ///< training.seed and task.seed instead of the lesson's own
    std::function<bool()> stops = [] { return false; };
};

/// Plays a lesson: opens what it opens, trains where it lets a person train, calculates what is right of each prediction and every check.
/// What only a window can do (looking elsewhere) is passed by. Throws InputError when it cannot be played at all.
std::vector<LessonFinding> playLesson(const Lesson& lesson, const LessonPlayOptions& options = {});

}  // namespace lab
