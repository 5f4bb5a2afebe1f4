#include "ui/widgets/empty_state.h"

#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

/// All the room up to the label's greatest width is the label's, what is left stands at both sides.
QHBoxLayout* centred(QLabel* label) {
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    row->addStretch(1);
    row->addWidget(label, 10000);
    row->addStretch(1);
    return row;
}

}  // namespace

void paintEmpty(QPainter& painter, const QRectF& room, const QString& text, int margin) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::text));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(room.adjusted(theme.px(margin), 0, -theme.px(margin), 0), Qt::AlignCenter | Qt::TextWordWrap, text);
}

EmptyState::EmptyState(const QString& sentence, const QString& help, const QString& action, QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    m_sentence = new ThemedLabel({}, TextSize::token, Role::text, true, this);
    m_help = new ThemedLabel({}, TextSize::text, Role::muted, false, this);
    layout->addStretch();
    for (ThemedLabel* label : {m_sentence, m_help}) {
        label->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
        label->setWordWrap(true);
        layout->addLayout(centred(label));
    }
    if (!action.isEmpty()) {
        m_button = named(".act", new Button(action, this));
        m_button->setHeight(28);
        connect(m_button, &QPushButton::clicked, this, &EmptyState::activated);
        layout->addWidget(m_button, 0, Qt::AlignHCenter);
    }
    layout->addStretch();
    setTexts(sentence, help);
    whenThemed(this, &EmptyState::applyMeasures);
}

void EmptyState::setTexts(const QString& sentence, const QString& help) {
    m_sentence->setText(sentence);
    m_help->setText(help);
    setAccessibleName(sentence);
    setAccessibleDescription(help);
    applyMeasures();
}

void EmptyState::applyMeasures() {
    const Theme& theme = Theme::instance();
    // Lines of some 320 px (a word may be longer), centred in whatever there is. By their greatest width: margins that follow the width of
    // the widget would follow it into the least width, which grows without end once a button is wider than the lines.
    for (ThemedLabel* label : {m_sentence, m_help}) label->setMaximumWidth(std::max(theme.px(320), label->minimumSizeHint().width()));
    layout()->setContentsMargins(theme.px(16), theme.px(16), theme.px(16), theme.px(16));
    layout()->setSpacing(theme.px(8));
}

}  // namespace lab
