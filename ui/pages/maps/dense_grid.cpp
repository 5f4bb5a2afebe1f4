#include "ui/pages/maps/dense_grid.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 % (LOOK2.md 3, Real model).
constexpr int fullMap = 36;       ///< a map of up to 18 tokens with 2 px each
constexpr int acrossMap = 18;     ///< with 1 px each
constexpr int mostTimesFull = 2;  ///< where there is room
constexpr int mostHeadsDown = 144, mostLayersDown = 16;
constexpr int labelLeftDown = 36, labelLeftAcross = 44, labelTopOfDense = 22;
constexpr int letterRoom = 12, rowGap = 4, acrossGap = 1, groupsApart = 7;
constexpr int denseMargin = 6;
constexpr double spreadAtMost = 0.5;  ///< of a map's side that rows and columns stand further apart where there is room
constexpr double steppedBack = 0.3;   ///< of its colour that a head keeps which is not asked for

}  // namespace

DenseGrid::DenseGrid(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    FocusRing::exempt(this);
    describePicture(this, tr("All heads"));
    whenThemed(this, [this] {
        m_maps = {};
        arrange();
    });
}

void DenseGrid::setScene(const MapsScene& scene, const StageMaps& maps) {
    const bool sameHeads = m_rows.size() == scene.blocks.size();
    m_rows.resize(scene.blocks.size());
    m_columns = 0;
    m_mostCells = 1;
    for (std::size_t b = 0; b < m_rows.size(); ++b) {
        const MapsBlock& block = scene.blocks[b];
        m_rows[b].resize(block.heads.size());
        m_columns = std::max(m_columns, block.heads.size());
        for (std::size_t h = 0; h < block.heads.size(); ++h) {
            Entry& entry = m_rows[b][h];
            const StageMap& map = maps.at(static_cast<int>(b), static_cast<int>(h));
            entry.name = headTitle(block, static_cast<int>(h));
            entry.picture.set(map.data, map.scaling);
            entry.picture.setHatched(false);
            m_mostCells = std::max({m_mostCells, map.data.rows, map.data.columns});
        }
    }
    const AttentionBlock& info = scene.blocks.front().info;
    m_shared = std::max(1, info.heads / std::max(1, info.kvHeads));
    m_across = scene.headCount() > mostHeadsDown || m_rows.size() > static_cast<std::size_t>(mostLayersDown);
    if (!sameHeads) m_hover = {};
    m_maps = {};
    arrange();
    announce();
}

void DenseGrid::setHabits(const std::vector<HeadBadge>& badges, const std::vector<HeadHabit>& habits) {
    std::size_t next = 0;
    m_known = !habits.empty();
    for (auto& row : m_rows)
        for (Entry& entry : row) {
            entry.badge = next < badges.size() ? badges[next] : HeadBadge();
            entry.habit = next < habits.size() ? habits[next] : HeadHabit::mixed;
            ++next;
        }
    announce();
    update();
}

void DenseGrid::setFilter(std::optional<HeadHabit> filter) {
    if (filter == m_filter) return;
    m_filter = filter;
    update();
}

void DenseGrid::setCurrent(int block, int head) {
    if (m_current == Place{block, head}) return;
    m_current = {block, head};
    announce();
    update();
}

void DenseGrid::announce() {
    QString value;
    if (isHere(m_current)) {
        const Entry& entry = at(m_current);
        value = entry.badge.text.isEmpty() ? entry.name : tr("%1: usually %2").arg(entry.name, entry.badge.text);
    }
    describePicture(this, tr("All heads"), value);
}

bool DenseGrid::isHere(Place place) const {
    return place.valid() && static_cast<std::size_t>(place.block) < m_rows.size() && place.head >= 0 &&
           static_cast<std::size_t>(place.head) < m_rows[static_cast<std::size_t>(place.block)].size();
}

void DenseGrid::setRoom(QSize room, bool tight) {
    if (room == m_room && tight == m_tight) return;
    m_room = room;
    m_tight = tight;
    arrange();
}

