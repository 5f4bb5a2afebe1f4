#pragma once

#include <QDialog>

#include "core/incontext/typed_prompt.h"

class QPlainTextEdit;

namespace lab {

class Button;
class ProblemLabel;

/// The pairs of a prompt, to be typed or pasted: a point a line, at last the query. What is wrong stands below while one types.
class PromptDialog : public QDialog {
    Q_OBJECT

public:
    /// `mostPoints`: pairs that the model has room for; 0: any number.
    PromptDialog(const FunctionPrompt& prompt, int mostPoints, QWidget* parent = nullptr);

    /// Of what was accepted.
    const FunctionPrompt& prompt() const { return m_prompt; }
    QString problem() const { return m_problemText; }

private:
    void read();
    void applyMeasures();

    FunctionPrompt m_prompt;
    int m_mostPoints;
    QString m_problemText;
    QPlainTextEdit* m_text;
    ProblemLabel* m_problem;
    Button* m_take;
};

}  // namespace lab
