#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/message.h"
#include "core/learn/lesson.h"
#include "core/lessons/revealed.h"
#include "core/moments/run_moment.h"
#include "core/training/metrics_csv.h"

namespace lab {

/// What was found at a step of a lesson that was played without a window.
struct LessonFinding {
    std::string step;
    bool good = true;  ///< false: the lesson says what its run does not show
    Message what;
};

/// A lesson's run as a step shows it, behind what it lets a person do.
struct LessonView {
    std::size_t step = 0;  ///< among the lesson's
    RunMoment moment;
    Input input;
    std::shared_ptr<const Trace> trace;
    std::vector<MetricsRow> metrics;  ///< of its training up to here
    std::optional<Revealed> right;    ///< what is right, of a prediction
};

struct LessonPlayOptions {
    std::optional<std::int64_t> seed;  ///< training.seed and task.seed instead of the lesson's own
    std::function<bool()> stops = [] { return false; };
    std::function<void(const LessonView&)> seen = {};  ///< called at every step that came about
};

/// Plays a lesson: opens what it opens, trains where it lets a person train, calculates what is right of each prediction and every check.
/// What only a window can do (looking elsewhere) is passed by. Throws InputError when it cannot be played at all.
std::vector<LessonFinding> playLesson(const Lesson& lesson, const LessonPlayOptions& options = {});

}  // namespace lab
