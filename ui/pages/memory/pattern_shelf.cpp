#include "ui/pages/memory/pattern_shelf.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ui/pages/memory/pattern_picture.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int cardWidth = 58, cardHeight = 70;
constexpr int pictureSide = 48, inset = 5, nameLine = 14;

}  // namespace

PatternShelf::PatternShelf(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    describePicture(this, tr("Stored patterns"));
}

void PatternShelf::setPatterns(const std::vector<Pattern>& patterns, std::vector<double> overlaps, int chosen) {
    const bool moved = chosen != m_chosen || patterns.size() != m_patterns.size();
    m_patterns = patterns;
    m_overlaps = std::move(overlaps);
    m_chosen = chosen;
    describePicture(this, tr("Stored patterns"), words(chosen));
    updateGeometry();
    update();
    if (moved && chosen >= 0) emit wantsToBeSeen(cardRect(chosen));
}

QString PatternShelf::words(int index) const {
    if (index < 0 || index >= count()) return tr("none");
    const auto i = static_cast<std::size_t>(index);
    const auto on = std::ranges::count_if(m_patterns[i].states, [](int state) { return state > 0; });
    return tr("%1, %2 of %3, %4 pixels on, overlap with the query %5")
        .arg(QString::fromStdString(m_patterns[i].name))
        .arg(index + 1)
        .arg(count())
        .arg(on)
        .arg(i < m_overlaps.size() ? fixed(m_overlaps[i], 2) : QStringLiteral("\u2013"));
}

int PatternShelf::columns(int width) const {
    return std::max(1, width / Theme::instance().px(cardWidth));
}

QRect PatternShelf::cardRect(int index) const {
    const Theme& theme = Theme::instance();
    const int across = columns(width());
    return {index % across * theme.px(cardWidth), index / across * theme.px(cardHeight), theme.px(cardWidth), theme.px(cardHeight)};
}

int PatternShelf::heightForWidth(int width) const {
    const int rows = (count() + columns(width) - 1) / columns(width);
    return std::max(1, rows) * Theme::instance().px(cardHeight);
}

QSize PatternShelf::sizeHint() const {
    const int width = Theme::instance().px(4 * cardWidth);
    return {width, heightForWidth(width)};
}

QSize PatternShelf::minimumSizeHint() const {
    return {Theme::instance().px(cardWidth), heightForWidth(width())};
}

void PatternShelf::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    setMinimumHeight(heightForWidth(width()));
}

void PatternShelf::paintEvent(QPaintEvent* event) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    if (m_patterns.empty()) return paintEmpty(painter, rect(), tr("Nothing is stored"), 4);
    painter.setFont(theme.font(TextSize::caption));
    for (int i = 0; i < count(); ++i) {
        const QRect card = cardRect(i);
        if (!card.intersects(event->rect())) continue;
        if (i == m_chosen) {
            const int gap = theme.px(1);
            drawFrame(painter, card.adjusted(gap, gap, -gap, -gap), theme.px(3), theme.color(Role::accent), theme.color(Role::selection),
                      theme.px(1.5));
        }
        const QRectF room(card.left() + theme.px(inset), card.top() + theme.px(inset), theme.px(pictureSide), theme.px(pictureSide));
        paintPattern(painter, room, m_patterns[static_cast<std::size_t>(i)]);
        painter.setFont(theme.font(TextSize::caption, i == m_chosen));
        painter.setPen(theme.color(Role::text));
        drawElided(painter, QRectF(card.left() + theme.px(3), room.bottom() + theme.px(2), card.width() - theme.px(6), theme.px(nameLine)),
                   Qt::AlignHCenter, QString::fromStdString(m_patterns[static_cast<std::size_t>(i)].name));
    }
}

int PatternShelf::indexAt(const QPoint& place) const {
    for (int i = 0; i < count(); ++i)
        if (cardRect(i).contains(place)) return i;
    return -1;
}

void PatternShelf::mousePressEvent(QMouseEvent* event) {
    const int index = indexAt(event->position().toPoint());
    if (index >= 0 && event->button() == Qt::LeftButton) emit chosen(index);
}

void PatternShelf::keyPressEvent(QKeyEvent* event) {
    if (m_patterns.empty()) return QWidget::keyPressEvent(event);
    const int across = columns(width()), last = count() - 1;
    int wanted = m_chosen;
    switch (event->key()) {
        case Qt::Key_Left:
            wanted -= 1;
            break;
        case Qt::Key_Right:
            wanted += 1;
            break;
        case Qt::Key_Up:
            wanted -= across;
            break;
        case Qt::Key_Down:
            wanted += across;
            break;
        case Qt::Key_Home:
            wanted = 0;
            break;
        case Qt::Key_End:
            wanted = last;
            break;
        case Qt::Key_Delete:
        case Qt::Key_Backspace:
            return emit removalWanted();
        default:
            return QWidget::keyPressEvent(event);
    }
    if (wanted >= 0 && wanted <= last && wanted != m_chosen) emit chosen(wanted);
}

bool PatternShelf::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        const int index = indexAt(help->pos());
        if (index < 0) return QWidget::event(event);
        QToolTip::showText(help->globalPos(), words(index), this, cardRect(index));
        return true;
    }
    return QWidget::event(event);
}

}  // namespace lab
