#pragma once

#include <map>
#include <memory>
#include <vector>

#include "ui/pages/incontext/incontext_tab.h"
#include "ui/pages/incontext/induction_scene.h"
#include "ui/scenes/parts_figure.h"

class QGridLayout;
class QStackedWidget;

namespace lab {

class Button;
class EmptyState;
class PanelFrame;
class Plot;
class ThemedLabel;

/// The runs that predict a repeated block, beside each other: the loss of each token, how much less the late ones cost than the early ones,
/// and the two heads that do it, over training.
class InductionTab : public IncontextTab {
    Q_OBJECT

public:
    InductionTab(Focus& focus, Workspace& workspace, QWidget* parent = nullptr);
    ~InductionTab() override;

    TabHeading heading() const override;
    QWidget* controls() override { return m_controls; }
    void refresh() override;
    bool ready() const override;
    std::vector<FigureOffer> figures() override;
    bool showsWeights() const override { return true; }

    /// What is shown; empty where no open run predicts every token.
    const std::vector<InductionLine>& lines() const { return m_lines; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void makeControls();
    QWidget* makeLoss();
    QWidget* makeScore();
    QWidget* makeHeads(Plot*& plot, const QString& name, const QString& title, const QString& help);
    QWidget* makeWords();
    void applyMeasures();
    InductionHistory& historyOf(Run& run);
    void forget(Run* run);
    std::vector<Run*> shownRuns() const;
    CheckpointPtr momentOf(const Run& run) const;
    void watchAll(bool watched);
    void gather();
    void showCurves();
    void showLoss();
    void showWords();
    void moveTo(double step);
    FigureSubject subject() const;

    std::map<const Run*, std::unique_ptr<InductionHistory>> m_histories;
    std::vector<InductionLine> m_lines;

    QWidget* m_controls;
    Button* m_open;
    QStackedWidget* m_stack;
    EmptyState* m_none;
    QGridLayout* m_grid;
    PanelFrame *m_lossPanel, *m_wordsPanel;
    Plot *m_loss, *m_score, *m_before, *m_matching;
    TextTable* m_table;
    ThemedLabel* m_words;
};

}  // namespace lab
