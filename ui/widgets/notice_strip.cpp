#include "ui/widgets/notice_strip.h"

#include <QHBoxLayout>
#include <QPainter>
#include <algorithm>

#include "ui/widgets/buttons.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int leastDetail = 240;  // logical px at 100 %: before it folds more the sentence is shortened

}  // namespace

NoticeStrip::NoticeStrip(QWidget* parent) : QWidget(parent) {
    m_sentence = new ElidedLabel({}, TextSize::text, Role::text, true, this);
    m_detail = new ThemedLabel({}, TextSize::text, Role::muted, false, this);
    for (ThemedLabel* label : {m_sentence, m_detail}) label->setTextFormat(Qt::PlainText);  // names are the person's own
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_detail->setWordWrap(true);
    m_detail->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_row = new QHBoxLayout(this);
    m_row->addWidget(m_sentence);
    m_row->addWidget(m_detail, 1);
    m_actions = new QHBoxLayout;
    m_row->addLayout(m_actions);
    keepSpacing(m_row, {16, 6, 12, 6}, 12);
    keepSpacing(m_actions, 8);
}

void NoticeStrip::setTexts(const QString& sentence, const QString& detail) {
    m_sentence->setText(sentence);
    m_detail->setText(detail);
    m_detail->setMinimumWidth(std::min(textWidth(m_detail->font(), detail) + 1, Theme::instance().px(leastDetail)));
    setAccessibleName(sentence);
    setAccessibleDescription(detail);
}

Button* NoticeStrip::addAction(const QString& text, const QString& keycap) {
    auto* button = named(objectName() + QStringLiteral(".act_%1").arg(m_actions->count() + 1), new Button(text, this));
    if (!keycap.isEmpty()) button->setKeycap(keycap);
    m_actions->addWidget(button);
    return button;
}

void NoticeStrip::clearActions() {
    while (QLayoutItem* item = m_actions->takeAt(0)) {
        if (QWidget* widget = item->widget()) widget->deleteLater();
        delete item;
    }
}

void NoticeStrip::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::panel));
    painter.fillRect(QRect(0, 0, theme.px(4), height()), theme.color(Role::accent));
    drawHairline(painter, rect().bottomLeft(), rect().bottomRight(), theme.color(Role::hairline));
}

}  // namespace lab
