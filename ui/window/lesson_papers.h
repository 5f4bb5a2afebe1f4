#pragma once

#include <QObject>
#include <vector>

#include "ui/lessons/lesson_paper.h"
#include "ui/runs/jobs.h"

namespace lab {

class MainWindow;

/// Lessons as PDF: asks where to, plays the lesson among the jobs as far as the paper needs it, and writes.
class LessonPapers : public QObject {
    Q_OBJECT

public:
    LessonPapers(MainWindow& window, QObject* parent);

    void ask(const LessonRow& row, LessonPaper::Kind kind);
    /// To this file; what is wrong the window says.
    void write(const LessonRow& row, LessonPaper::Kind kind, const QString& path);

signals:
    void written(const QString& path);

private:
    void save(const LessonPaper& paper, const QString& path);

    MainWindow& m_window;
    std::vector<JobPtr> m_playing;
};

/// What playing a lesson showed, beside the window.
struct PlayedLesson {
    std::vector<LessonFinding> findings;
    std::vector<LessonView> views;
};
/// One of the window's jobs. Its result is a PlayedLesson, `withViews`: with them.
JobPtr playBeside(MainWindow& window, const LessonRow& row, const QString& title, bool withViews);

}  // namespace lab
