#include "ui/pages/stream/joint_view.h"

#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <set>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int jointChip = 30, jointChipHeight = 26, jointLeastChip = 20, jointChipGap = 12, jointEdge = 12, jointIndex = 16;
constexpr int jointArrow = 14, jointNeighbours = 1;

}  // namespace

/// All positions, or where there are too many those that take part with their neighbours; the last place is the written token's.
std::vector<JointScene::Place> JointScene::places(const QRectF& room) const {
    const Theme& theme = Theme::instance();
    const double wide = room.width() - theme.px(2 * jointEdge + jointArrow);
    std::vector<int> shown;
    const auto count = static_cast<int>(tokens.size());
    if ((count + 1) * theme.px(jointLeastChip + 4) <= wide) {
        for (int i = 0; i < count; ++i) shown.push_back(i);
    } else {
        std::set<int> parts{0, count - 1};
        if (look)
            for (const int centre : {look->query, look->key, look->place, look->source})
                for (int i = centre - jointNeighbours; i <= centre + jointNeighbours; ++i)
                    if (i >= 0 && i < count) parts.insert(i);
        for (const int position : parts) {
            if (!shown.empty() && shown.back() + 1 < position) shown.push_back(-1);
            shown.push_back(position);
        }
    }
    const double step = std::min<double>(theme.px(jointChip + jointChipGap), wide / static_cast<double>(shown.size() + 1));
    const double side = std::min<double>(theme.px(jointChip), step - theme.px(3)), high = theme.px(jointChipHeight);
    const double top = room.bottom() - theme.px(jointIndex + 4) - high;
    std::vector<Place> places;
    double left = room.left() + theme.px(jointEdge);
    for (const int position : shown) {
        places.push_back({position, QRectF(left, top, side, high)});
        left += step;
    }
    places.push_back({-1, QRectF(left + theme.px(jointArrow), top, side, high)});
    return places;
}

int JointScene::positionAt(const QPointF& point, const QRectF& room) const {
    for (const Place& place : places(room))
        if (place.box.contains(point)) return place.position;
    return -1;
}

void JointScene::paintArc(QPainter& painter, const QRectF& room, int from, int to, double weight, const QString& name, bool wide) const {
    if (weight < leastArc || from == to) return;
    const Theme& theme = Theme::instance();
    const std::vector<Place> all = places(room);
    const auto a = std::ranges::find(all, from, &Place::position), b = std::ranges::find(all, to, &Place::position);
    if (a == all.end() || b == all.end()) return;
    const QPointF start(a->box.center().x(), a->box.top() - theme.px(1)), end(b->box.center().x(), b->box.top() - theme.px(1));
    const double head = start.y() - room.top() - theme.px(18);
    const double high = std::min(head, std::abs(end.x() - start.x()) * 0.5 + theme.px(6)) * (wide ? 1 : 0.7);
    QPainterPath path(start);
    path.cubicTo(start - QPointF(0, high * 4 / 3), end - QPointF(0, high * 4 / 3), end);
    painter.setPen(QPen(theme.color(wide ? Role::series1 : Role::series2), theme.px(1 + 3 * weight)));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
    painter.setPen(theme.color(Role::text));
    painter.setFont(theme.font(TextSize::caption));
    const double width = textWidth(painter.font(), name) + 2;
    QRectF label(0, start.y() - high - theme.px(16), width, theme.px(14));
    label.moveLeft(std::clamp((start.x() + end.x() - width) / 2, room.left() + 2, std::max(room.left() + 2, room.right() - width - 2)));
    painter.drawText(label, Qt::AlignCenter, name);
}

void JointScene::paint(QPainter& painter, const QRectF& room) const {
    const Theme& theme = Theme::instance();
    painter.setRenderHint(QPainter::Antialiasing);
    const std::vector<Place> all = places(room);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Place& place = all[i];
        const bool last = i + 1 == all.size(), asked = look && place.position == look->query;
        if (last && written.isEmpty()) break;
        painter.setFont(theme.font(TextSize::axis, true));
        if (place.position < 0 && !last) {
            painter.setPen(theme.color(Role::muted));
            painter.drawText(place.box, Qt::AlignCenter, QStringLiteral("\u2026"));
            continue;
        }
        const Role border = last ? Role::right : asked ? Role::accent : Role::controlBorder;
        drawFrame(painter, place.box, theme.px(4), theme.color(border), theme.color(asked ? Role::selection : Role::screen),
                  last || asked ? theme.px(2) : 0);
        painter.setPen(theme.color(Role::text));
        drawElided(painter, place.box.adjusted(2, 0, -2, 0), Qt::AlignHCenter, last ? written : tokens[place.position]);
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::muted));
        const QRectF below(place.box.left() - theme.px(24), place.box.bottom() + 1, place.box.width() + theme.px(48), theme.px(jointIndex));
        painter.drawText(below, Qt::AlignCenter, last ? JointView::tr("written") : QString::number(place.position));
    }
    if (!look) return;
    paintArc(painter, room, look->place, look->source, look->sourceWeight, firstName, false);
    paintArc(painter, room, look->query, look->key, look->weight, secondName, true);
}

JointView::JointView(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    describePicture(this, tr("What the two heads do together"));
}

void JointView::setScene(const JointScene& scene, const QString& words) {
    m_scene = scene;
    describePicture(this, tr("What the two heads do together"), words);
    update();
}

QSize JointView::sizeHint() const {
    return {Theme::instance().px(470), Theme::instance().px(130)};
}

QSize JointView::minimumSizeHint() const {
    return {Theme::instance().px(220), Theme::instance().px(100)};
}

void JointView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (m_scene.tokens.isEmpty()) return paintEmpty(painter, rect(), tr("This input has no weights"), 8);
    m_scene.paint(painter, rect());
}

void JointView::mousePressEvent(QMouseEvent* event) {
    const int position = m_scene.positionAt(event->position(), rect());
    if (event->button() == Qt::LeftButton && position >= 0) emit queryChosen(position);
}

void JointView::keyPressEvent(QKeyEvent* event) {
    const int by = event->key() == Qt::Key_Left ? -1 : event->key() == Qt::Key_Right ? 1 : 0;
    if (by == 0 || !m_scene.look) return QWidget::keyPressEvent(event);
    const int query = m_scene.look->query + by;
    if (query >= 0 && query < m_scene.tokens.size()) emit queryChosen(query);
}

}  // namespace lab
