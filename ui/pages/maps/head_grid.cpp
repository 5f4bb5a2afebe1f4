#include "ui/pages/maps/head_grid.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/scenes/head_names.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 % (maps.html).
constexpr int labelLeft = 20;
constexpr int labelTop = 24;
constexpr int gutter = 8;
constexpr int briefRoom = 20;
constexpr int ringRoom = 6;  ///< of the focus around the lowest row
constexpr int margin = 8;
constexpr int smallestMap = 40;

}  // namespace

HeadGrid::HeadGrid(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    FocusRing::exempt(this);
    describePicture(this, tr("All heads"));
    whenThemed(this, &HeadGrid::arrange);
}

void HeadGrid::setScene(const MapsScene& scene, const StageMaps& maps) {
    const std::size_t columnsBefore = m_columns;
    const std::size_t rowsBefore = m_rows.size();
    const std::vector<QString> labelsBefore = std::exchange(m_labels, {});
    m_briefLabels.clear();
    const bool twoSides = std::any_of(scene.blocks.begin(), scene.blocks.end(), [](const MapsBlock& block) { return block.info.cross; });
    m_rows.resize(scene.blocks.size());
    m_columns = 0;
    m_mostCells = 0;
    for (std::size_t b = 0; b < scene.blocks.size(); ++b) {
        const MapsBlock& block = scene.blocks[b];
        m_labels.push_back(block.label);
        m_briefLabels.push_back(shortBlockName(block.info, twoSides ? Architecture::encoder_decoder : Architecture::encoder));
        m_rows[b].resize(block.heads.size());
        m_columns = std::max(m_columns, block.heads.size());
        for (std::size_t h = 0; h < block.heads.size(); ++h) {
            m_rows[b][h].name = headTitle(block, static_cast<int>(h));
            m_rows[b][h].brief = block.heads[h].brief;
            const StageMap& map = maps.at(static_cast<int>(b), static_cast<int>(h));
            m_rows[b][h].picture.set(map.data, map.scaling);
            m_rows[b][h].reach = maps.look().perHead ? tr("to %1").arg(significant(map.scaling.high, 2)) : QString();
            m_mostCells = std::max({m_mostCells, block.heads[h].weights.rows, block.heads[h].weights.columns});
        }
    }
    if (columnsBefore != m_columns || rowsBefore != m_rows.size()) {
        m_hover = {};
        updateGeometry();
    }
    arrange();
    if (columnsBefore != m_columns || labelsBefore != m_labels) update();
    announce();
}

void HeadGrid::setBadges(const std::vector<HeadBadge>& badges) {
    std::size_t next = 0;
    for (auto& row : m_rows)
        for (Entry& entry : row) entry.badge = next < badges.size() ? badges[next++] : HeadBadge();
    announce();
    update(entriesRect());
}

void HeadGrid::setCurrent(int block, int head) {
    if (m_current == Place{block, head}) return;
    m_current = {block, head};
    announce();
    update();
}

void HeadGrid::announce() {
    QString value;
    if (m_current.valid() && static_cast<std::size_t>(m_current.block) < m_rows.size() &&
        static_cast<std::size_t>(m_current.head) < m_rows[static_cast<std::size_t>(m_current.block)].size()) {
        const Entry& entry = m_rows[static_cast<std::size_t>(m_current.block)][static_cast<std::size_t>(m_current.head)];
        QStringList said;
        for (const QString& text : {entry.badge.text, entry.brief})
            if (!text.isEmpty()) said << text;
        value = entry.name + (said.isEmpty() ? QString() : QStringLiteral(": ") + said.join(QStringLiteral(", ")));
    }
    describePicture(this, tr("All heads"), value);
}

void HeadGrid::setLargestMap(int at100) {
    m_largest = at100;
    arrange();
}

int HeadGrid::widthFor(int side) const {
    const int columns = static_cast<int>(std::max<std::size_t>(m_columns, 1));
    return Theme::instance().px(margin + labelLeft + columns * side + (columns - 1) * gutter + margin);
}

