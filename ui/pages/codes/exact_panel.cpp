#include "ui/pages/codes/exact_panel.h"

#include "ui/pages/codes/factor_columns.h"
#include "ui/pages/codes/number_line.h"
#include "ui/text/message_text.h"
#include "ui/widgets/column.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"

namespace lab {
namespace {

constexpr int aroundContent = 32;  ///< title bar and frame, logical px at 100 %

QString told(const SourceText& text, std::size_t number) {
    const auto n = static_cast<std::int64_t>(number);
    return counted(text, n, {grouped(n)});
}

}  // namespace

ExactPanel::ExactPanel(QWidget* parent) : PanelFrame(tr("Gödel number"), parent) {
    setSubtitle(QStringLiteral("G = \u03A0 p_{i}^{s\u1D62 + 1}"));
    m_digits = new ElidedLabel({}, TextSize::text, Role::muted);
    m_bits = new ThemedLabel({}, TextSize::text, Role::text, true);
    addControl(m_digits);
    addControl(m_bits);
    auto* body = new QWidget;
    auto* lines = column(body);
    m_columns = named("codes.exact.columns", new FactorColumns(body));
    m_number = new NumberLine(QStringLiteral("G"), QStringLiteral("codes.exact.copy"), body);
    lines->addWidget(m_columns, 1);
    lines->addWidget(m_number);
    setContent(body);
    connect(m_columns, &FactorColumns::columnChosen, this, &ExactPanel::columnChosen);
    connect(m_number, &NumberLine::heightChanged, this, &ExactPanel::heightChanged);
}

QString ExactPanel::digits() const {
    return m_digits->text();
}

QString ExactPanel::bits() const {
    return m_bits->text();
}

int ExactPanel::neededHeight() const {
    return Theme::instance().px(aroundContent + FactorColumns::heightOf()) + m_number->height();
}

void ExactPanel::setStudy(const GoedelStudyPtr& study, std::size_t column) {
    m_columns->setStudy(study, column);
    m_digits->setText(study->sizes ? told(LAB_PLURAL("codes", "%1 digit(s)"), study->digits()) : QString());
    m_bits->setText(study->sizes ? told(LAB_PLURAL("codes", "%1 bit(s)"), study->sizes->goedelWhole) : QString());
    if (study->hasNumber())
        m_number->setNumber(study->decimal);
    else if (study->worked)
        m_number->setWords(shown(study->refusal), true);
    else
        m_number->setWords(told(LAB_PLURAL("codes", "%1 digit(s), being multiplied"), study->digits()));
}

}  // namespace lab
