#pragma once

#include <QPointer>

#include "core/codes/code_neighbours.h"
#include "ui/pages/codes/code_flow_layout.h"
#include "ui/pages/codes/learned_words.h"
#include "ui/pages/codes/pair_tables.h"
#include "ui/pages/page_tab.h"
#include "ui/runs/code_study.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/work_rest.h"
#include "ui/scenes/parts_figure.h"

class QHBoxLayout;
class QVBoxLayout;

namespace lab {

class CodeBits;
class Button;
class CodeFlow;
class CurrentStack;
class EmptyState;
class LearnedNumber;
class PanelFrame;
class SegmentedControl;
class ThemedLabel;
class UsageMap;
class UsageScale;
class Workspace;
class WrappedText;

/// The learned half of the tab Code: the input in focus through the code of the run at the shown step, whose slots can be turned, and what
/// that code is worth over the test set: usage, collisions, bits, neighbours. Stands under the exact half, which hosts it.
class LearnedPanel : public PageTab {
    Q_OBJECT

public:
    LearnedPanel(Focus& focus, Workspace& workspace, QWidget* parent = nullptr);

    TabHeading heading() const override;
    void refresh() override;
    bool ready() const override;
    std::vector<FigureOffer> figures() override;
    bool showCell(const QString& cell) override;
    bool escape() override;
    bool showsWeights() const override { return m_absence.isEmpty(); }
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

    /// Why there is nothing to show; empty: there is.
    const QString& absence() const { return m_absence; }
    /// The input's code, and what is read from it; null before the first one.
    const codes::CodeOfSequence* look() const { return m_look ? &m_look->found : nullptr; }
    /// The code as the dials stand.
    const codes::Code& dials() const;
    CodeStudy& study() { return m_study; }

private:
    /// What the look is of.
    struct Wanted {
        QPointer<const Run> run;
        CheckpointPtr checkpoint;
        Input input;
        bool operator==(const Wanted&) const = default;
    };
    struct Look {
        std::shared_ptr<const codes::Coder> coder;
        codes::CodeOfSequence found;
        std::int64_t step = 0;
    };
    /// What the neighbours are of.
    struct Near {
        std::shared_ptr<const codes::CodeReport> report;
        codes::Symbols sequence;
        codes::Code code;
        bool operator==(const Near&) const = default;
    };

    QWidget* makeFlow();
    QWidget* makeUsage();
    QWidget* makePairs();
    QWidget* makeBits();
    void connectParts();
    void applyMeasures();

    // learned_panel_work.cpp
    std::optional<NoCode> refusal() const;
    void showAbsence(const NoCode& none);
    void askLook();
    void takeLook(Look look);
    void failLook(const QString& message);
    void askNeighbours();
    void turn(int slot, int code);
    void turnBack();
    void takePair(std::size_t row);
    void takeNeighbour(std::size_t row);

    void showFlow();
    void showReport();
    void showUsage();
    void showPairs();
    void showBits();
    CodeFlowScene flowScene() const;
    std::vector<ReadBackToken> readBackTokens(const codes::Symbols& written) const;
    QString waiting() const;
    QString stepWords() const;
    void choosePairs(int which);

    FigureSubject subject(std::int64_t step) const;
    FigureOffer painted(const QString& name, std::int64_t step, const QSizeF& body, std::function<void(QPainter&, const QSizeF&)> paint,
                        FigureTable numbers) const;

    QString m_absence;
    std::optional<Wanted> m_wanted;
    std::optional<Look> m_look;
    QString m_failure;                              ///< why there is no look
    codes::Code m_turned;                           ///< by hand; empty: the sequence's own
    std::optional<codes::Symbols> m_turnedWritten;  ///< what is read from it
    std::optional<Near> m_near;
    std::vector<codes::Neighbour> m_neighbours;
    PairScene m_pairs;
    bool m_asked = false, m_turns = false, m_nears = false;
    int m_notedSlot = -1;  ///< to be taken in hand when the code is known
    WorkRest m_lookRest;
    CodeStudy m_study{CodeStudy::Parts::report};

    EmptyState* m_none;
    QWidget* m_content;
    QVBoxLayout* m_down;
    QHBoxLayout* m_across;
    PanelFrame *m_flowPanel, *m_usagePanel, *m_pairPanel, *m_bitsPanel;
    CodeFlow* m_flow;
    LearnedNumber* m_number;
    Button *m_back, *m_again;
    UsageMap* m_usage;
    UsageScale* m_scale;
    SegmentedControl* m_choice;
    ThemedLabel* m_verdict;
    CurrentStack* m_pairStack;
    CollisionTable* m_collisions;
    NeighbourTable* m_nearest;
    WrappedText *m_pairHint, *m_sentence;
    CodeBits* m_bits;
    LatestTask m_lookTask, m_turnTask, m_nearTask;  ///< end first
};

}  // namespace lab