int HeadGrid::widthIn(QSize room, int largest) const {
    const double columns = static_cast<double>(std::max<std::size_t>(m_columns, 1));
    const Theme& theme = Theme::instance();
    return static_cast<int>(
        std::ceil(theme.px(margin + labelLeft + margin) + columns * sideFor(room, largest) + (columns - 1) * theme.px(gutter)));
}

QSize HeadGrid::minimumSizeHint() const {
    const int rows = static_cast<int>(std::max<std::size_t>(m_rows.size(), 1));
    return {widthFor(smallestMap), Theme::instance().px(labelTop + rows * (smallestMap + briefRoom) + ringRoom)};
}

double HeadGrid::sideFor(QSize room, int largest) const {
    const Theme& theme = Theme::instance();
    const double columns = static_cast<double>(std::max<std::size_t>(m_columns, 1));
    const double rows = static_cast<double>(std::max<std::size_t>(m_rows.size(), 1));
    const double wide = (room.width() - theme.px(margin + labelLeft + margin) - (columns - 1) * theme.px(gutter)) / columns;
    const double high = (room.height() - theme.px(labelTop + ringRoom)) / rows - theme.px(briefRoom);
    const double side = std::floor(std::clamp(std::min(wide, high), double(theme.px(smallestMap)), double(theme.px(largest))));
    // Cells end on whole dots: a larger side would only be a margin between a map and its frame.
    return m_mostCells == 0 ? side : m_mostCells * snappedCell(side / m_mostCells, devicePixelRatioF());
}

int HeadGrid::heightFor(QSize room) const {
    const int rows = static_cast<int>(std::max<std::size_t>(m_rows.size(), 1));
    return Theme::instance().px(labelTop + ringRoom) +
           rows * (static_cast<int>(std::ceil(sideFor(room, m_largest))) + Theme::instance().px(briefRoom));
}

QRect HeadGrid::mapsRect() const {
    const QRectF first = frameRect({0, 0});
    const QRectF last = frameRect({static_cast<int>(m_rows.size()) - 1, static_cast<int>(m_columns) - 1});
    return first.united(last).toRect();
}

/// All that changes with the maps, and nothing of the labels.
QRect HeadGrid::entriesRect() const {
    const Theme& theme = Theme::instance();
    const int out = theme.px(4);
    return QRect(QPoint(theme.px(margin + labelLeft) - out, theme.px(labelTop) - out), rect().bottomRight());
}

void HeadGrid::arrange() {
    const double side = sideFor(size(), m_largest);
    update(side == m_side ? entriesRect() : rect());
    m_side = side;
}

void HeadGrid::resizeEvent(QResizeEvent*) {
    arrange();
    update();
}

QRectF HeadGrid::frameRect(Place place) const {
    const Theme& theme = Theme::instance();
    return {theme.px(margin + labelLeft) + place.head * (m_side + theme.px(gutter)),
            theme.px(labelTop) + place.block * (m_side + theme.px(briefRoom)), m_side, m_side};
}

QRectF HeadGrid::mapRect(int block, int head) const {
    const QRectF frame = frameRect({block, head});
    const MapData& cells = m_rows[static_cast<std::size_t>(block)][static_cast<std::size_t>(head)].picture.data();
    if (cells.empty()) return frame;
    const double cell = snappedCell(m_side / std::max(cells.rows, cells.columns), devicePixelRatioF());
    return {frame.left(), frame.top(), cell * cells.columns, cell * cells.rows};
}

HeadGrid::Place HeadGrid::placeAt(const QPointF& position) const {
    for (std::size_t b = 0; b < m_rows.size(); ++b)
        for (std::size_t h = 0; h < m_rows[b].size(); ++h) {
            const Place place{static_cast<int>(b), static_cast<int>(h)};
            if (frameRect(place).adjusted(0, 0, 0, Theme::instance().px(briefRoom)).contains(position)) return place;
        }
    return {};
}

