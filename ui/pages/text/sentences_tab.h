#pragma once

#include <array>
#include <memory>

#include "core/analysis/sentence_similarity.h"
#include "ui/pages/text/text_tab.h"
#include "ui/runs/latest_task.h"
#include "ui/widgets/map/map_data.h"

class QComboBox;
class QLineEdit;
class QStackedWidget;

namespace lab {

class Button;
class EmptyState;
class FittedText;
class Map;
class PanelFrame;
class Plot;

/// Two sentences read by the model shown: how alike it makes them, layer by layer and token by token, and where one head looks in each. A
/// function of run, step, head and the two sentences; computed beside the window.
class SentencesTab : public PageTab {
    Q_OBJECT

public:
    explicit SentencesTab(Focus& focus, QWidget* parent = nullptr);

    TabHeading heading() const override;
    void refresh() override;
    bool ready() const override { return !m_busy && m_asked == wanted(); }
    std::vector<FigureOffer> figures() override;
    bool showsWeights() const override { return m_read != nullptr; }
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

    QLineEdit& sentence(int side) const { return *m_sentences[static_cast<std::size_t>(side)]; }
    Plot& curve() const { return *m_curve; }
    Map& tokens() const { return *m_tokens; }
    /// Of side 0 or 1; 2: their difference, where both have as many tokens.
    Map& attention(int which) const { return *m_attention[static_cast<std::size_t>(which)]; }
    QComboBox& states() const { return *m_states; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Question {
        const Run* run = nullptr;
        CheckpointPtr checkpoint;
        std::array<std::string, 2> sentences;
        bool operator==(const Question&) const = default;
    };
    struct Read {
        const Run* run;
        std::int64_t step;
        std::array<std::shared_ptr<const Trace>, 2> traces;
        SentenceSimilarity similarity;
    };
    void makeSentences();
    QWidget* makePanels();
    QString absence() const;
    Question wanted() const;
    void compute();
    void takeInput();
    void showStates();
    void say(const QString& sentence);
    void showAttention();
    QString stateName(std::size_t state) const;
    std::vector<QString> wordsOf(int side) const;

    std::shared_ptr<const Read> m_read;
    Question m_asked;
    bool m_busy = false;
    QString m_problem;
    int m_state = -1;  ///< whose tokens are shown; negative: the last

    std::array<QLineEdit*, 2> m_sentences{};
    Button* m_fromInput;
    FittedText* m_said;
    QStackedWidget* m_stack;
    EmptyState* m_absence;
    QWidget* m_panels;
    PanelFrame *m_curvePanel, *m_tokenPanel;
    std::array<PanelFrame*, 3> m_attentionPanels{};
    Plot* m_curve;
    Map* m_tokens;
    std::array<Map*, 3> m_attention{};
    QComboBox *m_states, *m_heads;
    LatestTask m_task;
};

}  // namespace lab
