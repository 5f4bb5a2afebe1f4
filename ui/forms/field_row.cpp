#include "ui/forms/field_row.h"

#include <algorithm>
#include <array>

#include "core/base/errors.h"
#include "ui/forms/field_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/spoken_help.h"

namespace lab {
namespace {

// LOOK.md 1, logical px at 100 %.
constexpr int rowHeight = 25;
constexpr int fieldHeight = 22;
constexpr int labelWidth = 112;
constexpr int fieldRowMargin = 8;

}  // namespace

FieldRow::FieldRow(const FieldInfo& field, QWidget* parent)
    : QWidget(parent),
      m_field(field),
      m_label(new ThemedLabel(QString::fromStdString(field.label), TextSize::text, Role::muted, false, this)),
      m_editor(makeFieldEditor(field, this)) {
    const QString path = QString::fromStdString(field.path);
    setObjectName(QStringLiteral("row ") + path);
    m_editor->widget().setObjectName(QStringLiteral("settings.") + path);
    m_editor->widget().setAccessibleName(path);
    m_label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_label->setBuddy(&m_editor->widget());
    connect(m_editor, &FieldEditor::edited, this, &FieldRow::edited);
    connect(m_editor, &FieldEditor::finished, this, &FieldRow::tidy);
    followTheme(this, &FieldRow::arrange);
}

void FieldRow::showValue(const Experiment& draft, const Experiment& complete, const Experiment& preset) {
    m_value = m_field.get(draft);
    const FieldValue presetValue = m_field.get(preset);
    m_label->setBold(m_value != presetValue);
    fitLabel();
    const QString derived = shownText(m_field, m_field.get(complete));
    m_editor->setDerivedText(!m_field.isDerived(draft) ? QString() : derived.isEmpty() ? tr("from the data") : derived);
    m_help = fieldToolTip(m_field, m_value, presetValue);
    showProblem();
    if (!m_typing) tidy();
}

void FieldRow::forgetTyped() {
    m_unreadable.clear();
    m_typing = false;
}

void FieldRow::tidy() {
    m_typing = false;
    if (isReadable()) m_editor->setText(shownText(m_field, m_value));
}

bool FieldRow::readInto(Experiment& draft) {
    m_typing = true;
    m_unreadable.clear();
    try {
        m_field.setText(draft, readText(m_field, typed()));
    } catch (const InputError& error) {
        m_unreadable = shown(withoutPlace(error.message(), m_field.path));
    }
    showProblem();
    return isReadable();
}

void FieldRow::setProblem(const QString& sentence) {
    m_problem = sentence;
    showProblem();
}

void FieldRow::setFixed(const QString& why) {
    m_fixed = why;
    m_editor->widget().setEnabled(why.isEmpty());
    showProblem();
}

/// Nothing moves: the panel says the first problem at a place of its own.
void FieldRow::showProblem() {
    const bool wrong = !problem().isEmpty();
    const QString sentence = wrong ? problem() : m_fixed;
    m_editor->setInvalid(wrong);
    for (QWidget* part : {static_cast<QWidget*>(m_label), &m_editor->widget()}) setHelp(*part, m_help, sentence);
}

void FieldRow::arrange() {
    const Theme& theme = Theme::instance();
    const int left = theme.px(fieldRowMargin), gap = theme.px(fieldRowMargin), label = theme.px(labelWidth), row = theme.px(rowHeight);
    const int fieldLeft = left + label + gap;
    const int fieldWidth = qMax(theme.px(40), width() - fieldLeft - left);
    m_label->setGeometry(theme.px(2), 0, left + label - theme.px(2), row);
    fitLabel();
    m_editor->widget().setGeometry(fieldLeft, (row - theme.px(fieldHeight)) / 2, fieldWidth, theme.px(fieldHeight));
    setFixedHeight(row);
}

/// The longest keys are set smaller rather than cut.
void FieldRow::fitLabel() {
    constexpr std::array sizes = {TextSize::text, TextSize::axis, TextSize::caption};
    const auto fits = [this](TextSize size) {
        return textWidth(Theme::instance().font(size, m_label->isBold()), m_label->text()) <= m_label->width();
    };
    const auto size = std::ranges::find_if(sizes, fits);
    m_label->setTextSize(size == sizes.end() ? TextSize::caption : *size);
}

void FieldRow::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

}  // namespace lab
