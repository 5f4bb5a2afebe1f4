#include "ui/widgets/position_slider.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int positionSliderLineHeight = 26;
constexpr int positionSliderLabelWidth = 78;
constexpr int leastTick = 5;

}  // namespace

PositionSlider::PositionSlider(const QString& label, Role role, QWidget* parent) : QAbstractSlider(parent), m_label(label), m_role(role) {
    setOrientation(Qt::Horizontal);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(label);
    setPageStep(4);
}

void PositionSlider::setPosition(int value, int last, int known) {
    m_setting = true;
    m_known = known;
    setRange(0, last);
    setValue(value);
    m_setting = false;
    update();
}

void PositionSlider::sliderChange(SliderChange change) {
    QAbstractSlider::sliderChange(change);
    if (change == SliderValueChange && !m_setting) emit moved(value());
    update();
}

QSize PositionSlider::sizeHint() const {
    return {Theme::instance().px(260), Theme::instance().px(positionSliderLineHeight)};
}
QSize PositionSlider::minimumSizeHint() const {
    return {Theme::instance().px(positionSliderLabelWidth + 90), Theme::instance().px(positionSliderLineHeight)};
}

QRectF PositionSlider::groove() const {
    const Theme& theme = Theme::instance();
    const int number = textWidth(theme.font(TextSize::text, true), QString::number(maximum())) + theme.px(8);
    const double left = theme.px(positionSliderLabelWidth + 6);
    return QRectF(left, 0, width() - left - number - theme.px(6), height());
}

double PositionSlider::xOf(int value) const {
    const QRectF room = groove();
    return room.left() + room.width() * value / std::max(1, maximum());
}

void PositionSlider::chooseAt(double x) {
    const QRectF room = groove();
    setValue(static_cast<int>(std::lround(std::clamp((x - room.left()) / room.width(), 0.0, 1.0) * maximum())));
}

void PositionSlider::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) chooseAt(event->position().x());
}
void PositionSlider::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons().testFlag(Qt::LeftButton)) chooseAt(event->position().x());
}

void PositionSlider::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(theme.font(TextSize::text));
    painter.setPen(theme.color(Role::text));
    painter.drawText(QRect(0, 0, theme.px(positionSliderLabelWidth), height()), Qt::AlignVCenter | Qt::AlignLeft, m_label);
    painter.setFont(theme.font(TextSize::text, true));
    painter.drawText(rect(), Qt::AlignVCenter | Qt::AlignRight, grouped(value()));
    const QRectF room = groove();
    const double y = height() / 2.0 - theme.px(2), seen = xOf(std::min(std::max(m_known - 1, 0), maximum()));
    QPen pen(theme.color(Role::controlBorder), theme.px(2));
    pen.setCapStyle(Qt::FlatCap);
    painter.setPen(pen);
    painter.drawLine(QPointF(room.left(), y), QPointF(seen, y));
    pen.setDashPattern({2, 2});
    painter.setPen(pen);
    painter.drawLine(QPointF(seen, y), QPointF(room.right(), y));
    int step = 1;
    while (room.width() * step / std::max(1, maximum()) < theme.px(leastTick)) step *= 2;
    for (int i = 0; i <= maximum(); i += step)
        drawHairline(painter, QPointF(xOf(i), y + theme.px(4)), QPointF(xOf(i), y + theme.px(8)), theme.color(Role::muted));
    const QRectF handle(xOf(value()) - theme.px(5), y - theme.px(8), theme.px(10), theme.px(15));
    drawFrame(painter, handle, theme.px(2), theme.color(underMouse() ? Role::text : Role::controlBorder), theme.color(Role::control),
              1.5 * theme.scale());
    painter.fillRect(QRectF(handle.center().x() - theme.px(1.5), handle.top() + theme.px(3), theme.px(3), theme.px(9)),
                     theme.color(m_role));
}

}  // namespace lab
