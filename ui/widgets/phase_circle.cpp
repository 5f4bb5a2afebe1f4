#include "ui/widgets/phase_circle.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

constexpr double pi = std::numbers::pi;
/// The longer arrow almost reaches the circle.
constexpr double reach = 1 / 1.06;
constexpr double queryArc = 0.56;  // of the arrow's length
constexpr double keyArc = 0.40;
constexpr double angleArc = 0.24;  // of the radius
/// More positions than this run into one another: the arc alone is drawn.
constexpr int mostDots = 64;

QPointF on(const QPointF& centre, double radius, double angle) {
    return centre + QPointF(radius * std::cos(angle), -radius * std::sin(angle));
}

double unitOf(const PhaseArrows& arrows, double radius) {
    const double longest = std::max(arrows.queryLength, arrows.keyLength);
    return longest > 0 ? radius * reach / longest : 0;
}

double turned(double phase, double theta, int position) {
    return phase + position * theta;
}

void paintArrow(QPainter& painter, const QPointF& centre, double length, double angle, Role role, double width, double head, bool dashed) {
    const Theme& theme = Theme::instance();
    if (length < 1) return;
    const double size = std::min(head, length * 0.6);
    const QPointF tip = on(centre, length, angle), along(std::cos(angle), -std::sin(angle)), across(-along.y(), along.x());
    const QPointF neck = tip - along * size;
    QPen pen(theme.color(role), width);
    pen.setCapStyle(Qt::FlatCap);
    if (dashed) pen.setDashPattern({4 / width, 3 / width});
    painter.setPen(pen);
    painter.drawLine(centre, neck);
    painter.setPen(dashed ? QPen(theme.color(role), 1.2 * theme.scale()) : QPen(Qt::NoPen));
    painter.setBrush(theme.color(dashed ? Role::screen : role));
    painter.drawPolygon(QPolygonF({tip, neck + across * (size / 2), neck - across * (size / 2)}));
    painter.setBrush(Qt::NoBrush);
}

void paintArc(QPainter& painter, const QPointF& centre, double radius, double from, double by, const QColor& color, double width) {
    QPen pen(color, width);
    pen.setCapStyle(Qt::FlatCap);
    painter.setPen(pen);
    const double shown = std::clamp(by, -2 * pi, 2 * pi);
    const QRectF box(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius);
    painter.drawArc(box, qRound(from * 180 / pi * 16), qRound(shown * 180 / pi * 16));
}

void paintPath(QPainter& painter, const QPointF& centre, double radius, double phase, double theta, int position, Role role) {
    const Theme& theme = Theme::instance();
    paintArc(painter, centre, radius, phase, position * theta, theme.color(role), 1.5 * theme.scale());
    if (position > mostDots) return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(role));
    for (int i = 0; i <= position; ++i)
        painter.drawEllipse(on(centre, radius, turned(phase, theta, i)), 2.4 * theme.scale(), 2.4 * theme.scale());
    painter.setBrush(Qt::NoBrush);
}

struct ArrowName {
    double length, angle;
    QString text;
    bool turned;

    QFont font() const { return Theme::instance().font(turned ? TextSize::token : TextSize::axis, turned); }
};

bool crosses(const QRectF& box, const QPointF& from, const QPointF& to) {
    constexpr int looks = 32;
    for (int i = 0; i <= looks; ++i)
        if (box.contains(from + (to - from) * i / looks)) return true;
    return false;
}

/// The turned ones first: they find the better places.
std::array<ArrowName, 4> namesOf(const PhaseArrows& a, double radius) {
    const double q = a.queryLength * unitOf(a, radius), k = a.keyLength * unitOf(a, radius);
    return {{{q, turned(a.queryPhase, a.theta, a.queryPosition), QStringLiteral("q_{%1}").arg(a.queryPosition), true},
             {k, turned(a.keyPhase, a.theta, a.keyPosition), QStringLiteral("k_{%1}").arg(a.keyPosition), true},
             {q, a.queryPhase, QStringLiteral("q"), false},
             {k, a.keyPhase, QStringLiteral("k"), false}}};
}

void paintNames(QPainter& painter, const QPointF& centre, double radius, const PhaseArrows& arrows) {
    const std::array<ArrowName, 4> names = namesOf(arrows, radius);
    const std::vector<QRectF> boxes = arrowNameBoxes(centre, radius, arrows);
    const Theme& theme = Theme::instance();
    for (std::size_t i = 0; i < names.size(); ++i) {
        QColor sheet = theme.color(Role::screen);
        sheet.setAlphaF(0.8F);
        painter.fillRect(boxes[i], sheet);
        painter.setFont(names[i].font());
        painter.setPen(theme.color(names[i].turned ? Role::text : Role::muted));
        drawFormula(painter, boxes[i], Qt::AlignLeft, names[i].text);
    }
}

