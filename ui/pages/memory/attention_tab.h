#pragma once

#include <QPointer>

#include "ui/pages/memory/bridge_bars.h"
#include "ui/pages/memory/memory_tab.h"
#include "ui/runs/latest_task.h"
#include "ui/scenes/parts_figure.h"

class QComboBox;
class QGridLayout;
class QScrollArea;
class QSpinBox;

namespace lab {

class Button;
class EmptyState;
class PanelFrame;
class Plot;
class TextTable;
class ThemedLabel;
class WrappedText;

/// The bridge: one row of one head of the run in focus, its keys as stored patterns, its query as the state. One update of the continuous
/// Hopfield network is the row; further updates show where it would settle.
class AttentionTab : public MemoryTab {
    Q_OBJECT

public:
    AttentionTab(Focus& focus, MemoryState& state, QWidget* parent = nullptr);

    TabHeading heading() const override;
    QWidget* controls() override { return m_controls; }
    void refresh() override;
    bool ready() const override { return !m_asked && !m_waits; }
    std::vector<FigureOffer> figures() override;
    bool showsWeights() const override { return true; }

    /// Null while there is nothing to show.
    std::shared_ptr<const BridgeLook> look() const { return m_scene.look; }
    /// Why there is no network; empty where there is one.
    QString absence() const { return m_absence; }

private:
    /// What the bars are asked for.
    struct Wanted {
        QPointer<const Run> run;
        std::shared_ptr<const Trace> trace;
        CheckpointPtr checkpoint;
        Input input;
        AttentionQuestion question;
    };
    void makeControls();
    QWidget* makeBars();
    QWidget* makeReasons();
    QWidget* makeFound();
    QWidget* makeWhy();
    QWidget* makeSettling();
    void connectParts();
    void applyMeasures();
    void fillHeads();
    void chooseHead();
    void chooseQuery();
    Wanted wanted() const;
    void ask(const Wanted& wanted);
    void take(std::shared_ptr<const BridgeLook> look, const AttentionMemory& memory, const QStringList& keys, const QString& query);
    void fail(const QString& message);
    void showAbsence(const QString& sentence, const QString& help);
    void showBars();
    void showReasons();
    void showFound();
    void showWhy();
    void showSettling();
    void leadTo(const QString& place);
    QString headName() const { return m_headName; }
    QString queryName() const;
    FigureSubject subject() const;

    QString m_absence;
    bool m_waits = false;  ///< for a trace
    bool m_asked = false;  ///< what was asked for has not come yet
    Wanted m_shown;
    BridgeScene m_scene;
    QString m_query;                              ///< token
    QString m_headName, m_runName, m_inputWords;  ///< of what is shown, whose run may be gone meanwhile
    int m_update = 0;                             ///< shown in the third row; 0: the last

    QWidget* m_controls;
    QComboBox* m_head;
    QSpinBox* m_queryBox;
    Button *m_maps, *m_explain;
    QWidget* m_content;
    EmptyState* m_none;
    QGridLayout* m_grid;
    PanelFrame* m_barsPanel;
    WrappedText* m_sentence;
    QScrollArea* m_scroll;
    BridgeBars* m_bars;
    ThemedLabel* m_verdict;
    PanelFrame* m_reasonPanel;
    ThemedLabel* m_reasons;
    PanelFrame* m_foundPanel;
    Plot* m_found;
    PanelFrame* m_whyPanel;
    Plot* m_why;
    PanelFrame* m_settlePanel;
    QSpinBox* m_updateBox;
    WrappedText* m_regime;
    TextTable* m_words;
    LatestTask m_task;  ///< ends first
};

}  // namespace lab