void HeadGrid::paintLabels(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::axis));
    painter.setPen(theme.color(Role::muted));
    for (std::size_t h = 0; h < m_columns; ++h) {
        const QRectF frame = frameRect({0, static_cast<int>(h)});
        const QString wide = tr("head %1").arg(h);
        const bool fits = textWidth(painter.font(), wide) <= frame.width();
        painter.drawText(QRectF(frame.left(), 0, frame.width(), theme.px(labelTop - 5)), Qt::AlignCenter, fits ? wide : QString::number(h));
    }
    for (std::size_t b = 0; b < m_rows.size(); ++b) {
        const QRectF frame = frameRect({static_cast<int>(b), 0});
        painter.save();
        painter.translate(theme.px(margin) + theme.px(labelLeft) / 2.0 - theme.px(3), frame.center().y());
        painter.rotate(-90);
        const double half = frame.height() / 2 + theme.px(briefRoom) / 2.0;
        const bool fits = textWidth(painter.font(), m_labels[b]) <= 2 * half - theme.px(4);
        painter.drawText(QRectF(-half, -theme.px(10), 2 * half, theme.px(20)), Qt::AlignCenter, fits ? m_labels[b] : m_briefLabels[b]);
        painter.restore();
    }
}

void HeadGrid::paintEntry(QPainter& painter, Place place, const Entry& entry) const {
    const Theme& theme = Theme::instance();
    const QRectF frame = frameRect(place);
    const QRectF map = mapRect(place.block, place.head);
    entry.picture.paint(painter, map);
    const bool hover = place == m_hover;
    drawFrame(painter, map.adjusted(-1, -1, 1, 1), 0, theme.color(hover ? Role::text : Role::controlBorder));
    paintFoot(painter, {frame.left(), map.bottom() + theme.px(2), frame.width(), double(theme.px(16))}, place == m_current, entry);
    if (!entry.reach.isEmpty()) paintReach(painter, frame, map.bottom(), entry);
    if (place != m_current) return;
    const double out = theme.px(3);
    const double below = entry.brief.isEmpty() && entry.badge.text.isEmpty() ? out : theme.px(20);
    const QRectF whole = map.adjusted(-out, -out, std::max(out, frame.right() - map.right()), below);
    drawFrame(painter, whole, 0, theme.color(Role::accent), Qt::transparent, theme.px(2));
    if (hasFocus() && FocusRing::byKeyboard()) drawFocusRing(painter, whole, 0);
}

/// The badge and the share where the answer stands, as far as there is room; under a narrow map the number alone, the tip says of what.
void HeadGrid::paintFoot(QPainter& painter, const QRectF& room, bool current, const Entry& entry) const {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    double left = room.left();
    const QSize badge = Badge::sizeOf(entry.badge.text);
    if (!entry.badge.text.isEmpty() && badge.width() <= room.width()) {
        const bool plain = entry.badge.kind == Badge::Kind::plain;
        const QPoint at(qRound(left) - (plain ? theme.px(4) : 0), qRound(room.top()));
        Badge::paint(painter, QRect(at, badge), entry.badge.text, entry.badge.kind);
        left += badge.width() + theme.px(4);
    }
    const QString number = entry.brief.section(QLatin1Char(' '), 0, 0);
    const QString text = entry.badge.text.isEmpty() && textWidth(painter.font(), entry.brief) <= room.width() ? entry.brief : number;
    if (text.isEmpty() || left + textWidth(painter.font(), text) > room.right()) return;
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(current ? Role::text : Role::muted));
    painter.drawText(QRectF(left, room.top(), room.right() - left, room.height()), Qt::AlignLeft | Qt::AlignVCenter, text);
}

/// At the right, where it does not touch what stands at the left.
void HeadGrid::paintReach(QPainter& painter, const QRectF& frame, double top, const Entry& entry) const {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const QRectF line(frame.left(), top + theme.px(2), frame.width(), theme.px(14));
    const int foot = entry.badge.text.isEmpty()
                         ? textWidth(painter.font(), entry.brief)
                         : Badge::sizeOf(entry.badge.text).width() + textWidth(painter.font(), QStringLiteral("100 %"));
    if (foot + textWidth(painter.font(), entry.reach) + theme.px(12) <= line.width())
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, entry.reach);
}