void paintMarks(QPainter& painter, const QPointF& centre, double radius) {
    const Theme& theme = Theme::instance();
    painter.setPen(QPen(theme.color(Role::controlBorder), theme.scale()));
    for (int t = 0; t < 24; ++t) {
        const double length = theme.px(t % 6 ? 5 : 9);
        painter.drawLine(on(centre, radius, t * pi / 12), on(centre, radius - length, t * pi / 12));
    }
}

}  // namespace

/// Beyond its tip, or beside that where an arrow or another name is in the way.
std::vector<QRectF> arrowNameBoxes(const QPointF& centre, double radius, const PhaseArrows& arrows) {
    const Theme& theme = Theme::instance();
    const std::array<ArrowName, 4> names = namesOf(arrows, radius);
    std::vector<QRectF> boxes;
    for (const ArrowName& name : names) {
        const double width = formulaWidth(name.font(), name.text), height = theme.px(18);
        const auto boxAt = [&](double aside) {
            const QPointF at = on(centre, name.length + theme.px(15), name.angle + aside);
            return QRectF(at.x() - width / 2, at.y() - height / 2, width, height);
        };
        const auto isFree = [&](const QRectF& box) {
            return std::ranges::none_of(boxes, [&](const QRectF& other) { return other.intersects(box); }) &&
                   std::ranges::none_of(names, [&](const ArrowName& n) { return crosses(box, centre, on(centre, n.length, n.angle)); });
        };
        const double step = theme.px(6) / (name.length + theme.px(15));  // radians
        QRectF box = boxAt(0);
        for (int i = 0; i * step < pi && !isFree(box); ++i) box = boxAt((i % 2 ? -1 : 1) * (i / 2 + 1) * step);
        boxes.push_back(box);
    }
    return boxes;
}

void paintPhaseCircle(QPainter& painter, const QPointF& centre, double radius, const PhaseArrows& a, bool detailed) {
    const Theme& theme = Theme::instance();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const double line = (detailed ? 1.5 : 1.0) * theme.scale();
    painter.setPen(QPen(theme.color(Role::grid), line));
    painter.drawLine(centre - QPointF(radius, 0), centre + QPointF(radius, 0));
    painter.drawLine(centre - QPointF(0, radius), centre + QPointF(0, radius));
    painter.setPen(QPen(theme.color(Role::controlBorder), line));
    painter.drawEllipse(centre, radius, radius);
    const double unit = unitOf(a, radius), q = a.queryLength * unit, k = a.keyLength * unit;
    const double qAngle = turned(a.queryPhase, a.theta, a.queryPosition), kAngle = turned(a.keyPhase, a.theta, a.keyPosition);
    if (detailed) {
        paintMarks(painter, centre, radius);
        paintPath(painter, centre, q * queryArc, a.queryPhase, a.theta, a.queryPosition, Role::series3);
        paintPath(painter, centre, k * keyArc, a.keyPhase, a.theta, a.keyPosition, Role::series4);
        paintArc(painter, centre, radius * angleArc, kAngle, std::remainder(qAngle - kAngle, 2 * pi), theme.color(Role::text),
                 4 * theme.scale());
    }
    // Small circles have heads in proportion.
    const double least = std::min(1.0, radius / (40 * theme.scale()));
    const double scale = theme.scale(), head = detailed ? 16 * scale : 8 * scale * least, thin = detailed ? 11 * scale : 5 * scale * least;
    paintArrow(painter, centre, q, a.queryPhase, Role::series3, (detailed ? 1.6 : 1.0) * scale, thin, true);
    paintArrow(painter, centre, k, a.keyPhase, Role::series4, (detailed ? 1.6 : 1.0) * scale, thin, true);
    paintArrow(painter, centre, q, qAngle, Role::series3, (detailed ? 4.0 : 2.0) * scale, head, false);
    paintArrow(painter, centre, k, kAngle, Role::series4, (detailed ? 4.0 : 2.0) * scale, head, false);
    if (detailed) {
        paintNames(painter, centre, radius, a);
    }
    painter.restore();
}

PhaseCircle::PhaseCircle(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    describePicture(this, tr("Phase circle"));
    setToolTip(tr("Drag a solid arrow: its vector moves to another position. Up and Down move the query, Left and Right the key."));
}

void PhaseCircle::setArrows(const PhaseArrows& arrows, int lastPosition, const QString& spoken) {
    m_arrows = arrows;
    m_lastPosition = lastPosition;
    describePicture(this, tr("Phase circle"), spoken);
    update();
}

