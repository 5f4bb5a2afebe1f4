#include "ui/pages/memory/beta_row.h"

#include <QHBoxLayout>

#include "core/memory/modern_look.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/format.h"
#include "ui/widgets/log_slider.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/spin_text.h"

namespace lab {

BetaRow::BetaRow(const QString& name, QWidget* parent) : QWidget(parent) {
    const QString help =
        tr("β, the inverse temperature: softmax(β Xᵀξ). Small β mixes many memories, large β tends to one, unless two fit equally "
           "well. Softmax attention uses 1/√d (KV+Pos: s/√d). (Ramsauer 2020, arXiv 2008.02217)");
    m_slider = named(name + QStringLiteral(".slider"), new LogSlider(tr("β on a log scale"), leastBeta, largestBeta));
    m_slider->setToolTip(help);
    m_number = named(name + QStringLiteral(".number"), new RealBox);
    m_number->setDecimals(4);
    m_number->setRange(leastBeta, largestBeta);
    m_number->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    m_number->setKeyboardTracking(false);
    m_number->setAccessibleName(tr("β"));
    m_number->setToolTip(help);
    m_own = named(name + QStringLiteral(".own"), new Button(tr("1/√d")));
    m_own->setToolTip(tr("β = 1/√d, as attention has it"));
    m_own->setHeight(20);
    auto* row = new QHBoxLayout(this);
    row->addWidget(new Caption(tr("β"), m_number));
    row->addWidget(m_slider, 1);
    row->addWidget(m_number);
    row->addWidget(m_own);
    keepSpacing(row, {8, 2, 8, 2}, 6);
    connect(m_slider, &LogSlider::numberMoved, this, &BetaRow::betaChosen);
    connect(m_number, &QDoubleSpinBox::valueChanged, this, &BetaRow::betaChosen);
    connect(m_own, &QPushButton::clicked, this, [this] { emit betaChosen(m_ownBeta); });
}

double BetaRow::beta() const {
    return m_slider->number();
}

void BetaRow::setBeta(double beta, double own) {
    const QSignalBlocker quiet(m_number);
    m_ownBeta = own;
    m_slider->setNumber(beta);
    m_slider->setMark(own);
    if (!m_number->hasFocus() || std::abs(m_number->value() - beta) > 5e-5) m_number->setValue(beta);
}

}  // namespace lab
