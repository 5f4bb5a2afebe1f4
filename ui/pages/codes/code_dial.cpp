#include "ui/pages/codes/code_dial.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ui/widgets/paint.h"

namespace lab {
namespace {

constexpr double dialStart = -225, dialSpan = 270;  // degrees, clockwise from the right
// Shares of the dial's half side.
constexpr double dialKnob = 0.78, dialMark = 0.9, dialTip = 0.68, dialRoot = 0.16, dialMiddle = 0.25;
constexpr int dialLeastMarkDistance = 3;  // logical px at 100 %
constexpr double switchWidth = 0.56;      // of its height

double dialAngle(int code, int codes) {
    const double share = codes > 1 ? static_cast<double>(code) / (codes - 1) : 0;
    return (dialStart + dialSpan * share) * std::numbers::pi / 180;
}

QPointF dialPoint(const QRectF& square, double angle, double share) {
    const double radius = square.width() / 2 * share;
    return square.center() + QPointF(radius * std::cos(angle), radius * std::sin(angle));
}

/// Every mark where they stand apart, else every second, fourth, ...
int dialMarkStep(const QRectF& square, int codes) {
    const double arc = square.width() / 2 * dialKnob * dialSpan * std::numbers::pi / 180;
    const double least = Theme::instance().px(dialLeastMarkDistance);
    int step = 1;
    while (arc * step / std::max(1, codes - 1) < least) step *= 2;
    return step;
}

void dialStroke(QPainter& painter, const QPointF& from, const QPointF& to, const QColor& color, double width) {
    painter.setPen(QPen(color, width, Qt::SolidLine, Qt::FlatCap));
    painter.drawLine(from, to);
}

}  // namespace

void paintDial(QPainter& painter, const QRectF& square, const DialLook& look) {
    const Theme& theme = Theme::instance();
    const double s = theme.scale() * std::min(1.0, square.width() / theme.px(44));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    const double radius = square.width() / 2 * dialKnob;
    painter.setPen(QPen(theme.color(look.hovered ? Role::text : Role::controlBorder), 1.5 * s));
    painter.setBrush(theme.color(look.hovered ? Role::hover : Role::control));
    painter.drawEllipse(square.center(), radius, radius);
    const int step = dialMarkStep(square, look.codes);
    for (int code = 0; code < look.codes; code += step) {
        const double angle = dialAngle(code, look.codes);
        dialStroke(painter, dialPoint(square, angle, dialKnob), dialPoint(square, angle, dialMark), theme.color(Role::muted), s);
    }
    if (look.turned && look.before >= 0) {
        const double angle = dialAngle(look.before, look.codes);
        dialStroke(painter, dialPoint(square, angle, dialRoot), dialPoint(square, angle, dialTip), faded(theme.color(Role::series1)),
                   2 * s);
    }
    if (look.code >= 0) {
        const double angle = dialAngle(look.code, look.codes);
        const QColor blue = theme.color(Role::series1);
        dialStroke(painter, dialPoint(square, angle, dialKnob), dialPoint(square, angle, 1), blue, 3 * s);
        dialStroke(painter, dialPoint(square, angle, dialRoot), dialPoint(square, angle, dialTip), blue, 4 * s);
    }
    painter.restore();
}

void paintSwitch(QPainter& painter, const QRectF& square, const DialLook& look) {
    const Theme& theme = Theme::instance();
    const double width = square.height() * switchWidth, inset = square.height() * 0.1;
    const QRectF slot(square.center().x() - width / 2, square.top() + inset, width, square.height() - 2 * inset);
    const double radius = width / 2;
    painter.save();
    const bool on = look.code == 1;
    drawFrame(painter, slot, radius, theme.color(look.hovered ? Role::text : Role::controlBorder),
              theme.color(on             ? Role::series1
                          : look.hovered ? Role::hover
                                         : Role::control),
              1.5 * theme.scale());
    painter.setRenderHint(QPainter::Antialiasing, true);
    const double knob = radius - 3 * theme.scale();
    const QPointF up(slot.center().x(), slot.top() + radius), down(slot.center().x(), slot.bottom() - radius);
    if (look.turned && look.before >= 0) {
        painter.setPen(QPen(theme.color(Role::muted), theme.scale(), Qt::DotLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(look.before == 1 ? up : down, knob, knob);
    }
    if (look.code >= 0) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.color(on ? Role::screen : Role::series1));
        painter.drawEllipse(on ? up : down, knob, knob);
    }
    painter.restore();
}

int dialCodeAt(const QRectF& square, int codes, const QPointF& point) {
    const QPointF from = point - square.center();
    if (std::hypot(from.x(), from.y()) < square.width() / 2 * dialMiddle) return -1;
    double turn = std::atan2(from.y(), from.x()) * 180 / std::numbers::pi - dialStart;
    turn = std::fmod(turn + 720, 360);
    // In the gap below, the nearer end.
    if (turn > dialSpan) turn = turn - dialSpan < (360 - dialSpan) / 2 ? dialSpan : 0;
    return static_cast<int>(std::lround(turn / dialSpan * (codes - 1)));
}

}  // namespace lab
