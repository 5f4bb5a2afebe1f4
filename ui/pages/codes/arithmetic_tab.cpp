#include "ui/pages/codes/arithmetic_tab.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/pages/codes/claims_view.h"
#include "ui/pages/codes/double_panel.h"
#include "ui/pages/codes/formula_view.h"
#include "ui/pages/codes/goedel_figures.h"
#include "ui/pages/codes/operation_panel.h"
#include "ui/pages/codes/problem_strip.h"
#include "ui/pages/codes/provability_view.h"
#include "ui/pages/codes/sequence_row.h"
#include "ui/widgets/column.h"
#include "ui/widgets/current_stack.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"

namespace lab {
namespace {

constexpr int arithmeticGap = 8;
const QString partKey = QStringLiteral("part"), claimCell = QStringLiteral("claims:");

}  // namespace

ArithmeticTab::ArithmeticTab(Focus& focus, CodesState& state, QWidget* parent) : PageTab(focus, parent), m_state(state) {
    m_sequence = new SequenceRow(QStringLiteral("codes.arithmetic"), state, false);
    m_problem = new ProblemStrip(this);
    auto* lines = column(this);
    m_across = new QHBoxLayout;
    lines->addLayout(m_across, 1);
    m_across->addWidget(makeLeft(), 6);
    m_across->addWidget(makeRight(), 5);
    keepSpacing(m_across, arithmeticGap);
    connect(&m_state, &CodesState::changed, this, &PageTab::refreshWanted);
    connect(m_operation, &OperationPanel::changed, this, &PageTab::changed);
    connect(m_double, &DoublePanel::changed, this, &PageTab::changed);
    connect(m_provability, &ProvabilityView::changed, this, &PageTab::changed);
}

QWidget* ArithmeticTab::makeLeft() {
    auto* left = new QWidget(this);
    auto* lines = column(left);
    m_operation = new OperationPanel(m_state, left);
    m_double = new DoublePanel(left);
    lines->addWidget(m_operation, 1);
    lines->addWidget(m_double, 1);
    keepSpacing(lines, arithmeticGap);
    return left;
}

QWidget* ArithmeticTab::makeRight() {
    m_right = new PanelFrame(tr("What it is for"), this);
    m_parts = named("codes.arithmetic.part",
                    new SegmentedControl({tr("Formula"), tr("Provability"), tr("Claims")}, tr("What stands beside the arithmetic")));
    m_parts->setHeight(20);
    m_right->addControl(m_parts);
    m_stack = new CurrentStack;
    m_formula = new FormulaView(m_state);
    m_provability = new ProvabilityView(m_state);
    m_claims = new ClaimsView(m_state);
    for (QWidget* part : std::initializer_list<QWidget*>{m_formula, m_provability, m_claims}) m_stack->addWidget(part);
    m_right->setContent(m_stack);
    connect(m_parts, &SegmentedControl::chosen, this, [this](int index) { showPart(static_cast<Part>(index)); });
    return m_right;
}

TabHeading ArithmeticTab::heading() const {
    return {tr("Arithmetic"), tr("operations done on the numbers")};
}

QWidget* ArithmeticTab::controls() {
    return m_sequence;
}

ArithmeticTab::Part ArithmeticTab::part() const {
    return static_cast<Part>(m_stack->currentIndex());
}

void ArithmeticTab::showPart(Part part) {
    m_parts->setCurrent(static_cast<int>(part));
    m_stack->setCurrentIndex(static_cast<int>(part));
    refreshPart();
    emit changed();
}

void ArithmeticTab::refreshPart() {
    switch (part()) {
        case Part::formula:
            m_formula->refresh();
            return m_right->setSubtitle({});
        case Part::provability:
            m_provability->refresh();
            return m_right->setSubtitle({});
        case Part::claims:
            m_claims->refresh();
            m_right->setSubtitle(m_claims->count());
    }
}

void ArithmeticTab::refresh() {
    m_problem->tell(m_state.problem());
    m_operation->refresh();
    m_double->setSequence(m_state.sequence());
    refreshPart();
}

bool ArithmeticTab::ready() const {
    return m_operation->ready() && m_double->ready() && m_provability->ready();
}

std::vector<FigureOffer> ArithmeticTab::figures() {
    const FigureSubject subject = goedelSubject(m_state.sequence());
    return ofNoRun(partOffers(*this, subject), subject);
}

bool ArithmeticTab::showCell(const QString& cell) {
    if (cell.isEmpty()) return true;
    if (cell.startsWith(claimCell)) {
        showPart(Part::claims);
        return m_claims->show(cell.mid(claimCell.size()).toStdString());
    }
    const QStringList names{QStringLiteral("formula"), QStringLiteral("provability"), QStringLiteral("claims")};
    const auto index = names.indexOf(cell);
    if (index >= 0) showPart(static_cast<Part>(index));
    return index >= 0;
}

QJsonObject ArithmeticTab::notes() const {
    return part() == Part::formula ? QJsonObject() : QJsonObject{{partKey, static_cast<int>(part())}};
}

void ArithmeticTab::takeNotes(const QJsonObject& notes) {
    showPart(static_cast<Part>(std::clamp(notes[partKey].toInt(), 0, static_cast<int>(Part::claims))));
}

}  // namespace lab
