#pragma once

#include <QString>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/learn/lesson.h"
#include "core/lessons/lesson_play.h"

class QPainter;

namespace lab {

/// A lesson for paper.
struct LessonPaper {
    enum class Kind {
        handout,  ///< questions with room for answers, and no answer
        solution  ///< the same with what is right and why, and what the run shows
    };

    LessonRow row;
    std::string language = "en";    ///< of the texts; the first there is when they are not in it
    std::vector<LessonView> views;  ///< of its run, where a step of it could be played
    Kind kind = Kind::handout;
};

/// Whether the paper tells, or asks for, as much as only the lesson's run knows.
bool needsItsRun(const Lesson& lesson, LessonPaper::Kind kind);

/// Its pages (ui/widgets/paper.h), black on white. A PrintTheme has to be held while they are made and painted.
class LessonPages {
public:
    explicit LessonPages(const LessonPaper& paper);

    int count() const { return static_cast<int>(m_pages.size()); }
    const QString& title() const { return m_title; }
    void paint(QPainter& painter, int page) const;

    /// What stands together on a page, from (0, 0) on.
    struct Block {
        double height = 0;
        std::function<void(QPainter&)> paint;
        bool withNext = false;  ///< no page ends behind it
    };

private:
    void place(std::vector<Block> blocks);

    struct Placed {
        Block block;
        double top = 0;
    };
    QString m_title;
    std::vector<std::vector<Placed>> m_pages;
};

/// Writes the whole file, or leaves what was there as it was; throws InputError naming the file and the reason.
void writeLessonPaper(const QString& path, const LessonPaper& paper);

}  // namespace lab
