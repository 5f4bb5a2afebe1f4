#pragma once

#include "ui/pages/codes/bits_panel.h"
#include "ui/pages/codes/codes_state.h"
#include "ui/pages/codes/goedel_study.h"
#include "ui/pages/page_tab.h"
#include "ui/runs/latest_task.h"

class QHBoxLayout;

namespace lab {

class DecodePanel;
class ExactPanel;
class LearnedPanel;
class ProblemStrip;
class SequenceRow;
class Workspace;

/// A whole number for a sequence, twice: above Gödel's, exact, with what reads it back and what it costs in bits; below the learned code of
/// the run in focus.
class CodeTab : public PageTab {
    Q_OBJECT

public:
    CodeTab(Focus& focus, Workspace& workspace, CodesState& state, QWidget* parent = nullptr);

    TabHeading heading() const override;
    QWidget* controls() override;
    /// Words that wrap take from what stands beside them: the page scrolls only for what needs to be higher at least.
    bool hasHeightForWidth() const override { return false; }
    void refresh() override;
    bool ready() const override;
    std::vector<FigureOffer> figures() override;
    /// "sequence": the field is in hand; else a cell of the learned half.
    bool showCell(const QString& cell) override;
    bool escape() override;
    bool showsWeights() const override;
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

    const GoedelStudy& study() const { return *m_study; }
    ExactPanel& exact() const { return *m_exact; }
    DecodePanel& decode() const { return *m_decode; }
    BitsPanel& bits() const { return *m_bits; }
    LearnedPanel& learned() const { return *m_learned; }
    /// What is wrong with what was typed, as it stands there.
    QString problem() const;

private:
    QWidget* makeExact();
    void ask();
    void take(GoedelStudyPtr study);
    void showStudy();
    void applyMeasures();
    std::optional<TrainedRoom> trained() const;

    CodesState& m_state;
    GoedelStudyPtr m_study;
    GoedelStudyPtr m_shown;  ///< with what stands beside it
    std::size_t m_shownColumn = 0;
    std::optional<TrainedRoom> m_shownRoom;
    SequenceRow* m_sequence;
    ProblemStrip* m_problem;
    QWidget* m_above;
    QHBoxLayout* m_across;
    ExactPanel* m_exact;
    DecodePanel* m_decode;
    BitsPanel* m_bits;
    LearnedPanel* m_learned;
    LatestTask m_task;  ///< ends first
};

}  // namespace lab