void DenseGrid::arrange() {
    const Layout before = m_layout;
    m_layout = spread(layoutFor(m_room, m_tight));
    if (before.size != m_layout.size || before.side != m_layout.side || before.pitch != m_layout.pitch) m_maps = {};
    setMinimumSize(m_layout.size);
    updateGeometry();
    update();
}

/// A whole number of dots a token, or as many tokens a dot as fit the smallest map.
double DenseGrid::sideIn(double fit, bool tight) const {
    const Theme& theme = Theme::instance();
    const double dots = devicePixelRatioF();
    const double full = theme.px(m_across ? acrossMap : fullMap);
    const bool single = !m_across && (tight || theme.px(2 * m_mostCells) > full);  // a dot a token will do
    const double least = single ? std::min<double>(full, std::max(theme.px(acrossMap), theme.px(m_mostCells))) : full;
    const double room = std::clamp(fit, least, mostTimesFull * full);
    const double cell = std::floor(room * dots / m_mostCells) / dots;
    if (cell > 0) return cell * m_mostCells;
    const int factor = poolingFactor(room * dots / m_mostCells);
    return std::ceil(static_cast<double>(m_mostCells) / factor) / dots;
}

DenseGrid::Counts DenseGrid::counts() const {
    const double layers = static_cast<double>(std::max<std::size_t>(m_rows.size(), 1));
    const double heads = static_cast<double>(std::max<std::size_t>(m_columns, 1));
    return m_across ? Counts{layers, heads, std::ceil(heads / m_shared)} : Counts{heads, layers, 1};
}

DenseGrid::Layout DenseGrid::layoutFor(QSize room, bool tight) const {
    const Theme& theme = Theme::instance();
    const Counts count = counts();
    Layout layout;
    layout.origin = QPointF(theme.px(m_across ? labelLeftAcross : labelLeftDown), theme.px(labelTopOfDense));
    layout.groupGap = m_across && count.groups > 1 ? theme.px(groupsApart) : 0;
    const double right = theme.px(m_across ? acrossGap : letterRoom + (tight ? 0 : rowGap)),
                 below = theme.px(m_across ? acrossGap : rowGap);
    const double margin = theme.px(denseMargin);
    const double wide = (room.width() - layout.origin.x() - margin) / count.across - right;
    const double high = (room.height() - layout.origin.y() - margin - (count.groups - 1) * layout.groupGap) / count.down - below;
    layout.side = sideIn(std::min(wide, high), tight);
    layout.pitch = QPointF(layout.side + right, layout.side + below);
    layout.size = sizeOf(layout);
    return layout;
}

DenseGrid::Layout DenseGrid::spread(Layout layout) const {
    if (m_across || m_tight) return layout;
    const Counts count = counts();
    const double most = layout.side * spreadAtMost, margin = Theme::instance().px(denseMargin);
    const auto apart = [&](double room, double number, double pitch) { return std::clamp(std::floor(room / number), pitch, pitch + most); };
    layout.pitch = QPointF(apart(m_room.width() - layout.origin.x() - margin, count.across, layout.pitch.x()),
                           apart(m_room.height() - layout.origin.y() - margin, count.down, layout.pitch.y()));
    layout.size = sizeOf(layout);
    return layout;
}

QSize DenseGrid::sizeOf(const Layout& layout) const {
    const Counts count = counts();
    const double margin = Theme::instance().px(denseMargin);
    return {static_cast<int>(std::ceil(layout.origin.x() + count.across * layout.pitch.x() + margin)),
            static_cast<int>(std::ceil(layout.origin.y() + count.down * layout.pitch.y() + (count.groups - 1) * layout.groupGap + margin))};
}

QSize DenseGrid::sizeFor(QSize room, bool tight) const {
    return layoutFor(room, tight).size;
}

