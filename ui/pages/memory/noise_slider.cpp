#include "ui/pages/memory/noise_slider.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int noiseSliderWidth = 120, noiseSliderLeast = 60, noiseSliderHeight = 26, noiseSliderInset = 7;
constexpr int most = 100, tick = 10;

}  // namespace

NoiseSlider::NoiseSlider(QWidget* parent) : QAbstractSlider(parent) {
    setOrientation(Qt::Horizontal);
    setRange(0, most);
    setPageStep(tick);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(tr("Noise, per cent of the pixels"));
}

void NoiseSlider::setPercent(int percent) {
    m_setting = true;
    setValue(percent);
    m_setting = false;
}

void NoiseSlider::sliderChange(SliderChange change) {
    QAbstractSlider::sliderChange(change);
    if (change == SliderValueChange && !m_setting) emit moved(value());
    update();
}

QSize NoiseSlider::sizeHint() const {
    return {Theme::instance().px(noiseSliderWidth), Theme::instance().px(noiseSliderHeight)};
}
QSize NoiseSlider::minimumSizeHint() const {
    return {Theme::instance().px(noiseSliderLeast), Theme::instance().px(noiseSliderHeight)};
}

double NoiseSlider::xOf(int percent) const {
    const double inset = Theme::instance().px(noiseSliderInset);
    return inset + (width() - 2 * inset) * percent / most;
}

void NoiseSlider::chooseAt(double x) {
    const double inset = Theme::instance().px(noiseSliderInset);
    setValue(static_cast<int>(std::lround(std::clamp((x - inset) / std::max(1.0, width() - 2 * inset), 0.0, 1.0) * most)));
}

void NoiseSlider::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) chooseAt(event->position().x());
}
void NoiseSlider::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons().testFlag(Qt::LeftButton)) chooseAt(event->position().x());
}

void NoiseSlider::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (!isEnabled()) painter.setOpacity(0.45);
    const double y = height() / 2.0 - theme.px(2);
    for (int i = 0; i <= most; i += tick)
        drawHairline(painter, QPointF(xOf(i), y + theme.px(5)), QPointF(xOf(i), y + theme.px(9)), theme.color(Role::muted));
    painter.setPen(QPen(theme.color(Role::controlBorder), theme.px(2)));
    painter.drawLine(QPointF(xOf(0), y), QPointF(xOf(most), y));
    painter.setPen(QPen(theme.color(Role::accent), theme.px(3)));
    painter.drawLine(QPointF(xOf(0), y), QPointF(xOf(value()), y));
    const QRectF handle(xOf(value()) - theme.px(4.5), y - theme.px(7), theme.px(9), theme.px(14));
    drawFrame(painter, handle, theme.px(2), theme.color(underMouse() ? Role::text : Role::controlBorder), theme.color(Role::control),
              1.5 * theme.scale());
}

}  // namespace lab
