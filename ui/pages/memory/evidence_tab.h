#pragma once

#include "ui/pages/memory/memory_tab.h"
#include "ui/scenes/parts_figure.h"

class QGridLayout;

namespace lab {

class ConceptPanel;
class GramPanel;

/// Why 'activated together' becomes weight, and what evidence keeps that a weight forgets: (X Xᵀ) X by hand, and Hebb's rule beside NARS.
class EvidenceTab : public MemoryTab {
    Q_OBJECT

public:
    EvidenceTab(Focus& focus, MemoryState& state, QWidget* parent = nullptr);

    TabHeading heading() const override;
    void refresh() override {}
    std::vector<FigureOffer> figures() override;
    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

    GramPanel& gram() const { return *m_gram; }
    ConceptPanel& concepts() const { return *m_concepts; }

private:
    QWidget* makeKnown();
    void applyMeasures();
    FigureSubject subject() const;

    QGridLayout* m_grid;
    GramPanel* m_gram;
    ConceptPanel* m_concepts;
};

}  // namespace lab