QPointF DenseGrid::cornerOf(const Layout& layout, Place place) const {
    const int across = m_across ? place.block : place.head, down = m_across ? place.head : place.block;
    const double apart = m_across ? layout.groupGap * (place.head / m_shared) : 0;
    return layout.origin + QPointF(across * layout.pitch.x(), down * layout.pitch.y() + apart);
}

QRectF DenseGrid::mapRect(int block, int head) const {
    return {cornerOf(m_layout, {block, head}), QSizeF(m_layout.side, m_layout.side)};
}

QRectF DenseGrid::reachOf(Place place) const {
    return {cornerOf(m_layout, place), QSizeF(m_layout.pitch.x(), m_layout.pitch.y())};
}

QString DenseGrid::dotText() const {
    const int factor = poolingFactor(m_layout.side * devicePixelRatioF() / m_mostCells);
    return factor > 1 ? tr("a dot is the largest of %1 \u00D7 %1 weights").arg(factor) : QString();
}

DenseGrid::Place DenseGrid::placeAt(const QPointF& position) const {
    Place found;
    eachPlace([&](Place place) {
        if (reachOf(place).contains(position)) found = place;
    });
    return found;
}

template <class Visit>
void DenseGrid::eachPlace(Visit visit) const {
    for (std::size_t b = 0; b < m_rows.size(); ++b)
        for (std::size_t h = 0; h < m_rows[b].size(); ++h) visit(Place{static_cast<int>(b), static_cast<int>(h)});
}

/// Once; the hand then moves over a picture.
void DenseGrid::paintMaps() {
    const double dots = devicePixelRatioF();
    m_maps = QPixmap((QSizeF(m_layout.size) * dots).toSize());
    m_maps.setDevicePixelRatio(dots);
    m_maps.fill(Qt::transparent);
    QPainter painter(&m_maps);
    const QColor border = Theme::instance().color(Role::controlBorder);
    const double dot = 1.0 / dots;
    eachPlace([&](Place place) {
        const QRectF map = mapRect(place.block, place.head);
        painter.fillRect(map, Theme::instance().color(Role::screen));
        at(place).picture.paint(painter, map);
        if (!m_across) drawFrame(painter, map.adjusted(-dot, -dot, dot, dot), 0, border);
    });
    if (!m_across) return;
    const QColor hairline = Theme::instance().color(Role::hairline);
    eachPlace([&](Place place) {
        const QRectF map = mapRect(place.block, place.head).adjusted(-dot, -dot, dot, dot);
        drawFrame(painter, map, 0, hairline);
    });
}

void DenseGrid::paintLabels(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const auto number = [&](const QRectF& room, int n, bool current, Qt::Alignment side) {
        painter.setFont(theme.font(TextSize::axis, current));
        painter.setPen(theme.color(current ? Role::accent : Role::muted));
        painter.drawText(room, static_cast<int>(side | Qt::AlignVCenter), QString::number(n));
    };
    const int columns = static_cast<int>(m_across ? m_rows.size() : m_columns);
    const int rows = static_cast<int>(m_across ? m_columns : m_rows.size());
    const int column = m_across ? m_current.block : m_current.head, row = m_across ? m_current.head : m_current.block;
    const double wide = textWidth(theme.font(TextSize::axis, true), QStringLiteral("00")) + theme.px(6);
    const int step = std::max(1, static_cast<int>(std::ceil(wide / m_layout.pitch.x())));
    const int shownStep = step == 1 ? 1 : step <= 2 ? 2 : 5;
    const auto place = [&](int across, int down) { return m_across ? Place{across, down} : Place{down, across}; };
    for (int c = 0; c < columns; ++c) {
        const bool crowds = c != column && std::abs(c - column) * m_layout.pitch.x() < wide;
        if (c != column && (c % shownStep != 0 || crowds)) continue;
        const double middle = cornerOf(m_layout, place(c, 0)).x() + m_layout.side / 2;
        number({middle - wide, 0, 2 * wide, double(theme.px(labelTopOfDense - 3))}, c, c == column, Qt::AlignHCenter);
    }
    for (int r = 0; r < rows; ++r) {
        const QPointF corner = cornerOf(m_layout, place(0, r));
        number({0, corner.y(), corner.x() - theme.px(6), m_layout.side}, r, r == row, Qt::AlignRight);
    }
    painter.setFont(theme.font(TextSize::axis));
    painter.setPen(theme.color(Role::muted));
    const QString across = m_across ? tr("layer") : tr("head");
    if (textWidth(painter.font(), across) + theme.px(4) <= m_layout.origin.x())
        painter.drawText(QRectF(theme.px(2), 0, m_layout.origin.x(), theme.px(labelTopOfDense - 3)), Qt::AlignLeft | Qt::AlignVCenter,
                         across);
    paintGroups(painter);
}

