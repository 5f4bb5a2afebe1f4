#include "ui/pages/maps/head_grid.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <array>
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
constexpr int headGridMargin = 8;
constexpr double worthTwoBands = 1.2;  ///< so much larger

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
            m_rows[b][h].picture.setHatched(!block.roles);
            m_rows[b][h].reach = maps.look().perHead ? tr("to %1").arg(significant(map.scaling.high, 2)) : QString();
            m_mostCells = std::max({m_mostCells, block.heads[h].weights.rows, block.heads[h].weights.columns});
        }
    }
    placeBlocks(scene);
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

void HeadGrid::setSmallestMap(int at100) {
    m_smallest = at100;
    arrange();
}

void HeadGrid::placeBlocks(const MapsScene& scene) {
    m_oneBand.clear();
    m_twoBands.clear();
    int layers = 0;
    bool cross = false;
    for (const MapsBlock& block : scene.blocks) {
        layers = std::max(layers, block.info.layer + 1);
        cross = cross || block.info.cross;
    }
    std::array<int, 2> rows{};
    for (std::size_t b = 0; b < scene.blocks.size(); ++b) {
        m_oneBand.push_back({0, static_cast<int>(b)});
        const int band = cross && scene.blocks[b].info.layer >= (layers + 1) / 2 ? 1 : 0;
        m_twoBands.push_back({band, rows[static_cast<std::size_t>(band)]++});
    }
    if (rows[1] == 0) m_twoBands.clear();
}

int HeadGrid::rowsIn(int bands) const {
    int rows = 1;
    for (const Spot& spot : spots(bands)) rows = std::max(rows, spot.row + 1);
    return rows;
}

double HeadGrid::widthOf(double side, int bands) const {
    const double columns = static_cast<double>(std::max<std::size_t>(m_columns, 1));
    const Theme& theme = Theme::instance();
    const double band = theme.px(labelLeft) + columns * side + (columns - 1) * theme.px(gutter);
    return 2 * theme.px(headGridMargin) + bands * band + (bands - 1) * theme.px(gutter);
}

int HeadGrid::widthFor(int side) const {
    return static_cast<int>(std::ceil(widthOf(Theme::instance().px(side), 1)));
}

int HeadGrid::widthIn(QSize room, int largest) const {
    return static_cast<int>(std::ceil(widthOf(sideFor(room, largest), bandsFor(room, largest))));
}

/// Cells end on whole dots: a larger side would only be a margin between a map and its frame.
double HeadGrid::smallestSide() const {
    const double side = Theme::instance().px(m_smallest);
    return m_mostCells == 0 ? side : m_mostCells * snappedCell(side / m_mostCells, devicePixelRatioF());
}

QSize HeadGrid::minimumSizeHint() const {
    const double side = std::ceil(smallestSide());
    const Theme& theme = Theme::instance();
    const double high = theme.px(labelTop + ringRoom) + rowsIn(m_bands) * (side + theme.px(briefRoom));
    return {static_cast<int>(std::ceil(widthOf(side, 1))), static_cast<int>(high)};
}

double HeadGrid::sideFor(QSize room, int largest, int bands) const {
    const Theme& theme = Theme::instance();
    const double wide = (room.width() - widthOf(0, bands)) / (bands * static_cast<double>(std::max<std::size_t>(m_columns, 1)));
    const double high = (room.height() - theme.px(labelTop + ringRoom)) / rowsIn(bands) - theme.px(briefRoom);
    const double side = std::floor(std::clamp(std::min(wide, high), double(theme.px(m_smallest)), double(theme.px(largest))));
    return m_mostCells == 0 ? side : m_mostCells * snappedCell(side / m_mostCells, devicePixelRatioF());
}

/// The blocks of an encoder-decoder are many and its heads few.
int HeadGrid::bandsFor(QSize room, int largest) const {
    if (m_twoBands.empty()) return 1;
    return sideFor(room, largest, 2) >= worthTwoBands * sideFor(room, largest, 1) ? 2 : 1;
}

