#pragma once

#include <QPointer>
#include <QTimer>
#include <memory>

#include "core/stream/circuit_graph.h"
#include "ui/pages/page_tab.h"
#include "ui/pages/stream/circuit_scene.h"
#include "ui/runs/ablation_study.h"
#include "ui/runs/latest_task.h"
#include "ui/scenes/parts_figure.h"

class QComboBox;
class QGridLayout;

namespace lab {

class CircuitView;
class EmptyState;
class JointPanel;
class LaterHeadsPanel;
class Map;
class MatchPanel;
class PanelFrame;
class SegmentedControl;

/// Which heads of a layer read what heads of the one before wrote (by the weights alone), what the chosen ones look for and write over the
/// tokens, and what both do together on the input.
class CircuitsTab : public PageTab {
    Q_OBJECT

public:
    explicit CircuitsTab(Focus& focus, QWidget* parent = nullptr);

    TabHeading heading() const override;
    QWidget* controls() override { return m_controls; }
    void refresh() override;
    bool ready() const override { return !m_busy && !m_waits; }
    std::vector<FigureOffer> figures() override;
    bool showsWeights() const override { return true; }
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

    /// Null while there is nothing to show.
    std::shared_ptr<const CircuitLook> look() const { return m_look; }
    /// Why there is nothing.
    QString absence() const { return m_absence; }

private:
    struct Wanted {
        QPointer<Run> run;
        CheckpointPtr checkpoint;
        std::shared_ptr<const Trace> trace;  ///< null where this input has none
        Input input;
        CircuitQuestion question;
    };
    void makeControls();
    QWidget* makeGraph();
    QWidget* makeWrites();
    void connectParts();
    void applyMeasures();
    void meet(Run* run);
    void fillPairs();
    void applyNotes();
    std::optional<Wanted> wanted();
    void openBook(const CheckpointPtr& checkpoint);
    void ask(const Wanted& wanted);
    void take(const std::shared_ptr<const CircuitLook>& look, double seconds);
    void showAbsence(const QString& sentence, const QString& help);
    void chooseHeads(std::optional<int> first, std::optional<int> second, std::optional<PathEnd> end);
    void showAll();
    void showGraph();
    void showMatch();
    void showWrites();
    void showTogether();
    void showTable();
    void showCost();
    void switchFirst();
    bool firstIsOff() const;
    bool aboveRandom() const;
    double value(int second, int first, PathEnd end) const { return m_look->graph.value(second, first, end, aboveRandom()); }
    CircuitScene scene() const;
    QString nameOf(const StreamHead& head) const;
    QStringList tokenNames() const;
    FigureSubject subject() const;

    QPointer<Run> m_run;
    std::vector<BlockPair> m_pairs;
    CircuitQuestion m_question;
    int m_query = -1;  ///< of what both do; -1: the most telling one
    int m_keptQuery = -1;
    std::optional<QJsonObject> m_kept;  ///< notes that wait for their run
    bool m_busy = false, m_waits = false;
    Wanted m_asked;
    QTimer m_rest;
    CheckpointPtr m_bookOf;
    std::shared_ptr<CircuitBook> m_book;
    std::shared_ptr<const CircuitLook> m_look;
    QString m_absence;
    AblationStudy m_study;

    QWidget *m_controls, *m_content;
    QComboBox* m_layers;
    SegmentedControl *m_lines, *m_above;
    EmptyState* m_none;
    QGridLayout* m_grid;
    PanelFrame *m_graphPanel, *m_writesPanel;
    MatchPanel* m_match;
    JointPanel* m_together;
    CircuitView* m_graph;
    Map* m_writes;
    LaterHeadsPanel* m_table;
    LatestTask m_task;  ///< ends first
};

}  // namespace lab
