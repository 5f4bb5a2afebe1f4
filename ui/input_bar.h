#pragma once

#include <QTimer>
#include <QWidget>
#include <memory>
#include <vector>

#include "ui/own_input.h"
#include "ui/runs/focus.h"

class QLineEdit;

namespace lab {

class Button;
class ThemedLabel;
class TokenStrip;

/// The input all pages look at: editable tokens, the model's predictions below them, other samples, own input.
class InputBar : public QWidget {
    Q_OBJECT

public:
    InputBar(Focus& focus, QWidget* parent = nullptr);

    TokenStrip& strip() const { return *m_strip; }
    QLineEdit& line() const { return *m_line; }
    QString verdict() const;  ///< "14 of 16 right"
    QString problem() const;

    void previousSample();
    void nextSample();
    void shuffle();
    void typeInput();
    /// Shows the answer once more, a token at a time at a pace one can read; while it goes on: stops, all of it at once.
    void writeOut();
    bool isWriting() const { return m_pace.isActive(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeStory();
    void applyMeasures();
    void watchRun();
    void showInput();
    void showPredictions();
    void showTraceError();
    void showVerdict(int right, int of);
    void showNextWritten();
    void stopWriting();
    void showProblem(const QString& sentence);
    void takeToken(int index, const QString& text);
    void takeLine();
    void leaveLine();

    Focus& m_focus;
    std::unique_ptr<OwnInput> m_own;  ///< of the run in focus; null without one
    QWidget* m_labels;
    Button* m_previous;
    Button* m_next;
    TokenStrip* m_strip;
    QLineEdit* m_line;
    QWidget* m_story;
    ThemedLabel* m_source;
    ThemedLabel* m_verdict;
    ThemedLabel* m_verdictTail;
    ThemedLabel* m_problem;
    Button* m_type;
    Button* m_shuffle;
    Button* m_write;
    QTimer m_pace;      ///< runs while the answer is written out
    int m_written = 0;  ///< tokens of the answer shown so far, while m_pace runs
};

}  // namespace lab