int HeadGrid::heightFor(QSize room) const {
    const int bands = bandsFor(room, m_largest);
    return Theme::instance().px(labelTop + ringRoom) +
           rowsIn(bands) * (static_cast<int>(std::ceil(sideFor(room, m_largest, bands))) + Theme::instance().px(briefRoom));
}

QRect HeadGrid::mapsRect() const {
    QRectF all;
    for (std::size_t b = 0; b < m_rows.size(); ++b)
        for (std::size_t h : {std::size_t{0}, std::max<std::size_t>(m_columns, 1) - 1})
            all = all.united(frameRect({static_cast<int>(b), static_cast<int>(h)}));
    return all.toRect();
}

/// All that changes with the maps, and nothing of the labels at the left and above.
QRect HeadGrid::entriesRect() const {
    const Theme& theme = Theme::instance();
    const int out = theme.px(4);
    return QRect(QPoint(theme.px(headGridMargin + labelLeft) - out, theme.px(labelTop) - out), rect().bottomRight());
}

void HeadGrid::arrange() {
    const int bands = bandsFor(size(), m_largest);
    const double side = sideFor(size(), m_largest, bands);
    update(side == m_side && bands == m_bands ? entriesRect() : rect());
    m_side = side;
    if (std::exchange(m_bands, bands) != bands) updateGeometry();
}

void HeadGrid::resizeEvent(QResizeEvent*) {
    arrange();
    update();
}

QRectF HeadGrid::frameRect(Place place) const {
    const Theme& theme = Theme::instance();
    const std::vector<Spot>& places = spots(m_bands);
    const auto block = static_cast<std::size_t>(place.block);
    const Spot spot = block < places.size() ? places[block] : Spot{};
    const double left = spot.band * (widthOf(m_side, 2) - widthOf(m_side, 1));
    return {left + theme.px(headGridMargin + labelLeft) + place.head * (m_side + theme.px(gutter)),
            theme.px(labelTop) + spot.row * (m_side + theme.px(briefRoom)), m_side, m_side};
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
    for (std::size_t b = 0; b < m_rows.size(); ++b) {
        for (std::size_t h = 0; h < m_columns && spots(m_bands)[b].row == 0; ++h) {
            const QRectF frame = frameRect({static_cast<int>(b), static_cast<int>(h)});
            const QString wide = tr("head %1").arg(h);
            const bool fits = textWidth(painter.font(), wide) <= frame.width();
            painter.drawText(QRectF(frame.left(), 0, frame.width(), theme.px(labelTop - 5)), Qt::AlignCenter,
                             fits ? wide : QString::number(h));
        }
        const QRectF frame = frameRect({static_cast<int>(b), 0});
        painter.save();
        painter.translate(frame.left() - theme.px(labelLeft) / 2.0 - theme.px(3), frame.center().y());
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
    if (m_bands > 1 || !entriesRect().contains(event->rect())) paintLabels(painter);
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

/// As they stand: beyond the last head of a band comes the one beside it.
void HeadGrid::moveCurrent(int rows, int columns) {
    if (m_rows.empty()) return;
    const std::vector<Spot>& places = spots(m_bands);
    const auto last = static_cast<int>(m_rows.size()) - 1;
    Spot spot = places[static_cast<std::size_t>(std::clamp(m_current.block, 0, last))];
    int head = m_current.head + columns;
    const auto headsOf = [this](std::ptrdiff_t block) { return static_cast<int>(m_rows[static_cast<std::size_t>(block)].size()); };
    spot.row += rows;
    if (m_bands > 1 && (head < 0 || head >= headsOf(std::clamp(m_current.block, 0, last)))) {
        spot.band += columns;
        head = head < 0 ? static_cast<int>(m_columns) - 1 : 0;
    }
    const auto found = std::ranges::find(places, spot);
    if (found == places.end()) return;
    const auto block = found - places.begin();
    const Place place{static_cast<int>(block), std::clamp(head, 0, headsOf(block) - 1)};
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
