#pragma once

#include <QWidget>

class QBoxLayout;
class QScrollArea;
class QVBoxLayout;

namespace lab {

class Button;
class LessonGuide;
class PredictionBox;
class PrimaryButton;
class StepSegments;
class ThemedLabel;
struct LessonStepTexts;

/// The lesson beside the page: what is said, what is asked, and the button that reveals it. A, B, C or Up and Down choose, Enter goes on,
/// Alt+Left goes back, Esc folds it to its edge. While its question waits, the keys of the answer are its own on the page too.
class LessonPanel : public QWidget {
    Q_OBJECT

public:
    explicit LessonPanel(LessonGuide& guide, class Focus& focus, QWidget* parent = nullptr);

    bool isFolded() const { return m_folded; }
    void setFolded(bool folded);
    /// It stays: it cannot be closed before it is let go.
    void setPinned(bool pinned);
    PredictionBox* box() const { return m_box; }
    /// The lesson as it stands, and how much of it `old` shows.
    void takeOver(const LessonPanel& old);

signals:
    void closeWanted();
    /// Pinned, or let go.
    void pinWanted();
    /// Behind the last step: the list of all of them.
    void courseWanted();

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* makeHeader();
    QWidget* makeBody();
    QWidget* makeFooter();
    bool isForField(const QKeyEvent& key) const;
    bool isLetterOfAnswer(const QKeyEvent& key) const;
    bool wouldTrain(const QKeyEvent& key) const;
    bool waits() const;
    bool answersFromPage(const QKeyEvent& key) const;
    void placeGo();
    void showWhy();
    void putTabBehind(QWidget* last);
    void applyMeasures();
    void showStep();
    void showEnd();
    void showStage();
    void showRevealed();
    void showHint();
    void goOn();
    void askFor(const LessonStepTexts& texts);
    void say(ThemedLabel* label, const std::string& markdown);
    QString goText() const;
    const LessonStepTexts& texts() const;

    LessonGuide& m_guide;
    Focus& m_focus;
    ThemedLabel *m_title, *m_where, *m_left;
    StepSegments* m_segments;
    ThemedLabel *m_say, *m_question, *m_why, *m_hint, *m_state;
    Button *m_pin, *m_close, *m_back, *m_skip, *m_hints, *m_unfold;
    PrimaryButton* m_go;
    QBoxLayout* m_footer;
    QScrollArea* m_area;
    QVBoxLayout* m_answers;
    QWidget* m_whole;
    PredictionBox* m_box = nullptr;
    std::size_t m_hintsShown = 0;
    bool m_folded = false;
};

}  // namespace lab
