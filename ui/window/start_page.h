#pragma once

#include <QStringList>
#include <QWidget>

class QCheckBox;
class QMenu;
class QVBoxLayout;

namespace lab {

class Actions;
class Button;
class DataTable;
class LessonProgress;
class PanelFrame;
class PrimaryButton;
class ThemedLabel;
struct LessonRow;

/// What there is to begin with: going on where one was, the course, presets by what they show, recent files. Up and Down go through a
/// column, Left and Right to the one beside it, Enter chooses.
class StartPage : public QWidget {
    Q_OBJECT

public:
    /// `presets`: the menu of them, whose sections and families stand here too.
    StartPage(const LessonProgress& progress, const QMenu& presets, const Actions& actions, QWidget* parent = nullptr);

    /// What can be gone on with, besides a lesson; without a title there is no session.
    struct Offers {
        QString session, sessionDetail;
        QStringList recent;  ///< absolute paths, the newest first
        bool comesAtStart = true;
    };
    /// All of it as it is now, the keyboard at what is likeliest wanted.
    void refresh(const Offers& offers);
    QCheckBox& atStart() const { return *m_atStart; }

signals:
    void lessonWanted(const lab::LessonRow* row, int step);
    void recentWanted(const QString& path);
    void closeWanted();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeHeader();
    QWidget* makeBeginnings();
    QWidget* makeContinue();
    QWidget* makeWay();
    QWidget* makeRecent();
    QWidget* makeCourse();
    QWidget* makePresets();
    void fillPresets();
    void fillRecent(const QStringList& paths);
    void applyMeasures();
    void arrange();
    void goAside(int columns);
    void offer(std::size_t lesson);
    void begin(std::size_t lesson);
    void does(const Button& button, const char* action) const;

    const LessonProgress& m_progress;
    const QMenu& m_presetMenu;
    const Actions& m_actions;
    QCheckBox* m_atStart;
    ThemedLabel *m_session, *m_sessionDetail, *m_lesson, *m_lessonDetail;
    PrimaryButton *m_restore, *m_goOn;
    QVBoxLayout *m_recent, *m_presets;
    DataTable* m_course;
    PanelFrame* m_beginning;
    std::size_t m_offered = 0;
    QList<QWidget*> m_columns;
};

}  // namespace lab
