#include "ui/widgets/page_header.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <algorithm>
#include <utility>

#include "ui/widgets/caption.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

/// Beside little room the controls stand without their names, which their tips say. Names that a page hides by itself are its own.
class HeaderControls : public QWidget {
public:
    using QWidget::QWidget;

    QSize sizeHint() const override { return layout()->sizeHint() + QSize(roomOf(m_away), 0); }
    QSize minimumSizeHint() const override { return layout()->minimumSize() - QSize(m_keepsNames ? 0 : roomOf(present()), 0); }
    /// The page sees to it.
    void keepNames() { m_keepsNames = true; }

protected:
    void resizeEvent(QResizeEvent*) override { arrange(); }

private:
    QList<Caption*> present() const {
        QList<Caption*> all = findChildren<Caption*>(QString(), Qt::FindDirectChildrenOnly);
        all.removeIf([](const Caption* each) { return each->isHidden(); });
        return all;
    }
    int roomOf(const QList<Caption*>& captions) const {
        int room = 0;
        for (const Caption* each : captions) room += each->sizeHint().width() + layout()->spacing();
        return room;
    }
    void arrange() {
        if (m_keepsNames) return;
        const QList<Caption*> there = present();
        const bool fit = width() >= minimumSizeHint().width() + roomOf(there) + roomOf(m_away);
        if (fit == m_away.isEmpty() || (!fit && there.isEmpty())) return;
        const QList<Caption*> moved = fit ? std::exchange(m_away, {}) : there;
        if (!fit) m_away += there;
        for (Caption* each : moved) {
            each->setVisible(fit);
            if (each->buddy()->toolTip().isEmpty()) each->buddy()->setToolTip(each->text());
        }
    }

    QList<Caption*> m_away;
    bool m_keepsNames = false;
};

}  // namespace

PageHeader::PageHeader(QWidget* parent) : QWidget(parent) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_text = new QSpacerItem(0, 0, QSizePolicy::Expanding);
    layout->addItem(m_text);
    m_controls = new HeaderControls(this);
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
    static_cast<HeaderControls*>(m_controls)->keepNames();
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
