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
class WindowSettings;

/// Joins lessons with the window: the course in the place of the page, the lesson beside it, a lesson's run beside what is open.
class LessonActions : public QObject, private LessonHost {
    Q_OBJECT

public:
    /// `file` keeps what was predicted; in the folder `lessons` beside it a person's own lessons may lie. `before`: whose lesson, if one is
    /// open, goes on here.
    LessonActions(MainWindow& window, WindowSettings& settings, const QString& file, QObject* parent, LessonActions* before = nullptr);
    ~LessonActions() override;

    /// The list of all lessons, or away again.
    void toggleCourse();
    /// Not while another one is pinned, which the window says.
    void start(const LessonRow& row, int step = 0);
    /// Where it was left; one that was walked through begins anew.
    void goOnWith(const LessonRow* row) { start(*row, stepOf(row->lesson)); }
    /// Whether a file is a lesson, sound or not.
    static bool takes(const QString& path);
    /// A lesson of one's own; what is wrong with it the window says.
    void startFile(const QString& path, int step = 0);
    /// At the start of the program: this file, or the lesson of this id, where it was left; empty: the pinned one, if there is one.
    void begin(const QString& name);
    /// Train has it, unless the course or the lesson beside the page does.
    void showAmber();
    /// What was open before comes back. Not while it is pinned.
    void close();
    bool isPinned() const;
    /// The lesson that is open stays, and opens at the next start; or it is let go.
    void togglePin();
    LessonGuide& guide() const { return *m_guide; }
    const LessonProgress& progress() const { return m_progress; }
    LessonPanel& panel() const { return *m_panel; }
    LessonList& course() const { return *m_course; }

signals:
    /// The teacher's view.
    void partsWanted();
    void writeWanted();

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
    void showFolder();
    const LessonRow* own() const { return m_own ? &*m_own : nullptr; }
    void chooseFolder();
    bool mayLeave();
    QString nameOfOpen() const;
    void showPin();
    int stepOf(const Lesson& lesson) const;
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
        QString ownFile;
    };
    void goOn(const LessonActions& before);

    MainWindow& m_window;
    WindowSettings& m_settings;
    QString m_ownFolder;
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
    QString& m_ownFile;
};

}  // namespace lab
