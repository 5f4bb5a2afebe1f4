#include "ui/widgets/page_header.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <algorithm>

#include "ui/widgets/caption.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {

PageHeader::PageHeader(QWidget* parent) : QWidget(parent) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_text = new QSpacerItem(0, 0, QSizePolicy::Expanding);
    layout->addItem(m_text);
    m_controls = new QWidget(this);
    m_controlsLayout = new QHBoxLayout(m_controls);
    m_controlsLayout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_controls, 0, Qt::AlignVCenter);
    m_controls->installEventFilter(this);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    followTheme(this, &PageHeader::applyMeasures);
}

void PageHeader::setText(const QString& title, const QString& detail) {
    if (title == m_title && detail == m_detail) return;
    const bool other = title != m_title;
    m_title = title;
    m_detail = detail;
    if (other) keepTitle();
    setAccessibleName(title);
    setAccessibleDescription(detail);
    setToolTip(detail);
    update(textRoom());
}

void PageHeader::setBadge(const QString& text, Badge::Kind kind) {
    if (text == m_badge && kind == m_badgeKind) return;
    m_badge = text;
    m_badgeKind = kind;
    update(textRoom());
}

void PageHeader::setLeastWidth(int at100) {
    m_leastWidth = at100;
    updateGeometry();
}

void PageHeader::setDetailGivesWay() {
    m_detailGivesWay = true;
    keepTitle();
}

int PageHeader::leastText() const {
    const Theme& theme = Theme::instance();
    const int usual = theme.px(160), title = textWidth(theme.font(TextSize::text, true), m_title) + theme.px(20);
    return m_detailGivesWay ? std::min(title, usual) : usual;
}

void PageHeader::keepTitle() {
    m_text->changeSize(m_detailGivesWay ? leastText() : 0, 0, QSizePolicy::MinimumExpanding);
    layout()->invalidate();
    updateGeometry();
}

void PageHeader::clearBadge() {
    setBadge({});
}

void PageHeader::addControl(QWidget* control, const QString& label) {
    if (!label.isEmpty()) m_controlsLayout->addWidget(new Caption(label, control, m_controls));
    m_controlsLayout->addWidget(control);
}

QSize PageHeader::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    if (m_leastWidth > 0) return {theme.px(m_leastWidth), theme.px(36)};
    return {m_controls->minimumSizeHint().width() + leastText(), theme.px(36)};
}

void PageHeader::applyMeasures() {
    setFixedHeight(Theme::instance().px(36));
    m_controlsLayout->setSpacing(Theme::instance().px(8));
    keepTitle();
    update();
}

QRect PageHeader::textRoom() const {
    QRect room = rect();
    if (!m_controlsLayout->isEmpty()) room.setRight(m_controls->x() - Theme::instance().px(8));
    return room;
}

/// The text ends where the controls begin.
bool PageHeader::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Move || event->type() == QEvent::Resize) update();
    return QWidget::eventFilter(watched, event);
}

void PageHeader::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    QRect room = textRoom();
    const auto put = [&](const QString& text, bool bold, Role role) {
        const QFont font = theme.font(TextSize::text, bold);
        painter.setFont(font);
        painter.setPen(theme.color(role));
        drawElided(painter, room, Qt::AlignLeft, text);
        room.setLeft(room.left() + std::min(textWidth(font, text), qMax(room.width(), 0)) + theme.px(6));
    };
    put(m_title, true, Role::text);
    if (!m_badge.isEmpty()) {
        const QSize size = Badge::sizeOf(m_badge);
        Badge::paint(painter, QRect(QPoint(room.left(), (height() - size.height()) / 2), size), m_badge, m_badgeKind);
        room.setLeft(room.left() + size.width() + theme.px(6));
    }
    put(m_detail, false, Role::muted);
}

}  // namespace lab
