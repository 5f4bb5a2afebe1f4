#include "ui/pages/memory/evidence_tab.h"

#include <QGridLayout>
#include <QScrollArea>

#include "ui/pages/memory/concept_panel.h"
#include "ui/pages/memory/gram_panel.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {}  // namespace

EvidenceTab::EvidenceTab(Focus& focus, MemoryState& state, QWidget* parent) : MemoryTab(focus, state, parent) {
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_gram = new GramPanel(this);
    m_concepts = new ConceptPanel(this);
    m_grid->addWidget(m_gram, 0, 0);
    m_grid->addWidget(makeKnown(), 1, 0);
    m_grid->addWidget(m_concepts, 0, 1, 2, 1);
    m_grid->setColumnStretch(0, 1);
    m_grid->setColumnStretch(1, 2);
    m_grid->setRowStretch(0, 2);
    m_grid->setRowStretch(1, 1);
    connect(m_gram, &GramPanel::changed, this, &PageTab::changed);
    connect(m_concepts, &ConceptPanel::changed, this, &PageTab::changed);
    followTheme(this, &EvidenceTab::applyMeasures);
}

QWidget* EvidenceTab::makeKnown() {
    auto* panel = new PanelFrame(tr("Known, and analogy"), this);
    auto* words = new ThemedLabel(tr(
        "Known: with patterns of ±1, Hebb's changes summed, divided by N and with the diagonal 0, are Hopfield's matrix. One update of the "
        "continuous network with β = 1/√d_h has the weights of a row of plain softmax attention. Revision in NARS adds two bodies of "
        "evidence that share no event.\n"
        "Analogy: that synapses in a brain follow exactly this sum (that they strengthen by joint activity has been measured), that an "
        "attention weight is a belief, and that NARS and attention are one thing. None of the three has been shown."));
    words->setWordWrap(true);
    words->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    words->setMargin(6);
    auto* area = new QScrollArea;
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setWidget(words);
    area->setFocusPolicy(Qt::NoFocus);
    panel->setContent(area);
    return panel;
}

void EvidenceTab::applyMeasures() {
    m_grid->setSpacing(Theme::instance().px(panelGap));
}

TabHeading EvidenceTab::heading() const {
    return {tr("Activated together"), tr("(X Xᵀ) X, Hebb's rule and evidence")};
}

FigureSubject EvidenceTab::subject() const {
    return {heading().title};
}

std::vector<FigureOffer> EvidenceTab::figures() {
    std::vector<FigureOffer> offers{
        tableOffer(tr("Pairs of concepts"), m_concepts->table(), tr("Hebb's weight and evidence of every pair"), subject())};
    for (FigureOffer& offer : partOffers(*this, subject())) offers.push_back(std::move(offer));
    return ofNoRun(std::move(offers), subject());
}

QJsonObject EvidenceTab::notes() const {
    QJsonObject notes = m_concepts->notes();
    if (const QJsonObject own = m_gram->notes(); !own.isEmpty()) notes[QStringLiteral("gram")] = own;
    return notes;
}

void EvidenceTab::takeNotes(const QJsonObject& notes) {
    m_concepts->takeNotes(notes);
    m_gram->takeNotes(notes[QStringLiteral("gram")].toObject());
}

MemoryTab* makeEvidenceTab(Focus& focus, MemoryState& state, QWidget* parent) {
    return new EvidenceTab(focus, state, parent);
}

}  // namespace lab
