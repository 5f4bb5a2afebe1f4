#pragma once

#include <QWidget>

#include "ui/runs/focus.h"
#include "ui/window/own_input.h"

namespace lab {

class ThemedLabel;
class TokenStrip;
struct PredictionChip;

/// Below the input: the one that is kept to compare with, what the model says to it, and what has changed since.
class CompareRow : public QWidget {
    Q_OBJECT

public:
    explicit CompareRow(Focus& focus, QWidget* parent = nullptr);

    /// Writes the tokens; null without a run.
    void setOwn(const OwnInput* own);
    /// Room before the tokens, so that they stand under those of the input.
    void setIndent(int width);
    void refresh();
    TokenStrip& strip() const { return *m_strip; }
    /// "2 answers change, loss 0.031 \u2192 0.842"; of numbers "model 0.31 \u2192 0.42"
    QString summary() const;

signals:
    void swapWanted();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showAnswers();
    std::vector<PredictionChip> answerChips() const;
    int changedAnswers() const;
    QString movedNumber() const;
    void applyMeasures();

    Focus& m_focus;
    const OwnInput* m_own = nullptr;
    QWidget* m_indent;
    TokenStrip* m_strip;
    ThemedLabel* m_name;
    ThemedLabel* m_summary;
};

}  // namespace lab