void HeadGrid::paintEvent(QPaintEvent* event) {
    if (m_rows.empty()) return;
    QPainter painter(this);
    if (!entriesRect().contains(event->rect())) paintLabels(painter);
    for (std::size_t b = 0; b < m_rows.size(); ++b)
        for (std::size_t h = 0; h < m_rows[b].size(); ++h) paintEntry(painter, {static_cast<int>(b), static_cast<int>(h)}, m_rows[b][h]);
}

bool HeadGrid::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const Place place = placeAt(help->pos());
        if (!place.valid()) {
            QToolTip::hideText();
        } else {
            const Entry& entry = m_rows[static_cast<std::size_t>(place.block)][static_cast<std::size_t>(place.head)];
            QString text = entry.name;
            if (!entry.badge.help.isEmpty()) text += QStringLiteral("\n") + entry.badge.help;
            if (!entry.brief.isEmpty()) text += QStringLiteral("\n") + tr("weight where the answer stands: %1").arg(entry.brief);
            if (!entry.reach.isEmpty()) text += QStringLiteral("\n") + tr("colours of its own, %1").arg(entry.reach);
            QToolTip::showText(help->globalPos(), text + QStringLiteral("\n") + tr("Click to enlarge"), this);
        }
        return true;
    }
    return QWidget::event(event);
}

void HeadGrid::mouseMoveEvent(QMouseEvent* event) {
    const Place place = placeAt(event->position());
    if (place != m_hover) {
        m_hover = place;
        setCursor(place.valid() ? Qt::PointingHandCursor : Qt::ArrowCursor);
        update();
    }
    if (place.valid()) {
        const QRectF map = mapRect(place.block, place.head);
        const MapData& cells = m_rows[static_cast<std::size_t>(place.block)][static_cast<std::size_t>(place.head)].picture.data();
        if (map.contains(event->position()) && !cells.empty()) {
            const QPointF at = event->position() - map.topLeft();
            const int query = std::min(static_cast<int>(at.y() / map.height() * cells.rows), cells.rows - 1);
            const int key = std::min(static_cast<int>(at.x() / map.width() * cells.columns), cells.columns - 1);
            emit cellHovered(place.block, place.head, query, key);
            return;
        }
    }
    emit cellHovered(-1, -1, -1, -1);
}

void HeadGrid::mousePressEvent(QMouseEvent* event) {
    const Place place = placeAt(event->position());
    if (event->button() != Qt::LeftButton || !place.valid()) return;
    setCurrent(place.block, place.head);
    emit enlarged(place.block, place.head);
}

void HeadGrid::leaveEvent(QEvent*) {
    m_hover = {};
    update();
    emit cellHovered(-1, -1, -1, -1);
}

void HeadGrid::moveCurrent(int rows, int columns) {
    if (m_rows.empty()) return;
    const int block = std::clamp(m_current.block + rows, 0, static_cast<int>(m_rows.size()) - 1);
    const int heads = static_cast<int>(m_rows[static_cast<std::size_t>(block)].size());
    const Place place{block, std::clamp(m_current.head + columns, 0, heads - 1)};
    if (place == m_current) return;
    setCurrent(place.block, place.head);
    emit currentChanged(place.block, place.head);
}

void HeadGrid::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Left:
            return moveCurrent(0, -1);
        case Qt::Key_Right:
            return moveCurrent(0, 1);
        case Qt::Key_Up:
            return moveCurrent(-1, 0);
        case Qt::Key_Down:
            return moveCurrent(1, 0);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (!m_rows.empty()) emit enlarged(m_current.block, m_current.head);
            return;
        default:
            QWidget::keyPressEvent(event);
    }
}

void HeadGrid::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void HeadGrid::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

}  // namespace lab
