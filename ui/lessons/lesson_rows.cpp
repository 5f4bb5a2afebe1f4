#include "ui/lessons/lesson_rows.h"

#include <algorithm>

#include "core/learn/lesson.h"
#include "ui/lessons/lesson_list.h"
#include "ui/lessons/lesson_progress.h"
#include "ui/lessons/lesson_words.h"
#include "ui/widgets/formula_text.h"

namespace lab {
namespace {

constexpr int barWidth = 70;  // logical px at 100 %

int stepsOf(const LessonRow& row) {
    return static_cast<int>(row.lesson.steps.size());
}

/// From there on, then from the first one on; the first one when all are done.
std::size_t firstOpen(std::size_t from, const LessonProgress& progress) {
    const std::size_t count = lessons().size();
    for (std::size_t i = 0; i < count; ++i)
        if (const std::size_t place = (from + i) % count; !progress.isDone(lessons()[place].lesson)) return place;
    return 0;
}

}  // namespace

std::vector<TableColumn> lessonColumns(const LessonProgress& progress) {
    return lessonColumns(
        progress, [](std::size_t row) -> const LessonRow& { return lessons()[row]; }, lessons().size());
}

std::vector<TableColumn> lessonColumns(const LessonProgress& progress, const LessonAt& at, std::size_t count) {
    TableColumn number{"number", {}, {}, Qt::AlignRight, true};
    number.cell = [](std::size_t row) { return TableCell{QString::number(row + 1), Role::muted}; };
    number.number = [](std::size_t row) { return static_cast<double>(row); };
    TableColumn lesson{"lesson", LessonList::tr("lesson"), {}, Qt::AlignLeft, true};
    lesson.cell = [at](std::size_t row) { return TableCell{lessonPlain(LessonList::textsOf(at(row)).title)}; };
    lesson.paint = [at](QPainter& painter, const QRectF& room, std::size_t row) {
        painter.setFont(Theme::instance().font(TextSize::axis));
        painter.setPen(Theme::instance().color(Role::text));
        drawElidedFormula(painter, room, Qt::AlignLeft, lessonFormula(LessonList::textsOf(at(row)).title));
    };
    for (std::size_t i = 0; i < count; ++i) {
        if (at(i).texts.empty()) continue;
        if (const QString title = lessonPlain(LessonList::textsOf(at(i)).title); title.size() > lesson.widest.size()) lesson.widest = title;
    }
    TableColumn takes{"minutes", LessonList::tr("takes"), {}, Qt::AlignRight, true};
    takes.cell = [at](std::size_t row) { return TableCell{LessonList::tr("%1 min").arg(at(row).lesson.minutes)}; };
    takes.number = [at](std::size_t row) { return static_cast<double>(at(row).lesson.minutes); };
    TableColumn done{"steps_done", LessonList::tr("progress"), {}, Qt::AlignLeft};
    done.bar = barWidth;
    done.widest = LessonList::tr("step %1 of %2").arg(88).arg(88);
    done.number = [&progress, at](std::size_t row) {
        return static_cast<double>(progress.stepsDone(at(row).lesson)) / static_cast<double>(at(row).lesson.steps.size());
    };
    done.cell = [&progress, at](std::size_t row) {
        const int steps = progress.stepsDone(at(row).lesson), all = static_cast<int>(at(row).lesson.steps.size());
        TableCell cell{steps == 0     ? QStringLiteral("\u2013")
                       : steps == all ? LessonList::tr("\u2713 done")
                                      : LessonList::tr("step %1 of %2").arg(steps + 1).arg(all)};
        cell.ink = steps == all ? Role::right : steps == 0 ? Role::muted : Role::accent;
        cell.bar = static_cast<double>(steps) / all;
        return cell;
    };
    TableColumn right{"predicted_right", LessonList::tr("predicted right"), {}, Qt::AlignRight};
    right.cell = [&progress, at](std::size_t row) {
        const LessonProgress::Score score = progress.scoreOf(at(row).lesson);
        return score.asked == 0 ? TableCell{QStringLiteral("\u2013"), Role::muted}
                                : TableCell{LessonList::tr("%1 of %2").arg(score.right).arg(score.asked)};
    };
    right.number = [&progress, at](std::size_t row) { return static_cast<double>(progress.scoreOf(at(row).lesson).right); };
    return {number, lesson, takes, done, right};
}

std::size_t lessonToGoOn(const LessonProgress& progress) {
    const std::vector<LessonRow>& all = lessons();
    for (auto walked = progress.rows().rbegin(); walked != progress.rows().rend(); ++walked) {
        const auto last = std::ranges::find(all, walked->lesson, [](const LessonRow& row) { return row.lesson.id; });
        if (last == all.end()) continue;
        if (goOnStep(*last, progress) > 0) return static_cast<std::size_t>(last - all.begin());
        if (progress.isDone(last->lesson)) return firstOpen(static_cast<std::size_t>(last - all.begin()) + 1, progress);
    }
    return firstOpen(0, progress);
}

QString goOnText(const LessonRow& row, const LessonProgress& progress) {
    const int steps = progress.stepsDone(row.lesson);
    if (steps == stepsOf(row)) return LessonList::tr("Once more");
    return steps > 0 ? LessonList::tr("Continue at step %1").arg(steps + 1) : LessonList::tr("Begin");
}

int goOnStep(const LessonRow& row, const LessonProgress& progress) {
    const int steps = progress.stepsDone(row.lesson);
    return steps == stepsOf(row) ? 0 : steps;
}

}  // namespace lab
