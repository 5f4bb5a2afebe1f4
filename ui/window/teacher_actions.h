#pragma once

#include <QObject>

namespace lab {

class Button;
class HandsBox;
class LessonActions;
class MainWindow;
class PartHiding;
class PartsPanel;
class WindowSettings;

/// The teacher's view: the dock that hides parts of the window, what it hid the last time, and the mark that says so while it is away.
class TeacherActions : public QObject {
    Q_OBJECT

public:
    TeacherActions(MainWindow& window, WindowSettings& settings, LessonActions& lessons, QObject* parent);

    PartHiding& hiding() const { return *m_hiding; }
    PartsPanel& panel() const { return *m_panel; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void toggle();
    void makeRoom();
    void setOpen(bool open);
    void takeChange();
    void showMark();

    MainWindow& m_window;
    WindowSettings& m_settings;
    LessonActions& m_lessons;
    PartHiding* m_hiding;
    HandsBox* m_hands;
    PartsPanel* m_panel;
    Button* m_mark;
    bool m_foldedLesson = false;  ///< for the room that the dock takes
};

}  // namespace lab
