#pragma once

#include <functional>
#include <vector>

#include "ui/widgets/table/table_column.h"

namespace lab {

class LessonProgress;
struct LessonRow;

/// What a list of `count` lessons says of each: its number, title, minutes, how far it is, what was predicted right. `progress` outlives
/// them.
using LessonAt = std::function<const LessonRow&(std::size_t row)>;
std::vector<TableColumn> lessonColumns(const LessonProgress& progress, const LessonAt& at, std::size_t count);
/// The same of the course: a row is its place in lessons().
std::vector<TableColumn> lessonColumns(const LessonProgress& progress);
/// The one that was last walked, or, when it is done, the next that is not; the first while none was.
std::size_t lessonToGoOn(const LessonProgress& progress);
/// "Continue at step 3".
QString goOnText(const LessonRow& row, const LessonProgress& progress);
/// The step to go on at, from 0; one that is done begins anew.
int goOnStep(const LessonRow& row, const LessonProgress& progress);

}  // namespace lab
