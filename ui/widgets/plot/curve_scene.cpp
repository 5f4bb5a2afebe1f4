#include "ui/widgets/plot/curve_scene.h"

#include <QPainter>
#include <algorithm>

#include "ui/widgets/paint.h"
#include "ui/widgets/plot/plot_painter.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

/// Beside the value axis; pushed inside the strip where it would stand out of it, above, below or at the left.
void paintValueLabels(QPainter& painter, const CurveScene::Strip& strip) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(strip.small ? TextSize::caption : TextSize::axis));
    painter.setPen(theme.color(Role::muted));
    const int ascent = painter.fontMetrics().capHeight(), height = painter.fontMetrics().height();
    const int right = strip.plot.left() - theme.px(9);
    double last = 1e9;
    for (const auto& label : strip.values) {  // ascending values: from the bottom upwards
        const double baseline = std::clamp(label.at + ascent / 2.0, double(strip.outer.top() + ascent + theme.px(3)),
                                           double(strip.outer.bottom() - theme.px(3)));
        if (last - baseline < height * 0.8) continue;
        last = baseline;
        const int left = std::max(strip.outer.left() + theme.px(3), right - painter.fontMetrics().horizontalAdvance(label.text));
        painter.drawText(QPointF(left, baseline), label.text);
    }
}

void paintNames(QPainter& painter, const CurveScene::Strip& strip) {
    painter.setFont(Theme::instance().font(TextSize::axis));
    for (const auto& name : strip.names) paintOnSheet(painter, name.rect, name.text, name.color, Role::screen, 0.8F);
}

void paintDots(QPainter& painter, const CurveScene::Strip& strip) {
    const Theme& theme = Theme::instance();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const auto& dot : strip.dots) {
        painter.setPen(QPen(dot.color, 2 * theme.scale()));
        painter.setBrush(theme.color(Role::screen));
        painter.drawEllipse(dot.at, 4 * theme.scale(), 4 * theme.scale());
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void paintStepAxis(QPainter& painter, const CurveScene& scene, const QRect& plot) {
    const Theme& theme = Theme::instance();
    const QRect sheet(0, plot.bottom() + 1, scene.strips.back().outer.right(), theme.px(20));
    QRect flag;
    painter.setFont(theme.font(TextSize::axis));
    if (scene.crosshair && !scene.flag.isEmpty()) {
        const int width = painter.fontMetrics().horizontalAdvance(scene.flag) + theme.px(12);
        flag = QRect(int(*scene.crosshair) - width / 2, sheet.top() + theme.px(3), width, theme.px(17));
        flag.moveLeft(std::clamp(flag.left(), theme.px(2), std::max(theme.px(2), sheet.right() - width)));
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.color(Role::text));
        painter.drawRoundedRect(flag, 2 * theme.scale(), 2 * theme.scale());
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(theme.color(Role::screen));
        painter.drawText(flag, Qt::AlignCenter, scene.flag);
    }
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    double free = -1e9;
    for (const auto& label : scene.steps) {
        const double width = painter.fontMetrics().horizontalAdvance(label.text);
        const double left = std::min(label.at - width / 2, sheet.right() - width - theme.px(2));
        const QRectF rect(left, sheet.top() + theme.px(5), width, theme.px(14));
        if (rect.left() < free || rect.toAlignedRect().intersects(flag.adjusted(-theme.px(4), 0, theme.px(4), 0))) continue;
        free = rect.right() + theme.px(6);
        painter.drawText(rect, Qt::AlignCenter | Qt::TextDontClip, label.text);
    }
}

void paintVertical(QPainter& painter, const CurveScene& scene, double x, const QPen& pen) {
    painter.setPen(pen);
    for (const auto& strip : scene.strips)
        if (x >= strip.plot.left() - 1 && x <= strip.plot.right() + 2)
            painter.drawLine(QPointF(x, strip.plot.top()), QPointF(x, strip.plot.bottom() + 1));
}

QFont emptyTitleFont() {
    return Theme::instance().font(TextSize::token, true);
}
QFont emptyHelpFont() {
    return Theme::instance().font(TextSize::text);
}

void paintEmpty(QPainter& painter, const CurveScene& scene) {
    const Theme& theme = Theme::instance();
    const QFont bold = emptyTitleFont(), plain = emptyHelpFont();
    QRect box = emptyBox(scene.strips.front().plot, scene.emptyTitle, scene.emptyHelp);
    painter.fillRect(box, theme.color(Role::screen));
    box.adjust(0, theme.px(8), 0, -theme.px(8));
    painter.setFont(bold);
    painter.setPen(theme.color(Role::text));
    painter.drawText(box, Qt::AlignHCenter | Qt::AlignTop, scene.emptyTitle);
    painter.setFont(plain);
    painter.setPen(theme.color(Role::muted));
    const int line = painter.fontMetrics().height();
    drawElided(painter, QRect(box.left(), box.bottom() - line + 1, box.width(), line), Qt::AlignHCenter, scene.emptyHelp);
}

}  // namespace

QRect emptyBox(const QRect& plot, const QString& title, const QString& help) {
    const Theme& theme = Theme::instance();
    const QFontMetrics bold(emptyTitleFont()), plain(emptyHelpFont());
    const int width = std::max(bold.horizontalAdvance(title), plain.horizontalAdvance(help));
    QRect box(0, 0, std::min(width + theme.px(32), plot.width()), bold.height() + plain.height() + theme.px(20));
    box.moveCenter(plot.center());
    return box;
}

void paintCurveScene(QPainter& painter, const CurveScene& scene) {
    if (scene.strips.empty()) return;
    const Theme& theme = Theme::instance();
    painter.setPen(theme.color(Role::hairline));
    for (std::size_t i = 0; i + 1 < scene.strips.size(); ++i) {
        const QRect& outer = scene.strips[i].outer;
        painter.drawLine(outer.bottomLeft(), outer.bottomRight());
    }
    for (const auto& strip : scene.strips) {
        paintValueLabels(painter, strip);
        paintNames(painter, strip);
    }
    if (!scene.emptyTitle.isEmpty()) paintEmpty(painter, scene);
    if (scene.shown) {
        QPen pen(theme.color(Role::accent), 2 * theme.scale());
        pen.setCapStyle(Qt::FlatCap);
        paintVertical(painter, scene, *scene.shown, pen);
    }
    if (scene.crosshair) {
        QPen pen(theme.color(Role::text), std::max(1.0, theme.scale()));
        pen.setCapStyle(Qt::FlatCap);
        pen.setDashPattern({3, 2});
        paintVertical(painter, scene, *scene.crosshair, pen);
    }
    for (const auto& strip : scene.strips) paintDots(painter, strip);
    paintStepAxis(painter, scene, scene.strips.back().plot);
}

CurveCanvas::CurveCanvas(QWidget* parent, std::function<void()> paintStill) : QWidget(parent), m_paintStill(std::move(paintStill)) {
    setAttribute(Qt::WA_OpaquePaintEvent);
}

void CurveCanvas::setStill(QPixmap still) {
    m_still = std::move(still);
    if (m_still.isNull()) update();
}

void CurveCanvas::setScene(CurveScene scene) {
    m_scene = std::move(scene);
    update();
}

void CurveCanvas::paintEvent(QPaintEvent*) {
    if (m_still.isNull() || m_still.size() != (QSizeF(size()) * devicePixelRatioF()).toSize()) m_paintStill();
    QPainter painter(this);
    painter.drawPixmap(0, 0, m_still);
    paintCurveScene(painter, m_scene);
}

}  // namespace lab
