#pragma once

#include <QElapsedTimer>
#include <QTimer>

#include "ui/pages/text/text_tab.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/writing_desk.h"

class QHBoxLayout;
class QSpinBox;

namespace lab {

class Button;
class CandidateTable;
class ColorScaleBar;
class CurrentStack;
class ElidedLabel;
class EmptyState;
class PanelFrame;
class SampleList;
class SamplingForm;
class SurpriseStrip;
class ThemedLabel;
class WrittenLook;
class WrittenView;
struct LookedAt;
struct WrittenPiece;

/// What the model writes, token by token: the text shaded by surprise, what each token might have been, where a head looked, and the texts
/// of other moments. A pure function of run, step, prompt, numbers of sampling and the tokens that somebody chose.
class WriteTab : public PageTab {
    Q_OBJECT

public:
    explicit WriteTab(Focus& focus, QWidget* parent = nullptr);
    ~WriteTab() override;

    TabHeading heading() const override;
    QWidget* controls() override { return m_controls; }
    void refresh() override;
    bool ready() const override;
    std::vector<FigureOffer> figures() override;
    bool escape() override;
    bool showsWeights() const override { return m_count > 0; }
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

    void setPrompt(const QString& prompt);
    const QString& prompt() const { return m_prompt; }
    void writeOn();  ///< or stops
    void writeOneToken();
    void clear();
    /// Back to the text before the last choice or change.
    void goBack();
    /// Another token in the place of a written one; what followed is written anew.
    void pick(int written, int token);
    /// Place in the whole text; one of the prompt or none: negative.
    void choose(int position);
    int chosen() const { return m_chosen; }

    WritingDesk& desk() { return m_desk; }
    WrittenView& view() const { return *m_view; }
    /// What stood there before the last choice or change; empty: nothing.
    QString branch() const { return m_drafts.empty() ? QString() : m_drafts.back().left; }
    CandidateTable& candidates() const { return *m_candidates; }
    SurpriseStrip& strip() const { return *m_strip; }
    SamplingForm& sampling() const { return *m_sampling; }
    SampleList& samples() const { return *m_samples; }
    WrittenLook& look() const { return *m_look; }

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    /// What the text is made of; kept to go back to.
    struct Draft {
        QString prompt;
        std::vector<int> given;
        int count = 0;
        QString left{};  ///< what stood there and stands there no more
    };
    /// What every candidate of one token hangs on.
    struct AllQuestion {
        WritingQuestion question;
        std::vector<int> before;  ///< tokens
        bool operator==(const AllQuestion&) const = default;
    };
    QWidget* makeControls();
    QWidget* makeLeft();
    QWidget* makeBranch();
    QWidget* makeRight();
    void connectParts();
    void applyMeasures();
    bool writes() const;
    WritingQuestion question() const;
    /// That stand behind the prompt, whatever is being worked on.
    std::vector<int> writtenTokens() const;
    bool writesNew() const;
    /// `place`: of the written token from which on the text goes.
    void keepDraft(std::size_t place = 0);
    void meetRun();
    void ask();
    void askSamples();
    void takeEdit(const QString& text, int from, int removed, int end);
    void showAll();
    void showText();
    void showToken();
    void showSamples();
    void showStatus();
    void showBranch();
    void askLook();
    void wantAll(bool all);
    void askAll();
    bool knowsAll() const;
    const WrittenToken* chosenToken() const;
    std::vector<WrittenPiece> pieces() const;
    int pieceOf(int position) const;
    int positionOf(int piece) const;
    bool promptInPieces() const;
    QString wordOf(int position) const;

    const Run* m_run = nullptr;  ///< met
    QMetaObject::Connection m_countedConnection;
    QString m_prompt;
    bool m_ownPrompt = false;
    std::vector<int> m_given;  ///< behind the prompt, whatever is drawn
    std::size_t m_fixed = 0;   ///< of them those up to the last choice: they stay at other moments, too
    int m_count = 0;           ///< tokens behind the prompt that are wanted
    std::vector<Draft> m_drafts;
    int m_chosen = -1;
    int m_again = 0;  ///< tokens to be written when nobody has typed for a while
    QTimer m_typed;
    QElapsedTimer m_asked;
    std::vector<LookedAt> m_looks;
    bool m_lookAsked = false;
    bool m_allWanted = false;  ///< every token of the vocabulary is a candidate of the chosen one
    std::optional<AllQuestion> m_allAsked;
    bool m_listed = true;                    ///< what m_allAsked asks has come
    std::optional<WrittenToken> m_allKnown;  ///< what m_allAsked found

    WritingDesk m_desk;
    SampleLog m_log;
    LatestTask m_looking, m_listing;
    QWidget* m_controls;
    Button* m_on;
    CurrentStack* m_stack;
    EmptyState* m_absence;
    QWidget* m_page;
    PanelFrame *m_textPanel, *m_stripPanel, *m_samplesPanel, *m_tokenPanel, *m_samplingPanel;
    WrittenView* m_view;
    QWidget* m_branch;
    QHBoxLayout* m_branchRow;
    ElidedLabel* m_branchText;
    ColorScaleBar* m_scale;
    SurpriseStrip* m_strip;
    SampleList* m_samples;
    QSpinBox* m_sampleLength;
    CandidateTable* m_candidates;
    ElidedLabel *m_entropy, *m_status;
    ThemedLabel* m_problem;
    WrittenLook* m_look;
    SamplingForm* m_sampling;
    std::vector<QLayout*> m_gaps;
};

}  // namespace lab
