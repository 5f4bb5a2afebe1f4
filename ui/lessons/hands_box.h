#pragma once

#include <QWidget>
#include <vector>

class QLineEdit;
class QSpinBox;

namespace lab {

class Button;
class LessonGuide;
class ThemedLabel;
struct LessonStepTexts;

/// How many raised a hand for each answer, typed in by who asked: for the question of the present lesson step, else for one of their own.
class HandsBox : public QWidget {
    Q_OBJECT

public:
    explicit HandsBox(LessonGuide& guide, QWidget* parent = nullptr);

    /// The answers' words stand beside their letters, where the lesson itself is not to be seen.
    void setSaysAnswers(bool says);
    int hands() const;

private:
    struct Row {
        QWidget* whole;
        ThemedLabel *letter, *words, *share;
        class HandBar* bar;
        QSpinBox* count;
    };

    QWidget* makeQuestion();
    QWidget* makeRow(int index);
    QWidget* makeFooter();
    bool asksChoice() const;
    const LessonStepTexts& texts() const;
    /// Another question: nobody has raised a hand.
    void ask();
    void showWords();
    void showCounts();
    void showStage();
    void goOn();

    LessonGuide& m_guide;
    ThemedLabel *m_question, *m_total;
    QLineEdit* m_own;
    std::vector<Row> m_rows;
    int m_ownAnswers = 3;  ///< of a question of one's own
    Button *m_more, *m_clear, *m_go;
    bool m_saysAnswers = false;
};

}  // namespace lab
