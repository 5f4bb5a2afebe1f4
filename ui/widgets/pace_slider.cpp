#include "ui/widgets/pace_slider.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <iterator>

#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

/// Steps a second at the slider's positions; behind the last one comes full speed.
constexpr double paces[] = {1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 80, 100, 150, 200, 300, 500, 1000};
constexpr int fullSpeed = static_cast<int>(std::size(paces));

// Logical px at 100 %.
constexpr int sliderWidth = 112;
constexpr int paceSliderLabelLine = 16;
constexpr int grooveLine = 18;
constexpr int handleWidth = 9;
constexpr int handleHeight = 14;

int nearestPosition(double pace) {
    if (pace <= 0) return fullSpeed;
    int best = 0;
    for (int i = 1; i < fullSpeed; ++i)
        if (std::abs(std::log(paces[i] / pace)) < std::abs(std::log(paces[best] / pace))) best = i;
    return best;
}

}  // namespace

PaceSlider::PaceSlider(QWidget* parent) : QAbstractSlider(parent) {
    setOrientation(Qt::Horizontal);
    setRange(0, fullSpeed);
    setPageStep(3);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(tr("Speed"));
    setPace(0);
}

QString PaceSlider::textOf(double pace) {
    if (pace <= 0) return tr("full speed");
    if (pace == 1) return tr("1 step/s");
    return tr("%1 steps/s").arg(pace < 10 && pace != std::floor(pace) ? fixed(pace, 1) : grouped(std::llround(pace)));
}

void PaceSlider::setPace(double pace) {
    m_pace = pace;
    m_setting = true;
    setValue(nearestPosition(pace));
    m_setting = false;
    describe();
}

void PaceSlider::describe() {
    setAccessibleDescription(textOf(m_pace));
    setToolTip(tr("How fast the training goes: %1.\nFrom one step a second to as fast as the processor can.").arg(textOf(m_pace)));
    update();
}

void PaceSlider::sliderChange(SliderChange change) {
    QAbstractSlider::sliderChange(change);
    if (change != SliderValueChange || m_setting) return;
    m_pace = value() == fullSpeed ? 0 : paces[value()];
    describe();
    emit paceChosen(m_pace);
}

QSize PaceSlider::sizeHint() const {
    const Theme& theme = Theme::instance();
    const int text =
        textWidth(theme.font(TextSize::caption), tr("Speed")) + theme.px(8) + textWidth(theme.font(TextSize::caption, true), textOf(1000));
    return {std::max(theme.px(sliderWidth), text), theme.px(paceSliderLabelLine + grooveLine)};
}

/// Where the middle of the handle goes.
QRectF PaceSlider::groove() const {
    const Theme& theme = Theme::instance();
    const double half = theme.px(handleWidth) / 2.0;
    return QRectF(half, theme.px(paceSliderLabelLine), QWidget::width() - 2 * half, theme.px(grooveLine));
}

void PaceSlider::chooseAt(double x) {
    const QRectF room = groove();
    setValue(static_cast<int>(std::lround(std::clamp((x - room.left()) / room.width(), 0.0, 1.0) * maximum())));
}

void PaceSlider::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) chooseAt(event->position().x());
}

void PaceSlider::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons().testFlag(Qt::LeftButton)) chooseAt(event->position().x());
}

void PaceSlider::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const QRect label(0, 0, QWidget::width(), theme.px(paceSliderLabelLine));
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(label, Qt::AlignLeft | Qt::AlignVCenter, tr("Speed"));
    painter.setFont(theme.font(TextSize::caption, true));
    painter.setPen(theme.color(Role::text));
    painter.drawText(label, Qt::AlignRight | Qt::AlignVCenter, textOf(m_pace));

    const QRectF room = groove();
    const double middle = room.center().y();
    const double x = room.left() + room.width() * value() / maximum();
    const double thin = theme.px(2);
    for (int i = 0; i <= 4; ++i) {
        const double tick = room.left() + room.width() * i / 4;
        drawHairline(painter, {tick, room.top() + theme.px(3)}, {tick, room.top() + theme.px(6)}, theme.color(Role::muted));
    }
    painter.fillRect(QRectF(room.left(), middle - thin / 2, room.width(), thin), theme.color(Role::controlBorder));
    painter.fillRect(QRectF(room.left(), middle - thin, x - room.left(), 2 * thin), theme.color(Role::accent));
    const QSizeF size(theme.px(handleWidth), theme.px(handleHeight));
    const QRectF handle(QPointF(x - size.width() / 2, middle - size.height() / 2), size);
    drawFrame(painter, handle, theme.px(2), theme.color(underMouse() ? Role::text : Role::controlBorder), theme.color(Role::control), 1.5);
    painter.fillRect(QRectF(x - thin / 2, middle - theme.px(4), thin, theme.px(8)), theme.color(Role::accent));
}

}  // namespace lab
