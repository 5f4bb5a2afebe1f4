#pragma once

#include <QObject>
#include <QPointer>
#include <memory>
#include <optional>

#include "ui/lessons/lesson_guide.h"

namespace lab {

class LessonList;
class LessonPanel;
class MainWindow;
class PageCover;
class PrimaryButton;
class TargetFrame;

/// Joins lessons with the window: the course in the place of the page, the lesson beside it, a lesson's run beside what is open.
class LessonActions : public QObject, private LessonHost {
    Q_OBJECT

public:
    /// `file` keeps what was predicted.
    /// `before`: whose lesson, if one is open, goes on here.
    LessonActions(MainWindow& window, const QString& file, QObject* parent, LessonActions* before = nullptr);
    ~LessonActions() override;

    /// The list of all lessons, or away again.
    void toggleCourse();
    void start(const LessonRow& row, int step = 0);
    /// A lesson of one's own; what is wrong with it the window says.
    void startFile(const QString& path);
    /// What was open before comes back.
    void close();
    LessonGuide& guide() const { return *m_guide; }
    const LessonProgress& progress() const { return m_progress; }
    LessonPanel& panel() const { return *m_panel; }
    LessonList& course() const { return *m_course; }

private:
    Run* openFor(const Lesson& lesson) override;
    Run* startWith(const Lesson& lesson, const std::map<std::string, std::string>& settings) override;
    void look(const Place& place) override;
    void read(const QString& input) override;
    void comeBack() override;
    void highlight(const std::vector<std::string>& names) override;
    void cover(bool covered) override;

    Run* open(const Lesson& lesson, const std::map<std::string, std::string>& settings);
    void leaveCourse();
    QWidget* widgetOf(const std::string& name) const;
    PrimaryButton& trainButton() const;
    void exportAnswers();

    /// What was open before the first lesson.
    struct Before {
        QPointer<Run> run;
        std::string preset;  ///< of its document, if the run itself goes, as one without a step does
        QString file;
        Place place;
    };

    /// What outlives a window.
    struct Course {
        LessonProgress progress;
        std::unique_ptr<LessonGuide> guide;
        std::optional<Before> before;
        std::optional<LessonRow> own;  ///< from a file
    };
    void goOn(const LessonActions& before);

    MainWindow& m_window;
    std::shared_ptr<Course> m_kept;
    LessonProgress& m_progress;
    LessonGuide* m_guide;
    LessonPanel* m_panel;
    LessonList* m_course;
    QWidget* m_instead;  ///< the course as the window shows it
    TargetFrame* m_target;
    PageCover* m_cover;
    std::optional<Before>& m_before;
    std::optional<LessonRow>& m_own;
};

}  // namespace lab
