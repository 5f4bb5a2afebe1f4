#pragma once

#include <QObject>
#include <QPointer>
#include <QWidget>
#include <cstdint>
#include <memory>
#include <vector>

namespace lab {

class Alone;
class LessonActions;
class MainWindow;
class Page;
class PresenterLine;

/// For a projector: what the page shows above all stands alone on the whole screen in large letters, and beside it a lesson
/// if one is open. Page Down, Right and Space go on, Page Up and Left go back: through the steps of the lesson, else through the page's
/// stages, else through the steps of the training that have a pin (with the first and the newest), or all that are kept. Escape leaves, and
/// everything is as before.
class Presenter : public QObject {
    Q_OBJECT

public:
    Presenter(MainWindow& window, LessonActions& lessons, QObject* parent);
    ~Presenter() override;

    bool isOn() const { return m_on; }
    void toggle();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    /// Where one is among what is walked through.
    struct Station {
        int now = 0, count = 0;
    };
    void begin();
    void end();
    void arrange();
    void enlarge(const QWidget& part);
    void say();
    void go(int by);
    void goInLesson(int by);
    bool isKey(int key) const;
    Page& page() const;
    std::vector<std::int64_t> moments() const;
    Station station() const;

    /// What comes back.
    struct Before {
        double scale = 1;
        QSize size;
        Qt::WindowStates states;
        QPointer<QWidget> focus;
        bool panelFolded = true, lessonFolded = false;
    };

    MainWindow& m_window;
    LessonActions& m_lessons;
    PresenterLine* m_line = nullptr;
    std::unique_ptr<Alone> m_alone;
    Before m_before;
    bool m_on = false;
};

}  // namespace lab
