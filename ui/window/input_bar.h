#pragma once

#include <QTimer>
#include <QWidget>
#include <memory>
#include <vector>

#include "ui/runs/focus.h"
#include "ui/window/own_input.h"

class QHBoxLayout;
class QLineEdit;

namespace lab {

class Button;
class CompareRow;
class LikelyRow;
class ProblemLabel;
class ThemedLabel;
class TokenStrip;
class Writer;

/// The input all pages look at: editable tokens, the model's predictions below them, other samples, own input.
class InputBar : public QWidget {
    Q_OBJECT

public:
    InputBar(Focus& focus, QWidget* parent = nullptr);

    TokenStrip& strip() const { return *m_strip; }
    QLineEdit& line() const { return *m_line; }
    /// Beside it, of a model that reads two sentences.
    QLineEdit& secondLine() const { return *m_second; }
    QString verdict() const;  ///< "14 of 16 right"
    QString problem() const;

    void previousSample();
    void nextSample();
    void shuffle();
    void typeInput();
    /// Shows the answer once more, a token at a time at a pace one can read, or lets the model go on with a text; while that goes on:
    /// stops, all of an answer at once.
    void writeOut();
    bool isWriting() const;
    /// Hides the token at the strip's cursor from every query, or shows it again. What it was before is kept for comparison.
    void toggleMask();
    /// Adds the special tokens that stand about a text, or takes them away.
    void toggleFrame();
    /// Shows what the model holds likeliest at a position, or no longer.
    void toggleLikely();
    /// Keeps the present input beside the ones to come, or lets it go.
    void toggleComparison();

    /// Shows and holds what another window's does.
    void takeOver(const InputBar& other);

    /// With every button in the menu that can stand there.
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    QWidget* makeStory();
    void makeButtons();
    void connectParts();
    int widthOf(const QWidget* part) const;
    int roomBesideButtons(int strip, int story) const;
    void fold();
    void showComparison();
    QString sourceName() const;
    template <class Change>
    void change(Change change);
    void applyMeasures();
    void watchRun();
    void showInput();
    void showKind();
    QString tipOf(const Input& input, std::size_t position) const;
    void showVectorAnswers();
    void showNoAnswers();
    void showQuery();
    void showPredictions();
    void showTraceError();
    void showWriting();
    void showVerdict(int right, int of);
    void showNextWritten();
    void stopWriting();
    void showProblem(const QString& sentence);
    void takeToken(int index, const QString& text);
    void insertToken(int index);
    void mask(int index);
    void hide(int index);
    QString likelyTip(int index) const;
    QString countWords() const;
    void showCursor();
    void showLikely(bool wanted);
    void showLikelyPosition();
    void takeLine();
    void leaveLine();

    Focus& m_focus;
    std::unique_ptr<OwnInput> m_own;  ///< of the run in focus; null without one
    QWidget* m_labels;
    Button* m_previous;
    Button* m_next;
    TokenStrip* m_strip;
    QLineEdit *m_line, *m_second;
    QHBoxLayout* m_row;
    std::vector<Button*> m_folded;
    QWidget* m_story;
    ThemedLabel* m_source;
    ThemedLabel* m_verdict;
    ThemedLabel* m_verdictTail;
    ProblemLabel* m_problem;
    Button* m_type;
    Button* m_shuffle;
    Button* m_write;
    Button* m_mask;
    Button* m_frame;
    Button* m_compare;
    Button* m_likely;
    Button* m_more;          ///< what there is no room for
    bool m_writes = false;   ///< the model writes an answer to the present input, or goes on with it
    bool m_reveals = false;  ///< an answer of its own that is known whole can be shown token by token
    bool m_saysTraceError = false;
    bool m_keptByMask = false;  ///< the comparison began with a mask
    CompareRow* m_compareRow;
    LikelyRow* m_likelyRow;
    Writer* m_writer;
    QTimer m_pace;      ///< runs while an answer that is there is shown token by token
    int m_written = 0;  ///< tokens of the answer shown so far, while m_pace runs
};

}  // namespace lab
