#include "ui/widgets/empty_state.h"

#include <QLabel>
#include <QVBoxLayout>

#include "ui/widgets/buttons.h"
#include "ui/widgets/theme.h"

namespace lab {

EmptyState::EmptyState(const QString& sentence, const QString& help, const QString& action, QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    m_sentence = new QLabel(this);
    m_help = new QLabel(this);
    m_help->setForegroundRole(QPalette::PlaceholderText);  // muted
    layout->addStretch();
    for (QLabel* label : {m_sentence, m_help}) {
        label->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
        label->setWordWrap(true);
        layout->addWidget(label);
    }
    if (!action.isEmpty()) {
        m_button = new Button(action, this);
        m_button->setHeight(28);
        connect(m_button, &QPushButton::clicked, this, &EmptyState::activated);
        layout->addWidget(m_button, 0, Qt::AlignHCenter);
    }
    layout->addStretch();
    setTexts(sentence, help);
    connect(&Theme::instance(), &Theme::changed, this, &EmptyState::applyMeasures);
    applyMeasures();
}

void EmptyState::setTexts(const QString& sentence, const QString& help) {
    m_sentence->setText(sentence);
    m_help->setText(help);
    setAccessibleName(sentence);
    setAccessibleDescription(help);
}

void EmptyState::applyMeasures() {
    const Theme& theme = Theme::instance();
    m_sentence->setFont(theme.font(TextSize::token, true));
    m_help->setFont(theme.font(TextSize::text));
    // Lines of some 320 px, centred in whatever there is.
    const int side = qMax(theme.px(16), (width() - theme.px(320)) / 2);
    layout()->setContentsMargins(side, theme.px(16), side, theme.px(16));
    layout()->setSpacing(theme.px(8));
}

void EmptyState::resizeEvent(QResizeEvent*) {
    applyMeasures();
}

}  // namespace lab
