#pragma once

#include <QWidget>

#include "ui/pages/stream/patch_study.h"

class QComboBox;

namespace lab {

class ThemedLabel;

/// Which answer is measured, and against which: as the runs answer, one of the likeliest, or a typed one.
class AnswerRow : public QWidget {
    Q_OBJECT

public:
    explicit AnswerRow(QWidget* parent = nullptr);

    /// What can be chosen, and what is asked.
    void showFound(Run& run, const PatchFound& found, const ChosenAnswers& chosen);

signals:
    void chosen(const lab::ChosenAnswers& answers);

private:
    QComboBox* makeBox(const char* name, const QString& words, const QString& help);
    void fill(QComboBox& box, int asked, int chosen);
    int typedAnswer(const QString& text) const;
    void type(QComboBox& box, int ChosenAnswers::*which);
    void choose(int answer, int ChosenAnswers::*which);

    QPointer<Run> m_run;
    int m_classes = 0;
    ChosenAnswers m_chosen;
    PatchQuestion m_question;   ///< that the boxes are filled for
    std::vector<int> m_likely;  ///< and their choices
    QComboBox *m_answer, *m_other;
    ThemedLabel* m_minus;
};

}  // namespace lab
