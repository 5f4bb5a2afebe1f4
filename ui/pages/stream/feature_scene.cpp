#include "ui/pages/stream/feature_scene.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int arrowEdge = 22, arrowHead = 7, arrowWidth = 2;
constexpr double leastReach = 1.2, leastArrow = 0.02;

}  // namespace

void FeatureScene::paint(QPainter& painter, const QRectF& room) const {
    const Theme& theme = Theme::instance();
    painter.setRenderHint(QPainter::Antialiasing);
    const double reach = std::max(leastReach, weights.colwise().norm().maxCoeff());
    const QPointF centre = room.center();
    const double scale = (std::min(room.width(), room.height()) / 2 - theme.px(arrowEdge)) / reach;
    drawHairline(painter, {centre.x() - reach * scale, centre.y()}, {centre.x() + reach * scale, centre.y()}, theme.color(Role::hairline));
    drawHairline(painter, {centre.x(), centre.y() - reach * scale}, {centre.x(), centre.y() + reach * scale}, theme.color(Role::hairline));
    painter.setPen(QPen(theme.color(Role::controlBorder), theme.px(1), Qt::DotLine));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(centre, scale, scale);
    painter.setFont(theme.font(TextSize::axis, true));
    for (std::ptrdiff_t i = 0; i < weights.cols(); ++i) {
        const QPointF along(weights(0, i), weights.rows() > 1 ? -weights(1, i) : 0.0);
        const double length = std::hypot(along.x(), along.y());
        if (length < leastArrow) continue;
        const QPointF tip = centre + along * scale, ahead = along / length, side(-ahead.y(), ahead.x());
        painter.setPen(QPen(theme.color(Role::series1), theme.px(arrowWidth)));
        painter.drawLine(centre, tip);
        painter.setBrush(theme.color(Role::series1));
        painter.setPen(Qt::NoPen);
        const double head = theme.px(arrowHead);
        painter.drawPolygon(QPolygonF{tip, tip - ahead * head + side * head * 0.5, tip - ahead * head - side * head * 0.5});
        const QPointF name = tip + ahead * theme.px(11);
        painter.setPen(theme.color(Role::text));
        painter.drawText(QRectF(name.x() - theme.px(14), name.y() - theme.px(9), theme.px(28), theme.px(18)), Qt::AlignCenter,
                         QString::number(i));
    }
}

FeatureArrows::FeatureArrows(QWidget* parent) : QWidget(parent) {
    describePicture(this, tr("Directions of the features"));
}

void FeatureArrows::setScene(const FeatureScene& scene, const QString& words) {
    m_scene = scene;
    describePicture(this, tr("Directions of the features"), words);
    update();
}

QSize FeatureArrows::sizeHint() const {
    return {Theme::instance().px(300), Theme::instance().px(300)};
}

QSize FeatureArrows::minimumSizeHint() const {
    return {Theme::instance().px(160), Theme::instance().px(160)};
}

void FeatureArrows::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (m_scene.weights.rows() > 2)
        return paintEmpty(painter, rect(), tr("More than two dimensions have no picture of arrows: see what comes back, beside it."), 8);
    if (m_scene.weights.size() > 0) m_scene.paint(painter, rect());
}

}  // namespace lab