void PhaseCircle::setVectorsMovable(bool movable) {
    m_vectorsMovable = movable;
}

QSize PhaseCircle::sizeHint() const {
    return {Theme::instance().px(300), Theme::instance().px(256)};
}
QSize PhaseCircle::minimumSizeHint() const {
    return {Theme::instance().px(160), Theme::instance().px(150)};
}

QPointF PhaseCircle::centre() const {
    return {width() / 2.0, height() / 2.0};
}

double PhaseCircle::radius() const {
    return std::max(10.0, std::min(width() / 2.0 - Theme::instance().px(26), height() / 2.0 - Theme::instance().px(17)));
}

QPointF PhaseCircle::tip(bool ofKey, bool rotated) const {
    const PhaseArrows& a = m_arrows;
    const double length = (ofKey ? a.keyLength : a.queryLength) * unitOf(a, radius());
    const double phase = ofKey ? a.keyPhase : a.queryPhase;
    return on(centre(), length, rotated ? turned(phase, a.theta, ofKey ? a.keyPosition : a.queryPosition) : phase);
}

void PhaseCircle::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::instance().color(Role::screen));
    paintPhaseCircle(painter, centre(), radius(), m_arrows, true);
}

PhaseCircle::Grip PhaseCircle::gripAt(const QPointF& at) const {
    const auto distance = [&](bool ofKey, bool rotated) {
        // Anywhere on the outer half of an arrow.
        const QPointF end = tip(ofKey, rotated), middle = (end + centre()) / 2;
        const QPointF line = end - middle;
        const double length = QPointF::dotProduct(line, line);
        const double along = length > 0 ? std::clamp(QPointF::dotProduct(at - middle, line) / length, 0.0, 1.0) : 0.0;
        const QPointF off = at - middle - line * along;
        return std::hypot(off.x(), off.y());
    };
    Grip best = Grip::none;
    double nearest = Theme::instance().px(14);
    const auto offer = [&](Grip grip, double d) {
        if (d < nearest) best = grip, nearest = d;
    };
    offer(Grip::queryPosition, distance(false, true));
    offer(Grip::keyPosition, distance(true, true));
    if (m_vectorsMovable) {
        offer(Grip::queryVector, distance(false, false));
        offer(Grip::keyVector, distance(true, false));
    }
    return best;
}

void PhaseCircle::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    m_grip = gripAt(event->position());
    const QPointF arm = event->position() - centre();
    m_gripAngle = std::atan2(-arm.y(), arm.x());
    m_gripPosition = m_grip == Grip::keyPosition ? m_arrows.keyPosition : m_arrows.queryPosition;
    m_gripUnit = unitOf(m_arrows, radius());
}

void PhaseCircle::mouseMoveEvent(QMouseEvent* event) {
    if (m_grip == Grip::none)
        setCursor(gripAt(event->position()) == Grip::none ? Qt::ArrowCursor : Qt::OpenHandCursor);
    else
        dragTo(event->position());
}

void PhaseCircle::mouseReleaseEvent(QMouseEvent*) {
    m_grip = Grip::none;
}

void PhaseCircle::dragTo(const QPointF& at) {
    const QPointF arm = at - centre();
    const double angle = std::atan2(-arm.y(), arm.x());
    if (m_grip == Grip::queryVector || m_grip == Grip::keyVector) {
        if (m_gripUnit > 0) emit vectorMoved(m_grip == Grip::keyVector, std::hypot(arm.x(), arm.y()) / m_gripUnit, angle);
        return;
    }
    if (m_arrows.theta <= 0) return;
    m_gripPosition =
        std::clamp(m_gripPosition + std::remainder(angle - m_gripAngle, 2 * pi) / m_arrows.theta, 0.0, static_cast<double>(m_lastPosition));
    m_gripAngle = angle;
    const int position = static_cast<int>(std::lround(m_gripPosition));
    const bool key = m_grip == Grip::keyPosition;
    if (position == (key ? m_arrows.keyPosition : m_arrows.queryPosition)) return;
    emit positionsMoved(key ? m_arrows.queryPosition : position, key ? position : m_arrows.keyPosition);
}

void PhaseCircle::keyPressEvent(QKeyEvent* event) {
    int query = m_arrows.queryPosition, key = m_arrows.keyPosition;
    switch (event->key()) {
        case Qt::Key_Up:
            ++query;
            break;
        case Qt::Key_Down:
            --query;
            break;
        case Qt::Key_Right:
            ++key;
            break;
        case Qt::Key_Left:
            --key;
            break;
        default:
            QWidget::keyPressEvent(event);
            return;
    }
    emit positionsMoved(std::clamp(query, 0, m_lastPosition), std::clamp(key, 0, m_lastPosition));
}

}  // namespace lab
