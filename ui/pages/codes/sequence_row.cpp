#include "ui/pages/codes/sequence_row.h"

#include <QHBoxLayout>
#include <QLineEdit>

#include "ui/pages/codes/decode_dialog.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int leastField = 100, usualField = 142, widestField = 260, sequenceGap = 8;  // logical px at 100 %

/// The rows of core and, before formulas, the words of the run.
std::vector<std::string> alphabets() {
    std::vector<std::string> ids;
    for (const goedel::AlphabetRow* row : goedel::alphabetRows()) {
        if (row->id == "formula") ids.push_back(runAlphabet);
        ids.emplace_back(row->id);
    }
    return ids;
}

}  // namespace

SequenceRow::SequenceRow(const QString& name, CodesState& state, bool decodes, QWidget* parent)
    : QWidget(parent), m_state(state), m_name(name) {
    auto* row = new QHBoxLayout(this);
    m_caption = new ThemedLabel(tr("Sequence"), TextSize::text, Role::muted, false, this);
    row->addWidget(m_caption);
    m_field = named(name + QStringLiteral(".sequence"), new QLineEdit);
    m_field->setMaxLength(mostLettersInField);
    m_caption->setBuddy(m_field);
    row->addWidget(m_field);
    QStringList titles;
    for (const std::string& id : alphabets()) titles << (id == runAlphabet ? tr("words") : shown(Message(goedel::findAlphabet(id)->title)));
    m_alphabet = named(name + QStringLiteral(".alphabet"), new SegmentedControl(titles, tr("Alphabet")));
    row->addWidget(m_alphabet);
    if (decodes) {
        m_decode = named(name + QStringLiteral(".decode"), new Button(decodeText(false)));
        m_decode->setToolTip(tr("Paste a whole number: its sequence, or why it is the number of none"));
        row->addWidget(m_decode);
        connect(m_decode, &QPushButton::clicked, this, &SequenceRow::decode);
    }
    keepSpacing(row, {0, 0, 0, 0}, sequenceGap);
    connect(m_field, &QLineEdit::textEdited, this, [this](const QString& text) { m_state.type(text); });
    connect(m_alphabet, &SegmentedControl::chosen, this,
            [this](int index) { m_state.chooseAlphabet(alphabets()[static_cast<std::size_t>(index)]); });
    connect(&m_state, &CodesState::changed, this, &SequenceRow::showState);
    followTheme(this, [this] {
        QFont font = Theme::instance().font(TextSize::text, true);
        m_field->setFont(font);
        m_field->setMinimumWidth(Theme::instance().px(leastField));
        m_field->setMaximumWidth(Theme::instance().px(widestField));
    });
    showState();
}

/// Narrow: without the word before the field, and with short ones in the button.
int SequenceRow::widthOf(bool narrow) const {
    const Theme& theme = Theme::instance();
    int wide = theme.px(narrow ? leastField : usualField) + theme.px(sequenceGap) + m_alphabet->sizeHint().width();
    if (!narrow) wide += m_caption->sizeHint().width() + theme.px(sequenceGap);
    if (!m_decode) return wide;
    const QFont font = theme.font(TextSize::text);
    const int beside = m_decode->sizeHint().width() - textWidth(font, m_decode->text());
    return wide + theme.px(sequenceGap) + beside + textWidth(font, decodeText(narrow));
}

void SequenceRow::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const bool narrow = width() < widthOf(false);
    m_caption->setVisible(!narrow);
    if (m_decode) m_decode->setText(decodeText(narrow));
}

void SequenceRow::focusField() {
    m_field->setFocus();
    m_field->selectAll();
}

void SequenceRow::showState() {
    const std::vector<std::string> ids = alphabets();
    const bool follows = m_state.value().alphabet == runAlphabet;
    if (m_field->text() != m_state.typed()) {
        m_field->setText(m_state.typed());
        m_field->setCursorPosition(0);
    }
    m_field->setReadOnly(follows);
    m_field->setAccessibleName(tr("Sequence"));
    m_field->setAccessibleDescription(m_state.problem());
    markInvalid(*m_field, !m_state.problem().isEmpty());
    const goedel::AlphabetRow* row = goedel::findAlphabet(m_state.value().alphabet);
    const QString help = row ? shown(Message(row->help)) : tr("The sample in the input bar: type another one there (Ctrl+I)");
    m_field->setToolTip(sentences({m_state.problem(), help}));
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const int index = static_cast<int>(i);
        const goedel::AlphabetRow* each = goedel::findAlphabet(ids[i]);
        const bool there = each || follows || m_state.whyNoWords().isEmpty();
        m_alphabet->setChoiceEnabled(index, there, m_state.whyNoWords());
        if (there)
            m_alphabet->setChoiceToolTip(index, each ? shown(Message(each->help)) : tr("The words of the run: follows the input bar"));
        if (ids[i] == m_state.value().alphabet) m_alphabet->setCurrent(index);
    }
    if (m_decode) m_decode->setEnabled(!follows || m_state.whyNoWords().isEmpty());
}

void SequenceRow::decode() {
    auto* dialog = new DecodeDialog(m_state, m_name + QStringLiteral(".decode"), window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

}  // namespace lab