/// "layer" down the side, or the keys that heads share.
void DenseGrid::paintGroups(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const auto upright = [&](double top, double bottom, const QString& text) {
        if (textWidth(painter.font(), text) > bottom - top) return;
        painter.save();
        painter.translate(theme.px(9), (top + bottom) / 2);
        painter.rotate(-90);
        painter.drawText(QRectF(-(bottom - top) / 2, -theme.px(8), bottom - top, theme.px(16)), Qt::AlignCenter, text);
        painter.restore();
    };
    const auto bottomOf = [&](Place place) { return cornerOf(m_layout, place).y() + m_layout.side; };
    if (!m_across) {
        const int last = static_cast<int>(m_rows.size()) - 1;
        return upright(m_layout.origin.y(), bottomOf({last, 0}), tr("layer"));
    }
    const int heads = static_cast<int>(m_columns);
    if (m_shared == 1) return upright(m_layout.origin.y(), bottomOf({0, heads - 1}), tr("head"));
    for (int first = 0; first < heads; first += m_shared)
        upright(cornerOf(m_layout, {0, first}).y(), bottomOf({0, std::min(first + m_shared, heads) - 1}),
                tr("KV %1").arg(first / m_shared));
}

/// Letter, veil, and the frame of what is under the mouse.
void DenseGrid::paintOver(QPainter& painter, Place place) const {
    const Theme& theme = Theme::instance();
    const Entry& entry = at(place);
    const QRectF map = mapRect(place.block, place.head);
    const bool back = stepsBack(entry);
    if (back) {
        QColor veil = theme.color(Role::screen);
        veil.setAlphaF(static_cast<float>(1.0 - steppedBack));
        painter.fillRect(map.adjusted(-1, -1, 1, 1), veil);
    }
    if (place == m_hover) drawFrame(painter, map.adjusted(-1, -1, 1, 1), 0, theme.color(Role::text));
    if (m_across || !m_known) return;
    painter.setPen(theme.color(back ? Role::muted : Role::text));
    painter.drawText(QRectF(map.right() + theme.px(1), map.top() - theme.px(2), theme.px(letterRoom - 1), theme.px(14)),
                     Qt::AlignHCenter | Qt::AlignTop, habitLetter(entry.habit));
}

void DenseGrid::paintCurrent(QPainter& painter) const {
    if (!isHere(m_current)) return;
    const Theme& theme = Theme::instance();
    const double out = theme.px(m_across ? 2 : 3);
    const QRectF frame = mapRect(m_current.block, m_current.head).adjusted(-out, -out, out, out);
    if (m_across) {
        const QRectF layer = mapRect(m_current.block, 0).united(mapRect(m_current.block, static_cast<int>(m_columns) - 1));
        painter.setPen(QPen(theme.color(Role::text), 0, Qt::DashLine));
        painter.drawRect(layer.adjusted(-2, -3, 1, 2));
    }
    drawFrame(painter, frame, 0, theme.color(Role::accent), Qt::transparent, theme.px(2));
    if (hasFocus() && FocusRing::byKeyboard()) drawFocusRing(painter, frame, 0);
}

