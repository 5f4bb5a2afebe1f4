#pragma once

#include "ui/pages/codes/codes_state.h"
#include "ui/pages/page_tab.h"

class QHBoxLayout;
class QStackedWidget;

namespace lab {

class ClaimsView;
class DoublePanel;
class FormulaView;
class OperationPanel;
class PanelFrame;
class ProblemStrip;
class ProvabilityView;
class SegmentedControl;
class SequenceRow;

/// Operations on sequences as arithmetic on their numbers, what floating point keeps of these, and where the idea leads: formulas, proofs
/// as numbers, and what is said about Gödel and attention.
class ArithmeticTab : public PageTab {
    Q_OBJECT

public:
    ArithmeticTab(Focus& focus, CodesState& state, QWidget* parent = nullptr);

    TabHeading heading() const override;
    QWidget* controls() override;
    /// Words that wrap take from what stands beside them: the page scrolls only for what needs to be higher at least.
    bool hasHeightForWidth() const override { return false; }
    void refresh() override;
    bool ready() const override;
    std::vector<FigureOffer> figures() override;
    /// "formula", "provability", "claims" or one of these, "claims:ID".
    bool showCell(const QString& cell) override;
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

    OperationPanel& operation() const { return *m_operation; }
    DoublePanel& inDouble() const { return *m_double; }
    FormulaView& formula() const { return *m_formula; }
    ProvabilityView& provability() const { return *m_provability; }
    ClaimsView& claims() const { return *m_claims; }

private:
    enum class Part { formula, provability, claims };
    QWidget* makeLeft();
    QWidget* makeRight();
    Part part() const;
    void showPart(Part part);
    void refreshPart();

    CodesState& m_state;
    SequenceRow* m_sequence;
    ProblemStrip* m_problem;
    QHBoxLayout* m_across;
    OperationPanel* m_operation;
    DoublePanel* m_double;
    PanelFrame* m_right;
    SegmentedControl* m_parts;
    QStackedWidget* m_stack;
    FormulaView* m_formula;
    ProvabilityView* m_provability;
    ClaimsView* m_claims;
};

}  // namespace lab