void DenseGrid::paintEvent(QPaintEvent*) {
    if (m_rows.empty()) return;
    if (m_maps.isNull() || m_maps.devicePixelRatio() != devicePixelRatioF()) paintMaps();
    QPainter painter(this);
    painter.drawPixmap(QPointF(0, 0), m_maps);
    paintLabels(painter);
    painter.setFont(Theme::instance().font(TextSize::caption, true));
    eachPlace([&](Place place) { paintOver(painter, place); });
    paintCurrent(painter);
}

bool DenseGrid::takesKey(const QKeyEvent& event) const {
    return event.modifiers() == Qt::NoModifier && (event.key() == Qt::Key_0 || habitOf(event));
}

std::optional<HeadHabit> DenseGrid::habitOf(const QKeyEvent& event) const {
    const QString typed = event.text().toUpper();
    for (const HabitRow& row : habitTable())
        if (!typed.isEmpty() && typed == habitLetter(row.habit)) return row.habit;
    return std::nullopt;
}

bool DenseGrid::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && takesKey(*static_cast<QKeyEvent*>(event))) {
        event->accept();  // letters are the window's keys elsewhere
        return true;
    }
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const Place place = placeAt(help->pos());
    if (!place.valid()) {
        QToolTip::hideText();
        return true;
    }
    QString text = at(place).name;
    if (!at(place).badge.help.isEmpty()) text += QStringLiteral("\n") + at(place).badge.help;
    QToolTip::showText(help->globalPos(), text + QStringLiteral("\n") + tr("Click to enlarge"), this);
    return true;
}

void DenseGrid::mouseMoveEvent(QMouseEvent* event) {
    const Place place = placeAt(event->position());
    if (place != m_hover) {
        m_hover = place;
        setCursor(place.valid() ? Qt::PointingHandCursor : Qt::ArrowCursor);
        update();
    }
    if (!place.valid()) return emit cellHovered(-1, -1, -1, -1);
    const QRectF map = mapRect(place.block, place.head);
    const MapData& cells = at(place).picture.data();
    if (!map.contains(event->position()) || cells.empty()) return emit cellHovered(-1, -1, -1, -1);
    const QPointF inside = event->position() - map.topLeft();
    const auto cell = [&](double offset, int count) { return std::min(static_cast<int>(offset / m_layout.side * count), count - 1); };
    emit cellHovered(place.block, place.head, cell(inside.y(), cells.rows), cell(inside.x(), cells.columns));
}

void DenseGrid::mousePressEvent(QMouseEvent* event) {
    const Place place = placeAt(event->position());
    if (event->button() != Qt::LeftButton || !place.valid()) return;
    setCurrent(place.block, place.head);
    emit enlarged(place.block, place.head);
}

void DenseGrid::leaveEvent(QEvent*) {
    m_hover = {};
    update();
    emit cellHovered(-1, -1, -1, -1);
}

void DenseGrid::moveTo(Place place) {
    if (!isHere(place) || place == m_current) return;
    setCurrent(place.block, place.head);
    emit currentChanged(place.block, place.head);
}

void DenseGrid::walk(int layers, int heads) {
    moveTo({m_current.block + layers, m_current.head + heads});
}

void DenseGrid::keyPressEvent(QKeyEvent* event) {
    if (m_rows.empty()) return QWidget::keyPressEvent(event);
    if (takesKey(*event)) return emit filterWanted(habitOf(*event));
    const int down = m_across ? 0 : 1;  // layers that Down goes to
    switch (event->key()) {
        case Qt::Key_Left:
            return walk(down - 1, -down);
        case Qt::Key_Right:
            return walk(1 - down, down);
        case Qt::Key_Up:
            return walk(-down, down - 1);
        case Qt::Key_Down:
            return walk(down, 1 - down);
        case Qt::Key_Home:
            return moveTo({0, m_current.head});
        case Qt::Key_End:
            return moveTo({static_cast<int>(m_rows.size()) - 1, m_current.head});
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (isHere(m_current)) emit enlarged(m_current.block, m_current.head);
            return;
        default:
            QWidget::keyPressEvent(event);
    }
}

void DenseGrid::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void DenseGrid::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

}  // namespace lab
